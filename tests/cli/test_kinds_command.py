"""`photoscan kinds`: every kind is listed and explained, in every language, by the texts of the site."""

from __future__ import annotations

import json

import pytest

from photoscan import told
from photoscan.catalog import LANGUAGES, text
from photoscan.kind import Kind
from tests.cli.conftest import Said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_listed_with_its_harm_and_a_sentence(language: str, said: Said) -> None:
    code, out, err = said("kinds", "--lang", language)
    assert (code, err) == (0, "")
    flat = " ".join(out.split())
    for kind in Kind:
        harm = text(f"severity.{kind.severity.label}", language)
        assert f"{kind.value} {text(f'kind.{kind.value}.title', language)} ({harm}). " in flat, kind
    assert max(map(len, out.splitlines())) <= 80


def test_one_kind_is_explained_by_the_texts_of_its_page(said: Said) -> None:
    entries = told.read(told.document())
    for kind in Kind:
        code, out, _ = said("kinds", kind.value, "--format", "json")
        row = json.loads(out)
        assert (code, row["kind"], row["severity"]) == (0, kind.value, kind.severity.label)
        assert row["found"] == told.plain(entries[kind.value].found)
        assert row["why"].startswith(row["sentence"])
        assert any(kind.value in way for way in row["suppress"])
        # A place in the picture can be left out only where there is one.
        assert any("[[ignore]]" in way for way in row["suppress"]) is kind.in_picture


def test_the_page_has_all_parts_and_no_marks(said: Said) -> None:
    _, out, _ = said("kinds", "metadata.gps")
    for part in ("what", "why", "do", "found", "missed", "suppress"):
        assert text(f"kinds.{part}", "en") in out.splitlines()
    assert "`" not in out
    assert text("kinds.english", "en") not in out
    assert text("kinds.english", "ms") in said("kinds", "metadata.gps", "--lang", "ms")[1]


def test_a_family_lists_its_kinds_alone(said: Said) -> None:
    rows = json.loads(said("kinds", "text", "--format", "json")[1])
    assert [row["kind"] for row in rows] == [kind.value for kind in Kind if kind.within("text")]


def test_what_is_no_kind_is_told(said: Said) -> None:
    code, out, err = said("kinds", "text.fone")
    assert (code, out) == (2, "")
    assert "'text.fone'" in err


def test_markdown_is_taken_out() -> None:
    assert told.plain("see [the `rules`](../rules.md) of `a.b`") == "see the rules of a.b"
