"""Finding plates: candidates from shapes and lines, each read close up, what is left joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from photoscan import plate_formats
from photoscan.budget import Budget, Share
from photoscan.geometry import Box, Polygon, clipped, corners
from photoscan.models import Runtime
from photoscan.options import Profile, ScanOptions
from photoscan.textline import TextLine
from photoscan.vision import text_recogniser
from photoscan.vision.objects import Object
from photoscan.vision.plate_detector import PlateDetector
from photoscan.vision.plates import glare, judge, reading, shapes, small
from photoscan.vision.plates.close_up import CloseUps, Place
from photoscan.vision.plates.frame import Flat, flat, sides
from photoscan.vision.plates.reading import Piece, Reading
from photoscan.vision.plates.surroundings import Scene
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.text_detector import TextDetector
from photoscan.vision.text_recogniser import TextRecogniser

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

GROW = 0.06, 0.12
"""The shape detector's boxes are tight: grown by these shares of width and height on each side."""
RIM = 0.04, 0.12
"""The rim around a number that was read, as shares of its width and height."""
ROOMY = 5
"""A shape so many times as large as the number in it is something larger with a plate on it."""
TILTED = 0.15
"""Rise over run of a row from which a plate counts as tilted."""
ONE_LINE = 1.8
"""From this ratio of width to height a shape may hold its number in one line."""
LEGIBLE = 3, 10
"""Characters that a plate's number has."""
LONGEST = 14
"""Characters, spaces included, of a line that may be a part of a plate."""
MOST_MARKS = 3
"""Marks other than letters, digits and spaces in such a line: more make it a price list or a date."""
MOST_LINES = 12
"""So many lines without a shape around them are looked at close up, the likeliest first."""
SHAPE_HEIGHT, SHAPE_MARGIN = 80, (1.8, 1.0)
TWO_LINES_HEIGHT, TWO_LINES_MARGIN = 128, (0.4, 0.4)
"""A shape is laid flat so high, with so many of its heights around it: its letters are half as high in two lines."""
LINE_HEIGHT, LINE_MARGIN = 40, (3.0, 1.7)
"""The same for a line: a plate's other letters and rows are in reach."""
SURE_WORD = 0.8
"""A reading this sure and without a digit is a word: a sign or a badge, rarely a plate."""
A_WORD, LONGEST_WORD = 0.2, 8
"""Confidence in a shape that holds one, by the shape's score; and the letters of the longest personalised plates."""
UNREADABLE_FROM = 0.3
"""A shape that can't be read is kept from this score on."""
SURE_SHAPE = 0.5
"""A vehicle that shows a shape of that score has its plate."""
NEAR = 0.15
"""Of a vehicle that takes a smaller share of the photo's long side no plate can be read that was not seen already: in
the picture in which washed-out lettering is looked for its letters are four pixels high."""
IN_CODES = 0.6
"""What lies in codes by that share is no candidate."""
INDONESIAN_SHAPE = 2.5
"""Width by height of an Indonesian motorcycle's plate (275 x 110 mm): month and year stand below the number."""


@dataclass(frozen=True, slots=True)
class Plate:
    """One plate: its box and outline in upright-photo pixels, its text (None where it can't be read), 0..1 confidence.

    `countries`: whose form it has, the likeliest first; `region`: where the likeliest says it is registered, or None.
    """

    box: Box
    polygon: Polygon
    text: str | None = field(repr=False)
    countries: tuple[str, ...]
    confidence: float
    reason: str
    region: str | None = None
    shape: float = 0.0
    """The shape detector's score, 0 to 1; 0 where only text speaks for it."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Where a plate may be: a quadrilateral of the photo, the shape detector's score (0: only text speaks for it), and
    what makes it visible where it is washed out."""

    quad: Polygon
    score: float
    remedy: glare.Remedy | None = None
    unread: bool = False
    """Whether lettering was only seen there, not read with the rest of the photo."""
    seen: Box | None = None
    """The shape detector's own box, which reaches further than its corners on plates of two lines."""

    @property
    def box(self) -> Box:
        around = Box.around(self.quad)
        return Box.union((around, self.seen)) if self.seen and not self.one_line else around

    @property
    def one_line(self) -> bool:
        """Whether its shape is that of a plate with its number in one line."""
        across, down = sides(self.quad)
        return self.score > 0 and across > ONE_LINE * down


