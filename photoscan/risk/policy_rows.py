"""What a policy file may hold, and helpful words where it holds something else.

The same rules as `schema/policy-v1.json`, which editors understand; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from photoscan import groups
from photoscan.brushes import STYLES
from photoscan.catalog import LANGUAGES
from photoscan.container import KEEPABLE
from photoscan.errors import Phrase, UsageError, phrase
from photoscan.given import nearest
from photoscan.kind import Kind, check_prefix, only_in_file
from photoscan.patterns import pattern as late

FROM = ("low", "medium", "high", "critical", "never")
DECISIONS = ("allow", "review", "block")
COARSE = ("city", "country")
COUNTRIES = ("MY", "ID", "BR", "EU", "US", "GB")
"""Where the laws that photoscan knows come from: ISO codes, and EU."""
SETTINGS = (
    "name", "version", "language", "countries", "minimum_confidence", "required", "required_of_file",
    "samples_suffice", "review_from", "block_from", "kinds", "allow", "ignore", "redaction",
)  # fmt: skip
_HASH = late(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: the setting it concerns, and what is expected instead."""

    key: str
    message: Phrase

    def line(self, text: str) -> Phrase | str:
        """', line N' of a TOML text: the first line that holds the setting; nothing where it can't be found."""
        pattern = re.compile(rf"""^\s*\[*\s*["']?{re.escape(self.key)}["']?\s*[\]=]""")
        for number, row in enumerate(text.splitlines(), 1):
            if pattern.match(row):
                return phrase("problem.policy.line", line=number)
        return ""


def problems(rows: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with a policy's rows; empty when it is fine."""
    return [*_unknown(rows, SETTINGS), *_words(rows), *_numbers(rows), *_kinds(rows), *_tables(rows)]


def _words(rows: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("name", "version"):
        if not isinstance(rows.get(key), str) or not rows[key]:
            yield _problem(key, "no_text")
    for key in ("review_from", "block_from"):
        yield from _one_of(rows, key, FROM)
    yield from _one_of(rows, "language", LANGUAGES)
    yield from _all_of(rows, "countries", COUNTRIES)
    yield from _texts(rows, "required")
    yield from _texts(rows, "required_of_file")


def _numbers(rows: Mapping[str, Any]) -> Iterator[Problem]:
    if "minimum_confidence" in rows and not _share(rows["minimum_confidence"]):
        yield _problem("minimum_confidence", "no_share")
    if not isinstance(rows.get("samples_suffice", True), bool):
        yield _problem("samples_suffice", "no_flag")


def _kinds(rows: Mapping[str, Any]) -> Iterator[Problem]:
    table = rows.get("kinds", {})
    if not isinstance(table, Mapping):
        yield _problem("kinds", "no_table")
        return
    for prefix, row in table.items():
        if isinstance(row, Mapping) and not {"decision", "from_confidence"} & set(row):
            # TOML reads text.phone without quotes as a table in a table.
            inner = next(iter(row), "...")
            yield _problem(prefix, "unquoted", kind=f"{prefix}.{inner}")
            continue
        yield from _prefix(prefix, prefix)
        decision = row.get("decision") if isinstance(row, Mapping) else row
        if decision not in DECISIONS:
            yield _problem(prefix, "one_of", known=", ".join(DECISIONS), close=nearest(str(decision), DECISIONS))
        if isinstance(row, Mapping):
            yield from _unknown(row, ("decision", "from_confidence"), repr(prefix))
            if "from_confidence" in row and not _share(row["from_confidence"]):
                yield _problem(prefix, "no_share_of", setting="from_confidence")


def _tables(rows: Mapping[str, Any]) -> Iterator[Problem]:
    for row in _list_of_tables(rows, "allow"):
        if isinstance(row, Problem):
            yield row
            continue
        yield from _unknown(row, ("kind", "hash", "note"), "[[allow]]")
        if row.get("kind") not in list(Kind):
            yield _problem("allow", "no_kind", word=repr(row.get("kind")))
        if not isinstance(row.get("hash"), str) or not _HASH.fullmatch(row["hash"]):
            yield _problem("hash", "no_hash")
    for row in _list_of_tables(rows, "ignore"):
        if isinstance(row, Problem):
            yield row
            continue
        yield from _unknown(row, ("box", "kinds", "photos", "reason"), "[[ignore]]")
        box = row.get("box")
        if not isinstance(box, list) or len(box) != 4 or not all(_share(part) for part in box):
            yield _problem("box", "no_box")
        yield from _prefixes(row, "ignore")
        for key in ("photos", "reason"):
            if not isinstance(row.get(key, ""), str):
                yield _problem(key, "no_text")
    table = rows.get("redaction", {})
    if not isinstance(table, Mapping):
        yield _problem("redaction", "no_table")
        return
    yield from _unknown(table, ("kinds", "style", "keep", "remove", "coarsen_gps", "possible_from"), "[redaction]")
    yield from _prefixes(table, "redaction")
    hidden = table.get("kinds")
    if isinstance(hidden, list) and any(only_in_file((str(prefix),)) for prefix in hidden):
        yield _problem("kinds", "not_in_picture")
    yield from _one_of(table, "style", STYLES)
    yield from _all_of(table, "keep", (*KEEPABLE, *groups.words()))
    yield from _all_of(table, "remove", groups.words())
    yield from _one_of(table, "coarsen_gps", COARSE)
    if "possible_from" in table and not _share(table["possible_from"]):
        yield _problem("possible_from", "no_share")


def _list_of_tables(rows: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any] | Problem]:
    found = rows.get(key, [])
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        yield _problem(key, "no_tables")
        return
    yield from found


def _unknown(row: Mapping[str, Any], known: tuple[str, ...], table: str = "") -> Iterator[Problem]:
    for key in row:
        if key not in known:
            close = nearest(key, known) or phrase("problem.policy.known", known=", ".join(known))
            yield _problem(key, "unknown_in" if table else "unknown", table=table, close=close)


def _one_of(row: Mapping[str, Any], key: str, known: tuple[str, ...]) -> Iterator[Problem]:
    if key in row and row[key] not in known:
        yield _problem(key, "one_of", known=", ".join(known), close=nearest(str(row[key]), known))


def _all_of(row: Mapping[str, Any], key: str, known: tuple[str, ...]) -> Iterator[Problem]:
    found = row.get(key, [])
    if not isinstance(found, list) or any(word not in known for word in found):
        yield _problem(key, "list_of", known=", ".join(known))


def _texts(row: Mapping[str, Any], key: str) -> Iterator[Problem]:
    found = row.get(key, [])
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        yield _problem(key, "list_of_texts")


def _prefixes(row: Mapping[str, Any], table: str) -> Iterator[Problem]:
    found = row.get("kinds", [])
    if not isinstance(found, list):
        yield _problem("kinds", "list_of_kinds", table=table)
        return
    for prefix in found:
        yield from _prefix(prefix, "kinds")


def _prefix(prefix: Any, key: str) -> Iterator[Problem]:
    try:
        check_prefix(str(prefix))
    except UsageError as error:
        yield _problem(key, "kind", what=error.phrase)


def _problem(key: str, what: str, /, **values: object) -> Problem:
    return Problem(key, phrase(f"problem.policy.{what}", key=key, **values))


def _share(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
