"""Numbers that only the label before them gives away: the data file against its samples, and what a label decides."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import scan_text
from photoscan.kind import Kind
from photoscan.textual.labelled_numbers import LabelledSort, find, find_all, sorts

NUMBERS = (Kind.TEXT_NATIONAL_ID, Kind.TEXT_PASSPORT, Kind.TEXT_DEVICE)


def told(text: str) -> set[str]:
    """The documents of the likely numbers in a text."""
    return {f.attributes["document"] for f in scan_text(text.split("\n")) if f.kind in NUMBERS and f.likely}


def names(sort: LabelledSort) -> str:
    return sort.name


@pytest.mark.parametrize("sort", sorts(), ids=names)
def test_samples_are_found_behind_their_label(sort: LabelledSort) -> None:
    assert sort.valid
    for sample in sort.valid:
        assert sort.name in told(sample), sample


@pytest.mark.parametrize("sort", sorts(), ids=names)
def test_counter_samples_give_nothing(sort: LabelledSort) -> None:
    assert sort.invalid
    for sample in sort.invalid:
        assert not told(sample), sample


@pytest.mark.parametrize("sort", sorts(), ids=names)
def test_a_sample_gives_nothing_without_its_label(sort: LabelledSort) -> None:
    """The label is all that speaks for it."""
    for sample in sort.valid:
        for number in find(*reversed(sample.rsplit("\n", 1)) if "\n" in sample else (sample,)):
            assert not list(find(number.value)), number.value


@pytest.mark.parametrize(
    "text",
    ["Passport", "Passport no", "S/N", "No. Siri", "Staff ID", "Student ID", "Chassis no", "No. KWSP", "MRN"],
)
@pytest.mark.parametrize("value", ["2024", "12/05/2024", "RM 45,000", "-", "N/A", "12", "ten", "2023/2024"])
def test_years_dates_prices_and_words_are_no_numbers_of_anybody(text: str, value: str) -> None:
    assert not list(find(f"{text}: {value}"))


@given(st.text("ABC Noid:./-0123456789No ", max_size=40), st.text("Pasporn: 12", max_size=20))
def test_whatever_is_read_numbers_lie_in_their_line_and_never_overlap(line: str, above: str) -> None:
    found = find_all(line, above)
    for number in found:
        assert 0 <= number.start < number.end <= len(line)
    assert all(a.end <= b.start for a, b in pairwise(found))
