"""GIF: each frame's indices are painted over; every other index, the palette and the timing stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photoscan.brushes import FILL, Brush
from photoscan.brushes.fill import DARK
from photoscan.clean_phrases import clean_phrase
from photoscan.errors import CorruptPhotoError
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.redaction.base import Patch, Redacted
from photoscan.stripping import Keep, strip

if TYPE_CHECKING:
    from photoscan.photo import Photo


def redact(photo: Photo, keep: Keep, patches: Sequence[Patch], brush: Brush, strength: int) -> Redacted:
    """A box is hidden in all frames: what one shows the next ones may leave standing. Always filled."""
    boxes = [patch.box for patch in patches]
    data = strip(photo.data, Format.GIF, keep).data
    try:
        rewritten, exact = _rewritten(data, boxes)
    except (IndexError, ValueError, OSError):
        raise CorruptPhotoError("problem.clean.broken", format="gif") from None
    notes = (clean_phrase("note.filled"),) if brush is not FILL else ()
    return Redacted(rewritten, tuple(Patch(box) for box in boxes), "lossless" if exact else "recoded", FILL, notes)


@dataclass(frozen=True, slots=True)
class _Palette:
    """Colours, three bytes each; a power of two of them."""

    colours: bytes

    @property
    def bits(self) -> int:
        """The size as GIF's flags tell it: one less than the number of bits of an index."""
        return max(0, (len(self.colours) // 3 - 1).bit_length() - 1)

    def black(self, transparent: int, outside: NDArray[np.intp]) -> tuple[int, _Palette, int | None]:
        """The index for black, the palette that has it, and the index that stands in for the one that was taken.

        `outside`: how often each index is used where nothing is hidden.
        """
        rows = [self.colours[i : i + 3] for i in range(0, len(self.colours), 3)]
        indices = [i for i in range(len(rows)) if i != transparent]
        darkest = min(indices, key=lambda i: max(rows[i]), default=None)
        if darkest is not None and max(rows[darkest]) <= DARK:
            return darkest, self, None
        if len(rows) < 256:
            return len(rows), _Palette(self.colours + bytes(3 * len(rows))), None
        index = min(indices, key=lambda i: int(outside[i]))
        near = min((i for i in indices if i != index), key=lambda i: _distance(rows[i], rows[index]))
        rows[index] = bytes(3)
        return index, _Palette(b"".join(rows)), near if outside[index] else None


def _distance(a: bytes, b: bytes) -> int:
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True))


def _rewritten(data: bytes, boxes: Sequence[Box]) -> tuple[bytes, bool]:
    """The file with its frames painted over, and whether every colour outside of the boxes is the same.

    It is not where a frame uses all 256 colours and none is dark: the rarest one gives its place to black.
    """
    common, at = _palette(data, data[10], 13)
    done, transparent, exact = [data[:at]], -1, True
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x21:
            at = _behind_blocks(data, at + 2)
            if data[start + 1] == 0xF9:
                transparent = data[start + 6] if data[start + 3] & 1 else -1
            done.append(data[start:at])
            continue
        if data[at] != 0x2C:
            raise ValueError("no block")
        own, body = _palette(data, data[at + 9], at + 10)
        at = _behind_blocks(data, body + 1)
        x, y, w, h = (int.from_bytes(data[start + i : start + i + 2], "little") for i in (1, 3, 5, 7))
        moved = [Box(box.x - x, box.y - y, box.w, box.h).clipped(w, h) for box in boxes]
        moved = [box for box in moved if box.area]
        used = own or common
        if moved and used:
            painted, same = _painted(data[start:body], data[body:at], used, moved, transparent, (w, h))
            done.append(painted)
            exact = exact and same
        else:
            done.append(data[start:at])
        transparent = -1
    return b"".join([*done, b"\x3b"]), exact


def _painted(
    head: bytes, packed: bytes, palette: _Palette, boxes: Sequence[Box], transparent: int, size: tuple[int, int]
) -> tuple[bytes, bool]:
    """An image block with hidden boxes and a palette of its own, which may have got a black.

    Also whether all else in it is the same.
    """
    interlaced = head[9] >> 6 & 1
    decoder: Any = ("gif", packed[0], interlaced, -1)
    frame = Image.frombytes("P", size, packed[1:], *decoder)
    indices = np.array(frame)
    mask = np.zeros(indices.shape, bool)
    for box in boxes:
        mask[box.y : box.y2, box.x : box.x2] = True
    black, own, near = palette.black(transparent, np.bincount(indices[~mask], minlength=256))
    if near is not None:
        indices[indices == black] = near
    indices[mask] = black
    coded = Image.fromarray(indices).tobytes("gif", "L", 8, 0)
    flags = 0x80 | own.bits
    return head[:9] + bytes((flags,)) + own.colours + b"\x08" + coded + b"\0", near is None


def _palette(data: bytes, flags: int, at: int) -> tuple[_Palette | None, int]:
    """The palette that the flags announce, if any, and the place behind it."""
    if not flags & 0x80:
        return None, at
    end = at + (3 << (flags & 7) + 1)
    return _Palette(data[at:end]), end


def _behind_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1
