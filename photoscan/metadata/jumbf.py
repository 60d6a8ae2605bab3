"""JUMBF (ISO 19566-5) as C2PA uses it: a signed statement of where a picture comes from, which may name people."""

from __future__ import annotations

import json
import re
from typing import Any

from photoscan.metadata.block import Block
from photoscan.metadata.boxes import boxes
from photoscan.metadata.entry import Collector, Role
from photoscan.patterns import pattern

MAX_LEVELS = 8
MAX_JSON = 256 * 1024
_UUID = 16
_AUTHORED = pattern(r"name|author|creator|email|identifier|url|sameAs", re.IGNORECASE)
_LONGEST = 200


def read(block: Block, path: str, found: Collector) -> None:
    """The whole store as one part, with the labels in it; names in its readable assertions on their own."""
    labels: list[str] = []
    named: list[tuple[str, str, int, int]] = []
    _superbox(block.data, 0, len(block.data), 0, labels, named)
    kind = "C2PA" if any("c2pa" in label for label in labels) else "JUMBF"
    about = f"{kind}: {', '.join(dict.fromkeys(labels))}"[:_LONGEST] if labels else kind
    found.add(block, path, kind, block.data[:64], 0, None, Role.PROVENANCE, about)
    for field, value, start, end in named:
        found.add(block, path, f"c2pa:{field}", value, start, end)


def _superbox(data: bytes, start: int, end: int, level: int, labels: list[str],
              named: list[tuple[str, str, int, int]]) -> None:  # fmt: skip
    if level > MAX_LEVELS:
        return
    for box in boxes(data, start, end):
        if box.kind == b"jumb":
            _superbox(data, box.body, box.end, level + 1, labels, named)
        elif box.kind == b"jumd" and data[box.body + _UUID] & 2:
            label = data[box.body + _UUID + 1 : box.end].partition(b"\0")[0]
            labels.append(label.decode("utf-8", "replace")[:80])
        elif box.kind == b"json" and box.end - box.body <= MAX_JSON:
            try:
                tree = json.loads(data[box.body : box.end])
            except (ValueError, RecursionError):
                continue
            named += [(field, value, box.body, box.end) for field, value in _names(tree, "", 0)]


def _names(tree: Any, field: str, level: int) -> list[tuple[str, str]]:
    """Values of keys that name people, with the key."""
    if level > MAX_LEVELS:
        return []
    if isinstance(tree, dict):
        return [row for key, below in list(tree.items())[:100] for row in _names(below, str(key), level + 1)]
    if isinstance(tree, list):
        return [row for below in tree[:100] for row in _names(below, field, level + 1)]
    if isinstance(tree, str) and tree.strip() and not field.startswith("@") and _AUTHORED.search(field):
        return [(field, tree[:_LONGEST])]
    return []
