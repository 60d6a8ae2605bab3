"""Proof for copies that keep something of a file's own words: what was promised is there, and no removed group is.

Readers and their own table of fields (`rules/metadata_harm.toml`) look at the copy, not the table by which it was
written.
"""

from __future__ import annotations

from collections.abc import Iterable

from photoscan import metadata
from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.cleaning import retold, retold_exif, search
from photoscan.cleaning.plan import CleanPlan
from photoscan.errors import Phrase, Phrases
from photoscan.formats import Format
from photoscan.kind import Kind
from photoscan.metadata import Entry, Metadata, Role, standards
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.naming import named
from photoscan.metadata.positions import fixes
from photoscan.stripping import Keep
from photoscan.stripping.tiff_directory import Value

_PACKETS = ((0x02BC, "xmp"), (0x83BB, "iptc"))
"""TIFF's tags for XMP and IPTC."""


def states(keep: Keep) -> bool:
    """Whether a copy says anything on purpose."""
    return bool(keep.statements or keep.xmp or keep.iptc or keep.texts)


def said(keep: Keep) -> tuple[Entry, ...]:
    """All that a copy says on purpose, but for bare texts, as readers tell it."""
    packets = {number: Value(7, raw) for number, name in _PACKETS if (raw := getattr(keep, name))}
    found = Collector()
    for block in (keep.statements, retold_exif.file({}, packets)):
        if block:
            standards.read("exif", Block.of(block), "kept", found)
    return tuple(found.entries)


def allowed(keep: Keep) -> set[tuple[str, str]]:
    """Field and text of each entry that a copy may have."""
    return {(entry.field, entry.text) for entry in said(keep)} | set(keep.texts)


def proved(copy: bytes, format_: Format, before: Metadata, plan: CleanPlan, keep: Keep) -> tuple[Phrase, ...]:
    """Prove of a copy that keeps groups: all that it was to say is there, nothing in it is of another group, and no
    value of another group stands in what it says. RefusedError else; nothing where no group is kept.
    """
    if not plan.topics and not keep.xmp:
        return ()
    after = metadata.read(copy, format_, "output").entries
    there = {(entry.field, entry.text) for entry in after}
    if missing := allowed(keep) - there:
        raise RefusedError("promise_broken", names=", ".join(sorted(field for field, _ in missing)[:3]))
    if not plan.topics:
        return ()
    if wrong := sorted({" ".join(named(entry)) for entry in _of_others(after, plan)}):
        raise RefusedError("metadata_left", names=", ".join(wrong[:3]))
    words = (keep.statements, keep.xmp, keep.iptc, *(text.encode() for _, text in keep.texts))
    if search.found(search.disguised(_values(before.entries, plan)), b"\0".join(words)):
        raise RefusedError("value_left")
    if not plan.remove:
        return ()
    what = Phrases(tuple(Phrase(f"clean.keeps.{topic}") for topic in plan.remove), ", ")
    return (clean_phrase("proof.group_gone", what=what),)


def _of_others(after: Iterable[Entry], plan: CleanPlan) -> Iterable[Entry]:
    """Entries of a copy that are of a group which does not stay, whatever else allows them."""
    coarse = plan.coarsen_gps is not None
    for entry in after:
        kind = retold.kind_of(entry)
        if entry.role is not Role.TAG or kind is None or plan.keeps(kind):
            continue
        yield entry
    if Kind.METADATA_GPS.value not in plan.topics and not coarse:
        yield from (fix.entry for fix in fixes(tuple(after)))


def _values(entries: Iterable[Entry], plan: CleanPlan) -> Iterable[bytes]:
    """Values of what goes that must not even stand within a text that stays."""
    stay = frozenset(plan.topics)
    parts = {"date": Kind.METADATA_DATETIME.value, "copyright": Kind.METADATA_PERSON.value}
    stay |= {topic for part, topic in parts.items() if part in plan.keep}
    for entry in entries:
        # What is rounded begins as the position does.
        if not (plan.coarsen_gps and "GPS" in entry.field) and len(text := retold.removed(entry, stay)) >= 6:
            raw = entry.text.encode()[:64]
            if len(text) == len(entry.words) and len(set(raw)) > 3:
                yield raw
