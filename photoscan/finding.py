"""Findings: what a photo gives away, where, how surely. Values stay masked unless somebody asks."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from photoscan.errors import Phrase, Phrases
from photoscan.geometry import Box, Polygon
from photoscan.kind import Kind, Severity
from photoscan.masking import mask
from photoscan.parts import Part

SIDECAR = "sidecar"
"""The attribute of what a file beside the photo says: that file's name. Its containers begin with the same word."""
LIKELY = 0.5
"""Calibrated confidence from which a finding is called likely; below it is 'possible' (design, section 3)."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place in the picture.

    `box`: in pixels of the upright page. `polygon`: the exact outline where it is known, corners (x, y) in the same
    pixels. `page`: the index of the page or frame, from 0; None in a picture that has one page.
    """

    box: Box
    polygon: Polygon | None = None
    page: int | None = None
    type: ClassVar[str] = "region"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; polygon and page only where they are known."""
        row: dict[str, Any] = {"type": self.type, "box": self.box.as_list()}
        if self.polygon is not None:
            row["polygon"] = [[round(x, 1), round(y, 1)] for x, y in self.polygon]
        if self.page is not None:
            row["page"] = self.page
        return row


@dataclass(frozen=True, slots=True)
class Field:
    """A place in the file: which container and field, and the bytes that hold it.

    `offset` and `length` count bytes of the file; None where the value has no bytes of its own in it (the file's name)
    or they are compressed. `copies` is how many times the file holds the same value.
    """

    container: str
    field: str
    offset: int | None = None
    length: int | None = None
    copies: int = 1
    type: ClassVar[str] = "metadata"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "type": self.type,
            "container": self.container,
            "field": self.field,
            "offset": self.offset,
            "length": self.length,
            "copies": self.copies,
        }


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a caption. `lines`: the indices of the lines that hold it, from 0."""

    lines: tuple[int, ...]
    type: ClassVar[str] = "text"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"type": self.type, "lines": list(self.lines)}


Location = Region | Field | Span


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a photo gives away.

    `confidence`: 0 to 1, calibrated; likely from 0.5. `location`: a Region, a Field or a Span. `detector`: the name of
    the detector that found it.
    `value` is what was read, in clear: it is kept out of repr, and written out only on request. `masked` is what may be
    seen of it where the value itself is not known, as in a report that was read from JSON.
    `reason` says, for an expert and without the value, why the detector reports it. `attributes` hold more, as JSON
    can; names that start with 'value_' are parts of the value.
    `says` is why it matters, sentence by sentence, and `language` that of the scan; both are given by `risk.assess`.
    `severity` is the kind's own unless the detector knows better. `id` is given by `with_ids`.
    """

    kind: Kind
    confidence: float
    location: Location
    detector: str
    reason: str
    value: str | None = field(default=None, repr=False)
    attributes: Mapping[str, Any] = field(default_factory=dict, repr=False)
    severity_override: Severity | None = None
    says: Phrases = field(default_factory=lambda: Phrases((), " "))
    language: str = "en"
    id: str = ""
    masked: str | None = None

    @property
    def severity(self) -> Severity:
        """How much harm this finding can do by itself."""
        return self.severity_override or self.kind.severity

    @property
    def likely(self) -> bool:
        """Whether this is more probable than not."""
        return self.confidence >= LIKELY

    @property
    def beside(self) -> bool:
        """Whether it is not in the photo's file, but in one beside it."""
        return isinstance(self.location, Field) and self.location.container.split("/")[0] == SIDECAR

    @property
    def explanation(self) -> str:
        """Why it matters, in the language of the scan; empty before it was judged."""
        return self.explained()

    def explained(self, language: str | None = None) -> str:
        """Why it matters, in `language`, or in the scan's. Raises nothing of its own."""
        return self.says.text(language or self.language)

    @property
    def value_masked(self) -> str | None:
        """The value with what is personal in it hidden; None where there is no value."""
        return self.masked if self.value is None else mask(self.kind, self.value, self.attributes)

    @property
    def box(self) -> Box | None:
        """The box in pixels of the upright page; None for metadata and captions."""
        return self.location.box if isinstance(self.location, Region) else None

    def to_dict(self, show_values: bool = False) -> dict[str, Any]:
        """The JSON form of the report's version 1; the value in clear only on request.

        Attributes whose name starts with 'value_' are parts of the value (a street, a city) and follow the same rule.
        Raises nothing of its own.
        """
        row: dict[str, Any] = {
            "id": self.id,
            "kind": self.kind.value,
            "severity": self.severity.label,
            "confidence": round(self.confidence, 3),
            "value_masked": self.value_masked,
        }
        if show_values:
            row["value"] = self.value
        row |= {
            "location": self.location.to_dict(),
            "detector": self.detector,
            "reason": self.reason,
            "explanation": self.explanation,
            "attributes": {k: v for k, v in self.attributes.items() if show_values or not k.startswith("value_")},
        }
        return row

    @staticmethod
    def from_part(row: Part) -> Finding:
        """The finding that `to_dict` wrote. Raises UsageError for anything else."""
        kind = row.made("kind", Kind)
        severity = row.made("severity", Severity.parse)
        return Finding(
            kind=kind,
            confidence=row.number("confidence", 0, 1),
            location=_located(row.table("location")),
            detector=row.text("detector"),
            reason=row.text("reason"),
            value=row.text_or_none("value") if "value" in row.rows else None,
            attributes=dict(row.table("attributes").rows),
            severity_override=None if severity is kind.severity else severity,
            says=Phrases((Phrase(row.text("explanation")),)),
            id=row.text("id"),
            masked=row.text_or_none("value_masked"),
        )


def _located(row: Part) -> Location:
    """The place that `to_dict` wrote."""
    sort = row.one_of("type", (Region.type, Field.type, Span.type))
    if sort == Region.type:
        return Region(
            Box(*row.wholes("box", 4)),
            row.points("polygon") if "polygon" in row.rows else None,
            row.whole("page", 0) if "page" in row.rows else None,
        )
    if sort == Field.type:
        where = row.text("container"), row.text("field")
        return Field(*where, row.whole_or_none("offset", 0), row.whole_or_none("length", 0), row.whole("copies", 1))
    return Span(row.wholes("lines"))


def with_ids(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Number findings so that the same photo always gives the same ids.

    An id is made of kind, place and order, never of the value: it may be stored in a baseline.
    """
    seen: Counter[str] = Counter()
    numbered = []
    for finding in findings:
        place = json.dumps(finding.location.to_dict(), sort_keys=True)
        key = f"{finding.kind.value}-{hashlib.sha256(place.encode()).hexdigest()[:8]}"
        seen[key] += 1
        numbered.append(replace(finding, id=key if seen[key] == 1 else f"{key}-{seen[key]}"))
    return tuple(numbered)