def find(
    pyramid: Pyramid,
    lines: Sequence[TextLine],
    options: ScanOptions,
    vehicles: Sequence[Object] | None = None,
    budget: Budget | None = None,
    codes: Sequence[Box] = (),
) -> tuple[Plate, ...]:
    """Every plate, surest first; a plate found in several ways is told once.

    `vehicles`: those in the photo, as a witness; None where nobody looked for them. `budget`: what the page may cost;
    of more places than it allows the likeliest are read, and of the others those told that are plates by their shape.
    `codes`: where machine-readable codes were read. No plate is looked for in them.
    """
    finder, budget = _Finder(Runtime.of(options), options.profile), budget or Budget(options.profile)
    seen = None if vehicles is None else tuple(vehicles)
    likely = [c for c in finder.candidates(pyramid, lines, seen) if not _in_codes(c.box, codes)]
    read, passed_over = _afforded(likely, budget)
    closely = CloseUps(pyramid, lines, finder.runtime, budget)
    looks, unpaid = finder.looked_at(pyramid, read, closely)
    if any(_tells(candidate) for candidate in unpaid):
        budget.leave_out(Share.CLOSE_UPS)
    looks += [_Look(candidate, ()) for candidate in (*unpaid, *passed_over)]
    scene = Scene(tuple(lines), pyramid.width, pyramid.height, seen)
    return distinct(finder.reached_further(pyramid, places(looks), closely), scene)


def _in_codes(box: Box, codes: Sequence[Box]) -> bool:
    """Whether most of a box is covered by codes that lie beside each other: their modules look like letters."""
    return bool(box.area) and sum(box.intersection(code) for code in codes) > IN_CODES * box.area


def _afforded(found: Sequence[_Candidate], budget: Budget) -> tuple[list[_Candidate], list[_Candidate]]:
    """The candidates, which come likeliest first, that are read, and those that nobody can afford to read."""
    granted = budget.take(Share.PLATES, len(found))
    if any(_tells(candidate) for candidate in found[granted:]):
        budget.leave_out(Share.PLATES)
    return list(found[:granted]), list(found[granted:])


def _tells(candidate: _Candidate) -> bool:
    """Whether a plate may be missed where a candidate is passed over: not with a weak shape, nor with a line that was
    read, of which the likelier ones come before those without the form of a plate."""
    return candidate.score >= judge.SEEN


