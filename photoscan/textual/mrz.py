"""Machine-readable zones of passports, visas and identity cards (ICAO Doc 9303): two lines of 44 or 36, three of 30."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from photoscan.textual.lookalikes import as_digits

_SHAPES = {44: 2, 36: 2, 30: 3}
"""Characters of a line, and how many lines there are."""
_SLACK = 3
"""Characters that a reader may lose or add in a line of fillers."""
_CHARACTERS = re.compile(r"[^A-Z0-9<]")


@dataclass(frozen=True, slots=True)
class Zone:
    """What a zone says. `valid`: all check digits that were looked at are right; `lines` are indices."""

    lines: tuple[int, ...]
    passport: bool
    country: str
    number: str = field(repr=False)
    name: str = field(repr=False)
    birth: str = field(repr=False)
    valid: bool = False


def find(lines: Sequence[str]) -> Iterator[Zone]:
    """Every zone in consecutive lines of text; look-alikes are set right where only digits can stand."""
    rows = [_row(line) for line in lines]
    i = 0
    while i < len(rows):
        zone = next((z for width, count in _SHAPES.items() if (z := _zone(rows, i, width, count))), None)
        if zone:
            yield zone
            i = zone.lines[-1]
        i += 1


def _row(line: str) -> str:
    text = line.upper().replace("«", "<").replace("‹", "<").replace("〈", "<").replace("＜", "<").replace("≤", "<")
    return _CHARACTERS.sub("", text)


def _zone(rows: Sequence[str], at: int, width: int, count: int) -> Zone | None:
    part = rows[at : at + count]
    if len(part) < count or any(abs(len(row) - width) > _SLACK for row in part):
        return None
    if "<<" not in part[-1 if count == 3 else 0] or part[0][:1] not in "PIACV":
        return None
    part = [row[:width].ljust(width, "<") for row in part]
    if count == 2:
        top, bottom = part
        number, birth, expiry = bottom[:9], bottom[13:19], bottom[21:27]
        checks = ((number, bottom[9]), (birth, bottom[19]), (expiry, bottom[27]))
        country, name = top[2:5], top[5:]
    else:
        number, country, name = part[0][5:14], part[0][2:5], part[2]
        birth, expiry = part[1][:6], part[1][8:14]
        checks = ((number, part[0][14]), (birth, part[1][6]), (expiry, part[1][14]))
    right = [_checked(text, digit) for text, digit in checks]
    if sum(right) < 1:
        return None
    return Zone(
        tuple(range(at, at + count)),
        part[0][0] == "P",
        country.strip("<"),
        number.strip("<"),
        re.sub(r"<+", " ", name).strip(),
        as_digits(birth)[0],
        all(right),
    )


def _checked(text: str, digit: str) -> bool:
    """ICAO 9303 part 3: weights 7, 3, 1; letters count from 10, a filler as 0."""
    expected = as_digits(digit)[0]
    return any(check_digit(form) == expected for form in dict.fromkeys((text, as_digits(text)[0])))


def check_digit(text: str) -> str:
    """The check digit of a field."""
    values = (0 if c == "<" else int(c) if c.isdigit() else ord(c) - 55 for c in text)
    return str(sum(v * (7, 3, 1)[i % 3] for i, v in enumerate(values)) % 10)
