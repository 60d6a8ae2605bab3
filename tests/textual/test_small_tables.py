"""Prefixes, currencies, look-alikes, neighbours and postal numbers: small tables, each row of which counts."""

from __future__ import annotations

import pytest

from photoscan import scan_text
from photoscan.detectors.filename import _tellings, tells
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import lookalikes, neighbours
from photoscan.textual.likely_country import likely_countries

PREFIXES = {
    "MY": 60, "ID": 62, "SG": 65, "BN": 673, "PH": 63, "IN": 91, "BR": 55, "PT": 351, "ES": 34, "MX": 52, "AR": 54,
    "CO": 57, "CL": 56, "PE": 51, "GB": 44, "IE": 353, "AU": 61, "NZ": 64, "DE": 49, "AT": 43, "CH": 41, "FR": 33,
    "BE": 32, "NL": 31, "IT": 39, "PL": 48, "TR": 90, "SE": 46, "NO": 47, "DK": 45, "FI": 358, "JP": 81, "KR": 82,
    "CN": 86, "HK": 852, "TW": 886, "TH": 66, "VN": 84, "ZA": 27, "AE": 971,
}  # fmt: skip
"""ITU-T E.164, annex: country codes."""
MONEY = {"RM 12": "MY", "Rp. 5.000": "ID", "Rp5000": "ID", "R$ 5": "BR", "S$5": "SG", "£ 5": "GB", "₹5": "IN",
         "₱5": "PH"}  # fmt: skip


@pytest.mark.parametrize("country", PREFIXES)
def test_a_country_is_told_by_its_prefix_and_its_domain(country: str) -> None:
    assert likely_countries([f"+{PREFIXES[country]} 123"]) == [country]
    assert likely_countries([f"+ {PREFIXES[country]}"]) == [country]
    domain = "uk" if country == "GB" else country.lower()
    assert likely_countries([f"shop.{domain}"]) == [country]


@pytest.mark.parametrize("amount", MONEY)
def test_a_country_is_told_by_its_money(amount: str) -> None:
    assert likely_countries([amount]) == [MONEY[amount]]


@pytest.mark.parametrize("text", ["", "+999 1", "a.zz", "photo.jpg", "FARM 12", "60 123"])
def test_other_texts_tell_no_country(text: str) -> None:
    assert likely_countries([text]) == []


def test_the_likeliest_comes_first_and_five_are_enough() -> None:
    assert likely_countries(["+60 1", "+62 1", "+62 2"]) == ["ID", "MY"]
    assert len(likely_countries([f"+{PREFIXES[c]} 1" for c in list(PREFIXES)[:9]])) == 5


@pytest.mark.parametrize(
    ("text", "digits", "changed"),
    [("O0oQD", "00000", 4), ("Il1i|!", "111111", 5), ("Z2z", "222", 2), ("S5s", "555", 2), ("B8", "88", 1),
     ("G6b", "666", 2), ("T7", "77", 1), ("A4", "44", 1), ("g9q", "999", 2), ("xyz", "xy2", 1)],
)  # fmt: skip
def test_what_may_have_been_a_digit(text: str, digits: str, changed: int) -> None:
    assert lookalikes.as_digits(text) == (digits, changed)


def test_what_may_have_been_a_letter() -> None:
    assert lookalikes.as_letters("0125867439") == ("OIZSBGTA39", 8)
    assert [lookalikes.as_letters(digit)[0] for digit in "0125867439"] == [*"OIZSBGTA39"]


REPAIRED = {
    ("12", "99"): [("12", 0)], ("B2", "99"): [("82", 1), ("32", 1)], ("1a", "A9"): [("I0", 2), ("L0", 2)],
    ("0", "A"): [("O", 1), ("D", 1), ("Q", 1)], ("a", "X"): [("A", 0)], ("a", "A"): [("A", 0)], ("?", "9"): [],
    ("OOO", "999"): [("000", 3)], ("OOOO", "9999"): [],
}  # fmt: skip


@pytest.mark.parametrize(("text", "shape"), REPAIRED)
def test_repairs(text: str, shape: str) -> None:
    assert list(lookalikes.repairs(text, shape)) == REPAIRED[text, shape]


def line(text: str, x: float, y: float, width: float = 100, height: float = 10, turned: bool = False) -> TextLine:
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    if turned:
        corners = corners[2:] + corners[:2]
    return TextLine(text, tuple(corners))


NEAR = [
    (line("b", 0, 21.9), True), (line("b", 0, 22.1), False), (line("b", 0, -21.9), True),
    (line("b", 129, 0), True), (line("b", 131, 0), False), (line("b", -129, 0), True),
    (line("b", 0, 15, 100, 24.9), True), (line("b", 0, 15, 100, 25.1), False), (line("b", 0, 15, turned=True), False),
    (line("b", 120, 10, 10, 100), False),
]  # fmt: skip
"""Beside or under a line of 100 x 10 at 0, 0: 2.2 heights across, 3 along, 2.5 in size."""


