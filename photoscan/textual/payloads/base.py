"""What is known of a payload, and how the usual ways of writing several fields into one are taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from photoscan.kind import Severity


@dataclass(frozen=True, slots=True)
class Payload:
    """The sort of a payload, how harmful it is where that differs from the kind's own, and its named parts.

    `scheme`: of payments PIX, QRIS, DuitNow ..., else whose it is: 'WhatsApp', 'Matter'; never text of the code.
    `rows`: what else it says, as lines in which all detectors of text search ('CPF: ...', 'name: ...').
    """

    sort: str
    severity: Severity | None = None
    parts: dict[str, str] = field(default_factory=dict, repr=False)
    scheme: str | None = None
    rows: tuple[str, ...] = field(default=(), repr=False)


def fields(text: str) -> dict[str, str]:
    """'S:name;P:secret;' with escaped separators, as in WIFI: and MECARD:. What is said twice is joined by a comma."""
    rows: dict[str, str] = {}
    for row in re.split(r"(?<!\\);", text):
        key, _, value = row.partition(":")
        if value:
            add(rows, key.strip().upper(), re.sub(r"\\(.)", r"\1", value))
    return rows


def add(rows: dict[str, str], key: str, value: str) -> None:
    """Put a value under a key, behind what stands there."""
    rows[key] = f"{rows[key]}, {value}" if key in rows else value


def split(link: str) -> SplitResult:
    """The parts of a link. Where its host is malformed ('http://[x'), path and query are still told apart."""
    try:
        return urlsplit(link)
    except ValueError:
        scheme, _, rest = link.partition("://")
        place, _, query = rest.partition("?")
        host, _, path = place.partition("/")
        return SplitResult(scheme, host, f"/{path}", query.partition("#")[0], "")


def tlv(text: str) -> dict[str, str]:
    """Tag, length and value, two digits each for the first two; a broken rest is left out."""
    rows: dict[str, str] = {}
    at = 0
    while at + 4 <= len(text) and re.fullmatch("[0-9]{2}", text[at + 2 : at + 4]):
        length = int(text[at + 2 : at + 4])
        rows.setdefault(text[at : at + 2], text[at + 4 : at + 4 + length])
        at += 4 + length
    return rows
