"""What a request says that nobody here knows: refused by name, since a mistyped 'policy' means another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from fastapi import Request
from fastapi.routing import APIRoute

from photoscan.errors import phrase
from photoscan.service.problem import ProblemError

_NAMED, _LONGEST = 5, 40
"""So many unknown names are told, and so much of each."""


async def known_query(request: Request) -> None:
    """The problem 'usage' for a parameter of the query that the route does not have, or has twice."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not route.path.startswith("/v1/"):
        return
    fields = {field.alias: field for field in route.dependant.query_params}
    given = Counter(name for name, _ in request.query_params.multi_items())
    refuse_unknown(given, list(fields))
    many = {name for name, field in fields.items() if "list" in str(field.field_info.annotation)}
    refuse_repeated(name for name, count in given.items() if count > 1 and name not in many)


def refuse_unknown(given: Iterable[str], known: Collection[str]) -> None:
    """The problem 'usage' that names what is not known, and what is."""
    if unknown := [name for name in given if name not in known]:
        raise ProblemError("usage", phrase("serve.detail.unknown", names=_told(unknown), known=", ".join(known)))


def refuse_repeated(names: Iterable[str]) -> None:
    """The problem 'usage' for what was given twice: which of them counts, nobody could tell."""
    if twice := list(names):
        raise ProblemError("usage", phrase("serve.detail.twice", names=_told(twice)))


def _told(names: list[str]) -> str:
    return ", ".join("".join(c for c in name if c.isprintable())[:_LONGEST] or "''" for name in names[:_NAMED])
