"""Small coded pictures with something planted in every corner that a stripper has to know: CANARY must go."""

from __future__ import annotations

import io
import struct

import numpy as np
import piexif
import pillow_heif
from PIL import Image, PngImagePlugin, TiffImagePlugin

from tests.metadata import containers as c

CANARY = b"CANARY-0123456789"


def picture() -> Image.Image:
    pixels = np.random.default_rng(3).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize((320, 240), Image.Resampling.BICUBIC)


def small() -> Image.Image:
    y, x = np.mgrid[:24, :32]
    return Image.fromarray(np.stack([x * 8, y * 10, (x + y) * 4], -1).astype(np.uint8))


def coded(format_: str, image: Image.Image | None = None, **extra: object) -> bytes:
    out = io.BytesIO()
    (image or picture()).save(out, format_, **extra)
    return out.getvalue()


def exif(orientation: int = 1) -> bytes:
    return piexif.dump(
        {
            "0th": {piexif.ImageIFD.Artist: b"CANARY-artist", piexif.ImageIFD.Orientation: orientation},
            "Exif": {piexif.ExifIFD.UserComment: b"ASCII\0\0\0CANARY-comment"},
            "1st": {piexif.ImageIFD.Compression: 6},
            "thumbnail": coded("JPEG", picture().resize((64, 48))),
        }
    )


def texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "CANARY-text")
    info.add_itxt("Title", "CANARY-itxt", zip=True)
    return info


def between_scans(data: bytes) -> bytes:
    """A comment behind the first scan of a progressive JPEG."""
    second = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    table = data.rindex(b"\xff\xc4", 0, second)
    return data[:table] + b"\xff\xfe\x00\x0eCANARY-scans" + data[table:]


def tiff(image: Image.Image | None = None, **extra: object) -> bytes:
    """A TIFF that names its artist and host, turned by 90 degrees."""
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[0x13B] = info[0x13C] = info[0x10E] = CANARY.decode()
    info[0x112] = 6
    info[0x9C9D] = CANARY
    return coded("TIFF", image or small(), tiffinfo=info, **extra)


def tiff_with_slack() -> bytes:
    """An uncompressed strip that is longer than its rows, with something behind them."""
    order, pixels = "<", bytes(range(96))
    tags = [(0x100, 3, 8), (0x101, 3, 4), (0x102, 3, (8, 8, 8)), (0x103, 3, 1), (0x106, 3, 2), (0x111, 4, 8),
            (0x115, 3, 3), (0x116, 3, 4), (0x117, 4, 96 + len(CANARY))]  # fmt: skip
    at = 8 + 96 + len(CANARY) + 1
    return b"II*\0" + struct.pack("<I", at) + pixels + CANARY + b"\0" + c.ifd(tags, order, at)


BMP_PADDING = b"\xc5\x5c\xa7"
"""What stands behind each row of `bmp()`."""


def bmp(image: Image.Image | None = None) -> bytes:
    """A BMP with bytes between its headers and rows, in the rows' padding, and behind them."""
    plain = bytearray(coded("BMP", image or small().crop((0, 0, 31, 24))))
    start = struct.unpack_from("<I", plain, 10)[0]
    stride = (31 * 24 + 31) // 32 * 4
    if image is None:
        for row in range(start, start + 24 * stride, stride):
            plain[row + 93 : row + stride] = BMP_PADDING
    struct.pack_into("<I", plain, 10, start + len(CANARY))
    return bytes(plain[:start]) + CANARY + bytes(plain[start:]) + CANARY


def heic(image: Image.Image | None = None) -> bytes:
    """A HEIC with EXIF, XMP, a second picture, a private box and something behind the end."""
    heif = pillow_heif.from_pillow(image or small())
    heif.add_from_pillow(small().rotate(180))
    out = io.BytesIO()
    heif.save(out, quality=70, exif=exif(), xmp=b"<x:xmpmeta><rdf:li>CANARY-xmp</rdf:li></x:xmpmeta>")
    return out.getvalue() + c.box(b"uuid", bytes(16) + CANARY) + CANARY


