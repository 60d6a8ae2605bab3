"""What repeats over several photos: the same plate, place or name ties them together, and may show a home."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import cos, radians

from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.patterns import pattern
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
NIGHTS_AT_HOME = 3
"""On how many nights a place has to be seen to be taken for a home."""
JOURNEY = timedelta(days=7)
"""How far the first and the last of them have to be apart, at least: what is shorter may be a hotel."""
NIGHTS_OF_A_STAY = 2
"""On how many nights a place has to be seen for it to be said at all."""
MORNING = range(6, 9)
"""Hours at which children are on their way to school, or at its gate."""
FREE_DAY = 5
"""Saturday, by `datetime.weekday`: the day on which schools are closed nearly everywhere. In parts of Malaysia and of
the Arab world the week begins on Sunday."""
MORNINGS_OF_A_ROUTINE = 3
"""On how many school mornings a child has to be seen at a place for a stranger to count on it."""
_DAWN = timedelta(hours=7)
"""A night belongs to the day on which it began."""
_PLACES = (Kind.METADATA_GPS, Kind.TEXT_ADDRESS, Kind.TEXT_HOUSE_NUMBER)
_MOMENT = pattern(r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?")
_DEGREES = pattern(r"-?\d+\.\d+")
_KM_A_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something that is in several photos. `finding` is the surest of them, `paths` the photos in their order.

    `nights`: those on which the photos were taken, by the days on which they began, where the times are known.
    `mornings`: the school days on whose mornings photos with a child in them were taken.
    """

    finding: Finding
    paths: tuple[str, ...]
    nights: tuple[date, ...] = ()
    mornings: tuple[date, ...] = ()

    @property
    def home(self) -> bool:
        """Whether this place is probably somebody's home: more nights than a stay, further apart than a journey."""
        if self.finding.kind not in _PLACES or len(self.nights) < NIGHTS_AT_HOME:
            return False
        return self.nights[-1] - self.nights[0] > JOURNEY

    @property
    def stay(self) -> bool:
        """Whether somebody spent nights here."""
        return self.finding.kind in _PLACES and len(self.nights) >= NIGHTS_OF_A_STAY

    @property
    def routine(self) -> bool:
        """Whether a child can be waited for here."""
        is_place = self.finding.kind in (*_PLACES, Kind.TEXT_SCHOOL)
        return is_place and len(self.mornings) >= MORNINGS_OF_A_ROUTINE


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
    nights = {(at - _DAWN).date() for report, _ in members for at in moments(report) if at.hour in NIGHT}
    surest = max((finding for _, finding in members), key=lambda f: f.confidence)
    paths = tuple(dict.fromkeys(report.photo.path for report, _ in members))
    return Repeat(surest, paths, tuple(sorted(nights)), tuple(sorted(_school_mornings(r for r, _ in members))))


def _school_mornings(reports: Iterable[Report]) -> set[date]:
    """The days on whose mornings a child was photographed, but for free ones."""
    with_child = [r for r in reports if any(f.kind is Kind.FACE_CHILD and f.likely for f in r.findings)]
    times = [at for report in with_child for at in moments(report)]
    return {at.date() for at in times if at.hour in MORNING and at.weekday() != FREE_DAY}


def moments(report: Report) -> Iterable[datetime]:
    """When a photo was taken, by what its file says."""
    for finding in report.findings:
        if finding.kind is Kind.METADATA_DATETIME and (match := _MOMENT.search(finding.value or "")):
            try:
                yield datetime(*(int(part) for part in match.groups("0")))  # type: ignore[arg-type]
            except ValueError:
                continue


def _near(one: str, other: str) -> bool:
    a, b = ([float(part) for part in _DEGREES.findall(value)[:2]] for value in (one, other))
    if len(a) < 2 or len(b) < 2:
        return False
    down = (a[0] - b[0]) * _KM_A_DEGREE
    across = (a[1] - b[1]) * _KM_A_DEGREE * cos(radians(a[0]))
    return down * down + across * across < SAME_PLACE_KM**2
