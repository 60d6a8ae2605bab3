"""What strippers are given and what they give back."""

from __future__ import annotations

from dataclasses import dataclass

from photoscan.stripping import turning
from photoscan.stripping.turning import Turn


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
    sequence behind the first. `gain_map`: what an HDR screen adds, and its numbers. `decode`: whether pictures may be
    decoded to be made flat, or are too large for that.
    """

    profile: bool = True
    orientation: bool = True
    pages: bool = False
    statements: bytes = b""
    movement: bool = True
    gain_map: bool = False
    decode: bool = True
    xmp: bytes = b""
    iptc: bytes = b""
    texts: tuple[tuple[str, str], ...] = ()

    def exif(self, turn: Turn) -> bytes:
        """The copy's EXIF as a TIFF structure; empty when there is nothing to say."""
        # Where there is EXIF nobody looks elsewhere, and there is one XMP packet alone.
        here = turn.carrier == "exif" or bool(self.statements) or (turn.carrier == "xmp" and bool(self.xmp))
        turned = turn if self.orientation and here else Turn()
        if not self.statements:
            return turning.exif(turned) if turned.value != 1 else b""
        return self.statements if turned.value == 1 else _with_orientation(self.statements, turned)

    def packet(self, turn: Turn) -> bytes:
        """The copy's XMP: what is kept, or which way is up where that was said there; else empty."""
        here = self.orientation and turn.carrier == "xmp" and turn.value != 1 and not self.statements
        return self.xmp or (turning.packet(turn) if here else b"")

    def raw_profile(self, turn: Turn) -> bytes:
        """The content of a PNG's text chunk, where such a one said how to turn the picture; else empty."""
        here = self.orientation and turn.carrier == "raw" and turn.value != 1 and not self.statements
        return turning.raw_profile(turn) if here else b""


def _with_orientation(statements: bytes, turn: Turn) -> bytes:
    """The structure with another orientation in the place of the one that its first directory says."""
    rows = range(10, 10 + 12 * int.from_bytes(statements[8:10], "big"), 12)
    at = next(row for row in rows if statements[row : row + 2] == b"\x01\x12")
    return statements[:at] + turning.entry(turn) + statements[at + 12 :]
