"""What the file holds beside its picture: thumbnails, second images, video, data behind the end, unknown blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.detectors.metadata_values import CERTAIN, place
from photoscan.errors import PhotoscanError
from photoscan.finding import Field, Finding
from photoscan.kind import Kind, Severity, only_in_file
from photoscan.metadata import Entry, Role
from photoscan.metadata.naming import named
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
SAME_SHAPE = 0.05
"""Proportions that differ by less are the same: small previews are rounded to whole pixels."""
ALIKE, APART = 0.9, 32.0
"""Correlation from which, and grey levels of one cell up to which a preview shows what the photo shows. Real cameras'
previews correlate by .999 and differ by 23 levels at most; painting over a tenth of each side makes 40 and more."""
_LABEL = re.compile(
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
_SIZE = re.compile(r"(\d+) x (\d+)$")
_FIXED_SHAPES = ((160, 120), (320, 240), (640, 480))
"""Previews of these sizes have black bars where the photo has other proportions."""


class HiddenPartDetector(Detector):
    """One finding for each part; the value of a profile is its name, other parts have none.

    Attributes: `bytes`; `looks_like` where it is known; for thumbnails `shows` ('the same as the photo', 'something
    else than the photo', 'another shape than the photo'), which raises the severity. Of a second picture it is told
    only that it shows the same: others, such as gain maps, are made to differ.
    """

    name: ClassVar[str] = "hidden_parts"
    kinds: ClassVar[tuple[Kind, ...]] = tuple(_KINDS.values())
    source: ClassVar[Input] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every part that is not the picture."""
        for entry in views.metadata.entries:
            if entry.role not in _KINDS:
                continue
            attributes: dict[str, Any] = {"bytes": entry.length}
            if entry.about:
                attributes["looks_like"] = entry.about if entry.role is not Role.PROVENANCE else _labels(entry.about)
            severity = Severity.HIGH if "cropped" in entry.about else None
            if entry.role is Role.THUMBNAIL and (shows := _shows(entry, views)):
                attributes["shows"] = shows
                severity = None if shows.startswith("the same") else Severity.HIGH
            if entry.role is Role.IMAGE and (shows := _shows(entry, views)).startswith("the same"):
                attributes["shows"] = shows
            yield Finding(
                kind=_KINDS[entry.role],
                confidence=CERTAIN,
                location=place(entry),
                detector=self.name,
                reason=f"{' in '.join(reversed(named(entry)))}, {entry.length} bytes",
                value=entry.text if entry.role is Role.PROFILE else None,
                attributes=attributes,
                severity_override=severity,
            )
        yield from self._unseen(views.photo)

    def _unseen(self, photo: Photo) -> Iterable[Finding]:
        """What the pixels hold and do not show: colours under transparency, a message in the steps of alpha."""
        if not photo.format.decodable:
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


def _shows(entry: Entry, views: Views) -> str:
    """What a thumbnail shows beside the photo; empty where that can't be told."""
    photo = views.photo
    if (size := _SIZE.search(entry.about)) and (int(size[1]), int(size[2])) not in _FIXED_SHAPES:
        width, height = int(size[1]), int(size[2])
        if photo.orientation >= 5:
            width, height = height, width
        if width and height and abs(width * photo.height / (height * photo.width) - 1) > SAME_SHAPE:
            return "another shape than the photo"
    if _only_metadata(views) or not entry.about.endswith(size[0] if size else "\0"):
        return ""
    from photoscan.vision.likeness import likeness

    data = photo.data[entry.offset : entry.offset + entry.length]
    try:
        alike = likeness(views.pyramid, data, photo.orientation)
    except PhotoscanError:
        return ""
    same = alike.whole >= ALIKE and alike.part <= APART
    return "the same as the photo" if same else "something else than the photo"


def _only_metadata(views: Views) -> bool:
    """Whether nobody asked for a look at the pixels: then decoding them for a thumbnail's sake would be slow."""
    return only_in_file(views.options.only)
