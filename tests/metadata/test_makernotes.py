"""Serial numbers and owners out of maker notes, in each maker's own layout."""

from __future__ import annotations

import struct

import pytest

from photoscan import metadata
from photoscan.formats import Format
from tests.metadata.containers import Tag, exif, ifd, jpeg, tiff

MODEL = "Model 1"


def camera(make: str, note: bytes, order: str = "<") -> bytes:
    """A photo whose maker note is `note`."""
    return jpeg(exif(tiff([(0x010F, 2, make), (0x0110, 2, MODEL)], order, exif=[(0x927C, 7, note)])))


def at_home(make: str, head: bytes, tags: list[Tag], order: str = "<") -> bytes:
    """A note whose offsets count from the EXIF block: its place is found first, then its directory is written."""
    plain = ifd(tags, order, 0)
    data = camera(make, head + bytes(len(plain)), order)
    place = next(e for e in metadata.read(camera(make, head + b"\1" * len(plain), order), Format.JPEG, "").entries
                 if e.field == "MakerNote")  # fmt: skip
    block = data.index(b"Exif\0\0") + 6
    return camera(make, head + ifd(tags, order, place.offset - block + len(head)), order)


def on_its_own(head: bytes, tags: list[Tag], order: str, at: int | None = None) -> bytes:
    """A note whose offsets count from its own start, or from `at` bytes behind it."""
    return head + ifd(tags, order, len(head) - (at or 0))


_NIKON = b"MM\0*\0\0\0\x08" + ifd([(0x001D, 2, "3004477")], ">", 8)
_EQUIPMENT_AT = 12 + 2 + 12 + 4
_OLYMPUS = (
    b"OLYMPUS\0II\3\0" + ifd([(0x2010, 4, _EQUIPMENT_AT)], "<", 12)
    + ifd([(0x0101, 2, "BHP242330"), (0x0202, 2, "AC1234567")], "<", _EQUIPMENT_AT)
)  # fmt: skip

NOTES = {
    "Canon": (at_home("Canon", b"", [(9, 2, "Rosa Lima"), (0x0C, 4, 730407), (0x96, 2, "VB0012345")]),
              {"OwnerName": "Rosa Lima", "SerialNumber": "0000730407", "InternalSerialNumber": "VB0012345"}),
    "Nikon": (camera("NIKON CORPORATION", b"Nikon\0\2\x10\0\0" + _NIKON, ">"), {"SerialNumber": "3004477"}),
    "Sony": (at_home("SONY", b"SONY DSC \0\0\0", [(0x2031, 2, "28021967")]), {"SerialNumber": "67190228"}),
    "Fujifilm": (camera("FUJIFILM", on_its_own(b"FUJIFILM\x0c\0\0\0", [(0x10, 2, "FFDT22512345")], "<")),
                 {"InternalSerialNumber": "FFDT22512345"}),
    "Olympus": (camera("OLYMPUS CORPORATION", _OLYMPUS),
                {"SerialNumber": "BHP242330", "LensSerialNumber": "AC1234567"}),
    "Panasonic": (at_home("Panasonic", b"Panasonic\0\0\0", [
                      (0x25, 7, b"F590703220031\0\0\0"), (0x52, 2, "09110001234"), (0x66, 7, b"Ayu".ljust(64, b"\0")),
                      (0x61, 7, b"\1\0\0\0" + b"Bima".ljust(20, b"\0") + bytes(28) + bytes(96))]),
                  {"InternalSerialNumber": "F590703220031", "LensSerialNumber": "09110001234", "BabyName": "Ayu",
                   "RecognizedFaceName": "Bima"}),
    "Apple": (camera("Apple", on_its_own(b"Apple iOS\0\0\1MM", [(0x11, 2, "3F2504E0-4F89-11D3")], ">"), ">"),
              {"ContentIdentifier": "3F2504E0-4F89-11D3"}),
    "Samsung": (camera("SAMSUNG", on_its_own(b"", [(1, 7, b"0100"), (0xA002, 2, "ABD1234XYZ")], "<")),
                {"SerialNumber": "ABD1234XYZ"}),
    "Pentax": (camera("RICOH", on_its_own(b"PENTAX \0MM", [(0x0229, 2, "4512789")], ">")), {"SerialNumber": "4512789"}),
    "in words": (camera("Hewlett-Packard", b"HPMet\0 SERIAL NUMBER:MY27PK1234 more"), {"SerialNumber": "MY27PK1234"}),
}  # fmt: skip


@pytest.mark.parametrize("maker", sorted(NOTES))
def test_what_a_maker_writes(maker: str) -> None:
    data, expected = NOTES[maker]
    found = metadata.read(data, Format.JPEG, "")
    values = {e.field: e.value for e in found.entries if "/makernote/" in e.container}
    assert values == expected
    assert found.warnings == ()
    (note,) = [e for e in found.entries if e.field == "MakerNote"]
    assert note.role.value == "unknown"


def test_google_s_note_is_told_as_private() -> None:
    found = metadata.read(camera("Google", b"HDRP\2" + bytes(range(200))), Format.JPEG, "")
    (note,) = [e for e in found.entries if e.field == "MakerNote"]
    assert note.about == "private data of Google"


def test_a_preview_in_a_note_is_a_thumbnail() -> None:
    note = b"SOMEONE\0" + jpeg(b"\xff\xe0" + struct.pack(">H", 400) + bytes(398))
    found = metadata.read(camera("Someone", note), Format.JPEG, "")
    assert [e.role.value for e in found.entries if e.field == "MakerNote preview"] == ["thumbnail"]


def test_a_note_that_points_outside_is_no_damage() -> None:
    note = b"Apple iOS\0\0\1MM" + struct.pack(">HHHII", 1, 0x11, 2, 5000, 9000)
    assert metadata.read(camera("Apple", note), Format.JPEG, "").warnings == ()
