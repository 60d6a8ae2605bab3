"""What is noted beside a file, in extended attributes and alternate streams: where it came from, comments, tags, names.

Sources: freedesktop.org's CommonExtendedAttributes, Apple's Spotlight metadata attributes, Windows' Zone.Identifier
stream, which Samba and the Linux subsystem of Windows write in their own way.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

LONGEST = 4096
MAX_NOTES = 100
_FREEDESKTOP = ("user.xdg.", "user.dublincore.")
_NOTHING = frozenset(("user.xdg.robots.index", "user.xdg.robots.backup", "user.xdg.language"))
_APPLE = ("com.apple.metadata:kMDItem", "com.apple.metadata:_kMDItem")
_QUARANTINE = "com.apple.quarantine"
_ZONE = ":Zone.Identifier"
_ZONE_KEYS = ("HostUrl=", "ReferrerUrl=", "HostIpAddress=")
_ZONE_ATTRIBUTES = ("user.DosStream.Zone.Identifier:$DATA", "user.Zone.Identifier", "Zone.Identifier")
_ADDRESSES = ("origin", "referrer", "wherefroms", "hosturl", "referrerurl", "hostipaddress")
_PEOPLE = ("creator", "publisher", "contributor", "authors", "email.from", "email.sender", "email.to", "recipients")


def read(path: Path) -> dict[str, str]:
    """What is noted for a file, by the name of the note; empty where there is nothing."""
    found: dict[str, str] = {}
    for reader in (_attributes, _zone):
        try:
            found |= reader(path)
        except (OSError, ValueError):
            continue
    return found


def is_address(name: str) -> bool:
    """Whether a note of this name says where the file came from."""
    return any(part in name.casefold() for part in _ADDRESSES) and not is_person(name)


def is_person(name: str) -> bool:
    """Whether a note of this name names people."""
    return name.casefold().endswith(_PEOPLE)


def _attributes(path: Path) -> dict[str, str]:
    if not hasattr(os, "listxattr"):
        return {}
    found: dict[str, str] = {}
    for name in os.listxattr(path)[:MAX_NOTES]:
        plain = name.removeprefix("user.") if name.startswith("user.com.") else name
        if name.startswith(_FREEDESKTOP) and name not in _NOTHING:
            found[name] = os.getxattr(path, name)[:LONGEST].decode("utf-8", "replace")
        elif plain.startswith(_APPLE):
            found[name] = _listed(os.getxattr(path, name)[: 16 * LONGEST])
        elif plain == _QUARANTINE:  # flags; time; program; number of the download
            found[name] = os.getxattr(path, name)[:LONGEST].decode("utf-8", "replace").split(";", 2)[-1]
        elif name in _ZONE_ATTRIBUTES:
            found |= _zoned(os.getxattr(path, name)[:LONGEST].decode("utf-8", "replace"))
    return {name: value for name, value in found.items() if value.strip("\0 ;")}


def _listed(raw: bytes) -> str:
    """The texts of a property list; a plain text as it stands."""
    import plistlib

    try:
        rows = plistlib.loads(raw)
    except Exception:  # noqa: BLE001 - the XML parser below raises errors of its own for what is no property list
        return "" if raw.startswith(b"bplist") else raw.decode("utf-8", "replace")[:LONGEST]
    rows = rows if isinstance(rows, list) else [rows]
    # A tag has the number of its colour behind it.
    return " ".join(str(row).partition("\n")[0] for row in rows if row)[:LONGEST]


def _zone(path: Path) -> dict[str, str]:
    """The stream; elsewhere the file that Windows' Linux leaves beside a copy."""
    stream = Path(f"{path}{_ZONE}")
    if sys.platform != "win32" and not stream.is_file():
        return {}
    with stream.open(encoding="utf-8", errors="replace") as file:
        return _zoned(file.read(LONGEST))


def _zoned(text: str) -> dict[str, str]:
    return {key[:-1]: row.removeprefix(key) for row in text.splitlines() for key in _ZONE_KEYS if row.startswith(key)}
