"""What strippers are given and what they give back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from photoscan.stripping import turning
from photoscan.stripping.turning import Turn


@dataclass(frozen=True, slots=True)
class Removed:
    """A part that was left out: its name in the container, where it stood and how long it was, in bytes."""

    part: str
    offset: int
    length: int


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
    of a TIFF. `statements`: a TIFF structure (big-endian, at most Copyright, DateTimeOriginal with its offset and
    a coarse position) that is written as the copy's EXIF, or nothing. `movement`: the pictures of a HEIC or AVIF
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

    def exif(self, turn: Turn) -> bytes:
        """The copy's EXIF as a TIFF structure; empty when there is nothing to say."""
        # Where there is EXIF, nobody looks at a raw profile.
        here = turn.carrier == "exif" or (turn.carrier == "raw" and bool(self.statements))
        turned = turn if self.orientation and here else Turn()
        if not self.statements:
            return turning.exif(turned) if turned.value != 1 else b""
        return self.statements if turned.value == 1 else _with_orientation(self.statements, turned)

    def packet(self, turn: Turn) -> bytes:
        """The copy's XMP, where that said how to turn the picture; else empty."""
        return turning.packet(turn) if self.orientation and turn.carrier == "xmp" and turn.value != 1 else b""

    def raw_profile(self, turn: Turn) -> bytes:
        """The content of a PNG's text chunk, where such a one said how to turn the picture; else empty."""
        here = self.orientation and turn.carrier == "raw" and turn.value != 1 and not self.statements
        return turning.raw_profile(turn) if here else b""


def _with_orientation(statements: bytes, turn: Turn) -> bytes:
    import piexif

    directories = piexif.load(b"Exif\0\0" + statements)
    directories["0th"][piexif.ImageIFD.Orientation] = turn.value
    written = bytes(piexif.dump(directories)[6:])
    return written.replace(turning.entry(replace(turn, kind=3)), turning.entry(turn), 1)
