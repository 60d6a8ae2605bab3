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
        rows = [_row(report, self.options) for report in reports]
        yield json.dumps(rows[0] if len(rows) == 1 else rows, ensure_ascii=False, indent=2) + "\n"


class JsonLinesRenderer(Renderer):
    """One compact report a line, in the order given."""

    name = "jsonl"

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """A line for every report as it comes."""
        for report in reports:
            yield json.dumps(_row(report, self.options), ensure_ascii=False) + "\n"


def _row(report: Report, options: RenderOptions) -> dict[str, Any]:
    """A report in schema version 1.0, with the project's settings that had a say in it."""
    row = report.to_dict(options.show_values)
    return row if options.settings is None else row | {"settings": options.settings.to_dict()}
