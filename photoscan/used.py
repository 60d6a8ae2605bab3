"""Which models a piece of work asked for. It knows none of them: a look at metadata loads nothing for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from photoscan.report import ModelInfo


class Use:
    """The models that were asked for while it was watched."""

    def __init__(self) -> None:
        self.asked: set[ModelInfo] = set()

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        """By name, each with the hash of the file that ran."""
        return tuple(sorted(self.asked, key=lambda info: info.name))


_asked: ContextVar[set[ModelInfo] | None] = ContextVar("asked", default=None)
"""Of this thread's work alone, since one process looks at several photos at a time."""


@contextmanager
def watched() -> Iterator[Use]:
    """Notes each model that is asked for inside, also one that the process opened long ago.

    Whoever runs a network therefore asks for its path or its session each time.
    """
    use = Use()
    token = _asked.set(use.asked)
    try:
        yield use
    finally:
        _asked.reset(token)


def note(model: ModelInfo) -> None:
    """A model is asked for."""
    if (asked := _asked.get()) is not None:
        asked.add(model)
