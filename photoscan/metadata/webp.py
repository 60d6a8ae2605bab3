"""WebP (RIFF): chunks beside the picture, and what follows."""

from __future__ import annotations

from photoscan.metadata import exif, icc, xmp
from photoscan.metadata.entry import Collector, Role

MAX_CHUNKS = 100_000
_DECODING = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"))


def walk(data: bytes, found: Collector) -> None:
    """Every chunk that is not needed to show the picture."""
    riff_end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    at = 12
    for _ in range(MAX_CHUNKS):
        if at + 8 > riff_end:
            break
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body, end = at + 8, min(at + 8 + length, len(data))
        if kind == b"EXIF":
            start = body + 6 if data[body : body + 6] == b"Exif\0\0" else body
            exif.read(data, start, end, "webp/exif", found)
        elif kind == b"XMP ":
            xmp.read(data[body:end], "webp/xmp", body, end - body, found)
        elif kind == b"ICCP":
            icc.read(data[body:end], "webp/icc", body, found)
        elif kind not in _DECODING:
            found.add(
                "webp/" + kind.decode("latin-1"), "unknown", data[body : body + 256], body, end - body, Role.UNKNOWN
            )
        at = body + length + (length & 1)
    if data[riff_end:].strip(b"\0"):
        found.add("webp/tail", "data behind the end of image", data[riff_end : riff_end + 64], riff_end,
                  len(data) - riff_end, Role.TRAILING)  # fmt: skip
