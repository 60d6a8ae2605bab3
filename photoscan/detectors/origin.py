"""Where the file was downloaded from, and what else programs note beside it: comments, tags, authors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.detectors.metadata_values import CERTAIN
from photoscan.finding import Field, Finding
from photoscan.kind import Kind
from photoscan.metadata import origin
from photoscan.views import Views


class OriginDetector(Detector):
    """One finding for each note; it travels with copies made by file managers and archives, not with uploads."""

    name: ClassVar[str] = "origin"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.METADATA_COMMENT, Kind.METADATA_PERSON)
    source: ClassVar[Input] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """The notes of the file system; attribute `tells` of addresses."""
        if views.photo.path is None:
            return
        for name, value in origin.read(views.photo.path).items():
            attributes: dict[str, Any] = {}
            if origin.is_address(name):
                attributes["tells"] = "where the file was downloaded from"
            yield Finding(
                kind=Kind.METADATA_PERSON if origin.is_person(name) else Kind.METADATA_COMMENT,
                confidence=CERTAIN,
                location=Field("file", name),
                detector=self.name,
                reason=f"extended attribute {name}",
                value=value,
                attributes=attributes,
            )
