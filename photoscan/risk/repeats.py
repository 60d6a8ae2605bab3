"""What repeats over several photos: the same plate, place or name ties them together, and may show a home."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians

from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.report import Report
from photoscan.risk import exempt

TYING = (
    Kind.METADATA_GPS, Kind.PLATE, Kind.TEXT_ADDRESS, Kind.METADATA_SERIAL, Kind.TEXT_PHONE, Kind.TEXT_EMAIL,
    Kind.TEXT_PERSON, Kind.METADATA_PERSON, Kind.TEXT_HANDLE, Kind.TEXT_SCHOOL, Kind.TEXT_NATIONAL_ID,
    Kind.TEXT_HOUSE_NUMBER, Kind.FACE_KNOWN,
)  # fmt: skip
"""Kinds whose value, seen twice, ties photos together; in the order in which they are told."""
SAME_PLACE_KM = 0.15
"""Positions nearer than this are one place: satellite positions in a house vary by that much."""
NIGHT = (*range(19, 24), *range(7))
"""Hours at which people are mostly at home."""
NIGHTS_AT_HOME = 2
"""On how many different days a place has to be seen at night to be taken for a home."""
_MOMENT = re.compile(r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):\d\d")
_DEGREES = re.compile(r"-?\d+\.\d+")
_KM_A_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something that is in several photos. `finding` is the surest of them, `paths` the photos in their order.

    `nights`: on how many days the photos were taken in the evening or at night, where their times are known.
    """

    finding: Finding
    paths: tuple[str, ...]
    nights: int

    @property
    def home(self) -> bool:
        """Whether this place is probably somebody's home."""
        is_place = self.finding.kind in (Kind.METADATA_GPS, Kind.TEXT_ADDRESS, Kind.TEXT_HOUSE_NUMBER)
        return is_place and self.nights >= NIGHTS_AT_HOME


def find(reports: Sequence[Report]) -> list[Repeat]:
    """Everything likely that is in more than one photo: by kind, what is in most photos first."""
    groups: list[tuple[Finding, list[tuple[Report, Finding]]]] = []
    index: dict[tuple[Kind, str], int] = {}
    for report in reports:
        for finding in report.findings:
            if finding.kind not in TYING or not finding.value or not finding.likely or exempt.is_exempt(finding):
                continue
            at = _group(finding, groups, index)
            groups[at][1].append((report, finding))
    repeats = [_repeat(members) for _, members in groups]
    told = [repeat for repeat in repeats if len(repeat.paths) > 1]
    return sorted(told, key=lambda r: (TYING.index(r.finding.kind), -len(r.paths), r.paths))


def _group(
    finding: Finding,
    groups: list[tuple[Finding, list[tuple[Report, Finding]]]],
    index: dict[tuple[Kind, str], int],
) -> int:
    """The group of findings that say the same; made when it is the first."""
    if finding.kind is Kind.METADATA_GPS:
        for at, (first, _) in enumerate(groups):
            if first.kind is finding.kind and _near(first.value or "", finding.value or ""):
                return at
        plain = finding.value or ""  # with its signs: they tell north from south
    else:
        plain = "".join(c for c in unicodedata.normalize("NFKC", finding.value or "").casefold() if c.isalnum())
    key = finding.kind, plain
    if key not in index:
        index[key] = len(groups)
        groups.append((finding, []))
    return index[key]


def _repeat(members: Iterable[tuple[Report, Finding]]) -> Repeat:
    members = list(members)
    nights = {m.date() for report, _ in members for m in _moments(report) if m.hour in NIGHT}
    surest = max((finding for _, finding in members), key=lambda f: f.confidence)
    return Repeat(surest, tuple(dict.fromkeys(report.photo.path for report, _ in members)), len(nights))


def _moments(report: Report) -> Iterable[datetime]:
    for finding in report.findings:
        if finding.kind is Kind.METADATA_DATETIME and (match := _MOMENT.search(finding.value or "")):
            try:
                yield datetime(*(int(part) for part in match.groups()))  # type: ignore[arg-type]
            except ValueError:
                continue


def _near(one: str, other: str) -> bool:
    a, b = ([float(part) for part in _DEGREES.findall(value)[:2]] for value in (one, other))
    if len(a) < 2 or len(b) < 2:
        return False
    down = (a[0] - b[0]) * _KM_A_DEGREE
    across = (a[1] - b[1]) * _KM_A_DEGREE * cos(radians(a[0]))
    return down * down + across * across < SAME_PLACE_KM**2
