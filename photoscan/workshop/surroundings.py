"""What a map shows around a place: towns and districts with their names, from the program's own tables."""

from __future__ import annotations

import re
from typing import Any

from photoscan.metadata import districts, gazetteer

MOST = 8
"""Names around a mark: more of them would hide one another."""
REACH_KM = 20.0
TOWNS_KM = 50.0
_DEGREES = re.compile(r"-?\d+(?:\.\d+)?")


def around(shown: str) -> list[dict[str, Any]]:
    """Towns and districts around a position as it is shown ('6.32, 99.84'), the nearest first; none for anything else.

    They are those around the shown position, so that a masked one stays masked: no row depends on what is hidden.
    """
    numbers = [float(part) for part in _DEGREES.findall(shown)]
    if len(numbers) < 2 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        return []
    towns = gazetteer.around(numbers[0], numbers[1], TOWNS_KM, MOST // 2)
    names = {town.name for town in towns}
    smaller = [p for p in districts.around(numbers[0], numbers[1], REACH_KM, MOST) if p.name not in names]
    # The nearest town is always among them: its name is the one that people know.
    rest = sorted([(p, False) for p in smaller] + [(p, True) for p in towns[1:]], key=lambda row: row[0].distance_km)
    kept = [(town, True) for town in towns[:1]] + rest[: MOST - len(towns[:1])]
    kept.sort(key=lambda row: row[0].distance_km)
    return [{"name": p.name, "at": [round(p.latitude, 3), round(p.longitude, 3)], "town": t} for p, t in kept]
