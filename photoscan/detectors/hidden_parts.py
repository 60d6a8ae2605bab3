"""What the file holds beside its picture: thumbnails, second images, video, data behind the end, unknown blocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from photoscan.detectors.base import Detector, Source
from photoscan.detectors.metadata_values import CERTAIN, place, text
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.metadata import Role
from photoscan.views import Views

_KINDS = {
    Role.THUMBNAIL: Kind.METADATA_THUMBNAIL,
    Role.IMAGE: Kind.METADATA_SHADOW_IMAGE,
    Role.VIDEO: Kind.METADATA_MOTION,
    Role.TRAILING: Kind.METADATA_TRAILING,
    Role.PROVENANCE: Kind.METADATA_PROVENANCE,
    Role.PROFILE: Kind.METADATA_PROFILE,
    Role.UNKNOWN: Kind.METADATA_UNKNOWN,
}


class HiddenPartDetector(Detector):
    """One finding for each part; the value of a profile is its name, other parts have none."""

    name: ClassVar[str] = "hidden_parts"
    kinds: ClassVar[tuple[Kind, ...]] = tuple(_KINDS.values())
    source: ClassVar[Source] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every part that is not the picture; attribute `bytes` tells its size."""
        for entry in views.metadata.entries:
            if entry.role in _KINDS:
                yield Finding(
                    kind=_KINDS[entry.role],
                    confidence=CERTAIN,
                    location=place(entry),
                    detector=self.name,
                    reason=f"{entry.field} in {entry.container}, {entry.length} bytes",
                    value=text(entry) if entry.role is Role.PROFILE else None,
                    attributes={"bytes": entry.length},
                )
