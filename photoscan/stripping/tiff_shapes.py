"""How many numbers of which type a tag of a TIFF page may hold (TIFF 6.0): a text in its place tells something and
shows nothing."""

from __future__ import annotations

from photoscan.stripping.tiff_directory import Directory, Value
from photoscan.tiff_survey import Order

_BITS, _SAMPLES, _PHOTOMETRIC, _TRANSFER, _GREY, _COLOURS = 0x102, 0x115, 0x106, 0x12D, 0x123, 0x140
_WHOLE, _FRACTIONS = (1, 3, 4), (5, 11, 12)
_MOST_CHANNELS = 64
_COUNTS = {
    0x10A: 1, 0x11A: 1, 0x11B: 1, 0x11C: 1, 0x122: 1, 0x124: 1, 0x125: 1, 0x128: 1, 0x13D: 1, 0x13E: 2, 0x13F: 6,
    0x142: 1, 0x143: 1, 0x14C: 1, 0x211: 3, 0x212: 2, 0x213: 1, 0x214: 6,
}  # fmt: skip
"""Numbers of each tag; those of others go by the page's bits and channels, or are its strips."""
_FRACTIONAL = (0x11A, 0x11B, 0x13E, 0x13F, 0x211, 0x214)
_PARTS = (0x13E, 0x13F, 0x211)
"""Shares of a whole: chromaticities, and weights of colours."""
_BY_CHANNEL = (0x152, 0x153, 0x154, 0x155)


def shaped(tags: Directory, order: Order) -> Directory:
    """The tags whose values have their standard's form."""
    return {number: value for number, value in tags.items() if _fits(number, value, tags, order)}


def _fits(number: int, value: Value, tags: Directory, order: Order) -> bool:
    bits = tags[_BITS].numbers(order)[0] if _BITS in tags else 1
    channels = tags[_SAMPLES].numbers(order)[0] if _SAMPLES in tags else 1
    if number in _COUNTS:
        if number in _FRACTIONAL and value.kind == 5 and number in _PARTS and not _shares(value, order):
            return False
        kinds = _WHOLE + _FRACTIONS if number in _FRACTIONAL else _WHOLE
        return value.kind in kinds and value.count == _COUNTS[number]
    if number == _COLOURS:
        return value.kind == 3 and _PHOTOMETRIC in tags and value.count == 3 << min(bits, 16)
    if number in (_TRANSFER, _GREY):
        return value.kind == 3 and value.count in (1 << min(bits, 16), 3 << min(bits, 16))
    if number in _BY_CHANNEL:
        return value.kind not in (2, 7) and value.count <= min(channels, _MOST_CHANNELS)
    return True


def _shares(value: Value, order: Order) -> bool:
    numbers = Value(4, value.raw).numbers(order)
    return all(a <= b for a, b in zip(numbers[::2], numbers[1::2], strict=True))
