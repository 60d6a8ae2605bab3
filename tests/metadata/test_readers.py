"""What each reader must tell, and where; that a plain file tells nothing; that damage is told and never raised."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest

from photoscan import formats, metadata
from photoscan.metadata import Entry, Metadata
from tests.metadata import containers as c

XMP = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
GUID = b"0123456789ABCDEF0123456789ABCDEF"
THUMBNAIL = c.jpeg(c.exif(c.tiff([(0x013B, 2, "Preview Painter")])))
CANARY = b"CANARY-7f31"
VIDEO = c.movie(c.box(b"udta", c.box(b"\xa9xyz", b"\0\x12\x15\xc7+06.3200+099.8435/")))
SERIAL = c.tiff([(0x0112, 3, 6)], exif=[(0xA431, 2, "CANARY-7f31")])
_PROFILE = c.icc(c.described("Rosa's screen CANARY-7f31"))


def extended(packet: bytes, size: int) -> bytes:
    """Extended XMP in several segments, the last one first."""
    parts = [
        c.segment(0xE1, EXTENDED + GUID + struct.pack(">II", len(packet), at) + packet[at : at + size])
        for at in range(0, len(packet), size)
    ]
    return b"".join(reversed(parts))


def samsung(name: bytes, content: bytes) -> bytes:
    """Samsung's trailer with one part."""
    part = b"\0\0\x30\x0a" + struct.pack("<I", len(name)) + name + content
    directory = b"SEFH" + struct.pack("<II", 106, 1) + b"\0\0\x30\x0a" + struct.pack("<II", len(part), len(part))
    return part + directory + struct.pack("<I", len(directory)) + b"SEFT"


def jumbf(content: bytes, label: bytes = b"c2pa.assertions") -> bytes:
    """A store with one JSON assertion."""
    description = c.box(b"jumd", bytes(16) + b"\3" + label + b"\0")
    return c.box(b"jumb", description + c.box(b"json", content))


def sub_blocks(content: bytes) -> bytes:
    """GIF's way of cutting data."""
    cuts = [content[i : i + 255] for i in range(0, len(content), 255)]
    return b"".join(bytes((len(cut),)) + cut for cut in cuts) + b"\0"


