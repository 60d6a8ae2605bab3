"""WebP: the picture's own chunks stay, in frames as well; flags tell no more than what is there (RFC 9649)."""

from __future__ import annotations

from collections.abc import Iterator

from photoscan.stripping.base import Keep, Removed, Stripped
from photoscan.stripping.icc import cleaned
from photoscan.stripping.turning import Turns

MAX_CHUNKS = 100_000
_CODED = frozenset((b"VP8 ", b"VP8L", b"ALPH"))
_ALPHA_AND_ANIMATION, _ANIMATION, _EXIF, _XMP = 0x12, 0x02, 0x08, 0x04
FRAME_HEADER = 16
"""Bytes of place, size, duration and blending at the start of an animation frame."""


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild the RIFF file; ValueError when there is no picture in it."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end == len(data) + 1:
        end -= 1  # the last padding byte was counted, but not written
    if end > len(data):
        raise ValueError("file ends early")
    removed: list[Removed] = []
    head = profile = b""
    turns = Turns()
    shown = False
    body: list[bytes] = []
    for kind, at, content in chunks(data, 12, end):
        if kind == b"VP8X" and len(content) >= 10:
            head = content[:10]
            shown = bool(head[0] & _ANIMATION)
        elif kind in _CODED and not shown:
            # What follows the picture's data, or stands beside an animation's frames, is another that nobody sees.
            shown = kind != b"ALPH"
            body.append(chunk(kind, content))
        elif kind == b"ANIM" and len(content) == 6:
            body.append(chunk(kind, content))
        elif kind == b"ANMF":
            body.append(chunk(kind, _frame(content)))
        else:
            if kind == b"ICCP" and keep.profile:
                profile = cleaned(content) or b""
            elif kind == b"EXIF":
                turns.exif(content)
            elif kind == b"XMP ":
                turns.xmp(content)
            removed.append(Removed(f"chunk {kind.decode('latin-1').strip()}", at, len(content) + 8))
    if len(data) > end:
        removed.append(Removed("data behind the end of image", end, len(data) - end))
    if not body:
        raise ValueError("no picture")
    exif, packet = keep.exif(turns.chosen), keep.packet(turns.chosen)
    parts = [chunk(b"ICCP", profile)] if profile and head else []
    parts += body
    parts += [chunk(b"EXIF", exif)] if exif and head else []
    parts += [chunk(b"XMP ", packet)] if packet and head else []
    if head:
        # Many decoders pass over EXIF and XMP that the header does not announce: it says no more than it did.
        said = _EXIF if exif and (keep.statements or keep.xmp or head[0] & _EXIF) else 0
        said |= (_XMP if keep.xmp else head[0] & _XMP) if packet else 0
        flags = head[0] & _ALPHA_AND_ANIMATION | (0x20 if profile else 0) | said
        parts.insert(0, chunk(b"VP8X", bytes((flags, 0, 0, 0)) + head[4:]))
    content = b"WEBP" + b"".join(parts)
    return Stripped(b"RIFF" + len(content).to_bytes(4, "little") + content, tuple(removed))


def chunks(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, bytes]]:
    """(type, offset, content) of each chunk; ValueError for one that is longer than the file."""
    for _ in range(MAX_CHUNKS):
        if at + 8 > end:
            return
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise ValueError("chunk out of bounds")
        yield kind, at, data[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)
    raise ValueError("too many chunks")


def _frame(content: bytes) -> bytes:
    if len(content) < FRAME_HEADER:
        raise ValueError("frame too short")
    coded: list[bytes] = []
    for kind, _, part in chunks(content, FRAME_HEADER, len(content)):
        if kind in _CODED:
            coded.append(chunk(kind, part))
            if kind != b"ALPH":
                break
    return content[:FRAME_HEADER] + b"".join(coded)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk with its length, padded to an even one."""
    return kind + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) & 1)
