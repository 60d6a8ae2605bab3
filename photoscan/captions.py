"""scan_text: what lines of text give away by themselves. A caption is shared as well."""

from __future__ import annotations

from collections.abc import Sequence

from photoscan.detectors import REGISTRY
from photoscan.detectors.base import TextDetector
from photoscan.finding import Finding, with_ids
from photoscan.textline import TextLine, rows_of


def scan_text(text: str | Sequence[str]) -> list[Finding]:
    """Findings in a text or in a list of lines; each has a Span with the indices of its lines.

    Raises UsageError for what is neither.
    """
    lines = [TextLine(row) for row in rows_of(text)]
    detectors = (d for d in REGISTRY if isinstance(d, TextDetector))
    return list(with_ids(finding for detector in detectors for finding in detector.find_in_lines(lines)))
