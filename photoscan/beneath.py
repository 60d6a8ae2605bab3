"""Looking at what a picture hides with the detectors that look at what it shows: under transparency, under covers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from photoscan.detectors.base import Detector
from photoscan.finding import Finding, Region
from photoscan.views import Beneath, Uncovered, Views

ATTRIBUTE = "hidden"
TRANSPARENCY = "transparency"
COVERED, SEE_THROUGH = "covered", "see-through"
"""The attribute of what lies under a cover that can be seen through, and its value. It is in the picture: copies cover
it as they do what is shown."""
SHARE = 0.15
"""How much of a finding's box has to be hidden, at least, for the finding to count as hidden: of 'password: kite' with
a hidden last word a third is."""
SAME = 0.5
"""Overlap from which a finding with the same value is another look at one that is shown."""


def found(detector: Detector, views: Views, shown: Sequence[Finding]) -> Iterator[Finding]:
    """What a detector finds in the hidden parts of a page and not in what is shown, each marked as hidden."""
    if (below := views.beneath) is not None:
        yield from _marked(detector, below, shown, ATTRIBUTE, TRANSPARENCY)
    # What a cover lets through is print, and there is none where nobody reads.
    if detector.source == "text" and (lifted := views.uncovered) is not None:
        yield from _marked(detector, lifted, shown, COVERED, SEE_THROUGH)


def _marked(
    detector: Detector, below: Beneath | Uncovered, shown: Sequence[Finding], attribute: str, value: str
) -> Iterable[Finding]:
    for finding in detector.find(below):
        box = finding.box
        if box is None or not isinstance(finding.location, Region) or below.hidden_share(box) < SHARE:
            continue
        if not any(_same(finding, other) for other in shown):
            yield replace(finding, attributes={**finding.attributes, attribute: value})


def _same(finding: Finding, other: Finding) -> bool:
    there = finding.box is not None and other.box is not None and finding.box.iou(other.box) > SAME
    return there and finding.kind is other.kind and finding.value == other.value
