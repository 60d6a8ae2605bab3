"""Signs in scripts that the reader does not know: what it makes of them sometimes has the form of a plate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from photoscan.geometry import Box
from photoscan.vision.objects import Object
from photoscan.vision.plates.finding import Plate

SURE = 0.8
"""From that confidence on a plate is one: shape and form agree, and it was read well."""
DOUBTED = 0.3
"""The most for what lies in writing that could not be read, and on no vehicle."""
INSIDE = 0.5
"""How much of a plate lies in such writing, at least."""


def without_signs(
    found: Sequence[Plate], vehicles: Sequence[Object] | None, unread: Callable[[], Sequence[Box]]
) -> tuple[Plate, ...]:
    """The plates, doubted where they are parts of other writing.

    `vehicles`: None where nobody looked for any; nothing is doubted then. `unread`: what could not be read; it is asked
    only where a plate is unsure.
    """
    if vehicles is None:
        return tuple(found)
    return tuple(_weighed(plate, vehicles, unread) for plate in found)


def _weighed(plate: Plate, vehicles: Sequence[Object], unread: Callable[[], Sequence[Box]]) -> Plate:
    if not DOUBTED < plate.confidence < SURE or any(plate.box.intersection(thing.box) for thing in vehicles):
        return plate
    if not any(plate.box.coverage_by(box) > INSIDE for box in unread()):
        return plate
    return replace(plate, confidence=DOUBTED, reason=f"{plate.reason}, part of writing that could not be read")
