"""What a photo with a kept gain map may say: one map beside the picture, its numbers, and where it is. Nothing else.

For the proof: it shares no code with the stripper that writes this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from photoscan.metadata import Entry, Role

_NUMBER = r"-?\d{1,7}(\.\d{1,12})?(e[-+]\d{2,3})?"
_SAID = {
    "jpeg/xmp": {
        "hdrgm:Version": r"1\.0", "Item:Semantic": "Primary|GainMap", "Item:Mime": "image/jpeg",
        "Item:Length": r"\d{1,10}",
    },
    "jpeg/tail/jpeg/xmp": {
        "hdrgm:Version": r"1\.0", "hdrgm:BaseRenditionIsHDR": "True|False", "HDRGainMap:HDRGainMapVersion": r"\d{1,9}",
        "HDRGainMap:HDRGainMapHeadroom": _NUMBER,
        "apdi:AuxiliaryImageType": "urn:com:apple:photo:2020:aux:hdrgainmap",
        **dict.fromkeys(("hdrgm:GainMapMin", "hdrgm:GainMapMax", "hdrgm:Gamma", "hdrgm:OffsetSDR", "hdrgm:OffsetHDR",
                         "hdrgm:HDRCapacityMin", "hdrgm:HDRCapacityMax"), _NUMBER),
    },
}  # fmt: skip
"""By container and field: what the value has to be."""
_ISO = b"urn:iso:std:iso:ts:21496:-1\0"
_COUNTED = {"jpeg/APP2": len(_ISO) + 4, "jpeg/tail/jpeg/APP2": len(_ISO) + 5 + 16 + 3 * 40}
"""The longest that ISO 21496-1's segment is: of the picture a version, of the map the numbers for three colours."""
_TONE_MAP = 1 + 5 + 16 + 3 * 40
_INDEX = {"MPFVersion": 4, "NumberOfImages": 4, "MPImageList": 32}
"""Bytes of a multi-picture index of two pictures."""


def belongs(entry: Entry) -> bool:
    """Whether an entry is part of a gain map that stays, whatever file it is in."""
    if entry.container in _SAID:
        pattern = _SAID[entry.container].get(entry.field)
        return pattern is not None and re.fullmatch(pattern, entry.text) is not None
    if entry.container in _COUNTED:
        return entry.field == "GainMapMetadata" and entry.length <= _COUNTED[entry.container]
    if entry.container == "jpeg/mpf":
        return entry.length == _INDEX.get(entry.field)
    return is_map(entry)


def is_map(entry: Entry) -> bool:
    """Whether an entry is a gain map: behind a JPEG, or the item of a HEIC or AVIF that applies it."""
    if entry.container == "isobmff/item":
        return entry.about == "gain map for tone mapping" and entry.length <= _TONE_MAP
    return entry.container == "jpeg/tail" and entry.role is Role.IMAGE and entry.about.startswith("gain map")


def alone(entries: Iterable[Entry]) -> bool:
    """Whether there is at most one map."""
    return sum(map(is_map, entries)) <= 1
