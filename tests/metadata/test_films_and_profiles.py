"""Videos, colour profiles and makers: their own tables, row by row, and where each value stands."""

from __future__ import annotations

import struct

import pytest

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata import Entry, Role
from tests.metadata import containers as c

CANARY = "canary-7731"


def entries(data: bytes) -> list[Entry]:
    return list(metadata.read(data, Format.JPEG, "photo").entries)


def in_film(*boxes: bytes) -> list[Entry]:
    """What is said of a motion photo's video, each entry at its place."""
    data = c.jpeg(tail=c.movie(*boxes))
    return [entry for entry in entries(data) if "tail" in entry.container and entry.role is Role.TAG]


USER_DATA = {
    b"\xa9xyz": "GPSCoordinates", b"\xa9day": "ContentCreateDate", b"\xa9mak": "Make", b"\xa9mod": "Model",
    b"\xa9swr": "Software", b"\xa9too": "Software", b"\xa9nam": "Title", b"\xa9cmt": "Comment", b"\xa9ART": "Artist",
    b"\xa9aut": "Author", b"\xa9cpy": "Copyright", b"\xa9inf": "Information", b"auth": "Author", b"titl": "Title",
    b"cprt": "Copyright", b"dscp": "Description", b"perf": "Performer", b"albm": "Album",
}  # fmt: skip
"""QuickTime File Format, 'User data', and 3GPP TS 26.244, clause 8."""


@pytest.mark.parametrize("kind", USER_DATA)
@pytest.mark.parametrize("track", [False, True])
def test_user_data_of_a_film_and_of_its_tracks(kind: bytes, track: bool) -> None:
    head = b"\0\x0b\x15\xc7" if kind[:1] == b"\xa9" else b"\0\0\0\0\x15\xc7"
    box = c.box(b"udta", c.box(kind, head + CANARY.encode()))
    (entry,) = in_film(c.box(b"trak", box) if track else box)
    assert (entry.field, entry.text, entry.length) == (USER_DATA[kind], CANARY, len(CANARY))


KEYS = {
    "com.apple.quicktime.location.ISO6709": "GPSCoordinates", "com.apple.quicktime.make": "Make",
    "com.apple.quicktime.model": "Model", "com.apple.quicktime.software": "Software",
    "com.apple.quicktime.creationdate": "CreationDate", "com.android.version": "Software",
    "com.apple.quicktime.content.identifier": "ContentIdentifier", "com.apple.quicktime.author": "Author",
    "com.android.manufacturer": "Make", "com.android.model": "Model", "org.example.own": "org.example.own",
}  # fmt: skip


@pytest.mark.parametrize("form", [b"\0\0\0\0", b""])
def test_keys_and_values_of_a_film(form: bytes) -> None:
    keys = c.full(b"keys", struct.pack(">I", len(KEYS)) + b"".join(c.box(b"mdta", key.encode()) for key in KEYS))
    rows = [
        c.box(struct.pack(">I", number), c.box(b"data", b"\0\0\0\1\0\0\0\0" + f"{CANARY} {number}".encode()))
        for number in range(1, len(KEYS) + 1)
    ]
    handler = c.full(b"hdlr", bytes(4) + b"mdta" + bytes(13))
    found = in_film(c.box(b"meta", form + handler + keys + c.box(b"ilst", b"".join(rows))))
    assert [(entry.field, entry.text) for entry in found] == [
        (field, f"{CANARY} {number}") for number, field in enumerate(KEYS.values(), 1)
    ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(2_500_000_000, None), (2_500_000_001, "1983:03:22 04:26:41"), (3_854_000_000, "2026:02:15 11:33:20"),
     (5_999_999_999, "2094:02:16 10:39:59"), (6_000_000_000, None), (0, None)],
)  # fmt: skip
@pytest.mark.parametrize("wide", [False, True])
def test_a_film_s_clock(seconds: int, said: str | None, wide: bool) -> None:
    if not wide and seconds >= 1 << 32:
        return
    body = struct.pack(">QQ" if wide else ">II", seconds, seconds)
    found = in_film(c.full(b"mvhd", body + bytes(80), version=int(wide)))
    assert [(entry.field, entry.text) for entry in found] == ([("MediaCreateDate", said)] if said else [])
    assert all(entry.length == (8 if wide else 4) for entry in found)


