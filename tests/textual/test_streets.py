"""Streets in a line, and what else of an address one line holds: each with the words around it that undo it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.textual import streets
from photoscan.textual.address_clues import Clues, clues
from photoscan.textual.words import words

STREETS: dict[str, tuple[str, str | None, bool, bool, str]] = {
    # line: (street, house number, strong, whole, language)
    "No. 14, Jalan Kelisa Biru 7/23": ("Jalan Kelisa Biru 7/23", "14", True, True, "malay"),
    "Jalan Kenanga 3": ("Jalan Kenanga 3", None, True, True, "malay"),
    "jalan kenanga 3": ("jalan kenanga 3", None, True, True, "malay"),
    "JALAN KENANGA 3": ("JALAN KENANGA 3", None, True, True, "malay"),
    "Jalan 14/29": ("Jalan 14/29", None, True, True, "malay"),
    "5 km Jalan Ampang": ("Jalan Ampang", None, True, False, "malay"),
    "Lot 5 Lorong Haji Ahmad": ("Lorong Haji Ahmad", "5", True, True, "malay"),
    "Jl. Melati No. 5 RT 01 RW 02": ("Jl. Melati", "5", True, False, "malay"),
    "Rua das Palmeiras, 231": ("Rua das Palmeiras", "231", True, True, "portuguese"),
    "8 chemin du Moulin": ("chemin du Moulin", "8", True, True, "french"),
    "12 bis rue de la Paix": ("rue de la Paix", "12", True, True, "french"),
    "27 Harcourt Gardens": ("Harcourt Gardens", "27", True, True, "english"),
    "221B Baker Street": ("Baker Street", "221B", True, True, "english"),
    "7th Avenue": ("7th Avenue", None, True, True, "english"),
    "Main Street 2019": ("Main Street", None, True, False, "english"),  # a year is no house number
    "Street 4": ("Street 4", None, False, True, "english"),  # a number alone is a weak name
    "Calle 19": ("Calle 19", None, False, True, "spanish"),
    "Via Roma 1O": ("Via Roma 1O", "1O", True, True, "italian"),  # a reader's slip for 10
    "Bayildim Caddesi 2": ("Bayildim Caddesi", "2", True, True, "turkish"),
    "Lindenstraße 27a": ("Lindenstraße", "27a", True, True, "german"),
    "Eduard-Sueß-Gasse 9": ("Eduard-Sueß-Gasse", "9", True, True, "german"),
    "Kanolvägen 7": ("Kanolvägen", "7", True, True, "nordic"),
}
NONE = [
    "",
    "Jalan keluar",
    "jalan keluar",
    "Rua A, 12",
    "On the street where you live",
    "hello world",
    "12345",
    "Jalan",
]


@pytest.mark.parametrize("line", STREETS)
def test_a_street_with_its_house_number(line: str) -> None:
    found = streets.find(line, words(line))
    assert found is not None
    assert (found.text, found.number, found.strong, found.whole) == STREETS[line][:4]
    assert STREETS[line][4] in found.languages
    parts = words(line)
    assert line[parts[found.first].start : parts[found.last].end] == found.text


@pytest.mark.parametrize("line", NONE)
def test_no_street(line: str) -> None:
    assert streets.find(line, words(line)) is None


@pytest.mark.parametrize(
    ("word", "is_one"),
    [("12", True), ("27a", True), ("16/18", True), ("A3", True), ("1O", True), ("12½", True), ("5-7", True),
     ("O1", True), ("Haus", False), ("123456", False), ("1OOOOO", False), ("km5km", False)],
)  # fmt: skip
def test_house_numbers(word: str, is_one: bool) -> None:
    (part,) = words(word)
    assert streets.is_number(part) is is_one


def test_phrases_end_at_a_break() -> None:
    parts = words("Batu Pahat, Johor Darul Takzim")
    assert list(streets.phrases(parts, 0)) == [(1, "batu pahat"), (0, "batu")]
    assert list(streets.phrases(parts, 2, 2)) == [(3, "johor darul"), (2, "johor")]


CLUES: dict[str, dict[str, object]] = {
    "50480 Klang": {"postcode": "50480", "town": "Klang", "city": "Klang", "countries": ("MY",)},
    "411 34 Lund": {"postcode": "411 34", "town": "Lund", "city": "Lund", "countries": ("SE",)},
    "Lund 411 34": {"postcode": "411 34", "town": "Lund", "city": "Lund", "countries": ("SE",)},
    "SW1A 2AA": {"postcode": "SW1A 2AA", "postcode_strong": True, "countries": ("GB",)},
    "Portland, OR 97205": {
        "postcode": "OR 97205", "postcode_strong": True, "town": "Portland", "city": "Portland",
        "countries": ("US", "US"),
    },
    "CEP 01310-100": {"postcode": "01310-100", "postcode_strong": True, "areas": 1, "countries": ("BR",)},
    "Postfach 12 34": {"box": True},
    "BP 45": {"areas": 1, "box": True},
    "#04-12": {"labels": ("#04-12",)},
    "Blk 51": {"labels": ("51",)},
    "No. 12": {"labels": ("12",)},
    "No12A": {"labels": ("12A",)},
    "RT 01 RW 02": {"labels": ("01", "02"), "areas": 2, "quarter": True, "countries": ("ID",)},
    "Kuala Lumpur": {"town": "Kuala Lumpur", "city": "Kuala Lumpur", "countries": ("MY",)},
    "Leeds, West Yorkshire": {
        "town": "Leeds", "state": "West Yorkshire", "city": "Leeds", "countries": ("GB", "US"),
    },
    "São Paulo - SP": {"town": "São Paulo", "state": "SP", "city": "São Paulo", "countries": ("BR", "BR")},
    "Selangor": {"state": "Selangor", "countries": ("MY",)},
    "Malaysia": {"country": "Malaysia", "countries": ("MY",)},
    "Harcourt 27": {"named_number": True},
    "北京市朝阳区建国路88号": {"form": "北京市朝阳区建国路88号", "countries": ("CN", "TW", "HK")},
    "hello world": {},
    "": {},
    "word " * 41: {},
}  # fmt: skip
BEGINNINGS = {"Postfach 12 34", "BP 45", "#04-12", "Blk 51", "No. 12", "No12A", "RT 01 RW 02", "Harcourt 27",
              "北京市朝阳区建国路88号"}  # fmt: skip


@pytest.mark.parametrize("line", CLUES)
def test_what_a_line_tells_of_an_address(line: str) -> None:
    found = clues(line)
    assert found == Clues(**CLUES[line])  # type: ignore[arg-type]
    assert found.any is bool(CLUES[line])
    assert found.begins is (line in BEGINNINGS)
    assert found.only_town is (line == "Kuala Lumpur")


def test_a_street_in_a_line_speaks_for_its_country_when_its_word_is_of_one_language() -> None:
    alone, shared = clues("Lindenstraße 27a"), clues("Av. Paulista 1578")
    assert set(alone.countries) >= {"DE", "AT"}
    assert shared.street is not None
    assert shared.countries == ()
    sign = clues("人民路")
    assert sign.street is not None
    assert sign.street.whole


@pytest.mark.parametrize(
    ("line", "code"),
    [("1998 Kuala Lumpur", "1998"), ("Founded 1998", None), ("Room 204", None), ("Total 50480", None),
     ("50480, Klang", "50480"), ("Tel 50480", None), ("Order no 50480 today", None)],
)  # fmt: skip
def test_a_number_is_a_postcode_beside_a_town_alone(line: str, code: str | None) -> None:
    assert clues(line).postcode == code


@given(st.text("Jalan Rua 12/No.,-#aßé路 SW1A", max_size=60))
def test_any_line_is_survived(line: str) -> None:
    found = streets.find(line, words(line))
    assert found is None or found.text in line
    assert clues(line).any in (True, False)
