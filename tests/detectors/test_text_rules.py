"""The data files of text rules are tried against their own samples; numbers against noise and against chance."""

from __future__ import annotations

import random
import time
import tomllib
from importlib import resources
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import scan_text
from photoscan.detectors.document import DocumentDetector
from photoscan.geometry import Box, corners
from photoscan.textline import TextLine
from photoscan.textual import labels, mrz
from photoscan.textual.checks import luhn
from photoscan.textual.health_papers import surest
from photoscan.textual.id_formats import IdFormat, formats
from photoscan.textual.lookalikes import repairs
from photoscan.vision.pyramid import Pyramid
from tests.properties import thorough

IDEA_KIND = {
    "secret": "text.secret",
    "person": "text.person",
    "birth": "text.birth_date",
    "tracking": "text.tracking",
    "reference": "text.tracking",
}


def likely(kind: str, text: str) -> list[str]:
    return [f.kind.value for f in scan_text(text) if f.kind == kind and f.likely]


@pytest.mark.parametrize("fmt", formats(), ids=lambda f: f"{f.country}-{f.name}")
def test_identity_formats_find_their_samples(fmt: IdFormat) -> None:
    for sample in fmt.valid:
        found = [f for f in scan_text(sample) if f.kind == fmt.kind and f.likely]
        assert fmt.name in {f.attributes["document"] for f in found}, sample
    for sample in fmt.invalid:
        assert not likely(fmt.kind.value, sample), sample


@pytest.mark.parametrize(("idea", "sample"), [(idea, s) for idea, found, _ in labels.samples() for s in found])
def test_labels_find_their_samples(idea: str, sample: str) -> None:
    assert likely(IDEA_KIND[idea], sample)


@pytest.mark.parametrize(("idea", "sample"), [(idea, s) for idea, _, other in labels.samples() for s in other])
def test_labels_leave_their_counter_samples(idea: str, sample: str) -> None:
    assert not likely(IDEA_KIND[idea], sample)


def rule_samples(key: str) -> list[tuple[str, str]]:
    folder = resources.files("photoscan").joinpath("rules")
    return [
        (kind, sample)
        for name, kind in (("schools", "text.school"), ("medical", "text.medical"), ("names", "text.person"))
        for sample in tomllib.loads(folder.joinpath(f"{name}.toml").read_text("utf-8"))[key]
    ]


@pytest.mark.parametrize(("kind", "sample"), rule_samples("samples"))
def test_rules_find_their_samples(kind: str, sample: str) -> None:
    assert likely(kind, sample)


@pytest.mark.parametrize(("kind", "sample"), rule_samples("not_samples"))
def test_rules_leave_their_counter_samples(kind: str, sample: str) -> None:
    assert not likely(kind, sample)


def health_papers(key: str) -> list[tuple[str, str]]:
    text = resources.files("photoscan").joinpath("rules/medical.toml").read_text("utf-8")
    return [(name, sample) for name, row in tomllib.loads(text).items() if isinstance(row, dict) for sample in row[key]]


@pytest.mark.parametrize(("table", "sample"), health_papers("samples"))
def test_kinds_of_health_papers_find_their_samples(table: str, sample: str) -> None:
    assert likely("text.medical", sample)


@pytest.mark.parametrize(("table", "sample"), health_papers("not_samples"))
def test_kinds_of_health_papers_leave_their_counter_samples(table: str, sample: str) -> None:
    assert not likely("text.medical", sample)


@pytest.mark.parametrize(
    "advert", ["Adults: 1 cap TDS", "Know your numbers\nBP 120/80 HR 72", "Kempen HIV 1/2 Non-reactive"]
)
def test_what_is_said_to_everybody_is_no_health_paper(advert: str) -> None:
    assert not likely("text.medical", advert)


@given(st.lists(st.text(max_size=40), max_size=6))
def test_cues_of_health_papers_stand_in_lines_of_the_block(texts: list[str]) -> None:
    paper = surest(texts)
    assert paper is None or (0 < len(paper.lines) <= len(texts) and 0 <= paper.confidence < 1)


