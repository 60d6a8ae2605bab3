# ruff: noqa: E501 - tables
"""Accounts beside banks and labels, card numbers in a line and in groups under each other, labels that were glued."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import scan_text
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import accounts, card_numbers
from photoscan.textual.unglued import unglued


def told(kind: Kind, text: str) -> list[float]:
    return [f.confidence for f in scan_text(text.split("\n")) if f.kind is kind]


@pytest.mark.parametrize(
    "text",
    [
        "Maybank 1642 8301 9273", "CIMB: 7063928174", "No. Akaun: 1642-8301-9273", "Akaun Bank: Maybank\n1642 8301 9273",
        "BCA 1234567890 a/n Budi Santoso", "No. Rek BRI: 012301028374501", "Mandiri 1370012345678", "BNI 0192837465 an Sri",
        "No rekening 0192837465 (BCA)", "Itaú Ag 1234 C/C 12345-6", "Bradesco Ag. 2837-1 Conta 0192837-4",
        "Nubank Ag 0001 Cc 12345-6", "Caixa Ag 0123 Op 013 Conta 00012345-6", "Agência e conta: 0001 / 9283746-1",
        "PayNow UEN 201912345R", "DBS 012-345678-9", "POSB Savings 123-45678-9", "Sort code 20-45-67 Account 73829104",
        "Maybank l642 83O1 9273",
    ],
)  # fmt: skip
def test_accounts_are_likely(text: str) -> None:
    assert max(told(Kind.TEXT_BANK_ACCOUNT, text), default=0) >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Penyata akaun 31-12-2024", "Conta de luz 10.12.2024", "Saldo rekening Rp 1.250.000", "Baki akaun RM 12345.67",
        "Buka akaun hubungi 03-1234567", "Maybank 1300 88 6688", "Maybank Berhad (Co. No. 196001000142)", "Ag 925 sterling",
        "RHB Bank Berhad 196501000373", "BRI Liga 1 2023/2024", "conta 12345 seguidores", "rek 12345", "Ag 0001", "CIMB 4.25%",
        "Bradesco 0800 704 8383", "caixa 30 unidades 7891234567895", "Bank Jago PIN 123456789", "Account since 2019-2024",
        "Bank holiday 25 12 2024", "DBS Bank 1800 111 1111", "Bank Mandiri 021-52997777",
    ],
)  # fmt: skip
def test_amounts_dates_hotlines_and_companies_are_no_accounts(text: str) -> None:
    assert max(told(Kind.TEXT_BANK_ACCOUNT, text), default=0) < 0.5


@given(st.text("Ag conta RMrek0123456789:./- ", max_size=50))
def test_accounts_lie_in_their_line(text: str) -> None:
    for account in accounts.find(text):
        assert 0 <= account.start < account.end <= len(text)
        assert sum(c.isdigit() for c in account.value) >= 5


CARD = "4539578763621486"
AMEX = "371449635398431"


@pytest.mark.parametrize(
    ("lines", "least", "most"),
    [
        (["VISA", "4539", "5787", "6362", "1486", "08/29"], 0.9, 1.0),
        (["4539", "5787", "6362", "1486"], 0.4, 0.49),
        (["4539", "S787", "6362", "l486", "VALID THRU 08/29"], 0.9, 1.0),
        (["AMEX", "3714", "496353", "98431"], 0.9, 1.0),
        (["45395787", "63621486", "GOOD THRU 08/29"], 0.9, 1.0),
        (["4539 5787", "6362 1486", "debit"], 0.9, 1.0),
        ([*CARD, "visa"], 0.9, 1.0),
        (["4539/5787/6362/1486"], 0.9, 1.0),
        (["4539  5787  6362  1486"], 0.9, 1.0),
        (["3714 496353 98431"], 0.9, 1.0),
        (["1020", "4539", "5787", "6362", "1486", "9302"], 0.0, 0.0),  # a list of numbers
        (["2015", "2016", "2017", "2018"], 0.0, 0.0),
        (["1st 4539", "2nd 5787", "3rd 6362", "4th 1486"], 0.0, 0.0),
        (["4539", "5787", "6362", "1487", "visa"], 0.0, 0.0),  # check digit wrong
    ],
)
def test_card_numbers_in_groups(lines: list[str], least: float, most: float) -> None:
    found = told(Kind.TEXT_PAYMENT_CARD, "\n".join(lines))
    assert least <= max(found, default=0) <= most
    assert len(found) == (1 if most else 0)


def test_every_line_of_a_card_number_is_told() -> None:
    lines = [TextLine(text) for text in ("debit", "4539", "5787", "6362", "1486", "08/29")]
    (card,) = card_numbers.under_each_other(lines)
    assert card.lines == (1, 2, 3, 4)
    assert card.number == CARD


@pytest.mark.parametrize(
    "text", ["NIK: 3528011506940003", "KARTU KELUARGA No. 5271012908120005", "No. KK: 6171012908120004"]
)
def test_an_identity_number_behind_its_label_is_no_card(text: str) -> None:
    assert max(told(Kind.TEXT_PAYMENT_CARD, text), default=0) < 0.5


@pytest.mark.parametrize(
    ("glued", "apart"),
    [
        ("KWSP12345678", "kwsp 12345678"), ("NomorPasporB9182736", "nomor paspor B9182736"), ("PassportNo.", "passport no."),
        ("TEL012-345 6789", "tel 012-345 6789"), ("IC900214145236", "ic 900214145236"), ("CRM/SP123456", "CRM/SP 123456"),
        ("PassportK1234567E", "passport K1234567E"), ("No. Kartu Keluarga3578102306090011",) * 2,
    ],
)  # fmt: skip
def test_known_labels_come_apart(glued: str, apart: str) -> None:
    assert unglued(glued).replace("Keluarga ", "Keluarga") == apart


@pytest.mark.parametrize(
    "text",
    [
        "RG58 50 ohm",
        "SM-S918B",
        "WPK8812",
        "Telekung123456",
        "passport",
        "Section 12345678",
        "AB12345",
        "B1234XYZ",
        "NIS2024",
    ],
)
def test_part_numbers_plates_and_words_stay_as_they_are(text: str) -> None:
    assert unglued(text) == text


@given(st.text("passportNo. KWSP/-0123456789", max_size=60))
def test_taking_apart_changes_no_letter_and_no_digit(text: str) -> None:
    assert unglued(text).replace(" ", "").casefold() == text.replace(" ", "").casefold()
