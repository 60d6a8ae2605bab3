"""JSON: one object for one photo, an array for several; JSON Lines: one report a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from photoscan.render.base import Renderer
from photoscan.report import Report


class JsonRenderer(Renderer):
    """Indented JSON."""

    name = "json"

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """All reports as one document."""
        rows = [report.to_dict(self.options.show_values) for report in reports]
        yield json.dumps(rows[0] if len(rows) == 1 else rows, ensure_ascii=False, indent=2) + "\n"


class JsonLinesRenderer(Renderer):
    """One compact report a line, in the order given."""

    name = "jsonl"

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """A line for every report as it comes."""
        for report in reports:
            yield json.dumps(report.to_dict(self.options.show_values), ensure_ascii=False) + "\n"
