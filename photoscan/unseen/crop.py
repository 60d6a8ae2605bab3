"""What a HEIC or AVIF crops away by its own words: the coded picture is larger than what is shown (clap)."""

from __future__ import annotations

from fractions import Fraction

from photoscan.metadata.boxes import boxes, find

CODING = 16
"""Pixels that coders pad a side with: less is no crop."""


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
            crops.append((int(Fraction(words[0], words[1])), int(Fraction(words[2], words[3]))))
    if not crops:
        return None
    across = max(width for width, _ in sizes) - min(width for width, _ in crops)
    down = max(height for _, height in sizes) - min(height for _, height in crops)
    return (across, down) if max(across, down) >= CODING else None
