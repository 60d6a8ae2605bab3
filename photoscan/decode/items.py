"""HEIF files (ISO 23008-12) in which another item is the primary one, so that a decoder shows it."""

from __future__ import annotations

_HEAD = 4096
"""Bytes within which a file names its primary item: the box stands among the first of `meta`."""


def primary_is(data: bytes, number: int) -> bytes:
    """A copy of the file whose primary item has that number; ValueError where it names none."""
    at = data.find(b"pitm", 0, _HEAD)
    if at < 0:
        raise ValueError("no primary item")
    wide = 4 if data[at + 4] else 2
    start = at + 8
    return data[:start] + number.to_bytes(wide, "big") + data[start + wide :]
