"""The texts for a lesson: the same structure in every language, nothing missing, nothing that a PDF can't write."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from photoscan import catalog
from photoscan.catalog import LANGUAGES
from photoscan.errors import UsageError
from photoscan.handouts import blocks, lessons, sheets
from photoscan.handouts.pdf import lacks

FOLDER = Path(lessons.__file__).parent / "texts"
WRITTEN = lessons.languages()
ENGLISH = tomllib.loads((FOLDER / "en.toml").read_text("utf-8"))


def texts(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))


def shape(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Where there is what: texts without their words, but with their placeholders and marks; all else as it is."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from shape(inner, f"{path}.{key}")
    elif isinstance(value, list):
        yield path, len(value)
        for index, inner in enumerate(value):
            yield from shape(inner, f"{path}[{index}]")
    elif isinstance(value, str) and path.rpartition(".")[2] not in (
        "name",
        "for",
        "age",
        "kind",
        "size",
        "step",
        "shared",
    ):
        yield path, (bool(value), tuple(re.findall(r"{\w+}", value)), value.count("**") % 2)
    elif isinstance(value, str) and path.endswith("words.name"):
        yield path, bool(value)
    else:
        yield path, value


def said(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner)
    elif isinstance(value, str):
        yield value


def test_there_are_texts_for_the_four_languages_of_the_start() -> None:
    assert {"en", "ms", "id", "pt-BR"} <= set(WRITTEN) <= set(LANGUAGES)
    assert WRITTEN[0] == "en"


@pytest.mark.parametrize("language", WRITTEN[1:])
def test_every_language_has_the_same_blocks(language: str) -> None:
    assert dict(shape(texts(language))) == dict(shape(ENGLISH))


def test_a_block_that_is_missing_or_without_a_word_would_be_seen() -> None:
    changed = texts("ms")
    changed["sheet"][0]["blocks"].pop()
    assert dict(shape(changed)) != dict(shape(ENGLISH))
    changed = texts("ms")
    changed["steps"]["talk"] = ""
    assert dict(shape(changed)) != dict(shape(ENGLISH))
    changed = texts("ms")
    changed["words"]["page"] = "{page}"
    assert dict(shape(changed)) != dict(shape(ENGLISH))


SAME = re.compile(r"\W*(photoscan[\w -]*|PDF|Android|iPhone|{\w+}|\d+)*\W*")
"""What is the same in every language."""


@pytest.mark.parametrize("language", WRITTEN[1:])
def test_no_sentence_is_left_in_english(language: str) -> None:
    english = {text for text in said(ENGLISH) if len(text.split()) > 2}
    left = [text for text in said(texts(language)) if text in english and not SAME.fullmatch(text)]
    assert left == []


@pytest.mark.parametrize("language", WRITTEN)
def test_marks_are_closed_and_lines_are_whole(language: str) -> None:
    for text in said(texts(language)):
        assert text.count("**") % 2 == 0, text
        assert text == text.strip(), text
        assert "  " not in re.sub(r"^\d  ", "", text), text
        assert not re.search(r"\.\.|\bTODO\b|['\"]", text), f"typographic marks alone: {text}"


@pytest.mark.parametrize("language", sorted({"en", "ms", "id", "pt-BR"} & set(WRITTEN)))
def test_the_letters_of_the_pdf_write_every_text(language: str) -> None:
    assert [text for text in said(texts(language)) if lacks(text)] == []
    titles = [lessons.round_title(name, language) + lessons.round_rule(name, language) for name in lessons.ROUNDS]
    assert [title for title in titles if lacks(title)] == []


def test_what_the_letters_lack_is_known() -> None:
    assert not lacks("ãçõÃ “é” – … • ›")
    assert [name for name in ("张伟", "குமார்", "ⓘ", "\u202e", "→", "Łukasz") if not lacks(name)] == []


@pytest.mark.parametrize("language", WRITTEN)
def test_orang_asing_is_no_word_for_a_stranger(language: str) -> None:
    """People say 'orang tidak dikenali'; 'orang asing' are foreigners."""
    assert [text for text in said(texts(language)) if re.search(r"\borang asing\b", text, re.IGNORECASE)] == []


# Lessons


@pytest.mark.parametrize("language", WRITTEN)
@pytest.mark.parametrize("age", lessons.AGES)
@pytest.mark.parametrize("minutes", lessons.MINUTES)
def test_a_plan_takes_the_time_that_it_says(language: str, age: str, minutes: int) -> None:
    steps = lessons.plan(language, age, minutes)
    assert sum(step["minutes"] for step in steps) == minutes
    names = [step["name"] for step in steps]
    assert names == [name for name in lessons.STEPS if name in names]
    assert {"talk", "game", "rules"} <= set(names)
    assert all(step["title"] for step in steps)
    played = [name for step in steps for name in step["rounds"]]
    assert played == [name for name in lessons.ROUNDS if name in played], "from easy to tricky"
    (game,) = [step for step in steps if step["name"] == "game"]
    assert 90 <= game["minutes"] * 60 / len(played) <= 240, "seconds of a round"


def test_a_longer_plan_leaves_nothing_out_of_a_shorter_one() -> None:
    for age in lessons.AGES:
        steps = [{step["name"] for step in lessons.plan("en", age, minutes)} for minutes in lessons.MINUTES]
        assert steps[1] <= steps[2]


def test_the_photo_of_a_worksheet_is_new_to_the_class() -> None:
    by_age = {"7-9": "car", "10-12": "selfie", "13-17": "screen"}
    for age, name in by_age.items():
        (sheet,) = [sheet for sheet in sheets.sheets("en") if sheet.name == f"worksheet-{age}"]
        assert [block.name for block in sheet.blocks if isinstance(block, blocks.Picture)] == [name]
        for minutes in lessons.MINUTES:
            assert all(name not in step["rounds"] for step in lessons.plan("en", age, minutes))


@pytest.mark.parametrize("given", [("en", "7-9", 31), ("en", "5", 30), ("en", "", 0)])
def test_a_plan_that_there_is_none_of_is_refused(given: tuple[str, str, int]) -> None:
    with pytest.raises(UsageError, match="7-9, 10-12, 13-17, parents"):
        lessons.plan(*given)


@pytest.mark.parametrize("language", WRITTEN)
def test_notes_are_a_few_sentences_for_each_view_and_round(language: str) -> None:
    notes = lessons.notes(language)
    assert set(notes) == {*lessons.STEPS, *(f"round.{name}" for name in lessons.ROUNDS)}
    for name, note in notes.items():
        assert 80 <= len(note) <= 420, name
        assert 2 <= len(re.findall(r"[.?!]”?(?=\s|$)", note)) <= 6, name


def test_a_language_without_texts_gets_those_of_english() -> None:
    assert lessons.notes("tlh") == lessons.notes("en")
    assert lessons.plan("tlh", "7-9", 30) == lessons.plan("en", "7-9", 30)


def test_every_text_is_on_some_page() -> None:
    """Nothing is written in vain: a step, note or shared part that nobody shows would be."""
    used = str(ENGLISH["sheet"])
    assert [name for name in ENGLISH["shared"] if f"'shared': '{name}'" not in used] == []
    assert set(ENGLISH["steps"]) == set(lessons.STEPS)
    for row in ENGLISH["sheet"]:
        if row.get("age"):
            steps = {step["name"] for minutes in lessons.MINUTES for step in lessons.plan("en", row["age"], minutes)}
            assert [b["step"] for b in row["blocks"] if "step" in b] == [s for s in lessons.STEPS if s in steps], row[
                "name"
            ]


@pytest.mark.parametrize("language", WRITTEN)
@pytest.mark.parametrize(("step", "key"), [("game", "workshop.game.title"), ("story", "workshop.story.title")])
def test_a_step_is_called_what_the_page_calls_it(step: str, key: str, language: str) -> None:
    if catalog.has(key):
        assert texts(language)["steps"][step] == catalog.text(key, language)
