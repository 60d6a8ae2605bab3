"""Policies: what a finding means for the one who asks. TOML files, the same for every shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from photoscan import decision, given, shipped
from photoscan.addresses import refuse_address
from photoscan.brushes import Style
from photoscan.errors import Phrases, UsageError, phrase
from photoscan.given import line_of, nearest
from photoscan.kind import Kind, narrowness
from photoscan.risk import known, policy_rows

SHIPPED = ("default", "platform", "workshop", "strict")
LEVELS = decision.LEVELS
"""Levels of risk, rising."""

Decision = Literal["allow", "review", "block"]


@dataclass(frozen=True, slots=True)
class KindRule:
    """The decision for one kind, whatever the level.

    `confidence`: the confidence from which it holds, 0 to 1; None for the policy's own.
    """

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

    `kinds`: dotted prefixes to hide in the picture. `keep`: parts of the file that stay. `remove`: groups of what it
    says that go, while the others stay. `possible_from`: the
    confidence, 0 to 1, from which something is hidden.
    """

    kinds: tuple[str, ...] | None = None
    style: Style | None = None
    keep: tuple[str, ...] | None = None
    coarsen_gps: Literal["city", "country"] | None = None
    possible_from: float | None = None
    remove: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How findings become a verdict.

    `required`: names of detectors that have to be ok. `required_of_file`: those where somebody asked for what the file
    says alone; None for the same. `samples_suffice`: whether a long animation is inspected when
    frames from its whole length were looked at. `review_from`, `block_from`: the level of risk from which the
    verdict is at least that, or 'never'. `kinds`: a decision of its own for a kind (dotted prefix), whatever the level;
    the longest prefix wins, and what is allowed does not decide; a word ('block') or a `KindRule`. Findings below
    `minimum_confidence`, 0 to 1, are shown, but do not decide. `allow` and `ignore` name what does not count at all.
    `redaction`: what a clean copy loses. `language` and `countries` (ISO codes whose laws are named) are None where the
    policy leaves them open. `name` and `version` stand in each report.

    Raises UsageError, as it is made, that says all that is wrong with it.
    """

    name: str = "own"
    version: str = "1"
    minimum_confidence: float = 0.5
    required: tuple[str, ...] = ()
    required_of_file: tuple[str, ...] | None = None
    samples_suffice: bool = True
    review_from: str = "medium"
    block_from: str = "critical"
    kinds: Mapping[str, KindRule | Decision] = field(default_factory=dict)
    allow: tuple[KnownValue, ...] = ()
    ignore: tuple[IgnoredRegion, ...] = ()
    redaction: Redaction = field(default_factory=Redaction)
    language: str | None = None
    countries: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        rows = given_rows(self)
        if problems := policy_rows.problems(rows):
            raise UsageError("problem.policy.rows", rows=Phrases(tuple(p.message for p in problems), "; "))
        for name, value in _parts(rows).items():
            object.__setattr__(self, name, value)

    @staticmethod
    def load(name: str) -> Policy:
        """A shipped policy by name, or a file by its path; UsageError says all that is wrong with it, and where."""
        if name in SHIPPED:
            return Policy(**_parts(shipped.rules(f"policies/{name}.toml")))
        import tomllib  # the shipped ones come parsed

        text = read(name)
        try:
            rows = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError("problem.policy.toml", name=name, line=line_of(error)) from None
        if problems := policy_rows.problems(rows):
            told = [phrase("problem.policy.row", name=name, line=p.line(text), what=p.message) for p in problems]
            raise UsageError("problem.policy.rows", rows=Phrases(tuple(told)))
        return Policy(**_parts(rows))

    @staticmethod
    def parse(rows: Mapping[str, Any]) -> Policy:
        """A policy from its rows, as a file would hold them; UsageError says all that is wrong with them."""
        if problems := policy_rows.problems(rows):
            raise UsageError("problem.policy.rows", rows=Phrases(tuple(p.message for p in problems), "; "))
        return Policy(**_parts(rows))

    def check_key(self) -> None:
        """Raise UsageError when the policy knows values by hashes and their key is not here."""
        if self.allow:
            known.key()

    @property
    def names_photos(self) -> bool:
        """Whether what it ignores depends on a photo's path."""
        return any(region.photos != "*" for region in self.ignore)

    @property
    def rules(self) -> Mapping[str, KindRule]:
        """`kinds` with a whole rule for each prefix."""
        return {prefix: _kind_rule(row) for prefix, row in self.kinds.items()}

    def rule(self, kind: Kind) -> KindRule | None:
        """The decision of its own for a kind: that of the longest prefix which names it, or None.

        Raises nothing of its own.
        """
        naming = [prefix for prefix in self.kinds if kind.within(prefix)]
        return _kind_rule(self.kinds[max(naming, key=narrowness)]) if naming else None


