"""Masking: enough of a value to recognise one's own, nothing with which a stranger could do harm.

What is shown is chosen by the meaning of a value's parts, never by its length, and is never a part that is personal or
secret. Each kind names its method in its card (`rules/kinds.toml`); a value that can't be taken apart shows nothing but
its length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from photoscan.kind import Kind, Mask
from photoscan.masking import codes, harmless, links, names, numbers, places
from photoscan.masking.marks import HIDDEN, Parts, length, nothing, words

__all__ = ["HIDDEN", "METHODS", "mask"]

METHODS: Mapping[Mask, Callable[[str, Parts], str]] = MappingProxyType(
    {
        "nothing": nothing,
        "length": length,
        "words": words,
        "initials": names.initials,
        "device": names.device,
        "software": names.software,
        "profile": names.profile,
        "mail": links.mail,
        "link": links.link,
        "code": codes.code,
        "town": places.town,
        "coordinates": places.coordinates,
        "month": numbers.month,
        "phone": numbers.phone,
        "card": numbers.card,
        "account": numbers.account,
    }
)
"""What a kind's card may name."""


def mask(kind: Kind, value: str, attributes: Mapping[str, Any] = MappingProxyType({})) -> str:
    """Hide what is personal in a value of that kind; a finding's `attributes` say which parts it has.

    What thousands of files say alike hides nobody, and is shown.
    """
    if kind.within("metadata") and harmless.says(kind, value):
        return value
    return METHODS[kind.mask](value, attributes)
