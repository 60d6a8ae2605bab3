"""The order in which jobs wait: each owner has its turns, whatever the others have sent.

Start-time fair queueing (Goyal, Vin and Cheng, 1996) with jobs of one length: for one owner it is first come, first
served; of several each gets on by its weight.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterator
from itertools import count
from typing import Generic, TypeVar

Item = TypeVar("Item")
_FIRST = float("-inf")


class Turns(Generic[Item]):
    """A queue by owner. It holds no lock."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Item]] = []
        self._numbers = count()
        self._now = 0.0
        self._next: dict[Hashable, float] = {}

    def append(self, item: Item, owner: Hashable = None, weight: float = 1.0) -> None:
        """Put an item behind its owner's others."""
        start = max(self._now, self._next.get(owner, 0.0))
        self._next[owner] = start + 1 / weight
        heapq.heappush(self._heap, (start, next(self._numbers), item))

    def put_back(self, item: Item) -> None:
        """Put an item before all others: it has had its turn."""
        heapq.heappush(self._heap, (_FIRST, next(self._numbers), item))

    def first(self) -> Item:
        """The item whose turn it is."""
        return self._heap[0][2]

    def pop(self) -> Item:
        """Take that item out."""
        start, _, item = heapq.heappop(self._heap)
        self._now = max(self._now, start)
        if not self._heap:
            self.clear()
        return item

    def clear(self) -> None:
        """Take all out, and forget who had which turn."""
        self._heap.clear()
        self._next.clear()
        self._now = 0.0

    def __len__(self) -> int:
        """How many wait."""
        return len(self._heap)

    def __iter__(self) -> Iterator[Item]:
        """All that wait, in their order as far as nobody comes."""
        return (item for _, _, item in sorted(self._heap, key=lambda row: row[:2]))
