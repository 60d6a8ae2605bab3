"""What readers of metadata give: entries, each with its place in the file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from enum import StrEnum

from photoscan.metadata.block import Block
from photoscan.patterns import pattern

Value = str | int | float | bytes | tuple[float, ...]

NEEDLE = 64
"""Raw bytes kept of each value, enough to search a cleaned copy for them."""
SHORTEST_NEEDLE = 6
"""Values shorter than this stand in any file by chance."""
MAX_SAMPLES, MAX_SEARCHED = 16, 1 << 31
"""Places of one picture that are tried, and bytes searched in one file, for what the shown picture does not hold."""
SHORTEST_UNKNOWN = 16
"""The same for bytes that nobody understands: they are often small numbers in a row."""


class Role(StrEnum):
    """What sort of thing an entry is, as far as its container alone tells."""

    TAG = "tag"
    TECHNICAL = "technical"
    """A statement about exposure, rendering or structure: it tells how a photo was made, not by whom or where."""
    THUMBNAIL = "thumbnail"
    IMAGE = "image"
    VIDEO = "video"
    TRAILING = "trailing"
    PROVENANCE = "provenance"
    PROFILE = "profile"
    UNKNOWN = "unknown"
    DRAWN = "drawn"
    """A part of the picture itself, in a drawing: words, or a picture inside."""


_CONTROL = pattern(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
"""C0 and C1 without tabs and ends of lines, and what is no character."""
_PICTURES = (Role.THUMBNAIL, Role.IMAGE, Role.VIDEO)


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of the file. `container` is a path such as 'jpeg/exif/gps', `field` the standard's own name.

    `offset` and `length` are the bytes of the file that hold it; for compressed data those of the carrying chunk.
    `about` says in words what a part is that has no value ('JPEG picture, 160 x 120'). `raw` are the value's first
    bytes (of a picture or video bytes from its middle) as they stand in the file, or in what was decompressed. `item`:
    the number of the picture that it is in a HEIF file, 0 elsewhere.
    """

    container: str
    field: str
    value: Value = attribute(repr=False)
    offset: int = 0
    length: int = 0
    role: Role = Role.TAG
    about: str = ""
    raw: bytes = attribute(default=b"", repr=False)
    item: int = 0

    @property
    def text(self) -> str:
        """The value as text; bytes as UTF-8, without NULs."""
        if isinstance(self.value, bytes):
            return self.value.decode("utf-8", "replace").strip("\0 ")
        return str(self.value).strip()

    @property
    def words(self) -> str:
        """The text as people are told it: control characters, with which makers fill up their fields, are blanks."""
        return _CONTROL.sub(" ", self.text).strip()


@dataclass(frozen=True, slots=True)
class Metadata:
    """Everything a file says beside its pixels. `warnings` name structures that are damaged or exceed a limit."""

    entries: tuple[Entry, ...]
    name: str
    warnings: tuple[str, ...] = ()

    def needles(self) -> tuple[bytes, ...]:
        """Raw values, distinctive enough to be searched for, that must not stand in a cleaned copy.

        Pictures begin alike, so of an embedded one the bytes in its middle are taken.
        """
        found: dict[bytes, None] = {}
        for entry in self.entries:
            if entry.role in (Role.TECHNICAL, Role.PROFILE, Role.DRAWN):
                continue
            raw = entry.raw.strip(b"\0 ")
            shortest = SHORTEST_NEEDLE if entry.role is Role.TAG else SHORTEST_UNKNOWN
            if len(raw) >= shortest and len(set(raw)) > 3:
                found[raw] = None
        return tuple(found)


class Collector:
    """Gathers entries while a file is walked, within limits."""

    MAX_ENTRIES = 20_000
    MAX_INFLATED = 8 * 1024 * 1024
    MAX_TEXT = 65_536
    MAX_DEPTH = 3
    """Pictures within pictures that are walked: a preview's own preview is one too many."""
    MAX_PARTS = 200
    """Embedded pictures and videos that are walked; further ones are only told."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.warnings: list[str] = []
        self.depth = 0
        self.parts = 0
        self.announced: dict[int, str] = {}
        """What an index in front says of pictures behind: by their place in the file."""
        self._inflated = self._searched = 0

    def add(
        self,
        block: Block,
        container: str,
        field: str,
        value: Value,
        start: int = 0,
        end: int | None = None,
        role: Role = Role.TAG,
        about: str = "",
    ) -> None:
        """Keep what block.data[start:end] says, as far as there is such a place; past the limit only a warning."""
        if len(self.entries) >= self.MAX_ENTRIES:
            self.warn("too many entries")
            return
        end = len(block.data) if end is None else min(end, len(block.data))
        start = max(0, min(start, end))
        if isinstance(value, (str, bytes)):
            value = value[: self.MAX_TEXT]
        middle = (start + end) // 2 if role in _PICTURES else start
        raw = block.data[middle : min(end, middle + NEEDLE)]
        self.entries.append(Entry(container, field, value, *block.place(start, end), role, about, raw))

    def unlike(self, block: Block, places: Sequence[int], end: int, shown: bytes, index: int = -1) -> None:
        """Let an entry's `raw` be bytes, from one of these places, that the picture which is shown does not hold.

        Pages share strips, and what they show alike is coded alike: such bytes prove nothing when they stand in a copy.
        """
        raw = b""
        for place in places[:: -(-len(places) // MAX_SAMPLES)]:
            sample = block.data[place : min(end, place + NEEDLE)]
            self._searched += len(shown)
            if self._searched > MAX_SEARCHED:
                break
            if sample not in shown:
                raw = sample
                break
        self.entries[index] = replace(self.entries[index], raw=raw)

    def unknown(self, block: Block, container: str, field: str = "unknown", start: int = 0, end: int | None = None,
                about: str = "") -> None:  # fmt: skip
        """Keep bytes that no reader understands; padding with one value says nothing."""
        end = len(block.data) if end is None else min(end, len(block.data))
        if end > start and not is_fill(block.data, start, end):
            value = block.data[start : min(end, start + 256)]
            self.add(block, container, field, value, start, end, Role.UNKNOWN, about)

    def warn(self, text: str) -> None:
        """Keep a warning, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    @contextmanager
    def guarded(self, part: str) -> Iterator[None]:
        """Damage inside one part becomes a warning; what comes behind it is still read."""
        try:
            yield
        except (struct.error, IndexError, ValueError, OverflowError):
            self.warn(f"{part}: the structure ends early or contradicts itself")

    def inflate(self, block: Block) -> Block:
        """Decompress a zlib stream as far as the limit over all of a file's streams allows; empty for a broken one."""
        engine = zlib.decompressobj()
        room = self.MAX_INFLATED - self._inflated
        if room <= 0:
            self.warn("the compressed blocks are larger than 8 MB")
            return block.unpacked(b"")
        try:
            out = engine.decompress(block.data, room)
        except zlib.error:
            self.warn("a compressed block is broken")
            return block.unpacked(b"")
        self._inflated += len(out)
        if engine.unconsumed_tail:
            self.warn("the compressed blocks are larger than 8 MB")
        return block.unpacked(out)


def is_fill(data: bytes, start: int, end: int) -> bool:
    """Whether a range is empty or repeats zeros, spaces or 0xFF, as padding does."""
    first = data[start : min(end, start + 1)]
    if first not in (b"\0", b" ", b"\xff", b""):
        return not first
    if data[start : min(end, start + 4096)].strip(first):
        return False
    return not data[start:end].strip(first)
