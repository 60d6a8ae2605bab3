"""Writes into the schema of policies what it takes from tables: styles of hiding, and what of a file can stay and go.

Run it after a row was added: python scripts/write_schema.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from photoscan import groups
from photoscan.brushes import STYLES
from photoscan.container import KEEPABLE

SCHEMA = Path(__file__).parent.parent / "photoscan/schema/policy-v1.json"


def written(text: str) -> str:
    """The schema with the tables' words; ValueError where one of them has no place in it."""
    for pattern, words in (
        (r'("style": \{"enum": )\[.*?\]', STYLES),
        (r'("items": \{"enum": )\["icc".*?\]', (*KEEPABLE, *groups.words())),
        (r'("items": \{"enum": )\["gps".*?\]', groups.words()),
    ):
        text, count = re.subn(pattern, lambda match, words=words: match[1] + json.dumps(words), text)  # type: ignore[misc]
        if count != 1:
            raise ValueError(f"{pattern} stands {count} times in the schema")
    return text


if __name__ == "__main__":
    SCHEMA.write_text(written(SCHEMA.read_text("utf-8")), "utf-8")
