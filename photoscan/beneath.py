"""Looking at what a picture hides with the detectors that look at what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from photoscan.detectors.base import Detector
from photoscan.finding import Finding, Region
from photoscan.views import Beneath

ATTRIBUTE = "hidden"
TRANSPARENCY = "transparency"
SHARE = 0.15
"""How much of a finding's box has to be hidden, at least, for the finding to count as hidden: of 'password: kite' with
a hidden last word a third is."""
SAME = 0.5
"""Overlap from which a finding with the same value is another look at one that is shown."""


def found(detector: Detector, below: Beneath, shown: Sequence[Finding]) -> Iterable[Finding]:
    """What a detector finds in the hidden parts and not in what is shown, each marked as hidden."""
    for finding in detector.find(below):
        box = finding.box
        if box is None or not isinstance(finding.location, Region) or below.hidden_share(box) < SHARE:
            continue
        if not any(_same(finding, other) for other in shown):
            yield replace(finding, attributes={**finding.attributes, ATTRIBUTE: TRANSPARENCY})


def _same(finding: Finding, other: Finding) -> bool:
    there = finding.box is not None and other.box is not None and finding.box.iou(other.box) > SAME
    return there and finding.kind is other.kind and finding.value == other.value
