"""What text detectors must find, and what they must leave alone. All names, numbers and addresses are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import scan_text
from photoscan.finding import Span

MUST_FIND: list[tuple[str, str | None, list[str]]] = [
    # kind, value (without spaces, any case; None: any), lines
    ("text.address", None, ["No. 18, Jalan Melur 4/2", "Taman Seri Delima", "43650 Bandar Baru Bangi"]),
    ("text.address", None, ["LOT 23 LORONG PERDANA 5", "93350 KUCHING, SARAWAK"]),
    ("text.address", None, ["Jl. Cempaka Raya No. 62", "RT 003 / RW 007, Kel. Sukajadi", "Bandung 40162"]),
    ("text.address", None, ["Rua das Palmeiras, 231 - Apto 12", "Vila Nova, Campinas - SP", "CEP 13010-000"]),
    ("text.address", None, ["4410 Sycamore Ave", "Springfield, IL 62704"]),
    ("text.address", None, ["27 Harcourt Gardens", "London SE1 4XY"]),
    ("text.street", "JalanKenanga3", ["Jalan Kenanga 3"]),
    ("text.house_number", "No.27", ["No.27"]),
    ("text.phone", "+60135550147", ["Tel: +60 13-555 0147"]),
    ("text.phone", "+60125550193", ["Call Mei at 012-555 0193"]),
    ("text.phone", "+12025550143", ["call (202) 555-0143"]),
    ("text.email", "putri.lestari@example.com", ["putri.lestari@example.com"]),
    ("text.email", "putri.lestari@example.com", ["putri.lestari @example. com"]),
    ("text.national_id", "900214-14-5236", ["900214-14-5236"]),
    ("text.national_id", "900214-14-5236", ["No. Kad Pengenalan: 900214145236"]),
    ("text.national_id", "900214-14-5236", ["9OO214-14-5236"]),
    ("text.national_id", "3273015206940007", ["NIK: 3273015206940007"]),
    ("text.national_id", "529.982.247-25", ["CPF 529.982.247-25"]),
    ("text.national_id", "219-45-6781", ["SSN: 219-45-6781"]),
    ("text.payment_card", "4111111111111111", ["4111 1111 1111 1111"]),
    ("text.payment_card", "4111111111111111", ["4111 1111 1111 l1l1"]),
    ("text.bank_account", "GB82WEST12345698765432", ["IBAN: GB82 WEST 1234 5698 7654 32"]),
    ("text.address", None, ["Ahornweg 14", "50667 Köln"]),
    ("text.address", None, ["JI. Cempaka Raya No. 62"]),
    ("text.person", "Hartono", ["Hartono family"]),
    ("text.person", "HelgaK.Brandt", ["Helga K. Brandt", "Ahornweg 14", "50667 Köln"]),
    ("text.person", "RosaLimadosReis", ["Rosa Lima dos Reis", "Rua das Palmeiras, 231"]),
    ("text.person", "Prado", ["Família Prado"]),
    ("text.secret", "mango#Kite47", ["Wi-Fi password: mango#Kite47"]),
    ("text.secret", "482913", ["OTP: 482913"]),
    ("text.secret", "semangka77", ["Kata sandi: semangka77"]),
    ("text.secret", "girassol!9", ["senha: girassol!9"]),
    ("text.secret", "hujan-Petang88", ["Password", "hujan-Petang88"]),
    ("text.person", "FarahbintiIsmadi", ["Kepada: Farah binti Ismadi"]),
    ("text.person", "NURULHUDABINTIRAZALI", ["NURUL HUDA BINTI RAZALI"]),
    ("text.person", "MariaSouza", ["Nome: Maria Souza"]),
    ("text.birth_date", "14/02/1990", ["Tarikh Lahir: 14/02/1990"]),
    ("text.birth_date", "12-06-1994", ["Tanggal lahir: 12-06-1994"]),
    ("text.birth_date", "3May1988", ["Date of birth: 3 May 1988"]),
]

MUST_NOT_FIND: list[tuple[str, list[str]]] = [
    # kind (prefix) that must not be likely, lines
    ("text.address", ["Jalan-jalan cari makan"]),
    ("text.address", ["Route 66", "diner"]),
    ("text.address", ["Buy 2 get 1 free", "RM 15.90"]),
    ("text.street", ["Dr Park", "dental clinic"]),
    ("text.street", ["Gang of four"]),
    ("text.street", ["On the way home"]),
    ("text.phone", ["Total 1,250.00"]),
    ("text.phone", ["22/12/2017 14:03"]),
    ("text.phone", ["GST ID: 001637511168"]),
    ("text.email", ["follow @kopisenja"]),
    ("text.national_id", ["900214145236"]),
    ("text.national_id", ["901314-14-5236"]),
    ("text.national_id", ["3273019906940007"]),
    ("text.national_id", ["CPF 529.982.247-26"]),
    ("text.national_id", ["219-45-6781"]),
    ("text.payment_card", ["4111 1111 1111 1112"]),
    ("text.payment_card", ["7111 1111 1111 1111"]),
    ("text.bank_account", ["GB83 WEST 1234 5698 7654 32"]),
    ("text.street", ["6.30, come over to our place"]),
    ("text.address", ["Arbeitsplatz gesucht"]),
    ("text.secret", ["Forgot password?"]),
    ("text.secret", ["Enter your PIN"]),
    ("text.person", ["Kepada pelanggan yang dihormati"]),
    ("text.person", ["GRAND OPENING"]),
    ("text.person", ["Golden Bakery", "27 Harcourt Gardens"]),
    ("text.person", ["Helga Brandt", "sings tonight"]),
    ("text.birth_date", ["Invoice date: 14/02/2024"]),
]


def plain(value: str | None) -> str:
    return "".join(c for c in (value or "").casefold() if not c.isspace() and c != "-")


@pytest.mark.parametrize(("kind", "value", "lines"), MUST_FIND)
def test_must_find(kind: str, value: str | None, lines: list[str]) -> None:
    found = [f for f in scan_text(lines) if f.kind == kind and f.likely]
    assert found, f"{kind} not found"
    if value is not None:
        assert plain(value) in {plain(f.value) for f in found}


@pytest.mark.parametrize(("kind", "lines"), MUST_NOT_FIND)
def test_must_not_find(kind: str, lines: list[str]) -> None:
    assert not [f.kind for f in scan_text(lines) if f.kind.within(kind) and f.likely]


def test_an_address_over_several_lines_names_all_of_them() -> None:
    lines = ["Hello!", "No. 18, Jalan Melur 4/2", "Taman Seri Delima", "43650 Bandar Baru Bangi", "bye"]
    (address,) = [f for f in scan_text(lines) if f.kind == "text.address"]
    assert address.location == Span((1, 2, 3))


def test_a_text_is_read_as_its_lines() -> None:
    assert scan_text("Wi-Fi password: a1b2c3\nsee you") == scan_text(["Wi-Fi password: a1b2c3", "see you"])


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_text_is_survived(lines: list[str]) -> None:
    for finding in scan_text(lines):
        assert 0 <= finding.confidence <= 1
        assert finding.reason
