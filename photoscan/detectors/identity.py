"""National identity, tax, health and social security numbers, and numbers of passports and licences behind a label.

The shapes, labels and checks are data: `rules/id_formats.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind, Severity
from photoscan.textline import TextLine
from photoscan.textual import id_formats, mrz
from photoscan.textual.neighbours import label_above

if TYPE_CHECKING:
    from photoscan.textual import mrz


class IdentityDetector(TextDetector):
    """One finding for each number that passes the checks of its country; attributes `country_code` and `document`."""

    name: ClassVar[str] = "identity"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_NATIONAL_ID, Kind.TEXT_PASSPORT)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Machine-readable zones, then the numbers of all other lines; a label may stand in the line above."""
        taken: set[int] = set()
        for zone in mrz.find([line.text for line in lines]):
            taken |= set(zone.lines)
            yield _zone(zone)
        for i, line in enumerate(lines):
            if i in taken:
                continue
            for number in id_formats.find(line.text, label_above(lines, i)):
                fmt = number.format
                yield TextMatch(
                    fmt.kind,
                    (i,),
                    number.value,
                    number.confidence,
                    number.reason,
                    {"country_code": fmt.country, "document": fmt.name},
                    Severity.LOW if fmt.organisation else None,
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
