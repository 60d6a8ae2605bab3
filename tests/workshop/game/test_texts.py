"""Every round and every leak has its words, short enough for the screen, in every language."""

from __future__ import annotations

import pytest

from photoscan.catalog import LANGUAGES, rows
from photoscan.workshop.game import rounds

LONGEST = {"title": 32, "rule": 90, "leak": 90}
"""Characters."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_rounds_and_leaks_have_words_that_fit(language: str) -> None:
    texts = rows(language)
    wanted = {}
    for one in rounds.album().rounds:
        wanted |= {f"workshop.round.{one.name}.{part}": LONGEST[part] for part in ("title", "rule")}
        wanted |= {f"workshop.leak.{one.name}.{leak.name}": LONGEST["leak"] for leak in one.leaks}
    assert {key for key in wanted if key not in texts} == set()
    assert {key: len(texts[key]) for key, most in wanted.items() if len(texts[key]) > most} == {}
