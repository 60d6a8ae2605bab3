"""Masking: enough of a value to recognise one's own, nothing with which a stranger could do harm.

What is shown is chosen by the meaning of a value's parts, never by its length, and is never a part that is personal or
secret. Each kind names its method in its row of `rules/kinds.toml`; a value that can't be taken apart shows nothing but
its length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from photoscan.kind import Kind
from photoscan.masking import codes, links, names, numbers, places
from photoscan.masking.marks import HIDDEN, Parts, length, nothing, words

__all__ = ["HIDDEN", "METHODS", "mask", "method"]

METHODS: Mapping[str, Callable[[str, Parts], str]] = MappingProxyType(
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
"""What a kind's card of data may name."""


def mask(kind: Kind, value: str, attributes: Mapping[str, Any] = MappingProxyType({})) -> str:
    """Hide what is personal in a value of that kind; a finding's `attributes` say which parts it has."""
    return _methods()[kind](value, attributes)


def method(kind: Kind, name: str) -> Callable[[str, Parts], str]:
    """The method of a name; ValueError with the kind that asks for it where there is none."""
    if name not in METHODS:
        raise ValueError(f"rules/kinds.toml: {kind.value} is to be masked by '{name}', which is no method")
    return METHODS[name]


@cache
def _methods() -> dict[Kind, Callable[[str, Parts], str]]:
    return {kind: method(kind, kind.mask) for kind in Kind}