def test_a_place_in_fixed_point_with_its_name() -> None:
    place = c.full(b"loci", b"\x15\xc7Pantai\0\0" + struct.pack(">iii", int(99.8435 * 65536), int(-6.3201 * 65536), 0))
    found = {entry.field: entry.text for entry in in_film(c.box(b"udta", place + b""))}
    assert found["LocationName"] == "Pantai"
    assert found["GPSCoordinates"].startswith("-06.320")
    assert "+099.843" in found["GPSCoordinates"]


def test_what_tracks_hold_is_told_once_each() -> None:
    kinds = (b"vide", b"soun", b"meta", b"vide", b"abcd")
    (entry,) = (e for e in entries(c.jpeg(tail=c.movie(handlers=kinds))) if e.field == "tracks")
    assert entry.text == "video, sound, data, abcd"
    assert not [e for e in entries(c.jpeg(tail=c.movie(handlers=(b"pict", b"auxv")))) if e.field == "tracks"]


def profile(*tags: tuple[bytes, bytes], behind: bytes = b"") -> list[Entry]:
    data = c.icc(*tags) + behind
    segment = c.segment(0xE2, b"ICC_PROFILE\0\1\1" + data)
    return [entry for entry in entries(c.jpeg(segment)) if "icc" in entry.container]


SHARED = (
    "sRGB IEC61966-2.1", "e-sRGB", "scRGB", "Adobe RGB (1998)", "AdobeRGB", "Display P3", "Image P3", "DCI P3", "P3 x",
    "ProPhoto RGB", "ROMM RGB", "Apple RGB", "Apple Wide Color", "ColorMatch RGB", "Wide Gamut RGB", "WideGamutRGB",
    "eciRGB v2", "Gray Gamma 2.2", "Grey x", "sGray", "Dot Gain 20%", "Linear x", "Generic RGB Profile",
    "uncalibrated", "Rec. 709", "Rec709", "Rec2020", "Rec2100 PQ", "BT.2020", "ITU-R BT.709", "HDTV", "SDTV NTSC",
    "NTSC", "PAL/SECAM", "SMPTE-C", "c2", "SWOP x", "U.S. Web Coated", "FOGRA39", "Coated FOGRA39", "Uncoated x",
    "Japan Color 2001", "Euroscale Coated", "Europe ISO Coated", "GRACoL2006", "PSO Coated", "PS Coated", "CIE RGB",
    "Lab x", "ACEScg", "Nikon sRGB", "Canon x", "GIMP built-in sRGB", "Krita x", "Artifex", "Facebook", "Google Inc",
    "unknown", "XYZ x", "chromix", "Camera RGB Profile", "IEC 61966", "KODAK sRGB", "Hewlett-Packard", "Don RGB",
    "Best RGB", "Bruce RGB", "Beta RGB", "BeauRGB", "Melissa RGB", "Ektaspace", "Ekta Space", "Gamma 2.2",
    "UHD", "HLG", "PQ", "ISO Coated v2", "ISO Uncoated", "ISO Newspaper", "Web Coated",
)  # fmt: skip


@pytest.mark.parametrize("name", SHARED)
def test_profiles_that_thousands_share_say_nothing(name: str) -> None:
    assert profile(c.described(name)) == []


def test_a_profile_of_one_device_is_told() -> None:
    (entry,) = profile(c.described("Rosa's laptop"))
    assert (entry.field, entry.text, entry.role) == ("ProfileDescription", "Rosa's laptop", Role.PROFILE)


