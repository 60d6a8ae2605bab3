"""Telling file names: dates, coordinates, messengers, perhaps names of people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import ClassVar, NamedTuple

from photoscan.detectors.base import Detector, Input
from photoscan.finding import Field, Finding
from photoscan.kind import Kind, Severity
from photoscan.metadata.gazetteer import nearest
from photoscan.patterns import pattern as late
from photoscan.views import Views

_COORDINATES = late(r"(?<![\d.])(-?\d{1,2}\.\d{3,})\s*[,_ ]\s*(-?\d{1,3}\.\d{3,})")
_DATE = late(r"(?<!\d)(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])(?!\d)")
_EPOCH = late(r"(?<!\d)1[0-9]{12}(?!\d)")
_MESSENGERS = (
    ("WhatsApp", re.compile(r"^(?:IMG|VID)-\d{8}-WA\d{4}|^WhatsApp Image")),
    ("Signal", re.compile(r"^signal-\d{4}-\d\d-\d\d")),
    ("Telegram", re.compile(r"^(?:telegram-cloud-photo|photo_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)")),
    ("Facebook", re.compile(r"^(?:FB_IMG_\d+|received_\d+|\d{8,}_\d{8,}_\d{8,}_[no])")),
    ("Snapchat", re.compile(r"^Snapchat-\d+")),
    ("WeChat", re.compile(r"^(?:mmexport|wx_camera_)\d+")),
    ("LINE", re.compile(r"^LINE_(?:ALBUM|\d+)|^S__\d+")),
    ("Viber", re.compile(r"^viber[_ ]image")),
)
_NAME = late(r"(?<![A-Za-z])([A-Z][a-z]+(?:[ _-][A-Z][a-z]+)+)(?![a-z])")
_WORDS = """
screenshot screen shot image photo picture pic whatsapp telegram signal snapchat instagram facebook copy edit edited
final new scan scanned document untitled adobe photoshop lightroom camera raw night portrait burst live motion
original capture from wallpaper profile cover album family holiday trip birthday wedding party summer winter spring
autumn at the of and my our with in on jan feb mar apr may jun jul aug sep oct nov dec january february march april
june july august september october november december monday tuesday wednesday thursday friday saturday sunday resized
crop cropped messenger viber line wechat google apple samsung iphone galaxy pixel folder draft img dsc
"""
_NO_NAMES = frozenset(_WORDS.split())
POSSIBLE = 0.4
"""Two capitalised words that are no known words: perhaps a person, perhaps a place."""


class _Telling(NamedTuple):
    what: str
    value: str
    confidence: float = 0.9
    severity: Severity | None = None


class FilenameDetector(Detector):
    """One finding for each thing that the photo's own name tells; folders do not count, they are not shared."""

    name: ClassVar[str] = "filename"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.METADATA_FILENAME,)
    source: ClassVar[Input] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """Dates, coordinates, messengers and possible names in the name; attribute `tells` says which."""
        for telling in _tellings(PurePath(views.photo.name).name):
            attributes: dict[str, object] = {"tells": telling.what}
            if telling.what == "coordinates" and (match := _COORDINATES.search(telling.value)):
                town = nearest(float(match[1]), float(match[2]))
                attributes |= {"town": town.name, "country": town.country} if town else {"town": None}
            yield Finding(
                kind=Kind.METADATA_FILENAME,
                confidence=telling.confidence,
                location=Field("file", "name"),
                detector=self.name,
                reason=f"{telling.what} in the file's name",
                value=telling.value,
                attributes=attributes,
                severity_override=telling.severity,
            )


def tells(name: str) -> bool:
    """Whether a file's name gives anything away, so that the same photo under another name is another finding."""
    return next(_tellings(name), None) is not None


def _tellings(name: str) -> Iterator[_Telling]:
    if (match := _COORDINATES.search(name)) and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180:
        yield _Telling("coordinates", match[0], severity=Severity.HIGH)
    if (match := _DATE.search(name)) or (match := _EPOCH.search(name)):
        yield _Telling("date", match[0])
    for messenger, pattern in _MESSENGERS:
        if match := pattern.search(name):
            yield _Telling(f"received or sent with {messenger}", match[0])
            return
    for match in _NAME.finditer(name):
        if not {word.casefold() for word in re.split(r"[ _-]", match[1])} & _NO_NAMES:
            yield _Telling("name", match[1], POSSIBLE, Severity.MEDIUM)