def test_cues_are_found_in_no_time_in_long_lines() -> None:
    start = time.process_time()
    for hostile in (
        "tomar 1 " * 500,
        "hbsag " * 700,
        "findings: " + "a " * 2000,
        "bp 1" * 1000,
        " " * 4000,
        "a" * 4000,
        "1" * 4000,
    ):
        surest([hostile])
    assert time.process_time() - start < 5  # seconds for 30,000 characters


def document_samples(key: str) -> list[tuple[str, str]]:
    text = resources.files("photoscan").joinpath("rules/documents.toml").read_text("utf-8")
    rows = {name: row for name, row in tomllib.loads(text).items() if isinstance(row, dict)}
    return [(f"document.{name}", sample) for name, row in rows.items() for sample in row[key]]


def likely_documents(sample: str) -> list[str]:
    """The documents in lines that stand under each other in the middle of a photo without codes and faces."""
    rows = [
        TextLine(text, corners(Box(200, 200 + 50 * i, 18 * len(text), 36))) for i, text in enumerate(sample.split("\n"))
    ]
    pixels = Pyramid(np.zeros((1200, 1600, 3), np.uint8))
    views = SimpleNamespace(lines=rows, codes=(), faces=(), pyramid=pixels, page=0)
    return [f.kind.value for f in DocumentDetector().find(views) if f.likely]  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "sample"), document_samples("samples"))
def test_documents_find_their_samples(kind: str, sample: str) -> None:
    assert kind in likely_documents(sample)


@pytest.mark.parametrize(("kind", "sample"), document_samples("not_samples"))
def test_documents_leave_their_counter_samples(kind: str, sample: str) -> None:
    assert kind not in likely_documents(sample)


@pytest.mark.parametrize("fmt", formats(), ids=lambda f: f"{f.country}-{f.name}")
def test_every_format_has_samples_of_both_sorts(fmt: IdFormat) -> None:
    assert fmt.valid
    assert fmt.invalid


@pytest.mark.parametrize("name", ["labels", "schools", "medical", "documents", "names"])
def test_every_rule_has_samples_of_both_sorts(name: str) -> None:
    """Of the files whose tables or whole hold rules; those of addresses and plates have tests of their own."""
    rows = tomllib.loads(resources.files("photoscan").joinpath(f"rules/{name}.toml").read_text("utf-8"))
    tables = [row for row in rows.values() if isinstance(row, dict)] or [rows]
    assert all(len(table["samples"]) >= 2 and len(table["not_samples"]) >= 2 for table in tables)


def test_chance_makes_no_likely_identity_number() -> None:
    chance = random.Random(20)
    for _ in range(1500 if thorough() else 400):
        digits = "".join(chance.choice("0123456789") for _ in range(chance.randint(6, 18)))
        assert not likely("text.national_id", digits)
        assert not likely("text.payment_card", digits)


@given(st.text("0123456789OoIlSB", min_size=9, max_size=9))
def test_repairs_have_the_shape_and_count_what_they_change(text: str) -> None:
    for number, changed in repairs(text, "9" * 9, most=9):
        assert number.isdigit()
        assert changed == sum(not c.isdigit() for c in text)


@given(st.text("0123456789", min_size=15, max_size=15))
def test_one_of_ten_last_digits_passes_luhn(head: str) -> None:
    assert sum(luhn(head + digit) for digit in "0123456789") == 1


# The specimen of ICAO Doc 9303 part 4.
PASSPORT = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
ID_CARD = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]


MISREAD = [PASSPORT[0], PASSPORT[1].replace("0", "O")]


@pytest.mark.parametrize(
    ("lines", "number", "passport"),
    [(PASSPORT, "L898902C3", True), (ID_CARD, "D23145890", False), (MISREAD, None, True)],
)
def test_machine_readable_zones(lines: list[str], number: str | None, passport: bool) -> None:
    (zone,) = mrz.find(["before", *lines, "behind"])
    assert zone.passport is passport
    assert zone.valid
    assert zone.name == "ERIKSSON ANNA MARIA"
    assert zone.lines == tuple(range(1, 1 + len(lines)))
    if number:
        assert zone.number == number


@given(st.lists(st.text("<ABP0189", min_size=28, max_size=46), max_size=5))
def test_any_rows_are_survived_by_the_zone_reader(rows: list[str]) -> None:
    for zone in mrz.find(rows):
        assert set(zone.lines) <= set(range(len(rows)))
