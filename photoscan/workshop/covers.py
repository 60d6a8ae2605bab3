"""Where covers lie: what a copy paints for a finding, and which findings share a place."""

from __future__ import annotations

from collections.abc import Iterable

from photoscan.cleaning import CleanPlan
from photoscan.finding import Finding, Region
from photoscan.kind import ALL
from photoscan.risk.exempt import unmarked

POSSIBLE_FROM = 0.3
"""Confidence from which something is covered unless somebody chooses otherwise, as in the policy for workshops."""
SAME = 0.5
"""Share of the smaller of two boxes that both have in common, from which they show the same thing."""


def covers(findings: Iterable[Finding]) -> tuple[Region, ...]:
    """What a copy paints for findings in the picture: their boxes with a margin, whatever a policy says of them."""
    chosen = [unmarked(finding) for finding in findings if isinstance(finding.location, Region)]
    painted = CleanPlan(redact=(ALL,), possible_from=0.0).patches(chosen)
    return tuple(Region(patch.box, page=patch.page) for patch in painted)


def same(finding: Finding, other: Finding) -> bool:
    """Whether two findings are two looks at one thing in the picture."""
    here, there = finding.location, other.location
    if finding.kind is not other.kind or not isinstance(here, Region) or not isinstance(there, Region):
        return False
    if (here.page or 0) != (there.page or 0):
        return False
    return here.box.intersection(there.box) >= SAME * min(here.box.area, there.box.area) > 0
