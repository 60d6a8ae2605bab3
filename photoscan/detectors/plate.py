"""Number plates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.finding import Finding, Region
from photoscan.kind import Kind
from photoscan.views import Views

TRACE = 0.005
"""Below it a plate is none: it would be told at a confidence of .00. Of 266 labelled plates as many are covered with
those as without them."""


class PlateDetector(Detector):
    """One finding a plate; the value is its text, upper case; attributes: `country` (the likeliest), `countries`,
    `region` (where it is registered)."""

    name: ClassVar[str] = "plate"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.PLATE,)
    source: ClassVar[Input] = "pixels"
    reads: ClassVar[bool] = True

    def find(self, views: Views) -> Iterable[Finding]:
        """Every plate, also unreadable and possible ones, but for what nobody would bet one in two hundred on."""
        for plate in views.plates:
            if plate.confidence < TRACE:
                continue
            attributes: dict[str, object] = (
                {"country": plate.countries[0], "countries": list(plate.countries)} if plate.countries else {}
            )
            if plate.region:
                attributes["region"] = plate.region
            yield Finding(
                kind=Kind.PLATE,
                confidence=plate.confidence,
                location=Region(plate.box, plate.polygon, views.page or None),
                detector=self.name,
                reason=plate.reason,
                value=plate.text,
                attributes=attributes,
            )