TOLD: dict[str, tuple[bytes, str, str, str]] = {
    # name: file, container, field, role
    "EXIF text": (c.jpeg(c.exif(c.tiff([(0x013B, 2, "CANARY-7f31")]))), "jpeg/exif", "Artist", "tag"),
    "EXIF big-endian": (c.jpeg(c.exif(c.tiff([(0x013B, 2, "CANARY-7f31")], ">"))), "jpeg/exif", "Artist", "tag"),
    "EXIF serial": (c.jpeg(c.exif(SERIAL)), "jpeg/exif", "BodySerialNumber", "tag"),
    "EXIF unknown tag": (c.jpeg(c.exif(c.tiff([(0xBEEF, 7, CANARY)]))), "jpeg/exif", "tag 0xbeef", "unknown"),
    "EXIF slack": (c.jpeg(c.exif(c.tiff([(0x0112, 3, 1)]) + CANARY)), "jpeg/exif", "bytes between values", "unknown"),
    "EXIF without order": (c.jpeg(c.exif(b"XX*\0" + CANARY)), "jpeg/exif", "unknown", "unknown"),
    "XMP attribute": (c.jpeg(c.segment(0xE1, XMP + c.xmp("<a:b a:c='CANARY-7f31'/>"))), "jpeg/xmp", "a:c", "tag"),
    "XMP foreign prefix": (
        c.jpeg(c.segment(0xE1, XMP + c.xmp("<q:creator>CANARY-7f31</q:creator>",
                                          'xmlns:q="http://purl.org/dc/elements/1.1/"'))),
        "jpeg/xmp", "dc:creator", "tag"),
    "XMP cut short": (
        c.jpeg(c.segment(0xE1, XMP + b"<rdf:RDF><dc:title>CANARY-7f31</dc:ti")), "jpeg/xmp", "dc:title", "tag"),
    "XMP comment": (c.jpeg(c.segment(0xE1, XMP + b"<a:b/><!-- CANARY-7f31 -->")), "jpeg/xmp", "comment", "tag"),
    "XMP extended": (
        c.jpeg(extended(c.xmp("<GImage:Mime>" + " " * 90 + "</GImage:Mime><dc:title>CANARY-7f31</dc:title>"), 60)),
        "jpeg/xmp-extended", "dc:title", "tag"),
    "IPTC": (
        c.jpeg(c.segment(0xED, b"Photoshop 3.0\0" + c.resource(0x0404, c.dataset(80, CANARY)))),
        "jpeg/iptc", "By-line", "tag"),
    "Photoshop thumbnail": (
        c.jpeg(c.segment(0xED, b"Photoshop 3.0\0" + c.resource(0x040C, bytes(28) + THUMBNAIL + CANARY))),
        "jpeg/photoshop", "PhotoshopThumbnail", "thumbnail"),
    "comment": (c.jpeg(c.segment(0xFE, CANARY)), "jpeg/COM", "Comment", "tag"),
    "comment behind the scan": (c.jpeg(between=c.segment(0xFE, CANARY)), "jpeg/COM", "Comment", "tag"),
    "private segment": (c.jpeg(c.segment(0xE7, CANARY)), "jpeg/APP7", "unknown", "unknown"),
    "JFIF thumbnail": (
        c.jpeg(c.segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\1\1" + CANARY)), "jpeg/APP0", "JFIF thumbnail", "thumbnail"),
    "long Adobe segment": (
        c.jpeg(c.segment(0xEE, b"Adobe\0\x64\0\0\0\0\0" + CANARY)),
        "jpeg/APP14", "surplus of the Adobe segment", "unknown"),
    "long DRI": (c.jpeg(c.segment(0xDD, b"\0\1" + CANARY)), "jpeg", "surplus in segment 0xdd", "unknown"),
    "between segments": (c.jpeg(c.segment(0xDD, b"\0\0") + CANARY), "jpeg", "bytes between segments", "unknown"),
    "split profile": (
        c.jpeg(c.segment(0xE2, b"ICC_PROFILE\0\2\2" + _PROFILE[150:]),
               c.segment(0xE2, b"ICC_PROFILE\0\1\2" + _PROFILE[:150])),
        "jpeg/icc", "ProfileDescription", "profile"),
    "C2PA": (
        c.jpeg(c.segment(0xEB, b"JP\0\1\0\0\0\1" + jumbf(b'{"author": [{"name": "CANARY-7f31"}]}'))),
        "jpeg/jumbf", "c2pa:name", "tag"),
    "text behind": (c.jpeg(tail=CANARY), "jpeg/tail", "data behind the end of image", "trailing"),
    "picture behind": (c.jpeg(tail=c.jpeg(c.segment(0xFE, CANARY))), "jpeg/tail/jpeg/COM", "Comment", "tag"),
    "video behind": (c.jpeg(tail=VIDEO), "jpeg/tail/video", "GPSCoordinates", "tag"),
    "Samsung's video": (c.jpeg(tail=samsung(b"MotionPhoto_Data", VIDEO)), "jpeg/samsung", "MotionPhoto_Data", "video"),
    "Samsung's time": (
        c.jpeg(tail=samsung(b"Image_UTC_Data", b"CANARY-7f31")),
        "jpeg/samsung", "Image_UTC_Data", "tag"),
    "PNG text": (c.png(c.chunk(b"tEXt", b"Author\0" + CANARY)), "png/tEXt", "Author", "tag"),
    "PNG packed text": (
        c.png(c.chunk(b"zTXt", b"Author\0\0" + zlib.compress(CANARY))), "png/zTXt", "Author", "tag"),
    "PNG international text": (
        c.png(c.chunk(b"iTXt", b"Title\0\1\0en\0\0" + zlib.compress(CANARY))), "png/iTXt", "Title", "tag"),
    "PNG EXIF": (c.png(c.chunk(b"eXIf", SERIAL)), "png/exif", "BodySerialNumber", "tag"),
    "PNG raw profile": (
        c.png(c.chunk(b"tEXt", b"Raw profile type exif\0\nexif\n 99\n" + (b"Exif\0\0" + SERIAL).hex().encode())),
        "png/exif", "BodySerialNumber", "tag"),
    "PNG raw profile with something behind": (
        c.png(c.chunk(b"tEXt", b"Raw profile type exif\0\nexif\n 99\n" + (b"Exif\0\0" + SERIAL).hex().encode()
                      + b"\n$\x1d\x1a")),
        "png/exif", "BodySerialNumber", "tag"),
    "PNG bytes behind a raw profile": (
        c.png(c.chunk(b"tEXt", b"Raw profile type exif\0\nexif\n 99\n" + (b"Exif\0\0" + SERIAL).hex().encode()
                      + b"\n$" + CANARY)),
        "png/tEXt", "bytes behind the profile", "unknown"),
    "PNG EXIF field by itself": (
        c.png(c.chunk(b"tEXt", b"exif:Artist\0" + CANARY)), "png/exif", "Artist", "tag"),
    "PNG profile": (
        c.png(c.chunk(b"iCCP", b"x\0\0" + zlib.compress(_PROFILE))), "png/icc", "ProfileDescription", "profile"),
    "PNG private chunk": (c.png(c.chunk(b"prVt", CANARY)), "png/prVt", "unknown", "unknown"),
    "PNG slack": (c.png(slack=CANARY), "png/IDAT", "bytes behind the picture's data", "unknown"),
    "PNG rows below": (c.png(surplus=CANARY), "png/IDAT", "rows below the picture", "unknown"),
    "PNG long sRGB": (c.png(c.chunk(b"sRGB", b"\0" + CANARY)), "png/sRGB", "surplus", "unknown"),
    "PNG behind": (c.png(tail=CANARY), "png/tail", "data behind the end of image", "trailing"),
    "PNG old picture behind": (
        c.png(tail=b"\x93rest IDAT of the older file" + c.chunk(b"IEND", b"")),
        "png/tail", "data behind the end of image", "trailing"),
    "WebP EXIF": (c.webp(c.riff(b"VP8 ", b"frame"), c.riff(b"EXIF", SERIAL)), "webp/exif", "BodySerialNumber", "tag"),
    "WebP unknown": (c.webp(c.riff(b"ABCD", CANARY)), "webp/ABCD", "unknown", "unknown"),
    "WebP in a frame": (
        c.webp(c.riff(b"ANMF", bytes(16) + c.riff(b"ABCD", CANARY))),
        "webp/frame/ABCD", "unknown", "unknown"),
    "WebP behind": (c.webp(tail=CANARY), "webp/tail", "data behind the end of image", "trailing"),
    "GIF comment": (c.gif(b"\x21\xfe" + sub_blocks(CANARY)), "gif/comment", "Comment", "tag"),
    "GIF application": (
        c.gif(b"\x21\xff\x0bSOMEONE 1.0" + sub_blocks(CANARY)),
        "gif/extension 0xff", "unknown", "unknown"),
    "GIF long loop": (
        c.gif(b"\x21\xff\x0bNETSCAPE2.0\3\1\0\0" + sub_blocks(CANARY)), "gif/extension 0xff", "unknown", "unknown"),
    "GIF behind": (c.gif(tail=CANARY), "gif/tail", "data behind the end of image", "trailing"),
    "TIFF text": (c.tiff([(0x013B, 2, "CANARY-7f31")]), "tiff", "Artist", "tag"),
    "TIFF slack": (c.tiff([(0x0100, 3, 1)]) + CANARY, "tiff", "bytes between values", "unknown"),
    "HEIC EXIF": (
        c.heif([(b"hvc1", b"", b"picture"), (b"Exif", b"", bytes(4) + SERIAL)]),
        "isobmff/exif", "BodySerialNumber", "tag"),
    "HEIC second picture": (
        c.heif([(b"hvc1", b"", b"picture"), (b"hvc1", b"", CANARY)]), "isobmff/item", "second image", "image"),
    "HEIC thumbnail": (
        c.heif([(b"hvc1", b"", b"picture"), (b"hvc1", b"", CANARY)], c.box(b"thmb", b"\0\2\0\1\0\1")),
        "isobmff/item", "thumbnail", "thumbnail"),
    "HEIC depth": (
        c.heif([(b"hvc1", b"", b"picture"), (b"hvc1", b"", CANARY)], c.box(b"auxl", b"\0\2\0\1\0\1"),
               c.full(b"auxC", b"urn:mpeg:hevc:2015:auxid:2\0"), b"\0\0\0\1\0\2\1\1"),
        "isobmff/item", "auxiliary image", "image"),
    "HEIC slack": (
        c.heif([(b"hvc1", b"", b"picture")], slack=CANARY),
        "isobmff/mdat", "bytes that no item uses", "unknown"),
    "HEIC free": (
        c.heif([(b"hvc1", b"", b"picture")], tail=c.box(b"free", CANARY)),
        "isobmff/free", "unknown", "unknown"),
    "HEIC video": (
        c.heif([(b"hvc1", b"", b"picture")], tail=c.box(b"mpvd", VIDEO)),
        "isobmff/mpvd", "motion photo video", "video"),
    "JPEG XL": (
        c.box(b"JXL ", b"\r\n\x87\n") + c.box(b"ftyp", b"jxl \0\0\0\0jxl ")
        + c.box(b"Exif", bytes(4) + SERIAL) + c.box(b"jxlc", b"x"),
        "jxl/exif", "BodySerialNumber", "tag"),
    "JPEG XL restores": (
        c.box(b"JXL ", b"\r\n\x87\n") + c.box(b"jbrd", CANARY),
        "jxl/jbrd", "JPEG reconstruction data", "unknown"),
    "JPEG 2000": (c.box(b"jP  ", b"\r\n\x87\n") + c.box(b"xml ", b"<a>CANARY-7f31</a>"), "jp2/xml", "a", "tag"),
    "SVG comment": (b"<svg><!-- CANARY-7f31 --></svg>", "svg", "comment", "tag"),
    "SVG author": (
        b"<svg><metadata><rdf:RDF><dc:creator>CANARY-7f31</dc:creator></rdf:RDF></metadata></svg>",
        "svg/metadata", "dc:creator", "tag"),
    "SVG path": (
        b"<svg inkscape:export-filename='/home/CANARY-7f31/x.png'/>",
        "svg", "inkscape:export-filename", "tag"),
    "SVG picture": (
        b"<svg><image href='data:image/jpeg;base64," + base64.b64encode(c.jpeg(c.segment(0xFE, CANARY))) + b"'/></svg>",
        "svg/jpeg/COM", "Comment", "tag"),
    "BMP behind": (
        b"BM" + struct.pack("<IIIIiiHHIIIIII", 58, 0, 54, 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + b"\1\2\3\0" + CANARY,
        "bmp/tail", "data behind the end of image", "trailing"),
}  # fmt: skip


def read(data: bytes) -> Metadata:
    format_ = formats.detect(data[: formats.HEAD])
    assert format_ is not None
    return metadata.read(data, format_, "photo")


def entry(data: bytes, container: str, field: str) -> Entry:
    rows = {(e.container, e.field): e for e in reversed(read(data).entries)}
    assert (container, field) in rows, sorted(rows)
    return rows[container, field]


@pytest.mark.parametrize("name", sorted(TOLD))
def test_it_is_told_with_its_place(name: str) -> None:
    data, container, field, role = TOLD[name]
    found = entry(data, container, field)
    assert found.role.value == role
    assert found.length > 0
    assert found.offset + found.length <= len(data)
    if CANARY in data and b"IDAT" not in container.encode():
        assert CANARY in data[found.offset : found.offset + found.length]


@pytest.mark.parametrize("name", sorted(n for n, row in TOLD.items() if CANARY in row[0] and row[3] == "tag"))
def test_every_planted_value_is_a_needle(name: str) -> None:
    assert any(CANARY in needle for needle in read(TOLD[name][0]).needles())


PLAIN = {
    "JPEG": c.jpeg(c.segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0"), c.segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")),
    "JPEG with orientation": c.jpeg(c.exif(c.tiff([(0x0112, 3, 6)]))),
    "JPEG with a common profile": c.jpeg(
        c.segment(0xE2, b"ICC_PROFILE\0\1\1" + c.icc(c.described("sRGB IEC61966-2.1")))),
    "JPEG with fill bytes": b"\xff\xd8\xff\xff\xff" + c.jpeg()[3:],
    "JPEG padded": c.jpeg(tail=bytes(300)),
    "PNG": c.png(c.chunk(b"gAMA", b"\0\0\xb1\x8f"), c.chunk(b"pHYs", bytes(9))),
    "WebP": c.webp(c.riff(b"VP8X", bytes(10)), c.riff(b"VP8 ", b"frame")),
    "GIF": c.gif(b"\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0", b"\x21\xf9\4\0\0\0\0\0"),
    "HEIC": c.heif([(b"hvc1", b"", b"picture")]),
    "HEIC of tiles": c.heif([(b"grid", b"", bytes(8)), (b"hvc1", b"", b"tile one")], c.box(b"dimg", b"\0\1\0\1\0\2")),
    "HEIC with transparency": c.heif(
        [(b"hvc1", b"", b"picture"), (b"hvc1", b"", b"shape of it")], c.box(b"auxl", b"\0\2\0\1\0\1"),
        c.full(b"auxC", b"urn:mpeg:hevc:2015:auxid:1\0"), b"\0\0\0\1\0\2\1\1"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_plain_file_tells_nothing(name: str) -> None:
    found = read(PLAIN[name])
    assert found.entries == ()
    assert found.warnings == ()


def test_the_preview_s_own_metadata_is_read() -> None:
    data = TOLD["Photoshop thumbnail"][0]
    assert entry(data, "jpeg/photoshop/jpeg/exif", "Artist").value == "Preview Painter"


def test_exposure_is_technical() -> None:
    data = c.jpeg(c.exif(c.tiff([(0x011A, 5, [(72, 1)])], exif=[(0x8827, 3, 400)])))
    assert {e.role.value for e in read(data).entries} == {"technical"}


def test_an_old_picture_behind_is_called_by_its_name() -> None:
    data, container, field, _ = TOLD["PNG old picture behind"]
    assert "aCropalypse" in entry(data, container, field).about


def test_a_value_over_two_segments_spans_both() -> None:
    packet = c.xmp(f"<dc:title>{'long ' * 20}</dc:title>")
    found = entry(c.jpeg(extended(packet, 200)), "jpeg/xmp-extended", "dc:title")
    assert found.value == ("long " * 20).strip()


def test_google_s_original_is_a_picture() -> None:
    inner = base64.b64encode(c.jpeg(c.segment(0xFE, b"inside" * 300))).decode()
    data = c.jpeg(extended(c.xmp(f'<r:x GImage:Data="{inner}"/>'), 1000))
    found = entry(data, "jpeg/xmp-extended", "GImage:Data")
    assert found.role.value == "image"
    assert "JPEG picture, 16 x 16" in found.about


@pytest.mark.parametrize("depth", [600, 5])
def test_directories_in_circles_end(depth: int) -> None:
    rows = b"".join(c.ifd([(0x014A, 4, 8 + 18 * ((i + 1) % depth))], "<", 8 + 18 * i) for i in range(depth))
    assert read(b"II*\0\x08\0\0\0" + rows) is not None


BOMBS = {
    "PNG text": c.png(c.chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(40_000_000)))),
    "PNG profile": c.png(c.chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(40_000_000)))),
    "many tags": b"II*\0\x08\0\0\0\xff\xff" + struct.pack("<HHII", 0x9999, 7, 4, 0) * 65535,
    "XML entities": b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "&b;&b;">]><svg>' + b"&a;" * 1000 + b"</svg>",
    "open tags": b"<svg " + b"<a " * 50_000,
    "open quotes": b"<svg>" + b"<a '" * 50_000,
    "pictures in pictures": c.jpeg(tail=c.jpeg() * 300),
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_bombs_stay_small(name: str) -> None:
    found = read(BOMBS[name])
    assert sum(len(e.value) for e in found.entries if isinstance(e.value, (str, bytes))) < 4_000_000
    assert len(found.entries) <= 20_001
