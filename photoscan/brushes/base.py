"""What every way of hiding a part of a picture can do, and says of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

    from photoscan.coded import Paint
    from photoscan.coded.frame import Skeleton
    from photoscan.geometry import Box
    from photoscan.pixels import Pixels

ROUNDS = 3
"""How often a region is painted over, each time stronger, before a style gives up on it."""
SOFT = frozenset(("L", "RGB", "RGBA", "LA", "CMYK"))
"""Pillow's modes in which colours can be mixed."""


class NotPaintableError(Exception):
    """This style can't be painted in that coding: the one who asked fills instead, and says so."""


class Brush(ABC):
    """One style. Stateless: the same object paints every picture.

    `reversible`: what lies below can be made out again, at least in part. `proof`: the sentence below `clean.proof.`,
    with and without `_inside`, by which `covers` is told; None for a style that leaves nothing to prove it by. `modes`:
    Pillow's modes that it paints in.

    A GIF's indices stand for colours of a palette and can't be mixed: they are filled, whatever the style.
    """

    name: ClassVar[str]
    reversible: ClassVar[bool]
    proof: ClassVar[str | None] = None
    modes: ClassVar[frozenset[str]] = SOFT

    @abstractmethod
    def pixels(self, picture: Image, box: Box, strength: int) -> None:
        """Paint over a box that lies in a decoded picture of one of `modes`, in place. `strength`: 0 to 2."""

    def blocks(self, jpeg: Skeleton, picture: Callable[[], Image], boxes: Sequence[Box], strength: int) -> Paint:
        """What replaces a JPEG's blocks in these boxes, in coded pixels; `picture` decodes it, not turned.

        Raises NotPaintableError for a style that flat blocks can't show, NotCodableError for a JPEG whose blocks can't
        be replaced: then the picture is coded again.
        """
        raise NotPaintableError

    def samples(self, samples: NDArray, box: Box, top: int) -> None:  # type: ignore[type-arg]
        """Paint over a box in H x W x (colours, alpha) of any depth, in place; `top` is full alpha.

        Raises NotPaintableError for a style that does not know how.
        """
        raise NotPaintableError

    def covers(self, patch: Pixels) -> bool:
        """Whether a part of the copy, H x W x 3, shows paint and nothing else: what `proof` says."""
        return False
