"""Bytes and pixels as people say them: '256 MiB', '64 MP'. Read from words, and put into words."""

from __future__ import annotations

import re

from photoscan.patterns import pattern

MEBIBYTE = 1024**2
_BYTES = {"": 1, "b": 1, "k": 1024, "m": MEBIBYTE, "g": 1024**3}
_BYTES |= {f"{letter}ib": size for letter, size in _BYTES.items() if size > 1}
_BYTES |= {"kb": 1000, "mb": 1000**2, "gb": 1000**3}
"""IEC 80000-13: KiB counts by 1,024, kB by 1,000; a letter alone is taken for the former, as programs do."""
_PIXELS = {"": 1, "p": 1, "px": 1, "mp": 1000**2, "mpx": 1000**2, "gp": 1000**3, "gpx": 1000**3}
_WRITTEN = pattern(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*([a-z]*)", re.IGNORECASE)
_THOUSANDS = pattern(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])")
"""Commas between thousands; any other may be that of '1,5 GB', of which nobody shall make 15."""


def bytes_of(words: str) -> int | None:
    """How many bytes '400MiB', '1.5 GB' or '1000' are; None for what is no such amount, or less than one."""
    return _read(words, _BYTES)


def pixels_of(words: str) -> int | None:
    """How many pixels '64 MP' or '64000000' are; None for what is no such amount, or less than one."""
    return _read(words, _PIXELS)


def count_of(words: str) -> int | None:
    """A whole number of at least one; None for anything else."""
    return _read(words, {"": 1})


def in_bytes(count: int) -> str:
    """An amount of bytes in the largest unit of which it has ten or a whole number, rounded up."""
    return _written(count, (("GiB", 1024**3), ("MiB", MEBIBYTE), ("KiB", 1024), ("B", 1)))


def in_pixels(count: int) -> str:
    """An amount of pixels in millions, rounded up; small ones as they are."""
    return _written(count, (("MP", 1000**2), ("px", 1)))


def roomy(count: int) -> int:
    """The next number of one digit and noughts, or of 1.5 or 2.5 of these, that is no smaller."""
    step = 10 ** (len(str(count)) - 1)
    digits = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10)
    return next(int(digit * step) for digit in digits if int(digit * step) >= count)


def room_for_bytes(count: int) -> str:
    """What to write for a limit that lets so many bytes through."""
    return f"{roomy(-(-count // MEBIBYTE))}MiB"


def room_for_pixels(count: int) -> str:
    """What to write for a limit that lets so many pixels through."""
    return f"{roomy(-(-count // 1000**2))}MP"


def _written(count: int, units: tuple[tuple[str, int], ...]) -> str:
    unit, size = next((unit, size) for unit, size in units if count >= 10 * size or not count % size)
    return f"{-(-count // size)} {unit}"


def _read(words: str, units: dict[str, int]) -> int | None:
    grouped = words.strip().replace("_", "")
    found = _WRITTEN.fullmatch(grouped.replace(",", "") if _THOUSANDS.match(grouped) else grouped)
    unit = None if found is None else units.get(found[2].lower())
    if found is None or unit is None:
        return None
    whole, _, part = found[1].partition(".")
    count = int(whole) * unit + (int(part) * unit // 10 ** len(part) if part else 0)
    return count if count >= 1 and (not part or unit > 1) else None
