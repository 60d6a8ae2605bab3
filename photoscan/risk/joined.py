"""Photos of people that say no place, taken minutes from one in the same folder that does: it is theirs as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath

from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.report import Report
from photoscan.risk import exempt
from photoscan.risk.repeats import moments

WITHIN = timedelta(minutes=5)
"""Time in which somebody on foot stays within about 400 m: the same place to whoever looks for them."""


@dataclass(frozen=True, slots=True)
class Joined:
    """`paths`: photos with faces and without a position of their own, taken `minutes` at most from the photo `beside`,
    which has the position `place`.
    """

    place: Finding
    beside: str
    paths: tuple[str, ...]
    minutes: int


def find(reports: Sequence[Report]) -> list[Joined]:
    """What can be joined, by the photos that have the positions, in their order."""
    anchors = [(report, place, at) for report in reports for place in _positions(report) for at in moments(report)]
    groups: dict[int, tuple[Report, Finding, list[tuple[str, timedelta]]]] = {}
    for report in reports:
        if _positions(report) or not any(f.kind.within(Kind.FACE) for f in _likely(report)):
            continue
        near = [
            (abs(at - when), number)
            for number, (other, _, when) in enumerate(anchors)
            for at in moments(report)
            if _together(report, other) and abs(at - when) <= WITHIN
        ]
        if near:
            apart, number = min(near)
            beside, place, _ = anchors[number]
            groups.setdefault(number, (beside, place, []))[2].append((report.photo.path, apart))
    return [_joined(*groups[number]) for number in sorted(groups)]


def _joined(beside: Report, place: Finding, rows: Sequence[tuple[str, timedelta]]) -> Joined:
    most = max(apart for _, apart in rows)
    minutes = max(1, -(-int(most.total_seconds()) // 60))
    return Joined(place, beside.photo.path, tuple(dict.fromkeys(path for path, _ in rows)), minutes)


def _together(one: Report, other: Report) -> bool:
    """Whether two photos lie in one folder, and not two devices took them."""
    if PurePath(one.photo.path).parent != PurePath(other.photo.path).parent:
        return False
    devices = [{f.value for f in _likely(r) if f.kind is Kind.METADATA_DEVICE and f.value} for r in (one, other)]
    return not all(devices) or bool(devices[0] & devices[1])


def _positions(report: Report) -> list[Finding]:
    return [f for f in _likely(report) if f.kind is Kind.METADATA_GPS and f.value]


def _likely(report: Report) -> Iterator[Finding]:
    return (f for f in report.findings if f.likely and not exempt.is_exempt(f))
