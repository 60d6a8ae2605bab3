"""What readers of metadata give: entries, each with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum

Value = str | int | float | bytes | tuple[float, ...]


class Role(StrEnum):
    """What sort of thing an entry is, as far as its container alone tells."""

    TAG = "tag"
    THUMBNAIL = "thumbnail"
    IMAGE = "image"
    VIDEO = "video"
    TRAILING = "trailing"
    PROVENANCE = "provenance"
    PROFILE = "profile"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of the file. `container` is a path such as 'jpeg/exif/gps', `field` the standard's own name.

    `offset` and `length` are the bytes of the file that hold it; for compressed data those of the carrying chunk.
    """

    container: str
    field: str
    value: Value = attribute(repr=False)
    offset: int = 0
    length: int = 0
    role: Role = Role.TAG


@dataclass(frozen=True, slots=True)
class Metadata:
    """Everything a file says beside its pixels. `warnings` name structures that are damaged or exceed a limit."""

    entries: tuple[Entry, ...]
    name: str
    warnings: tuple[str, ...] = ()


class Collector:
    """Gathers entries while a file is walked, within limits."""

    MAX_ENTRIES = 20_000
    MAX_INFLATED = 8 * 1024 * 1024

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.warnings: list[str] = []

    def add(self, container: str, field: str, value: Value, offset: int, length: int, role: Role = Role.TAG) -> None:
        """Keep an entry; past the limit only a warning."""
        if len(self.entries) < self.MAX_ENTRIES:
            self.entries.append(Entry(container, field, value, offset, length, role))
        else:
            self.warn("too many entries")

    def warn(self, text: str) -> None:
        """Keep a warning, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def inflate(self, data: bytes) -> bytes:
        """Decompress a zlib stream as far as the limit allows; empty for a broken one."""
        import zlib

        engine = zlib.decompressobj()
        try:
            out = engine.decompress(data, self.MAX_INFLATED)
        except zlib.error:
            self.warn("a compressed block is broken")
            return b""
        if engine.unconsumed_tail:
            self.warn("a compressed block is larger than 8 MB")
        return out
