"""What the file says in so many words: names, places, serial numbers, times, devices, software, comments.

Which field says what is data: `rules/metadata_harm.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import ClassVar

from photoscan.detectors.base import Detector, Source
from photoscan.detectors.metadata_values import said
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.metadata import Entry, Role
from photoscan.views import Views


class _Statements(Detector):
    """Findings of one kind from all the fields that say it."""

    source: ClassVar[Source] = "metadata"
    kind: ClassVar[Kind]

    def find(self, views: Views) -> Iterable[Finding]:
        """One finding for each different value."""
        entries = [e for e in views.metadata.entries if e.role is Role.TAG and classify(e) is self.kind]
        yield from said(entries, self.kind, self.name, lambda e: f"field {e.field} in {e.container}")


class NameDetector(_Statements):
    """Authors, owners, people who were tagged."""

    name = "metadata.names"
    kind = Kind.METADATA_PERSON
    kinds = (Kind.METADATA_PERSON,)


class PlaceDetector(_Statements):
    """Places written out: city, street, country."""

    name = "metadata.places"
    kind = Kind.METADATA_PLACE
    kinds = (Kind.METADATA_PLACE,)


class SerialDetector(_Statements):
    """Serial numbers and unique ids: they tie together all the photos of one device."""

    name = "metadata.serials"
    kind = Kind.METADATA_SERIAL
    kinds = (Kind.METADATA_SERIAL,)


class TimeDetector(_Statements):
    """When the photo was taken or edited."""

    name = "metadata.times"
    kind = Kind.METADATA_DATETIME
    kinds = (Kind.METADATA_DATETIME,)


class DeviceDetector(_Statements):
    """Make, model and lens."""

    name = "metadata.devices"
    kind = Kind.METADATA_DEVICE
    kinds = (Kind.METADATA_DEVICE,)


class SoftwareDetector(_Statements):
    """What the photo was edited with."""

    name = "metadata.software"
    kind = Kind.METADATA_SOFTWARE
    kinds = (Kind.METADATA_SOFTWARE,)


class CommentDetector(_Statements):
    """Free text: comments, titles, keywords, prompts, and every field that no rule knows."""

    name = "metadata.comments"
    kind = Kind.METADATA_COMMENT
    kinds = (Kind.METADATA_COMMENT,)


def classify(entry: Entry) -> Kind | None:
    """The kind that a field speaks of; None when it tells nothing by itself."""
    fields, silent, prefixes = _rules()
    name = entry.field.casefold()
    if kind := fields.get(name):
        return kind
    if name in silent or name.startswith(prefixes):
        return None
    return Kind.METADATA_COMMENT


@cache
def _rules() -> tuple[dict[str, Kind], frozenset[str], tuple[str, ...]]:
    rules = tomllib.loads(resources.files("photoscan").joinpath("rules/metadata_harm.toml").read_text("utf-8"))
    fields = {name.casefold(): Kind(kind) for kind, names in rules["kinds"].items() for name in names}
    prefixes = tuple(p.casefold() for p in rules["silent_prefixes"])
    return fields, frozenset(s.casefold() for s in rules["silent"]), prefixes
