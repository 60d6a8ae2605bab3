"""Of every kind of value and every sort of code, no part that is personal or secret leaves the program.

`make test` draws some 500 values, `make test-thorough` ten times as many, others each time.
"""

from __future__ import annotations

import random
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from photoscan.catalog import LANGUAGES
from photoscan.finding import with_ids
from photoscan.kind import Kind
from photoscan.report import PhotoInfo, Report
from photoscan.textual.payloads import links, money
from tests.canaries.draws import GRAM, KINDS, SORTS, Canaries, drawn
from tests.canaries.exits import blank, leaving

AT_ONCE = len(KINDS) + len(SORTS) + 4
"""Values that one report holds."""
REPORTS = -(-2 * settings.default.max_examples // AT_ONCE)
"""As many as draw two values for each example that other properties are tried with."""
_ESCAPE = re.compile(r"\\u[0-9a-f]{4}|%[0-9A-F]{2}|&#?\w+;")


def grams(text: str) -> set[str]:
    """Every run of four characters, as it stands and without what stands between groups of a number.

    Letters are not joined over a blank: a word of ours and the initials behind it make runs of their own.
    """
    found = set()
    for form in (text.casefold(), re.sub(r"(?<=\d)[\s\-./:'\"]+(?=\d)", "", text.casefold())):
        found |= {form[i : i + GRAM] for i in range(len(form) - GRAM + 1)}
    return found


def leaks(report: Report, planted: list[tuple[str, Canaries]], language: str, folder: Path) -> list[str]:
    """What of the canaries is seen, and where."""
    ids = re.compile("|".join(re.escape(finding.id) for finding in report.findings))
    # Four digits of a card that may be shown stand in another number by chance.
    shown = set().union(*(grams(text) for _, c in planted for text in c.shown))
    # So do letters of the name of a scheme or service (QR Ph), which the program knows by a list of its own.
    shown |= {gram for name in (*(scheme for _, scheme in money.SCHEMES), *links.services()) for gram in grams(name)}
    every = set().union(*(c.grams() for _, c in planted)) - shown
    seen: dict[str, set[str]] = {}
    for name, text in leaving(report, language, folder):
        plain = ids.sub("§", _ESCAPE.sub("§", text))
        if found := grams(plain) & every:
            seen.setdefault(name, set()).update(found)
    if not seen:
        return []
    by_chance: dict[str, set[str]] = {}
    for name, text in leaving(blank(report), language, folder):
        by_chance.setdefault(name, set()).update(grams(ids.sub("§", text)))
    return [
        f"{what}: {gram!r} in {name}"
        for name, found in seen.items()
        for gram in sorted(found - by_chance.get(name, set()))
        for what, c in planted
        if gram in c.grams() and gram in every
    ]


def test_every_kind_is_drawn() -> None:
    assert set(KINDS) | {Kind.CODE_QR} == set(Kind)


TELLING = (
    "report", "text", "json", "jsonl", "html", "sarif", "receipt", "receipt for people", "dry run", "dry run as JSON",
    "batch: reports.jsonl", "batch: ledger", "batch: what waits for its part", "batch: parts", "service",
    "workshop: findings",
)  # fmt: skip
"""Exits that tell masked values."""


def test_a_value_that_is_shown_is_noticed(tmp_path: Path) -> None:
    """The net has no hole: each exit that tells values is seen to tell them when nothing is masked."""
    from unittest import mock

    findings, planted = drawn(random.Random(7))
    report = Report(PhotoInfo("photo.jpg"), "0", with_ids(findings))
    with mock.patch("photoscan.finding.mask", lambda kind, value, attributes: value):
        said = leaks(report, planted, "en", tmp_path)
    for name in TELLING:
        assert any(row.endswith(f" in {name}") for row in said), name
    for what, c in planted:
        if c.grams() and "line" not in what:
            assert any(row.startswith(f"{what}: ") for row in said), what


@settings(
    max_examples=REPORTS,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a smaller seed is no simpler value
    suppress_health_check=[HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**40))
def test_no_canary_leaves(seed: int) -> None:
    rng = random.Random(seed)
    findings, planted = drawn(rng)
    report = Report(PhotoInfo("photo.jpg", width=800, height=600), "0", with_ids(findings))
    with tempfile.TemporaryDirectory() as folder:
        assert leaks(report, planted, rng.choice(LANGUAGES), Path(folder)) == []


def test_how_many_are_drawn() -> None:
    assert REPORTS * AT_ONCE >= 300
    findings, _ = drawn(random.Random(1))
    assert len(findings) >= AT_ONCE - 4
    assert replace(findings[0]).value is not None
