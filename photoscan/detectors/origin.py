"""Where the file was downloaded from, as the browser noted it beside the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.detectors.metadata_values import CERTAIN
from photoscan.finding import Field, Finding
from photoscan.kind import Kind
from photoscan.metadata import origin
from photoscan.views import Views


class OriginDetector(Detector):
    """One finding for each address; it travels with copies made by file managers and archives, not with uploads."""

    name: ClassVar[str] = "origin"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.METADATA_COMMENT,)
    source: ClassVar[Input] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """The notes of the file system; attribute `tells`."""
        if views.photo.path is None:
            return
        for name, address in origin.read(views.photo.path).items():
            yield Finding(
                kind=Kind.METADATA_COMMENT,
                confidence=CERTAIN,
                location=Field("file", name),
                detector=self.name,
                reason=f"extended attribute {name}",
                value=address,
                attributes={"tells": "where the file was downloaded from"},
            )
