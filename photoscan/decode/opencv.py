"""By OpenCV, faster than Pillow by half, where it shows the same; else by Pillow."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from photoscan.decode import pillow

if TYPE_CHECKING:
    from photoscan.formats import Format
    from photoscan.pixels import Pixels


def decoded(data: bytes, format_: Format, page: int) -> Pixels:
    """H x W x 3, uint8, BGR, alpha over white; not turned. Raises anything for broken data."""
    image = Image.open(io.BytesIO(data), formats=[str(format_.row.pillow)])
    if page == 0 and image.mode in ("RGB", "L") and "transparency" not in image.info:
        if image.format in ("JPEG", "MPO") and not _complete(data):
            raise ValueError("truncated")
        flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
        found = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
        if found is not None and found.shape[:2] == (image.height, image.width):
            return found  # type: ignore[return-value]
    return pillow.decoded(data, format_, page)


def _complete(data: bytes) -> bool:
    """Whether an end marker follows the last scan: OpenCV fills in grey for what is missing."""
    last_scan = data.rfind(b"\xff\xda")
    return last_scan >= 0 and data.find(b"\xff\xd9", last_scan) >= 0
