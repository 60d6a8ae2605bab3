"""The score: one number from many findings, in which one direct identifier outranks any number of weak ones.

Expected harm, on a logarithmic scale. Each harm has a tier with the weights of CPRT (arXiv 2603.21573: 1, 5, 30, 330)
and a calibrated confidence. What is of one sort (a kind of finding, a combination) adds up to at most two: a hundredth
face tells little that the first did not. The sorts of one tier add up too, but saturate below what one likely harm of
the next tier weighs. The sum of the tiers is told as 0..100, a level's band being a stretch of its logarithm.

The score ranks: what to look at first. The level claims: what this photo is. A third of a chance of the worst is worth
a look before a certain lesser harm, so possible harms count for the score. Where all of them would make it 'high' or
worse they raise the level to 'medium', which asks for that look, and no further: that claim would be wrong more often
than right. What would be 'medium' at most if it were true is no more than 'low' while it is only possible.

Promises, each tested: adding a harm or confidence never lowers the score or the level, taking one away never raises
them, order does not matter, and a likely harm outranks any number of lesser ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import exp, floor, fsum, log

from photoscan.decision import LEVELS
from photoscan.finding import LIKELY
from photoscan.kind import Severity

WEIGHTS = {Severity.LOW: 1.0, Severity.MEDIUM: 5.0, Severity.HIGH: 30.0, Severity.CRITICAL: 330.0}
"""What one certain harm of a tier weighs."""
MOST = {Severity.LOW: 2.4, Severity.MEDIUM: 2.4, Severity.HIGH: 5.0, Severity.CRITICAL: 5.0}
"""How many times that weight a tier approaches, however much is in it."""
STARTS = {"low": 0.0, "medium": 20.0, "high": 45.0, "critical": 75.0}
"""The score from which each level counts; below 1 it is 'none'."""
TOP = 100.0


@dataclass(frozen=True, slots=True)
class Harm:
    """One thing that can do harm. `sort` says what it is like: harms of one sort add less and less."""

    sort: str
    severity: Severity
    confidence: float


def score(harms: Iterable[Harm]) -> int:
    """The score, 0..100; 0 only where there is no harm at all."""
    sorts: dict[tuple[Severity, str], list[float]] = {}
    for harm in harms:
        if harm.confidence > 0:
            sorts.setdefault((harm.severity, harm.sort), []).append(min(1.0, harm.confidence))
    if not sorts:
        return 0
    tiers: dict[Severity, list[float]] = {severity: [] for severity in Severity}
    for (severity, _), confidences in sorts.items():
        # fsum rounds once, so neither order nor one more summand can upset it.
        tiers[severity].append(_repeated(fsum(confidences)))
    weight = fsum(_tier(severity, fsum(counts)) for severity, counts in tiers.items())
    # Rounded down, so that a number never belongs to a higher level than what it was made of.
    return max(1, floor(_scale(weight)))


def claimed(harms: Iterable[Harm]) -> str:
    """The level of all these harms: that of the likely ones; 'low' at least where there is any, and 'medium' where the
    possible ones would make it 'high' or worse."""
    rows = tuple(harms)
    likely = level(score(harm for harm in rows if harm.confidence >= LIKELY))
    every = level(score(rows))
    doubted = {"none": "none", "high": "medium", "critical": "medium"}.get(every, "low")
    return max(likely, doubted, key=LEVELS.index)


def level(value: int) -> str:
    """The word for a score: none, low, medium, high or critical."""
    return next(word for word, start in reversed(STARTS.items()) if value >= start) if value > 0 else "none"


def _repeated(count: float) -> float:
    """How much `count` likely harms of one sort tell: the first wholly, all together less than two."""
    return count if count <= 1 else 2 - 1 / count


def _tier(severity: Severity, count: float) -> float:
    """The weight of `count` harms of a tier: one weighs WEIGHTS, all together less than MOST times that."""
    most = MOST[severity]
    return WEIGHTS[severity] * most * (1 - exp(count * log(1 - 1 / most)))


_KNOTS = (
    # weight, score: a level starts where one harm of its tier is as likely as not.
    *((_tier(Severity[word.upper()], LIKELY), STARTS[word]) for word in ("medium", "high", "critical")),
    (fsum(WEIGHTS[s] * MOST[s] for s in Severity), TOP),
)


def _scale(weight: float) -> float:
    """From weight to score: straight up to 'medium', then by logarithm from knot to knot."""
    (first, start), *_ = _KNOTS
    if weight < first:
        return start * weight / first
    for (low, below), (high, above) in pairwise(_KNOTS):
        if weight < high:
            return below + (above - below) * log(weight / low) / log(high / low)
    return TOP
