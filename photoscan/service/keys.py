"""API keys: who may use the service, for what, and how much. The file holds names and hashes; a key itself is shown
once, when it is made.

Keys are 256 random bits, so that a plain SHA-256 can't be turned back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from photoscan.addresses import refuse_address
from photoscan.errors import NotReadableError, UsageError, reason
from photoscan.files import write_atomically

VERSION = 2
"""2 added scopes and quotas; a file of version 1 is read as one whose keys have the usual ones."""
PREFIX = "photoscan_"
"""Makes keys easy to find for programs that look for secrets in code."""
SCOPES = ("check", "clean", "metrics")
"""What a key may be good for: decisions on photos and texts, safe copies, the service's counts."""
USUAL = ("check", "clean")
"""The scopes of a key of which nothing else is said."""
MOST = 1_000_000
"""The largest quota; `SHARES` the largest share."""
SHARES = 1000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_HASH = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger("photoscan.service")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key: who has it, its SHA-256 in hex, and the day on which it was made.

    `scopes`: what it is good for, of SCOPES. `per_minute`: photos and texts in any minute, `at_once`: requests at a
    time, each None for no bound. `share`: how much of a full service it may have, against the shares of others.
    """

    name: str
    sha256: str
    made: str
    scopes: tuple[str, ...] = USUAL
    per_minute: int | None = None
    at_once: int | None = None
    share: int = 1

    @property
    def is_sound(self) -> bool:
        """Whether all of it can be."""
        return (
            all(isinstance(text, str) for text in (self.name, self.sha256, self.made))
            and _NAME.fullmatch(self.name) is not None
            and _HASH.fullmatch(self.sha256) is not None
            and bool(self.scopes)
            and set(self.scopes) <= set(SCOPES)
            and all(bound is None or _is_count(bound, MOST) for bound in (self.per_minute, self.at_once))
            and _is_count(self.share, SHARES)
        )


def _is_count(value: Any, most: int) -> bool:
    return type(value) is int and 1 <= value <= most


def read(file: Path) -> tuple[ApiKey, ...]:
    """The keys in a file. Raises NotReadableError, or UsageError when it is no such file."""
    refuse_address(file)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise NotReadableError("problem.unreadable", path=file, why=reason(error)) from None
    try:
        rows = json.loads(data)
        version = rows["version"]
        if version not in (1, VERSION):
            raise ValueError
        keys = tuple(_key(row, version) for row in rows["keys"])
        if not all(key.is_sound for key in keys) or len({key.name for key in keys}) != len(keys):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError("problem.serve.keys.file", path=file) from None
    return keys


def _key(row: Mapping[str, Any], version: int) -> ApiKey:
    key = ApiKey(row["name"], row["sha256"], row["made"])
    if version == 1:
        return key
    # A list and nothing else: of a text each letter would be taken for a scope.
    if not isinstance(row["scopes"], list):
        raise ValueError
    return replace(
        key,
        scopes=tuple(row["scopes"]),
        per_minute=row["per_minute"],
        at_once=row["at_once"],
        share=row["share"],
    )


def add(file: Path, name: str, scopes: Collection[str] = USUAL, **bounds: Any) -> str:
    """Make a key for a name and note its hash in the file; the key. UsageError for a name that is taken or can't be.

    `bounds`: by the names of `ApiKey`.
    """
    if not _NAME.fullmatch(name):
        raise UsageError("problem.serve.keys.name")
    keys = read(file) if file.exists() else ()
    if any(key.name == name for key in keys):
        raise UsageError("problem.serve.keys.taken", path=file, name=name)
    key = PREFIX + secrets.token_urlsafe(32)
    made = ApiKey(name, _hash(key), datetime.now(UTC).date().isoformat(), _in_order(scopes))
    _write(file, (*keys, replace(made, **bounds)))
    return key


def change(file: Path, name: str, **changes: Any) -> ApiKey:
    """Change what a key is good for, by the names of `ApiKey`; what it is then. UsageError when there is none."""
    keys = read(file)
    if all(key.name != name for key in keys):
        raise UsageError("problem.serve.keys.unknown", path=file, name=name)
    if "scopes" in changes:
        changes["scopes"] = _in_order(changes["scopes"])
    after = tuple(replace(key, **changes) if key.name == name else key for key in keys)
    _write(file, after)
    return next(key for key in after if key.name == name)


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

    def find(self, presented: str) -> ApiKey | None:
        """The key that was presented, None for no key; takes the same time for every wrong key."""
        self._refresh()
        given = _hash(presented)
        found = None
        for key in self.keys:
            if hmac.compare_digest(key.sha256, given):
                found = key
        return found

    def shares(self) -> dict[str, int]:
        """How much of a full service each key may have, by its name."""
        return {key.name: key.share for key in self.keys}

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


def _in_order(scopes: Collection[str]) -> tuple[str, ...]:
    return tuple(scope for scope in SCOPES if scope in scopes)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _write(file: Path, keys: tuple[ApiKey, ...]) -> None:
    rows = [
        {
            "name": key.name,
            "sha256": key.sha256,
            "made": key.made,
            "scopes": list(key.scopes),
            "per_minute": key.per_minute,
            "at_once": key.at_once,
            "share": key.share,
        }
        for key in keys
    ]
    write_atomically(file, (json.dumps({"version": VERSION, "keys": rows}, indent=2) + "\n").encode(), 0o600)
