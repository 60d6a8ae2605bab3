"""Values out of maker notes: of a tag in a directory, or at a fixed place of a record.

A wrong offset must not make a statement of bytes that mean something else: text has to be printable throughout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from photoscan.metadata.entry import Collector
from photoscan.metadata.ifd import TEXTS, Structure, Tag
from photoscan.metadata.maker_tags import TOWNS, Form, Record, Value

LONGEST = 4096
"""Bytes of one value that are looked at."""
SHORTEST = 2
"""Characters of a text: one alone is what bytes of anything look like."""
LONGEST_SERIAL = 80
"""Characters of a serial number."""


def tell(structure: Structure, tag: Tag, label: str | tuple[Record, ...], model: str, path: str) -> None:
    """What one tag says, under its name and in its form, or by the record in it that fits the camera."""
    found = structure.found
    if isinstance(label, tuple):
        name = "InternalSerialNumber" if tag.number == 0x96 else ""
        if record(structure, tag.start, tag.end, label, model, path, found) or not name or tag.kind not in TEXTS:
            return
        label = name
    name, _, form = label.partition("|")
    if form == Form.FACES:
        _panasonic_faces(structure, tag, path)
        return
    if form == Form.FUJI_FACES:
        _fuji_faces(structure, tag, path)
        return
    value = _shown(structure, tag, form, model)
    if value is not None and _means(name, value):
        found.add(structure.block, path, name, value, tag.start, tag.end)


def _shown(structure: Structure, tag: Tag, form: str, model: str) -> str | int | float | None:
    raw = structure.data[tag.start : min(tag.end, tag.start + LONGEST)]
    if form == Form.HEX:
        return raw[:64].hex() if raw.strip(b"\0\xff") else None
    if form == Form.SERIAL:
        return text(raw) or (raw[:64].hex() if raw.strip(b"\0\xff") else None)
    if tag.kind in TEXTS or tag.kind in (1, 7):
        shown = text(raw)
        if shown and form == Form.SWAPPED and len(shown) == 8 and shown.isdigit():
            return "".join(shown[at : at + 2] for at in (6, 4, 2, 0))
        return shown
    numbers = structure.numbers(tag)
    if form == Form.FIFTH:
        return str(int(numbers[4])) if len(numbers) > 4 else None
    if form == Form.LENS:
        return _lens(numbers) if len(numbers) == 4 else None
    if len(numbers) > 1:
        return None
    number = int(numbers[0]) if numbers else 0
    if form == Form.TOWN:
        return TOWNS[number] if 0 <= number < len(TOWNS) else None
    if form == Form.CANON:
        return _canon(number, model)
    return f"{number:07d}" if form == Form.SEVEN else number


def _lens(numbers: Sequence[float]) -> str | None:
    """'18-70mm f/3.5-4.5' of shortest and longest focal length and the largest aperture at each."""
    near, far, open_near, open_far = numbers
    if not (near and open_near):
        return None
    lengths = f"{near:g}" if near == far else f"{near:g}-{far:g}"
    apertures = f"{open_near:g}" if open_near == open_far else f"{open_near:g}-{open_far:g}"
    return f"{lengths}mm f/{apertures}"


def _canon(number: int, model: str) -> str:
    """As the camera shows it: hexadecimal in front on the D30, of six digits and more on the first 1D (ExifTool)."""
    if re.search(r"EOS D30\b", model):
        return f"{number >> 16:04x}{number & 0xFFFF:05d}"
    return f"{number:06d}" if "EOS-1D" in model else f"{number:010d}"


def _means(name: str, value: str | int | float) -> bool:
    """Whether it is more than filling: zeros, blanks, dashes."""
    words = str(value)
    if "Serial" in name and len(words) > LONGEST_SERIAL:
        return False
    return bool(words.strip("0 .-*_?xX\0"))


def text(raw: bytes) -> str | None:
    """Text up to the first NUL, in UTF-8 or Latin-1; None where it isn't printable throughout, or there is none."""
    raw = raw.partition(b"\0")[0].strip(b" \t\r\n\xff")
    try:
        words = raw.decode("utf-8")
    except UnicodeDecodeError:
        words = raw.decode("latin-1")
        if 2 * sum(c.isascii() for c in words) < len(words):  # bytes of something else
            return None
    words = words.strip()
    if len(words) < SHORTEST or not any(c.isalnum() for c in words):
        return None
    return words if all(c.isprintable() or c in "\t\r\n" for c in words) else None


def fits(record: Record, data: bytes, model: str) -> bool:
    """Whether a record is of this camera and these bytes."""
    if record.models and not re.search(record.models, model):
        return False
    if record.not_models and re.search(record.not_models, model):
        return False
    return not record.sign or re.match(record.sign, data) is not None


def record(
    structure: Structure, start: int, end: int, records: Sequence[Record], model: str, path: str, found: Collector
) -> bool:
    """What the record says that fits the camera; whether there was anything to tell."""
    data = structure.data[start : min(end, start + (1 << 16))]
    one = next((one for one in records if fits(one, data, model)), None)
    if one is None:
        return False
    if one.enciphered:
        data = data.translate(_sony())
    told = False
    for value in one.values:
        words = _at(data, value)
        if words and _means(value.name, words):
            place = start + value.at
            found.add(structure.block, path, value.name, words, place, min(end, place + value.size))
            told = True
    return told


def _at(data: bytes, value: Value) -> str | None:
    raw = data[value.at : value.at + value.size]
    if value.form == Form.HEX:
        return raw.hex() if len(raw) == value.size and raw.strip(b"\0\xff") else None
    if value.form == "wide" or (value.form == "nikon" and data[4:5] == b"\2"):
        coding = "utf-16-le" if value.form == "wide" else "utf-16-be"
        return text(raw[: len(raw) & ~1].decode(coding, "replace").partition("\0")[0].encode())
    words = text(raw)
    if words and value.form == "behind-colon":
        label, _, words = words.partition(":")
        return words.strip() if "SERIAL" in label.upper() else None
    return words


@cache
def _sony() -> bytes:
    """What each byte of Sony's enciphered blocks stands for: b to b^3 modulo 249 there, from 249 on itself."""
    clear = bytearray(range(256))
    for byte in range(249):
        clear[pow(byte, 3, 249)] = byte
    return bytes(clear)


def _panasonic_faces(structure: Structure, tag: Tag, path: str) -> None:
    """Panasonic's recognised faces: three records of name (20 bytes), position and age (20 bytes)."""
    for at in range(tag.start + 4, min(tag.end, tag.start + 4 + 3 * 48) - 19, 48):
        if name := text(structure.data[at : at + 20]):
            structure.found.add(structure.block, path, "RecognizedFaceName", name, at, at + 20)


def _fuji_faces(structure: Structure, tag: Tag, path: str) -> None:
    """Fujifilm's: place and length of up to eight records, each with the place and length of a name and a birthday."""
    for row in range(tag.start, min(tag.end, tag.start + 64) - 7, 8):
        start, length = structure.unpack("II", row)
        if length < 62 or start + length > tag.end - tag.start:
            return
        for name, at in (("RecognizedFaceName", 30), ("BirthDate", 54)):
            size, place = structure.unpack("II", tag.start + start + at)
            words = text(structure.data[tag.start + place : tag.start + place + min(size, 100)])
            if words and place + size <= tag.end - tag.start and words.strip("0"):
                place += tag.start
                structure.found.add(structure.block, path, name, words, place, place + size)
