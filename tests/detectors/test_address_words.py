"""The data files of address words are tried against their own samples, and against a reader's slips."""

from __future__ import annotations

import random

import pytest

from photoscan import scan_text
from photoscan.textual.address_rules import Language, languages

SAMPLES = [(rules.name, sample) for rules in languages() for sample in rules.samples]
NOT_SAMPLES = [(rules.name, sample) for rules in languages() for sample in rules.not_samples]


def found(text: str) -> list[str]:
    return [f.kind.value for f in scan_text(text) if f.kind in ("text.address", "text.street") and f.likely]


@pytest.mark.parametrize(("language", "sample"), SAMPLES)
def test_samples_are_found(language: str, sample: str) -> None:
    assert found(sample)


@pytest.mark.parametrize(("language", "sample"), SAMPLES)
def test_samples_are_found_in_capitals(language: str, sample: str) -> None:
    assert found(sample.upper())


@pytest.mark.parametrize(("language", "sample"), NOT_SAMPLES)
def test_not_samples_are_not(language: str, sample: str) -> None:
    assert not found(sample)


@pytest.mark.parametrize("rules", languages(), ids=lambda r: r.name)
def test_every_language_has_samples_of_both_sorts(rules: Language) -> None:
    assert len(rules.samples) >= 3
    assert len(rules.not_samples) >= 2
    assert rules.countries


SLIPS = {"0": "O", "O": "0", "1": "l", "l": "1", "5": "S", "S": "5", "e": "c", "c": "e", "a": "o", "n": "r", "t": "f"}


def slipped(text: str, seed: int) -> str:
    """The text with about one character in thirty misread, dropped or doubled."""
    chance = random.Random(seed)
    out = []
    for c in text:
        roll = chance.random()
        if roll < 0.02:
            out.append(SLIPS.get(c, c))
        elif roll < 0.026 and c.isalpha():
            continue
        elif roll < 0.032 and c.isalpha():
            out.append(c + c)
        else:
            out.append(c)
    return "".join(out)


def test_most_samples_survive_a_readers_slips() -> None:
    long = [sample for _, sample in SAMPLES if len(sample) > 15]
    kept = sum(bool(found(slipped(sample, seed))) for seed, sample in enumerate(long * 5))
    assert kept / (5 * len(long)) > 0.9
