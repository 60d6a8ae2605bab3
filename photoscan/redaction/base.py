"""What every way of hiding parts of a picture is given and gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from photoscan.brushes import Brush
from photoscan.errors import Phrase
from photoscan.geometry import Box

Method = Literal["blocks", "lossless", "recoded"]
"""'blocks': a JPEG's coded data outside of the hidden blocks are the source's; 'lossless': every other pixel is;
'recoded': the whole picture was coded again, as well as the source was."""


@dataclass(frozen=True, slots=True, order=True)
class Patch:
    """A part of a picture to hide, in upright pixels. `page`: of several, from 0; None for all of them."""

    box: Box
    page: int | None = None

    def on(self, page: int) -> bool:
        """Whether it lies on a page."""
        return self.page is None or self.page == page


@dataclass(frozen=True, slots=True)
class Redacted:
    """A file with hidden parts, as its format's own writer made it; `patches`: what is hidden, which may be more.

    `brush`: what painted them, which need not be what was asked for.
    """

    data: bytes
    patches: tuple[Patch, ...]
    method: Method
    brush: Brush
    notes: tuple[Phrase, ...] = ()


def boxes_on(patches: Sequence[Patch], page: int) -> tuple[Box, ...]:
    """The boxes that lie on a page."""
    return tuple(patch.box for patch in patches if patch.on(page))