@dataclass(frozen=True, slots=True)
class _Finder:
    """The way from a picture to what is read in it: how networks are run, and how closely it is looked at."""

    runtime: Runtime
    profile: Profile

    def candidates(
        self, pyramid: Pyramid, lines: Sequence[TextLine], vehicles: Sequence[Object] | None
    ) -> list[_Candidate]:
        """Shapes and lines that no shape holds; where there is a reason, small and washed-out lettering too, that was
        not read. The likeliest come first: sure shapes, lines, then weak shapes and the rest."""
        lettering = TextDetector(self.runtime)
        seen = shapes.find(pyramid, self.profile, PlateDetector(self.runtime))
        found = [_Candidate(s.corners, s.score, seen=s.box) for s in seen]
        found += from_lines(lines, [c.box for c in found])
        found.sort(key=lambda c: -c.score if c.score >= judge.SEEN else -judge.SEEN if not c.score else 0.0)
        if self.profile == "fast" or not _lacking(pyramid, found, vehicles):
            return found
        known = [*(c.box for c in found), *(line.box for line in lines if line.box)]
        found += [_Candidate(outline, 0.0, unread=True) for outline in small.find(pyramid, lines, known, lettering)]
        washed_out = glare.find(pyramid, [*known, *(c.box for c in found)], lettering)
        return found + [_Candidate(outline, 0.0, remedy, unread=True) for outline, remedy in washed_out]

    def looked_at(
        self, pyramid: Pyramid, found: Sequence[_Candidate], closely: CloseUps
    ) -> tuple[list[_Look], list[_Candidate]]:
        """Each candidate with every way to read it: close up, by the lines of the photo, as one strip. And those with
        lettering that can't be paid."""
        looks, unpaid = [], []
        seen = [(candidate, _to_read(pyramid, candidate, closely)) for candidate in found]
        read = iter(closely.read([place for _, place in seen if place is not None]))
        for candidate, place in seen:
            if place is None:
                unpaid.append(candidate)
                continue
            shaped, own = candidate.score > 0, next(read)
            ways = [*reading.readings(own.pieces, place.laid.frame, place.laid.reach, shaped)]
            ways += reading.readings(own.again, place.laid.frame, place.laid.reach, shaped)
            for strip in own.whole:
                match = plate_formats.match(strip.text, shaped, reading.doubtful(strip.choices))
                ways.append(Reading(strip.text, match, strip.confidence))
            looks.append(_Look(candidate, tuple(ways)))
        return looks, unpaid

    def reached_further(self, pyramid: Pyramid, looks: Sequence[_Look], closely: CloseUps) -> list[_Look]:
        """The same with another reading where a number seems cut off: its row, seen as far as the rest would stand."""
        cut = [(look, row) for look in looks if (row := reading.cut_off(look.ways, look.candidate.quad)) is not None]
        cut = cut[: closely.further([row.reach for _, row in cut])]
        strips = []
        for look, row in cut:
            strip = text_recogniser.crop(pyramid.full, row.reach)
            strips.append(look.candidate.remedy(strip) if look.candidate.remedy else strip)
        further: dict[int, tuple[Reading, ...]] = {}
        for (look, row), read in zip(cut, TextRecogniser(self.runtime).read(strips, careful=True), strict=True):
            further[id(look)] = tuple(row.completed(read, look.candidate.score > 0))
        return [_joined(look._replace(ways=look.ways + further.get(id(look), ()))) for look in looks]


def _to_read(pyramid: Pyramid, candidate: _Candidate, closely: CloseUps) -> Place | None:
    """What there is to read at a candidate, paid for; None where it can't be."""
    place = closely.seen(_laid_flat(pyramid, candidate), candidate.remedy is not None)
    if place is None:
        return None
    if candidate.score >= judge.SEEN or candidate.unread or place.lettered:
        place = replace(place, strips=tuple(_strips(pyramid, candidate, place.laid)))
    return place if closely.afforded(place) else None


def _lacking(pyramid: Pyramid, found: Sequence[_Candidate], vehicles: Sequence[Object] | None) -> bool:
    """Whether plates may be there that neither their shape nor their text has shown: a vehicle that is near enough for
    its plate to be read, and none of whose plates was seen surely. Where nobody looked for vehicles, they may be."""
    if vehicles is None:
        return True
    near = (v.box for v in vehicles if max(v.box.w, v.box.h) >= NEAR * pyramid.long_side)
    sure = [c.box.centre for c in found if c.score >= SURE_SHAPE]
    return any(not any(box.x <= x < box.x2 and box.y <= y < box.y2 for x, y in sure) for box in near)


def _joined(look: _Look) -> _Look:
    """The same with what its readings say together."""
    return look._replace(ways=(*look.ways, *reading.joined(look.ways, look.candidate.score > 0)))


