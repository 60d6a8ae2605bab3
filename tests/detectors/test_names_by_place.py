"""Names that their place makes names: tickets, badges, certificates, lists, letters; and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import scan_text
from photoscan.detectors.person import PersonDetector
from photoscan.geometry import Box, corners
from photoscan.textline import TextLine
from photoscan.textual import names, rolls, travellers
from photoscan.textual.neighbours import follows, headed


def people(lines: list[str]) -> list[str | None]:
    return [f.value for f in scan_text("\n".join(lines)) if f.kind == "text.person" and f.likely]


FOUND = [
    ("BRANDT/HELGA", ["BRANDT/HELGA", "FLIGHT AK 123"]),
    ("BRANDT / HELGA", ["Passenger name", "BRANDT / HELGA"]),
    ("LIMA/ROSA", ["PASSENGER NAME: LIMA/ROSA"]),
    ("ROSA LIMA", ["Conferimos a", "ROSA LIMA", "o título de Bacharel"]),
    ("Farah Ismadi", ["Bil Nama", "1 Farah Ismadi", "2 Nurul Huda"]),
    ("HELGA BRANDT", ["VOLUNTEER - HELGA BRANDT"]),
    ("Rosa Lima", ["Dra. Rosa Lima", "Dermatologista"]),
    ("Putri Lestari", ["dr. Putri Lestari, Sp.A"]),
    ("Kartini Wijaya", ["Ny. Kartini Wijaya"]),
    ("BRANDT/HELGA", ["BRANDT/HELGA MS"]),
    ("TAN/WEI LING", ["TAN/WEI LING", "AK 6124 KUL-PEN", "14C"]),
    ("LIMA/ROSA", ["Passageiro: LIMA/ROSA MRS"]),
    ("Farah Ismadi", ["Farah Ismadi", "Jurutera Kanan"]),
    ("Helga Brandt", ["Helga Brandt", "Senior Buyer, Accountant"]),
    ("ROSA LIMA", ["ROSA LIMA", "Analista de Sistemas"]),
    ("Hasan Basri", ["PESERTA", "Hasan Basri"]),
    ("Helga Brandt", ["This is to certify that Helga Brandt has completed the course"]),
    ("Putri Lestari", ["Diberikan kepada", "Putri Lestari"]),
    ("Rosa Lima", ["Certificamos que Rosa Lima concluiu o curso"]),
    ("Dewi Anggraini", ["Dengan ini menyatakan bahwa", "Dewi Anggraini"]),
    ("Helga Brandt", ["Kind regards,", "Helga Brandt"]),
    ("Helga Brandt", ["Best regards, Helga Brandt"]),
    ("Rohana", ["Cikgu Rohana"]),
    ("Zaiton", ["Pn. Zaiton"]),
    ("Suryadi Putra", ["Bapak/Ibu Suryadi Putra"]),
    ("Budi Hartono", ["BCA 1234567890 a/n Budi Hartono"]),
    ("Budi Hartono", ["Mandiri 1400012345678 an. Budi Hartono"]),
    ("Roslan Yusof", ["u.p. Roslan Yusof"]),
    ("Helga Brandt", ["Prepared by: Helga Brandt"]),
    ("Helga Brandt", ["Bed 4  Patient: Helga Brandt  Ward 3"]),
    ("Helga Brandt", ["Bed 4 Patient: Helga Brandt Ward 3"]),
    ("Aina & Hasan", ["Majlis Perkahwinan", "Aina & Hasan"]),
]


@pytest.mark.parametrize(("name", "lines"), FOUND)
def test_names_by_their_place(name: str, lines: list[str]) -> None:
    assert name in people(lines)


NONE = [
    ["CASH/CHEQUE", "FLIGHT AK 12"],
    ["SEAT/ROW", "FLIGHT AK 123"],
    ["DOMESTIC/INTERNATIONAL", "FLIGHT MH 123"],
    ["Bil Nama", "1 Nasi Lemak", "2 Teh Tarik"],
    ["Volunteer - JOIN US"],
    ["Crew - Black Shirt"],
    ["Conferimos a qualidade", "do produto"],
    ["Nyonya Kueh Lapis"],
    ["NY Yankees Shop"],
    ["Dra. Beleza", "Cosméticos"],
    ["CASH/CHEQUE ONLY"],
    ["PUSH/PULL"],
    ["COFFEE/TEA MS"],
    ["TERMINAL/GATE", "SEAT 12A"],
    ["LONDON/READING", "GATE 4", "FLIGHT UA 12"],
    ["MEN/WOMEN", "KUL-PEN", "14C"],
    ["NAIK/TURUN"],
    ["AC/DC"],
    ["Now Hiring", "Sales Manager"],
    ["Golden Gate", "Park Ranger"],
    ["Sales Manager", "Marketing Manager"],
    ["Bom Dia", "Professora"],
    ["Happy Hour", "Cashier"],
    ["VISITOR", "Please Report To Reception"],
    ["Nasi Lemak", "Guru Besar"],
    ["Cikgu Besar"],
    ["Ibu Kota Jakarta"],
    ["Ibu Pejabat Polis"],
    ["Mr Bean"],
    ["Dr Pepper"],
    ["Uncle Ben's"],
    ["Directed by Helga Brandt"],
    ["A novel by Helga Brandt"],
    ["Presented to you by Kopi Senja"],
    ["Diberikan kepada semua pelajar"],
    ["Certificamos que o produto foi testado"],
    ["This is to certify that the product is halal"],
    ["This certifies that Melati Trading Sdn Bhd"],
    ["Kind regards,", "The Management"],
    ["Prepared by: Finance Department"],
    ["Attn: All Residents"],
    ["Customer: 4471  Table 3"],
    ["Contact Lens Solution"],
    ["Visitor Parking Level"],
    ["Teacher: English"],
    ["Visitor", "Information Centre"],
    ["Tom & Jerry"],
    ["Salt & Pepper"],
    ["Kuala Lumpur", "Pengarah"],
    ["Helga Brandt", "Wanted: Accountant", "We are hiring"],
]


@pytest.mark.parametrize("lines", NONE)
def test_what_stands_there_is_no_name(lines: list[str]) -> None:
    assert not people(lines)


LISTS = [
    (["Senarai Nama Murid", "1. Aiman Hakim", "2. Chong Wei Jie", "3. Priya Devi"], 3),
    (["Nama Murid", "Aiman Hakim bin Razak", "Nur Aisyah"], 2),
    (["Daftar siswa kelas 3B", "1 Adi Nugroho", "2 Bella Safira"], 2),
    (["Lista de alunos", "Ana Clara Souza", "Bruno Lima"], 2),
    (["Class 3B", "1. Emily Carter", "2. Jack Thompson", "3. Mia Robinson"], 3),
    (["Turma 5A", "1", "Alice Moreira", "2", "Bernardo Rocha", "3", "Cecília Dias"], 3),
    (["Class 3B", "Emily Carter", "Jack Thompson", "Mia Robinson"], 0),  # perhaps a poster
    (["Class 3B", "Math Science", "Room 12"], 0),
    (["Daftar Menu", "1. Nasi Uduk", "2. Gado Gado"], 0),
    (["Kelas Memasak", "1. Nasi Tumpeng", "2. Soto Ayam", "3. Bubur Ayam"], 0),
    (["Senarai Harga", "1. Ayam Goreng", "2. Ikan Bakar"], 0),
    (["Top Cities", "1. New York", "2. Los Angeles", "3. Las Vegas"], 0),
]


@pytest.mark.parametrize(("lines", "count"), LISTS)
def test_lists_of_people(lines: list[str], count: int) -> None:
    assert len(people(lines)) == count


def placed(text: str, y: int, height: int, x: int = 100) -> TextLine:
    return TextLine(text, corners(Box(x, y, height * len(text) // 2, height)))


def test_a_name_on_a_badge_is_far_larger_than_the_words_above_it() -> None:
    small, large = placed("my name is", 100, 30), placed("Farah Ismadi", 170, 120)
    assert not follows(small, large)
    assert headed(small, large)
    assert not headed(large, small), "below a large line stands no name"
    assert not headed(small, placed("Farah Ismadi", 900, 120)), "too far below"
    assert not headed(small, placed("Farah Ismadi", 170, 120, 2000)), "beside it"
    assert [m.value for m in PersonDetector().match([small, large])] == ["Farah Ismadi"]


@given(st.text("AB/ M.RS1\n-", max_size=60))
def test_any_line_is_survived(text: str) -> None:
    found = travellers.traveller(text)
    assert found is None or "/" in found[0]
    assert set(rolls.listed([TextLine(line) for line in text.split("\n")])) <= set(range(text.count("\n") + 1))


@given(st.lists(st.sampled_from(sorted(names.folded("ordinary"))), min_size=1, max_size=4))
def test_ordinary_words_are_no_name(parts: list[str]) -> None:
    assert not names.is_plausible(" ".join(parts).title()) or "'" in "".join(parts)


@pytest.mark.parametrize(
    "route", ["From KUL To SIN", "Dari Jakarta ke Bandung", "From: Lisbon to Porto", "FROM KUL TO SIN"]
)
def test_a_journey_behind_a_label_is_nobody(route: str) -> None:
    assert people([route]) == []


@pytest.mark.parametrize("name", ["Nguyen To Uyen", "Helga Brandt"])
def test_a_sender_stays_a_name(name: str) -> None:
    assert people([f"From: {name}"]) == [name]
