"""Numbers of identity cards by their published specimens: what passes, and what one wrong character does."""

from __future__ import annotations

import pytest

from photoscan.textual import checks

SPECIMENS = {
    "hkid": ["A1234563", "G123456A"],
    "id_tw": ["A123456789"],
    "nric_sg": ["S1234567D", "T1234567J", "F1234567N", "G1234567X", "M1234567K"],
    "medicare_au": ["2123456701"],
    "pension_de": ["15070649C103"],
    "cnh": ["02650306461"],
}
UNCHECKED = {"medicare_au": (9,)}
"""Places that no check digit covers: the number of a card's issue."""


BORROWED = {"ssn": "us.ssn", "mykad": "my.nric"}
"""Checks that python-stdnum has."""


def valid(check: str, number: str) -> bool:
    return checks.valid(BORROWED.get(check, f"own.{check}"), number, number)


def one_off(number: str, place: int) -> str:
    digit = int(number[place])
    return f"{number[:place]}{digit + 1 if digit < 9 else digit - 1}{number[place + 1 :]}"


@pytest.mark.parametrize(("check", "number"), [(c, n) for c, numbers in SPECIMENS.items() for n in numbers])
def test_a_specimen_passes_and_every_digit_that_is_one_off_is_noticed(check: str, number: str) -> None:
    assert valid(check, number)
    for place, character in enumerate(number):
        if character.isdigit() and place not in UNCHECKED.get(check, ()):
            assert not valid(check, one_off(number, place)), place


def check_letters(head: str) -> str:
    """The letters that may follow a number: exactly one of the alphabet."""
    return "".join(letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if valid("nric_sg", head + letter))


@pytest.mark.parametrize(
    ("series", "letters"),
    [("S", "JZIHGFEDCBA"), ("T", "GFEDCBAJZIH"), ("F", "XWUTRQPNMLK"), ("G", "RQPNMLKXWUT"), ("M", "TRQPNJLKXWU")],
)
def test_each_series_of_singapore_has_its_own_letters(series: str, letters: str) -> None:
    """The last digit weighs 2, so 0, 6, 1, 7 ... step the sum by one; 10 stands for what no single digit reaches."""
    steps = [0, 6, 1, 7, 2, 8, 3, 9, 4, None, 5]
    for step, letter in zip(steps, letters, strict=True):
        if step is not None:
            assert check_letters(f"{series}000000{step}") == letter


@pytest.mark.parametrize("series", "ABCDEHIJKLNOPQRUVWXYZ")
def test_singapore_has_no_other_series(series: str) -> None:
    assert check_letters(f"{series}1234567") == ""


TAIWAN = {"A": 10, "B": 11, "C": 12, "D": 13, "E": 14, "F": 15, "G": 16, "H": 17, "I": 34, "J": 18, "K": 19, "L": 20,
          "M": 21, "N": 22, "O": 35, "P": 23, "Q": 24, "R": 25, "S": 26, "T": 27, "U": 28, "V": 29, "W": 32, "X": 30,
          "Y": 31, "Z": 33}  # fmt: skip
"""Counties and their numbers, as the Ministry of the Interior publishes them."""


@pytest.mark.parametrize("letter", TAIWAN)
def test_every_county_of_taiwan_counts_by_its_number(letter: str) -> None:
    county = TAIWAN[letter]
    for sex, right in (("1", True), ("2", True), ("8", True), ("9", True), ("0", False), ("3", False), ("7", False)):
        total = county // 10 + county % 10 * 9 + int(sex) * 8
        assert valid("id_tw", f"{letter}{sex}0000000{-total % 10}") is right
        assert not valid("id_tw", f"{letter}{sex}0000000{(1 - total) % 10}")


PARTS = [
    ("ssn", "219099998", True), ("ssn", "000099999", False), ("ssn", "666099999", False), ("ssn", "665099999", True),
    ("ssn", "899099999", True), ("ssn", "900099999", False), ("ssn", "219009999", False), ("ssn", "219090000", False),
    ("ssn", "001010001", True),
    ("ssn", "078051120", False), ("ssn", "219099999", False), ("ssn", "457555462", False),  # known from adverts
    ("nino", "AB123456C", True), ("nino", "AB123456E", False), ("nino", "DB123456C", False),
    ("nino", "QQ123456C", False), ("nino", "AO123456C", False), ("nino", "OA123456C", True),
    ("nino", "UA123456C", False), ("nino", "AI123456C", False), ("nino", "JK123456A", True),
    ("nino", "AB123456A", True), ("nino", "AB123456B", True), ("nino", "AB123456D", True),
    *(("nino", f"{pair}123456C", False) for pair in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")),
    ("licence_gb", "MORGA657054SM9IJ", True), ("licence_gb", "MORGA607054SM9IJ", True),
    ("licence_gb", "MORGA613054SM9IJ", False), ("licence_gb", "MORGA663054SM9IJ", False),
    ("licence_gb", "MORGA657324SM9IJ", False), ("licence_gb", "MORGA600054SM9IJ", False),
    ("licence_gb", "MO999657054SM9IJ", True), ("licence_gb", "MO9A9657054SM9IJ", False),
    ("licence_gb", "9999A657054SM9IJ", False), ("licence_gb", "MORGA602294SM9IJ", True),
    ("licence_gb", "MORGA602295SM9IJ", False),
    ("medicare_au", "1123456701", False), ("medicare_au", "7123456751", False),
    ("cnh", "11111111111", False), ("cnh", "00000000000", False),
    ("pension_de", "01070649C103", False), ("pension_de", "90070649C103", False),
    ("mykad", "000229145236", True), ("mykad", "010229145236", False), ("mykad", "001301145236", False),
    ("person_lv", "32999999999", True), ("person_lv", "31129912345", True), ("person_lv", "31139912345", False),
    ("person_lv", "00019912345", False),
]  # fmt: skip


@pytest.mark.parametrize(("check", "number", "right"), PARTS)
def test_parts_that_were_never_given_out(check: str, number: str, right: bool) -> None:
    assert valid(check, number) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [("4111111111111111", True), ("4111111111111112", False), ("5555555555554444", True), ("378282246310005", True),
     ("4111111111111191", False), ("79927398713", True), ("79927398703", False)],
)  # fmt: skip
def test_luhn(number: str, right: bool) -> None:
    """The card schemes' test numbers, and the standard's own example."""
    assert checks.luhn(number) is right


def cnh(head: str) -> list[str]:
    return [f"{head}{tail:02}" for tail in range(100) if valid("cnh", f"{head}{tail:02}")]


@pytest.mark.parametrize(
    ("head", "right"),
    # sums of weights 9..1 and 1..9, mod 11; a first remainder of ten counts as 0 and takes two from the second
    [("100000000", "91"), ("000000001", "19"), ("000000010", "28"), ("110000000", "63"), ("200000000", "72"),
     ("100000001", "00"), ("001000011", "07"), ("900000111", "09"), ("100001000", "27"), ("000001100", "72")],
)  # fmt: skip
def test_a_brazilian_licence_has_one_pair_of_check_digits(head: str, right: str) -> None:
    assert cnh(head) == [head + right]
