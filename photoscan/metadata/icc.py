# ruff: noqa: E501 - tables
"""ICC.1 profiles: colour is harmless, but a profile may name the very device."""

from __future__ import annotations

import struct

from photoscan.metadata.entry import Collector, Role

MAX_TAGS = 200
_COMMON = ("srgb", "adobe rgb", "adobergb", "display p3", "prophoto", "gray", "grey", "dot gain", "rec.", "rec2020", "bt.",
           "c2",            "apple rgb", "colormatch", "uncalibrated", "linear", "p3", "swop", "fogra", "e-srgb", "scrgb", "nikon",
           "generic")  # fmt: skip
"""Beginnings of the names of profiles that thousands share."""


def read(profile: bytes, container: str, offset: int, found: Collector) -> None:
    """The profile's description, maker and copyright where they are not those of a common profile."""
    if len(profile) < 132:
        return
    (count,) = struct.unpack_from(">I", profile, 128)
    for i in range(min(count, MAX_TAGS)):
        if 144 + 12 * i > len(profile):
            return
        tag, at, size = struct.unpack_from(">4sII", profile, 132 + 12 * i)
        if tag in (b"desc", b"dmdd", b"dmnd") and at + size <= len(profile):
            text = _text(profile[at : at + size])
            if text and not text.lower().startswith(_COMMON):
                found.add(container, "ProfileDescription" if tag == b"desc" else tag.decode(), text, offset + at, size,
                          Role.PROFILE)  # fmt: skip


def _text(block: bytes) -> str:
    if block[:4] == b"mluc" and len(block) >= 28:
        length, at = struct.unpack_from(">II", block, 20)
        return block[at : at + length].decode("utf-16-be", "replace").strip("\0 ")
    if block[:4] == b"desc" and len(block) > 12:
        (length,) = struct.unpack_from(">I", block, 8)
        return block[12 : 12 + length].decode("latin-1").strip("\0 ")
    return ""
