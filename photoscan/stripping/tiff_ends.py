"""Where the coded rows of a strip end: what stands behind them shows nowhere (TIFF 6.0, sections 9 and 13)."""

from __future__ import annotations

LZW, PACKBITS = 5, 32773
MOST = 1 << 20
"""Bytes of a file whose strips are walked: each code is looked at."""
_CLEAR, _END, _FIRST, _LAST = 256, 257, 258, 4096
TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def shortened(part: bytes, compression: int, needed: int, turned: bool) -> bytes:
    """The strip up to its end, or as it is where that can't be told. `needed`: bytes of its rows, 0 where nobody knows.

    `turned`: FillOrder 2, the lowest bit of each byte first.
    """
    plain = part.translate(TURNED) if turned else part
    if compression == PACKBITS:
        plain = _packed(plain, needed) if needed else plain
    elif len(plain) > 1:
        plain = plain[: _coded(plain, needed)]
    return plain.translate(TURNED) if turned else plain


def _packed(part: bytes, needed: int) -> bytes:
    at = 0
    while at + 1 < len(part):
        head = part[at]
        if head > 128:
            needed -= 257 - head
            at += 2
        elif head < 128:
            if head + 1 >= needed:
                return part[:at] + bytes((needed - 1,)) + part[at + 1 : at + 1 + needed]
            needed -= head + 1
            at += head + 2
        else:
            at += 1
        if needed <= 0:
            return part[:at]
    return part


def _coded(part: bytes, needed: int) -> int:
    """Bytes up to the end code, or up to the code that completes the rows where none follows; all of a broken strip."""
    # Before TIFF 6.0 codes stood with their lowest bit first, and became wider one code later.
    old = part[0] == 0 and part[1] & 1 == 1
    side, late = ("little", 1) if old else ("big", 0)
    whole = len(part) * 8
    lengths, before, width, at, made = [1] * _FIRST, -1, 9, 0, 0
    while at + width <= whole:
        code = _code(part, at, width, side)
        at += width
        if code == _END:
            return (at + 7) // 8
        if code == _CLEAR:
            del lengths[_FIRST:]
            before, width = -1, 9
            continue
        if code > len(lengths) or (before < 0 and code >= _CLEAR):
            return len(part)
        if before >= 0 and len(lengths) < _LAST:
            lengths.append(lengths[before] + 1)
        if code >= len(lengths):
            return len(part)
        made += lengths[code]
        before = code
        if width < 12 and len(lengths) >= (1 << width) - 1 + late:
            width += 1
        if needed and made >= needed:
            return _closed(part, at, width, side)
    return len(part)


def _closed(part: bytes, at: int, width: int, side: str) -> int:
    """Bytes up to the end code that follows at once, perhaps behind a clear code; else up to here."""
    behind = at
    for _ in range(2):
        if behind + width > len(part) * 8:
            break
        code = _code(part, behind, width, side)
        behind += width
        if code == _END:
            return (behind + 7) // 8
        if code != _CLEAR:
            break
        width = 9
    return (at + 7) // 8


def _code(part: bytes, at: int, width: int, side: str) -> int:
    first, shift = at >> 3, at & 7
    if side == "big":
        return int.from_bytes(part[first : first + 3].ljust(3, b"\0")) >> (24 - width - shift) & ((1 << width) - 1)
    return int.from_bytes(part[first : first + 3], "little") >> shift & ((1 << width) - 1)
