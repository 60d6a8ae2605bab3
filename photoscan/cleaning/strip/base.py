"""What stripping gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Removed:
    """A part that was left out: its name in the container, where it stood and how long it was, in bytes."""

    part: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Stripped:
    """The rebuilt file, and what is no longer in it."""

    data: bytes
    removed: tuple[Removed, ...]


def orientation_of(tiff: bytes) -> int:
    """EXIF orientation (1..8) in a TIFF structure's first directory; 1 where there is none."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)  # type: ignore[arg-type]

    first = number(4, 4)
    for i in range(min(number(first, 2), 500)):
        at = first + 2 + 12 * i
        if number(at, 2) == 0x0112 and 1 <= number(at + 8, 2) <= 8:
            return number(at + 8, 2)
    return 1


def orientation_exif(orientation: int) -> bytes:
    """A TIFF structure of 26 bytes that says nothing but the orientation."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + orientation.to_bytes(2, "big") + b"\x00\x00"
    return b"MM\x00\x2a\x00\x00\x00\x08\x00\x01" + entry + b"\x00\x00\x00\x00"
