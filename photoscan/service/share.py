"""How the slots are shared between keys: one that sends all it has never keeps another's first request out.

A key may have all slots but a few, which are left for those that have less than their share. The order in which photos
wait is the workers' (`photoscan.workers.turns`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

Owner = str | None
"""Whose a request is: a key's name, None where there are no keys."""


class Shares:
    """Slots by owner. For one event loop: it holds no lock.

    `weights` tells the keys that there are and how much of a full service each may have, against the others.
    """

    def __init__(self, slots: int, workers: int, weights: Callable[[], Mapping[str, int]] = dict) -> None:
        self.slots = slots
        self.weights = weights
        self.taken: Counter[Owner] = Counter()
        # What is left for others never costs a worker its work.
        self._most_kept = max(0, min(slots // 2, slots - workers))

    def take(self, who: Owner) -> None:
        """A slot is this one's."""
        self.taken[who] += 1

    def give(self, who: Owner) -> None:
        """It is no more."""
        self.taken[who] -= 1
        if self.taken[who] <= 0:
            del self.taken[who]

    def room(self, who: Owner, free: int, most: int = 1) -> int:
        """How many of so many free slots this one may take now, `most` at most."""
        weights = self.weights()
        own, count = self.taken[who], 0
        while count < most and self._may(who, own + count, free - count, weights):
            count += 1
        return count

    @property
    def most(self) -> int:
        """How many slots one owner may have where nobody else is here."""
        others = max(0, len(self.weights()) - 1)
        return self.slots - min(others, self._most_kept)

    def ahead(self, who: Owner, taken: int, workers: int) -> int:
        """How many of the photos that are here come before a new one of this owner.

        Those that workers are at, and of each owner's as many as this one has, as they have their turns.
        """
        turn = self.taken[who] + 1
        others = sum(min(count, turn) for owner, count in self.taken.items() if owner != who)
        known = sum(self.taken.values())
        return max(self.taken[who] + others + taken - known, min(taken, workers))

    def _may(self, who: Owner, own: int, free: int, weights: Mapping[str, int]) -> bool:
        if free < 1 or len(weights) < 2 or own == 0:
            return free > 0
        whole = sum(weights.values())

        def share(name: Owner) -> int:
            return max(1, self.slots * weights.get(name or "", 1) // whole)

        kept = 0
        for name in weights:
            if name == who:
                continue
            if not self.taken[name]:
                kept += 1
            elif own >= share(who):
                kept += max(0, share(name) - self.taken[name])
        return free > min(kept, self._most_kept)
