"""Tables of issued numbers, written down a second time by their sources, and what must not pass."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from photoscan import scan_text
from photoscan.kind import Kind
from photoscan.textual import checks, mrz

INDONESIA = {
    11: "Aceh", 12: "Sumatera Utara", 13: "Sumatera Barat", 14: "Riau", 15: "Jambi", 16: "Sumatera Selatan",
    17: "Bengkulu", 18: "Lampung", 19: "Kepulauan Bangka Belitung", 21: "Kepulauan Riau", 31: "DKI Jakarta",
    32: "Jawa Barat", 33: "Jawa Tengah", 34: "DI Yogyakarta", 35: "Jawa Timur", 36: "Banten", 51: "Bali",
    52: "Nusa Tenggara Barat", 53: "Nusa Tenggara Timur", 61: "Kalimantan Barat", 62: "Kalimantan Tengah",
    63: "Kalimantan Selatan", 64: "Kalimantan Timur", 65: "Kalimantan Utara", 71: "Sulawesi Utara",
    72: "Sulawesi Tengah", 73: "Sulawesi Selatan", 74: "Sulawesi Tenggara", 75: "Gorontalo", 76: "Sulawesi Barat",
    81: "Maluku", 82: "Maluku Utara", 91: "Papua", 92: "Papua Barat", 93: "Papua Selatan", 94: "Papua Tengah",
    95: "Papua Pegunungan", 96: "Papua Barat Daya",
}  # fmt: skip
"""Provinces by the codes of Kemendagri's regulation 300.2.2-2138 of 2025; 91 to 96 since the division of Papua."""
PRINTED_BEFORE = {97: "a code of Papua before its division"}
"""Cards outlive the codes that they were printed under."""
MALAYSIA = {
    "Johor": (1, *range(21, 25)), "Kedah": (2, *range(25, 28)), "Kelantan": (3, 28, 29), "Melaka": (4, 30),
    "Negeri Sembilan": (5, 31, 59), "Pahang": (6, 32, 33), "Pulau Pinang": (7, 34, 35), "Perak": (8, *range(36, 40)),
    "Perlis": (9, 40), "Selangor": (10, *range(41, 45)), "Terengganu": (11, 45, 46), "Sabah": (12, *range(47, 50)),
    "Sarawak": (13, *range(50, 54)), "Kuala Lumpur": (14, *range(54, 58)), "Labuan": (15, 58), "Putrajaya": (16,),
}  # fmt: skip
"""Places of birth of a MyKad by the National Registration Department's list of states."""


def nik(province: int) -> str:
    return f"{province:02}73015206940007"


@pytest.mark.parametrize("province", [*INDONESIA, *PRINTED_BEFORE])
def test_a_nik_of_every_province_is_known(province: int) -> None:
    assert checks.valid("own.nik", nik(province), nik(province))


@pytest.mark.parametrize("province", sorted(set(range(100)) - set(INDONESIA) - set(PRINTED_BEFORE)))
def test_a_nik_of_no_province_is_none(province: int) -> None:
    assert not checks.valid("own.nik", nik(province), nik(province))


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("3273011206940007", True),  # a man's day
        ("3273015206940007", True),  # a woman's day, 12 + 40
        ("3273017106940007", False),  # 31 June
        ("3273014006940007", False),  # no day of either
        ("3273010006940007", False),
        ("3273015213940007", False),  # month 13
        ("3273015206940000", False),  # no serial number
        ("3200015206940007", False),  # no regency
        ("3273005206940007", False),  # no district
    ],
)
def test_the_parts_of_a_nik(number: str, right: bool) -> None:
    assert checks.valid("own.nik", number, number) is right


def malaysian() -> Iterator[tuple[str, int]]:
    return ((state, code) for state, codes in MALAYSIA.items() for code in codes)


@pytest.mark.parametrize(("state", "code"), list(malaysian()))
def test_a_mykad_of_every_state_is_known(state: str, code: int) -> None:
    number = f"900214{code:02}5236"
    assert checks.valid("my.nric", number, number), state


