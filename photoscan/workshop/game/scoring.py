"""Points: what the teams' marks are worth. In three sentences, as children are told:

Find something and be sure: 2 points; not so sure: 1; and 1 more if no other team found it. Where nobody can be sure,
'not sure' is the clever answer: 2 points, and 'sure' 1. Sure, and nothing is there: 1 point less; not so sure costs
nothing, and no round ends below 0.

With phones several people mark for one team. What they mark alike counts once: of a leak the team is sure when more
than half of those who found it are; wrong marks close together are one mistake, if anybody was sure of them; and
'nothing' counts only where nobody of the team marked anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from photoscan.geometry import Box
from photoscan.workshop.game.marks import FILE, NOTHING, Mark
from photoscan.workshop.game.rounds import Leak, Round

RIGHT, HALF, ALONE, WRONG = 2, 1, 1, -1
"""Points for the right answer with the right doubt, with the wrong doubt, for being the only team, for a mistake."""
MARGIN = 0.04
"""How far beside a place a mark still hits it, as a part of the photo's long side: fingers are wide."""
OVERLAP = 0.5
"""What part of the smaller one a frame and a place have to share."""
LARGEST = 6.0
"""How many times as large as the place with its margin a frame may be ..."""
WHOLE = 0.5
"""... and which part of the photo: whoever frames everything has found nothing."""

Team = str
Sayings = Sequence[Sequence[Mark]]
"""What each marker of one team says: several with phones, one on the teacher's screen."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mark. `leaks`: names of what it found; `decoy`: the name of what fooled it."""

    team: Team
    mark: Mark
    leaks: tuple[str, ...] = ()
    decoy: str | None = None
    right: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Who found a leak. `points`: what each of these teams got for it."""

    leak: Leak
    points: Mapping[Team, int]
    first_only: Team | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A round's end. `gained`: points by team, never negative; before that `lost`: what mistakes cost, 0 or less, and
    `nothing`: points for saying rightly that there is nothing, of those who did.
    """

    gained: Mapping[Team, int]
    lost: Mapping[Team, int]
    nothing: Mapping[Team, int]
    found: tuple[Found, ...]
    verdicts: tuple[Verdict, ...]


def score(photo: Round, teams: Mapping[Team, Sayings]) -> Outcome:
    """What all marks are worth. Their order, and that of teams and markers, changes no points."""
    said = {team: _united(sayings) for team, sayings in teams.items()}
    verdicts = {team: [[judge(photo, team, mark) for mark in one] for one in said[team]] for team in teams}
    found = tuple(_found(leak, verdicts) for leak in photo.leaks)
    lost = {team: WRONG * _mistakes(photo, [v for one in rows for v in one]) for team, rows in verdicts.items()}
    nothing = {team: points for team, rows in verdicts.items() if (points := _for_nothing(rows))}
    gained = {
        team: max(0, sum(row.points.get(team, 0) for row in found) + nothing.get(team, 0) + lost[team])
        for team in teams
    }
    return Outcome(gained, lost, nothing, found, tuple(v for rows in verdicts.values() for one in rows for v in one))


def judge(photo: Round, team: Team, mark: Mark) -> Verdict:
    """What one mark hit."""
    if mark.what == NOTHING:
        return Verdict(team, mark, right=not photo.leaks)
    if mark.what == FILE:
        leaks = tuple(leak.name for leak in photo.leaks if leak.box is None)
        return Verdict(team, mark, leaks, right=bool(leaks))
    shown = [(leak, leak.box) for leak in photo.leaks if leak.box is not None]
    near = [(reach, row[0]) for row in shown if (reach := _reach(photo, mark, row[1])) is not None]
    if near:
        best = min(near, key=lambda row: row[0])[1]
        return Verdict(team, mark, (best.name,), right=True)
    fooled = [decoy.name for decoy in photo.decoys if _reach(photo, mark, decoy.box) is not None]
    return Verdict(team, mark, decoy=fooled[0] if fooled else None)


def _united(sayings: Sayings) -> list[list[Mark]]:
    """What a team's markers say, without 'nothing' where anybody found something."""
    anything = any(mark.what != NOTHING for one in sayings for mark in one)
    return [[mark for mark in one if not (anything and mark.what == NOTHING)] for one in sayings]


def _reach(photo: Round, mark: Mark, place: Box) -> tuple[float, float] | None:
    """How well a mark fits a place, smaller is better; None where it misses it."""
    assert mark.box is not None
    margin = MARGIN * photo.long_side
    left, top, right, bottom = place.x - margin, place.y - margin, place.x2 + margin, place.y2 + margin
    x, y, w, h = mark.box
    if not (w and h):
        if not (left <= x <= right and top <= y <= bottom):
            return None
        beside = max(place.x - x, 0, x - place.x2), max(place.y - y, 0, y - place.y2)
        return max(beside), place.area
    across, down = min(x + w, right) - max(x, left), min(y + h, bottom) - max(y, top)
    size, grown = w * h, (right - left) * (bottom - top)
    if across <= 0 or down <= 0 or size > LARGEST * grown or size > WHOLE * photo.width * photo.height:
        return None
    if across * down < OVERLAP * min(size, grown):
        return None
    inner = max(0, min(x + w, place.x2) - max(x, place.x)) * max(0, min(y + h, place.y2) - max(y, place.y))
    return -inner / (size + place.area - inner), -across * down


def _found(leak: Leak, verdicts: Mapping[Team, Sequence[Sequence[Verdict]]]) -> Found:
    """Who found a leak and what it was worth."""
    votes = {}
    for team, rows in verdicts.items():
        sure = [any(v.mark.sure for v in hits) for one in rows if (hits := [v for v in one if leak.name in v.leaks])]
        if sure:
            votes[team] = 2 * sum(sure) > len(sure)
    only = next(iter(votes)) if len(votes) == 1 and len(verdicts) > 1 else None
    points = {
        team: (RIGHT if sure == leak.certain else HALF) + (ALONE if team == only else 0) for team, sure in votes.items()
    }
    return Found(leak, points, only)


def _mistakes(photo: Round, verdicts: Sequence[Verdict]) -> int:
    """How many sure mistakes a team made; what lies close together is one.

    Counted by the cells of a grid that marks fall into, and of the same grid shifted by half a cell each way the one
    that is kindest: two marks closer than half a cell share one somewhere. One more mark never makes it fewer.
    """
    wrong = [v.mark for v in verdicts if v.mark.sure and not v.right]
    places = [(x + w / 2, y + h / 2) for x, y, w, h in (mark.box for mark in wrong if mark.box is not None)]
    cell = 4 * MARGIN * photo.long_side
    shifts = [(across, down) for across in (0, cell / 2) for down in (0, cell / 2)]
    counts = [len({((x + right) // cell, (y + down) // cell) for x, y in places}) for right, down in shifts]
    return min(counts) + len({mark.what for mark in wrong if mark.box is None})


def _for_nothing(rows: Sequence[Sequence[Verdict]]) -> int:
    """Points for saying rightly that there is nothing: RIGHT where more than half of those who say so are sure."""
    sure = [v.mark.sure for one in rows for v in one if v.mark.what == NOTHING and v.right]
    if not sure:
        return 0
    return RIGHT if 2 * sum(sure) > len(sure) else HALF
