"""What tags, datasets and namespaces are called: checked against other tables than the readers' own."""

from __future__ import annotations

import piexif
import pytest

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata import Entry, Role
from tests.metadata import containers as c

OTHERWISE = {
    "NewSubfileType": "SubfileType", "SubfileType": "OldSubfileType", "ImageLength": "ImageHeight",
    "Threshholding": "Thresholding", "DateTime": "ModifyDate", "JPEGInterchangeFormat": "ThumbnailOffset",
    "JPEGInterchangeFormatLength": "ThumbnailLength", "TIFFEPStandardID": "TIFF-EPStandardID",
    "PrintImageMatching": "PrintIM", "ISOSpeedRatings": "ISO", "DateTimeDigitized": "CreateDate",
    "ExposureBiasValue": "ExposureCompensation", "Temperature": "AmbientTemperature",
    "PixelXDimension": "ExifImageWidth", "PixelYDimension": "ExifImageHeight",
    "FocalLengthIn35mmFilm": "FocalLengthIn35mmFormat", "LensSpecification": "LensInfo",
}  # fmt: skip
"""Where ExifTool's name, which the readers use, is not the standard's, which piexif uses."""
STRUCTURE = {"ExifTag", "GPSTag", "InteroperabilityTag", "MakerNote", "Orientation", "SubIFDs", "Padding"}
"""What is followed, shown or read rather than named."""
TELLING = {
    "DocumentName", "ImageDescription", "Make", "Model", "Software", "ModifyDate", "Artist", "HostComputer", "Rating",
    "RatingPercent", "Copyright", "TimeZoneOffset", "DateTimeOriginal", "CreateDate", "OffsetTime",
    "OffsetTimeOriginal", "OffsetTimeDigitized", "ImageNumber", "ImageHistory", "UserComment", "SubSecTime",
    "SubSecTimeOriginal", "SubSecTimeDigitized", "AmbientTemperature", "Humidity", "Pressure", "WaterDepth",
    "Acceleration", "CameraElevationAngle", "XPTitle", "XPComment", "XPAuthor", "XPKeywords", "XPSubject",
    "RelatedSoundFile", "ImageUniqueID", "CameraOwnerName", "BodySerialNumber", "LensMake", "LensModel",
    "LensSerialNumber", "UniqueCameraModel", "LocalizedCameraModel", "CameraSerialNumber", "RawDataUniqueID",
    "OriginalRawFileName", "PreviewDateTime",
}  # fmt: skip
"""Tags of piexif's table that say who, where, when or with what."""


def listed(directory: str) -> dict[int, str]:
    return {n: OTHERWISE.get(row["name"], row["name"]) for n, row in piexif.TAGS[directory].items()}


def read(data: bytes) -> tuple[Entry, ...]:
    return tuple(metadata.read(data, Format.JPEG, "photo").entries)


def one(number: int, directory: str) -> Entry:
    """The entry of a tag that holds a text."""
    wide = 0x9C9A <= number <= 0x9C9F  # Windows' own, in UTF-16
    tags: list[c.Tag] = [(number, 1, "canary text\0".encode("utf-16-le")) if wide else (number, 2, "canary text")]
    block = c.tiff([], gps=tags) if directory == "GPS" else c.tiff([], exif=tags)
    (entry,) = (entry for entry in read(c.jpeg(c.exif(block))) if "canary text" in entry.text)
    return entry


EXIF = {n: name for n, name in listed("Exif").items() if name not in STRUCTURE}
IMAGE = {n: name for n, name in listed("Image").items() if name in TELLING}


@pytest.mark.parametrize(("number", "name"), sorted((EXIF | IMAGE).items()))
def test_exif_tags_have_their_name_and_tell_or_do_not(number: int, name: str) -> None:
    entry = one(number, "Exif")
    assert (entry.field, entry.role) == (name, Role.TAG if name in TELLING else Role.TECHNICAL)


@pytest.mark.parametrize(("number", "name"), sorted(listed("GPS").items()))
def test_tags_of_the_position_have_their_name(number: int, name: str) -> None:
    entry = one(number, "GPS")
    assert (entry.field, entry.role) == (name, Role.TAG)


NEW_IN_EXIF_3 = {
    0xA436: "ImageTitle", 0xA437: "Photographer", 0xA438: "ImageEditor", 0xA439: "CameraFirmware",
    0xA43A: "RAWDevelopingSoftware", 0xA43B: "ImageEditingSoftware", 0xA43C: "MetadataEditingSoftware",
    0x011D: "PageName", 0x9C9A: "XPRating", 0xFDE8: "OwnerName", 0xFDE9: "SerialNumber", 0xFDEA: "Lens",
}  # fmt: skip
"""EXIF 3.0, table 8, and what Adobe's and Microsoft's programs add."""


@pytest.mark.parametrize(("number", "name"), NEW_IN_EXIF_3.items())
def test_newer_tags_have_their_name(number: int, name: str) -> None:
    assert (one(number, "Exif").field, one(number, "Exif").role) == (name, Role.TAG)


def test_a_tag_of_no_table_is_told_as_unknown() -> None:
    assert one(0xBEEF, "Exif").role is Role.UNKNOWN
    assert one(32, "GPS").role is Role.UNKNOWN


