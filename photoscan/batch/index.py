"""What lies beside each part and says what it holds: whoever goes on reads these alone, never the reports.

A part is there once its index is. 57 bytes a row, in Base64: of which path, which version, which work, and how it went.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from photoscan.batch.summary import State

_VERSION = 1
_ROW = struct.Struct("16s8s32sB")
STATES: tuple[State, ...] = ("whole", "partial", "set_aside")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a part. `id` of its path, `mark` of the stamp that its photo had (empty: it is looked at again), `key`
    of the work."""

    id: bytes
    mark: bytes
    key: bytes
    state: State


@dataclass(frozen=True, slots=True)
class Index:
    """`size` and `digest` (SHA-256) of the JSON Lines; `sinks`: what else has it; `summary`: what it comes to, as
    `Summary.to_dict`."""

    fingerprint: str
    shard: str
    number: int
    size: int
    digest: str
    sinks: tuple[str, ...]
    summary: dict[str, Any]
    entries: tuple[Entry, ...]

    def to_bytes(self) -> bytes:
        """As JSON."""
        rows = b"".join(_ROW.pack(one.id, one.mark, one.key, STATES.index(one.state)) for one in self.entries)
        document = {
            "version": _VERSION,
            "fingerprint": self.fingerprint,
            "shard": self.shard,
            "number": self.number,
            "rows": len(self.entries),
            "bytes": self.size,
            "sha256": self.digest,
            "sinks": self.sinks,
            "summary": self.summary,
            "index": base64.b64encode(rows).decode(),
        }
        return json.dumps(document).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Index:
        """ValueError where it is none, such as one of which only a piece was written."""
        try:
            rows = json.loads(data)
            if rows["version"] != _VERSION:
                raise ValueError
            packed = base64.b64decode(rows["index"], validate=True)
            entries = [
                Entry(name, mark.rstrip(b"\0") and mark, key, STATES[state])
                for name, mark, key, state in _ROW.iter_unpack(packed)
            ]
            if len(entries) != rows["rows"]:
                raise ValueError
            return cls(
                str(rows["fingerprint"]), str(rows["shard"]), int(rows["number"]), int(rows["bytes"]),
                str(rows["sha256"]), tuple(rows["sinks"]), dict(rows["summary"]), tuple(entries),
            )  # fmt: skip
        except (KeyError, TypeError, IndexError, struct.error, ValueError):
            raise ValueError("no index") from None


def id_of(path: str) -> bytes:
    """What a path is known by."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).digest()[:16]


def mark_of(stamp: str) -> bytes:
    """What a stamp is known by; empty for an empty one."""
    return hashlib.sha256(stamp.encode("utf-8", "surrogatepass")).digest()[:8] if stamp else b""


def key_of(key: str) -> bytes:
    """A key in 32 bytes: those that it spells, or its hash where it is something else."""
    if len(key) == 64:
        try:
            return bytes.fromhex(key)
        except ValueError:
            pass
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def digest_of(data: bytes | Iterable[bytes]) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data if isinstance(data, bytes) else b"".join(data)).hexdigest()
