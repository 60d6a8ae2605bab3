"""Texts that say in other words what a copy is not to say any more, and texts that do not."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from photoscan import cleaning, groups, metadata
from photoscan.cleaning import CleanPlan, retold
from photoscan.formats import Format
from photoscan.photo import Photo

ARTIST, MODEL, COMPUTER, EXIF, GPS, TAKEN, SERIAL = 0x13B, 0x110, 0x13C, 0x8769, 0x8825, 0x9003, 0xA431


def source(tag: int, text: str, own: str = "Siti Rahimah") -> bytes:
    """A photo with a position (2.9342, 101.7812), a date, a serial number, a name, and a text in one field."""
    exif = Image.Exif()
    exif[ARTIST] = own
    exif.get_ifd(EXIF).update({TAKEN: "2024:05:06 07:08:09", SERIAL: "AB1234567890"})
    exif.get_ifd(GPS).update({1: "N", 2: (2.0, 56.0, 3.12), 3: "E", 4: (101.0, 46.0, 52.32)})
    exif[tag] = text
    file = io.BytesIO()
    Image.new("RGB", (16, 16), "navy").save(file, "JPEG", exif=exif)
    return file.getvalue()


def kept(data: bytes, removed: str) -> set[str]:
    """The texts that a copy says."""
    result = cleaning.clean(Photo.open(data), None, None, CleanPlan(metadata_only=True, remove=(removed,)))
    return {entry.text for entry in metadata.read(result.data, Format.JPEG, "copy").entries}


TOLD = {
    "gps": (
        "Siti 2.9342,101.7812", "Siti 2.9342%2C101.7812", base64.b64encode(b"2.9342,101.7812").decode(), "at 2,9342",
        "101.7812 2.9342", "29342000 1017812000", "6PM3WQMJ+MF", "see maps.example/x", b"2.9342 101.7812".hex(),
    ),
    "time": (
        "Siti 6 May 2024", "May 6, 2024", "IMG_20240506_070809", "2024-05-06", "6.5.2024", "06/05/24", "6 Mei 2024",
        "6 de maio de 2024", "1714975689", "1714975689000", "at 07:08",
    ),
    "device": ("AB-1234-567890 of mine", "no. ab 1234567890"),
}  # fmt: skip


@pytest.mark.parametrize(("group", "text"), [(group, text) for group, texts in TOLD.items() for text in texts])
def test_a_name_that_tells_what_goes_goes_too(group: str, text: str) -> None:
    assert text not in kept(source(ARTIST, text), group)


@pytest.mark.parametrize(
    "text", ["Rahimah, Siti", "SITI's phone", "siti-laptop", "siti@mail.example", r"C:\Users\someone", "Rahimahs"]
)
def test_a_computer_that_has_somebody_s_name_goes_with_names(text: str) -> None:
    assert text not in kept(source(COMPUTER, text), "names")


@pytest.mark.parametrize("group", ["gps", "time", "device"])
@pytest.mark.parametrize("text", ["Siti Rahimah", "(c) 2024 Siti", "Studio 12, 50.5 mm", "Mai Nguyen 24"])
def test_other_words_stay(group: str, text: str) -> None:
    assert text in kept(source(ARTIST, text), group)


@pytest.mark.parametrize("group", ["gps", "time", "names"])
@pytest.mark.parametrize("text", ["K-2000", "iPhone 14 Pro", "EOS 5D Mark IV", "ILCE-7M4 v1.23.4567"])
def test_devices_stay(group: str, text: str) -> None:
    assert text in kept(source(MODEL, text), group)


def test_too_many_values_let_no_text_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoscan.cleaning.spoken.MOST", 0)
    stay = frozenset(groups.left_by(("metadata.gps", "metadata.datetime")))
    read = metadata.read(source(ARTIST, "Siti Rahimah"), Format.JPEG, "photo")
    assert retold.hidden_in(read, stay).within("anything")