def from_lines(lines: Sequence[TextLine], shaped: Sequence[Box]) -> list[_Candidate]:
    """Lines that may be a plate or a part of one and that no shape holds, the likeliest first."""
    found = []
    for line in lines:
        compact = plate_formats.compacted(line.text)
        marks = sum(not c.isalnum() and not c.isspace() for c in line.text)
        if line.polygon is None or len(line.text) > LONGEST or marks > MOST_MARKS or ":" in line.text:
            continue
        if len(compact) < 2 or not any(c.isdigit() for c in compact):
            continue
        candidate = _Candidate(line.polygon, 0.0)
        if not any(candidate.box.coverage_by(box) > 0.6 for box in shaped):
            match = plate_formats.match(line.text)
            found.append(((match.weight if match else 0.0) * line.confidence, candidate))
    return [candidate for _, candidate in sorted(found, key=lambda row: -row[0])[:MOST_LINES]]


def _laid_flat(pyramid: Pyramid, candidate: _Candidate) -> Flat:
    if candidate.one_line:
        return flat(pyramid.full, candidate.quad, SHAPE_HEIGHT, SHAPE_MARGIN)
    if candidate.score > 0:
        return flat(pyramid.full, candidate.quad, TWO_LINES_HEIGHT, TWO_LINES_MARGIN)
    laid = flat(pyramid.full, candidate.quad, LINE_HEIGHT, LINE_MARGIN)
    return laid._replace(pixels=candidate.remedy(laid.pixels)) if candidate.remedy else laid


def _strips(pyramid: Pyramid, candidate: _Candidate, laid: Flat) -> list[Pixels]:
    """The candidate as one line where it may be one: a shape with some of its rim and without, since either may cost a
    letter; what is washed out, in the picture that shows it."""
    if not (candidate.one_line or candidate.unread):
        return []
    if candidate.remedy is not None:
        return [text_recogniser.crop(laid.pixels, corners(laid.frame))]
    quads = [candidate.quad] if candidate.unread else [_grown(candidate.quad), candidate.quad]
    return [text_recogniser.crop(pyramid.full, quad) for quad in quads]


def _grown(quad: Polygon) -> Polygon:
    """The quadrilateral moved out from its middle, so that no stroke at the rim is cut."""
    cx, cy = sum(p[0] for p in quad) / 4, sum(p[1] for p in quad) / 4
    return tuple((cx + (x - cx) * (1 + 2 * GROW[0]), cy + (y - cy) * (1 + 2 * GROW[1])) for x, y in quad)


def judged(candidate: _Candidate, ways: Sequence[Reading], scene: Scene = Scene()) -> Plate | None:  # noqa: B008 - frozen
    """The plate that a candidate is, given every way to read it and what is around it; None when it is none."""
    way = reading.best(ways)
    if way is not None and (way.match is not None or candidate.score > 0):
        return _read(candidate, ways, way, scene)
    if candidate.score < UNREADABLE_FROM:
        return None
    shape = f"shape {candidate.score:.2f}"
    box = candidate.box.grown(*GROW)
    sure = judge.confidence(judge.Candidate(candidate.score, candidate.box, tuple(ways), None), scene)
    words = [r for r in ways if len(plate_formats.compacted(r.text)) >= 3 and r.confidence >= SURE_WORD]
    if words:
        word = max(words, key=lambda r: r.confidence)
        text = plate_formats.compacted(word.text)
        if len(text) > LONGEST_WORD:
            return None
        # It may be a personalised plate; a sign or a badge is far likelier.
        return Plate(box, candidate.quad, text, (), min(sure, A_WORD * candidate.score), f"{shape}, a word in it")
    return Plate(box, candidate.quad, None, (), sure, shape)


