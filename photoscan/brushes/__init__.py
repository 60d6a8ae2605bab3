"""Styles of hiding parts of a picture: one brush each, and this table of them.

A new style is one module and its row here. Command line, service, policies, plans and receipts know styles from here.
"""

from __future__ import annotations

from typing import Literal, get_args

from photoscan.brushes.base import ROUNDS, Brush, NotPaintableError
from photoscan.brushes.blur import Blur
from photoscan.brushes.fill import Fill
from photoscan.brushes.pixelate import Pixelate
from photoscan.errors import UsageError

__all__ = ["BRUSHES", "FILL", "ROUNDS", "STYLES", "Brush", "NotPaintableError", "Style", "brush", "tries"]

Style = Literal["fill", "pixelate", "blur"]
STYLES: tuple[Style, ...] = get_args(Style)
FILL = Fill()
"""What paints where another style can't, and where one shows too much: in every coding, and proved."""
BRUSHES: dict[Style, Brush] = {"fill": FILL, "pixelate": Pixelate(), "blur": Blur()}


def brush(style: str) -> Brush:
    """The brush of a style; UsageError for a style that does not exist."""
    for name, found in BRUSHES.items():
        if name == style:
            return found
    raise UsageError("problem.clean.style", word=style, known=", ".join(STYLES))


def tries(style: str) -> tuple[tuple[Brush, int], ...]:
    """The brush and the strength of each attempt: what a second scan still makes out under a style that nothing proves
    is filled in the end. UsageError for a style that does not exist."""
    chosen = brush(style)
    return (*((chosen, strength) for strength in range(ROUNDS)), *(() if chosen.proof else ((FILL, 0),)))
