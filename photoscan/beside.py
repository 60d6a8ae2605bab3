"""Looking at what files beside a photo say of it, with the detectors that look at what its own file says.

Whoever shares the photo does not share them: they are told, and count for nothing. Sent along, they undo every care
that was taken with the photo itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from photoscan.detectors.base import Detector
from photoscan.finding import SIDECAR, Field, Finding
from photoscan.kind import Kind
from photoscan.views import Beside, Views

_STATEMENTS = frozenset(
    (
        Kind.METADATA_GPS, Kind.METADATA_PLACE, Kind.METADATA_PERSON, Kind.METADATA_SERIAL, Kind.METADATA_IDENTIFIER,
        Kind.METADATA_DATETIME, Kind.METADATA_DEVICE, Kind.METADATA_SOFTWARE, Kind.METADATA_COMMENT,
    )
)  # fmt: skip
"""What a file may say in so many words."""
_PARTS = {"unknown": Kind.METADATA_UNKNOWN, "thumbnail": Kind.METADATA_THUMBNAIL, "image": Kind.METADATA_SHADOW_IMAGE}
"""Roles of what it holds beside that."""
_OF_THE_PHOTO = ("origin",)
"""Detectors that ask the file system of the photo itself."""


def found(detector: Detector, views: Views) -> Iterator[Finding]:
    """What a detector finds in the files beside the photo; attribute `sidecar`: the file's name."""
    for below in views.beside:
        for finding in _look(detector, below):
            place = finding.location
            if isinstance(place, Field):
                # Bytes are counted in the photo's file alone.
                yield replace(
                    finding,
                    location=replace(place, offset=None, length=None),
                    attributes={**_without_places(finding), SIDECAR: below.metadata.name},
                )


def _look(detector: Detector, below: Beside) -> Iterable[Finding]:
    if detector.name == "hidden_parts":
        yield from _parts(detector, below)
    elif detector.name not in _OF_THE_PHOTO and set(detector.kinds) <= _STATEMENTS:
        yield from detector.find(below)


def _parts(detector: Detector, below: Beside) -> Iterator[Finding]:
    for entry in below.metadata.entries:
        if kind := _PARTS.get(entry.role.value):
            attributes = {"looks_like": entry.about} if entry.about else {}
            field = entry.field if kind is Kind.METADATA_UNKNOWN and "/xmp" not in entry.container else entry.role.value
            yield Finding(
                kind, 0.99, Field(entry.container, field), detector.name, entry.about or field, None, attributes
            )


def _without_places(finding: Finding) -> dict[str, object]:
    return {name: said for name, said in finding.attributes.items() if name != "copies"}
