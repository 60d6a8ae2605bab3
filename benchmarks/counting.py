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
    """A network that is counted; all else is the network's."""

    def __init__(self, network: Any, name: str, work: Work) -> None:
        self._network, self._name, self._work = network, name, work

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)

    def run(self, batch: Any) -> Any:
        """Run it, and note its input."""
        number, _, height, width = batch.shape
        self._work.runs[self._name] += 1
        self._work.megapixels[self._name] += number * height * width / 1e6
        return self._network.run(batch)


@contextmanager
def counted() -> Iterator[Work]:
    """Counts what is done inside, of all threads of this process."""
    work = Work()
    network, pixels, resize = Runtime.network, Photo.pixels, cv2.resize
    known: dict[int, _Counting] = {}  # one a network, as callers remember what they ask it

    def counting_network(runtime: Runtime, name: str) -> Any:
        own = network(runtime, name)
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
        mock.patch.object(Runtime, "network", counting_network),
        mock.patch.object(Photo, "pixels", counting_pixels),
        mock.patch("cv2.resize", counting_resize),
    ):
        yield work
