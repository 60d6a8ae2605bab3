"""JPEG XL: the size in front of the codestream."""

from __future__ import annotations

from photoscan.headers.base import Header
from photoscan.headers.boxes import boxes


def read(data: bytes) -> Header:
    """SizeHeader of the codestream (ISO 18181-1, D.2), bits from the lowest; turning is left to decoders."""
    at = 0
    if not data.startswith(b"\xff\x0a"):
        bodies = [(body + (4 if kind == b"jxlp" else 0)) for kind, _, body, _ in boxes(data, 0, len(data))
                  if kind in (b"jxlc", b"jxlp")]  # fmt: skip
        at = bodies[0]
    if data[at : at + 2] != b"\xff\x0a":
        raise ValueError("no codestream")
    bits = _Bits(int.from_bytes(data[at + 2 : at + 14], "little"))
    small = bits.take(1)
    height = 8 * (bits.take(5) + 1) if small else bits.take((9, 13, 18, 30)[bits.take(2)]) + 1
    ratio = bits.take(3)
    if ratio:
        over, under = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))[ratio - 1]
        return Header(height * over // under, height)
    return Header(8 * (bits.take(5) + 1) if small else bits.take((9, 13, 18, 30)[bits.take(2)]) + 1, height)


class _Bits:
    def __init__(self, value: int) -> None:
        self.value = value

    def take(self, count: int) -> int:
        taken = self.value & ((1 << count) - 1)
        self.value >>= count
        return taken
