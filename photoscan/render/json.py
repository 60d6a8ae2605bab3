"""JSON: one object for one photo, an array for several; JSON Lines: one report a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from photoscan.render.base import Renderer, RenderOptions
from photoscan.report import Report


class JsonRenderer(Renderer):
    """Indented JSON."""

    name = "json"

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """All reports as one document."""
        rows = list(_rows(reports, self.options))
        yield json.dumps(rows[0] if len(rows) == 1 else rows, ensure_ascii=False, indent=2) + "\n"


class JsonLinesRenderer(Renderer):
    """One compact report a line, in the order given."""

    name = "jsonl"

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """A line for every report as it comes."""
        for row in _rows(reports, self.options):
            yield json.dumps(row, ensure_ascii=False) + "\n"


def _rows(reports: Iterable[Report], options: RenderOptions) -> Iterator[dict[str, Any]]:
    """Each report in schema version 1.0, with the project's settings that had a say in it.

    The first one tells as well what was passed over in folders: lines and elements are reports, one for each photo.
    """
    passed = options.passed.to_dict() if options.passed else None
    for report in reports:
        row = report.to_dict(options.show_values)
        if options.settings is not None:
            row["settings"] = options.settings.to_dict()
        if passed is not None:
            row["passed_over"], passed = passed, None
        yield row
