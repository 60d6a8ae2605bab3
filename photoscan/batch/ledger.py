"""What a ledger is: what remembers which photos are done, so that nothing is done twice and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from photoscan.batch.summary import State


class Ledger(Protocol):
    """Of one fingerprint (`photoscan.fingerprint`): what was answered under another one is never given back.

    `LocalLedger` keeps all reports in one file; `PartsLedger` lets them leave in parts. Every method may raise
    NotReadableError when there is no more room or no way to it, and the batch ends; what it kept until then stays.
    """

    def known(self, path: str, stamp: str) -> str | None:
        """The key of the work that a path stood for when its photo was last looked at; None when the stamp is another
        one or empty."""

    def answered(self, key: str) -> bool:
        """Whether a piece of work is done."""

    def place(self, path: str, stamp: str, key: str, place: int) -> None:
        """Note which work a path stands for, and its place in the order of this run. Before its answer or after it, and
        as often as it likes: a path has one row, that of its last key."""

    def answer(self, key: str, report: str, state: State = "whole") -> None:
        """Keep a report, as JSON in ASCII, for all paths that stand for this work, also those yet to come."""

    def died(self, key: str) -> int:
        """Note that a process died over a piece of work, or was ended for taking too long; how often by now."""

    def forget_partial(self) -> int:
        """Give what was set aside or not wholly inspected another chance; how many there were."""

    def flush(self) -> None:
        """All that was answered is where it belongs; called when a run ends or is stopped, and has to be quick."""

    def reports(self, of_this_run: bool = True) -> Iterator[tuple[str, dict[str, Any], State]]:
        """Path, report (with the path under which it was made) and its state, one for each path. `of_this_run`: where
        the ledger can tell, only paths that this run has come past, in its order."""
