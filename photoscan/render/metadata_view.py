"""What a file says beside its picture, as a table for people: grouped, with the nearest town and places in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import ceil
from typing import Any, get_args

from photoscan.card import Section
from photoscan.escapes import on_one_line, visible
from photoscan.finding import SIDECAR, Field, Finding
from photoscan.formats import is_raw
from photoscan.kind import Kind
from photoscan.render.terminal import Terminal
from photoscan.report import Report
from photoscan.risk import exempt
from photoscan.risk.explain import shows

Say = Callable[..., str]

_POINTS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def show(terminal: Terminal, report: Report, say: Say, show_values: bool) -> None:
    """Print the table of one photo's metadata findings."""
    rows = []
    for section in get_args(Section):
        label = say(f"metadata.group.{section}")
        for finding in _members(report, section):
            said = _what(finding, say, show_values)
            if exempt.is_passed(finding):
                said += f" ({say(f'report.exempt.{finding.attributes[exempt.ATTRIBUTE]}')})"
            rows.append((label, said, _where(finding, say)))
            label = ""
    if rows:
        terminal.table(rows, ("bold", "", "dim"), indent=2)
        own = [f for f in report.findings if f.kind is not Kind.METADATA_FILENAME and not f.beside]
        outlook = {f.attributes.get("stripping") for f in own}
        key = "metadata.strip.removed" if "removed" in outlook else "metadata.strip.impossible"
        if key.endswith("impossible") and is_raw(report.photo.format):
            key = "metadata.strip.raw"
        if "removed" in outlook and any(f.kind is Kind.METADATA_FILENAME for f in report.findings):
            key = "metadata.strip.all_but_name"
        if outlook - {None}:
            terminal.line((say(key), "green" if "removed" in outlook else "yellow"), indent=2, margin=2)


def _members(report: Report, section: Section) -> Iterator[Finding]:
    """The findings of a section, kind by kind in the order of their cards."""
    for kind in (kind for kind in Kind if kind.card.section == section):
        yield from (f for f in report.findings if f.kind is kind)


def _what(finding: Finding, say: Say, show_values: bool) -> str:
    value = finding.value if show_values else finding.value_masked
    known = finding.attributes
    words = " ".join((value or "").split())
    if finding.kind is Kind.METADATA_GPS:
        return "\n".join(
            filter(None, (town(known, say), _district(known, say, show_values), words, *_circumstances(known, say)))
        )
    if zone := known.get("time_zone"):
        words = f"{words} {zone}"
    title = say(f"kind.{finding.kind.value}.title")
    details = [known[name] for name in ("tells", "looks_like") if known.get(name)]
    if shown := shows(finding):
        details.insert(0, say(f"detail.preview.{shown}").rstrip("."))
    if not words:
        return f"{title}: {', '.join(map(str, details))}" if details else title
    return f"{words} ({', '.join(map(str, details))})" if details else words


def town(known: Any, say: Say) -> str:
    """'Kuala Lumpur, Malaysia, 2 km', or that no town is near."""
    if not known.get("town"):
        return say("detail.no_town").rstrip(".")
    return f"{known['town']}, {known['country']}, {known['distance_km']:.0f} km"


def within_km(known: Mapping[str, Any]) -> int:
    """Whole kilometres to the nearest village or part of a town, at least one."""
    away: float = known.get("district_km", 0.0)
    return max(1, ceil(away))


def _district(known: Any, say: Say, show_values: bool) -> str:
    """The place at the scale of streets, which is a part of the value."""
    district = known.get("value_district")
    return say("metadata.within", km=within_km(known), district=district) if show_values and district else ""


def _circumstances(known: Any, say: Say) -> Iterator[str]:
    if (height := known.get("altitude_m")) is not None:
        yield say("metadata.altitude", metres=f"{height:.0f}")
    if (direction := known.get("direction_deg")) is not None:
        yield say("metadata.direction", point=say(f"compass.{_POINTS[round(direction / 45) % 8]}"))
    if (accuracy := known.get("accuracy_m")) is not None:
        yield say("metadata.accuracy", metres=f"{accuracy:.0f}")


def _where(finding: Finding, say: Say) -> str:
    place = finding.location
    assert isinstance(place, Field)
    if finding.beside:
        file = on_one_line(str(finding.attributes.get(SIDECAR, "")))
        return say("report.where.sidecar", file=file, field=visible(place.field))
    name = visible(f"{place.container} {place.field}")
    if place.offset is not None:
        name += " " + say("metadata.at", offset=f"{place.offset:,}", length=f"{place.length:,}")
    return f"{name}, {place.copies}x" if place.copies > 1 else name
