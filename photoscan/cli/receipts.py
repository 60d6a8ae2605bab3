"""The file of receipts that `clean` writes: where it may lie, and what it takes over from the run before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from photoscan.catalog import text
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import Receipt
from photoscan.cli.copies import Copies
from photoscan.cli.paths import aside
from photoscan.patterns import pattern

_HASH = pattern(r"\b[0-9a-f]{64}\b")
"""What stands in every receipt."""


def written(path: Path, receipts: Sequence[Receipt], kept: Sequence[tuple[str, str]], language: str) -> str:
    """All receipts as text of that file; those of copies that an earlier run made are taken over from it.

    `kept`: the hashes of their photos and of the copies. A run that was killed has left none: then the user is told.
    """
    plain = path.suffix == ".txt"
    earlier = _texts(path, kept) if plain else _rows(path, kept)
    if missing := max(0, len(kept) - len(earlier)):
        aside(text("cli.clean.no_receipt", language, count=missing, path=path))
    if plain:
        return "\n\n".join([*earlier, *(receipt.text(language) for receipt in receipts)]) + "\n"
    rows = [receipt.to_dict(language) for receipt in receipts]
    return json.dumps([*earlier, *rows], indent=2, ensure_ascii=False) + "\n"


def place_for(receipt: Path, copies: Copies, overwrite: bool) -> None:
    """RefusedError where receipts can't go, before any copy is made: what is no file of receipts is not replaced."""
    copies.reserve(receipt)
    if not receipt.parent.is_dir():
        raise RefusedError("receipt_folder", path=receipt)
    if (receipt.exists() or receipt.is_symlink()) and not overwrite and not _holds_receipts(receipt):
        raise RefusedError("exists", path=receipt)


def _holds_receipts(path: Path) -> bool:
    """Whether a file holds receipts and nothing else."""
    try:
        written = path.read_text("utf-8")
        if path.suffix == ".txt":
            return all(_HASH.search(part) for part in written.strip().split("\n\n") if part)
        rows = json.loads(written)
        return isinstance(rows, list) and all("receipt_version" in row for row in rows)
    except (OSError, ValueError, TypeError):
        return False


def _rows(path: Path, kept: Sequence[tuple[str, str]]) -> list[Any]:
    """Receipts in a file for sources and copies with these hashes; none where it is no file of receipts."""
    try:
        rows = json.loads(path.read_text("utf-8")) if kept else []
        return [row for row in rows if (row["source"]["sha256"], row["output"]["sha256"]) in kept]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _texts(path: Path, kept: Sequence[tuple[str, str]]) -> list[str]:
    """The same of receipts as text."""
    try:
        written = path.read_text("utf-8").strip().split("\n\n") if kept else []
    except (OSError, ValueError):
        return []
    return [receipt for receipt in written if any(source in receipt and copy in receipt for source, copy in kept)]
