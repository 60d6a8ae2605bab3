"""Numbers that count something else than houses, beside those of houses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import scan_text
from photoscan.textual.other_numbers import is_release, unlisted, without
from photoscan.textual.signposts import distances

OTHERS = [
    "08:12", "3:59.15", "06.20", "89.90", "1.234,00", "125g", "500 ml", "1/2 MILE", "2 kg", "24/06", "12.05.2024",
    "(1987)", "Made in Japan", "Fabricado no Brasil", "Size 38", "42 EU", "Track 05", "Exit 27", "Beleg Nr. 7741",
    "Kasse 4", "Meja 12",
]  # fmt: skip
HOUSES = [
    "12", "27a", "Hauptstr. 12g", "No. 12,14", "RT 03/06", "RT/RW 03/06", "Jalan 3/05", "Lot 12 Kg. Melayu", "84/92",
    "Level 12", "Lane 4", "Detroit 12 MI", "12-05", "10969 Berlin", "Av. Brasil 1.500", "4050-265 Porto",
    "Rua da Mesa 14", "#04-12",
]  # fmt: skip
NO_ADDRESS = [
    "Green Lane 08:12\nMarket Street 08:19", "Penny Lane 2:59.15", "3. Electric Avenue 3:48", "Queen Street 24/06",
    "Via Roma 12,50", "1. Blue Jay Way\n2. Penny Lane\n3. Abbey Road", "EXIT 9 Jalan Duta", "Exit 27 Hillside Avenue",
    "Level 12 Avenue of Heroes", "Level 5 Forest Path", "Track 05 Baker Street", "Park Avenue Soap 125g",
    "Harbour Road Fish 89.90", "Wall Street (1987)", "Curitiba 210\nSão Paulo 198",
    "BR-116 Curitiba 210 / São Paulo 198", "Gambir 06.20 / Bandung 09.12", "Lyon 120\nParis 460",
    "Wien Hbf 12:30\nLinz 13:46", "Bearing 6204-2RS\nMade in Japan", "Lens 5014-22\nMade in USA",
    "Product of Thailand\nLot 4471", "Beleg Nr. 7741\nBediener 12", "Kvittering nr. 412\nKasse 2",
    "Kwit nr 6612\nKasa 3", "Address line 1 *\nCity *\nPostcode *", "84, Charing Cross Road\na novel",
    "10 Cloverfield Lane\nIn cinemas March 11", "Maple Street\nRated R", "Room 12 Sea View 250",
    "HARBOUR STREET\nA film by Greta Holm",
]  # fmt: skip
ADDRESSES = [
    "LindenstraBe23 a\n10969 Berlin",
    "84 Charing Cross Road\nLondon WC2H 0AA", "Kasse 3\nLindenweg 14\n50667 Köln",
    "Made in Italy\nVia Manzoni 14\n20121 Milano", "17 Harbour Road 08:00-22:00",
    "RM 12.50\nLot 5, Jalan Utama 3\n30100 Ipoh", "Level 12, Menara Satu, Jalan Ampang 50450 Kuala Lumpur",
    "Dusun Sukamaju RT 03/06 Desa Karangrejo", "1. 12 High Street, Leeds\n2. 4 Mill Road, York",
    "Now showing\n24 High Street\nLeeds LS1 4DY", "Praha 10\nKorunní ulice 12", "Jl. Merdeka No. 12.14, Bandung",
]  # fmt: skip


def likely(text: str) -> list[str]:
    kinds = ("text.address", "text.street", "text.place")
    return [f.kind.value for f in scan_text(text) if f.kind in kinds and f.likely]


@pytest.mark.parametrize("text", OTHERS)
def test_a_number_of_something_else_is_left_out(text: str) -> None:
    assert not any(map(str.isalnum, without(text)))


@pytest.mark.parametrize("text", HOUSES)
def test_what_may_be_a_houses_number_stays(text: str) -> None:
    assert without(text) == text


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_no_address_is_made_of_them(text: str) -> None:
    assert not likely(text)


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_beside_them_is_found(text: str) -> None:
    assert "text.address" in likely(text)


def test_a_street_beside_a_time_stays_possible() -> None:
    (one,) = [f for f in scan_text("Harcourt Gardens 08:12") if f.kind == "text.street"]
    assert not one.likely


@pytest.mark.parametrize(
    ("texts", "rows"),
    [
        (["Curitiba 210", "São Paulo 198"], {0, 1}),
        (["A1 Leeds 24"], {0}),
        (["Praha 10"], set()),
        (["Lyon 120", "12 rue de Rivoli"], set()),
        (["Lindenweg 14", "Mühlgasse 3"], set()),
    ],
)
def test_rows_of_road_signs(texts: list[str], rows: set[int]) -> None:
    assert distances(texts) == rows


def test_a_list_has_ordinals_in_order() -> None:
    assert unlisted(["1. Penny", "2. Lane"]) == ["|  Penny", "|  Lane"]
    assert unlisted(["7. Sokak 3", "34000 Istanbul"]) == ["7. Sokak 3", "34000 Istanbul"]


def test_a_year_in_brackets_tells_of_a_release() -> None:
    assert is_release("Wall Street (1987)")
    assert not is_release("Wall Street 1987")


@given(st.text("Exit Track No.:/0123,5g(19)made in km", max_size=60))
def test_a_line_keeps_its_length(line: str) -> None:
    blanked = without(line)
    assert len(blanked) == len(line)
    assert all(b in (a, " ", "|") for a, b in zip(line, blanked, strict=True))
