"""What strippers are given and what they give back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Removed:
    """A part that was left out: its name in the container, where it stood and how long it was, in bytes."""

    part: str
    offset: int
    length: int


LOST = "lost."
"""What a note's key begins with that names a part of the picture which has no place in the copy (`clean.lost.`)."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """The rebuilt file, what is no longer in it, and what to know about the copy (keys below `clean.note.`)."""

    data: bytes
    removed: tuple[Removed, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keep:
    """What a copy carries beside the coded picture.

    `profile`: the colour profile, cleaned of names. `orientation`: how to turn the picture. `pages`: the further pages
    of a TIFF. `statements`: a TIFF structure (big-endian, its first directory says orientation 1) that is written as
    the copy's EXIF, or nothing. `xmp`, `iptc`: packets that are written as they are, where the container has a place
    for them. `texts`: keyword and text of a PNG; of a JPEG, its comments. `movement`: the pictures of a HEIC or AVIF
    sequence behind the first. `gain_map`: what an HDR screen adds, and its numbers.
    """

    profile: bool = True
    orientation: bool = True
    pages: bool = False
    statements: bytes = b""
    movement: bool = True
    gain_map: bool = False
    xmp: bytes = b""
    iptc: bytes = b""
    texts: tuple[tuple[str, str], ...] = ()

    def exif(self, orientation: int) -> bytes:
        """The copy's EXIF as a TIFF structure; empty when there is nothing to say."""
        turned = orientation if self.orientation else 1
        if not self.statements:
            return orientation_exif(turned) if turned != 1 else b""
        return self.statements if turned == 1 else _with_orientation(self.statements, turned)


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


def _with_orientation(statements: bytes, orientation: int) -> bytes:
    """The structure with another orientation in the place of the one that its first directory says."""
    rows = range(10, 10 + 12 * int.from_bytes(statements[8:10], "big"), 12)
    at = next(row for row in rows if statements[row : row + 2] == b"\x01\x12") + 8
    return statements[:at] + orientation.to_bytes(2, "big") + statements[at + 2 :]
