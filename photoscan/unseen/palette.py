"""What a PNG's palette holds beside the colours that are seen: unused entries, and several that are transparent."""

from __future__ import annotations

import io

from photoscan.formats import Format
from photoscan.unseen import animation

_PALETTE = 3


def holds_more(data: bytes) -> bool:
    """Whether a PNG with a palette has colours in entries that no pixel shows, or tells hidden pixels apart by them."""
    if data[25] != _PALETTE:
        return False
    import numpy as np
    from PIL import Image

    used: set[int] = set()
    for part in [part for _, _, part in animation.frames(data, Format.PNG)] or [data]:
        image = Image.open(io.BytesIO(part), formats=["PNG"])
        used |= set(np.unique(np.asarray(image)).tolist())
    colours, alpha = _table(data, b"PLTE"), _table(data, b"tRNS")
    hidden = [index for index in sorted(used) if index < len(alpha) and not alpha[index]]
    shown = used.difference(hidden)
    return len(hidden) > 1 or any(value and at // 3 not in shown for at, value in enumerate(colours))


def _table(data: bytes, kind: bytes) -> bytes:
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == kind:
            return data[at + 8 : at + 8 + length]
        at += 12 + length
    return b""
