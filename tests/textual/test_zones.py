"""What a machine-readable zone says, by ICAO's own specimens of each size (Doc 9303, parts 4 to 6)."""

from __future__ import annotations

import pytest

from photoscan.textual import mrz

PASSPORT = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
CARD = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
SMALL = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
SPECIMENS = {"passport": (PASSPORT, True, "L898902C3"), "card": (CARD, False, "D23145890"),
             "small": (SMALL, False, "D23145890")}  # fmt: skip


@pytest.mark.parametrize("name", SPECIMENS)
@pytest.mark.parametrize("before", [0, 1, 3])
def test_specimens(name: str, before: int) -> None:
    lines, passport, number = SPECIMENS[name]
    (zone,) = mrz.find([*["A line of words"] * before, *lines, "another line"])
    assert (zone.country, zone.name, zone.number) == ("UTO", "ERIKSSON ANNA MARIA", number)
    assert (zone.passport, zone.birth, zone.valid) == (passport, "740812", True)
    assert zone.lines == tuple(range(before, before + len(lines)))


@pytest.mark.parametrize("name", SPECIMENS)
@pytest.mark.parametrize(("change", "found"), [(-4, False), (-3, True), (3, True), (4, False)])
def test_fillers_may_be_lost_or_added_by_the_reader(name: str, change: int, found: bool) -> None:
    lines, _, _ = SPECIMENS[name]
    longer = lines[-1][:change] if change < 0 else lines[-1] + "<" * change
    assert bool(list(mrz.find([*lines[:-1], longer]))) is found


@pytest.mark.parametrize("first", "PIACV")
def test_documents_that_have_a_zone(first: str) -> None:
    assert [zone.passport for zone in mrz.find([first + PASSPORT[0][1:], PASSPORT[1]])] == [first == "P"]


@pytest.mark.parametrize("first", "BDX1<")
def test_other_first_letters_are_no_zone(first: str) -> None:
    assert list(mrz.find([first + PASSPORT[0][1:], PASSPORT[1]])) == []


def test_two_zones_under_each_other() -> None:
    assert [zone.lines for zone in mrz.find([*PASSPORT, *CARD])] == [(0, 1), (2, 3, 4)]


@pytest.mark.parametrize("filler", "«‹〈＜≤")
def test_signs_that_readers_take_for_fillers(filler: str) -> None:
    (zone,) = mrz.find([row.replace("<", filler) for row in PASSPORT])
    assert (zone.name, zone.valid) == ("ERIKSSON ANNA MARIA", True)


@pytest.mark.parametrize(("text", "digit"), [("D23145890", "7"), ("740812", "2"), ("120415", "9"), ("L898902C3", "6"),
                                             ("<<<", "0"), ("Z", "5"), ("0A", "0")])  # fmt: skip
def test_check_digits(text: str, digit: str) -> None:
    assert mrz.check_digit(text) == digit
