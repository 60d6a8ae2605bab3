"""IPTC-IIM 4.2 records, and the Photoshop image resources that carry them."""

from __future__ import annotations

from photoscan.masking.harmless import resource_names
from photoscan.metadata import embedded, icc, standards
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.ifd import text

MAX_RECORDS = 10_000
_RECORDS = {
    1: {
        0: "EnvelopeRecordVersion", 5: "Destination", 20: "FileFormat", 22: "FileVersion", 30: "ServiceIdentifier",
        40: "EnvelopeNumber", 50: "ProductID", 60: "EnvelopePriority", 70: "DateSent", 80: "TimeSent",
        90: "CodedCharacterSet", 100: "UniqueObjectName", 120: "ARMIdentifier", 122: "ARMVersion",
    },
    2: {
        0: "ApplicationRecordVersion", 3: "ObjectTypeReference", 4: "ObjectAttributeReference", 5: "ObjectName",
        7: "EditStatus", 8: "EditorialUpdate", 10: "Urgency", 12: "SubjectReference", 15: "Category",
        20: "SupplementalCategories", 22: "FixtureIdentifier", 25: "Keywords", 26: "ContentLocationCode",
        27: "ContentLocationName", 30: "ReleaseDate", 35: "ReleaseTime", 37: "ExpirationDate", 38: "ExpirationTime",
        40: "SpecialInstructions", 42: "ActionAdvised", 45: "ReferenceService", 47: "ReferenceDate",
        50: "ReferenceNumber", 55: "DateCreated", 60: "TimeCreated", 62: "DigitalCreationDate",
        63: "DigitalCreationTime", 65: "OriginatingProgram", 70: "ProgramVersion", 75: "ObjectCycle", 80: "By-line",
        85: "By-lineTitle", 90: "City", 92: "Sub-location", 95: "Province-State", 100: "CountryCode", 101: "Country",
        103: "TransmissionReference", 105: "Headline", 110: "Credit", 115: "Source", 116: "CopyrightNotice",
        118: "Contact", 120: "Caption-Abstract", 121: "LocalCaption", 122: "Writer-Editor", 125: "RasterizedCaption",
        130: "ImageType", 131: "ImageOrientation", 135: "LanguageIdentifier", 150: "AudioType",
        151: "AudioSamplingRate", 152: "AudioSamplingResolution", 153: "AudioDuration", 154: "AudioOutcue",
        184: "JobID", 185: "MasterDocumentID", 186: "ShortDocumentID", 187: "UniqueDocumentID", 188: "OwnerID",
        200: "ObjectPreviewFileFormat", 201: "ObjectPreviewFileVersion", 202: "ObjectPreviewData", 221: "Prefs",
        225: "ClassifyState", 228: "SimilarityIndex", 230: "DocumentNotes", 231: "DocumentHistory",
        232: "ExifCameraInfo", 255: "CatalogSets",
    },
    3: {10: "IPTCPictureNumber"},
}  # fmt: skip
_STRUCTURAL = frozenset(
    [(1, number) for number in (0, 20, 22, 60, 90, 120, 122)]
    + [(2, number) for number in (0, 4, 7, 8, 10, 42, 75, 130, 131, 135, 150, 151, 152, 153, 200, 201, 228)]
    + [
        (3, number)
        for number in (0, 20, 30, 40, 50, 55, 60, 64, 65, 70, 80, 84, 85, 86, 90, 100, 102, 110, 120, 125, 130)
    ]
    + [(3, 135), (3, 140), (3, 145), (7, 10), (7, 20), (7, 90), (7, 95), (9, 10)]
)
"""Version numbers, character sets, rotation, the picture's own layout: datasets that say nothing of people."""
_PREVIEW, _DRAWN = (2, 202), frozenset(((2, 125), (3, 66), (8, 10)))
"""What is no text: a preview; a caption as dots, a colour profile, and an object itself."""
_UTF8 = (b"\x1b%G", b"\x1b%/G", b"\x1b%/H", b"\x1b%/I")