@pytest.mark.parametrize(
    ("tag", "field"),
    [(b"dmnd", "DeviceMfgDesc"), (b"dmdd", "DeviceModelDesc"), (b"dscm", "LocalisedNames"),
     (b"targ", "CharTarget"), (b"meta", "Metadata"), (b"psid", "ProfileSequenceIdentifier"),
     (b"pseq", "ProfileSequence"), (b"vued", "ViewingCondDesc")],
)  # fmt: skip
def test_tags_in_which_names_stand(tag: bytes, field: str) -> None:
    (entry,) = profile(c.described("sRGB"), (tag, b"text\0\0\0\0Monitor of Rosa"))
    assert (entry.field, entry.text) == (field, "Monitor of Rosa")


def test_a_display_s_serial_number() -> None:
    make = b"mmod\0\0\0\0\0\0APP"[:8] + b"\0\0AP" + struct.pack(">III", 0xA03D, 0x1234ABCD, 0)
    (entry,) = profile((b"mmod", make))
    assert (entry.field, entry.text) == ("MakeAndModel", "AP 0xa03d 0x1234abcd")
    assert profile((b"mmod", make[:16] + bytes(8))) == []
    assert profile((b"mmod", make[:19])) == []


def test_names_in_several_languages() -> None:
    texts = ["sRGB", "Layar Rosa"]
    body, rows, at = b"", b"", 16 + 24
    for language, words in zip((b"enUS", b"idID"), texts, strict=True):
        raw = words.encode("utf-16-be")
        rows += language + struct.pack(">II", len(raw), at + len(body))
        body += raw
    content = b"mluc\0\0\0\0" + struct.pack(">II", 2, 12) + rows + body
    (entry,) = profile((b"desc", content))
    assert entry.text == "Layar Rosa; sRGB"


@pytest.mark.parametrize(("behind", "told"), [(b"hidden!!", True), (b"", False), (bytes(8), False)])
def test_what_stands_behind_a_profile_is_told_to_the_byte(behind: bytes, told: bool) -> None:
    found = profile(c.described("sRGB"), behind=behind)
    assert [(entry.field, entry.length) for entry in found] == ([("bytes behind the profile", 8)] if told else [])


def test_a_profile_of_no_tags_has_its_end_behind_its_table() -> None:
    assert [entry.length for entry in profile(behind=b"hidden!!")] == [8]


@pytest.mark.parametrize("size", [131, 132])
def test_what_is_no_profile_is_told(size: int) -> None:
    data = c.icc(c.described("sRGB"))
    whole = entries(c.jpeg(c.segment(0xE2, b"ICC_PROFILE\0\1\1" + data[:size])))
    assert any("no colour profile" in entry.about for entry in whole) is (size < 132)


MAKES = {
    "Canon": "Canon", "NIKON CORPORATION": "Nikon", "SONY": "Sony", "samsung": "Samsung", "Google": "Google",
    "motorola": "Motorola", "Hewlett-Packard": "Hewlett-Packard", "EASTMAN KODAK COMPANY": "Kodak", "KODAK": "Kodak",
    "CASIO COMPUTER": "Casio", "RICOH": "Ricoh", "LEICA": "Leica", "DJI": "DJI", "GoPro": "GoPro", "Xiaomi": "Xiaomi",
    "HUAWEI": "Huawei", "OnePlus": "OnePlus", "LGE": "LG", "HTC": "HTC", "Nokia": "Nokia", "SIGMA": "Sigma",
    "Minolta Co.": "Minolta", "SANYO": "Sanyo", "Hasselblad": "Hasselblad", "vivo": "Vivo", "OPPO": "Oppo",
    "asus": "Asus", "ZTE": "ZTE", "Nobody": "an unknown maker",
}  # fmt: skip


@pytest.mark.parametrize("make", MAKES)
def test_private_data_are_told_with_their_maker(make: str) -> None:
    data = c.jpeg(c.exif(c.tiff([(0x010F, 2, make)], exif=[(0x927C, 7, b"\x07private " * 4)])))
    (note,) = (entry for entry in entries(data) if entry.field == "MakerNote")
    assert note.about == f"private data of {MAKES[make]}"
