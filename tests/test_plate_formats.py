"""Every form of plates against its own samples, and what is never a plate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.plate_formats import compacted, is_ticket, issuer, match
from photoscan.plate_formats.forms import Country, Form, countries, forms
from photoscan.plate_formats.matching import _fits


def named(form: Form) -> str:
    return f"{form.country.code} {' '.join(f'{p.sort}{p.low}-{p.high}' for p in form.parts)}"


@pytest.mark.parametrize("form", forms(), ids=named)
def test_samples_of_a_form(form: Form) -> None:
    assert form.source
    assert 0 < form.weight < 1
    assert form.samples
    assert form.not_samples
    for sample in form.samples:
        assert list(_fits(compacted(sample), form)), sample
        found = match(sample, shaped=compacted(sample).isdigit())
        assert found is not None, sample
        assert form.country.name in found.countries, sample
    for sample in form.not_samples:
        groups = len(sample.replace("-", " ").split())
        as_it_stands = [fit for fit in _fits(compacted(sample), form) if fit.plate == compacted(sample)]
        assert not as_it_stands or (form.dashed and groups < len(form.parts)), sample


@pytest.mark.parametrize("country", [c for c in countries() if c.regions], ids=lambda c: c.code)
def test_every_code_of_a_region_can_stand_on_a_plate(country: Country) -> None:
    """A code with a letter that no form allows would never be told, nor its plates read."""
    with_codes = [form for form in forms() if form.country == country and form.region not in ("", "series")]
    assert with_codes
    for code in country.regions:
        assert any(_takes(form, code) for form in with_codes), code


def _takes(form: Form, code: str) -> bool:
    part = form.parts[{"start": 0, "first": 0, "second": 1, "last": -1}[form.region]]
    fits = part.low <= len(code) <= part.high or (form.region == "start" and len(code) <= part.high)
    return fits and form.without.isdisjoint(code)


def test_the_countries_that_matter_most_are_there() -> None:
    codes = {country.code for country in countries()}
    assert {
        "MY",
        "ID",
        "BR",
        "SG",
        "TH",
        "PH",
        "BN",
        "VN",
        "AU",
        "IN",
        "CN",
        "US",
        "CA",
        "MX",
        "AR",
        "CL",
        "CO",
    } <= codes
    assert {
        "GB",
        "NO",
        "CH",
        "TR",
        "UA",
        "ZA",
        "NG",
        "AE",
        "DE",
        "FR",
        "IT",
        "ES",
        "PL",
        "NL",
        "BE",
        "SE",
        "PT",
    } <= codes


READINGS = {
    # what was read: (the plate, its likeliest country, where it is registered)
    "WKM 4821": ("WKM4821", "Malaysia", "Kuala Lumpur"),
    "JQB 88": ("JQB88", "Malaysia", "Johor"),
    "QAA 1234 A": ("QAA1234A", "Malaysia", "Kuching, Sarawak"),
    "SAB 4567 C": ("SAB4567C", "Malaysia", "West Coast, Sabah"),
    "KV 4567": ("KV4567", "Malaysia", "Langkawi"),
    "ZC 4285": ("ZC4285", "Malaysia", "military"),
    "HWE 1214": ("HWE1214", "Malaysia", "taxi, Kuala Lumpur"),
    "PATRIOT 12": ("PATRIOT12", "Malaysia", None),
    "29-53-DC": ("2953DC", "Malaysia", None),
    "B 1974 KZR": ("B1974KZR", "Indonesia", "Jakarta"),
    "DK 8877 AB": ("DK8877AB", "Indonesia", "Bali"),
    "AA 1056 0G": ("AA1056OG", "Indonesia", "Kedu, Central Java"),
    "QXP4J18": ("QXP4J18", "Brazil", None),
    "QXP4JI8": ("QXP4J18", "Brazil", None),
    "JQS-5683": ("JQS5683", "Brazil", "Bahia"),
    "SBA 1234 G": ("SBA1234G", "Singapore", None),
    "LK58 ZRT": ("LK58ZRT", "United Kingdom", "London"),
    "SK RK-867AD": ("RK867AD", "Slovakia", "Ružomberok"),
    "CZ 4B2 1875": ("4B21875", "Czechia", "South Moravia"),
    "34 ABC 123": ("34ABC123", "Türkiye", "Istanbul"),
    "MH 12 AB 1234": ("MH12AB1234", "India", "Maharashtra"),
    "30A-123.45": ("30A12345", "Vietnam", "Hanoi"),
    "AB12CD GP": ("AB12CDGP", "South Africa", "Gauteng"),
    "OD 02 AB 1234": ("OD02AB1234", "India", "Odisha"),
    "SAB 1234 M": ("SAB1234M", "Malaysia", "West Coast, Sabah"),
    "WB 5120 X": ("WB5120X", "Malaysia", "Kuala Lumpur"),
    "54321 MID": ("54321MID", "Singapore", None),
    "34A-123.45": ("34A12345", "Vietnam", "Hai Phong, before 2025 Hai Duong"),
    "HC 1234 AA": ("HC1234AA", "Ukraine", "Lviv"),
    "KZ 1234-AB": ("KZ1234AB", "Croatia", "Križevci"),
    "XD 45678": ("XD45678", "Poland", "Pomerania"),
    "W 12345 A": ("W12345A", "Austria", "Vienna"),
    "GV 5678 AB": ("GV5678AB", "North Macedonia", "Gostivar"),
}


@pytest.mark.parametrize("text", sorted(READINGS))
def test_readings(text: str) -> None:
    plate, country, region = READINGS[text]
    found = match(text)
    assert found is not None
    assert found.text == plate
    assert found.countries[0] == country
    assert found.region == region


def test_every_country_with_the_form_is_named() -> None:
    found = match("AB123CD")
    assert found is not None
    assert {"France", "Italy", "Argentina", "Albania"} <= set(found.countries)


NEVER = [
    "FENDI", "EXIT", "NO 27", "No.27", "LOT 5", "RM 15", "HINO300", "HINO 500", "EURO3", "EURO 5", "FUSO 4214", "KM 12",
    "", "-", "12", "SALE 50%", "2026", "03-5544 1234", "+60 12-345 6789", "BLOK 12A", "UNIT 3B", "BUS 750", "MAX 80",
    "TEL 12345", "RP 15.000", "JALAN 5", "PLATFORM 9", "FLOOR 12", "TURBO 16", "€ 1,99", "SUPERMARKET", "07:45",
    "9 JAN 2015", "01 MAR 26", "20140512", "2 FOR 30", "2FOR$30", "ZF0R3O", "50 OFF", "505ALE", "500 ML", "150 WON",
    "BIB 1234", "RUNNER 42", "DOT 3418", "SN 12345", "ISO 9001", "USB 3", "ROOM 204", "+62 812-3456", "Tel 5551234",
]  # fmt: skip


@pytest.mark.parametrize("text", NEVER)
def test_never_a_plate(text: str) -> None:
    assert match(text) is None


DOUBTFUL = [
    "C200",
    "E250",
    "XC90",
    "i30N",
    "CX5",
    "A380",
    "L200",
    "Q7",
    "M25",
    "B52",
    "K9",
    "24H",
    "H2O",
    "4X4",
    "T20",
    "R15",
]
"""Badges, roads, bus lines and bib numbers: forms of plates, so only the shape of one around them may tell."""


@pytest.mark.parametrize("text", DOUBTFUL)
def test_too_little_without_a_shape(text: str) -> None:
    found = match(text)
    assert found is None or found.weight < 0.5


WORDS_AND_NUMBERS = [
    "SALE 500", "CAFE 250", "AUTO 120", "BANK 100", "OPEN 24", "PIZZA 12", "MALAYSIA 2020", "GOLD 18", "EV 6", "GT 3",
    "PERSONA 16", "500 TEA", "120 GMS", "350 MLS", "100 TIN", "1234 KG", "250 PCS", "24 HRS", "999 BAHT",
]  # fmt: skip


@pytest.mark.parametrize("text", WORDS_AND_NUMBERS)
def test_a_word_with_a_number_is_no_likely_plate(text: str) -> None:
    found = match(text)
    assert found is None or found.weight < 0.5


def test_a_word_before_a_number_counts_in_the_shape_of_a_plate() -> None:
    found = match("BUS 5613", shaped=True)
    assert found is not None
    assert found.text == "BUS5613"
    assert found.weight < 0.5


GAPS = {
    # where letters and digits end is told by the gaps: (what was read, the plate)
    "AD 823Z PL": "AD8232PL",
    "AB 169G JO": "AB1696JO",
    "AD 8232 PL": "AD8232PL",
    "PP-587A0": "PP587AO",
    "BZM 22-27": "BZM2227",
}


@pytest.mark.parametrize("text", sorted(GAPS))
def test_gaps_tell_where_letters_and_digits_end(text: str) -> None:
    found = match(text)
    assert found is not None
    assert found.text == GAPS[text]


def test_an_open_four_is_no_gap() -> None:
    found = match("AA ∠990 RK")
    assert found is not None
    assert (found.text, found.repairs) == ("AA4990RK", 0)


def test_what_the_reader_was_sure_of_is_repaired_last() -> None:
    torn = match("AD 823Z PL", doubtful=frozenset({5}))
    assert torn is not None
    assert torn.text == "AD8232PL"
    sure = match("AD 823Z PL", doubtful=frozenset())
    assert sure is not None
    assert sure.text == "AD823ZPL"


@given(st.text(max_size=40))
def test_any_text_has_a_match_or_none(text: str) -> None:
    found = match(text)
    if found is not None:
        assert found.text.isalnum()
        assert any(c.isdigit() for c in found.text)
        assert found.countries
        assert found.weight <= 1


ISSUERS = {
    ("TEXAS", "The Lone Star State"): ("United States", "Texas"),
    ("DF-BRASILIA",): ("Brazil", None),
    ("New York",): ("United States", "Newyork"),
    ("GB", "D"): None,
    ("HONDA",): None,
}


@pytest.mark.parametrize("texts", sorted(ISSUERS))
def test_issuers_in_small_print(texts: tuple[str, ...]) -> None:
    assert issuer(texts) == ISSUERS[texts]


@pytest.mark.parametrize("text", ["1.5 XLS", "L5XLS", "2.0 TSI", "1.6 XLT", "1.0 FLEX"])
def test_litres_and_a_trim_are_no_plate(text: str) -> None:
    assert match(text) is None


def test_a_ticket_has_several_of_its_words() -> None:
    assert is_ticket(["Boarding pass", "Gate: C12", "Seat 14A"])
    assert is_ticket(["PENERBANGAN QZ 123", "Penumpang", "KODE BOOKING"])
    for lines in (["GATE 4", "GATE 5", "gate"], ["TERMINAL 1", "Gate"], ["Seat Ibiza", "WKM 4821"], []):
        assert not is_ticket(lines)