_RESOURCES = {
    0x03E9: "MacPrintInfo", 0x03EA: "XMLPrintInfo", 0x03EC: "ObsoletePrintInfo", 0x03ED: "ResolutionInfo",
    0x03EF: "DisplayInfo", 0x03F1: "BorderInformation", 0x03F2: "BackgroundColor", 0x03F3: "PrintFlags",
    0x03F4: "BWHalftoningInfo", 0x03F5: "ColorHalftoningInfo", 0x03F6: "DuotoneHalftoningInfo",
    0x03F7: "BWTransferFunc", 0x03F8: "ColorTransferFuncs", 0x03F9: "DuotoneTransferFuncs", 0x03FA: "DuotoneImageInfo",
    0x03FB: "EffectiveBW", 0x03FD: "EPSOptions", 0x03FE: "QuickMaskInfo", 0x0400: "LayerStateInfo",
    0x0401: "WorkingPath", 0x0402: "LayersGroupInfo", 0x0405: "RawImageMode", 0x0406: "JPEG_Quality",
    0x0408: "GridGuidesInfo", 0x040A: "CopyrightFlag", 0x040D: "GlobalAngle", 0x040E: "ColorSamplersResource",
    0x0410: "Watermark", 0x0411: "ICC_Untagged", 0x0412: "EffectsVisible", 0x0413: "SpotHalftone",
    0x0414: "IDsBaseValue", 0x0416: "IndexedColorTableCount", 0x0417: "TransparentIndex", 0x0419: "GlobalAltitude",
    0x041A: "SliceInfo", 0x041D: "AlphaIdentifiers", 0x041E: "URL_List", 0x0421: "VersionInfo", 0x0425: "IPTCDigest",
    0x0426: "PrintScaleInfo", 0x0428: "PixelInfo", 0x042B: "AlternateDuotoneColors", 0x042C: "AlternateSpotColors",
    0x042D: "LayerSelectionIDs", 0x042E: "HDRToningInfo", 0x042F: "PrintInfo", 0x0430: "LayerGroupsEnabledID",
    0x0431: "ColorSamplersResource2", 0x0432: "MeasurementScale", 0x0435: "DisplayInfo2", 0x0436: "OnionSkins",
    0x043A: "PrintInfo2", 0x043B: "PrintStyle", 0x043F: "AutoSaveFormat", 0x0440: "PathSelectionState",
    0x2710: "PrintFlagsInfo",
}  # fmt: skip
"""Resources about printing and showing (Adobe's Photoshop File Formats Specification, image resource ids)."""
MAX_TECHNICAL = 4096
"""A larger one may hold anything."""
_TEXTS = {0x03F0: "PhotoshopCaption", 0x040B: "URL", 0x041E: "URL_List", 0x03E9: "MacPrintInfo", 0x03EA: "XMLPrintInfo",
          0x041A: "SliceInfo", 0x041B: "WorkflowURL", 0x03EE: "AlphaChannelsNames", 0x0415: "UnicodeAlphaNames",
          0x0BB7: "ClippingPathName", 0x043E: "AutoSaveFilePath", 0x043C: "MacintoshNSPrintInfo",
          0x043D: "WindowsDEVMODE", 0x1B58: "ImageReadyVariables", 0x1B59: "ImageReadyDataSets",
          0x1F40: "LightroomWorkflow", 0x0429: "LayerComps", 0x0434: "SheetDisclosure"}  # fmt: skip
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
            role = Role.TECHNICAL if _is_given(text(name)) else Role.TAG
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
        if not all(map(_is_given, words.split("; "))):
            found.add(body, path, _TEXTS[number], words)
    elif number in _TEXTS or (number in _RESOURCES and len(body.data) <= MAX_TECHNICAL):
        name = _RESOURCES.get(number) or _TEXTS[number]
        found.add(body, path, name, body.data[:64], 0, None, Role.TECHNICAL)
    else:
        found.unknown(body, path, f"resource {number:#06x}")


def _is_given(name: str) -> bool:
    """Whether Photoshop itself names a resource, path or channel so."""
    head, _, number = name.casefold().rpartition(" ")
    return name.casefold() in resource_names() or (head in ("path", "alpha", "mask", "layer") and number.isdigit())


def _words(data: bytes) -> str:
    """The readable part of a resource: text as it stands, Pascal strings, or UTF-16 runs."""
    raw = data.strip(b"\0")
    if raw and all(byte >= 32 or byte in b"\t\r\n" for byte in raw[:4096]):
        return text(raw)
    if strings := _pascal(data):
        return "; ".join(strings)
    wide = data.decode("utf-16-be", "ignore")
    letters = "".join(c if c.isprintable() and (c.isascii() or c.isalpha()) else " " for c in wide)
    if data[:4] == (len(data) // 2 - 2).to_bytes(4, "big"):  # one string behind the number of its characters
        return " ".join(letters.split())
    plain = "".join(c if c.isascii() else " " for c in letters)
    return " ".join(word for word in plain.split() if len(word) > 3)


def _pascal(data: bytes) -> list[str]:
    """Strings behind a byte each that tells their length; none where bytes are left over."""
    found: list[str] = []
    at = 0
    while at < len(data):
        raw = data[at + 1 : at + 1 + data[at]]
        if not raw or len(raw) < data[at] or any(byte < 32 for byte in raw):
            return found if found and not data[at:].strip(b"\0") else []
        found.append(text(raw))
        at += 1 + len(raw)
    return found


def read(block: Block, path: str, found: Collector) -> None:
    """The datasets of an IIM block."""
    data, at, utf8 = block.data, 0, False
    for _ in range(MAX_RECORDS):
        while at < len(data) and not data[at]:  # writers align their blocks
            at += 1
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
            utf8 = value.startswith(_UTF8)
        at = body + size
        name = _RECORDS.get(record, {}).get(number, f"{record}:{number}")
        if (record, number) == _PREVIEW and value:
            embedded.part(block.cut(body, at), path, name, Role.THUMBNAIL, found)
        elif (record, number) in _DRAWN and value:
            found.unknown(block, path, name, body, at)
        elif value.strip(b"\0 "):
            role = Role.TECHNICAL if (record, number) in _STRUCTURAL and size <= MAX_TECHNICAL else Role.TAG
            shown = value.decode("utf-8", "replace").strip("\0 ") if utf8 else text(value)
            found.add(block, path, name, shown, body, at, role)
    found.unknown(block, path, start=min(at, len(data)))
