"""What stands around a reading in the photo: the rest of its line, rows over and under it, vehicles.

A plate's number stands alone. Lists, tables, paragraphs, screens and signs have rows of like letters, one under the
other, or more words on the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from photoscan.geometry import Box
from photoscan.textline import TextLine
from photoscan.vision.objects import Object

ALIKE = 0.55, 1.8
"""Rows whose height is so many times the number's belong together with it; the small print of a plate does not."""
ROW_GAP = 1.5
"""Rows of one block stand at most so many heights apart."""
BESIDE = 3.0
"""What stands on the same row within so many heights is read together with the number."""
REACH = 0.1
"""A plate may stick out of its vehicle's box by that share of it: the box is a network's."""
WHOLE = 0.95
"""What is wider than that share of a vehicle is no plate on it."""
LOW = 0.35
"""So far down a vehicle its plate stands, as a share of its height: of 125 cars, vans and buses each had it lower.
Motorcycles have one above their lamp as well."""
CLOSE_UP = 0.35
"""From that share of the photo's width on a plate is seen so close that its vehicle can't be."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The photo around the candidates: its lines, its size in pixels, its vehicles (None where nobody looked)."""

    lines: tuple[TextLine, ...] = field(default=(), repr=False)
    width: int = 0
    height: int = 0
    vehicles: tuple[Object, ...] | None = None

    def own(self, number: Box) -> list[TextLine]:
        """The lines that the number stands in."""
        return [line for line in self.lines if (box := line.box) and _overlaps(box, number)]

    def below(self, number: Box, height: float) -> list[TextLine]:
        """Lower lines that stand close under the number's middle row, or overlap it where it is tilted."""
        zone = Box(number.x, number.y + number.h // 2, number.w, round(1.5 * height) + number.h // 2)
        return [line for line in self.lines if line.height < height and (box := line.box) and _within(box, zone)]

    def rows(self, number: Box, height: float) -> int:
        """How many further rows of like height stand over and under the number, each aligned with the last."""
        rest = list(self._others(number, height))
        edge, count = [number], 0
        while edge:
            box = edge.pop()
            near = [other for other in rest if _under(box, other, height)]
            rest = [other for other in rest if other not in near]
            edge += near
            count += len(near)
        return count

    def beside(self, number: Box, height: float) -> int:
        """How many further texts of like height stand on the number's own row, near it."""
        return sum(_on_row(number, other, height) for other in self._others(number, height))

    def on_vehicle(self, box: Box, low: bool = False) -> float | None:
        """How surely it is on a vehicle, 0..1; None where nobody looked, or where it is too close to tell.

        `low`: only where plates of cars stand counts, not a roof, a window or what is seen behind them.
        """
        if self.vehicles is None:
            return None
        on = (v for v in self.vehicles if _on(box, v.box) and (not low or box.centre[1] >= v.box.y + LOW * v.box.h))
        seen = max((v.confidence for v in on), default=0.0)
        return None if not seen and self.width and box.w > CLOSE_UP * self.width else seen

    def _others(self, number: Box, height: float) -> Iterator[Box]:
        low, high = ALIKE
        for line in self.lines:
            box = line.box
            if box and not _overlaps(box, number) and low * height < line.height < high * height:
                yield box


def _within(box: Box, zone: Box) -> bool:
    x, y = box.centre
    return zone.x <= x < zone.x2 and zone.y <= y < zone.y2


def _overlaps(a: Box, b: Box) -> bool:
    return a.intersection(b) > 0.5 * min(a.area, b.area)


def _under(a: Box, b: Box, height: float) -> bool:
    """Whether one stands under the other, close to it and aligned with it."""
    gap = max(b.y - a.y2, a.y - b.y2)
    shared = min(a.x2, b.x2) - max(a.x, b.x)
    aligned = shared > 0.5 * min(a.w, b.w) or (shared > 0 and abs(a.x - b.x) < height)
    return aligned and gap < ROW_GAP * height


def _on_row(a: Box, b: Box, height: float) -> bool:
    shared = min(a.y2, b.y2) - max(a.y, b.y)
    return shared > 0.5 * min(a.h, b.h) and max(b.x - a.x2, a.x - b.x2) < BESIDE * height


def _on(box: Box, vehicle: Box) -> bool:
    return _within(box, vehicle.grown(REACH)) and box.w < WHOLE * vehicle.w
