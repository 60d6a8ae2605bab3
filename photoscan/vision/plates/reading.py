"""What the pieces of text say that were read close up (`close_up`): rows and pieces joined, the reading to believe.

The pass over the whole photo cuts a plate at its gaps, loses its outer letters and its second line, and can't tell its
number from the small print around it. Close up, with the plate's place known, all of that is geometry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, permutations

from photoscan import plate_formats
from photoscan.geometry import Box, Polygon, polygon_area
from photoscan.plate_formats import PlateMatch
from photoscan.vision import text_recogniser
from photoscan.vision.plates.frame import sides
from photoscan.vision.text_recogniser import Choices

SMALL_PRINT = 0.6
"""Rows lower than this share of the highest are small print: the state, the month and year, the dealer."""
LEAST_SURE = 0.3
"""Readings below this are texture."""
WIDEST_GAP = 2.0
"""Letters of one row stand at most so many row heights apart."""
LONGER = 0.08
"""How much each further character of a reading counts against the doubts that it brings."""
AGREED, MOST_AGREED = 0.05, 2
"""How much each further reading that says the same counts, and how many of them."""
DATED = re.compile(r"(?P<number>.*[A-Za-z])[ .]+(0[1-9]|1[0-2])[ .·:,\-*]?[2-4]\d")
"""An Indonesian number with the month and year of its plate behind it, where the reader joined the two rows."""
DATED_IN = "Indonesia"
AS_TELLING = 0.05
"""Forms whose weights differ by no more tell the same."""
UNFORMED = 0.15
"""How telling a reading with a digit is that has no known form."""
LONGEST_CUT = 6
"""A number of more characters is not cut off."""
FURTHER = 2.2
"""So many of its heights a row is followed where it seems cut off: three letters behind a wide gap."""
LETTER = 0.75
"""How wide a letter is with its gap, in heights of its row's outline."""
LETTER_WIDTHS = 0.15, 2.5
"""Each character is so many heights of its outline wide; an outline that says otherwise is not of those characters."""
SHARED = 3
"""So many characters two readings have to share to be read as one."""
TELLING, TRIMMED, SHORTEST_TRIMMED = 0.7, 0.8, 6
"""A reading longer than so many characters may lose its first where the rest has a form at least that telling;
its confidence is multiplied by the second."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in a flat picture: `box` in its pixels, `outline` in the photo's."""

    box: Box
    outline: Polygon
    text: str = field(repr=False)
    confidence: float
    choices: tuple[Choices, ...] = field(default=(), repr=False)

    @property
    def row_height(self) -> float:
        """Pixels across the reading direction; 1 at least."""
        return max(1.0, self.box.h)

    @property
    def fits(self) -> bool:
        """Whether the outline is one of so many characters: two digits don't fill a photo's width."""
        across, down = sides(self.outline)
        low, high = LETTER_WIDTHS
        return low * down <= across / max(1, len(self.text.strip())) <= high * max(1.0, down)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a plate: its text as it stands there, the match with a form, 0..1 mean character probability.

    `pieces`: where the text stands, row by row; empty when the frame was read as one line. `small`: the small print.
    `trimmed`: characters at its start that were taken for something else.
    """

    text: str = field(repr=False)
    match: PlateMatch | None
    confidence: float
    pieces: tuple[Piece, ...] = ()
    small: tuple[Piece, ...] = ()
    trimmed: int = 0

    @property
    def says(self) -> str:
        """The plate's text, repaired where a form has told what stands there."""
        return self.match.text if self.match else plate_formats.compacted(self.text)

    @property
    def worth(self) -> float:
        """How much it speaks for a plate that reads so, 0..1."""
        if not any(c.isdigit() for c in self.text):
            return 0.0
        return self.confidence * (max(0.0, self.match.weight) if self.match else UNFORMED)

    @property
    def rank(self) -> float:
        """Which of several readings of one plate to believe: a longer one that still has a form saw more of it.

        A word that speaks against a plate (JAN 4521) says what the number is, not how it reads.
        """
        if self.match is None or not self.worth:
            return self.worth
        longer = LONGER * (len(self.match.text) + self.trimmed)
        return self.confidence * max(0.0, self.match.form) + longer


