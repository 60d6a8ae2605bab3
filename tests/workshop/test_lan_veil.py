"""What phones are told of the rounds: nothing that helps, until it is shown; and nothing of the rounds to come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from photoscan.catalog import LANGUAGES, rows
from photoscan.workshop.game import rounds
from photoscan.workshop.game.lesson import Lesson
from photoscan.workshop.game.rounds import Round
from photoscan.workshop.lan.veil import HELD_BACK, Veil
from tests.workshop.lan_room import Class, play, tell_here

ALL = rounds.album().rounds
OPEN = {"teams": ["Red"], "rounds": ["street", "cat"], "seconds": None}


@pytest.fixture(autouse=True)
def _tells(monkeypatch: pytest.MonkeyPatch) -> None:
    tell_here(monkeypatch)


def moments() -> Iterator[tuple[str, Round | None, dict[str, Any], Lesson, Veil]]:
    """What a pupil's phone is told in each phase of a lesson with all rounds."""
    lesson = Lesson(["Red"], ALL)
    veil, key = Veil(lesson), lesson.join("Aina")

    def now(one: Round | None) -> tuple[str, Round | None, dict[str, Any], Lesson, Veil]:
        return lesson.phase, one, veil.over(lesson.for_pupil(key)), lesson, veil

    yield now(None)
    for one in ALL:
        lesson.next() if lesson.phase == "shown" else lesson.start()
        yield now(one)
        lesson.show()
        yield now(one)
    lesson.next()
    yield now(None)


def words(one: Round, language: str) -> dict[str, str]:
    """All that would tell what is in a photo, by key."""
    mine = (f"workshop.leak.{one.name}.", f"workshop.round.{one.name}.rule")
    return {key: line for key, line in rows(language).items() if key.startswith(mine)}


def test_answers_come_with_the_reveal_and_not_before() -> None:
    for phase, now, told, *_ in moments():
        texts = {line for said in told["said"].values() for line in said.values()}
        for one in ALL:
            for language in LANGUAGES:
                answers = {*words(one, language).values()}
                assert answers
                if one is now and phase == "shown":
                    assert answers <= texts
                elif phase != "podium":
                    # Some leaks of different rounds have the same words.
                    told_now = {*words(now, language).values()} if now is not None and phase == "shown" else set()
                    assert not (answers - told_now) & texts, (phase, one.name)


def test_names_of_rounds_say_nothing() -> None:
    for _, _, told, *_ in moments():
        sent = told | {"said": {language: list(said) for language, said in told["said"].items()}}
        for key in ("round", "rounds", "played", "said"):
            for one in ALL:
                assert f'"{one.name}' not in json.dumps(sent[key])
                assert f".{one.name}." not in json.dumps(sent[key])


def test_each_text_is_found_by_the_name_that_the_phone_knows() -> None:
    for phase, now, told, *_ in moments():
        for language, said in told["said"].items():
            if now is not None:
                assert (
                    said[f"workshop.round.{told['round']['name']}.title"]
                    == (rows(language)[f"workshop.round.{now.name}.title"])
                )
            names = told["played"] if phase == "podium" else [told["round"]["name"]] if phase == "shown" else []
            assert {key for key in said if key.endswith(".rule")} == {f"workshop.round.{one}.rule" for one in names}
        for leak in (told["shown"] or {"leaks": []})["leaks"]:
            assert f"workshop.leak.{told['round']['name']}.{leak['name']}" in told["said"]["en"]


def test_a_photo_is_there_once_it_is_asked_for() -> None:
    known: dict[str, str] = {}
    for _, now, told, lesson, veil in moments():
        if now is not None:
            known[told["round"]["name"]] = now.name
        assert {name: veil.named(name) for name in told["rounds"] if veil.named(name)} == known
        assert not [name for name in lesson.names if veil.named(name)]
    assert len(known) == len(ALL)


def test_phones_get_no_photo_of_rounds_to_come_and_none_of_the_story(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        async def status(name: str) -> int:
            return (await pupils.http.get(f"/api/rounds/{name}")).status_code

        async def asked(*actions: str) -> dict[str, Any]:
            for action in actions:
                await pupils.room.ask(action, OPEN)
            answer = await pupils.http.get("/api/play", headers=who)
            return answer.json()  # type: ignore[no-any-return]

        who = await pupils.join()
        assert [await status(name) for name in ("street", "monday", "0", "1")] == [404] * 4
        first, second = (await asked("open"))["rounds"]
        assert [await status(name) for name in (first, second, "street")] == [404] * 3
        assert (await asked("start"))["round"]["name"] == first
        assert [await status(name) for name in (first, second, "street", "cat", "monday")] == [200, 404, 404, 404, 404]
        assert (await asked("show", "next"))["round"]["name"] == second
        assert [await status(name) for name in (first, second)] == [200, 200]
        # Another lesson has other names: no browser shows the last one's photo for them.
        assert not {first, second} & {*(await asked("open"))["rounds"]}
        assert [await status(name) for name in (first, second)] == [404, 404]
        await pupils.room.ask("start", {})
        await pupils.room.ask("end", {})
        assert await status(first) == 404

    play(tmp_path, go)


def test_no_catalogue_for_phones_has_the_answers(tmp_path: Path) -> None:
    async def go(pupils: Class) -> None:
        for language in LANGUAGES:
            told = (await pupils.http.get(f"/api/texts/{language}")).json()
            assert "workshop.player.ask" in told
            assert not [key for key in told if key.startswith(HELD_BACK)]
            answers = {line for one in ALL for line in words(one, language).values()}
            assert not answers & {*told.values()}

    play(tmp_path, go)


def test_no_file_for_phones_has_the_answers() -> None:
    """What lies under /static goes to everybody: no truth, no photo and no text of a round is there."""
    from photoscan.workshop.page import STATIC

    answers = {line for one in ALL for language in LANGUAGES for line in words(one, language).values()}
    for file in (path for path in STATIC.rglob("*") if path.is_file()):
        assert file.suffix in (".js", ".css", ".html", ".svg"), file
        text = file.read_text("utf-8")
        assert not [line for line in answers if line in text], file
