"""IPTC-IIM 4.2 records, and the Photoshop image resources that carry them."""

from __future__ import annotations

from photoscan.metadata.entry import Collector, Role

MAX_RECORDS = 10_000
_NAMES = {
    5: "ObjectName", 25: "Keywords", 26: "ContentLocationCode", 27: "ContentLocationName", 40: "SpecialInstructions",
    55: "DateCreated", 60: "TimeCreated", 62: "DigitalCreationDate", 63: "DigitalCreationTime", 80: "By-line",
    85: "By-lineTitle", 90: "City", 92: "Sub-location", 95: "Province-State", 101: "Country", 103:
    "TransmissionReference",
    105: "Headline", 110: "Credit", 115: "Source", 116: "CopyrightNotice", 118: "Contact", 120: "Caption-Abstract",
    122: "Writer-Editor",
}  # fmt: skip
_SILENT_RESOURCES = frozenset(
    (0x03ED, 0x03F3, 0x03F5, 0x03F8, 0x0408, 0x040A, 0x040D, 0x0411, 0x0414, 0x0425, 0x0426, 0x0428)
)


def read_resources(data: bytes, at: int, end: int, container: str, found: Collector) -> None:
    """Photoshop resources (8BIM blocks): IPTC, thumbnails, paths and whatever else."""
    for _ in range(MAX_RECORDS):
        if at + 12 > end or data[at : at + 4] != b"8BIM":
            break
        number = int.from_bytes(data[at + 4 : at + 6], "big")
        at += 6 + (data[at + 6] + 2) // 2 * 2
        size = int.from_bytes(data[at : at + 4], "big")
        body, stop = at + 4, min(at + 4 + size, end)
        if number == 0x0404:
            read(data, body, stop, container.rpartition("/")[0] + "/iptc", found)
        elif number in (0x0409, 0x040C):
            found.add(container, "PhotoshopThumbnail", data[body : body + 64], body, stop - body, Role.THUMBNAIL)
        elif number == 0x0422:
            from photoscan.metadata import exif

            exif.read(data, body, stop, container + "/exif", found)
        elif number == 0x0424:
            from photoscan.metadata import xmp

            xmp.read(data[body:stop], container + "/xmp", body, stop - body, found)
        elif number not in _SILENT_RESOURCES and stop > body:
            found.add(
                container,
                f"resource {number:#06x}",
                data[body : min(stop, body + 256)],
                body,
                stop - body,
                Role.UNKNOWN,
            )
        at = body + (size + 1) // 2 * 2
    if data[at:end].strip(b"\0"):
        found.add(container, "unknown", data[at : min(end, at + 256)], at, end - at, Role.UNKNOWN)


def read(data: bytes, at: int, end: int, container: str, found: Collector) -> None:
    """The datasets of an IIM block."""
    for _ in range(MAX_RECORDS):
        if at + 5 > end or data[at] != 0x1C:
            return
        record, number, size = data[at + 1], data[at + 2], int.from_bytes(data[at + 3 : at + 5], "big")
        body = at + 5
        if size & 0x8000:
            wide = size & 0x7FFF
            size = int.from_bytes(data[body : body + wide], "big")
            body += wide
        value = data[body : min(body + size, end)]
        if record == 2 and number != 0 and value.strip(b"\0 "):
            found.add(container, _NAMES.get(number, f"2:{number}"), value, body, len(value))
        at = body + size
