"""What a first look at a report shows one by one: what is likely, and what is worth a look although it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.risk.score import Harm, worth_a_look


def is_folded(finding: Finding) -> bool:
    """Whether a finding is so uncertain that it is only counted until somebody asks for more."""
    return not finding.likely and not worth_a_look(Harm(finding.kind.value, finding.severity, finding.confidence))


def folded(findings: Iterable[Finding]) -> Counter[Kind]:
    """How many findings of which kinds are folded."""
    return Counter(finding.kind for finding in findings if is_folded(finding))
