"""Addresses as people write them and readers misread them, beside what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import scan_text
from photoscan.textual import streets
from photoscan.textual.postcodes import find as postcode
from photoscan.textual.street_names import is_idiom, is_title, standing
from photoscan.textual.units import find as units
from photoscan.textual.words import segments, words

MUST_FIND = [
    "OK, tunggu dekat rumah I, no 8 jalan kenari 5 taman bakti",
    "Farah tinggal di no 8 jalan kenari, Puchong",
    "12 High Street, Reading",
    "12 New Road",
    "No. 12, Jalan Besar\n41000 Klang",
    "Jl. Raya Darmo No. 12",
    "12 Elm Street, Springfield",
    "17Station Road",
    "8 Mill Lare, Leeds",
    "Church Roa\nLeeds\nEngland",
    "C. Serrano 45, 3º B\n28001 Madrid",
    "Calle Mayor, s/n",
    "Kossuth Lajos utca 12.\n1053 Budapest",
    "Str. Mihai Eminescu nr. 24, bl. B3",
    "KN 5 Rd, Kigali",
    "2-11-3 Meguro, Meguro-ku, Tokyo",
    "B-15-08 Vista Harmoni Condo, Cheras",
    "Perum Griya Asri Blok D5\nRT.004/RW.007",
    "Jalan SS 2/24",
    "Jalan P. Ramlee",
    "Av. Brasil",
    "Rua das Fl0res, 12",
    "alamat rumah saya jln mawar no 8",
    "i live at 12 green lane, leeds",
    "Lot 12, Kg. Melayu Subang",
]
MUST_NOT_FIND = [
    "Kes no 12 jalan ditutup pagi ini",
    "Bas no 12 jalan lambat",
    "Soalan no 2 jalan cerita apa",
    "Order No. 12345",
    "Monitor 27",
    "Scoring 12",
    "Permulaan 3",
    "Tangkai 5",
    "Spielberg 4",
    "Heidelberg 12",
    "Boxing Ring 4",
    "Street Workout 3",
    "Square Foot 1200",
    "Green Curry 45",
    "Block 2\nTower 1",
    "Lot No. B-15-08\nMfg 2024",
    "A-12-3",
    "C. Ronaldo 7",
    "A Nightmare on Elm Street",
    "Penny Lane",
    "Baker Street (official video)",
    "The Wolf of Wall Street",
    "High Street Kitchen\nMenu",
    "Jalan Kaki 10000 langkah",
    "jalan raya sesak 3 km",
    "nak jalan pagi esok pukul 8",
    "kereta rosak tepi jalan raya 2 jam",
    "saí pra rua às 8",
    "Corrida de Rua 10 km",
    "turn left at the second street",
    "Close the gate",
    "Bus Lane 24 hours",
]


def found(text: str) -> list[str]:
    return [f.kind.value for f in scan_text(text) if f.kind in ("text.address", "text.street")]


@pytest.mark.parametrize("text", MUST_FIND)
def test_an_address_is_found(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", MUST_NOT_FIND)
def test_what_looks_like_one_is_not(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize("sign", ["Jalan Raya", "Jalan Utama", "JALAN BESAR", "High Street", "New Road"])
def test_a_street_named_as_signs_are_is_possible(sign: str) -> None:
    (one,) = [f for f in scan_text(sign) if f.kind == "text.street"]
    assert not one.likely


@pytest.mark.parametrize("name", ["Raja", "Jaya", "Kaya", "Rasa", "Ria"])
def test_a_name_near_to_a_common_word_is_a_name(name: str) -> None:
    (one,) = [f for f in scan_text(f"Jalan {name}") if f.kind == "text.street"]
    assert one.likely


@pytest.mark.parametrize(
    ("text", "number", "code"),
    [
        ("Jalan Ampang, 50450 Kuala Lumpur", None, "50450"),
        ("Jalan Ampang 50450 Kuala Lumpur", None, "50450"),
        ("12 Jalan Ampang, 50450 Kuala Lumpur", "12", "50450"),
        ("Via Garibaldi 23, 16124 Genova", "23", "16124"),
        ("Av. Corrientes 1234, Buenos Aires", "1234", None),
    ],
)
def test_a_postcode_is_no_house_number(text: str, number: str | None, code: str | None) -> None:
    (one,) = [f for f in scan_text(text) if f.kind in ("text.address", "text.street")]
    assert (one.attributes.get("value_number"), one.attributes.get("value_postcode")) == (number, code)


@pytest.mark.parametrize(
    ("phrase", "rank"),
    [("on", "never"), ("tennis", "sign"), ("high", "plain"), ("harcourt", "name"), ("tennls", "sign")],
)
def test_how_well_a_phrase_names_a_street(phrase: str, rank: str) -> None:
    assert standing(phrase, ("english",)) == rank


def test_titles_are_whole_and_idioms_are_anywhere() -> None:
    assert is_title("elm street")
    assert not is_title("helm street")
    assert is_idiom(words("the best street food in town"))
    assert not is_idiom(words("Harcourt Street"))


@pytest.mark.parametrize(
    ("line", "numbers"),
    [("B-15-08 Vista Condo", ("B-15-08",)), ("B-15-08", ()), ("12-3A-7 Sky Condo", ("12-3A-7",)),
     ("#04-12", ("#04-12",)),
     ("Blok C-3-12", ("C-3-12",)), ("Order No. 12345", ()), ("12-05-24 Ipoh", ())],
)  # fmt: skip
def test_numbers_of_flats(line: str, numbers: tuple[str, ...]) -> None:
    assert units(line, words(line)) == numbers


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("100 00 Praha 10", "100 00"),
        ("cambridge cb1 2jw", "CB1 2JW"),
        ("made in 46201", None),
        ("dist. Patna 803213", "803213"),
    ],
)
def test_postcodes(line: str, code: str | None) -> None:
    assert postcode(line, words(line), None)[0] == code


@pytest.mark.parametrize(
    ("text", "parts"),
    [("17Station Road", ["17", "Station", "Road"]), ("17BStation Road", ["17B", "Station", "Road"]),
     ("8aker Street", ["8aker", "Street"]), ("Ermou25", ["Ermou", "25"]), ("2nd Lane", ["2nd", "Lane"])],
)  # fmt: skip
def test_a_house_number_comes_off_its_street(text: str, parts: list[str]) -> None:
    assert [w.raw for w in words(text, houses=True)] == parts


def test_segments_end_at_commas() -> None:
    assert [[w.raw for w in s] for s in segments(words("The Shard, 32 London Bridge St"))] == [
        ["The", "Shard"], ["32", "London", "Bridge", "St"],
    ]  # fmt: skip


@given(st.text("Jalan Rua Roa 12/No.,-#é B-3", max_size=50))
def test_any_street_stands_in_its_line(line: str) -> None:
    one = streets.find(line, words(line, houses=True))
    assert one is None or (one.text in line and one.first <= one.last)
