"""Where covers lie: what a copy paints for a finding, and whether something lies in that paint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from photoscan.cleaning import CleanPlan
from photoscan.cleaning.plan import EXEMPT
from photoscan.finding import Finding, Region
from photoscan.geometry import Box

EVERYTHING = ("face", "plate", "text", "code", "document")
"""Families of kinds that have a place in the picture."""
PAINTED = 0.8
"""Share of a finding's box from which it lies in paint, as in the proof of a copy."""
SAME = 0.5
"""Share of the smaller of two boxes that both have in common, from which they show the same thing."""


def covers(findings: Iterable[Finding]) -> tuple[Region, ...]:
    """What a copy paints for findings in the picture: their boxes with a margin, whatever a policy says of them."""
    chosen = [_counted(finding) for finding in findings if isinstance(finding.location, Region)]
    painted = CleanPlan(redact=EVERYTHING).patches(chosen)
    return tuple(Region(patch.box, page=patch.page) for patch in painted)


def lies_in(finding: Finding, painted: Iterable[Region]) -> bool:
    """Whether a finding lies in paint, so that a detector saw the paint alone."""
    return any(_here(finding, cover) and _box(finding).coverage_by(cover.box) > PAINTED for cover in painted)


def same(finding: Finding, other: Finding) -> bool:
    """Whether two findings are two looks at one thing."""
    there = other.location
    return finding.kind is other.kind and isinstance(there, Region) and overlap(finding, there)


def overlap(finding: Finding, place: Region) -> bool:
    """Whether a finding and a place show the same part of the picture."""
    if not _here(finding, place):
        return False
    box = _box(finding)
    return box.intersection(place.box) >= SAME * min(box.area, place.box.area) > 0


def _here(finding: Finding, place: Region) -> bool:
    """Whether a finding is in the picture, on the page of that place."""
    return isinstance(finding.location, Region) and (finding.location.page or 0) == (place.page or 0)


def _box(finding: Finding) -> Box:
    assert isinstance(finding.location, Region)
    return finding.location.box


def _counted(finding: Finding) -> Finding:
    return replace(finding, attributes={key: said for key, said in finding.attributes.items() if key != EXEMPT})
