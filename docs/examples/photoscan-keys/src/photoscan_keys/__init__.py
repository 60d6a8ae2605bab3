"""Finds keys that lie on a red cloth."""

from collections.abc import Iterable
from typing import Literal

from photoscan import Box, Finding, Kind, Region, Views
from photoscan_keys.card import KEY

SMALLEST = 200
"""Square pixels: what is smaller can't be cut from a photo."""


class KeyDetector:
    """Steel grey with a red cloth around it. Nothing of photoscan's has to be inherited."""

    name = "keys"
    kinds: tuple[Kind, ...] = (KEY,)
    source: Literal["pixels"] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """One finding for all that lies on the cloth of this page."""
        pixels = views.pixels.astype(int)
        blue, green, red = pixels[:, :, 0], pixels[:, :, 1], pixels[:, :, 2]
        cloth = (red > 120) & (green < 60) & (blue < 60)
        steel = (abs(red - green) < 25) & (abs(green - blue) < 25) & (red > 90) & (red < 210)
        if cloth.mean() < 0.05 or not steel.any():
            return
        rows, columns = steel.any(axis=1).nonzero()[0], steel.any(axis=0).nonzero()[0]
        box = Box.from_edges(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        if box.area >= SMALLEST:
            yield Finding(KEY, 0.9, Region(box), self.name, "steel on a red cloth")
