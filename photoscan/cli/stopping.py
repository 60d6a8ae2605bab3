"""Ctrl-C: the work ends where it is, what was found until then is told, and the exit status says so."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

Item = TypeVar("Item")

STOPPED = 130
"""Exit status of a run that its user stopped: 128 and the number of SIGINT, as shells have it."""


class Stopping:
    """Whether the user has asked to stop. The first time ends what is being waited for, the second time everything."""

    def __init__(self) -> None:
        self.asked = False
        self._working = False

    def until(self, work: Iterable[Item]) -> Iterator[Item]:
        """The work's results until the user stops it: at once while it is being waited for, and where he does it
        meanwhile, before the next one."""
        steps = iter(work)
        with self._heard():
            while not self.asked:
                try:
                    self._working = True
                    step = next(steps)
                    self._working = False
                except StopIteration:
                    return
                except KeyboardInterrupt:
                    self.asked = True
                    return
                finally:
                    self._working = False
                yield step

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """SIGINT is heard here, unless it is not heard at all (nohup), or this is not the thread that hears."""
        old = signal.getsignal(signal.SIGINT)
        if old in (signal.SIG_IGN, None) or threading.current_thread() is not threading.main_thread():
            yield
            return

        def heard(number: int, frame: FrameType | None) -> None:
            if self.asked or self._working:
                raise KeyboardInterrupt
            self.asked = True

        signal.signal(signal.SIGINT, heard)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, old)
