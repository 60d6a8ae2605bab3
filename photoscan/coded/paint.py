"""What hidden blocks look like: black, or the average colours of large cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from photoscan.coded.frame import Skeleton
from photoscan.coded.refusal import NotCodableError
from photoscan.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image

_LOWEST, _HIGHEST = -1024, 1016
"""Dequantised DC coefficients of blocks of the samples 0 and 255: eight times the sample less 128."""


def colours(skeleton: Skeleton) -> str:
    """What the components are: 'L', 'YCbCr', 'RGB', 'CMYK' (ink as it is), 'inverted CMYK' or 'inverted YCCK'.

    By the rules that libjpeg goes by.
    """
    count, adobe = len(skeleton.frame.components), skeleton.adobe
    if count == 1:
        return "L"
    if count == 3:
        jfif = any(isinstance(part, bytes) and part[2:9] == b"\0\x10JFIF\0" for part in skeleton.parts)
        names = bytes(component.identifier for component in skeleton.frame.components)
        return "RGB" if not jfif and (adobe == 0 or (adobe is None and names == b"RGB")) else "YCbCr"
    if count == 4:
        return {None: "CMYK", 0: "inverted CMYK", 2: "inverted YCCK"}.get(adobe, "")
    return ""


def _quantised(skeleton: Skeleton, component: int, value: float, outward: bool = False) -> int:
    """A DC coefficient as the component's table writes it; `outward`: rather a step too far than one too near."""
    step = skeleton.quantisation[skeleton.frame.components[component].quantisation][0]
    if not outward:
        return max(-(1024 // step), min(1023 // step, round(value / step)))
    return -(-int(value) // step) if value > 0 else int(value) // step


@dataclass(frozen=True, slots=True)
class Black:
    """Opaque black."""

    values: tuple[int, ...]

    @staticmethod
    def of(skeleton: Skeleton) -> Black:
        """The black of a picture; NotCodableError for colours of unknown meaning."""
        dark = {
            "L": (_LOWEST,),
            "YCbCr": (_LOWEST, 0, 0),
            "RGB": (_LOWEST,) * 3,
            "CMYK": (_HIGHEST,) * 4,
            "inverted CMYK": (_LOWEST,) * 4,
            "inverted YCCK": (_LOWEST, 0, 0, _LOWEST),
        }.get(colours(skeleton))
        if dark is None:
            raise NotCodableError("colours of unknown meaning")
        try:
            return Black(tuple(_quantised(skeleton, i, value, outward=True) for i, value in enumerate(dark)))
        except (KeyError, IndexError, ZeroDivisionError):
            raise NotCodableError("a missing quantisation table") from None

    def __call__(self, component: int, row: int, column: int) -> int:
        """The quantised DC coefficient of a component's block."""
        return self.values[component]


@dataclass(frozen=True, slots=True)
class Averages:
    """Large flat cells, each of the average colour of what it hides.

    `across`, `down`: sampling factors; `units`: coefficients by row and column of units.
    """

    across: tuple[int, ...]
    down: tuple[int, ...]
    units: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)

    @staticmethod
    def of(skeleton: Skeleton, picture: Image, boxes: Sequence[Box], cells: int) -> Averages:
        """`picture`: the decoded JPEG, not turned; `cells`: how many a box is across, at most.

        NotCodableError for pictures that are neither grey nor YCbCr.
        """
        kind, frame = colours(skeleton), skeleton.frame
        if kind not in ("L", "YCbCr"):
            raise NotCodableError("pixelating other colours than YCbCr")
        found = Averages(tuple(c.across for c in frame.components), tuple(c.down for c in frame.components))
        wide, high = frame.unit
        for box in boxes:
            clipped = box.clipped(frame.width, frame.height)
            if not clipped.area:
                continue
            step = max(1, -(-clipped.w // (cells * wide)))
            tall = max(1, step * wide // high)
            columns = range(clipped.x // wide, -(-clipped.x2 // wide), step)
            rows = range(clipped.y // high, -(-clipped.y2 // high), tall)
            for row in rows:
                for column in columns:
                    edges = (column * wide, row * high, min(frame.width, (column + step) * wide),
                             min(frame.height, (row + tall) * high))  # fmt: skip
                    patch = np.asarray(picture.crop(edges).convert(kind), np.float32).reshape(-1, len(frame.components))
                    values = tuple(_quantised(skeleton, i, 8 * (mean - 128)) for i, mean in enumerate(patch.mean(0)))
                    for r in range(row, row + tall):
                        found.units.update({(r, c): values for c in range(column, column + step)})
        return found

    def __call__(self, component: int, row: int, column: int) -> int:
        """The quantised DC coefficient of a component's block."""
        single = len(self.across) == 1
        unit = (row, column) if single else (row // self.down[component], column // self.across[component])
        return self.units[unit][component]
