"""Laws that a photo may engage. The table is data: `rules/laws.toml`; it never says that one is violated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from photoscan import shipped
from photoscan.finding import Finding
from photoscan.kind import Kind, check_prefix, named


@dataclass(frozen=True, slots=True)
class Law:
    """A law: its own name, the country (ISO code, or EU), since when what is told of it holds, where to read it.

    `kinds`: dotted kinds of findings that make it worth naming; `personal`: so does all that is personal data by its
    card.
    """

    id: str
    country: str
    name: str
    since: date
    source: str
    kinds: tuple[str, ...] = ()
    personal: bool = False

    def speaks_of(self, kind: Kind) -> bool:
        """Whether a finding of that kind makes it worth naming."""
        return (self.personal and kind.personal) or named(kind, self.kinds)


@cache
def known() -> tuple[Law, ...]:
    """All laws of the table, in its order; UsageError for one that names an unknown kind."""
    return tuple(
        Law(
            row["id"],
            row["country"],
            row["name"],
            date.fromisoformat(row["since"]),
            row["source"],
            tuple(check_prefix(prefix) for prefix in row.get("kinds", ())),
            row.get("personal", False),
        )
        for row in shipped.rules("rules/laws.toml")["law"]
    )


def by_id(name: str) -> Law | None:
    """The law with that id; None for one that this version does not know."""
    return next((law for law in known() if law.id == name), None)


def engaged(findings: Sequence[Finding], countries: Sequence[str] | None = None) -> Iterable[Law]:
    """The laws that likely findings may engage, of the countries asked for (None: of all)."""
    kinds = {f.kind for f in findings if f.likely}
    for law in known():
        if countries is not None and law.country not in countries:
            continue
        if any(law.speaks_of(kind) for kind in kinds):
            yield law
