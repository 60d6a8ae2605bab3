"""What thousands of files say alike is told as what it is, and shown; what one file says is not."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.kind import Kind
from photoscan.masking import mask
from photoscan.masking.harmless import LONGEST, resource_names, says

PERSON, COMMENT, SERIAL = Kind.METADATA_PERSON, Kind.METADATA_COMMENT, Kind.METADATA_SERIAL
DEVICE, SOFTWARE = Kind.METADATA_DEVICE, Kind.METADATA_SOFTWARE

HARMLESS = [
    (COMMENT, "AppleMark\n", SOFTWARE), (COMMENT, "LEAD Technologies Inc. V1.01", SOFTWARE),
    (COMMENT, "CREATOR: gd-jpeg v1.0 (using IJG JPEG v80), quality = 82", SOFTWARE),
    (COMMENT, "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), default quality", SOFTWARE),
    (COMMENT, "Created with The GIMP", SOFTWARE), (COMMENT, "Lavc58.134.100", SOFTWARE),
    (COMMENT, "Optimized by JPEGmini 3.14.2.84235 0xf5f0ab5e", SOFTWARE), (COMMENT, "Adobe ImageReady", SOFTWARE),
    (COMMENT, "File written by Adobe Photoshop\u00ae 5.2", SOFTWARE), (COMMENT, "Linux", SOFTWARE),
    (COMMENT, "Intel(R) JPEG Library, version [2.0.18.50]", SOFTWARE),
    (COMMENT, "Compressed by jpeg-recompress", SOFTWARE), (COMMENT, "Edited with Paint Shop Pro 7", SOFTWARE),
    (COMMENT, "Created with ezgif.com", SOFTWARE), (COMMENT, "Screenshot", SOFTWARE),
    (COMMENT, "OLYMPUS DIGITAL CAMERA         ", DEVICE), (COMMENT, "KONICA MINOLTA DIGITAL CAMERA", DEVICE),
    (COMMENT, "SONY DSC", DEVICE), (COMMENT, "cof", DEVICE), (COMMENT, "Exif_JPEG_PICTURE", DEVICE),
    (COMMENT, "Copyright (c) 1998 Hewlett-Packard Company", COMMENT), (COMMENT, "Untitled-2", COMMENT),
    (COMMENT, "DSC_0042", COMMENT), (COMMENT, "PICT0057.WAV", COMMENT), (COMMENT, "IMG_1234.JPG", COMMENT),
    (PERSON, "Picasa", SOFTWARE), (PERSON, "Picasa 3.0", SOFTWARE), (PERSON, "Adobe Photoshop CS6 (Windows)", SOFTWARE),
    (PERSON, "Copyright 2002", COMMENT), (PERSON, "\u00a9 2015. All rights reserved.", COMMENT),
    (PERSON, "unknown", COMMENT), (PERSON, "CC BY-SA 4.0", COMMENT), (PERSON, "NIKON", DEVICE),
    (PERSON, "http://creativecommons.org/licenses/by-nc-nd/4.0/", COMMENT),
    (SERIAL, "KFFFFFFF", COMMENT), (SERIAL, "0000000", COMMENT), (SERIAL, "NO= 00000000", COMMENT),
]  # fmt: skip

TELLING = [
    (COMMENT, "AppleMark of Rosa"), (COMMENT, "Created with love by Rosa"), (COMMENT, "for Rosa, who left"),
    (COMMENT, "Edited with Rosa Lima"), (COMMENT, "Optimized by Rosa"), (COMMENT, "Linux at 12 Jalan Melati"),
    (COMMENT, "Rosa's digital camera"), (COMMENT, "ROSA LIMA DIGITAL CAMERA"), (COMMENT, "ROSA2019"),
    (COMMENT, "IMG_1234 Rosa"), (COMMENT, "LEAD Rosa Inc. V1.01"), (COMMENT, "Untitled Rosa"), (COMMENT, "our flat"),
    (COMMENT, "This work is licensed under a Creative Commons Rosa Lima License"),
    (PERSON, "Copyright 2002 Rosa Lima"), (PERSON, "\u00a9 Rosa Lima. All rights reserved."), (PERSON, "Carl"),
    (PERSON, "Snow"), (PERSON, "Adobe Rosa"), (PERSON, "Picasa Lima"), (PERSON, "Rosa 3.0"), (PERSON, "Copyright Rosa"),
    (PERSON, "\u00a9 2015 Rosa"), (PERSON, "CC BY Rosa"), (PERSON, "Paint Rosa"), (PERSON, "unknown Rosa"),
    (PERSON, "Adobe Photoshop CS6 (Rosa)"), (PERSON, "Nikon Lima"),
    (SERIAL, "0330103043"), (SERIAL, "6107872"), (SERIAL, "FFFF1234"), (SERIAL, "00000001"), (SERIAL, "K0012"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "said"), HARMLESS)
def test_what_everybody_says(kind: Kind, value: str, said: Kind) -> None:
    assert says(kind, value) is said
    assert says(said, value) is said
    assert mask(said, value) == value


@pytest.mark.parametrize(("kind", "value"), TELLING)
def test_what_one_file_says(kind: Kind, value: str) -> None:
    assert says(kind, value) is None
    assert value not in mask(kind, value)


def test_only_what_a_file_says_is_looked_up() -> None:
    assert mask(Kind.TEXT_SECRET, "unknown") != "unknown"
    assert mask(Kind.TEXT_PERSON, "Picasa") != "Picasa"


MARKS = sorted({value for _, value, _ in HARMLESS})


@given(st.sampled_from(MARKS), st.integers(0, 60), st.sampled_from(("Rosa", "melati", "qzwk", "\u738b")))
def test_a_word_put_into_a_mark_is_never_shown(mark: str, at: int, word: str) -> None:
    """Wherever a word that is in no list stands inside a mark, the whole is no mark."""
    value = f"{mark[:at]} {word} {mark[at:]}"
    assert says(COMMENT, value) is None
    assert says(PERSON, value) is None


@given(st.text(max_size=LONGEST + 50))
def test_what_is_shown_holds_no_letters_of_its_own(value: str) -> None:
    said = says(PERSON, value)
    if said is not None:
        assert len(re.sub(r"\D", "", value)) <= 24


@pytest.mark.parametrize("value", ["a " * 100, "(c) " * 50, "1." * 100, "Creative Commons-Attribution" * 7, " " * 200])
def test_hostile_values_are_quick(value: str) -> None:
    start = time.perf_counter()
    for _ in range(20):
        says(COMMENT, value)
    assert time.perf_counter() - start < 1


def test_resources_of_photoshop_have_its_own_names() -> None:
    assert "url overrides" in resource_names()
    assert "path 1" not in resource_names()
