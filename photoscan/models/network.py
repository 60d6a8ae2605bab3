"""What the rest of photoscan knows of a network: one array goes in, named arrays come out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]
    Answers = Mapping[str, Array]


class Network(Protocol):
    """A network opened by some engine. Safe to share between threads."""

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of what comes out, in the model's order."""

    @property
    def metadata(self) -> Mapping[str, str]:
        """What the model's file says beside its weights, such as a recogniser's characters."""

    def run(self, batch: Array) -> Answers:
        """The outputs for one batch (float32, N x C x H x W), by name in the model's order; the caller may write to
        them.
        """
