"""What a payload of no known form says, line by line: fields of JSON and XML get their names in front."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

DEEPEST = 8
"""Levels of JSON that are looked into."""
LONGEST = 8_000
"""Characters that are looked at: no symbology of today holds more (QR: 7,089 digits)."""
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)=(?:"([^"]*)"|'([^']*)')""")
_ELEMENT = re.compile(r"<([\w:.-]+)>([^<>]+)</")
_SIGNED = re.compile(r"[A-Za-z0-9+/_=-]{40,}")
"""A signature or a key: letters and digits by chance, of which some would pass for a number."""


def rows(text: str) -> tuple[str, ...]:
    """The lines of a payload. No text makes it raise."""
    text = text[:LONGEST]
    found = list(_json(text)) or list(_markup(text)) or re.split(r"[\n|]", _CONTROLS.sub("\n", text))
    return tuple(row for row in found if row.strip() and not _SIGNED.fullmatch(row.rpartition(": ")[2].strip()))


def _json(text: str) -> Iterator[str]:
    if not text.lstrip().startswith(("{", "[")):
        return
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from _leaves("", held, 0)


def _leaves(name: str, held: object, depth: int) -> Iterator[str]:
    if isinstance(held, dict) and depth < DEEPEST:
        for key, value in held.items():
            yield from _leaves(str(key), value, depth + 1)
    elif isinstance(held, list) and depth < DEEPEST:
        for value in held:
            yield from _leaves(name, value, depth + 1)
    elif isinstance(held, str | int) and not isinstance(held, bool):
        yield f"{name}: {_CONTROLS.sub(' ', str(held))}" if name else str(held)


def _markup(text: str) -> Iterator[str]:
    if not re.match(r"\s*<[\w?]", text):
        return
    for name, value, other in _ATTRIBUTE.findall(text):
        yield f"{name}: {value or other}"
    for name, value in _ELEMENT.findall(text):
        yield f"{name}: {value.strip()}"
