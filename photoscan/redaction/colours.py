"""How a picture's numbers are meant, which encoders forget: carried from the source into what was painted over."""

from __future__ import annotations

import struct

from photoscan.formats import Format
from photoscan.stripping.boxes import boxes
from photoscan.stripping.heif_items import Items

_CHUNKS = frozenset((b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLI"))
"""PNG's chunks about colours and HDR, beside the profile, which encoders write themselves (PNG 3, 11.3.2)."""
_HEADER_END = 33


def carried(source: bytes, data: bytes, format_: Format) -> bytes:
    """The picture that was written again, with what its source says of colours: of a PNG its chunks, of an AVIF the
    primaries and the transfer function (ITU-T H.273)."""
    if format_ is Format.PNG:
        return data[:_HEADER_END] + b"".join(_of_png(source)) + data[_HEADER_END:]
    found = _property(source, b"colr") if format_ is Format.AVIF else b""
    at = data.find(b"colrnclx")
    if found[:4] != b"nclx" or at < 0:
        return data
    # Matrix and range are the encoder's own: by them it made its luminance.
    return data[: at + 8] + found[4:8] + data[at + 12 :]


def is_deep(source: bytes) -> bool:
    """Whether an AVIF's shown picture has more than 8 bits a colour (AV1 in ISOBMFF, 2.3.3)."""
    configuration = _property(source, b"av1C")
    return len(configuration) > 2 and bool(configuration[2] & 0x40)


def _of_png(source: bytes) -> list[bytes]:
    """The chunks about colours in front of the picture, whole."""
    found, at = [], 8
    while at + 12 <= len(source) and source[at + 4 : at + 8] != b"IDAT":
        end = at + 12 + int.from_bytes(source[at : at + 4], "big")
        if source[at + 4 : at + 8] in _CHUNKS:
            found.append(source[at:end])
        at = end
    return found


def _property(source: bytes, wanted: bytes) -> bytes:
    """The content of the primary picture's first property of a kind; empty where it has none."""
    try:
        start, end = next((body, end) for kind, _, body, end in boxes(source, 0, len(source)) if kind == b"meta")
        items = Items.read(source, start + 4, end)
        of_primary = [items.table[index - 1] for _, index in items.items[items.primary].properties if index]
    except (ValueError, KeyError, IndexError, StopIteration, struct.error):
        return b""
    return next((content for kind, content in of_primary if kind == wanted), b"")
