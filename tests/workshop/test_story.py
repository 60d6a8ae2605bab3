"""The story: every clue is in its photo, every statement rests on clues, and every act takes what it says it takes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from photoscan import catalog, shipped
from photoscan.catalog import LANGUAGES
from photoscan.workshop import story
from photoscan.workshop.app import STATIC

TOLD = story.story()
RULES = shipped.rules("workshop/story.toml")
SIZES = {post["name"]: (post["width"], post["height"]) for post in TOLD["posts"]}
BESIDE = {f"{name}.{said}" for name in SIZES for said in (story.TAG, story.LIVE)}
PARTS = {part for row in TOLD["statements"] for way in row["rests"] for part in way}


def known(*acts: str) -> set[str]:
    """What a stranger still knows while these acts are on, as the page reckons it (static/story/state.js)."""
    broken = {part for act in TOLD["acts"] if act["id"] in acts for part in act["breaks"]}
    return {row["id"] for row in TOLD["statements"] if any(not broken & set(way) for way in row["rests"])}


ALL = known()


def test_the_week_has_its_four_photos_and_each_has_a_clue() -> None:
    assert list(SIZES) == ["monday", "wednesday", "friday", "sunday"]
    assert {clue["photo"] for clue in TOLD["clues"]} == set(SIZES)


@pytest.mark.parametrize("clue", TOLD["clues"], ids=lambda clue: clue["id"])
def test_a_clue_is_to_be_seen_in_its_photo(clue: dict[str, Any]) -> None:
    width, height = SIZES[clue["photo"]]
    x, y, w, h = clue["box"]
    assert 0 <= x < x + w <= width
    assert 0 <= y < y + h <= height
    assert w * h > 1000


def test_every_question_is_answered_and_no_clue_hints_at_its_own() -> None:
    assert {clue["question"] for clue in TOLD["clues"]} == set(TOLD["questions"])
    for clue in TOLD["clues"]:
        assert clue["nearly"] in {None, *TOLD["questions"]} - {clue["question"]}


def test_statements_rest_on_what_the_photos_say() -> None:
    leaks = {f"{row['photo']}.{row['leak']}" for row in RULES["clue"]}
    faces = {"wednesday.face", "sunday.face"}
    assert leaks | faces | BESIDE >= PARTS >= leaks | faces
    for row in TOLD["statements"]:
        assert row["shots"]
        assert {shot["photo"] for shot in row["shots"]} == {p.partition(".")[0] for way in row["rests"] for p in way}


def test_every_act_breaks_something_that_is_known() -> None:
    for act in TOLD["acts"]:
        assert set(act["breaks"]) <= PARTS | BESIDE
        assert set(act["breaks"]) & PARTS


TAKES: dict[tuple[str, ...], set[str]] = {
    ("place",): set(),
    ("number",): {"home"},
    ("friends",): {"school"},
    ("unposted",): {"home", "way", "now"},
    ("later",): {"now"},
    ("poster",): {"when"},
    ("place", "friends"): {"town", "school"},
    ("place", "unposted"): {"home", "way", "now"},
    ("number", "later", "poster"): {"home", "now", "when"},
    tuple(act["id"] for act in TOLD["acts"]): {"town", "home", "school", "way", "now", "when"},
}


@pytest.mark.parametrize(("acts", "gone"), TAKES.items())
def test_what_an_act_takes_from_the_stranger(acts: tuple[str, ...], gone: set[str]) -> None:
    assert ALL - known(*acts) == gone


def test_one_act_takes_more_than_every_other() -> None:
    takes = sorted((len(ALL - known(act["id"])) for act in TOLD["acts"]), reverse=True)
    assert takes[0] > takes[1]


def keys() -> Iterable[str]:
    """Every text that the story's data asks for."""
    for name in SIZES:
        yield from (f"day.{name}", f"caption.{name}", f"alt.{name}")
    yield from (f"question.{name}" for name in TOLD["questions"])
    for clue in TOLD["clues"]:
        yield f"clue.{clue['id']}"
        if clue["nearly"]:
            yield f"nearly.{clue['id']}"
    yield from (f"statement.{row['id']}" for row in TOLD["statements"])
    yield from (f"act.{act['id']}" for act in TOLD["acts"])


DATA = ("day.", "caption.", "alt.", "question.", "clue.", "nearly.", "statement.", "act.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_it_has_words_and_no_words_are_left_over(language: str) -> None:
    ours = {key.removeprefix("workshop.story.") for key in catalog.rows(language) if key.startswith("workshop.story.")}
    wanted = set(keys())
    assert wanted - ours == set()
    assert {key for key in ours if key.startswith(DATA)} == wanted


def test_the_page_is_told_and_shown(client: TestClient) -> None:
    assert client.get("/api/story").json() == TOLD
    for name, size in SIZES.items():
        answer = client.get(f"/api/story/{name}")
        assert answer.headers["content-type"] == "image/jpeg"
        assert Image.open(io.BytesIO(answer.content)).size == size


@pytest.mark.parametrize("name", ["tuesday", "..%2ftruth", "monday.jpg", "uniform"])
def test_names_that_are_none_show_nothing(name: str, client: TestClient) -> None:
    before = story._file.cache_info().currsize
    answer = client.get(f"/api/story/{name}", follow_redirects=False)
    assert not answer.headers["content-type"].startswith("image/")
    assert story._file.cache_info().currsize == before


def test_texts_that_only_the_page_asks_for_are_asked_for() -> None:
    scripts = "".join(path.read_text("utf-8") for path in STATIC.rglob("*.js"))
    ours = {key for key in catalog.rows() if key.startswith("workshop.story.")}
    plain = {key for key in ours if not key.removeprefix("workshop.story.").startswith(DATA)}
    parts = ("posts", "board", "profile", "acts", "rule")
    built = {f"workshop.story.{part}.{said}" for part in parts for said in ("title", "lead")}
    built |= {f"workshop.story.step.{part}" for part in parts} | {f"workshop.story.ask.{n}" for n in range(1, 4)}
    buttons = ("next_photo", "to_board", "to_profile", "to_acts", "to_rule", "yes", "unsure")
    words = {f"workshop.story.{button}" for button in buttons}
    assert {key for key in plain - built - words if f"'{key}'" not in scripts} == set()
