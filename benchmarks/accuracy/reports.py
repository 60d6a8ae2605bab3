"""Reports as JSON lines, as `photoscan scan --format jsonl` writes them, beside the truth that they are measured by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from photoscan.report import Report


def read(path: Path) -> Iterator[Report]:
    """The reports of a file, one a line."""
    with path.open(encoding="utf-8") as lines:
        yield from (Report.from_dict(json.loads(line)) for line in lines if line.strip())


def beside(path: Path, truth: Path) -> Iterator[tuple[Report, dict[str, Any]]]:
    """Each report with its row of the truth; those of photos that the truth does not name are left out.

    `truth`: a list of rows whose `file` is how the photo's path ends.
    """
    rows = {tuple(Path(row["file"]).parts): row for row in json.loads(truth.read_text("utf-8"))}
    for report in read(path):
        parts = Path(report.photo.path).parts
        row = next((rows[parts[-n:]] for n in (1, 2, 3) if parts[-n:] in rows), None)
        if row is not None:
            yield report, row
