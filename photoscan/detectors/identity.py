"""Numbers of people (identity, tax, health, work, passports) and of things (phones, SIM cards, vehicles, serials).

Those that have a shape or a check of their own are data in `rules/id_formats.toml`, those that only the label before
them gives away in `rules/labelled_numbers.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import labelled_numbers, mrz
from photoscan.textual.neighbours import label_above
from photoscan.textual.unglued import apart

if TYPE_CHECKING:
    from photoscan.textual import mrz


class IdentityDetector(TextDetector):
    """One finding for each number that passes its checks or has its label; attributes `country_code`, `document`."""

    name: ClassVar[str] = "identity"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_NATIONAL_ID, Kind.TEXT_PASSPORT, Kind.TEXT_DEVICE)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Machine-readable zones, then the numbers of all other lines; a label may stand in the line above."""
        lines = apart(lines)
        taken: set[int] = set()
        for zone in mrz.find([line.text for line in lines]):
            taken |= set(zone.lines)
            yield _zone(zone)
        for i, line in enumerate(lines):
            if i in taken:
                continue
            for number in labelled_numbers.find_all(line.text, label_above(lines, i)):
                fmt = number.format
                yield TextMatch(
                    fmt.kind,
                    (i,),
                    number.value,
                    number.confidence,
                    number.reason,
                    {"country_code": fmt.country, "document": fmt.name},
                    fmt.severity,
                )


def _zone(zone: mrz.Zone) -> TextMatch:
    kind = Kind.TEXT_PASSPORT if zone.passport else Kind.TEXT_NATIONAL_ID
    attributes = {
        "country_code": zone.country,
        "document": "passport" if zone.passport else "identity card",
        "value_number": zone.number,
        "value_name": zone.name,
        "value_birth_date": zone.birth,
    }
    confidence = 0.98 if zone.valid else 0.6
    reason = "machine-readable zone, " + ("check digits right" if zone.valid else "some check digits wrong")
    return TextMatch(kind, zone.lines, zone.number, confidence, reason, attributes)
