"""Finding number plates: by shape (CLP at several sizes) and by the text that was read anyway, joined.

Neither alone is enough: the shape detector knows plates that can't be read, the reader knows forms that the
detector never saw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from photoscan import plate_formats
from photoscan.geometry import Box, Polygon, corners
from photoscan.options import ScanOptions
from photoscan.textline import TextLine
from photoscan.vision import plate_detector, text_recogniser
from photoscan.vision.pyramid import Pyramid

SIZES = {"fast": (640,), "balanced": (320, 640, 1280), "thorough": (320, 640, 1280, 2560)}
"""Long sides at which the shape detector looks, by profile."""
SHAPE_THRESHOLD = 0.06
UNREADABLE_FROM = 0.3
"""A shape that can't be read is kept from this score on."""
GROW = 0.06, 0.12
"""The detector's boxes are tight: grown by these shares of width and height on each side."""
SURE_READING = 0.8
"""A reading this sure and without a digit vetoes a shape: it is a sign or a badge."""
LONGEST = 12
"""Characters, spaces included, that the lines of one plate have together at most."""
INDONESIAN_ROW = 0.35
"""Share of the height by which an Indonesian plate's box is extended down for its month and year."""


@dataclass(frozen=True, slots=True)
class Plate:
    """One plate: its box and outline in upright-photo pixels, its text (None where it can't be read), 0..1
    confidence."""

    box: Box
    polygon: Polygon
    text: str | None = field(repr=False)
    countries: tuple[str, ...]
    confidence: float
    reason: str


def find(pyramid: Pyramid, lines: Sequence[TextLine], options: ScanOptions) -> tuple[Plate, ...]:
    """Every plate, surest first; a plate found both ways is told once, its confidence raised."""
    shapes = _shapes(pyramid, options)
    readings = _read(pyramid, [s.corners for s in shapes], options.threads)
    return join(shapes, readings, lines, pyramid.width, pyramid.height)


def join(
    shapes: Sequence[plate_detector.PlateBox],
    readings: Sequence[text_recogniser.LineReading],
    lines: Sequence[TextLine],
    width: int,
    height: int,
) -> tuple[Plate, ...]:
    """The plates that shapes (with what was read in each) and lines of the photo speak for."""
    found = [*_from_lines(lines, shapes), *_from_shapes(shapes, readings, lines)]
    kept: list[Plate] = []
    for plate in sorted(found, key=lambda p: (-(p.text is not None), -p.confidence)):
        if not any(_same(plate.box, other.box) for other in kept):
            kept.append(_extended(plate, width, height))
    return tuple(sorted(kept, key=lambda p: -p.confidence))


def _shapes(pyramid: Pyramid, options: ScanOptions) -> list[plate_detector.PlateBox]:
    found: list[plate_detector.PlateBox] = []
    for size in SIZES[options.profile]:
        factor = pyramid.long_side / size
        for score, box, points in plate_detector.detect(pyramid.at(size), SHAPE_THRESHOLD, options.threads):
            scaled = tuple((x * factor, y * factor) for x, y in points)
            found.append(plate_detector.PlateBox(score, box.scaled(factor), scaled))
    kept: list[plate_detector.PlateBox] = []
    for shape in sorted(found, key=lambda s: -s.score):
        if not any(_same(shape.box, other.box) for other in kept):
            kept.append(shape)
    return kept


def _read(pyramid: Pyramid, outlines: Sequence[Polygon], threads: int) -> list[text_recogniser.LineReading]:
    crops = [text_recogniser.crop(pyramid.full, _grown(o)) for o in outlines]
    return text_recogniser.read(crops, threads)


def _grown(outline: Polygon) -> Polygon:
    """The outline moved out from its middle, so that no stroke at the rim is cut."""
    cx, cy = sum(p[0] for p in outline) / 4, sum(p[1] for p in outline) / 4
    return tuple((cx + (x - cx) * (1 + 2 * GROW[0]), cy + (y - cy) * (1 + 2 * GROW[1])) for x, y in outline)


