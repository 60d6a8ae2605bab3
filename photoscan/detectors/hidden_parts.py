"""What the file holds beside its picture: thumbnails, second images, video, data behind the end, unknown blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from photoscan import deadline
from photoscan.deadline import OutOfTimeError
from photoscan.detectors.base import Detector, Input
from photoscan.detectors.inner_pictures import Judged, by_shape, judged
from photoscan.detectors.metadata_values import CERTAIN, listed, place
from photoscan.errors import PhotoscanError
from photoscan.finding import Field, Finding
from photoscan.kind import Kind, Severity
from photoscan.metadata import Entry, Role
from photoscan.metadata.naming import named
from photoscan.patterns import pattern
from photoscan.photo import Photo
from photoscan.unseen import crop, scan_slack
from photoscan.unseen.transparency import NEARLY
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
_LABEL = pattern(
    r"c2pa(?:\.(?:assertions|claim|signature|credentials|databoxes|actions|ingredient|metadata|icon|certificate-status"
    r"|thumbnail\.(?:claim|ingredient)|hash\.(?:data|bmff|boxes|collection))(?:\.(?:v\d|jpeg|png))*(?:__\d{1,2})?)?"
    r"|stds\.(?:schema-org\.CreativeWork|exif|iptc)|cawg\.(?:identity|metadata|training-mining)"
)
"""Labels of the C2PA specification's boxes and assertions."""
PAGES = 8
"""Pages or frames whose transparency is looked at."""
UNSEEN = {
    Kind.METADATA_SHADOW_IMAGE: "colours under transparency",
    Kind.METADATA_UNKNOWN: "steps of alpha that can't be seen",
}


class HiddenPartDetector(Detector):
    """One finding for each part; the value of a profile is its name, other parts have none.

    Attributes: `bytes`; `looks_like` where it is known; for pictures `shows` ('the same as the photo', 'something else
    than the photo', 'more than the photo', 'another shape than the photo'): what shows the same is of low severity,
    and previews that do are one finding; what shows something else is of high severity. Where that is known,
    `differs_at` are the left, top, right and bottom of what only the preview shows, as shares of its width and height,
    `photo_at` those of the photo in a preview that shows more, and `outside` the share of the preview around it.
    """

    name: ClassVar[str] = "hidden_parts"
    kinds: ClassVar[tuple[Kind, ...]] = tuple(_KINDS.values())
    source: ClassVar[Input] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every part that is not the picture; OutOfTimeError follows what was found without looking at pixels."""
        same: list[Entry] = []
        for entry in views.metadata.entries:
            if entry.role not in _KINDS:
                continue
            try:
                picture = judged(entry, views)
            except OutOfTimeError:
                picture = by_shape(entry, views)
            if picture.same and entry.role is Role.THUMBNAIL:
                same.append(entry)
                continue
            yield self._part(entry, picture)
        if same:
            yield self._part(same[0], Judged("the same as the photo", Severity.LOW), same)
        deadline.check()
        yield from self._unseen(views.photo)

    def _part(self, entry: Entry, picture: Judged, copies: Sequence[Entry] = ()) -> Finding:
        """The finding for one part, or for several previews that show the same."""
        attributes: dict[str, Any] = {"bytes": sum(copy.length for copy in copies) or entry.length}
        if entry.about:
            attributes["looks_like"] = entry.about if entry.role is not Role.PROVENANCE else _labels(entry.about)
        if picture.shows:
            attributes |= {"shows": picture.shows} | picture.known
        if len(copies) > 1:
            attributes |= listed(copies)
        return Finding(
            kind=_KINDS[entry.role],
            confidence=CERTAIN,
            location=place(entry, max(1, len(copies))),
            detector=self.name,
            reason=f"{' in '.join(reversed(named(entry)))}, {entry.length} bytes",
            value=entry.words if entry.role is Role.PROFILE else None,
            attributes=attributes,
            severity_override=Severity.HIGH if "cropped" in entry.about else picture.severity,
        )

    def _unseen(self, photo: Photo) -> Iterable[Finding]:
        """What the pixels hold and do not show: colours under transparency, a message in the steps of alpha."""
        if not photo.format.decodable or photo.huge:
            return
        told: dict[Kind, int] = {}
        if "blocks" in photo.format.row.hides and (left := scan_slack.surplus(photo.data)):
            yield Finding(
                kind=Kind.METADATA_TRAILING,
                confidence=CERTAIN,
                location=Field("jpeg/scan", "data behind the last block"),
                detector=self.name,
                reason=f"data behind the last block, about {left} bytes",
                attributes={"bytes": left},
            )
        if "crop" in photo.format.row.hides and (more := crop.cropped(photo.data)):
            yield Finding(
                kind=Kind.METADATA_SHADOW_IMAGE,
                confidence=CERTAIN,
                location=Field("isobmff/clap", "picture outside of the crop"),
                detector=self.name,
                reason=f"picture outside of the crop, {more[0]} columns and {more[1]} rows",
                attributes={"looks_like": "picture outside of the crop"},
            )
        for page in range(min(photo.frames, PAGES)):
            deadline.check()
            try:
                layers = photo.layers(page)
            except PhotoscanError:
                return  # told by the scan, which can't look at the picture either
            if layers is not None and layers.structured():
                told.setdefault(Kind.METADATA_SHADOW_IMAGE, int(layers.hidden.sum()))
            if layers is not None and layers.noisy():
                told.setdefault(Kind.METADATA_UNKNOWN, int((layers.alpha >= NEARLY).sum()))
        for kind, pixels in told.items():
            field = UNSEEN[kind]
            yield Finding(
                kind=kind,
                confidence=CERTAIN,
                location=Field(f"{photo.format.value}/pixels", field),
                detector=self.name,
                reason=f"{field}, {pixels} pixels",
                attributes={"looks_like": field},
            )


def _labels(about: str) -> str:
    """The sort of a provenance store, with those of its labels that the standard gives: others may name somebody."""
    sort, _, labels = about.partition(": ")
    known = [label for label in labels.split(", ") if _LABEL.fullmatch(label)]
    return f"{sort}: {', '.join(known)}" if known else sort
