"""Strippers stand any damage: a typed refusal, or a copy of bounded size that a second stripping leaves as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.errors import PhotoscanError
from photoscan.formats import Format
from photoscan.stripping import Keep, strip
from tests.fuzz.seeds import LENGTHS, SEEDS, cut, damaged
from tests.properties import share

FORMATS = [format_ for format_ in Format if format_.strippable]
STRIPPABLE = sorted(name for name, (format_, _) in SEEDS.items() if format_.strippable)
SLACK = 4096
"""Bytes that a copy may be larger: headers that are written anew."""


def check(data: bytes, format_: Format) -> None:
    """Strip, and strip what came out: nothing may be left to take."""
    for keep in (Keep(), Keep(pages=True, gain_map=True)):
        try:
            first = strip(data, format_, keep)
        except PhotoscanError:
            continue
        assert len(first.data) <= 2 * len(data) + SLACK
        second = strip(first.data, format_, keep)
        assert second.data == first.data


@pytest.mark.parametrize("name", STRIPPABLE)
@share(0.125)
@given(cuts=damaged())
def test_damage(name: str, cuts: list[tuple[int, int, bytes]]) -> None:
    format_, data = SEEDS[name]
    check(cut(data, cuts), format_)


@pytest.mark.parametrize("name", STRIPPABLE)
def test_every_length(name: str) -> None:
    format_, data = SEEDS[name]
    for end in range(0, len(data), max(1, len(data) // LENGTHS)):
        check(data[:end], format_)


@pytest.mark.parametrize("format_", FORMATS)
@share(0.125)
@given(data=st.binary(max_size=400))
def test_noise(format_: Format, data: bytes) -> None:
    check(data, format_)
