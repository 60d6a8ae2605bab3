"""ICC.1 profiles: colour is harmless, but a profile may name the very device."""

from __future__ import annotations

import struct

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.patterns import pattern

MAX_TAGS = 200
LONGEST = 1000
SHORTEST = 5
"""Letters that make a run of characters a word."""
_RUN = pattern(rb"(?:\0?[\x20-\x7e]){6,}")
_COMMON = (
    "srgb", "e-srgb", "scrgb", "adobe rgb", "adobergb", "display p3", "image p3", "dci p3", "p3", "prophoto", "romm",
    "apple rgb", "apple wide", "colormatch", "wide gamut", "widegamut", "eci", "gray", "grey", "sgray", "dot gain",
    "linear", "generic", "uncalibrated", "rec.", "rec709", "rec2020", "rec2100", "bt.", "itu-r", "hdtv", "sdtv",
    "ntsc", "pal/secam", "smpte", "c2", "swop", "u.s. ", "fogra", "coated", "uncoated", "iso coated", "iso uncoated",
    "iso newspaper", "web coated", "japan", "euroscale", "europe iso", "gracol", "pso", "ps coated", "cie", "lab",
    "acescg", "aces", "nikon", "canon", "gimp built-in", "krita", "artifex", "facebook", "google", "unknown", "xyz",
    "chromix", "camera rgb", "iec ", "kodak", "reference output medium", "reference viewing",
    "hewlett", "don rgb", "best rgb", "bruce rgb", "beta rgb", "beaurgb", "melissa", "ektaspace", "ekta space",
    "gamma", "perceptual", "perceptually", "relative", "uhd", "hlg", "pq",
)  # fmt: skip
"""Beginnings of the names of profiles that thousands share."""
_TEXTS = {
    b"desc": "ProfileDescription",
    b"dmnd": "DeviceMfgDesc",
    b"dmdd": "DeviceModelDesc",
    b"dscm": "LocalisedNames",
}
_PERSONAL = {b"mmod": "MakeAndModel", b"targ": "CharTarget", b"meta": "Metadata", b"psid": "ProfileSequenceIdentifier",
             b"pseq": "ProfileSequence", b"vued": "ViewingCondDesc"}  # fmt: skip
"""Tags in which calibration software writes the device's own serial number, or names."""


def read(block: Block, path: str, found: Collector) -> None:
    """What a profile says of one device: description, maker and ids, unless it is a profile that thousands share."""
    data = block.data
    if len(data) < 132 or data[36:40] != b"acsp":
        found.unknown(block, path, about="no colour profile")
        return
    (count,) = struct.unpack_from(">I", data, 128)
    rows = [
        struct.unpack_from(">4sII", data, at)
        for at in range(132, min(132 + 12 * min(count, MAX_TAGS), len(data) - 11), 12)
    ]
    end = max((at + size for _, at, size in rows), default=132)
    for tag, at, size in rows:
        content = data[at : at + min(size, 65_536)]
        if tag in _TEXTS:
            words = _words(content)
            if any(not word.lower().startswith(_COMMON) for word in words):
                found.add(block, path, _TEXTS[tag], "; ".join(words), at, at + size, Role.PROFILE)
        elif tag == b"mmod" and len(content) >= 20:
            maker, model, serial = content[8:12].strip(b"\0"), *struct.unpack_from(">II", content, 12)
            if serial:
                value = f"{maker.decode('latin-1')} {model:#x} {serial:#x}"
                found.add(block, path, _PERSONAL[tag], value, at, at + size, Role.PROFILE)
        elif tag in _PERSONAL:
            words = _runs(content[8:])
            if any(not word.lower().startswith(_COMMON) for word in words):
                found.add(block, path, _PERSONAL[tag], "; ".join(words)[:LONGEST], at, at + size, Role.PROFILE)
    found.unknown(block, path, "bytes behind the profile", min((max(end, 128) + 3) // 4 * 4, len(data)))


def _words(block: bytes) -> list[str]:
    """The texts of a description: one, or one a language."""
    if block[:4] == b"mluc" and len(block) >= 16:
        (count,) = struct.unpack_from(">I", block, 8)
        found = set()
        for record in range(16, min(16 + 12 * min(count, 100), len(block) - 11), 12):
            length, at = struct.unpack_from(">II", block, record + 4)
            found.add(block[at : at + length].decode("utf-16-be", "replace").strip("\0 "))
        return sorted(found - {""})
    if block[:4] == b"desc" and len(block) > 12:
        (length,) = struct.unpack_from(">I", block, 8)
        return [text for text in [block[12 : 12 + length].decode("latin-1").strip("\0 ")] if text]
    if block[:4] == b"text":
        return [text for text in [block[8:].decode("latin-1").strip("\0 ")] if text]
    return []


def _runs(content: bytes) -> list[str]:
    """Runs of printable characters, one or two bytes each, that are long enough to be words."""
    found = {match[0].replace(b"\0", b"").decode("latin-1").strip(" ,") for match in _RUN.finditer(content)}
    return sorted(word for word in found if sum(map(str.isalpha, word)) >= SHORTEST)
