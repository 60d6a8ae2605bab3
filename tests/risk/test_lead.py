"""The first sentence: the strongest of all that is likely, for every combination and kind, in every language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.catalog import LANGUAGES, has, text
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.risk import assess, exempt, linkage
from photoscan.risk.lead import lead
from tests.properties import share
from tests.risk.reports import DEFAULT, any_finding, finding, made

SAID = [f"stranger.rule.{rule.id}" for rule in linkage.rules()] + [f"stranger.kind.{kind.value}" for kind in Kind]

LONGEST = {"ta": 170}
"""Characters of a sentence: Tamil's words are long, and a vowel sign counts as one."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_combination_and_every_kind_has_its_own_sentence(language: str) -> None:
    assert [key for key in SAID if not has(key)] == []
    rules = [text(key, language) for key in SAID if key.startswith("stranger.rule.")]
    assert len(set(rules)) == len(rules)
    said = [text(key, language) for key in SAID]
    assert [line for line in said if not line.endswith((".", "。")) or "{" in line] == []
    assert [line for line in said if len(line) > LONGEST.get(language, 130)] == []


def key(*words: str) -> str | None:
    told = lead(assess(made(*(finding(word, f"value {i}") for i, word in enumerate(words))), DEFAULT))
    return None if told is None else told.key


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("face.child", "text.school"), "stranger.rule.child_with_school"),
        (("face.child", "metadata.gps", "text.school"), "stranger.rule.child_with_"),
        (("metadata.gps",), "stranger.kind.metadata.gps"),
        (("metadata.gps", "metadata.software"), "stranger.kind.metadata.gps"),
        (("text.secret", "metadata.gps", "metadata.datetime"), "stranger.kind.text.secret"),
        (("plate", "text.phone"), "stranger.kind.plate"),
    ],
)
def test_the_strongest_is_told(words: tuple[str, ...], wanted: str) -> None:
    assert str(key(*words)).startswith(wanted)


@pytest.mark.parametrize(
    "words", [(), ("metadata.software",), ("plate@0.4",), ("text.national_id@0.45",), ("face",), ("plate!low",)]
)
def test_what_is_unsure_or_does_little_harm_has_no_sentence(words: tuple[str, ...]) -> None:
    assert key(*words) is None


def test_what_does_not_count_has_no_sentence() -> None:
    report = made(finding("plate"))
    marked = tuple(exempt.marked(f, "reviewed") for f in report.findings)
    assert lead(assess(replace(report, findings=marked), DEFAULT)) is None


@share(0.5)
@given(st.lists(any_finding, max_size=8))
def test_a_sentence_stands_on_something_likely_and_quotes_nothing(found: list[Finding]) -> None:
    report = assess(made(*found), DEFAULT)
    told = lead(report)
    if told is not None:
        assert told.key in SAID
        assert not told.values
        fired = {f"stranger.rule.{rule.id}" for rule in report.risk.rules}
        likely = {f"stranger.kind.{f.kind.value}" for f in report.findings if f.likely and not exempt.is_exempt(f)}
        assert told.key in fired | likely
