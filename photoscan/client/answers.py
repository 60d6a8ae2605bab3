"""What a service answers, as a program wants it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Album:
    """What the service decided about several photos: the gravest decision; a row for each photo; and what they say
    together."""

    decision: str
    policy: dict[str, str]
    photos: list[dict[str, Any]] = field(repr=False)
    together: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A copy that is safe to share, its media type, and its receipt; `preview`: a small JPEG of it, from a check.

    `decision`: what the policy says of the copy itself, which may show what it does not hide; None where nobody looked
    at its picture, or from a service that does not tell.
    """

    data: bytes = field(repr=False)
    media_type: str
    receipt: dict[str, Any] = field(repr=False)
    preview: bytes | None = field(default=None, repr=False)
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What the service decided: 'allow', 'review', 'block' or 'incomplete'; why; and the report (schema 1.0).

    `notices`: questions to the photo's owner, which decide nothing; empty from a service that knows none. `tier`: how
    far a look in steps went. `kinds`, `copy` and `no_copy` where a copy was asked for: words for each kind that was
    found (title, why, do), the safe copy where one is needed, or why there can be none.
    """

    decision: str
    reasons: list[dict[str, Any]]
    policy: dict[str, str]
    report: dict[str, Any] = field(repr=False)
    notices: list[dict[str, Any]] = field(default_factory=list)
    tier: str | None = None
    kinds: dict[str, dict[str, str]] = field(default_factory=dict)
    copy: Cleaned | None = None
    no_copy: str | None = None


@dataclass(frozen=True, slots=True)
class Gated:
    """Whether a photo may pass, by what decision, and, where it may not, the check that says why."""

    passes: bool
    decision: str
    check: Check | None = None


def checked(row: Mapping[str, Any]) -> Check:
    """A check from its document. This and the others raise KeyError, TypeError or ValueError for what is none."""
    copy = cleaned(row["copy"]) if row.get("copy") else None
    more = {name: row[name] for name in ("notices", "tier", "kinds", "no_copy") if name in row}
    return Check(row["decision"], row["reasons"], row["policy"], row["report"], copy=copy, **more)


def gathered(row: Mapping[str, Any]) -> Album:
    """An album from its document."""
    return Album(row["decision"], row["policy"], row["photos"], row["together"])


def cleaned(row: Mapping[str, Any]) -> Cleaned:
    """A safe copy from its document."""
    preview = row.get("preview")
    shown = None if preview is None else b64decode(preview, validate=True)
    return Cleaned(
        b64decode(row["photo"], validate=True), row["media_type"], row["receipt"], shown, row.get("decision")
    )