IPTC = {
    (2, 5): "ObjectName", (2, 12): "SubjectReference", (2, 15): "Category", (2, 20): "SupplementalCategories",
    (2, 22): "FixtureIdentifier", (2, 25): "Keywords", (2, 26): "ContentLocationCode", (2, 27): "ContentLocationName",
    (2, 30): "ReleaseDate", (2, 35): "ReleaseTime", (2, 40): "SpecialInstructions", (2, 55): "DateCreated",
    (2, 60): "TimeCreated", (2, 62): "DigitalCreationDate", (2, 63): "DigitalCreationTime",
    (2, 65): "OriginatingProgram", (2, 70): "ProgramVersion", (2, 80): "By-line", (2, 85): "By-lineTitle",
    (2, 90): "City", (2, 92): "Sub-location", (2, 95): "Province-State", (2, 100): "CountryCode", (2, 101): "Country",
    (2, 103): "TransmissionReference", (2, 105): "Headline", (2, 110): "Credit", (2, 115): "Source",
    (2, 116): "CopyrightNotice", (2, 118): "Contact", (2, 120): "Caption-Abstract", (2, 122): "Writer-Editor",
    (1, 5): "Destination", (1, 30): "ServiceIdentifier", (1, 40): "EnvelopeNumber", (1, 50): "ProductID",
    (1, 70): "DateSent", (1, 80): "TimeSent", (1, 100): "UniqueObjectName", (2, 250): "2:250", (3, 5): "3:5",
}  # fmt: skip
"""Datasets of IIM 4.2, chapters 5 and 6, that say something; numbers of no dataset stand for themselves."""
SAYS_NOTHING = ((1, 0), (1, 20), (1, 22), (1, 120), (1, 122), (2, 0), (2, 130), (2, 131))


def iptc(*datasets: bytes) -> list[Entry]:
    data = c.jpeg(c.segment(0xED, b"Photoshop 3.0\0" + c.resource(0x0404, b"".join(datasets))))
    return [entry for entry in read(data) if entry.container == "jpeg/iptc"]


@pytest.mark.parametrize(("record", "number"), IPTC)
def test_datasets_have_their_name(record: int, number: int) -> None:
    (entry,) = iptc(c.dataset(number, b"canary", record))
    assert (entry.field, entry.text, entry.role) == (IPTC[record, number], "canary", Role.TAG)


@pytest.mark.parametrize(("record", "number"), SAYS_NOTHING)
def test_structural_datasets_are_technical(record: int, number: int) -> None:
    (entry,) = iptc(c.dataset(number, b"canary", record))
    assert entry.role is Role.TECHNICAL


def test_the_character_set_of_datasets_is_kept_to() -> None:
    """Without it a text is UTF-8 where it can be; with it, what is none is replaced, not read as Latin-1."""
    utf8 = c.dataset(90, b"\x1b%G", 1)
    assert [e.text for e in iptc(utf8, c.dataset(80, "Zoë".encode()))][-1] == "Zoë"
    assert [e.text for e in iptc(c.dataset(80, "Zoë".encode("latin-1")))] == ["Zoë"]
    assert [e.text for e in iptc(utf8, c.dataset(80, "Zoë".encode("latin-1")))][-1] == "Zo�"


def test_a_long_dataset_says_its_length_in_more_bytes() -> None:
    long = b"\x1c\x02\x78\x80\x04" + (40_000).to_bytes(4, "big") + b"a" * 40_000
    entries = iptc(long, c.dataset(80, b"canary"))
    assert [(e.field, len(e.text)) for e in entries] == [("Caption-Abstract", 40_000), ("By-line", 6)]


PREFIXES = {
    "http://ns.adobe.com/xap/1.0/": "xmp", "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/tiff/1.0/": "tiff", "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop", "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights", "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/aux/": "aux", "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt", "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://ns.microsoft.com/photo/1.2/": "MP", "http://ns.microsoft.com/photo/1.2/t/Region#": "MPReg",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto", "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://ns.google.com/photos/1.0/panorama/": "GPano", "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://www.digikam.org/ns/1.0/": "digiKam", "http://www.dji.com/drone-dji/1.0/": "drone-dji",
    "http://ns.apple.com/faceinfo/1.0/": "apple-fi", "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://ns.acdsee.com/iptc/1.0/": "acdsee", "http://ns.adobe.com/hdr-gain-map/1.0/": "hdrgm",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef", "http://example.org/own/": "q",
}  # fmt: skip
"""Namespaces with the prefix that their standard writes; a file may write any other."""


@pytest.mark.parametrize("address", PREFIXES)
def test_properties_are_called_as_the_standard_does_whatever_the_file_writes(address: str) -> None:
    rows = '<rdf:Description q:Byattribute="canary one"/><q:ByElement>canary two</q:ByElement>'
    packet = b"http://ns.adobe.com/xap/1.0/\0" + c.xmp(rows, f'xmlns:q="{address}"')
    entries = [entry for entry in read(c.jpeg(c.segment(0xE1, packet))) if "canary" in entry.text]
    prefix = PREFIXES[address]
    assert [entry.field for entry in entries] == [f"{prefix}:Byattribute", f"{prefix}:ByElement"]
