"""How likely a candidate is a plate: what speaks for and against it, weighed together.

Evidence is added up as log odds, as if each piece spoke for itself (naive Bayes). The weights were set by
hand on photos of cars and on photos chosen at random, and rounded. Text alone is evidence, not proof: far more things
than plates carry a few letters and digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import exp

from photoscan import plate_formats
from photoscan.geometry import Box
from photoscan.textline import TextLine
from photoscan.vision.plates import reading
from photoscan.vision.plates.frame import sides
from photoscan.vision.plates.reading import Piece, Reading
from photoscan.vision.plates.surroundings import Scene

PRIOR = -3.2
"""Log odds of a candidate of which nothing else is known: one in twenty-five. Of those on photos chosen at random one
in fifty is a plate, of those on photos of cars two in three: it stands nearer to the first, where plates are rare."""
SHAPE = 5.0
"""For the surest shape; a weaker one counts by its score."""
FORM, FORM_FROM = 7.0, 0.2
"""For the most telling form, read surely; others by their weight and how surely they were read."""
UNREAD = -2.0
"""For a shape in which nothing was read in the form of a plate: most plates that are seen at all can be read, and on
vehicles lamps, grilles, exhaust pipes and reflections have their shape."""
ON_VEHICLE, NO_VEHICLE = 1.6, -2.5
"""For a candidate on a vehicle, and for one beside every vehicle where they were looked for."""
SURE_VEHICLE = 0.25
"""From that score on the network's vehicles count; what is seen less surely says nothing."""
MONTH = 2.0
"""For a month and a year in small print below the number, as Indonesian plates have them."""
REPAIR, SWAP, MOST_CHANGED = -0.8, -0.3, 3
"""For each character that was read as another sort, or as the other one of the same glyph."""
MARK, MOST_MARKS = -0.8, 3
"""For each mark that plates don't carry."""
LOWER, MOST_LOWER = -1.0, 3
"""For each small letter that no capital looks like: plates carry capitals."""
OTHERWISE = -3.5
"""For a line that is something else, as it is written or by the word before the number."""
BADGE, LONGEST_BADGE, BADGE_SHAPE = -1.5, 4, 0.4
"""For a number no longer than what makers write on vehicles (HB20, C200, XC90), in a shape below the last score."""
WORD, SHORTEST_WORD = -2.0, 5
"""For so many letters in a row: a word with a number after it (SUSHI 131)."""
HUGE, VAST = -3.0, 0.35
"""For what covers more than that share of the photo and can't be read in a plate's form: the subject, not a plate."""
WORDY, MOST_WORDY = -0.5, 6
"""For each letter, of the number's own height, that stands on its line or in its shape and is no part of it."""
ROW, MOST_ROWS = -0.6, 4
"""For each further row or text of like height that the number stands in line with."""
PLAIN_MARKS = frozenset("-.·•' ")
SMALL_LETTERS = frozenset("abdefghjmnqrty")
"""Letters whose capitals look different; i and l are left out, as which 1 and I are read."""
ALIKE = 0.6
"""Letters lower than that share of the number's are small print."""
SHARED = 3
"""So many characters a line has to share with a reading that stands in it."""
INDONESIA = "Indonesia"
MONTH_AND_YEAR = re.compile(r"(0[1-9]|1[0-2])\s?[.·:,\-* ]?\s?[2-4]\d")
SURE = 0.8
"""What is read less surely may be texture."""
POSSIBLE = 0.45
"""The most for what nothing but text, or nothing but a shape, speaks for."""
SEEN = 0.12
"""From that score on a shape is a witness of its own."""
LEAST_TELLING = 0.25
"""A form that tells less is none: a shape around it stays a shape alone."""
SUREST = 0.99
"""No plate is surer."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is to be judged: the shape's score (0: none was seen), its box, every way to read it, the one believed."""

    shape: float
    box: Box
    ways: tuple[Reading, ...]
    way: Reading | None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Where the number stands."""
        return reading.tightest(self.ways, self.way) if self.way else ()

    @property
    def number(self) -> Box:
        """The upright box around the number; the candidate's own where nobody knows."""
        return Box.union(Box.around(p.outline) for p in self.pieces) if self.pieces else self.box

    @property
    def height(self) -> float:
        """Pixels that one row of the number is high."""
        return max(1.0, min((sides(p.outline)[1] for p in self.pieces), default=float(self.box.h)))


