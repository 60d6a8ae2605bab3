"""Amounts of bytes and pixels as people write and read them, and refusals that name them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import amounts
from photoscan.errors import TooLargeError
from photoscan.options import Limits
from photoscan.photo import Photo

BYTES = {
    "1": 1, "400MiB": 400 * 2**20, "400 mib": 400 * 2**20, "400M": 400 * 2**20, "1.5 GB": 1_500_000_000, "2k": 2048,
    "2kB": 2000, "268,435,456": 2**28, "10 B": 10, "0.5KiB": 512,
}  # fmt: skip
PIXELS = {"64 MP": 64_000_000, "64MP": 64_000_000, "1.2 Mpx": 1_200_000, "64000000": 64_000_000, "1GP": 10**9, "8px": 8}
NONE = (
    "",
    "much",
    "-1",
    "0",
    "0MiB",
    "1.5",
    "MiB",
    "4 XiB",
    "1e9",
    "nan",
    "9" * 30,
    "1,5GB",
    "1,5 MP",
    "12,34",
    "1,000,0",
    ",5G",
    "٤MiB",
    "400MiB 2",
    "1.",
    ".5G",
)


@pytest.mark.parametrize("words", BYTES)
def test_bytes(words: str) -> None:
    assert amounts.bytes_of(words) == BYTES[words]


@pytest.mark.parametrize("words", PIXELS)
def test_pixels(words: str) -> None:
    assert amounts.pixels_of(words) == PIXELS[words]


@pytest.mark.parametrize("words", NONE)
def test_what_is_no_amount(words: str) -> None:
    assert (amounts.bytes_of(words), amounts.pixels_of(words), amounts.count_of(words)) == (None, None, None)


def test_a_unit_belongs_to_what_it_measures() -> None:
    assert amounts.bytes_of("64MP") is None
    assert amounts.pixels_of("64MiB") is None
    assert amounts.count_of("64M") is None
    assert amounts.count_of("2,000") == 2000


@given(st.integers(1, 2**50))
def test_what_is_advised_lets_it_through(count: int) -> None:
    for room, read in ((amounts.room_for_bytes, amounts.bytes_of), (amounts.room_for_pixels, amounts.pixels_of)):
        assert (read(room(count)) or 0) >= count
    assert count <= amounts.roomy(count) <= 2 * count
    assert (amounts.bytes_of(amounts.in_bytes(count)) or 0) >= count
    assert (amounts.pixels_of(amounts.in_pixels(count)) or 0) >= count


@given(st.integers(1, 2**40))
def test_an_amount_is_no_more_than_a_tenth_off(count: int) -> None:
    assert (amounts.bytes_of(amounts.in_bytes(count)) or 0) <= count * 1.1


def test_a_refusal_says_how_much_and_which_option_lifts_it(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    Image.effect_noise((60, 50), 99).save(file)
    size = file.stat().st_size
    told = {
        Limits(max_bytes=1000, by_options=True): f"{size} B, more than the limit of 1000 B; --max-bytes 1MiB lifts",
        Limits(max_bytes=1000): f"{size} B, more than the limit of 1000 B",
        Limits(max_pixels=1000, by_options=True): "60 x 50 pixels (3000 px), more than the limit of 1000 px; --max-pix",
    }
    for limits, words in told.items():
        with pytest.raises(TooLargeError, match=re.escape(words)) as caught:
            Photo.open(file, limits)
        assert ("--max" in str(caught.value)) is limits.by_options


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "fat.jpg"
    with file.open("wb") as stream:
        stream.truncate(310 * 2**20)
    with pytest.raises(TooLargeError, match="310 MiB, more than the limit of 256 MiB; --max-bytes 400MiB lifts it"):
        Photo.open(file, Limits(by_options=True))


def test_of_a_stream_nobody_knows_how_much_it_had() -> None:
    # The caller read one byte more than may be, and stopped.
    with pytest.raises(TooLargeError, match=r"more than the limit of 100 B; --max-bytes lifts it$"):
        Photo.open(bytes(101), Limits(max_bytes=100, by_options=True))


def test_frames(tmp_path: Path) -> None:
    frames = [Image.new("L", (4, 4), shade) for shade in (0, 80, 160)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    with pytest.raises(TooLargeError, match="3 frames or pages, more than the limit of 2; --max-frames 3 lifts it"):
        Photo.open(tmp_path / "a.gif", Limits(max_frames=2, by_options=True))