def tiled_heic() -> bytes:
    """As telephones write it: a grid over two coded tiles, and a gain map."""
    tile, configuration, size = _coded_item(_one_heic(picture().resize((64, 64))))
    gain, *_ = _coded_item(_one_heic(picture().rotate(180).resize((64, 64))))
    grid = b"\0\0\0\1" + struct.pack(">HH", 128, 64)
    items = [(b"grid", b"", grid), (b"hvc1", b"", tile), (b"hvc1", b"", tile), (b"hvc1", b"", gain)]
    auxiliary = c.full(b"auxC", b"urn:com:apple:photo:2020:aux:hdrgainmap\0")
    properties = configuration + size + c.full(b"ispe", struct.pack(">II", 128, 64)) + auxiliary
    links = ((1, b"\3"), (2, b"\1\2"), (3, b"\1\2"), (4, b"\1\2\4"))
    rows = b"".join(struct.pack(">HB", number, len(which)) + which for number, which in links)
    references = c.box(b"dimg", struct.pack(">HHHH", 1, 2, 2, 3)) + c.box(b"auxl", struct.pack(">HHH", 4, 1, 1))
    return c.heif(items, references, properties, struct.pack(">I", len(links)) + rows)


def _one_heic(image: Image.Image) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=70)
    return out.getvalue()


def _coded_item(data: bytes) -> tuple[bytes, bytes, bytes]:
    """The coded bytes of a HEIC's only picture, its configuration and size properties as boxes."""
    at = data.index(b"hvcC") - 4
    configuration = data[at : at + int.from_bytes(data[at : at + 4], "big")]
    at = data.index(b"ispe") - 4
    size = data[at : at + 20]
    at = data.index(b"mdat") - 4
    return data[at + 8 : at + int.from_bytes(data[at : at + 4], "big")], configuration, size


def jp2(image: Image.Image | None = None, **extra: object) -> bytes:
    """A JPEG 2000 with something in every box that may hold words, in its codestream, behind it and behind the file."""
    plain = coded("JPEG2000", image or small(), comment=b"CANARY-comment", **extra)
    header, picture = plain.index(b"jp2h") - 4, plain.index(b"jp2c") - 4
    inner = plain[header:picture]
    resolution = c.box(b"res ", c.box(b"resd", bytes.fromhex("01000001010000010000")))
    grown = c.box(b"jp2h", inner[8:] + resolution + c.box(b"priv", CANARY))
    uuid = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    around = (
        c.box(b"uuid", uuid + b"<x:xmpmeta><rdf:li>CANARY-xmp</rdf:li></x:xmpmeta>")
        + c.box(b"uuid", b"JpgTiffExif->JP2" + exif())
        + c.box(b"xml ", b"<a>CANARY-xml</a>")
        + c.box(b"jp2i", b"<a>CANARY-rights</a>")
        + c.box(b"asoc", c.box(b"lbl ", CANARY) + c.box(b"xml ", b"<a>CANARY-gml</a>"))
        + c.box(b"uinf", c.box(b"ulst", b"\0\1" + bytes(16)) + c.box(b"url ", bytes(4) + b"https://CANARY.example\0"))
        + c.box(b"priv", CANARY)
    )
    return plain[:header] + grown + around + c.box(b"jp2c", plain[picture + 8 :] + CANARY) + CANARY


JXL = bytes.fromhex(
    "ff0ac540427121019c01cb440900800a9551c60d5ecef57cf9a1c362dac67586b6dab6b084b1d95e1824249461b7c63483060c1a36d0533e"
    "feb1a8eccaca4a7a7fff030d7ca86160fe4f25378a8c6b7df3a4100000009524525071b1d9eb09857ade737567d10014667f002ae75b016d"
    "02"
)
"""The picture of `small`, 32 x 24, as a codestream."""


def jxl() -> bytes:
    """The codestream in boxes, with EXIF, a private box and what would restore a JPEG."""
    head = b"\0\0\0\x0cJXL \r\n\x87\n" + c.box(b"ftyp", b"jxl \0\0\0\0jxl ")
    extra = c.box(b"Exif", bytes(4) + exif()[6:]) + c.box(b"jbrd", CANARY) + c.box(b"brob", b"xml " + CANARY)
    return head + extra + c.box(b"jxlc", JXL) + c.box(b"priv", CANARY)
