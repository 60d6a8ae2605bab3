"""Which names in an SVG are the standard's, which values are mere numbers, and which ids somebody thought of."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from photoscan import shipped
from photoscan.patterns import pattern

TEXTS = frozenset(("text", "tspan", "textPath", "tref"))
"""Elements whose words are drawn (SVG 2, chapter 11)."""
OWN_PREFIXES = frozenset(("", "svg", "xlink", "xml", "xmlns"))
_SWITCH = pattern(r"[a-z][a-zA-Z0-9:_-]{0,31}")
_EDITORS = frozenset(("inkscape", "sodipodi", "sketch", "serif", "vectornator", "bx", "svgjs", "figma", "i", "a", ""))
"""Prefixes of what drawing programs note for themselves; of others a number may be a date or a place."""
_NAMING = frozenset(("label", "docname", "export-filename", "absref", "insensitive"))
_NUMBERS = pattern(
    r"(?:[+-]?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)?(?:px|pt|pc|mm|cm|in|em|ex|%|deg|m?s)?|#[0-9A-Fa-f]{3,8}"
    r"|\b(?:true|false|none|auto|all|normal|inherit|matrix|translate|rotate|scale|url|on|off|layer|bbox|nodes)\b"
    r"|\b[csz]{1,9999}\b|[MmZzLlHhVvCcSsQqTtAa](?![A-Za-z])|[\s,;:()|/@!+-])*+"
)
"""Never two ways to read the same digits: what is no number after all would be tried in all of them."""
_WORD = pattern(r"[A-Z][a-z]{2,}|[A-Z]{3,}|[a-z]{3,}")


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists = tomllib.loads(shipped.text("rules/svg.toml"))
    return {name: frozenset(words.split()) for name, words in lists.items()}


def drawing() -> frozenset[str]:
    """Attributes and properties that draw, by the standards."""
    return _lists()["attributes"] | _lists()["properties"]


def says_nothing(name: str) -> bool:
    """Whether an attribute without a namespace draws, or is one that every file may have."""
    return name in drawing() or name in _lists()["silent"]


def is_technical(prefix: str, name: str, value: str) -> bool:
    """Whether a value is nothing but numbers, colours, paths and switches; of editors' attributes, also a word."""
    if name in _NAMING or (prefix not in _EDITORS and prefix not in OWN_PREFIXES):
        return False
    switch = prefix in ("inkscape", "sodipodi") and _SWITCH.fullmatch(value)
    return bool(switch) or _NUMBERS.fullmatch(value) is not None


def thought_of(name: str) -> bool:
    """Whether somebody gave an id its name, as drawing programs take over names of layers: several words with capitals,
    or a mail address. Programs make theirs of a sort and a number."""
    plain = re.sub(r"_x([0-9A-Fa-f]{2,4})_", lambda match: chr(int(match[1], 16)), name)
    if re.search(r"[\w.]@\w+\.\w", plain):
        return True
    if re.fullmatch(r"[A-Za-z]+[\d._-]*\d[\w.-]{0,12}|[a-z]{2,4}[A-Z]\w*-\d+", plain):
        return False
    words, generic = _WORD.findall(plain), _lists()["layers"]
    named = [word for word in words if word[0].isupper() and word.casefold() not in generic]
    return len(named) >= 2 and len(named) * 2 > len(words)
