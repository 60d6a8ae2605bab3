"""HEIC and AVIF (ISO 14496-12, 23008-12): metadata items, private boxes, motion video."""

from __future__ import annotations

from photoscan.headers import boxes
from photoscan.metadata import exif, icc, xmp
from photoscan.metadata.entry import Collector, Role

MAX_BOXES = 20_000
_KNOWN = frozenset((b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip"))


def walk(data: bytes, found: Collector) -> None:
    """Top-level boxes, then the items that `meta` names."""
    end = 0
    for kind, start, body, end in boxes(data, 0, len(data)):
        if kind == b"meta":
            _items(data, body + 4, end, found)
        elif kind in (b"mpvd", b"moov"):
            found.add(
                "isobmff/" + kind.decode(), "motion video", data[body : body + 64], start, end - start, Role.VIDEO
            )
        elif kind in (b"free", b"skip"):
            if data[body:end].strip(b"\0"):
                found.add("isobmff/free", "unknown", data[body : body + 256], body, end - body, Role.UNKNOWN)
        elif kind not in _KNOWN:
            name = "isobmff/" + kind.decode("latin-1")
            found.add(name, "unknown", data[body : body + 256], start, end - start, Role.UNKNOWN)
    if data[end:].strip(b"\0"):
        found.add("isobmff/tail", "data behind the last box", data[end : end + 64], end, len(data) - end, Role.TRAILING)


def _items(data: bytes, start: int, end: int, found: Collector) -> None:
    parts = {kind: (body, stop) for kind, _, body, stop in boxes(data, start, end)}
    places = _locations(data, parts[b"iloc"][0]) if b"iloc" in parts else {}
    names = _item_types(data, *parts[b"iinf"]) if b"iinf" in parts else {}
    idat = parts.get(b"idat", (0, 0))[0]
    for item, (kind, mime) in names.items():
        if item not in places:
            continue
        method, offset, length = places[item]
        offset += idat if method == 1 else 0
        content = data[offset : offset + length]
        if kind == b"Exif" and len(content) > 8:
            skip = 4 + int.from_bytes(content[:4], "big")
            exif.read(data, offset + skip, offset + length, "isobmff/exif", found)
        elif kind == b"mime" and b"rdf+xml" in mime:
            xmp.read(content, "isobmff/xmp", offset, length, found)
        elif kind in (b"mime", b"uri "):
            found.add("isobmff/item", "unknown", content[:256], offset, length, Role.UNKNOWN)
    if b"iref" in parts:
        for kind, at, _, stop in boxes(data, parts[b"iref"][0] + 4, parts[b"iref"][1]):
            if kind == b"thmb":
                found.add("isobmff/thmb", "thumbnail", b"", at, stop - at, Role.THUMBNAIL)
            elif kind == b"auxl":
                found.add("isobmff/auxl", "auxiliary image", b"", at, stop - at, Role.IMAGE)
    if b"iprp" in parts:
        for kind, _, body, stop in boxes(data, *parts[b"iprp"]):
            if kind == b"ipco":
                for prop, _, inner, last in boxes(data, body, stop):
                    if prop == b"colr" and data[inner : inner + 4] in (b"prof", b"rICC"):
                        icc.read(data[inner + 4 : last], "isobmff/icc", inner + 4, found)


def _item_types(data: bytes, body: int, end: int) -> dict[int, tuple[bytes, bytes]]:
    """Item id -> (type, MIME type or empty)."""
    rows = {}
    for kind, _, at, stop in boxes(data, body + (6 if data[body] == 0 else 8), end):
        if kind != b"infe" or data[at] < 2:
            continue
        wide = data[at] == 3
        item = int.from_bytes(data[at + 4 : at + (8 if wide else 6)], "big")
        at += 10 if wide else 8
        mime = data[at + 4 : stop].split(b"\0")[1:2]
        rows[item] = data[at : at + 4], mime[0] if mime else b""
    return rows


def _locations(data: bytes, at: int) -> dict[int, tuple[int, int, int]]:
    """Item id -> (construction method, offset, length) of its first extent."""
    version = data[at]
    sizes = data[at + 4], data[at + 5]
    offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_size = sizes[1] & 15 if version else 0
    wide = 4 if version == 2 else 2
    count = int.from_bytes(data[at + 6 : at + 6 + wide], "big")
    at += 6 + wide
    rows = {}
    for _ in range(min(count, MAX_BOXES)):
        item = int.from_bytes(data[at : at + wide], "big")
        at += wide
        method = data[at + 1] & 15 if version else 0
        at += (2 if version else 0) + 2
        base = int.from_bytes(data[at : at + base_size], "big")
        at += base_size
        extents = int.from_bytes(data[at : at + 2], "big")
        at += 2
        for extent in range(min(extents, MAX_BOXES)):
            at += index_size
            offset = int.from_bytes(data[at : at + offset_size], "big")
            length = int.from_bytes(data[at + offset_size : at + offset_size + length_size], "big")
            at += offset_size + length_size
            if extent == 0:
                rows[item] = method, base + offset, length
    return rows
