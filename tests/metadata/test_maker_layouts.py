"""Every layout of maker notes that is known tells its serial numbers, names and places, wherever an editor put it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata.makers import BY_MAKE, MAKERS, Maker
from tests.metadata.containers import Tag, exif, ifd, jpeg, tiff
from tests.metadata.test_makernotes import at_home, camera, on_its_own
from tests.properties import share

SERIAL = "SerialNumber"


def put(size: int, *values: tuple[int, bytes], sign: bytes = b"") -> bytes:
    """A block of a size with values at places."""
    block = bytearray(size)
    for at, value in ((0, sign), *values):
        block[at : at + len(value)] = value
    return bytes(block)


def modelled(make: str, model: str, note: bytes, order: str = "<") -> bytes:
    """A photo by a camera of that model."""
    return jpeg(exif(tiff([(0x010F, 2, make), (0x0110, 2, model)], order, exif=[(0x927C, 7, note)])))


def of_model(make: str, model: str, head: bytes, tags: list[Tag]) -> bytes:
    """The same with a directory whose offsets count from the EXIF block."""
    plain = ifd(tags, "<", 0)
    first = modelled(make, model, head + b"\1" * len(plain))
    at = first.index(head + b"\1" * len(plain)) - (first.index(b"Exif\0\0") + 6)
    return modelled(make, model, head + ifd(tags, "<", at + len(head)))


def enciphered(clear: bytes) -> bytes:
    return bytes(pow(b, 3, 249) if b < 249 else b for b in clear)


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


_GXR = put(64, (0, b"RS1 :V00560000"), (16, b"SID:00100056"), (32, b"RL1 :V00560000"), (48, b"LID:00010024"))
_KODAK_SUB = b"II" + ifd([(0xFA19, 2, "KCXEV72700123")], "<", 2)
_KODAK = ifd([(0xFC00, 7, _KODAK_SUB)], "<", 8)
_PHASE_ONE = (
    b"IIII\x03waR" + struct.pack("<III", 12, 2, 0)
    + struct.pack("<IIII", 0x0102, 1, 12, 60) + struct.pack("<IIII", 0x0412, 1, 8, 72)
    + bytes(8) + b"MM001234\0\0\0\0" + b"80mm LS\0"
)  # fmt: skip
_FUJI = (
    b"FUJIFILM\x0c\0\0\0"
    + ifd([(0x4282, 7, put(130, (0, struct.pack("<II", 8, 62)), (8 + 30, struct.pack("<II", 4, 80)), (80, b"Sita"),
                           (8 + 54, struct.pack("<II", 8, 90)), (90, b"20190407")))], "<", 12)
)  # fmt: skip

LAYOUTS = {
    "Olympus, EXIF's offsets": (at_home("OLYMPUS", b"OLYMP\0\1\0", [(0x101A, 2, "212043307")]), {SERIAL: "212043307"}),
    "Epson": (at_home("SEIKO EPSON CORP.", b"EPSON\0\1\0", [(0x0404, 2, "EP0912345")]), {SERIAL: "EP0912345"}),
    "OM System": (
        camera("OM Digital Solutions", on_its_own(b"OM SYSTEM\0\0\0II\4\0", [(0x0404, 2, "BJ9A01234")], "<")),
        {SERIAL: "BJ9A01234"},
    ),
    "Sony's Olympus layout": (at_home("SONY", b"SONY PI\0\1\0\0\0", [(0x0404, 2, "550981234")]), {SERIAL: "550981234"}),
    "Pentax, AOC": (
        at_home("PENTAX", b"AOC\0II", [(0x0229, 2, "6004377"), (0x0023, 3, 42)]),
        {SERIAL: "6004377", "HometownCity": "Kuala Lumpur"},
    ),
    "Pentax, shutter unit": (
        at_home("PENTAX", b"AOC\0II", [(0x0215, 4, (77970, 20071122, 2, 1, 8843561))]),
        {"InternalSerialNumber": "8843561"},
    ),
    "Ricoh GR III": (camera("RICOH", on_its_own(b"RICOH\0MM", [(0x0229, 2, "0012345")], ">")), {SERIAL: "0012345"}),
    "Ricoh": (
        at_home("RICOH", b"Ricoh\0\0\0", [(0x0002, 2, "Rev0113"), (0x0005, 7, b"ML1A20A000087461")]),
        {"FirmwareVersion": "Rev0113", SERIAL: "ML1A20A000087461"},
    ),
    "Ricoh, in bytes": (
        at_home("RICOH", b"Ricoh\0\0\0", [(0x0005, 7, bytes(range(1, 17)))]),
        {SERIAL: bytes(range(1, 17)).hex()},
    ),
    "Sigma": (at_home("SIGMA", b"SIGMA\0\0\0\1\0", [(0x0002, 2, "1008512")]), {SERIAL: "1008512"}),
    "Foveon": (at_home("FOVEON", b"FOVEON\0\0\1\0", [(0x0002, 2, "2001234")]), {SERIAL: "2001234"}),
    "Motorola": (
        camera("motorola", on_its_own(b"MOT\0II\1\0", [(0x5500, 2, "MPJ24.139"), (0x5501, 2, "ZY2238TJ4V")], "<")),
        {"FirmwareVersion": "MPJ24.139", SERIAL: "ZY2238TJ4V"},
    ),
    "Kodak, digits in front": (
        camera("EASTMAN KODAK COMPANY", b"KCXEV72700123 ".ljust(64, b"\0")),
        {SERIAL: "KCXEV72700123"},
    ),
    "Kodak, own header": (camera("EASTMAN KODAK COMPANY", b"II*\0\x08\0\0\0" + _KODAK), {SERIAL: "KCXEV72700123"}),
    "Kodak PixPro": (
        modelled(
            "JK Imaging, Ltd.", "KODAK PIXPRO S-1", on_its_own(b"II*\0\x08\0\0\0", [(0x0308, 2, "LS123456")], "<")
        ),
        {"LensSerialNumber": "LS123456"},
    ),
    "Reconyx HyperFire": (
        camera("RECONYX", put(0x6C, (0x2A, wide("H500HF12345")), (0x56, b"NORTH TRAIL"), sign=b"\x01\xf1\3\0")),
        {SERIAL: "H500HF12345", "UserLabel": "NORTH TRAIL"},
    ),
    "Reconyx UltraFire": (
        camera("RECONYX", put(0x70, (0x4B, b"XR6U04512"), (0x5A, b"CREEK"), sign=b"RECONYXUF\0")),
        {SERIAL: "XR6U04512", "UserLabel": "CREEK"},
    ),
    "Reconyx HyperFire 2": (
        camera("RECONYX", put(0xA0, (0x68, b"BARN"), (0x7E, wide("H2F18801")), sign=b"RECONYXH2\0")),
        {SERIAL: "H2F18801", "UserLabel": "BARN"},
    ),
    "Reconyx MicroFire": (
        camera("RECONYX", put(0xB0, (0x76, b"GATE"), (0x8C, wide("MR5000123")), sign=b"RECONYXMF\0")),
        {SERIAL: "MR5000123", "UserLabel": "GATE"},
    ),
    "Reconyx HyperFire 4K": (
        camera("RECONYX", put(0xA0, (0x51, b"POND"), (0x84, b"H4K77001"), sign=b"RECONYXHF4K\0")),
        {SERIAL: "H4K77001", "UserLabel": "POND"},
    ),
    "Hewlett-Packard M627": (
        camera("Hewlett-Packard", put(0x90, (0x5C, b"SERIAL NUMBER:CN78PB12"), sign=b"IIII\4\0")),
        {SERIAL: "CN78PB12"},
    ),
    "Hewlett-Packard M425": (
        camera("Hewlett-Packard", put(0x90, (0x58, b"SERIAL NUMBER:CN62XA77"), sign=b"IIII\6\0")),
        {SERIAL: "CN62XA77"},
    ),
    "Casio": (
        at_home("CASIO COMPUTER CO.,LTD", b"QVC\0\0\0", [(0x3006, 2, "Jakarta")], ">"),
        {"HometownCity": "Jakarta"},
    ),
    "Leica M8": (
        camera("Leica Camera AG", b"LEICA\0\0\0" + ifd([(0x0303, 4, 3104312), (0x0340, 4, 71)], "<", 0)),
        {SERIAL: "3104312", "ImageUniqueID": 71},
    ),
    "Leica M9": (
        camera("Leica Camera AG", on_its_own(b"LEICA0\3\0", [(0x3103, 2, "3861234")], "<")),
        {SERIAL: "3861234"},
    ),
    "Leica X": (
        camera(
            "LEICA CAMERA AG",
            on_its_own(
                b"LEICA\0\1\0",
                [(0x0305, 4, 3978812), (0x0407, 2, "L1000123.DNG"), (0x0500, 7, b"ABC0903120045\0\0\0")],
                "<",
            ),
        ),
        {SERIAL: "3978812", "OriginalFileName": "L1000123.DNG", "InternalSerialNumber": "ABC0903120045"},
    ),
    "Leica Q": (at_home("LEICA CAMERA AG", b"LEICA\0\x08\0", [(0x0305, 4, 4912345)]), {SERIAL: "4912345"}),
    "Leica S": (
        at_home("Leica Camera AG", b"LEICA\0\2\xff", [(0x0321, 4, 4123456)]),
        {"LensSerialNumber": "0004123456"},
    ),
    "Leica R9": (at_home("Leica Camera AG", b"", [(0x000B, 7, b"\0\0\0\0" + b"D1234567")]), {SERIAL: "D1234567"}),
    "Leica by Panasonic": (
        at_home("LEICA", b"LEICA\0\0\0", [(0x25, 7, b"S000407190102\0\0\0")]),
        {"InternalSerialNumber": "S000407190102"},
    ),
    "Panasonic, town": (
        at_home(
            "Panasonic",
            b"Panasonic\0\0\0",
            [
                (0x69, 7, b"Brasil".ljust(72, b"\0")),
                (0x6D, 7, b"---".ljust(72, b"\0")),
                (0x80, 7, b"Olinda".ljust(72, b"\0")),
            ],
        ),
        {"Country": "Brasil", "City": "Olinda"},
    ),
    "Fujifilm's faces": (camera("FUJIFILM", _FUJI), {"RecognizedFaceName": "Sita", "BirthDate": "20190407"}),
    "Samsung's faces": (
        camera("SAMSUNG", on_its_own(b"", [(1, 7, b"0100"), (0x0123, 2, "Nur Aisyah")], "<")),
        {"RecognizedFaceName": "Nur Aisyah"},
    ),
    "Nintendo": (
        at_home("Nintendo", b"", [(0x1101, 7, put(0x50, (0x18, b"\x12\x34\xab\xcd"), sign=b"3DS1"))]),
        {"InternalSerialNumber": "1234abcd"},
    ),
    "Nikon's place": (
        camera(
            "NIKON",
            b"Nikon\0\2\x10\0\0II*\0\x08\0\0\0"
            + ifd([(0x39, 7, put(79, (0, b"0100\1MYS"), (9, b"George Town")))], "<", 8),
        ),
        {"CountryCode": "MYS", "LocationName": "George Town"},
    ),
    "Nikon's lens": (
        camera(
            "NIKON",
            b"Nikon\0\2\x10\0\0II*\0\x08\0\0\0" + ifd([(0x84, 5, ((18, 1), (70, 1), (35, 10), (45, 10)))], "<", 8),
        ),
        {"Lens": "18-70mm f/3.5-4.5"},
    ),
    "Phase One": (camera("Phase One A/S", _PHASE_ONE), {SERIAL: "MM001234", "LensModel": "80mm LS"}),
    "Canon 5D Mark II": (
        of_model(
            "Canon",
            "Canon EOS 5D Mark II",
            b"",
            [(0x0D, 7, put(0x200, (0x18E, b"Wan Chen"))), (0x96, 7, put(32, (9, b"AB0012345")))],
        ),
        {"OwnerName": "Wan Chen", "InternalSerialNumber": "AB0012345"},
    ),
    "Canon 5D Mark III": (
        of_model("Canon", "Canon EOS 5D Mark III", b"", [(0x0D, 7, put(0x200, (0x164, b"\0\0\x5a\x12\x34")))]),
        {"LensSerialNumber": "00005a1234"},
    ),
    "Canon, lens": (
        of_model("Canon", "Canon EOS R6", b"", [(0x4019, 7, b"\0\x11\x22\x33\x44" + bytes(25))]),
        {"LensSerialNumber": "0011223344"},
    ),
    "Canon 1D": (of_model("Canon", "Canon EOS-1D", b"", [(0x0C, 4, 30123)]), {SERIAL: "030123"}),
    "Canon D30": (of_model("Canon", "Canon EOS D30", b"", [(0x0C, 4, (0x0A2B << 16) + 1234)]), {SERIAL: "0a2b01234"}),
    "Sony, enciphered": (
        of_model("SONY", "ILCE-7M3", b"", [(0x9050, 7, enciphered(put(0x120, (0x88, b"\1\2\3\4\5\6"))))]),
        {"InternalSerialNumber": "010203040506"},
    ),
    "Sony SLT": (
        of_model("SONY", "SLT-A77V", b"", [(0x9050, 7, enciphered(put(0x120, (0xF0, b"\x10\2\3\4\5"))))]),
        {"InternalSerialNumber": "1002030405"},
    ),
    "DJI, in words": (camera("DJI", b"[ae_dbg_info:x][sensor_id:0K8TG12345][hiso:x]"), {SERIAL: "0K8TG12345"}),
}


def told(data: bytes) -> dict[str, object]:
    found = metadata.read(data, Format.JPEG, "")
    assert found.warnings == ()
    assert [e.field for e in found.entries if e.field == "MakerNote"], "its note is told as private data besides"
    return {e.field: e.value for e in found.entries if "/makernote/" in e.container}


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_layout_tells(layout: str) -> None:
    data, expected = LAYOUTS[layout]
    assert told(data) == expected


def test_a_gxr_s_units() -> None:
    def note(at: int) -> bytes:
        inner = b"[Ricoh Camera Info]\0" + ifd([(0x2C, 7, _GXR)], ">", at + 8 + 18 + 20)
        return b"Ricoh\0\0\0" + ifd([(0x2001, 7, inner)], "<", at + 8)

    first = camera("RICOH", note(0))
    at = first.index(b"Ricoh\0") - first.index(b"Exif\0\0") - 6
    assert told(camera("RICOH", note(at))) == {"BodySerialNumber": "SID:00100056", "LensSerialNumber": "LID:00010024"}


@pytest.mark.parametrize("model", ["DSC-RX100", "ILCE-9M3", ""])
def test_a_camera_with_another_place_for_its_number_is_not_read_there(model: str) -> None:
    block = enciphered(put(0x120, (0x88, b"\1\2\3\4\5\6"), (0x7C, b"\1\2\3\4")))
    assert told(of_model("SONY", model, b"", [(0x9050, 7, block)])) == {}


MOVED = {
    "Canon": ("Canon", b"", [(9, 2, "Rosa Lima"), (0x96, 2, "VB0012345")], {"OwnerName", "InternalSerialNumber"}),
    "Sony": ("SONY", b"SONY DSC \0\0\0", [(0x2031, 2, "28021967")], {SERIAL}),
    "Panasonic": ("Panasonic", b"Panasonic\0\0\0", [(0x52, 2, "09110001234")], {"LensSerialNumber"}),
    "Pentax": ("PENTAX", b"AOC\0II", [(0x0229, 2, "6004377")], {SERIAL}),
    "Sigma": ("SIGMA", b"SIGMA\0\0\0\1\0", [(0x0002, 2, "1008512")], {SERIAL}),
}  # fmt: skip


@pytest.mark.parametrize("maker", sorted(MOVED))
@pytest.mark.parametrize("by", [-60, 26, 4000, 70_000])
def test_a_note_that_was_moved_is_read_where_its_values_are(maker: str, by: int) -> None:
    make, head, tags, fields = MOVED[maker]
    size = len(ifd(tags, "<", 0))
    first = camera(make, head + b"\1" * size)
    at = first.index(head + b"\1" * size) - first.index(b"Exif\0\0") - 6 + len(head)
    said = told(camera(make, head + ifd(tags, "<", at, base=by)))
    assert set(said) == fields
    assert said == told(camera(make, head + ifd(tags, "<", at)))


def test_canon_s_footer_says_where_the_note_stood() -> None:
    tags: list[Tag] = [(9, 2, "Rosa Lima")]
    for old in (200, 9000):
        body = ifd(tags, "<", old) + b"II*\0" + struct.pack("<I", old)
        assert told(camera("Canon", body)) == {"OwnerName": "Rosa Lima"}


@given(place=st.integers(0, 1 << 20), size=st.integers(5, 400))
def test_a_wrong_offset_invents_nothing(place: int, size: int) -> None:
    """What stands there is not printable throughout, or is told as it stands."""
    row = struct.pack("<HHII", 0x0229, 2, size, place)
    note = b"AOC\0II" + struct.pack("<H", 2) + row + struct.pack("<HHII", 0x022E, 2, 12, place + 7) + bytes(300)
    data = jpeg(exif(tiff([(0x010F, 2, "PENTAX"), (0x0131, 2, "\x01\x02\x03" * 50)], exif=[(0x927C, 7, note)])))
    for value in told(data).values():
        assert str(value).isprintable()
        assert str(value).encode() in data or str(value).encode("latin-1") in data


@share(2)
@given(note=st.binary(max_size=300), maker=st.sampled_from(MAKERS), make=st.sampled_from(sorted({*BY_MAKE, "x"})))
def test_no_note_breaks_the_reader(note: bytes, maker: Maker, make: str) -> None:
    sign = maker.signs[0] if maker.signs else b""
    metadata.read(camera(maker.make.strip("\0") or make, sign + note), Format.JPEG, "")
