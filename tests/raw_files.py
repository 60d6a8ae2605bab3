"""Small files in the layouts of cameras' RAW formats: thumbnail, full-size JPEG, sensor's data, planted metadata."""

from __future__ import annotations

import struct
from functools import cache

from PIL import Image

from photoscan.formats import Format
from tests.cleaning import samples as s
from tests.cleaning import several
from tests.metadata import containers as c

SENSOR, PREVIEW, THUMBNAIL = (40, 30), (36, 26), (16, 12)
NAMED = (0x13B, 2, "CANARY artist")


@cache
def photo(size: tuple[int, int] = PREVIEW, turn: int = 0) -> bytes:
    """A JPEG of that size; `turn`: the orientation that its EXIF states."""
    extra = {}
    if turn:
        extra["exif"] = b"Exif\0\0" + c.tiff([(0x112, 3, turn)], ">")
    return s.coded("JPEG", s.picture().resize(size, Image.Resampling.BOX), **extra)


def like_tiff(make: str, *tags: c.Tag, preview: bytes | None = None, order: str = "<", head: bytes = b"") -> bytes:
    """A reduced picture first, below it the preview and the sensor's picture, as most makers have it."""
    inner = [several.page(1, 1, preview=photo() if preview is None else preview)]
    main = several.page(
        *THUMBNAIL, several.REDUCED, (0x10F, 2, make), NAMED, *tags,
        below={0x14A: [*inner, several.page(*SENSOR, several.CFA)]},
    )  # fmt: skip
    return several.tiff(main, order=order, head=head)


def cr2(preview: bytes | None = None) -> bytes:
    """Canon's: the first directory at byte 16, its strip the preview; EXIF says how large the photo is."""
    jpeg = photo() if preview is None else preview

    def directory(at: int, exif: int) -> bytes:
        tags: list[c.Tag] = [(0x100, 3, PREVIEW[0]), (0x101, 3, PREVIEW[1]), (0x103, 3, 6), (0x10F, 2, "Canon")]
        return c.ifd([*tags, (0x111, 4, at), (0x117, 4, len(jpeg)), NAMED, (0x8769, 4, exif)], "<", 16)

    first = 16 + len(directory(0, 0))
    sizes = c.ifd([(0xA002, 3, SENSOR[0]), (0xA003, 3, SENSOR[1])], "<", first)
    head = b"II*\0\x10\0\0\0CR\2\0" + bytes(4)
    return head + directory(first + len(sizes), first) + sizes + jpeg


def orf(preview: bytes | None = None) -> bytes:
    """Olympus': the sensor's picture first, the preview in the maker note."""
    jpeg = photo() if preview is None else preview
    note = b"OLYMPUS\0II\3\0" + c.ifd([(0x0404, 2, "CANARY1234")], "<", 12) + jpeg
    exif = several.Directory(tags=[(0x927C, 7, note)])
    made = (0x10F, 2, "OLYMPUS CORPORATION")
    return b"IIRO" + several.tiff(several.page(*SENSOR, NAMED, made, below={0x8769: [exif]}))[4:]


def rw2(preview: bytes | None = None) -> bytes:
    """Panasonic's: tags of its own, the preview among them."""
    jpeg = photo() if preview is None else preview
    tags: list[c.Tag] = [
        (2, 3, SENSOR[0]),
        (3, 3, SENSOR[1]),
        (0x2E, 7, jpeg),
        (0x10F, 2, "Panasonic"),
        (0x118, 4, 0),
        NAMED,
    ]
    body = c.ifd(tags, "<", 8)
    body = c.ifd([(n, k, 8 + len(body) if n == 0x118 else v) for n, k, v in tags], "<", 8)
    return b"IIU\0" + struct.pack("<I", 8) + body + bytes(range(256)) * 4


def raf(preview: bytes | None = None) -> bytes:
    """Fujifilm's: everything stands in the preview."""
    jpeg = photo() if preview is None else preview
    at = 148
    head = bytearray(at)
    head[:16] = b"FUJIFILMCCD-RAW "
    head[28:42] = b"CANARY X-T0\0\0\0"
    records = struct.pack(">IHHHH", 1, 0x100, 4, SENSOR[1], SENSOR[0])
    struct.pack_into(">IIIII", head, 84, at, len(jpeg), at + len(jpeg), len(records), at + len(jpeg) + len(records))
    return bytes(head) + jpeg + records + bytes(200)