@pytest.mark.parametrize("code", [0, 17, 18, 19, 20, 69, 70, 73, 80, 81, 94, 95, 96, 97])
def test_codes_that_were_never_given_out_are_no_mykad(code: int) -> None:
    number = f"900214{code:02}5236"
    assert not checks.valid("my.nric", number, number)


def with_luhn(prefix: str, length: int) -> str:
    body = prefix.ljust(length - 1, "1")
    return next(body + digit for digit in "0123456789" if checks.luhn(body + digit))


CARDS = {
    "Visa": [("4", 16)],
    "Mastercard": [("51", 16), ("55", 16), ("2221", 16), ("2229", 16), ("2699", 16), ("2719", 16), ("2720", 16)],
    "American Express": [("34", 15), ("37", 15)],
    "UnionPay": [("62", 16)],
    "JCB": [("3528", 16), ("3589", 16)],
    "Maestro": [("50", 16), ("56", 16), ("58", 16), ("67", 16)],
    "Elo": [("401178", 16), ("401179", 16), ("438935", 16), ("457631", 16), ("457632", 16), ("504175", 16),
            ("506799", 16), ("509000", 16), ("627780", 16), ("636297", 16), ("636368", 16)],
    "Discover": [("6011", 16), ("644", 16), ("649", 16), ("65", 16)],
    "Diners Club": [("300", 14), ("305", 14), ("36", 14), ("38", 14)],
}  # fmt: skip
"""The ends of each scheme's ranges of issuers, as the schemes publish them."""
NO_CARDS = [
    ("2220", 16),
    ("2721", 16),
    ("3527", 16),
    ("3590", 16),
    ("1", 16),
    ("9", 16),
    ("7", 16),
    ("33", 15),
    ("35", 15),
]


def grouped(number: str) -> str:
    sizes = {16: (4, 4, 4, 4), 15: (4, 6, 5), 14: (4, 6, 4)}[len(number)]
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return " ".join(parts)


@pytest.mark.parametrize(("scheme", "prefix", "length"), [(s, p, n) for s, rows in CARDS.items() for p, n in rows])
def test_cards_of_every_scheme_are_found(scheme: str, prefix: str, length: int) -> None:
    found = scan_text(f"card {grouped(with_luhn(prefix, length))} valid thru 04/29")
    cards = [finding for finding in found if finding.kind is Kind.TEXT_PAYMENT_CARD]
    assert [(card.attributes["brand"], card.likely) for card in cards] == [(scheme, True)]


@pytest.mark.parametrize(("prefix", "length"), NO_CARDS)
def test_numbers_of_no_scheme_are_no_cards(prefix: str, length: int) -> None:
    found = scan_text(f"card {grouped(with_luhn(prefix, length))} valid thru 04/29")
    assert not [finding for finding in found if finding.kind is Kind.TEXT_PAYMENT_CARD and finding.likely]


PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
"""ICAO Doc 9303, part 4: the specimen of a zone; check digits at 9, 19 and 27 of its second line."""
CHECKED = (9, 19, 27)


def spoilt(places: tuple[int, ...]) -> list[str]:
    """The specimen with wrong check digits in these places."""
    bottom = list(PASSPORT[1])
    for place in places:
        bottom[place] = str((int(bottom[place]) + 5) % 10)
    return [PASSPORT[0], "".join(bottom)]


def test_a_zone_with_all_digits_right_is_valid() -> None:
    (zone,) = mrz.find(PASSPORT)
    assert (zone.valid, zone.number, zone.birth) == (True, "L898902C3", "740812")


@pytest.mark.parametrize("right", CHECKED)
def test_a_zone_with_one_digit_right_is_told_with_doubt(right: int) -> None:
    (zone,) = mrz.find(spoilt(tuple(place for place in CHECKED if place != right)))
    assert not zone.valid


def test_a_zone_without_any_right_digit_is_none() -> None:
    """Lines of a game or a table can look like a zone: three wrong digits of three are no reader's mistakes."""
    assert list(mrz.find(spoilt(CHECKED))) == []
    found = scan_text(spoilt(CHECKED))
    assert not [finding for finding in found if finding.kind is Kind.TEXT_PASSPORT]