def readings(pieces: Sequence[Piece], frame: Box, reach: Box, shaped: bool) -> Iterator[Reading]:
    """Every way to read the pieces in reach of the frame: rows, rows one above the other, pieces alone.

    What is read has to touch the frame. `shaped`: the shape of a plate was seen, so that weak forms count as well.
    """
    legible = [p for p in pieces if p.confidence >= LEAST_SURE and p.fits and plate_formats.compacted(p.text)]
    inside = [p for p in legible if within(p.box, reach)]
    touching = [p.row_height for p in inside if p.box.intersection(frame) > 0.3 * min(p.box.area, frame.area)]
    if not touching:
        return
    highest = max(touching)
    large = [p for p in inside if SMALL_PRINT * highest <= p.row_height <= highest / SMALL_PRINT]
    small = tuple(p for p in legible if p not in large)
    rows = _rows(large)
    groups: list[tuple[Piece, ...]] = [(p,) for p in large]
    groups += [run for row in rows for run in _runs(row) if len(run) > 1]
    for upper, lower in pairwise(rows):
        groups += [(*a, *b) for a in _runs(upper) for b in _runs(lower) if _stacked(a, b)]
    for group in groups:
        if not any(p.box.intersection(frame) > 0.3 * min(p.box.area, frame.area) for p in group):
            continue
        text = " ".join(p.text for p in group)
        confidence = sum(p.confidence * len(p.text) for p in group) / sum(len(p.text) for p in group)
        match = plate_formats.match(text, shaped, _doubtful(group))
        yield from _as_plates(Reading(text, match, confidence, group, small), shaped)


def _doubtful(pieces: Sequence[Piece]) -> frozenset[int] | None:
    """The places among letters and digits at which the reader saw another one as well; None where it wasn't asked."""
    if not all(piece.choices for piece in pieces):
        return None
    return doubtful(choice for piece in pieces for choice in piece.choices)


def doubtful(choices: Iterable[Choices]) -> frozenset[int]:
    """The same for the characters of one reading."""
    kept = [choice for choice in choices if plate_formats.compacted(choice[0][0])]
    return frozenset(i for i, choice in enumerate(kept) if len(choice) > 1)


def _as_plates(way: Reading, shaped: bool) -> Iterator[Reading]:
    """The reading, and where its form is weak the reading without its first character: the rim and the flag at the
    left are easily read as a letter. Only telling forms count then."""
    yield way
    dated = DATED.fullmatch(way.text.strip())
    if dated is not None:
        number = plate_formats.match(dated["number"], shaped)
        if number is not None and number.countries[:1] == (DATED_IN,) and number.weight >= TELLING:
            yield replace(way, text=dated["number"], match=number)
            return
    compact = plate_formats.compacted(way.text)
    if (
        len(compact) <= SHORTEST_TRIMMED
        or plate_formats.is_other(way.text)
        or (way.match is not None and way.match.weight >= TELLING)
    ):
        return
    first = next(i for i, c in enumerate(way.text) if plate_formats.compacted(c))
    # Its gaps and dashes stay: they speak against a form as they do in a whole reading.
    rest = way.text[first + 1 :]
    match = plate_formats.match(rest, shaped)
    if match is not None and match.weight >= TELLING and not match.repairs:
        yield replace(way, text=rest, match=match, confidence=TRIMMED * way.confidence, trimmed=1)


def within(box: Box, zone: Box) -> bool:
    """Whether the middle of a box lies in a zone."""
    x, y = box.centre
    return zone.x <= x < zone.x2 and zone.y <= y < zone.y2


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.box.centre[1]):
        row = rows[-1] if rows else []
        middle = sum(p.box.centre[1] for p in row) / len(row) if row else 0.0
        if row and piece.box.centre[1] - middle < 0.5 * min(piece.row_height, row[0].row_height):
            row.append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda p: p.box.x) for row in rows]