@pytest.mark.parametrize(("other", "together"), NEAR)
def test_which_lines_belong_together(other: TextLine, together: bool) -> None:
    first = line("a", 0, 0)
    assert neighbours.near(first, other) is together
    assert neighbours.near(other, first) is together
    assert neighbours.blocks([first, other]) == ([[0, 1]] if together else [[0], [1]])
    assert neighbours.follows(first, other) is together
    assert neighbours.label_above([first, other], 1) == ("a" if together else "")


def test_blocks_are_joined_through_a_line_between() -> None:
    lines = [line("a", 0, 0), line("b", 0, 40), line("c", 0, 20), line("d", 0, 200)]
    assert neighbours.blocks(lines) == [[0, 1, 2], [3]]
    caption = [TextLine("a"), TextLine("b")]
    assert neighbours.blocks(caption) == [[0, 1]]


@pytest.mark.parametrize(("above", "label"), [("No. 123", "No. 123"), ("No. 1234", "")])
def test_a_line_with_a_number_of_its_own_is_no_label(above: str, label: str) -> None:
    rows = [TextLine(above), TextLine("value")]
    assert (neighbours.label_above(rows, 1), neighbours.label_above(rows, 0)) == (label, "")


POSTAL = ["RR473124829GB", "AA100000003US", "AA020000000US", "1Z999AA10123456784"]
"""By S10 (a remainder of 1 is written 0) and UPS."""


def told(text: str) -> list[str | None]:
    return [f.value for f in scan_text(text) if f.kind is Kind.TEXT_TRACKING and f.confidence > 0.9]


def test_a_remainder_of_nothing_is_written_five() -> None:
    assert told("EE000000005ID") == ["EE000000005ID"]
    assert told("EE000000000ID") == []


@pytest.mark.parametrize("number", POSTAL)
def test_postal_numbers_and_every_digit_that_is_one_off(number: str) -> None:
    assert told(number) == [number]
    for place in range(2, len(number)):
        if number[place].isdigit():
            digit = int(number[place])
            wrong = number[:place] + str(digit + 1 if digit < 9 else 8) + number[place + 1 :]
            assert told(wrong) == [], place


MESSENGERS = {
    "IMG-20260217-WA0007.jpg": "WhatsApp", "VID-20260217-WA0007.mp4": "WhatsApp", "WhatsApp Image x.jpeg": "WhatsApp",
    "signal-2026-02-17-164208.jpg": "Signal", "telegram-cloud-photo-size-1.jpg": "Telegram",
    "photo_2026-02-17_10-20-30.jpg": "Telegram", "FB_IMG_12.jpg": "Facebook", "received_12.jpeg": "Facebook",
    "12345678_12345678_12345678_n.jpg": "Facebook", "12345678_12345678_12345678_o.jpg": "Facebook",
    "Snapchat-123.jpg": "Snapchat", "mmexport123.jpg": "WeChat", "wx_camera_123.jpg": "WeChat",
    "LINE_ALBUM_x.jpg": "LINE", "LINE_123.jpg": "LINE", "S__123.jpg": "LINE", "viber_image_1.jpg": "Viber",
    "viber image 1.jpg": "Viber",
}  # fmt: skip


@pytest.mark.parametrize("name", MESSENGERS)
def test_messengers_are_known_by_their_names(name: str) -> None:
    rows = [row.what for row in _tellings(name)]
    assert rows[-1] == f"received or sent with {MESSENGERS[name]}"
    assert not any(row.what.startswith("received") for row in _tellings(f"x{name}"))


@pytest.mark.parametrize(
    ("name", "what"),
    [("1899-01-01.jpg", None), ("1900-01-01.jpg", "date"), ("20991231.jpg", "date"), ("2026-13-01.jpg", None),
     ("2026-12-31.jpg", "date"), ("2026-12-32.jpg", None), ("2026-00-10.jpg", None), ("2026-01-00.jpg", None),
     ("x1771317728000.jpg", "date"), ("x17713177280001.jpg", None), ("x2771317728000.jpg", None),
     ("90.0000 180.0000.jpg", "coordinates"), ("90.0001 20.0000.jpg", None), ("20.0000 180.0001.jpg", None),
     ("Aina Rahman.jpg", "name"), ("Aina.jpg", None), ("aina rahman.jpg", None), ("Aina Camera.jpg", None)],
)  # fmt: skip
def test_what_names_tell(name: str, what: str | None) -> None:
    assert [row.what for row in _tellings(name)] == ([what] if what else [])
    assert tells(name) is bool(what)
