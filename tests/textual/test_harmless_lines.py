"""Lines of signs, tables, forms and screens that look like something personal, beside the real thing near to each."""

from __future__ import annotations

import pytest

from photoscan import scan_text
from photoscan.kind import Severity

HARMLESS = [
    # rows of numbers: calendars, scales, draws, columns, hours, decimals
    ["6 7 8 9 10 11 12"], ["13 14 15 16 17 18 19"], ["0 10 20 30 40 50 kg"], ["cm 1 2 3 4 5 6 7 8 9 10"],
    ["04 11 25 36 48 57"], ["04 16 23 32 41"], ["7 21 34 48 60"], ["3 115 140 155"], ["150 300 450 600"],
    ["0 100 200 m"], ["08.30 - 16.00"], ["1871 - 1954"], ["5.00 7.50 9.00"], ["build 19045.3803"], ["2.71828182"],
    # signs over roads and at stops, boards of flights
    ["08:25 TR 453 Singapore C7 Gate closed", "08:40 AK 118 Kota Bharu B4 Boarding"], ["Bus 147 Hougang Ave"],
    ["Salida 118", "Córdoba 62"], ["Seremban 24", "Melaka 98", "Johor Bahru 301"], ["Linha 4", "Koridor 9"],
    ["Badminton Court 5", "Squash Court 2"], ["Bomba 994", "Polis 999"], ["AB1234-567", "UK 8"], ["Main road"],
    # forms without what is filled in, columns, whoever signs for a house
    ["Nama Lengkap", "Tanggal Lahir", "Alamat"], ["Name Qty Price"], ["Nama Menu Harga"], ["Nome Idade Turma"],
    ["Guest Name", "Room No"], ["Full Name", "Email Address", "Phone Number"],
    ["To: Everyone", "From: Management"], ["Dari: Pihak pengurusan"], ["The Manager"], ["The Kitchen"], ["The Robots"],
    ["Shopping Melati", "Piso 2"], ["Tol Melati", "KM 97"], ["Apotek Melati", "Resep dokter"],
    # what is said about passwords, what a token costs
    ["Token: RM 1"], ["Token: Rp 2.000"], ["Kata laluan hendaklah sekurang-kurangnya 8 aksara"],
    ["Senha: mínimo 8 caracteres"], ["WIFI PASSWORD: ask at counter"],
]  # fmt: skip
"""None of them may be told as likely and of any weight."""


@pytest.mark.parametrize("lines", HARMLESS, ids=" / ".join)
def test_nothing_of_weight_is_told(lines: list[str]) -> None:
    assert not [f.kind for f in scan_text(lines) if f.likely and f.severity >= Severity.MEDIUM]


REAL = [
    ("text.phone", ["06 13 24 57 68"]), ("text.phone", ["612 34 56 78"]), ("text.phone", ["11 9 8765 4321"]),
    ("text.phone", ["0812-3456-7719"]), ("text.phone", ["019-8834521"]), ("text.phone", ["(11) 9 8123-4567"]),
    ("text.phone", ["Tel 3 115 140 155"]), ("text.phone", ["06.13.24.57.68"]),
    ("text.address", ["12 Hougang Ave"]), ("text.address", ["9 Elm Court", "Reading RG1 4PL"]),
    ("text.address", ["Blk 602 Hougang Ave 8 #05-12"]), ("text.address", ["Rua do Carmo 56", "1200-094 Lisboa"]),
    ("text.address", ["Keizersgracht 312", "1016 EZ Amsterdam"]), ("text.street", ["Baker Street"]),
    ("text.street", ["BAKER STREET"]), ("text.address", ["3-5-12 Shibuya", "Shibuya-ku, Tokyo 150-0002"]),
    ("text.address", ["Kingsway", "Maseru 100", "Lesotho"]), ("text.person", ["Nama Lengkap", "Dewi Lestari"]),
    ("text.person", ["Name: Vincent Price"]), ("text.person", ["The Hendersons", "27 Harcourt Gardens"]),
    ("text.person", ["The Hendersons", "14"]), ("text.person", ["HELLO my name is", "Priya Raman"]),
    ("text.person", ["Olivia Bennett", "Lot 233 Kampung Melur"]), ("text.person", ["From: Siti Hajar"]),
    ("text.secret", ["Token: rm19kz88"]), ("text.secret", ["Kata laluan: rumah2024"]),
    ("text.birth_date", ["Nasc. 02/02/2001"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "lines"), REAL, ids=[" / ".join(lines) for _, lines in REAL])
def test_the_real_thing_near_to_it_is_told(kind: str, lines: list[str]) -> None:
    assert [f for f in scan_text(lines) if f.kind == kind and f.likely]
