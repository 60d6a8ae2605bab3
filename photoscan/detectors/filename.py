"""Telling file names: dates, coordinates, messenger names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import ClassVar

from photoscan.detectors.base import Detector, Source
from photoscan.finding import Field, Finding
from photoscan.kind import Kind, Severity
from photoscan.views import Views

_PATTERNS = (
    ("coordinates", re.compile(r"(?<!\d)-?\d{1,2}\.\d{3,}\s*[,_ ]\s*-?\d{1,3}\.\d{3,}"), Severity.HIGH),
    ("date", re.compile(r"(?<!\d)(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])(?!\d)"), None),
)


class FilenameDetector(Detector):
    """One finding for each thing that the photo's own name tells; folders do not count, they are not shared."""

    name: ClassVar[str] = "filename"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.METADATA_FILENAME,)
    source: ClassVar[Source] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """Dates and coordinates in the name."""
        name = PurePath(views.photo.name).name
        for what, pattern, severity in _PATTERNS:
            if match := pattern.search(name):
                yield Finding(
                    kind=Kind.METADATA_FILENAME,
                    confidence=0.9,
                    location=Field("file", "name"),
                    detector=self.name,
                    reason=f"{what} in the file's name",
                    value=match[0],
                    attributes={"tells": what},
                    severity_override=severity,
                )
