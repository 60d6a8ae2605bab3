"""What a finding weighs by itself: an adult's face is told and asked about, and counts in full beside what leads to
who that is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from photoscan.finding import Finding
from photoscan.kind import Kind

ATTRIBUTE = "alone"
"""The attribute of a finding that does less harm here than its kind can: nothing likely in the photo goes with it."""
AGE = "age_group"
"""The attribute of faces that says how old they seem."""
MINOR = "possible minor"
UNSURE_CHILD = 0.3
"""How likely somebody is a minor whose face 'may be a minor's'. Of all that are told so about as many are adults of 18
to 24 as are older, and fewer are minors (rates in models/age/README.md, on photos for adults and children alike): less
likely than not, more than a trace."""


def share(finding: Finding) -> float:
    """How likely a finding's harm comes about by itself. What its detector knows better, and a child's face, count as
    they are.
    """
    if finding.severity_override is not None or finding.attributes.get(AGE) == "child":
        return 1.0
    return finding.kind.alone


def lessened(finding: Finding) -> bool:
    """Whether it does less harm by itself than beside others."""
    return share(finding) < 1


def with_unsure_children(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, and for each face that may be a minor's a possible child's face at the same place."""
    for finding in findings:
        yield finding
        if finding.kind in (Kind.FACE, Kind.FACE_KNOWN) and finding.attributes.get(AGE) == MINOR:
            yield replace(finding, kind=Kind.FACE_CHILD, confidence=UNSURE_CHILD * finding.confidence)


def marked(findings: Iterable[Finding], together: Collection[str]) -> tuple[Finding, ...]:
    """The findings, those marked that stand alone. `together`: ids of what is in a likely combination."""
    return tuple(_marked(finding, finding.id not in together) for finding in findings)


def _marked(finding: Finding, is_alone: bool) -> Finding:
    attributes = {name: value for name, value in finding.attributes.items() if name != ATTRIBUTE}
    if is_alone and lessened(finding):
        attributes[ATTRIBUTE] = True
    return replace(finding, attributes=attributes)
