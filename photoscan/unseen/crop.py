"""What a HEIC or AVIF crops away by its own words: the coded picture is larger than what is shown (clap)."""

from __future__ import annotations

import io

from photoscan.metadata.boxes import Box, boxes, find

CODING = 16
"""Pixels that coders pad a side with: less is no crop."""
LEAST = 64
"""Coders pad smaller pictures to this size (libheif's with x265): that is no crop where it shows nothing."""
STEP = 24
"""Grey levels between neighbours from which padding, which repeats the last row or column, shows something."""


def cropped(data: bytes) -> tuple[int, int] | None:
    """Columns and rows that are coded and not shown, of the property that crops most; None where nothing is cropped."""
    meta = find(data, (b"meta",), 0, len(data))
    table = None if meta is None else find(data, (b"iprp", b"ipco"), meta.body + 4, meta.end)
    if table is None:
        return None
    sizes, crops = [(0, 0)], []
    for box in boxes(data, table.body, table.end):
        words = [int.from_bytes(data[at : at + 4], "big") for at in range(box.body, box.end - 3, 4)]
        if box.kind == b"ispe" and len(words) >= 3:
            sizes.append((words[1], words[2]))
        elif box.kind == b"clap" and len(words) >= 4 and words[1] and words[3]:
            crops.append((words[0] // words[1], words[2] // words[3]))
    if not crops:
        return None
    shown = min(width for width, _ in crops), min(height for _, height in crops)
    coded = max(width for width, _ in sizes), max(height for _, height in sizes)
    across, down = coded[0] - shown[0], coded[1] - shown[1]
    if max(across, down) < CODING:
        return None
    padding = all(lost < CODING or side <= LEAST for lost, side in zip((across, down), coded, strict=True))
    return None if padding and _repeats(data, table, shown, coded) else (across, down)


def _repeats(data: bytes, table: Box, shown: tuple[int, int], coded: tuple[int, int]) -> bool:
    """Whether nothing but its last rows and columns, repeated, stands beyond what is shown.

    False where that can't be told, or where what is shown does not begin in the corner.
    """
    import numpy as np
    import pillow_heif

    whole = bytearray(data)
    for box in boxes(data, table.body, table.end):
        if box.kind == b"clap" and not _from_corner(data, box, coded):
            return False
        if box.kind in (b"clap", b"irot", b"imir"):
            whole[box.body - 4 : box.body] = b"free"
    try:
        heif = pillow_heif.open_heif(io.BytesIO(bytes(whole)), convert_hdr_to_8bit=True)
        pixels = np.asarray(heif[heif.primary_index]).astype(np.int16)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - decoders raise anything on broken input
        return False
    right, below = pixels[:, shown[0] + CODING - 1 :], pixels[shown[1] + CODING - 1 :]
    return not (np.abs(np.diff(right, axis=1)) >= STEP).any() and not (np.abs(np.diff(below, axis=0)) >= STEP).any()


def _from_corner(data: bytes, box: Box, coded: tuple[int, int]) -> bool:
    """Whether a crop shows what begins in the upper left corner (ISO 14496-12, 12.1.4: how far its middle is off)."""
    words = [int.from_bytes(data[at : at + 4], "big", signed=True) for at in range(box.body, box.end - 3, 4)]
    if len(words) < 8 or not (words[1] and words[3] and words[5] and words[7]):
        return False
    return all(
        2 * words[at + 4] * words[at + 1] == (words[at] - side * words[at + 1]) * words[at + 5]
        for at, side in zip((0, 2), coded, strict=True)
    )
