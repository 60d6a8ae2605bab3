"""The score: one number from many findings, in which one direct identifier outranks any number of weak ones.

Expected harm, on a logarithmic scale. Each harm has a tier with the weights of CPRT (arXiv 2603.21573: 1, 5, 30, 330)
and a calibrated confidence. What is of one sort (a kind of finding, a combination) adds up to at most two: a hundredth
face tells little that the first did not. The sorts of one tier add up too, but saturate below what one likely harm of
the next tier weighs. The sum of the tiers is told as 0..100, a level's band being a stretch of its logarithm.

The score ranks: what to look at first. The level claims: what this photo is, by what is likely (confidence from .5).
What is only possible is worth a look where its expected harm, confidence times weight, is a third of the worst there
is: then it counts for the score as what it may be, and makes the level 'medium', which asks for that look, and no
further: that claim would be wrong more often than right. All that is less, a trace of something grave or a chance of
something middling, ranks the photo within its level and never lifts it out of that: odds of a few per cent are known
too badly to be multiplied by large weights.

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
LOOK = WEIGHTS[Severity.CRITICAL] / 3
"""Expected harm from which something that is only possible is worth a look: two looks in vain for one that prevents the
worst. What is less than critical never reaches it while it is only possible."""


@dataclass(frozen=True, slots=True)
class Harm:
    """One thing that can do harm. `sort` says what it is like: harms of one sort add less and less."""

    sort: str
    severity: Severity
    confidence: float


def score(harms: Iterable[Harm]) -> int:
    """The score, 0..100; 0 only where there is no harm at all."""
    rows = tuple(harms)
    told = _value(harm for harm in rows if harm.confidence >= LIKELY or worth_a_look(harm))
    return max(told, min(_value(rows), _TOPS[level(told)]))


def claimed(harms: Iterable[Harm]) -> str:
    """The level of all these harms: that of the likely ones; 'low' at least where there is any, and 'medium' where one
    that is only possible is worth a look."""
    rows = tuple(harms)
    least = "medium" if any(map(worth_a_look, rows)) else "low" if any(harm.confidence > 0 for harm in rows) else "none"
    return max(sure_level(rows, LIKELY), least, key=LEVELS.index)


def sure_level(harms: Iterable[Harm], least: float) -> str:
    """The level of those harms alone that are as sure as `least`."""
    return level(_value(harm for harm in harms if harm.confidence >= least))


def worth_a_look(harm: Harm) -> bool:
    """Whether something has to be looked at even if it is only possible."""
    return harm.confidence * WEIGHTS[harm.severity] >= LOOK


def level(value: int) -> str:
    """The word for a score: none, low, medium, high or critical."""
    return next(word for word, start in reversed(STARTS.items()) if value >= start) if value > 0 else "none"


def _value(harms: Iterable[Harm]) -> int:
    """What harms weigh together, each by its confidence, as a score."""
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


def _repeated(count: float) -> float:
    """How much `count` likely harms of one sort tell: the first wholly, all together less than two."""
    return count if count <= 1 else 2 - 1 / count


def _tier(severity: Severity, count: float) -> float:
    """The weight of `count` harms of a tier: one weighs WEIGHTS, all together less than MOST times that."""
    most = MOST[severity]
    return WEIGHTS[severity] * most * (1 - exp(count * log(1 - 1 / most)))


_TOPS = {"none": 19, "low": 19, "medium": 44, "high": 74, "critical": 100}
"""The highest score of each level; what is 'none' becomes 'low' where there is anything at all."""
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
