"""What the metadata detectors share: values as text, and one finding per secret however often it stands in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from photoscan.finding import Field, Finding
from photoscan.kind import Kind, Severity
from photoscan.masking.harmless import says
from photoscan.metadata import Entry
from photoscan.metadata.naming import field_rules, named

CERTAIN = 0.99
"""Confidence in what a file says in so many words."""
MAX_COPIES = 20
"""Copies whose places are listed; all of them are counted."""
LONGEST = 1000
"""Characters of a value that a finding carries."""
_TOLD = (Kind.METADATA_DEVICE, Kind.METADATA_SOFTWARE)
"""Kinds whose fields are made for what elsewhere says nothing: of 'Canon' as a make is told what a make tells."""


def said(
    entries: Iterable[Entry],
    kind: Kind,
    detector: str,
    reason: Callable[[Entry], str],
    key: Callable[[Entry], str] | None = None,
    about: Callable[[Sequence[Entry]], Mapping[str, Any]] | None = None,
    confidence: float = CERTAIN,
    lesser: Callable[[Entry], bool] | None = None,
) -> Iterable[Finding]:
    """One finding for each different value, with its copies; empty values say nothing.

    `key` tells which entries say the same (by default: the same text); `about` gives further attributes; `lesser` tells
    of an entry whether it does little harm. What thousands of files say alike has the attribute `harmless`.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if value := entry.words:
            groups.setdefault(key(entry) if key else value.casefold(), []).append(entry)
    for copies in groups.values():
        first = copies[0]
        harmless = field_rules()[0].get(first.field.casefold()) not in _TOLD and says(kind, first.words) is not None
        yield Finding(
            kind=kind,
            confidence=confidence,
            location=place(first, len(copies)),
            detector=detector,
            reason=reason(first),
            value=first.words[:LONGEST],
            attributes=listed(copies) | dict(about(copies) if about else {}) | ({"harmless": True} if harmless else {}),
            severity_override=Severity.LOW if harmless or (lesser and lesser(first)) else None,
        )


def place(entry: Entry, copies: int = 1) -> Field:
    """Where an entry stands in the file; names that the file made up are masked, as they may hold what a value does."""
    return Field(*named(entry), entry.offset, entry.length, copies)


def where(entry: Entry) -> str:
    """'field Artist in jpeg/exif', for a finding's reason."""
    container, field = named(entry)
    return f"field {field} in {container}"


def listed(copies: Sequence[Entry]) -> dict[str, Any]:
    """The attribute `fields`, where there are several copies `copies`: the place of each; and where names are masked
    `value_fields`, the names as they stand in the file."""
    found: dict[str, Any] = {"fields": sorted({":".join(named(entry)) for entry in copies})}
    if any(named(entry) != (entry.container, entry.field) for entry in copies):
        found["value_fields"] = sorted({f"{entry.container}:{entry.field}" for entry in copies})
    if len(copies) > 1:
        found["copies"] = [place(entry).to_dict() for entry in copies[:MAX_COPIES]]
    return found
