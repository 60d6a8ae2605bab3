"""Where a WebP's coded picture ends inside its chunk: bytes behind it show nothing.

The chunk alone doesn't say; its decoder does: what it does not need can be missing.
"""

from __future__ import annotations

import io

from PIL import Image

from photoscan.stripping.webp import chunk

Parts = list[tuple[bytes, bytes]]
"""The chunks of one picture: ALPH and VP8, or VP8L."""
BEHIND = "bytes behind the picture"
AHEAD = 16
"""Bytes that coders fill up or decoders read ahead of what they decode: fewer tell nothing."""


def cut(parts: Parts) -> tuple[Parts, bool]:
    """The chunks without what the decoder does not need, to about a byte, and whether there was any."""
    done, found = list(parts), False
    for place, (kind, content) in enumerate(parts):
        if len(content) <= AHEAD or kind not in (b"VP8 ", b"VP8L", b"ALPH"):
            continue
        whole = _shown(done)
        if whole is None or _shown(_with(done, place, content[:-AHEAD])) != whole:
            continue
        least, most = 0, len(content) - AHEAD
        while most - least > 1:
            middle = (least + most) // 2
            if _shown(_with(done, place, content[:middle])) == whole:
                most = middle
            else:
                least = middle
        done, found = _with(done, place, content[:most]), True
    return done, found


def alone(parts: list[tuple[bytes, bytes]]) -> bytes:
    """One picture as a WebP of its own."""
    body = b"".join(chunk(*part) for part in parts)
    if frame := dict(parts).get(b"VP8 "):
        width, height = (int.from_bytes(frame[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        body = chunk(b"VP8X", b"\x10\0\0\0" + size) + body
    whole = b"WEBP" + body
    return b"RIFF" + len(whole).to_bytes(4, "little") + whole


def _with(parts: Parts, place: int, content: bytes) -> Parts:
    return [*parts[:place], (parts[place][0], content), *parts[place + 1 :]]


def _shown(parts: Parts) -> bytes | None:
    """The pixels, None where they can't be decoded."""
    try:
        return Image.open(io.BytesIO(alone(parts)), formats=["WEBP"]).convert("RGBA").tobytes()
    except (OSError, OverflowError, SyntaxError, ValueError, EOFError):
        return None