def crw(preview: bytes | None = None) -> bytes:
    """Canon's older: one heap."""
    jpeg = photo() if preview is None else preview
    values = [(0x0810, b"CANARY owner\0"), (0x1810, struct.pack("<IIfi", *SENSOR, 1.0, 0)), (0x2007, jpeg)]
    body, rows = b"", b""
    for kind, value in values:
        rows += struct.pack("<HII", kind, len(value), len(body))
        body += value
    directory = struct.pack("<H", len(values)) + rows
    return b"II\x1a\0\0\0HEAPCCDR" + bytes(12) + body + directory + struct.pack("<I", len(body))


def mrw(preview: bytes | None = None) -> bytes:
    """Minolta's: blocks; the preview stands behind them."""
    ttw = c.tiff([(0x10F, 2, "Minolta"), NAMED], ">")
    prd = b"27820001" + struct.pack(">HHHH", SENSOR[1], SENSOR[0], SENSOR[1], SENSOR[0]) + bytes(8)
    blocks = b"".join(name + struct.pack(">I", len(b)) + b for name, b in ((b"\0PRD", prd), (b"\0TTW", ttw)))
    return b"\0MRM" + struct.pack(">I", len(blocks)) + blocks + (photo() if preview is None else preview)


def x3f(preview: bytes | None = None, turn: int = 0) -> bytes:
    """Sigma's: a header, the preview, properties, a directory."""
    jpeg = photo() if preview is None else preview
    head = b"FOVb" + struct.pack("<HH", 2, 2) + bytes(range(1, 17)) + bytes(4) + struct.pack("<III", *SENSOR, turn)
    words = ["CAMSERIAL", "CANARY01"]
    places = [0, len(words[0]) + 1]
    text = "".join(word + "\0" for word in words).encode("utf-16-le")
    properties = b"SECp" + struct.pack("<IIIII", 1 << 17, 1, 0, 0, len(text) // 2) + struct.pack("<II", *places) + text
    at = len(head) + len(jpeg)
    directory = b"SECd" + struct.pack("<II", 1 << 17, 1) + struct.pack("<II4s", at, len(properties), b"PROP")
    return head + jpeg + properties + directory + struct.pack("<I", at + len(properties))


def cr3(preview: bytes | None = None, turn: int = 1) -> bytes:
    """Canon's newer: EXIF directories in boxes, the preview in a track."""
    box = c.box
    boxes = (
        box(b"CNCV", b"CanonCR3_001/00.09.00/00.00.00")
        + box(b"CMT1", c.tiff([(0x10F, 2, "Canon"), (0x110, 2, "Canon EOS R"), (0x112, 3, turn), NAMED]))
        + box(b"CMT2", c.tiff([(0xA431, 2, "012345678901")]))
        + box(b"CMT3", c.tiff([(0x96, 2, "AB1234567"), (0x9, 2, "CANARY owner")]))
        + box(b"CMT4", c.tiff(c.gps((3, 8, 2000), (101, 41, 1200))))
        + box(b"THMB", bytes(12) + photo(THUMBNAIL))
    )
    uuid = box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + boxes)
    track = box(b"trak", box(b"CMP1", bytes(16) + struct.pack(">II", *SENSOR) + bytes(20)))
    packet = c.xmp('<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">CANARY xmp</dc:creator>')
    xmp = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + packet)
    jpeg = photo() if preview is None else preview
    return box(b"ftyp", b"crx \0\0\0\1crx isom") + box(b"moov", uuid + track) + xmp + box(b"mdat", jpeg + bytes(64))


SAMPLES: dict[Format, bytes] = {
    Format.DNG: like_tiff("Google", (0xC612, 1, b"\1\4\0\0")),
    Format.CR3: cr3(),
    Format.CR2: cr2(),
    Format.CRW: crw(),
    Format.NEF: like_tiff("NIKON CORPORATION", order=">"),
    Format.ARW: like_tiff("SONY"),
    Format.RAF: raf(),
    Format.RW2: rw2(),
    Format.ORF: orf(),
    Format.PEF: like_tiff("PENTAX Corporation", order=">"),
    Format.SRW: like_tiff("SAMSUNG"),
    Format.HASSELBLAD: like_tiff("Hasselblad"),
    Format.IIQ: like_tiff("Phase One A/S", head=b"IIIITwaR" + struct.pack("<III", 12, 0, 0)),
    Format.X3F: x3f(),
    Format.MRW: mrw(),
    Format.ERF: like_tiff("SEIKO EPSON CORP."),
    Format.DCR: like_tiff("EASTMAN KODAK COMPANY"),
    Format.MOS: like_tiff("Leaf"),
}
"""One of each, with a preview of nearly the sensor's size and 'CANARY' in its metadata."""
