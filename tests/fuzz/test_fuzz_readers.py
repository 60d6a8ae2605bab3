"""Readers stand any damage: no exception, bounded output, places inside the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import metadata
from photoscan.formats import Format
from tests.fuzz.seeds import LENGTHS, SEEDS, cut, damaged
from tests.properties import share

LIMIT = 4_000_000
"""Characters of all values together: an inflated block is cut at 8 MB, a value at 64 kB."""


def check(data: bytes, format_: Format) -> None:
    """Read, and look at what came out."""
    found = metadata.read(data, format_, "photo")
    assert len(found.entries) <= 20_000
    total = 0
    for entry in found.entries:
        assert 0 <= entry.offset <= len(data), entry.container
        assert 0 <= entry.length <= len(data), entry.container
        assert len(entry.raw) <= 64
        total += len(entry.value) if isinstance(entry.value, (str, bytes)) else 0
    assert total < LIMIT + 4 * len(data)
    found.needles()


@pytest.mark.parametrize("name", sorted(SEEDS))
@share(0.125)
@given(cuts=damaged())
def test_damage(name: str, cuts: list[tuple[int, int, bytes]]) -> None:
    format_, data = SEEDS[name]
    check(cut(data, cuts), format_)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_every_length(name: str) -> None:
    format_, data = SEEDS[name]
    for end in range(0, len(data), max(1, len(data) // LENGTHS)):
        check(data[:end], format_)


@pytest.mark.parametrize("format_", list(Format))
@share(0.125)
@given(data=st.binary(max_size=400))
def test_noise(format_: Format, data: bytes) -> None:
    check(data, format_)
