"""API keys: who may use the service. The file holds names and hashes; a key itself is shown once, when it is made.

Keys are 256 random bits, so that a plain SHA-256 can't be turned back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from photoscan.addresses import refuse_address
from photoscan.errors import NotReadableError, UsageError, reason
from photoscan.files import write_atomically

VERSION = 1
PREFIX = "photoscan_"
"""Makes keys easy to find for programs that look for secrets in code."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_HASH = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger("photoscan.service")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key: who has it, its SHA-256 in hex, and the day on which it was made."""

    name: str
    sha256: str
    made: str


def read(file: Path) -> tuple[ApiKey, ...]:
    """The keys in a file. Raises NotReadableError, or UsageError when it is no such file."""
    refuse_address(file)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise NotReadableError("problem.unreadable", path=file, why=reason(error)) from None
    try:
        rows = json.loads(data)
        keys = tuple(ApiKey(row["name"], row["sha256"], row["made"]) for row in rows["keys"])
        sound = all(_NAME.fullmatch(key.name) and _HASH.fullmatch(key.sha256) for key in keys)
        if rows["version"] != VERSION or not sound or len({key.name for key in keys}) != len(keys):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError("problem.serve.keys.file", path=file) from None
    return keys


def add(file: Path, name: str) -> str:
    """Make a key for a name and note its hash in the file; the key. UsageError for a name that is taken or can't be."""
    if not _NAME.fullmatch(name):
        raise UsageError("problem.serve.keys.name")
    keys = read(file) if file.exists() else ()
    if any(key.name == name for key in keys):
        raise UsageError("problem.serve.keys.taken", path=file, name=name)
    key = PREFIX + secrets.token_urlsafe(32)
    _write(file, (*keys, ApiKey(name, _hash(key), datetime.now(UTC).date().isoformat())))
    return key


def remove(file: Path, name: str) -> None:
    """Take a key back; UsageError when there is none of that name."""
    keys = read(file)
    left = tuple(key for key in keys if key.name != name)
    if len(left) == len(keys):
        raise UsageError("problem.serve.keys.unknown", path=file, name=name)
    _write(file, left)


class Keys:
    """The keys of a running service, read anew when the file changes: adding and taking back need no restart."""

    def __init__(self, file: Path) -> None:
        """Raises as `read`, and UsageError when there is no key in the file."""
        self.file = file
        # Looked at before it is read: a change in between is then seen as one.
        self._seen = self._state()
        self.keys = read(file)
        if not self.keys:
            raise UsageError("problem.serve.keys.empty", path=file)

    def owner(self, presented: str) -> str | None:
        """The name of the one whose key this is, None for no key; takes the same time for every wrong key."""
        self._refresh()
        given = _hash(presented)
        found = None
        for key in self.keys:
            if hmac.compare_digest(key.sha256, given):
                found = key.name
        return found

    def _refresh(self) -> None:
        state = self._state()
        if state == self._seen:
            return
        self._seen = state
        try:
            self.keys = read(self.file)
        except (NotReadableError, UsageError):
            # The service goes on with what it knows: a slip while editing must not lock everybody out.
            _log.warning("event=keys_unreadable")

    def _state(self) -> tuple[int, int, int] | None:
        try:
            status = self.file.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _write(file: Path, keys: tuple[ApiKey, ...]) -> None:
    rows = [{"name": key.name, "sha256": key.sha256, "made": key.made} for key in keys]
    write_atomically(file, (json.dumps({"version": VERSION, "keys": rows}, indent=2) + "\n").encode(), 0o600)
