"""Work that several looks at one photo share: a network that is shown the same pixels again gives the answer it gave.

Only inside of `shared`, by whoever looks at a photo in steps. An answer is found by all that it depends on: what was
asked of whom, and the pixels themselves by their hash. A coarse look's answer therefore never stands for a finer one:
other scales, parts and thresholds are other questions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)
"""Of this thread's work alone, since one process looks at several photos at a time."""


@contextmanager
def shared(whether: bool = True) -> Iterator[None]:
    """What is asked twice inside is done once, unless `whether` says otherwise; all is forgotten at the end."""
    token = _answers.set({} if whether else None)
    try:
        yield
    finally:
        _answers.reset(token)


def once(make: Callable[[], T], pixels: Sequence[NDArray[Any]], *asked: Hashable) -> T:
    """What `make` makes of pixels, or made of the same before. Nobody may write to it.

    `asked`: all else that it depends on, with a word for what it is. What `make` raises is raised each time.
    """
    answers = _answers.get()
    if answers is None:
        return make()
    key = (asked, tuple((part.shape, str(part.dtype), _hash(part)) for part in pixels))
    if key not in answers:
        answers[key] = make()
    found: T = answers[key]
    return found


def _hash(part: NDArray[Any]) -> bytes:
    return hashlib.blake2b(part.tobytes(), digest_size=32).digest()
