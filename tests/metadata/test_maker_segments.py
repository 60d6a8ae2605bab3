"""What makers of cameras write into JPEG segments of their own: thermal cameras, GoPro, Kodak, Canon's CIFF."""

from __future__ import annotations

import struct

import pytest

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata.entry import Entry, Role
from tests.metadata.containers import jpeg, png, segment, tiff
from tests.metadata.test_maker_layouts import put

CAMERA = put(
    0x400,
    (0xD4, b"FLIR E8"),
    (0x104, b"63901234"),
    (0x1A0, b"LN-00441"),
    (0x384, struct.pack("<IIh", 1_700_000_000, 250, -480)),
    sign=b"\2\0",
)
NOTES = bytes(12) + b'.1.label unicode "Room"\r\n.1.value unicode "Aunt\\0020Mary\'s roof"\r\n\0'


def place(latitude: float, longitude: float, valid: int = 1) -> bytes:
    return put(0xB0, (0x10, struct.pack("<dd", latitude, longitude)), sign=struct.pack("<I", valid))


def fff(*records: tuple[int, bytes], order: str = ">") -> bytes:
    """FLIR's block with those records."""
    at = 64 + 32 * len(records)
    rows, body = b"", b""
    for kind, content in records:
        rows += struct.pack(order + "HHIIII", kind, 1, 100, 1, at + len(body), len(content)) + bytes(12)
        body += content
    head = b"FFF\0" + b"MTX IR\0".ljust(16, b"\0") + struct.pack(order + "III", 100, 64, len(records))
    return head.ljust(64, b"\0") + rows + body


def thermal(block: bytes, pieces: int = 1) -> bytes:
    """A photo with the block in so many segments."""
    size = -(-len(block) // pieces)
    cut = [block[at : at + size] for at in range(0, len(block), size)]
    return jpeg(*(segment(0xE1, b"FLIR\0\1" + bytes((n, len(cut) - 1)) + part) for n, part in enumerate(cut)))


def entries(data: bytes) -> list[Entry]:
    return list(metadata.read(data, Format.JPEG, "").entries)


def values(data: bytes, role: Role = Role.TAG) -> dict[str, object]:
    return {e.field: e.value for e in entries(data) if e.role is role}


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("pieces", [1, 3])
def test_a_thermal_camera_tells_numbers_place_and_notes(order: str, pieces: int) -> None:
    data = thermal(fff((0x20, CAMERA), (0x2B, place(4.1234, -73.5)), (0x23, NOTES), order=order), pieces)
    said = values(data)
    assert said.pop("DateTimeOriginal") == "2023:11:15 06:13:20.250"
    assert said == {
        "Software": "MTX IR",
        "Model": "FLIR E8",
        "SerialNumber": "63901234",
        "LensSerialNumber": "LN-00441",
        "GPSCoordinates": "+04.123400-073.500000/",
        "label 1": "Room",
        "Comment": "Aunt Mary's roof",
    }


@pytest.mark.parametrize("block", [place(4.1, 5.2, valid=0), place(0, 0), place(400, 2), place(float("nan"), 5)])
def test_no_position_is_made_of_an_empty_field(block: bytes) -> None:
    assert "GPSCoordinates" not in values(thermal(fff((0x2B, block))))


def test_the_hidden_photo_and_the_thermal_picture_are_parts() -> None:
    hidden = b"\2\0" + struct.pack("<HH", 640, 480) + bytes(26) + jpeg(segment(0xFE, b"CANARY"))
    raw = b"\2\0" + struct.pack("<HH", 80, 60) + bytes(26) + bytes(range(256)) * 4
    found = entries(thermal(fff((0x0E, hidden), (0x01, raw), (0x01, raw[:32] + png()))))
    parts = [(e.field, e.about) for e in found if e.role is Role.IMAGE]
    assert parts == [
        ("hidden photo", "JPEG picture, 16 x 16"),
        ("thermal picture", "picture, 80 x 60"),
        ("thermal picture", "PNG picture, 4 x 4"),
    ]
    assert "CANARY" in [e.value for e in found]


@pytest.mark.parametrize("size", [0, 3, 20, 63, 64, 80, 96, 200])
def test_a_thermal_block_that_ends_early_is_damage_only(size: int) -> None:
    block = fff((0x20, CAMERA), (0x2B, place(4.1, 5.2)), (0x0E, bytes(40)))[:size]
    metadata.read(thermal(block or b"F"), Format.JPEG, "")


def gpmf(name: bytes, content: bytes, form: int = 0x63) -> bytes:
    row = name + bytes((form, 1)) + struct.pack(">H", len(content))
    return row + content + bytes(-len(content) % 4)


def ciff() -> bytes:
    """A heap with a serial number in its directory and an owner in a heap below."""
    inner = b"Siti Rahma\0\0" + struct.pack("<HHII", 1, 0x0810, 12, 0) + struct.pack("<I", 12)
    rows = struct.pack("<HII", 0x580B, 1234567, 0) + struct.pack("<HII", 0x300A, len(inner), 0)
    return b"II\x1a\0\0\0HEAPJPGM" + bytes(12) + inner + struct.pack("<H", 2) + rows + struct.pack("<I", len(inner))


SEGMENTS = {
    "GoPro": (
        0xE6,
        b"GoPro\0" + gpmf(b"DEVC", gpmf(b"CASN", b"C3221324545448\0") + gpmf(b"MINF", b"HERO6"), 0),
        {"SerialNumber": "C3221324545448", "Model": "HERO6"},
    ),
    "Kodak": (
        0xE3,
        b"Meta\0\0" + tiff([(0xC353, 7, b"ASCII\0\0\0Grandpa Joe"), (0xC354, 7, b"ASCII\0\0\0KCKCN1234")]),
        {"OwnerName": "Grandpa Joe", "SerialNumber": "KCKCN1234"},
    ),
    "InfiRay": (
        0xE9,
        put(0x2C8, (0xC0, b"IR2304A0017"), (0x240, b"VS88012345")),
        {"SerialNumber": "IR2304A0017", "InternalSerialNumber": "VS88012345"},
    ),
    "Hewlett-Packard": (
        0xE6,
        b"TDHD\1\0\0\0" + struct.pack("<I", 30) + b"CMSN\2\0\0\0\x0a\0\0\0MY58SB1234",
        {"SerialNumber": "MY58SB1234"},
    ),
    "Canon": (0xE0, ciff(), {"OwnerName": "Siti Rahma", "SerialNumber": "0001234567"}),
    "Samsung": (0xE5, b"ssuniqueid\0F08LLJA00VM", {"ImageUniqueID": "F08LLJA00VM"}),
}


@pytest.mark.parametrize("maker", sorted(SEGMENTS))
def test_a_maker_s_segment_tells(maker: str) -> None:
    marker, content, expected = SEGMENTS[maker]
    data = jpeg(segment(marker, content))
    assert values(data) == expected
    assert Role.UNKNOWN in {e.role for e in entries(data)}, "it is told as private data besides"
    for end in range(0, len(content), 7):
        metadata.read(jpeg(segment(marker, content[:end])), Format.JPEG, "")


@pytest.mark.parametrize("marker", [0xE0, 0xE3, 0xE5, 0xE6, 0xE9])
def test_another_s_segment_is_not_read_by_their_rules(marker: int) -> None:
    content = bytes(range(32, 127)) * 8
    assert values(jpeg(segment(marker, content))) == {}
