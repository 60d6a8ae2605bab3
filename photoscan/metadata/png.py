"""PNG (ISO 15948): chunks, and what follows IEND."""

from __future__ import annotations

from photoscan.metadata import exif, icc, xmp
from photoscan.metadata.entry import Collector, Role

MAX_CHUNKS = 100_000
_DECODING = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB cICP sBIT bKGD pHYs hIST acTL fcTL fdAT mDCV cLLI".split()
)


def walk(data: bytes, found: Collector) -> None:
    """Every chunk that is not needed to show the picture."""
    at = 8
    for _ in range(MAX_CHUNKS):
        if at + 12 > len(data):
            found.warn("no end of image")
            return
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body, end = at + 8, at + 8 + length
        if end + 4 > len(data):
            found.warn("a chunk is longer than the file")
            return
        if kind == b"IEND":
            if data[end + 4 :].strip(b"\0"):
                found.add("png/tail", "data behind the end of image", data[end + 4 : end + 68], end + 4,
                          len(data) - end - 4, Role.TRAILING)  # fmt: skip
            return
        if kind not in _DECODING:
            _chunk(data, kind, body, end, found)
        at = end + 4
    found.warn("too many chunks")


def _chunk(data: bytes, kind: bytes, body: int, end: int, found: Collector) -> None:
    content = data[body:end]
    name = "png/" + kind.decode("latin-1")
    if kind == b"eXIf":
        exif.read(data, body, end, "png/exif", found)
    elif kind == b"iCCP":
        _, _, packed = content.partition(b"\0")
        icc.read(found.inflate(packed[1:]), "png/icc", body, found)
    elif kind == b"tIME" and len(content) == 7:
        year = int.from_bytes(content[:2], "big")
        stamp = "{:04}:{:02}:{:02} {:02}:{:02}:{:02}".format(year, *content[2:])
        found.add(name, "ModifyDate", stamp, body, end - body)
    elif kind in (b"tEXt", b"zTXt", b"iTXt"):
        keyword, text = _text(kind, content, found)
        if keyword == "XML:com.adobe.xmp":
            xmp.read(text, "png/xmp", body, end - body, found)
        elif keyword.startswith("Raw profile type"):
            _raw_profile(text, name, body, end - body, found)
        else:
            found.add(name, keyword, text, body, end - body)
    else:
        found.add(name, "unknown", content[:256], body, end - body, Role.UNKNOWN)


def _text(kind: bytes, content: bytes, found: Collector) -> tuple[str, bytes]:
    keyword, _, rest = content.partition(b"\0")
    if kind == b"zTXt":
        rest = found.inflate(rest[1:])
    elif kind == b"iTXt":
        packed, rest = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
        rest = found.inflate(rest) if packed else rest
    return keyword.decode("latin-1"), rest


def _raw_profile(text: bytes, name: str, offset: int, length: int, found: Collector) -> None:
    """ImageMagick's way of carrying EXIF or XMP: a name, a size, then hex digits."""
    try:
        raw = bytes.fromhex(b"".join(text.split()[2:]).decode("ascii"))
    except ValueError:
        found.add(name, "Raw profile", text[:256], offset, length, Role.UNKNOWN)
        return
    if raw.startswith((b"Exif\0\0", b"II*\0", b"MM\0*")):
        raw = raw.removeprefix(b"Exif\0\0")
        inner = Collector()
        exif.read(raw, 0, len(raw), "png/exif", inner)
        for entry in inner.entries:
            found.add(entry.container, entry.field, entry.value, offset, length, entry.role)
    else:
        found.add(name, "Raw profile", raw[:4096], offset, length)
