"""Findings that do not count: known values, ignored regions, what was reviewed before. They stay in the report.

The attribute `exempt` of such a finding says why: 'known', 'ignored', 'reviewed', or 'beside' for what is not in the
photo but in a file beside it, which does not travel with the photo unless somebody sends it along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import PurePath

from photoscan.finding import Finding, Region
from photoscan.kind import named
from photoscan.report import PhotoInfo
from photoscan.risk import known
from photoscan.risk.policy import IgnoredRegion, Policy

ATTRIBUTE = "exempt"
BESIDE = "beside"
INSIDE = 0.9
"""Share of a finding's box that has to lie in an ignored region: boxes vary by a few pixels."""


def is_exempt(finding: Finding) -> bool:
    """Whether a finding was marked as not counting."""
    return ATTRIBUTE in finding.attributes


def is_passed(finding: Finding) -> bool:
    """Whether it is of the photo and does not count, since somebody knows it."""
    return is_exempt(finding) and not finding.beside


def marked(finding: Finding, why: str) -> Finding:
    """The finding, marked as not counting."""
    return replace(finding, attributes={**finding.attributes, ATTRIBUTE: why})


def unmarked(finding: Finding, *whys: str) -> Finding:
    """The finding without its mark, if that says one of these reasons; any, where none are named."""
    mark = finding.attributes.get(ATTRIBUTE)
    if mark is None or (whys and mark not in whys):
        return finding
    return replace(finding, attributes={name: said for name, said in finding.attributes.items() if name != ATTRIBUTE})


def by_policy(findings: Iterable[Finding], photo: PhotoInfo, policy: Policy) -> Iterable[Finding]:
    """The findings, those marked that the policy knows or ignores; UsageError when its hashes have no key."""
    is_known = _recogniser(policy)
    for finding in findings:
        if is_exempt(finding):
            yield finding
        elif finding.beside:
            yield marked(finding, BESIDE)
        elif is_known(finding):
            yield marked(finding, "known")
        elif any(_covers(region, finding, photo) for region in policy.ignore):
            yield marked(finding, "ignored")
        else:
            yield finding


def _recogniser(policy: Policy) -> Callable[[Finding], bool]:
    if not policy.allow:
        return lambda finding: False
    secret = known.key()
    hashes = {kind: {row.hash for row in policy.allow if row.kind is kind} for kind in {r.kind for r in policy.allow}}
    return lambda f: bool(f.value and f.kind in hashes and known.matches(f.kind, f.value, hashes[f.kind], secret))


def _covers(region: IgnoredRegion, finding: Finding, photo: PhotoInfo) -> bool:
    if not isinstance(finding.location, Region) or not photo.width or not photo.height:
        return False
    if region.kinds and not named(finding.kind, region.kinds):
        return False
    path = PurePath(photo.path)
    if not (fnmatch(path.as_posix(), region.photos) or fnmatch(path.name, region.photos)):
        return False
    x, y, w, h = region.box
    box = finding.location.box
    across = min(box.x2, (x + w) * photo.width) - max(box.x, x * photo.width)
    down = min(box.y2, (y + h) * photo.height) - max(box.y, y * photo.height)
    return across > 0 and down > 0 and across * down >= INSIDE * box.area
