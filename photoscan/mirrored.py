"""Looking at mirrored lettering with the detectors that look at the rest; what they find lies where it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from photoscan.detectors.base import Detector
from photoscan.finding import Finding, Region
from photoscan.geometry import Box, mirrored_box, mirrored_polygon
from photoscan.views import Views

ATTRIBUTE = "mirrored"
SAME = 0.5
"""Overlap from which two findings of one kind, one of each look, are of one thing."""
INSIDE = 0.3
"""How much of a finding's box mirrored lettering fills, from which on it was made of that as if it were none: lines
fill a plate by half, and each of two rows by a third."""


def found(detector: Detector, views: Views) -> Iterator[Finding]:
    """What a detector finds on a page, with what is mirrored on it. Raises what it raises."""
    mirror = views.mirror if detector.reads else None
    if mirror is None:
        yield from detector.find(views)
        return
    width = views.pyramid.width
    lettering = [mirrored_box(line.box, width) for line in mirror.lines if line.box]
    other = [_as_shown(finding, width) for finding in detector.find(mirror)]
    # Text has been sorted by its lines; what is found by its shape too is seen twice.
    shown = list(detector.find(views))
    if detector.source != "text":
        shown = [one for one in shown if not _outdone(one, other, lettering)]
    yield from shown
    yield from (one for one in other if not any(_same(one, s) or _within(one, s) for s in shown))


def _as_shown(finding: Finding, width: int) -> Finding:
    place = finding.location
    if not isinstance(place, Region):
        return finding
    polygon = mirrored_polygon(place.polygon, width) if place.polygon else None
    back = replace(place, box=mirrored_box(place.box, width), polygon=polygon)
    return replace(finding, location=back, attributes={**finding.attributes, ATTRIBUTE: True})


def _outdone(one: Finding, other: Iterable[Finding], lettering: Sequence[Box]) -> bool:
    """Whether the mirror shows better what a finding is, or that its reading is none."""
    box = one.box
    if box is None:
        return False
    if any(_same(one, o) and o.confidence >= one.confidence for o in other):
        return True
    # A few mirrored characters on something that reads well by itself do not outdo it.
    mirrored = sum(line.intersection(box) for line in lettering)
    return one.value is not None and mirrored > INSIDE * box.area


def _within(one: Finding, shown: Finding) -> bool:
    """Whether a finding is a part of a surer one of its kind, such as the row of months below a plate's number."""
    inside = one.box is not None and shown.box is not None and one.box.coverage_by(shown.box) > SAME
    return inside and one.kind is shown.kind and shown.confidence >= one.confidence


def _same(one: Finding, other: Finding) -> bool:
    there = one.box is not None and other.box is not None and one.box.iou(other.box) > SAME
    return there and one.kind is other.kind
