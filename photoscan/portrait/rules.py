"""The rules as data: which findings make a clause, and what could be done next (`rules/portrait.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from photoscan import shipped
from photoscan.finding import Finding
from photoscan.kind import named


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `kinds`: dotted kinds; `attribute`: one that a finding has to have; `several`: more are counted.

    `legible`: only of findings whose masked value shows something. `sample`: kinds that make it, for its test.
    """

    id: str
    kinds: tuple[str, ...]
    attribute: str | None = None
    several: bool = False
    legible: bool = False
    sample: tuple[str, ...] = ()

    def takes(self, finding: Finding) -> bool:
        """Whether it tells of a finding."""
        return named(finding.kind, self.kinds) and (
            self.attribute is None or bool(finding.attributes.get(self.attribute))
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """All of them. `who`: kinds of those who are seen; `untold`: kinds that are left out, and why.

    `next`: the word for what could be done after a linkage rule, by the rule's id.
    """

    who: tuple[str, ...]
    untold: Mapping[str, str]
    clauses: tuple[Clause, ...]
    next: Mapping[str, str]


@cache
def rules() -> Rules:
    """The shipped rules. KeyError and TypeError for a row that is not whole."""
    document = shipped.rules("rules/portrait.toml")
    clauses = (
        Clause(
            row["id"],
            tuple(row["kinds"]),
            row.get("attribute"),
            row.get("several", False),
            row.get("legible", False),
            tuple(row["sample"]),
        )
        for row in document["clause"]
    )
    after = {rule: name for name, fired in document["next"].items() for rule in fired}
    return Rules(tuple(document["who"]), document["untold"], tuple(clauses), after)
