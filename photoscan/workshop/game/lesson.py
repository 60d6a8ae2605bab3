"""A lesson: its teams, its pupils, and where it is. All in memory, in one event loop; plain data goes in and out."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil
from time import monotonic
from typing import Any
from unicodedata import category

from photoscan.workshop.game import marks as marking
from photoscan.workshop.game.marks import Mark
from photoscan.workshop.game.rounds import Round
from photoscan.workshop.game.scoring import Outcome, score

LOBBY, ASKING, SHOWN, PODIUM = "lobby", "asking", "shown", "podium"
MOST_TEAMS, MOST_PUPILS = 8, 60
LONGEST_NAME = 24
"""Characters of a team's or a pupil's name."""
LONGEST_TIMER = 600
"""Seconds."""
BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Characters that count as printable and show nothing."""
PILED = 4
"""So many signs on one letter are more than any script has: more would run over the lines above."""
TEACHER = ""
"""Stands for the teacher's page among those who mark for a team."""


class LessonError(Exception):
    """What the lesson can't do now, or not at all. `code`: wrong (what was asked), late (not in this phase) or gone."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(slots=True)
class _Team:
    id: str
    name: str
    points: int = 0
    gained: int = 0
    marks: dict[str, tuple[Mark, ...]] = field(default_factory=dict)
    """By who set them: a pupil's id, or TEACHER."""


@dataclass(slots=True)
class _Pupil:
    id: str
    name: str
    team: _Team
    told: int
    """The version in which something of theirs changed last."""


