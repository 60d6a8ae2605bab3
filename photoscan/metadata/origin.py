"""Where a file came from, as browsers note it beside the file: extended attributes and alternate streams."""

from __future__ import annotations

import os
import sys
from pathlib import Path

LONGEST = 4096
_FREEDESKTOP = ("user.xdg.origin.url", "user.xdg.referrer.url")
_APPLE = "com.apple.metadata:kMDItemWhereFroms"
_ZONE = ":Zone.Identifier"
_ZONE_KEYS = ("HostUrl=", "ReferrerUrl=")


def read(path: Path) -> dict[str, str]:
    """The addresses that are noted for a file, by the name of the note; empty where there are none.

    Sources: freedesktop.org's CommonExtendedAttributes, Apple's kMDItemWhereFroms, Windows' Zone.Identifier stream.
    """
    try:
        return _zone(path) if sys.platform == "win32" else _attributes(path)
    except (OSError, ValueError):
        return {}


def _attributes(path: Path) -> dict[str, str]:
    if not hasattr(os, "listxattr"):
        return {}
    found: dict[str, str] = {}
    for name in os.listxattr(path):
        if name in _FREEDESKTOP:
            found[name] = os.getxattr(path, name)[:LONGEST].decode("utf-8", "replace")
        elif name.removeprefix("user.") == _APPLE:
            found[name] = _addresses(os.getxattr(path, name)[: 16 * LONGEST])
    return {name: value for name, value in found.items() if value.strip()}


def _addresses(raw: bytes) -> str:
    import plistlib

    try:
        rows = plistlib.loads(raw)
    except (plistlib.InvalidFileException, ValueError, RecursionError):
        return ""
    return " ".join(str(row) for row in rows if row)[:LONGEST] if isinstance(rows, list) else ""


def _zone(path: Path) -> dict[str, str]:
    rows = Path(f"{path}{_ZONE}").read_text("utf-8", "replace")[:LONGEST].splitlines()
    return {key[:-1]: row.removeprefix(key) for row in rows for key in _ZONE_KEYS if row.startswith(key)}
