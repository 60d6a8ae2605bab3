"""How a picture's numbers are meant, which encoders forget: carried from the source into what was painted over."""

from __future__ import annotations

import struct

from photoscan.formats import Format
from photoscan.stripping.boxes import box, boxes
from photoscan.stripping.heif_items import Items

_CHUNKS = frozenset((b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLI"))
"""PNG's chunks about colours and HDR, beside the profile, which encoders write themselves (PNG 3, 11.3.2)."""
_HEADER_END = 33


def carried(source: bytes, data: bytes, format_: Format) -> bytes:
    """The picture that was written again, with what its source says of colours: of a PNG its chunks, of an AVIF the
    primaries and the transfer function (ITU-T H.273), of a JPEG 2000 its profile."""
    if format_ is Format.JP2:
        return _with_profile(data, jp2_profile(source))
    if format_ is Format.PNG:
        return data[:_HEADER_END] + b"".join(_of_png(source)) + data[_HEADER_END:]
    found = _property(source, b"colr") if format_ is Format.AVIF else b""
    at = data.find(b"colrnclx")
    if found[:4] != b"nclx" or at < 0:
        return data
    # Matrix and range are the encoder's own: by them it made its luminance.
    return data[: at + 8] + found[4:8] + data[at + 12 :]


def is_deep(source: bytes, format_: Format) -> bool:
    """Whether an AVIF's shown picture (AV1 in ISOBMFF, 2.3.3), or a coloured JPEG 2000's (ISO 15444-1, A.5.1), has more
    than 8 bits a colour; False for others."""
    if format_ is Format.JP2:
        at = source.find(b"\xff\x4f\xff\x51")
        count = int.from_bytes(source[at + 40 : at + 42], "big")
        return count > 2 and any((bits & 0x7F) > 7 for bits in source[at + 42 : at + 42 + 3 * min(count, 4) : 3])
    if format_ is not Format.AVIF:
        return False
    configuration = _property(source, b"av1C")
    return len(configuration) > 2 and bool(configuration[2] & 0x40)


_SPACES = {1: b"GRAY", 2: b"GRAY", 3: b"RGB ", 4: b"RGB "}
"""The colours of a profile by the number of components that Pillow writes; four are RGB and alpha."""


def jp2_profile(source: bytes) -> bytes:
    """The colour profile of a JPEG 2000 (ISO 15444-1, I.5.3.3); empty where it has none."""
    for kind, _, body, end in boxes(source, 0, len(source)):
        if kind == b"jp2h":
            rows = (source[at:stop] for name, _, at, stop in boxes(source, body, end) if name == b"colr")
            return next((row[3:] for row in rows if row[:1] in (b"\2", b"\3")), b"")
    return b""


def _with_profile(data: bytes, profile: bytes) -> bytes:
    """A JPEG 2000 with a profile for its colour specification, where both mean the same colours."""
    parts = []
    for kind, start, body, end in boxes(data, 0, len(data)) if profile else ():
        inner = boxes(data, body, end) if kind == b"jp2h" else []
        channels = next(
            (int.from_bytes(data[at + 8 : at + 10], "big") for name, _, at, _ in inner if name == b"ihdr"), 0
        )
        if profile[16:20] in _SPACES.get(channels, ()):
            rows = (box(name, b"\2\0\0", profile) if name == b"colr" else data[a:z] for name, a, _, z in inner)
            parts.append(box(kind, *rows))
        else:
            parts.append(data[start:end])
    return b"".join(parts) or data


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