def _runs(row: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """The row cut where the gap is too wide for one plate."""
    runs: list[list[Piece]] = [[row[0]]]
    for left, right in pairwise(row):
        if right.box.x - left.box.x2 < WIDEST_GAP * max(left.row_height, right.row_height):
            runs[-1].append(right)
        else:
            runs.append([right])
    return [tuple(run) for run in runs]


def _stacked(upper: Sequence[Piece], lower: Sequence[Piece]) -> bool:
    a, b = Box.union(p.box for p in upper), Box.union(p.box for p in lower)
    overlap = min(a.x2, b.x2) - max(a.x, b.x)
    gap = b.y - a.y2
    return overlap > 0.5 * min(a.w, b.w) and gap < 0.6 * min(a.h, b.h) and 0.5 < a.h / b.h < 2


def best(ways: Sequence[Reading]) -> Reading | None:
    """The reading to believe: of the highest rank, where others that say the same, or a part of it, count for it."""
    legible = [r for r in ways if r.worth > 0]

    def weight(r: Reading) -> float:
        agreeing = sum(o.says == r.says or _is_part(o, r) for o in legible)
        return r.rank + AGREED * min(MOST_AGREED, agreeing - 1)

    return max(legible, key=weight, default=None)


def joined(ways: Sequence[Reading], shaped: bool) -> Iterator[Reading]:
    """Two readings of one plate as one, where the end of the first is the start of the second and nothing says the
    whole: each frame cut the plate at its other side. Only letters are added, and only telling forms count."""
    said = {r.says: r for r in sorted(ways, key=lambda r: r.confidence) if r.worth > 0 and not r.trimmed}
    for start, end in permutations(said.values(), 2):
        shared = _shared(start.says, end.says)
        text = start.says + end.says[shared:]
        if not shared or not end.says[shared:].isalpha() or text in said:
            continue
        match = plate_formats.match(text, shaped)
        if match is not None and match.weight >= TELLING and not match.repairs:
            yield Reading(text, match, min(start.confidence, end.confidence), start.pieces + end.pieces)


def _shared(start: str, end: str) -> int:
    """How many characters of the first text's end are the second's start; 0 for fewer than count."""
    longest = min(len(start), len(end)) - 1
    return next((n for n in range(longest, SHARED - 1, -1) if start.endswith(end[:n])), 0)


def _is_part(part: Reading, whole: Reading) -> bool:
    """Whether one reading is the start or the end of another that has a form as telling: the rest was not seen."""
    if part.trimmed or not (whole.says.startswith(part.says) or whole.says.endswith(part.says)):
        return False
    known = part.match.form if part.match else 0.0
    return (whole.match.form if whole.match else 0.0) >= known - AS_TELLING


def tightest(ways: Sequence[Reading], way: Reading) -> tuple[Piece, ...]:
    """Where the text of `way` stands: of all the readings that say it the one whose outlines enclose the least.

    On a tilted bumper the pass over the whole photo sometimes outlines much more than the letters.
    """
    said = [r.pieces for r in ways if r.pieces and r.says == way.says]
    return min(said, key=lambda pieces: sum(polygon_area(p.outline) for p in pieces), default=())


@dataclass(frozen=True, slots=True)
class Row:
    """A number that may be cut off: how it reads, where it stands, and a quadrilateral that reaches further."""

    says: str = field(repr=False)
    outline: Polygon
    reach: Polygon

    def completed(self, strip: text_recogniser.LineReading, shaped: bool) -> Iterator[Reading]:
        """The strip's reading where it says the same with letters before or behind it: digits would be a sticker."""
        compact = plate_formats.compacted(strip.text)
        before, _, after = compact.partition(self.says)
        match = plate_formats.match(strip.text, shaped, doubtful(strip.choices))
        if match is None or self.says not in compact or not (before + after).isalpha():
            return
        outline = _longer(self.outline, LETTER * len(before), LETTER * len(after))
        piece = Piece(Box.around(outline), outline, strip.text, strip.confidence, strip.choices)
        yield Reading(strip.text, match, strip.confidence, (piece,))


def cut_off(ways: Sequence[Reading], quad: Polygon) -> Row | None:
    """The row that is believed, where it starts or ends with a digit: letters may stand there at a distance.

    `quad`: where it stands if no piece says so. None for a number in two rows, and where nothing legible is missing.
    """
    way = best(ways)
    if way is None or len(way.says) > LONGEST_CUT or not (way.says[0].isdigit() or way.says[-1].isdigit()):
        return None
    pieces = tightest(ways, way)
    if len(_rows(pieces)) > 1:
        return None
    outline = (pieces[0].outline[0], *pieces[-1].outline[1:3], pieces[0].outline[3]) if pieces else quad
    left, right = FURTHER if way.says[0].isdigit() else 0.0, FURTHER if way.says[-1].isdigit() else 0.0
    return Row(way.says, outline, _longer(outline, left, right))


def _longer(quad: Polygon, left: float, right: float) -> Polygon:
    """The quadrilateral made longer at its start and its end, by so many of its heights."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    across, down = sides(quad)
    start, end = left * down / max(1.0, across), right * down / max(1.0, across)
    return (
        (ax - start * (bx - ax), ay - start * (by - ay)),
        (bx + end * (bx - ax), by + end * (by - ay)),
        (cx + end * (cx - dx), cy + end * (cy - dy)),
        (dx - start * (cx - dx), dy - start * (cy - dy)),
    )
