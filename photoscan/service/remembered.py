"""Reports of photos that were just checked, for the clean that often follows: it need not look at the photo again.

In memory only, bounded and short. What is kept is what a worker wrote; nothing here reads it, and only workers do. A
copy is proved all the same: its own look is never one from here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from photoscan.service.replays import digest
from photoscan.service.task import ServiceRequest

REPORTS = 1000
BYTES = 32 * 1024 * 1024
"""All reports together; the oldest are forgotten first."""
LARGEST = 1024 * 1024
"""Bytes of a report that is worth keeping: a page of text has a tenth of it."""


class Remembered:
    """Reports by caller and photo. For one event loop: it holds no lock.

    `seconds`: how long one is kept, 0 for not at all.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self.seconds = seconds
        self.clock = clock
        self.bytes = 0
        self._reports: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._reports)

    def keep(self, caller: str | None, asked: ServiceRequest, report: bytes) -> bool:
        """Keep the report of what was asked; whether it is kept."""
        if not self.seconds or len(report) > LARGEST:
            return False
        key = _key(caller, asked)
        self._drop(key)
        self._reports[key] = (self.clock(), report)
        self.bytes += len(report)
        self.forget()
        return True

    def find(self, caller: str | None, asked: ServiceRequest) -> bytes | None:
        """What is kept of this photo, asked about in the same way by the same caller; in whatever language."""
        self.forget()
        if not self._reports:
            return None
        found = self._reports.get(_key(caller, asked))
        return None if found is None else found[1]

    def forget(self) -> None:
        """Drop what is too old or too much."""
        while self._reports:
            key, (since, _) = next(iter(self._reports.items()))
            if self.clock() - since < self.seconds and len(self._reports) <= REPORTS and self.bytes <= BYTES:
                return
            self._drop(key)

    def _drop(self, key: str) -> None:
        before = self._reports.pop(key, None)
        if before is not None:
            self.bytes -= len(before[1])


def _key(caller: str | None, asked: ServiceRequest) -> str:
    """By hash, of all that a look depends on; a missing name or caption is another thing than an empty one."""
    words = repr((caller, asked.policy, asked.name, asked.caption))
    return digest(words.encode("utf-8", "surrogatepass"), asked.data)
