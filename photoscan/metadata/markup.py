"""A scanner for XML: tags, attributes, text and comments with their places. No entity is ever expanded.

It is no parser on purpose: broken packets still tell what they hold, nothing outside is ever asked for, and time is
linear in the size whatever is fed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from photoscan.patterns import pattern

MAX_NODES = 200_000

_TAG = pattern(rb"<(/?)([A-Za-z_][\w.:-]{0,127}+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_ATTRIBUTE = pattern(rb"([A-Za-z_][\w.:-]{0,127}+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_CDATA = b"<![CDATA["
_ENTITIES = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&amp;", b"&"))
_NUMERIC = pattern(r"&#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));")


class Node(NamedTuple):
    """One thing in the markup. `kind`: 'open', 'close', 'attribute', 'text', 'comment' or 'declaration'.

    `name` is the element's or attribute's name as written; data[start:end] is the value (empty for tags).
    """

    kind: str
    name: str
    start: int
    end: int


def scan(data: bytes, most: int = MAX_NODES) -> Iterator[Node]:
    """Every node in order. A tag that closes itself gives 'open' and 'close'; attributes follow their 'open'.

    `most`: tags, texts and declarations that are looked at.
    """
    at, size = 0, len(data)
    for _ in range(most):
        start = data.find(b"<", at)
        stop = size if start < 0 else start
        if data[at:stop].strip():
            yield Node("text", "", at, stop)
        if start < 0:
            return
        if data.startswith(b"<!--", start):
            end = _end(data, b"-->", start + 4)
            yield Node("comment", "", start + 4, end)
            at = end + 3
        elif data.startswith(_CDATA, start):
            end = _end(data, b"]]>", start)
            yield Node("text", "", start + len(_CDATA), end)
            at = end + 3
        elif data[start + 1 : start + 2] in (b"?", b"!"):
            sign = b"?>" if data[start + 1 : start + 2] == b"?" else b">"
            end = _end(data, sign, start)
            yield Node("declaration", "", start, end)
            at = end + len(sign)
        else:
            match = _TAG.match(data, start)
            if match is None:
                at = start + 1
                continue
            at = match.end()
            name = match[2].decode("latin-1")
            if match[1]:
                yield Node("close", name, start, start)
                continue
            yield Node("open", name, start, start)
            for found in _ATTRIBUTE.finditer(data, match.start(3), match.end(3)):
                part = 2 if found[2] is not None else 3
                yield Node("attribute", found[1].decode("latin-1"), found.start(part), found.end(part))
            if match[3].endswith(b"/"):
                yield Node("close", name, at, at)


def decoded(raw: bytes) -> str:
    """A value as text: UTF-8 (Latin-1 where it is none), the five named entities and numbered characters resolved."""
    if b"&" in raw:
        for entity, sign in _ENTITIES:
            raw = raw.replace(entity, sign)
    try:
        text = raw.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        cut = len(raw) > 1000 and error.start >= len(raw) - 3  # in the middle of a character, at a limit
        text = raw.decode("utf-8" if cut else "latin-1", "replace").strip()
    return _NUMERIC.sub(_character, text) if "&#" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if 32 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


def _end(data: bytes, sign: bytes, at: int) -> int:
    end = data.find(sign, at)
    return len(data) if end < 0 else end
