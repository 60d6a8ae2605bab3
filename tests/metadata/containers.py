"""Writers of small files with planted metadata: enough of each container to read, nothing more."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

Tag = tuple[int, int, object]
"""Number, TIFF type (2 text, 3 short, 4 long, 5 rationals, 7 bytes), value."""


def ifd(tags: Sequence[Tag], order: str, at: int, base: int = 0, following: int = 0) -> bytes:
    """A directory that stands at a position of the data that offsets count from, with its values behind it."""
    rows, values = b"", b""
    start = at + 2 + 12 * len(tags) + 4
    for number, kind, value in tags:
        if kind == 5:
            raw = b"".join(struct.pack(order + "II", *pair) for pair in value)  # type: ignore[attr-defined]
            count = len(raw) // 8
        elif kind in (3, 4):
            numbers = value if isinstance(value, tuple) else (value,)
            raw, count = struct.pack(f"{order}{len(numbers)}{'H' if kind == 3 else 'I'}", *numbers), len(numbers)
        else:
            raw = value if isinstance(value, bytes) else str(value).encode() + b"\0"
            count = len(raw)
        if len(raw) <= 4:
            rows += struct.pack(order + "HHI", number, kind, count) + raw.ljust(4, b"\0")
        else:
            rows += struct.pack(order + "HHII", number, kind, count, base + start + len(values))
            values += raw + b"\0" * (len(raw) & 1)
    return struct.pack(order + "H", len(tags)) + rows + struct.pack(order + "I", following) + values


def tiff(tags: Sequence[Tag], order: str = "<", exif: Sequence[Tag] = (), gps: Sequence[Tag] = ()) -> bytes:
    """A TIFF structure with IFD0 and, where given, Exif and GPS directories."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    main = list(tags)
    for number, below in ((0x8769, exif), (0x8825, gps)):
        if below:
            main.append((number, 4, 0))
    size = len(ifd(main, order, 8))
    body, at = b"", 8 + size
    for number, below in ((0x8769, exif), (0x8825, gps)):
        if below:
            main = [(n, k, at if n == number else v) for n, k, v in main]
            block = ifd(below, order, at)
            body += block
            at += len(block)
    return head + ifd(main, order, 8) + body


Sexagesimal = tuple[int, int, int]


def gps(latitude: Sexagesimal, longitude: Sexagesimal, north: str = "N", east: str = "E") -> list[Tag]:
    """A GPS directory; seconds in hundredths."""
    values = [tuple(zip(v, (1, 1, 100), strict=True)) for v in (latitude, longitude)]
    return [(1, 2, north), (2, 5, values[0]), (3, 2, east), (4, 5, values[1])]


def segment(marker: int, content: bytes) -> bytes:
    """A JPEG marker segment."""
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


SCAN = (
    segment(0xC0, b"\x08\x00\x10\x00\x10\x01\x01\x11\x00")
    + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    + b"\x12\xff\x00\x34\xff\xd0\x56"
)
END = b"\xff\xd9"


def jpeg(*segments: bytes, tail: bytes = b"", between: bytes = b"") -> bytes:
    """A JPEG in form only: its scan holds stuffing and a restart marker."""
    return b"\xff\xd8" + b"".join(segments) + SCAN + between + END + tail


def exif(block: bytes) -> bytes:
    """An EXIF segment."""
    return segment(0xE1, b"Exif\0\0" + block)


def xmp(body: str, namespaces: str = "") -> bytes:
    """A packet around a description."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f"{namespaces}><rdf:Description>{body}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def resource(number: int, content: bytes) -> bytes:
    """A Photoshop image resource."""
    return b"8BIM" + struct.pack(">HxxI", number, len(content)) + content + b"\0" * (len(content) & 1)


def dataset(number: int, value: bytes, record: int = 2) -> bytes:
    """An IPTC dataset."""
    return struct.pack(">BBBH", 0x1C, record, number, len(value)) + value


def chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG chunk."""
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def png(*chunks: bytes, slack: bytes = b"", surplus: bytes = b"", tail: bytes = b"") -> bytes:
    """A PNG of 4 x 4 grey pixels; `slack` stands behind the compressed rows, `surplus` in rows below the last."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\0\1\2\3\4" * 4 + surplus) + slack)
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + rows + chunk(b"IEND", b"") + tail


def riff(kind: bytes, content: bytes) -> bytes:
    """A chunk of a WebP file."""
    return kind + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) & 1)


def webp(*chunks: bytes, tail: bytes = b"") -> bytes:
    """A WebP file with those chunks."""
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body + tail


def gif(*blocks: bytes, tail: bytes = b"") -> bytes:
    """A GIF of one pixel."""
    frame = b"\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + b"".join(blocks) + frame + b"\x3b" + tail


def box(kind: bytes, content: bytes = b"") -> bytes:
    """An ISO media box."""
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def full(kind: bytes, content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with version and flags."""
    return box(kind, bytes((version, 0, 0, flags)) + content)


def heif(items: Sequence[tuple[bytes, bytes, bytes]], references: bytes = b"", properties: bytes = b"",
         associations: bytes = b"", slack: bytes = b"", tail: bytes = b"", groups: bytes = b"",
         brands: bytes = b"heic" + bytes(4) + b"mif1heic") -> bytes:  # fmt: skip
    """A HEIF file; items are (type, MIME type, content), numbered from 1; the first is the picture."""
    payload = b"".join(content for _, _, content in items)
    infos = b"".join(
        full(b"infe", struct.pack(">HH4s", n, 0, kind) + b"\0" + (mime + b"\0" if mime else b""), 2)
        for n, (kind, mime, _) in enumerate(items, 1)
    )
    iprp = box(b"iprp", box(b"ipco", properties) + full(b"ipma", associations or b"\0\0\0\0"))

    def meta(at: int) -> bytes:
        rows = b""
        for n, (_, _, content) in enumerate(items, 1):
            rows += struct.pack(">HHHII", n, 0, 1, at, len(content))
            at += len(content)
        iloc = full(b"iloc", b"\x44\x00" + struct.pack(">H", len(items)) + rows)
        iinf = full(b"iinf", struct.pack(">H", len(items)) + infos)
        iref = full(b"iref", references) if references else b""
        handler, primary = full(b"hdlr", bytes(4) + b"pict" + bytes(13)), full(b"pitm", b"\0\1")
        return full(b"meta", handler + primary + iloc + iinf + iref + iprp + groups)

    head = box(b"ftyp", brands)
    at = len(head) + len(meta(0)) + 8
    return head + meta(at) + box(b"mdat", payload + slack) + tail


def movie(*boxes: bytes, handlers: Sequence[bytes] = (b"vide", b"soun")) -> bytes:
    """A video in form only, with those boxes in its movie box."""
    tracks = b"".join(box(b"trak", box(b"mdia", full(b"hdlr", bytes(4) + kind + bytes(13)))) for kind in handlers)
    return box(b"ftyp", b"mp42\0\0\0\0mp42isom") + box(b"mdat", b"frames") + box(b"moov", tracks + b"".join(boxes))


def icc(*tags: tuple[bytes, bytes]) -> bytes:
    """A colour profile in form only."""
    at, table, body = 132 + 12 * len(tags), b"", b""
    for kind, content in tags:
        table += kind + struct.pack(">II", at + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    size = at + len(body)
    header = struct.pack(">I", size) + bytes(4) + b"\2\x10\0\0mntrRGB XYZ " + bytes(12) + b"acsp"
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def described(name: str) -> tuple[bytes, bytes]:
    """A profile's description tag."""
    return b"desc", b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name.encode() + b"\0" + bytes(78)
