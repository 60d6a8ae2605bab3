"""Masking: enough of a value to recognise one's own, nothing with which a stranger could do harm.

What is shown is chosen by the meaning of a value's parts, never by its length, and is never a part that is personal or
secret. Each kind names its method in its card (`rules/kinds.toml`); a value that can't be taken apart shows nothing but
its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from photoscan.kind import Kind, Mask
from photoscan.masking import codes, links, names, numbers, places
from photoscan.masking.marks import HIDDEN, Parts, length, nothing, words

__all__ = ["HIDDEN", "METHODS", "mask", "visible"]

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
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but for the end of a line, what turns the direction of writing, and halves of characters."""


def visible(text: str) -> str:
    """The text with characters that would act on a terminal, or can't be written, as escapes: a photo's names and
    values come from strangers."""
    return _UNSEEN.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def on_one_line(text: str) -> str:
    """The same without ends of lines: a file's name may hold some."""
    return visible(text).replace("\n", "\\n")


def mask(kind: Kind, value: str, attributes: Mapping[str, Any] = MappingProxyType({})) -> str:
    """Hide what is personal in a value of that kind; a finding's `attributes` say which parts it has."""
    return METHODS[kind.mask](value, attributes)
