"""What the file of a round's photo says beside its picture: where it was taken, and its preview."""

from __future__ import annotations

from math import ceil
from typing import Any

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata import Role, districts
from photoscan.metadata.gazetteer import nearest
from photoscan.metadata.positions import fixes
from photoscan.workshop import surroundings


def place(data: bytes) -> dict[str, Any] | None:
    """Where a JPEG file says that it was taken, as the page's map wants to have it; None where it says nothing.

    `value`: 'latitude, longitude' in degrees. `near`: the nearest town, or a nearer part of it, within how many km, and
    what else is around.
    """
    fix = next(iter(fixes(metadata.read(data, Format.JPEG, "").entries)), None)
    if fix is None:
        return None
    known = [near(fix.latitude, fix.longitude) for near in (nearest, districts.nearest)]
    town = min((one for one in known if one is not None), key=lambda one: one.distance_km, default=None)
    value = f"{fix.latitude:.6f}, {fix.longitude:.6f}"
    if town is None:
        return {"value": value, "near": None}
    within = max(1, ceil(town.distance_km))
    return {"value": value, "near": {"town": town.name, "within": within, "places": surroundings.around(value)}}


def preview(data: bytes) -> bytes | None:
    """The preview in a JPEG file, a JPEG itself; None where there is none."""
    for entry in metadata.read(data, Format.JPEG, "").entries:
        if entry.role is Role.THUMBNAIL:
            found = data[entry.offset : entry.offset + entry.length]
            if found.startswith(b"\xff\xd8\xff"):
                return found
    return None
