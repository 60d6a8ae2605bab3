"""What previews, second pictures and maps inside of a file show beside the photo, and how much harm that does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from photoscan.errors import PhotoscanError
from photoscan.kind import Severity, only_in_file
from photoscan.metadata import Entry, Role
from photoscan.options import Limits
from photoscan.patterns import pattern
from photoscan.photo import Photo
from photoscan.views import Views

if TYPE_CHECKING:
    from photoscan.pixels import Pixels
    from photoscan.vision.likeness import Shows

EMBEDDED = Limits(max_bytes=16 * 1024 * 1024, max_pixels=20_000_000)
"""Larger pictures inside of a file are told, and not looked at."""
SAME_SHAPE = 0.05
"""Proportions that differ by less are the same: small previews are rounded to whole pixels."""
_SIZE = pattern(r"(\d+) x (\d+)$")
_FIXED_SHAPES = ((160, 120), (320, 240), (640, 480))
"""Previews of these sizes have black bars where the photo has other proportions."""
_MAPS = ("gain map", "depth map", "outline of")
"""Beginnings of what is said of pictures that are made from the photo (ISO 21496-1, Apple's auxiliary pictures)."""
_WORDS = {
    "same": "the same as the photo",
    "other": "something else than the photo",
    "more": "more than the photo",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """`shows`: in words, empty where it can't be told. `severity`: None for the kind's own. `known`: attributes."""

    shows: str = ""
    severity: Severity | None = None
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether it shows nothing that the photo does not show."""
        return self.shows == _WORDS["same"]


def judged(entry: Entry, views: Views) -> Judged:
    """What an embedded picture shows. Where nobody asked for a look at the pixels a preview's shape alone may tell.

    Raises OutOfTimeError where there is no time to look at them.
    """
    if entry.role not in (Role.THUMBNAIL, Role.IMAGE) or not views.photo.format.decodable:
        return Judged()
    if only_in_file(views.options.only):  # decoding the photo for a preview's sake would be slow
        return by_shape(entry, views)
    try:
        return _by_map(entry, views) if entry.about.startswith(_MAPS) else _by_likeness(entry, views)
    except PhotoscanError:
        return by_shape(entry, views)


def by_shape(entry: Entry, views: Views) -> Judged:
    """What its shape alone tells."""
    photo = views.photo
    size = _SIZE.search(entry.about)
    if entry.role is not Role.THUMBNAIL or not size or (int(size[1]), int(size[2])) in _FIXED_SHAPES:
        return Judged()
    width, height = int(size[1]), int(size[2])
    if photo.orientation >= 5:
        width, height = height, width
    if width and height and abs(width * photo.height / (height * photo.width) - 1) > SAME_SHAPE:
        return Judged("another shape than the photo", Severity.HIGH)
    return Judged()


def _by_likeness(entry: Entry, views: Views) -> Judged:
    from photoscan.vision.likeness import likeness

    photo = views.photo
    found = likeness(views.pyramid, _opened(entry, photo), photo.orientation)
    return _told(found.shows, found.place)


def _by_map(entry: Entry, views: Views) -> Judged:
    from photoscan.vision.maps import follows

    found = follows(views.pyramid, _opened(entry, views.photo))
    return _told(found.shows, found.place)


def _opened(entry: Entry, photo: Photo) -> Photo | Pixels:
    """The picture itself; PhotoscanError for one that can't be decoded."""
    if entry.item:
        return photo.item(entry.item)
    return Photo.open(photo.data[entry.offset : entry.offset + entry.length], EMBEDDED)


def _told(shows: Shows | None, place: tuple[float, float, float, float] | None) -> Judged:
    if shows is None:
        return Judged()
    known: dict[str, Any] = {}
    if place is not None:
        left, top, right, bottom = place
        known["differs_at" if shows == "other" else "photo_at"] = [round(side, 3) for side in place]
        if shows == "more":
            known["outside"] = round(1 - (right - left) * (bottom - top), 2)
    return Judged(_WORDS[shows], Severity.LOW if shows == "same" else Severity.HIGH, known)
