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
INSIDE = 0.5
"""How much of a mirrored line, or of what was made of it as if it were none, lies in the other."""


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
    yield from (one for one in other if not any(_same(one, s) for s in shown))


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
    return one.value is not None and any(
        max(line.coverage_by(box), box.coverage_by(line)) > INSIDE for line in lettering
    )


def _same(one: Finding, other: Finding) -> bool:
    there = one.box is not None and other.box is not None and one.box.iou(other.box) > SAME
    return there and one.kind is other.kind