def taken(policy: Policy | str) -> Policy:
    """A policy from itself, a shipped one's name, or a file's path; UsageError for anything else."""
    return Policy.load(policy) if isinstance(policy, str) else given.a(Policy, policy, "policy")


def read(name: str) -> str:
    """The text of a shipped policy by its name, or of a file by its path; UsageError when there is neither."""
    if name in SHIPPED:
        return shipped.text(f"policies/{name}.toml")
    refuse_address(name)
    try:
        return Path(name).read_text("utf-8")
    except (OSError, ValueError):
        close = nearest(name, SHIPPED)
        raise UsageError("problem.policy.none", word=name, known=", ".join(SHIPPED), close=close) from None


def given_rows(policy: Policy) -> dict[str, Any]:
    """What a policy was made of, as a file would hold it: right or wrong."""
    rows: dict[str, Any] = {item.name: _row(getattr(policy, item.name)) for item in fields(policy)}
    if isinstance(policy.kinds, Mapping):
        rows["kinds"] = {prefix: _row(rule) for prefix, rule in policy.kinds.items()}
    for name in ("allow", "ignore"):
        if isinstance(rows[name], list):
            rows[name] = [_row(row) for row in rows[name]]
    return {name: row for name, row in rows.items() if row is not None}


def _row(value: object) -> Any:
    """Tuples as lists, objects as tables without what they leave open."""
    if isinstance(value, KindRule):
        table = {"decision": value.decision, "from_confidence": value.confidence}
    elif isinstance(value, (KnownValue, IgnoredRegion, Redaction)):
        table = {item.name: _row(getattr(value, item.name)) for item in fields(value)}
    else:
        return list(value) if isinstance(value, (tuple, set, frozenset)) else value
    return {name: row for name, row in table.items() if row is not None}


def _parts(rows: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a policy from sound rows; those that the rows leave out are left out."""
    ways: dict[str, Callable[[Any], Any]] = {
        "minimum_confidence": float,
        "required": tuple,
        "required_of_file": tuple,
        "kinds": lambda table: {prefix: _kind_rule(row) for prefix, row in table.items()},
        "allow": lambda table: tuple(KnownValue(Kind(r["kind"]), r["hash"], r.get("note", "")) for r in table),
        "ignore": lambda table: tuple(_ignored(row) for row in table),
        "redaction": _redaction,
        "countries": tuple,
    }
    return {name: ways[name](row) if name in ways else row for name, row in rows.items()}


def _kind_rule(row: Any) -> KindRule:
    if isinstance(row, KindRule):
        return row
    if isinstance(row, Mapping):
        return KindRule(row["decision"], row.get("from_confidence"))
    return KindRule(row)


def _redaction(row: Mapping[str, Any]) -> Redaction:
    kinds, keep, least = _maybe(row.get("kinds")), _maybe(row.get("keep")), row.get("possible_from")
    least = None if least is None else float(least)
    return Redaction(kinds, row.get("style"), keep, row.get("coarsen_gps"), least, _maybe(row.get("remove")))


def _ignored(row: Mapping[str, Any]) -> IgnoredRegion:
    x, y, w, h = (float(part) for part in row["box"])
    return IgnoredRegion((x, y, w, h), tuple(row.get("kinds", ())), row.get("photos", "*"), row.get("reason", ""))


def _maybe(words: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(words)
