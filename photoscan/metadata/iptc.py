"""IPTC-IIM 4.2 records, and the Photoshop image resources that carry them."""

from __future__ import annotations

from photoscan.masking.harmless import resource_names
from photoscan.metadata import embedded, icc, standards
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.ifd import text

MAX_RECORDS = 10_000
_ENVELOPE = {5: "Destination", 30: "ServiceIdentifier", 40: "EnvelopeNumber", 50: "ProductID", 70: "DateSent",
             80: "TimeSent", 100: "UniqueObjectName"}  # fmt: skip
_APPLICATION = {
    3: "ObjectTypeReference", 5: "ObjectName", 7: "EditStatus", 10: "Urgency", 12: "SubjectReference", 15: "Category",
    20: "SupplementalCategories", 22: "FixtureIdentifier", 25: "Keywords", 26: "ContentLocationCode",
    27: "ContentLocationName", 30: "ReleaseDate", 35: "ReleaseTime", 40: "SpecialInstructions", 55: "DateCreated",
    60: "TimeCreated", 62: "DigitalCreationDate", 63: "DigitalCreationTime", 65: "OriginatingProgram",
    70: "ProgramVersion", 80: "By-line", 85: "By-lineTitle", 90: "City", 92: "Sub-location", 95: "Province-State",
    100: "CountryCode", 101: "Country", 103: "TransmissionReference", 105: "Headline", 110: "Credit", 115: "Source",
    116: "CopyrightNotice", 118: "Contact", 120: "Caption-Abstract", 121: "LocalCaption", 122: "Writer-Editor",
    184: "JobID", 185: "MasterDocumentID", 186: "ShortDocumentID", 187: "UniqueDocumentID", 188: "OwnerID",
    221: "Prefs", 225: "ClassifyState", 230: "DocumentNotes", 231: "DocumentHistory",
}  # fmt: skip
_STRUCTURAL = {(1, 0), (1, 20), (1, 22), (1, 60), (1, 90), (1, 120), (1, 122), (2, 0), (2, 131), (2, 130), (2, 7)}
"""Version numbers, character sets, rotation: datasets that say nothing of people."""

_RESOURCES = {
    0x03E9: "MacPrintInfo", 0x03EA: "XMLPrintInfo", 0x03ED: "ResolutionInfo", 0x03F3: "PrintFlags",
    0x03F5: "ColorHalftoningInfo", 0x03F8: "ColorTransferFuncs", 0x0400: "LayerStateInfo", 0x0402: "LayersGroupInfo",
    0x0406: "JPEG_Quality", 0x0408: "GridGuidesInfo", 0x040A: "CopyrightFlag", 0x040D: "GlobalAngle",
    0x0411: "ICC_Untagged", 0x0414: "IDsBaseValue", 0x0416: "IndexedColorTableCount", 0x0419: "GlobalAltitude",
    0x041A: "SliceInfo", 0x041E: "URL_List", 0x0421: "VersionInfo", 0x0425: "IPTCDigest", 0x0426: "PrintScaleInfo",
    0x0428: "PixelInfo", 0x042D: "LayerSelectionIDs", 0x0430: "LayerGroupsEnabledID", 0x043A: "PrintInfo2",
    0x043B: "PrintStyle", 0x2710: "PrintFlagsInfo",
}  # fmt: skip
_TEXTS = {0x03F0: "PhotoshopCaption", 0x040B: "URL", 0x041E: "URL_List", 0x03E9: "MacPrintInfo", 0x03EA: "XMLPrintInfo",
          0x041A: "SliceInfo"}  # fmt: skip
"""Resources that may hold words: printers' names, addresses of pages, names of slices."""
_THUMBNAILS = (0x0409, 0x040C)
_THUMBNAIL_HEADER = 28
_TYPES = (b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa")


def read_resources(block: Block, path: str, found: Collector) -> None:
    """Photoshop resources (8BIM blocks): IPTC, thumbnails, paths and whatever else."""
    data, at = block.data, 0
    for _ in range(MAX_RECORDS):
        if at + 12 > len(data) or data[at : at + 4] not in _TYPES:
            break
        number = int.from_bytes(data[at + 4 : at + 6], "big")
        start = at + 7
        name = data[start : start + data[at + 6]]
        at += 6 + (data[at + 6] + 2) // 2 * 2
        size = int.from_bytes(data[at : at + 4], "big")
        body = block.cut(at + 4, at + 4 + size)
        if name.strip(b"\0"):
            role = Role.TECHNICAL if text(name).casefold() in resource_names() else Role.TAG
            found.add(block, path, "resource name", text(name), start, start + len(name), role)
        with found.guarded(path):
            _resource(number, body, path, found)
        at += 4 + (size + 1) // 2 * 2
    found.unknown(block, path, start=min(at, len(data)))


def _resource(number: int, body: Block, path: str, found: Collector) -> None:
    parent = path.rpartition("/")[0]
    if number == 0x0404:
        read(body, f"{parent}/iptc", found)
    elif number in _THUMBNAILS:
        picture = body.cut(_THUMBNAIL_HEADER)
        embedded.part(picture, path, "PhotoshopThumbnail", Role.THUMBNAIL, found)
    elif number in (0x0422, 0x0423):
        standards.read("exif", body, f"{path}/exif", found)
    elif number == 0x0424:
        standards.read("xmp", body, f"{path}/xmp", found)
    elif number == 0x040F:
        icc.read(body, f"{path}/icc", found)
    elif number in _TEXTS and (words := _words(body.data)):
        found.add(body, path, _TEXTS[number], words)
    elif number in _RESOURCES:
        found.add(body, path, _RESOURCES[number], body.data[:64], 0, None, Role.TECHNICAL)
    else:
        found.unknown(body, path, f"resource {number:#06x}")


def _words(data: bytes) -> str:
    """The readable part of a resource: text as it stands, Pascal strings, or UTF-16 runs."""
    raw = data.strip(b"\0")
    if raw and all(byte >= 32 or byte in b"\t\r\n" for byte in raw[:4096]):
        return text(raw)
    wide = data.decode("utf-16-be", "ignore")
    letters = "".join(c if c.isascii() and c.isprintable() else " " for c in wide)
    return " ".join(word for word in letters.split() if len(word) > 3)


def read(block: Block, path: str, found: Collector) -> None:
    """The datasets of an IIM block."""
    data, at, charset = block.data, 0, ""
    for _ in range(MAX_RECORDS):
        if at + 5 > len(data) or data[at] != 0x1C:
            break
        record, number, size = data[at + 1], data[at + 2], int.from_bytes(data[at + 3 : at + 5], "big")
        body = at + 5
        if size & 0x8000:
            wide = size & 0x7FFF
            size = int.from_bytes(data[body : body + min(wide, 8)], "big")
            body += wide
        value = data[body : body + size]
        if (record, number) == (1, 90):
            charset = "utf-8" if value == b"\x1b%G" else ""
        at = body + size
        if value.strip(b"\0 "):
            names = _APPLICATION if record == 2 else _ENVELOPE if record == 1 else {}
            role = Role.TECHNICAL if (record, number) in _STRUCTURAL else Role.TAG
            shown = value.decode(charset, "replace").strip("\0 ") if charset else text(value)
            found.add(block, path, names.get(number, f"{record}:{number}"), shown, body, at, role)
    found.unknown(block, path, start=min(at, len(data)))
