"""A JPEG's coded data, told from what surrounds them, for the proof that they were not touched.

Shares no code with the strippers.
"""

from __future__ import annotations

from collections.abc import Iterator

from photoscan.patterns import pattern

_RESTART = pattern(rb"\xff[\xd0-\xd7]")
_MARKER = pattern(rb"\xff[^\x00\xd0-\xd7\xff]")
_FILLED = pattern(rb"\xff{2,}")
_CODING = frozenset((*range(0xC0, 0xD0), *range(0xDA, 0xE0)))
MAX_BEHIND = 32
"""JPEGs behind a JPEG that are compared."""


def same(before: bytes, after: bytes) -> bool | None:
    """Whether the coded data are the same; False where they are but for the ends of scans, None where they are not.

    JPEGs behind the first have to be among those of the source.
    """
    first, *others = ([*_coded_parts(picture)] for picture in pictures(after))
    source, *theirs = ([*_coded_parts(picture)] for picture in pictures(before))
    found = [_close(source, first)]
    for other in others:
        likes = [_close(their, other) for their in theirs]
        found.append(True if True in likes else False if False in likes else None)
    return None if None in found else all(found)


def pictures(data: bytes) -> list[bytes]:
    """The JPEG that a file begins with, and those behind it, each to its end."""
    found: list[bytes] = []
    at = 0
    while at >= 0 and len(found) <= MAX_BEHIND:
        end = _end(data, at)
        found.append(data[at:end])
        at = data.find(b"\xff\xd8\xff", end)
    return found


def coded(data: bytes) -> Iterator[list[bytes]]:
    """The coded parts of the JPEG that a file begins with, and of those behind it."""
    return ([bytes(part) for _, part in _coded_parts(picture)] for picture in pictures(data))


def stream(data: bytes) -> Iterator[bytes]:
    """The coded parts of a JPEG stream inside another container, whole or abbreviated."""
    return (bytes(part) for _, part in _coded_parts(data))


def _close(old: list[tuple[bool, memoryview]], new: list[tuple[bool, memoryview]]) -> bool | None:
    """Whether one picture's coded parts are another's; False where they are but for the ends of scans, else None."""
    if old == new:
        return True
    close = len(old) == len(new) and all(
        one == other or (coded and also and _cut_alone(bytes(one), bytes(other)))
        for (coded, one), (also, other) in zip(old, new, strict=True)
    )
    return False if close else None


def _cut_alone(before: bytes, after: bytes) -> bool:
    """Whether the intervals of a scan are those of another, or begin as they do but for bits that fill a byte."""
    old, new = _RESTART.split(before), _RESTART.split(after)
    if len(new) > len(old):
        return False
    for one, other in zip(old, new, strict=False):
        other = other.removesuffix(b"\0") if other.endswith(b"\xff\0") else other
        last = len(other) - 1
        if one != other and not (
            last >= 0
            and one[:last] == other[:last]
            and any(one[last] | (1 << fill) - 1 == other[last] for fill in range(8))
        ):
            return False
    return True


def _walk(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """(marker, start, end of its segment, end of what follows it up to the next marker), to the end of image."""
    match = _MARKER.search(data, 2)
    while match and data[match.start() + 1] != 0xD9:
        start, marker = match.start(), data[match.start() + 1]
        bare = marker in (0x01, 0xD8)
        end = start + 2 if bare else start + 2 + max(2, int.from_bytes(data[start + 2 : start + 4], "big"))
        match = _MARKER.search(data, end)
        if not bare:
            yield marker, start, end, match.start() if match else len(data)


def _coded_parts(data: bytes) -> Iterator[tuple[bool, memoryview]]:
    """Tables, frame headers, scan headers and their entropy bytes (True), in order; fill bytes (T.81, B.1.1.2) say
    nothing.
    """
    view = memoryview(data)
    for marker, start, end, following in _walk(data):
        if marker == 0xDA:
            yield False, view[start:end]
            yield True, memoryview(_FILLED.sub(b"\xff", data[end:following].rstrip(b"\xff")))
        elif marker in _CODING:
            yield False, view[start:end]


def _end(data: bytes, at: int) -> int:
    """Where the JPEG that begins at a position ends."""
    return at + max((following for *_, following in _walk(data[at:])), default=1) + 2


def segments(data: bytes) -> Iterator[bytes]:
    """Everything but coding tables and scans, also what follows the end of image.

    Standard Huffman tables hold runs of letters and digits that would pass for somebody's text.
    """
    at = 0
    for marker, start, end, following in _walk(data):
        if marker in _CODING:
            yield data[at:start]
            at = following if marker == 0xDA else end
    yield data[at:]
