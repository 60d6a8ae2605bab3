"""Small helpers that the metadata detectors share: values as text, and one finding per secret however often it
stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from photoscan.finding import Field, Finding
from photoscan.kind import Kind
from photoscan.metadata import Entry

CERTAIN = 0.99
"""Confidence in what a file says in so many words."""


def text(entry: Entry) -> str:
    """The value as text: EXIF's character-code prefix, NULs and broken bytes removed."""
    value = entry.value
    if isinstance(value, bytes):
        for prefix in (b"ASCII\0\0\0", b"UNICODE\0", b"JIS\0\0\0\0\0", b"\0\0\0\0\0\0\0\0"):
            if value.startswith(prefix):
                wide = prefix == b"UNICODE\0"
                value = value[8:]
                if wide:
                    little = value[1::2].count(0) >= value[0::2].count(0)
                    return value.decode("utf-16-le" if little else "utf-16-be", "replace").strip("\0 ")
        return value.decode("utf-8", "replace").strip("\0 ")
    return str(value).strip()


def said(
    entries: Iterable[Entry],
    kind: Kind,
    detector: str,
    reason: Callable[[Entry], str],
    confidence: float = CERTAIN,
) -> Iterable[Finding]:
    """One finding for each different value, with the number of its copies; empty values say nothing."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if value := text(entry):
            groups.setdefault(value.casefold(), []).append(entry)
    for copies in groups.values():
        first = copies[0]
        yield Finding(
            kind=kind,
            confidence=confidence,
            location=place(first, len(copies)),
            detector=detector,
            reason=reason(first),
            value=text(first),
            attributes={"fields": sorted({f"{e.container}:{e.field}" for e in copies})},
        )


def place(entry: Entry, copies: int = 1) -> Field:
    """Where an entry stands in the file."""
    return Field(entry.container, entry.field, entry.offset, entry.length, copies)
