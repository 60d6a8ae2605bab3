"""Known values: one's own number plate or address, recognised without being written down.

A policy holds HMAC-SHA256 hashes; their key lies in a file of the user's own. Without the key a hash can't be tried
against the few million number plates there are.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sys
import unicodedata
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from photoscan.errors import UsageError, reason
from photoscan.kind import Kind
from photoscan.patterns import pattern

ENVIRONMENT = "PHOTOSCAN_KEY"
"""The environment variable that names the key's file."""
KEY_BYTES = 32
_DEGREES = pattern(r"-?\d+(?:\.\d+)?")
CELL = 0.001
"""Coordinates are compared in cells of this many degrees, about 110 m, and with the cells around."""


def key_file() -> Path:
    """Where the key lies: the user's own choice, else the user's configuration folder."""
    if chosen := os.environ.get(ENVIRONMENT):
        return Path(chosen)
    base = os.environ.get("APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME")
    try:
        return (Path(base) if base else Path.home() / ".config") / "photoscan" / "known.key"
    except RuntimeError:
        raise UsageError("problem.key.homeless", variable=ENVIRONMENT) from None


_carried: list[bytes] = []
"""The key that came here from another computer, if any: it lies on no disk of this one."""


def carry(secret: bytes) -> None:
    """Use a key that came from another computer, in this process, instead of the one of this computer."""
    _carried[:] = [secret]


def key() -> bytes:
    """The user's key; UsageError when there is none, or it isn't one."""
    if _carried:
        return _carried[0]
    path = key_file()
    try:
        found = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError):
        found = b""
    if len(found) != KEY_BYTES:
        raise UsageError("problem.key.missing", path=path, variable=ENVIRONMENT)
    return found


def make_key() -> bytes:
    """The user's key, made when there is none yet: readable by the user only."""
    path = key_file()
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as stream:
                stream.write(secrets.token_hex(KEY_BYTES) + "\n")
        except OSError as error:
            raise UsageError("problem.key.unwritable", path=path, why=reason(error)) from None
    return key()


def fingerprint(kind: Kind, value: str, secret: bytes) -> str:
    """The keyed hash of a value, in hex: spaces, dashes and capitals make no difference.

    UsageError for a value in which there is nothing to compare.
    """
    return _hash(kind, next(_forms(kind, value)), secret)


def matches(kind: Kind, value: str, known: set[str], secret: bytes) -> bool:
    """Whether a value read in a photo is one of those whose hashes are known."""
    try:
        return any(_hash(kind, form, secret) in known for form in _forms(kind, value))
    except UsageError:
        return False


def _hash(kind: Kind, form: str, secret: bytes) -> str:
    return hmac.new(secret, f"{kind.value}\0{form}".encode(), hashlib.sha256).hexdigest()


def _forms(kind: Kind, value: str) -> Iterator[str]:
    """What a value is compared by, its own form first; of coordinates the cells around as well."""
    if kind is Kind.METADATA_GPS:
        degrees = [float(part) for part in _DEGREES.findall(value)]
        if len(degrees) < 2:
            raise UsageError("problem.value.position")
        row, column = round(degrees[0] / CELL), round(degrees[1] / CELL)
        yield f"{row},{column}"
        for down, across in product((-1, 0, 1), repeat=2):
            yield f"{row + down},{column + across}"
        return
    form = "".join(c for c in unicodedata.normalize("NFKC", value).casefold() if c.isalnum())
    if not form:
        raise UsageError("problem.value.empty")
    yield form