def _from_lines(lines: Sequence[TextLine], shapes: Sequence[plate_detector.PlateBox]) -> Iterator[Plate]:
    for text, members in _texts(lines):
        match = plate_formats.match(text)
        if match is None or not _plate_like(members):
            continue
        box = Box.union(line.box for line in members if line.box is not None)
        backed = max((s.score for s in shapes if _same(s.box, box)), default=0.0)
        confidence = min(0.98, match.weight + 0.5 * min(1.0, 2 * backed)) * min(line.confidence for line in members)
        outline = members[0].polygon if len(members) == 1 and members[0].polygon else corners(box)
        reason = f"text in the form of a plate{f', shape {backed:.2f}' if backed else ''}"
        yield Plate(box.grown(0.04, 0.15), outline, match.text, match.countries, confidence, reason)


def _texts(lines: Sequence[TextLine]) -> Iterator[tuple[str, tuple[TextLine, ...]]]:
    """Each line, each pair of lines stacked as on a motorcycle, and each pair side by side."""
    for line in lines:
        yield line.text, (line,)
    short = [line for line in lines if len(line.text) <= LONGEST]
    for upper in short:
        for lower in short:
            if upper is not lower and (_stacked(upper, lower) or _beside(upper, lower)):
                yield upper.text + lower.text, (upper, lower)


def _plate_like(members: Sequence[TextLine]) -> bool:
    """A short line of one size, neither a sentence nor a row of prices."""
    text = "".join(line.text for line in members)
    return len(text) <= LONGEST and sum(not c.isalnum() and not c.isspace() for c in text) <= 2


def _stacked(upper: TextLine, lower: TextLine) -> bool:
    a, b = upper.box, lower.box
    if a is None or b is None or abs(upper.angle - lower.angle) > 0.3:
        return False
    overlap = min(a.x2, b.x2) - max(a.x, b.x)
    close = -0.5 * a.h < b.y - a.y2 < 0.6 * a.h
    return b.y > a.y + 0.4 * a.h and close and overlap > 0.5 * min(a.w, b.w) and 0.5 < a.h / b.h < 2


def _beside(left: TextLine, right: TextLine) -> bool:
    a, b = left.box, right.box
    if a is None or b is None or not 0.6 < a.h / b.h < 1.7:
        return False
    return abs(a.centre[1] - b.centre[1]) < 0.4 * a.h and -0.3 * a.h < b.x - a.x2 < 1.2 * a.h


def _from_shapes(
    shapes: Sequence[plate_detector.PlateBox],
    readings: Sequence[text_recogniser.LineReading],
    lines: Sequence[TextLine],
) -> Iterator[Plate]:
    for shape, reading in zip(shapes, readings, strict=True):
        box = shape.box.grown(*GROW)
        compact = "".join(c for c in reading.text if c.isalnum())
        match = plate_formats.match(reading.text)
        if match is not None and reading.confidence >= 0.5:
            confidence = min(0.98, 0.2 + 0.4 * match.weight * reading.confidence + 0.6 * shape.score)
            yield Plate(box, shape.corners, match.text, match.countries, confidence, f"shape {shape.score:.2f}, read")
            continue
        worded = any(
            line.box is not None and line.confidence >= SURE_READING and not any(c.isdigit() for c in line.text)
            and len(line.text) >= 3 and line.box.coverage_by(box) > 0.6
            for line in lines
        )  # fmt: skip
        vetoed = reading.confidence >= SURE_READING and len(compact) >= 3 and not any(c.isdigit() for c in compact)
        if vetoed or worded or plate_formats.is_other(reading.text):
            continue
        digits = sum(c.isdigit() for c in compact)
        if shape.score >= UNREADABLE_FROM or (digits and 3 <= len(compact) <= 10):
            text = compact.upper() if digits and 4 <= len(compact) <= 9 and reading.confidence >= 0.5 else None
            confidence = min(0.9, 0.25 + 0.6 * shape.score + (0.1 if text else 0.0))
            yield Plate(box, shape.corners, text, (), confidence, f"shape {shape.score:.2f}")


def _extended(plate: Plate, width: int, height: int) -> Plate:
    box = plate.box
    if plate.countries[:1] == ("Indonesia",):
        box = Box(box.x, box.y, box.w, round(box.h * (1 + INDONESIAN_ROW)))
    return Plate(box.clipped(width, height), plate.polygon, plate.text, plate.countries, plate.confidence, plate.reason)


def _same(a: Box, b: Box) -> bool:
    return a.intersection(b) > 0.5 * min(a.area, b.area)
