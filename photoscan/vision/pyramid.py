"""One picture at several scales, each made once and shared by every model that looks at it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photoscan.pixels import Pixels


class Pyramid:
    """Upright pixels, H x W x 3, uint8, BGR (OpenCV's order), and shrunk copies of them.

    The arrays are shared: treat them as read-only.
    """

    def __init__(self, pixels: Pixels) -> None:
        self.full = pixels
        self._scaled: dict[tuple[int, int], Pixels] = {}
        self._lock = Lock()

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.full.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.full.shape[0])

    @property
    def long_side(self) -> int:
        """The longer of width and height."""
        return max(self.width, self.height)

    def size_at(self, long_side: int) -> tuple[int, int]:
        """Width and height in pixels of the picture with its long side that many."""
        factor = long_side / self.long_side
        return max(1, round(self.width * factor)), max(1, round(self.height * factor))

    def at(self, long_side: int) -> Pixels:
        """The whole picture with its long side that many pixels, smaller or larger than the original.

        Shrinks by area averaging, enlarges by cubic interpolation; the full picture itself when the size is its own.
        """
        import cv2

        size = self.size_at(long_side)
        if size == (self.width, self.height):
            return self.full
        with self._lock:
            if size not in self._scaled:
                method = cv2.INTER_AREA if long_side < self.long_side else cv2.INTER_CUBIC
                self._scaled[size] = cv2.resize(self.full, size, interpolation=method)  # type: ignore[assignment]
            return self._scaled[size]
