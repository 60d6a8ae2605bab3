"""What passes between a conversation and whoever carries it: no byte is moved here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """To be sent: `target` is a path with its query, on the service's host."""

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whole; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unreached:
    """No reply, and why. `lost`: there was a connection, and it ended before anything came back on it."""

    why: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """To be waited."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """The conversation's end, and what came of it."""

    value: Any = field(repr=False)


Step = Request | Pause | Done
"""What a conversation wants next."""
Outcome = Reply | Unreached | None
"""What came of a step; None of a pause."""
