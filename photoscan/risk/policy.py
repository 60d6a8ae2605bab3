"""Policies: what a finding means for the one who asks. TOML files, the same for every shell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from photoscan import decision
from photoscan.addresses import refuse_address
from photoscan.brushes import Style
from photoscan.errors import Phrase, Phrases, UsageError, phrase
from photoscan.kind import Kind, narrowness
from photoscan.risk import known, policy_rows

SHIPPED = ("default", "platform", "workshop", "strict")
LEVELS = decision.LEVELS
"""Levels of risk, rising."""

Decision = Literal["allow", "review", "block"]


@dataclass(frozen=True, slots=True)
class KindRule:
    """The decision for one kind, whatever the level; `confidence`: from which, None for the policy's own."""

    decision: Decision
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A value that is no news: its kind and keyed hash (`risk.known`), never the value itself."""

    kind: Kind
    hash: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class IgnoredRegion:
    """A part of the picture whose findings don't count.

    `box`: x, y, width and height as shares of the upright picture. `kinds`: dotted prefixes, all when empty. `photos`:
    a pattern that the photo's path has to match, such as 'webcam-*.jpg'.
    """

    box: tuple[float, float, float, float]
    kinds: tuple[str, ...] = ()
    photos: str = "*"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What a clean copy loses, where the policy says so; None leaves it to the one who cleans.

    `kinds`: dotted prefixes to hide in the picture. `keep`: parts of the file that stay.
    """

    kinds: tuple[str, ...] | None = None
    style: Style | None = None
    keep: tuple[str, ...] | None = None
    coarsen_gps: Literal["city", "country"] | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How findings become a verdict.

    `required`: names of detectors that have to be ok. `review_from`, `block_from`: the level of risk from which the
    verdict is at least that, or 'never'. `kinds`: a decision of its own for a kind (dotted prefix), whatever the level;
    the longest prefix wins, and what is allowed does not decide. Findings below `minimum_confidence` are shown, but do
    not decide. `allow` and `ignore` name what does not count at all. `language` and `countries` (ISO codes whose laws
    are named) are None where the policy leaves them open.
    """

    name: str
    version: str
    minimum_confidence: float = 0.5
    required: tuple[str, ...] = ()
    review_from: str = "medium"
    block_from: str = "critical"
    kinds: Mapping[str, KindRule] = field(default_factory=dict)
    allow: tuple[KnownValue, ...] = ()
    ignore: tuple[IgnoredRegion, ...] = ()
    redaction: Redaction = field(default_factory=Redaction)
    language: str | None = None
    countries: tuple[str, ...] | None = None

    @staticmethod
    def load(name: str) -> Policy:
        """A shipped policy by name, or a file by its path; UsageError says all that is wrong with it, and where."""
        text = read(name)
        try:
            rows = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError("problem.policy.toml", name=name, line=_line(error)) from None
        if problems := policy_rows.problems(rows):
            told = [phrase("problem.policy.row", name=name, line=p.line(text), what=p.message) for p in problems]
            raise UsageError("problem.policy.rows", rows=Phrases(tuple(told)))
        return _made(rows)

    @staticmethod
    def parse(rows: Mapping[str, Any]) -> Policy:
        """A policy from its rows; UsageError says all that is wrong with them."""
        if problems := policy_rows.problems(rows):
            raise UsageError("problem.policy.rows", rows=Phrases(tuple(p.message for p in problems), "; "))
        return _made(rows)

    def check_key(self) -> None:
        """Raise UsageError when the policy knows values by hashes and their key is not here."""
        if self.allow:
            known.key()

    @property
    def names_photos(self) -> bool:
        """Whether what it ignores depends on a photo's path."""
        return any(region.photos != "*" for region in self.ignore)

    def rule(self, kind: Kind) -> KindRule | None:
        """The decision of its own for a kind: that of the longest prefix which names it."""
        naming = [prefix for prefix in self.kinds if kind.within(prefix)]
        return self.kinds[max(naming, key=narrowness)] if naming else None


def read(name: str) -> str:
    """The text of a shipped policy by its name, or of a file by its path; UsageError when there is neither."""
    if name in SHIPPED:
        return resources.files("photoscan").joinpath(f"policies/{name}.toml").read_text("utf-8")
    refuse_address(name)
    try:
        return Path(name).read_text("utf-8")
    except (OSError, ValueError):
        close = policy_rows.nearest(name, SHIPPED)
        raise UsageError("problem.policy.none", word=name, known=", ".join(SHIPPED), close=close) from None


def _line(error: tomllib.TOMLDecodeError) -> Phrase | str:
    """', line N' by the words of the reader of TOML, which tells it in no other way before Python 3.14."""
    found = re.search(r"at line (\d+)", str(error))
    return phrase("problem.policy.line", line=int(found[1])) if found else ""


def _made(rows: Mapping[str, Any]) -> Policy:
    redaction = rows.get("redaction", {})
    return Policy(
        name=rows["name"],
        version=rows["version"],
        minimum_confidence=float(rows.get("minimum_confidence", 0.5)),
        required=tuple(rows.get("required", ())),
        review_from=rows.get("review_from", "medium"),
        block_from=rows.get("block_from", "critical"),
        kinds={prefix: _kind_rule(row) for prefix, row in rows.get("kinds", {}).items()},
        allow=tuple(KnownValue(Kind(r["kind"]), r["hash"], r.get("note", "")) for r in rows.get("allow", ())),
        ignore=tuple(_ignored(row) for row in rows.get("ignore", ())),
        redaction=Redaction(
            _maybe(redaction.get("kinds")),
            redaction.get("style"),
            _maybe(redaction.get("keep")),
            redaction.get("coarsen_gps"),
        ),
        language=rows.get("language"),
        countries=_maybe(rows.get("countries")),
    )


def _kind_rule(row: Any) -> KindRule:
    if isinstance(row, Mapping):
        return KindRule(row["decision"], row.get("from_confidence"))
    return KindRule(row)


def _ignored(row: Mapping[str, Any]) -> IgnoredRegion:
    x, y, w, h = (float(part) for part in row["box"])
    return IgnoredRegion((x, y, w, h), tuple(row.get("kinds", ())), row.get("photos", "*"), row.get("reason", ""))


def _maybe(words: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(words)
