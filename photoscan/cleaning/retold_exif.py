"""Values of EXIF written anew, each with the type that EXIF 3.0 (CIPA DC-008) gives its tag, big-endian."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from fractions import Fraction

from photoscan.metadata import Entry
from photoscan.stripping.tiff_directory import EXIF, GPS, Value, longs, size, written

MOST_NUMBERS = 8
MOST_BYTES = 4
_HEADER = b"MM\0*\0\0\0\x08"
ORIENTATION = 0x0112
_LARGEST = 0xFFFFFFFF


def encoded(entry: Entry, form: str) -> Value | None:
    """The value of an entry in a form of `rules/retold.toml`; None for what its field may not hold."""
    return _WAYS[form](entry)


def text(value: str) -> Value:
    """EXIF text with its closing NUL."""
    return Value(2, value.encode("utf-8") + b"\0")


def file(directories: Mapping[str, Mapping[int, Value]], packets: Mapping[int, Value] | None = None) -> bytes:
    """A big-endian TIFF structure of the directories 'image', 'exif' and 'gps'; orientation 1 is said, so that a
    stripper can turn it. `packets`: further tags of the first directory. Empty when there is nothing to say.
    """
    main = dict(directories.get("image", {})) | dict(packets or {})
    below = {number: dict(directories.get(name, {})) for number, name in ((EXIF, "exif"), (GPS, "gps"))}
    below = {number: tags for number, tags in below.items() if tags}
    if not main and not below:
        return b""
    main[ORIENTATION] = Value(3, b"\0\x01")
    if (plain := _by_piexif(main, below.get(EXIF, {}), below.get(GPS, {}))) is not None:
        return plain
    main |= {number: longs(">", 0) for number in below}
    at = len(_HEADER) + size(main)
    for number, tags in below.items():
        main[number] = longs(">", at)
        at += size(tags)
    out = [_HEADER, written(main, ">", len(_HEADER))]
    for tags in below.values():
        out.append(written(tags, ">", sum(map(len, out))))
    return b"".join(out)


def _by_piexif(*directories: Mapping[int, Value]) -> bytes | None:
    """The same by piexif, the common writer of EXIF; None for tags or types that are none of EXIF 2.3, its latest."""
    import piexif

    names = ("0th", "Exif", "GPS")
    known = [{tag: row["type"] for tag, row in piexif.TAGS[table].items()} for table in ("Image", "Exif", "GPS")]
    for tags, table in zip(directories, known, strict=True):
        if any(table.get(tag) != value.kind or value.kind not in _UNPACKED for tag, value in tags.items()):
            return None
    rows = [{tag: _unpacked(value) for tag, value in tags.items()} for tags in directories]
    return bytes(piexif.dump(dict(zip(names, rows, strict=True)))[6:])


_UNPACKED = {1: "B", 3: "H", 4: "I", 5: "I", 9: "i", 10: "i", 2: "", 7: ""}
"""Types of TIFF and how `struct` writes their numbers; none for text and bytes."""


def _unpacked(value: Value) -> object:
    """A value as piexif takes it: bytes, a number or several, pairs of numbers for fractions."""
    code = _UNPACKED[value.kind]
    if not code:
        # piexif closes texts itself; of even length so that what follows stays aligned.
        return value.raw if value.kind == 7 else value.raw[:-1] + bytes(len(value.raw) > 4 and len(value.raw) % 2)
    numbers = struct.unpack(f">{len(value.raw) // struct.calcsize(code)}{code}", value.raw)
    if value.kind in (5, 10):
        pairs = tuple(zip(numbers[::2], numbers[1::2], strict=True))
        return pairs if len(pairs) > 1 else pairs[0]
    return numbers if len(numbers) > 1 else numbers[0]


def _said(entry: Entry) -> str:
    """A text without control characters but ends of lines and tabs; empty for another value."""
    value = entry.text if isinstance(entry.value, str) else ""
    return value if all(c.isprintable() or c in "\n\r\t" for c in value) else ""


def _text(entry: Entry) -> Value | None:
    said = _said(entry)
    return text(said) if said else None


def _wide(entry: Entry) -> Value | None:
    said = _said(entry)
    return Value(1, said.encode("utf-16-le") + b"\0\0") if said else None


def _coded(entry: Entry) -> Value | None:
    said = _said(entry)
    if not said:
        return None
    if said.isascii():
        return Value(7, b"ASCII\0\0\0" + said.encode())
    return Value(7, b"UNICODE\0" + said.encode("utf-16-be"))


def _bytes(entry: Entry) -> Value | None:
    fine = isinstance(entry.value, bytes) and 0 < len(entry.value) <= MOST_BYTES
    return Value(7, entry.value) if fine and isinstance(entry.value, bytes) else None


def _numbers(entry: Entry) -> tuple[float, ...]:
    """The numbers of a value; none where there are too many, or it holds something else."""
    value = entry.value
    found = value if isinstance(value, tuple) else (value,) if isinstance(value, (int, float)) else ()
    fine = 0 < len(found) <= MOST_NUMBERS and all(math.isfinite(number) for number in found)
    return tuple(found) if fine else ()


def _whole(kind: int, sign: str, most: int) -> Callable[[Entry], Value | None]:
    """How whole numbers of a type are written."""

    def made(entry: Entry) -> Value | None:
        numbers = _numbers(entry)
        if not numbers or not all(0 <= n <= most and n == int(n) for n in numbers):
            return None
        return Value(kind, struct.pack(f">{len(numbers)}{sign}", *map(int, numbers)))

    return made


def _size(entry: Entry) -> Value | None:
    """A number of pixels, as short as may be."""
    return _WAYS["short"](entry) or _WAYS["long"](entry)


def _pairs(entry: Entry, sign: str) -> tuple[int, ...]:
    """Numerators and denominators as they stood in the file, whichever its byte order; else the nearest fractions."""
    clock = entry.field == "GPSTimeStamp" and isinstance(entry.value, str)
    numbers = _numbers(entry)
    for order in "><" if len(entry.raw) and len(entry.raw) % 8 == 0 else "":
        pairs = struct.unpack(f"{order}{len(entry.raw) // 4}{sign}", entry.raw)
        quotients = tuple(a / b if b else 0.0 for a, b in zip(pairs[::2], pairs[1::2], strict=True))
        if len(quotients) > MOST_NUMBERS:
            return ()
        if quotients == numbers or (clock and _clock(quotients) == entry.value):
            return pairs
    if clock:
        numbers = tuple(map(float, str(entry.value).rstrip("Z").split(":")))
    out: list[int] = []
    for number in numbers:
        fraction = Fraction(number).limit_denominator(1_000_000)
        out += [fraction.numerator, fraction.denominator]
    return tuple(out)


def _clock(numbers: tuple[float, ...]) -> str:
    return "{:02.0f}:{:02.0f}:{:02.0f}Z".format(*numbers) if len(numbers) == 3 else ""


def _rational(kind: int, sign: str, least: int, most: int) -> Callable[[Entry], Value | None]:
    """How fractions of a type are written."""

    def made(entry: Entry) -> Value | None:
        try:
            pairs = _pairs(entry, sign)
        except ValueError:
            return None
        if not pairs or not all(least <= number <= most for number in pairs):
            return None
        return Value(kind, struct.pack(f">{len(pairs)}{sign}", *pairs))

    return made


_WAYS: Mapping[str, Callable[[Entry], Value | None]] = {
    "text": _text,
    "wide": _wide,
    "coded": _coded,
    "bytes": _bytes,
    "byte": _whole(1, "B", 0xFF),
    "short": _whole(3, "H", 0xFFFF),
    "long": _whole(4, "I", _LARGEST),
    "size": _size,
    "rational": _rational(5, "I", 0, _LARGEST),
    "signed": _rational(10, "i", -(1 << 31), (1 << 31) - 1),
}
