"""Answers of bounded length: so many findings, those that decide first, and how many more there are.

A photo can be made to hold thousands. What is decided depends on all of them and is never changed here.
"""

from __future__ import annotations

from typing import Any

FEWEST = 50
"""The smallest bound: each reason and each rule keeps a finding that it names."""
_SEVERITIES = ("critical", "high", "medium", "low")
_LISTS = ("found", "hidden", "removed")


def bound_check(document: dict[str, Any], most: int) -> int:
    """Cut a check's document to so many findings; how many more there were, which it then tells as `more_findings`.

    What names findings by their ids names those alone that stayed.
    """
    rows = document["report"]["findings"]
    naming = [*document["reasons"], *document["report"]["risk"]["rules"], *document["notices"]]
    naming += document["report"].get("notices", ())
    document["more_findings"] = more = max(0, len(rows) - most)
    if not more:
        return 0
    first = {row["findings"][0] for row in naming if row["findings"]}
    deciding = {name for row in document["reasons"] for name in row["findings"]}

    def rank(place: int) -> tuple[object, ...]:
        row = rows[place]
        known = row["severity"] in _SEVERITIES
        severity = _SEVERITIES.index(row["severity"]) if known else len(_SEVERITIES)
        return row["id"] not in first, row["id"] not in deciding, severity, -row["confidence"], place

    kept = sorted(sorted(range(len(rows)), key=rank)[:most])
    document["report"]["findings"] = [rows[place] for place in kept]
    names = {rows[place]["id"] for place in kept}
    for row in naming:
        row["findings"] = [name for name in row["findings"] if name in names]
    return more


def bound_receipt(receipt: dict[str, Any], most: int) -> int:
    """Cut a receipt's lists to so many rows; how many findings more there were. `more` then tells it by list."""
    more = {name: len(receipt[name]) - most for name in _LISTS if len(receipt.get(name, ())) > most}
    for name in more:
        receipt[name] = receipt[name][:most]
    if more:
        receipt["more"] = more
    return max(more.get("found", 0), more.get("hidden", 0))
