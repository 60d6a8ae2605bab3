"""The score: one number from many findings, in which one direct identifier outranks any number of weak ones.

Four tiers of harm with weights 1, 5, 30, 330, as in CPRT (arXiv 2603.21573), times calibrated confidence. Each tier
saturates inside a band of its own, so that a tier's sum can never reach into the next one. Adding a finding, or
confidence,
never lowers
the score; taking one away never raises it; order does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp

from photoscan.kind import Severity

BANDS = {
    Severity.LOW: (0.0, 20.0),
    Severity.MEDIUM: (20.0, 45.0),
    Severity.HIGH: (45.0, 75.0),
    Severity.CRITICAL: (75.0, 100.0),
}
"""For each tier the score below which its findings alone can't push, and the score that they approach."""
WEIGHTS = {Severity.LOW: 1.0, Severity.MEDIUM: 5.0, Severity.HIGH: 30.0, Severity.CRITICAL: 330.0}
FIRST = 0.6
"""How far into its band one certain finding reaches; further ones share the rest, each less than the one before."""
LEVELS = ((75.0, "critical"), (45.0, "high"), (20.0, "medium"), (0.0, "low"))


def score(harms: Iterable[tuple[Severity, float]]) -> float:
    """The score, 0..100, of (severity, confidence) pairs.

    Confidence lifts a harm from the floor of the tier below to its place in its own band: what is unsure counts for
    less.
    """
    pressure: dict[Severity, float] = dict.fromkeys(Severity, 0.0)
    for severity, confidence in harms:
        pressure[severity] += WEIGHTS[severity] * max(0.0, min(1.0, confidence))
    best = 0.0
    rest = 0.0
    for severity in sorted(Severity):
        if not pressure[severity]:
            continue
        low, high = BANDS[severity]
        counted = pressure[severity] / WEIGHTS[severity]
        if counted < 0.5:
            # Less than one likely finding of this tier: it lends its weight to the tier below.
            high, low = low + (high - low) * 0.1, BANDS[_below(severity)][0]
        reached = low + (high - low) * (1 - exp(-counted * _RATE))
        best, rest = max(best, reached), rest + reached
    # What the lower tiers add can't carry a score over the top of the best tier's band.
    return min(100.0, best + (_ceiling(best) - best) * (1 - exp(-(rest - best) / 200)))


_RATE = 0.9163
"""-ln(1 - FIRST)."""


def level(value: float) -> str:
    """The word for a score; 'none' for exactly 0."""
    return next(word for threshold, word in LEVELS if value >= threshold) if value > 0 else "none"


def _below(severity: Severity) -> Severity:
    return Severity(max(1, severity - 1))


def _ceiling(value: float) -> float:
    return next(high for low, high in BANDS.values() if value < high or high == 100.0)
