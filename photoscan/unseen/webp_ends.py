"""Bytes behind the coded picture of a WebP: a picture that looks the same without the end of its data has some."""

from __future__ import annotations

import io

from photoscan.formats import Format
from photoscan.unseen import animation

END = 48
"""Bytes that have to be of use at the end of each coded chunk."""


def surplus(data: bytes) -> bool:
    """Whether a picture or a frame looks the same without the last bytes of one of its chunks."""
    stills = [part for _, _, part in animation.frames(data, Format.WEBP)] or [data]
    return any(_needless(still) for still in stills)


def _needless(still: bytes) -> bool:
    shown = _pixels(still)
    at = 12
    while at + 8 <= len(still):
        length = int.from_bytes(still[at + 4 : at + 8], "little")
        if still[at : at + 3] == b"VP8" or still[at : at + 4] == b"ALPH":
            body, end = still[at + 8 : at + 8 + length], at + 8 + length + (length & 1)
            if still[at + 3 : at + 4] != b"X" and length > END:
                short = body[: (length - END) & ~1]
                whole = still[8:at] + still[at : at + 4] + len(short).to_bytes(4, "little") + short + still[end:]
                if shown is not None and _pixels(b"RIFF" + len(whole).to_bytes(4, "little") + whole) == shown:
                    return True
        at += 8 + length + (length & 1)
    return False


def _pixels(data: bytes) -> bytes | None:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["WEBP"]) as image:
            return image.convert("RGBA").tobytes()
    except (OSError, SyntaxError, ValueError, EOFError):
        return None