class Lesson:
    """The state of one lesson.

    `seconds`: how long a round may take, which is told and not enforced: the teacher ends a round. Raises LessonError.
    """

    def __init__(
        self,
        teams: Sequence[str],
        rounds: Sequence[Round],
        seconds: int | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        if not 1 <= len(teams) <= MOST_TEAMS:
            raise LessonError("wrong", f"There have to be 1 to {MOST_TEAMS} teams.")
        if not rounds or len({one.name for one in rounds}) != len(rounds):
            raise LessonError("wrong", "There has to be a round, and none twice.")
        if seconds is not None and not 1 <= seconds <= LONGEST_TIMER:
            raise LessonError("wrong", f"A round takes 1 to {LONGEST_TIMER} seconds.")
        self._teams = {f"t{number}": _Team(f"t{number}", name_of(name)) for number, name in enumerate(teams, 1)}
        self._rounds = tuple(rounds)
        self._seconds = seconds
        self._clock = clock
        self._pupils: dict[str, _Pupil] = {}
        self._index = -1
        self._played = 0
        self._since = 0.0
        self._outcome: Outcome | None = None
        self.phase = LOBBY
        self.version = 1
        self._public = 1  # the version in which something changed last that every pupil sees
        self._news = asyncio.Event()

    # What the teacher does

    def start(self) -> None:
        """Begin with the first round."""
        self._only(LOBBY)
        self._ask()

    def show(self) -> None:
        """End the round: what was found is told, points are given."""
        self._only(ASKING)
        outcome = score(self._round, {team.id: list(team.marks.values()) for team in self._teams.values()})
        for team in self._teams.values():
            team.gained = outcome.gained[team.id]
            team.points += team.gained
        self._outcome = outcome
        self._played = self._index + 1
        self._turn(SHOWN)

    def next(self) -> None:
        """Go on to the next round; after the last one, to the podium."""
        self._only(SHOWN)
        if self._index + 1 < len(self._rounds):
            self._ask()
        else:
            self._turn(PODIUM)

    def finish(self) -> None:
        """To the podium, wherever the lesson is. A round that was not shown gives no points."""
        if self.phase != PODIUM:
            self._turn(PODIUM)

    def mark(self, team: str, rows: object) -> None:
        """Set all marks that the teacher's page has for a team. Raises MarkError."""
        self._only(ASKING)
        if team not in self._teams:
            raise LessonError("wrong", "There is no such team.")
        self._teams[team].marks[TEACHER] = marking.parse(rows, self._round)
        self._changed()

    def remove(self, pupil: str) -> None:
        """Send a pupil out, by id; what they marked in this round goes with them."""
        key = next((key for key, one in self._pupils.items() if one.id == pupil), None)
        if key is None:
            raise LessonError("gone", "There is no such pupil.")
        self.leave(key)

    def touch(self) -> None:
        """Something beside the game has changed that the teacher is told."""
        self._changed()

    # What pupils do

    def join(self, name: object) -> str:
        """Take a pupil in, into the smallest team; gives back the key that proves who asks from then on."""
        if self.phase == PODIUM:
            raise LessonError("late", "The lesson is over.")
        if len(self._pupils) >= MOST_PUPILS:
            raise LessonError("late", "The lesson is full.")
        sizes = dict.fromkeys(self._teams, 0)
        for pupil in self._pupils.values():
            sizes[pupil.team.id] += 1
        team = self._teams[min(sizes, key=lambda team: sizes[team])]
        key, fine = secrets.token_urlsafe(24), name_of(name)
        self._pupils[key] = _Pupil(secrets.token_urlsafe(6), fine, team, self.version)
        self._changed()
        return key

    def knows(self, key: str) -> bool:
        """Whether a key belongs to somebody here."""
        return key in self._pupils

    def mark_as(self, key: str, rows: object) -> None:
        """Set all marks of a pupil. Raises MarkError."""
        pupil = self._pupil(key)
        self._only(ASKING)
        pupil.team.marks[pupil.id] = marking.parse(rows, self._round)
        self._changed(pupil)

    def leave(self, key: str) -> None:
        """Let a pupil go."""
        pupil = self._pupil(key)
        pupil.team.marks.pop(pupil.id, None)
        del self._pupils[key]
        self._changed()

    # What is told

    @property
    def names(self) -> tuple[str, ...]:
        """Those of all rounds."""
        return tuple(one.name for one in self._rounds)

    @property
    def asked(self) -> tuple[str, ...]:
        """Those of the rounds that have been asked for until now."""
        return self.names[: self._index + 1]

    def for_teacher(self) -> dict[str, Any]:
        """All that the teacher's page shows."""
        return self._told(self.version) | {
            "teams": [self._team(team) | {"marks": self._marks(team, TEACHER)} for team in self._teams.values()],
            "pupils": [
                {"id": one.id, "name": one.name, "team": one.team.id, "answered": bool(self._marks(one.team, one.id))}
                for one in self._pupils.values()
            ],
        }

    def for_pupil(self, key: str) -> dict[str, Any]:
        """What one pupil's phone shows: nothing of others but their team's name and points."""
        pupil = self._pupil(key)
        return self._told(self._version_of(key)) | {
            "teams": [self._team(team) for team in self._teams.values()],
            "mine": {
                "name": pupil.name,
                "team": pupil.team.id,
                "marks": self._marks(pupil.team, pupil.id),
                "points": pupil.team.points,
                "gained": pupil.team.gained,
            },
        }

    async def changed(self, since: int, seconds: float, key: str | None = None) -> bool:
        """Wait until there is something newer than the version `since`, `seconds` at most; whether there is.

        `key`: for a pupil, who is not told of what others mark.
        """
        end = self._clock() + seconds
        with suppress(TimeoutError):
            while self._version_of(key) <= since:
                await asyncio.wait_for(self._news.wait(), max(0.0, end - self._clock()))
        return self._version_of(key) > since

    # Inside

    @property
    def _round(self) -> Round:
        return self._rounds[self._index]

    def _told(self, version: int) -> dict[str, Any]:
        asked = self.phase in (ASKING, SHOWN)
        return {
            "version": version,
            "phase": self.phase,
            "round": self._about_round() if asked else None,
            "rounds": [one.name for one in self._rounds],
            "played": [one.name for one in self._rounds[: self._played]],
            "shown": _shown(self._round, self._outcome) if self.phase == SHOWN and self._outcome else None,
        }

    def _about_round(self) -> dict[str, Any]:
        left = None
        if self._seconds is not None and self.phase == ASKING:
            left = max(0, ceil(self._since + self._seconds - self._clock()))
        return self._round.told() | {"index": self._index, "count": len(self._rounds), "seconds_left": left}

    def _team(self, team: _Team) -> dict[str, Any]:
        return {"id": team.id, "name": team.name, "points": team.points, "gained": team.gained}

    def _marks(self, team: _Team, who: str) -> list[dict[str, Any]]:
        return marking.told(team.marks.get(who, ()))

    def _pupil(self, key: str) -> _Pupil:
        if key not in self._pupils:
            raise LessonError("gone", "Nobody here has this key.")
        return self._pupils[key]

    def _version_of(self, key: str | None) -> int:
        if key is None:
            return self.version
        pupil = self._pupils.get(key)
        # Whoever was sent out is told so at once.
        return max(self._public, pupil.told) if pupil else self.version + 1

    def _only(self, phase: str) -> None:
        if self.phase != phase:
            raise LessonError("late", f"This is only possible in the phase '{phase}'.")

    def _ask(self) -> None:
        self._index += 1
        self._since = self._clock()
        self._outcome = None
        for team in self._teams.values():
            team.marks.clear()
            team.gained = 0
        self._turn(ASKING)

    def _turn(self, phase: str) -> None:
        self.phase = phase
        self._public = self.version + 1
        self._changed()

    def _changed(self, pupil: _Pupil | None = None) -> None:
        self.version += 1
        if pupil is not None:
            pupil.told = self.version
        self._news.set()
        self._news = asyncio.Event()  # for whoever waits next


def _shown(photo: Round, outcome: Outcome) -> dict[str, Any]:
    """What was there, who found it, and what became of each mark."""
    return {
        "leaks": [
            row.leak.told() | {"found": list(row.points), "points": dict(row.points), "first_only": row.first_only}
            for row in outcome.found
        ],
        "decoys": [decoy.told() for decoy in photo.decoys],
        "lost": dict(outcome.lost),
        "nothing": dict(outcome.nothing),
        "marks": [
            {"team": v.team, **v.mark.told(), "right": v.right, "leaks": list(v.leaks), "decoy": v.decoy}
            for v in outcome.verdicts
        ],
    }


def name_of(value: object) -> str:
    """A name as it may be shown: printable, in one line. LessonError for what is none or too long."""
    if not isinstance(value, str):
        raise LessonError("wrong", "A name has to be text.")
    name = " ".join("".join(_plain(value[:200])).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise LessonError("wrong", f"A name has 1 to {LONGEST_NAME} characters.")
    return name


def _plain(text: str) -> Iterator[str]:
    """Its characters that show something, with no more signs on a letter than fit there."""
    piled = 0
    for one in text:
        piled = piled + 1 if category(one) in ("Mn", "Me") else 0
        if one not in BLANK and piled <= PILED and (one.isprintable() or one.isspace()):
            yield one


def names_of(values: object) -> list[str]:
    """A list of names, from JSON. Raises LessonError."""
    if not isinstance(values, list):
        raise LessonError("wrong", "Names have to be a list.")
    return [name_of(value) for value in values]


def rounds_of(names: object, known: Iterable[Round]) -> list[Round]:
    """The rounds of those names, from JSON. Raises LessonError."""
    table = {one.name: one for one in known}
    if not isinstance(names, list) or not all(isinstance(name, str) and name in table for name in names):
        raise LessonError("wrong", "'rounds' has to be a list of names of rounds.")
    return [table[name] for name in names]
