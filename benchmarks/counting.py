"""What a scan does, counted: runs of networks with their pixels, decodes, resizes. The same on every machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import cv2

from photoscan.models import Runtime
from photoscan.photo import Photo

GIGAFLOPS: Mapping[str, float] = {
    "text-detector": 21.2,
    "face-detector": 12.05,
    "plate-detector": 4.8,
    "text-recogniser": 141.7,
}
"""Of a megapixel of a network's input: multiplications and additions of its convolutions and matrices, counted in its
graph. Of a column of the recogniser, 48 pixels high, that is 6.8 million. The others are run on small inputs of one
size, and left out."""


@dataclass
class Work:
    """What was done. `runs` and `megapixels` by network; `decoded` and `resized`: megapixels that came out."""

    runs: Counter[str] = field(default_factory=Counter)
    megapixels: Counter[str] = field(default_factory=Counter)
    decodes: int = 0
    resizes: int = 0
    resized: float = 0.0

    @property
    def gigaflops(self) -> float:
        """Of all networks that are listed in GIGAFLOPS."""
        return sum(GIGAFLOPS.get(name, 0.0) * amount for name, amount in self.megapixels.items())


class _Counting:
    """A session that is counted; all else is the session's."""

    def __init__(self, session: Any, name: str, work: Work) -> None:
        self._session, self._name, self._work = session, name, work

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def run(self, outputs: Any, feed: Mapping[str, Any], *others: Any) -> Any:
        """Run it, and note its input."""
        shapes = [value.shape for value in feed.values() if len(value.shape) == 4]
        self._work.runs[self._name] += 1
        self._work.megapixels[self._name] += sum(n * h * w for n, _, h, w in shapes) / 1e6
        return self._session.run(outputs, feed, *others)


@contextmanager
def counted() -> Iterator[Work]:
    """Counts what is done inside, of all threads of this process."""
    work = Work()
    session, pixels, resize = Runtime.session, Photo.pixels, cv2.resize
    known: dict[int, _Counting] = {}  # one a session, as callers remember what they ask it

    def counting_session(runtime: Runtime, name: str) -> Any:
        own = session(runtime, name)
        return known.setdefault(id(own), _Counting(own, name, work))

    def counting_pixels(photo: Photo, *given: Any, **named: Any) -> Any:
        work.decodes += 1
        return pixels(photo, *given, **named)

    def counting_resize(*given: Any, **named: Any) -> Any:
        made = resize(*given, **named)
        work.resizes += 1
        work.resized += made.shape[0] * made.shape[1] / 1e6
        return made

    with (
        mock.patch.object(Runtime, "session", counting_session),
        mock.patch.object(Photo, "pixels", counting_pixels),
        mock.patch("cv2.resize", counting_resize),
    ):
        yield work
