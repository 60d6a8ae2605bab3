"""Names of fields as they may be told: what a file calls its fields may hold what a value does."""

from __future__ import annotations

from functools import cache
from typing import Any

from photoscan import shipped
from photoscan.kind import Kind
from photoscan.masking.known import known
from photoscan.masking.marks import hidden
from photoscan.metadata import angles
from photoscan.metadata.entry import Entry

_OWN_NAMES = frozenset(
    ("xmp", "xmp-extended", "tEXt", "zTXt", "iTXt", "svg", "video", "quicktime", "moov", "meta", "jumbf", "samsung")
)
"""Parts of a container's path below which a file names its fields itself, instead of by a standard's numbers."""


_DRONES = frozenset(("drone-dji", "drone-parrot", "drone-autel", "drone-skydio", "camera"))
"""Prefixes of makers' fields for a drone's position."""


def named(entry: Entry) -> tuple[str, str]:
    """Container and field of an entry as they may be told: names that are in no list of common ones are masked."""
    parts = entry.container.split("/")
    if "svg" in parts[-2:-1] and parts[-1].casefold() not in known().fields:
        parts[-1] = hidden(len(parts[-1]))  # the prefix of a namespace
    free = not _OWN_NAMES.isdisjoint(parts[-2:])
    field = entry.field if not free or _is_common(entry.field) else hidden(len(entry.field))
    return "/".join(parts), field


def _is_common(field: str) -> bool:
    fields, silent, _ = field_rules()
    name = field.casefold()
    return name in known().fields or name in fields or name in silent or _is_position(field)


def _is_position(field: str) -> bool:
    """Whether a name is one of a position, in words that tell of nothing else: 'drone-dji:HomeLatitude'."""
    meant = angles.meaning(field)
    prefix = field.rpartition(":")[0].casefold()
    return meant is not None and meant.common and (prefix in ("", "exif", "geo", "dwc") or prefix in _DRONES)


@cache
def field_rules() -> tuple[dict[str, Kind], frozenset[str], tuple[str, ...]]:
    """Of `rules/metadata_harm.toml`: the kind of each field, silent fields, and beginnings of silent ones' names."""
    rules = harm_rules()
    fields = {name.casefold(): Kind(kind) for kind, names in rules["kinds"].items() for name in names}
    prefixes = tuple(p.casefold() for p in rules["silent_prefixes"])
    return fields, frozenset(s.casefold() for s in rules["silent"]), prefixes


@cache
def harm_rules() -> dict[str, Any]:
    """`rules/metadata_harm.toml` as it stands."""
    return shipped.rules("rules/metadata_harm.toml")