def confidence(candidate: Candidate, scene: Scene) -> float:
    """How likely it is a plate, 0..1."""
    way, number = candidate.way, candidate.number
    read = way is not None and way.match is not None and way.match.weight >= LEAST_TELLING
    vehicle = scene.on_vehicle(candidate.box, low=not read)
    ridden = vehicle is not None and vehicle >= SURE_VEHICLE
    dated = _dated(candidate, scene)
    odds = PRIOR + SHAPE * candidate.shape + _reading(candidate) + (MONTH if dated else 0.0)
    odds += ON_VEHICLE if ridden else NO_VEHICLE if vehicle == 0 else 0.0
    own = [line for line in scene.own(number) if way is None or _same_text(line.text, way.says)]
    odds += _words(candidate, own)
    around = scene.rows(number, candidate.height) + scene.beside(number, candidate.height)
    odds += ROW * min(MOST_ROWS, max(0, around - 1))
    odds += HUGE if not read and candidate.box.area > VAST * scene.width * scene.height > 0 else 0.0
    sure = 1 / (1 + exp(-odds))
    # So short a number is also a badge's, a room's, a road's: off a vehicle it proves no more than its shape.
    read = read and way is not None and (ridden or len(way.says) > LONGEST_BADGE)
    witnesses = read + (candidate.shape >= SEEN) + ridden + dated
    return min(sure, SUREST if witnesses > 1 else POSSIBLE)


def is_of_ticket(candidate: Candidate, scene: Scene) -> bool:
    """Whether it is a flight, a seat or a booking's code: text alone speaks for it, on a ticket and on no vehicle."""
    if candidate.shape >= SEEN or (scene.on_vehicle(candidate.box) or 0.0) >= SURE_VEHICLE:
        return False
    return plate_formats.is_ticket(line.text for line in scene.lines)


def _reading(candidate: Candidate) -> float:
    """What the reading says for or against a plate."""
    way = candidate.way
    if way is None or way.match is None:
        return UNREAD
    odds = FORM * (max(0.0, way.match.weight) * way.confidence - FORM_FROM)
    odds += max(MOST_CHANGED * REPAIR, REPAIR * way.match.repairs + SWAP * way.match.swaps)
    odds += BADGE if candidate.shape < BADGE_SHAPE and len(way.says) <= LONGEST_BADGE else 0.0
    odds += WORD if re.search(rf"[A-Z]{{{SHORTEST_WORD},}}", way.says) else 0.0
    odds += MARK * min(MOST_MARKS, sum(not c.isalnum() and c not in PLAIN_MARKS for c in way.text))
    return odds


def _dated(candidate: Candidate, scene: Scene) -> bool:
    """Whether a month and a year stand below an Indonesian number, as on its plate."""
    way = candidate.way
    if way is None or way.match is None or INDONESIA not in way.match.countries[:1]:
        return False
    texts = [piece.text for piece in way.small]
    texts += [line.text for line in scene.below(candidate.number, candidate.height)]
    return any(MONTH_AND_YEAR.fullmatch(text.strip()) for text in texts)


def _same_text(line: str, says: str) -> bool:
    """Whether a line reads like the number, in part at least: small print overlaps a tilted one as well."""
    compact = plate_formats.compacted(line)
    shared = SequenceMatcher(None, compact, says, autojunk=False).find_longest_match()
    return shared.size >= min(SHARED, len(says))


def _words(candidate: Candidate, own: Sequence[TextLine]) -> float:
    """What else is written there: small letters, a line that is something else, more words than the number."""
    texts = [candidate.way.text] if candidate.way else []
    texts += [line.text for line in own]
    small = max((sum(c in SMALL_LETTERS for c in text) for text in texts), default=0)
    odds = LOWER * min(MOST_LOWER, small)
    if any(plate_formats.explained(text) or plate_formats.is_other(text) for text in texts):
        odds += OTHERWISE
    return odds + WORDY * min(MOST_WORDY, _wordy(candidate, own))


def _wordy(candidate: Candidate, own: Sequence[TextLine]) -> int:
    """Letters of the number's height that stand there and are no part of it."""
    says = candidate.way.says if candidate.way else ""
    read = [(r.text, r.pieces) for r in candidate.ways if r.confidence >= SURE and not any(c.isdigit() for c in r.text)]
    most = 0
    for text, pieces in read:
        if pieces and max(sides(p.outline)[1] for p in pieces) < ALIKE * candidate.height:
            continue
        most = max(most, _foreign(text, says))
    for line in own:
        if line.height >= ALIKE * candidate.height and line.confidence >= SURE:
            most = max(most, _foreign(line.text, says))
    return most


def _foreign(text: str, says: str) -> int:
    """Letters of a text beyond those of the number: 0 where they are part of it."""
    letters = "".join(c for c in plate_formats.compacted(text) if c.isalpha())
    known = "".join(c for c in says if c.isalpha())
    return 0 if letters in known else max(0, len(letters) - len(known))