def _read(candidate: _Candidate, ways: Sequence[Reading], way: Reading, scene: Scene) -> Plate | None:
    """The plate of a candidate that was read; None for a code of a ticket."""
    match = way.match
    text = match.text if match else plate_formats.compacted(way.text)
    countries, region = (match.countries, match.region) if match else ((), None)
    named = plate_formats.issuer(piece.text for piece in way.small)
    if named is not None and (named.country in countries or not countries):
        countries = (named.country, *(c for c in countries if c != named.country))
        region = named.state or (region if match and match.countries[:1] == (named.country,) else None)
    box = _box(candidate, reading.tightest(ways, way), countries)
    judged_as = judge.Candidate(candidate.score, box, tuple(ways), way)
    if judge.is_of_ticket(judged_as, scene):
        return None
    confidence = judge.confidence(judged_as, scene)
    reasons = ["text in the form of a plate" if match else "a number"]
    reasons += [f"shape {candidate.score:.2f}"] if candidate.score > 0 else []
    outline = candidate.quad if candidate.score > 0 else corners(box)
    legible = text if LEGIBLE[0] <= len(text) <= LEGIBLE[1] else None
    return Plate(box, outline, legible, countries, confidence, ", ".join(reasons), region, candidate.score)


def _box(candidate: _Candidate, pieces: Sequence[Piece], countries: Sequence[str]) -> Box:
    """The whole plate: the number, the shape around it, the rim, and the row below where the country has one."""
    # Of a tilted plate the corners stick out beyond its letters.
    boxes = [Box.around(_grown(p.outline) if _tilted(p.outline) else p.outline) for p in pieces]
    fits = bool(boxes) and candidate.box.area <= ROOMY * Box.union(boxes).area
    boxes += [candidate.box] if not boxes or (candidate.score > 0 and fits) else []
    box = Box.union(boxes).grown(*RIM)
    if countries[:1] == ("Indonesia",):
        return Box(box.x, box.y, box.w, max(box.h, round(box.w / INDONESIAN_SHAPE)))
    return box


def _tilted(outline: Polygon) -> bool:
    (x0, y0), (x1, y1) = outline[:2]
    return abs(y1 - y0) > TILTED * abs(x1 - x0)


class _Look(NamedTuple):
    """A candidate and every way to read it."""

    candidate: _Candidate
    ways: tuple[Reading, ...]


def places(looks: Sequence[_Look]) -> list[_Look]:
    """What was read from several candidates in one place, taken together: each saw the plate from another frame."""
    judgements = [(plate, look) for look in looks if (plate := judged(*look)) is not None]
    found: list[tuple[Box, list[_Look]]] = []
    for plate, look in sorted(judgements, key=lambda row: (row[0].text is None, -row[0].confidence)):
        place = next((own for box, own in found if shapes.same(box, plate.box)), None)
        if place is None:
            found.append((plate.box, [look]))
        else:
            place.append(look)
    return [_together(own) for _, own in found]


def _together(looks: Sequence[_Look]) -> _Look:
    """The surest shape, with all that was read in any of the frames; what was read once counts once."""
    ways = {(way.text, way.confidence, way.pieces): way for look in looks for way in look.ways}
    return _Look(max((look.candidate for look in looks), key=lambda c: c.score), tuple(ways.values()))


def _inside(polygon: Polygon, box: Box, scene: Scene) -> Polygon:
    """The part of an outline that lies in the photo; where it can't be cut, the box, which does."""
    width, height = scene.width, scene.height
    if all(0 <= x <= width and 0 <= y <= height for x, y in polygon):
        return polygon
    cut = clipped(polygon, corners(Box(0, 0, width, height)))
    return cut if len(cut) > 2 else corners(box)


def distinct(looks: Sequence[_Look], scene: Scene) -> tuple[Plate, ...]:
    """Each plate once, inside the photo, surest first; of two in one place the one that was read."""
    kept: list[Plate] = []
    plates = (plate for look in looks if (plate := judged(*look, scene)) is not None)
    for plate in sorted(plates, key=lambda p: (p.text is None, -p.confidence)):
        box = plate.box.clipped(scene.width, scene.height)
        if box.area and not any(shapes.same(box, other.box) for other in kept):
            kept.append(replace(plate, box=box, polygon=_inside(plate.polygon, box, scene)))
    return tuple(sorted(kept, key=lambda p: -p.confidence))
