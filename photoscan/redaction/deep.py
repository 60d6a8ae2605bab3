"""Pictures of 16 bits a sample and several colours, which Pillow would cut to 8: by way of OpenCV."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from photoscan.brushes import Brush
from photoscan.clean_phrases import RefusedError
from photoscan.formats import Format
from photoscan.redaction.base import Patch, Redacted
from photoscan.redaction.paint import hide_samples

if TYPE_CHECKING:
    from photoscan.photo import Photo


def is_deep(photo: Photo) -> bool:
    """Whether a PNG or TIFF has 16 bits a sample and more than grey."""
    if photo.format is Format.PNG:
        return photo.data[24] == 16 and photo.data[25] in (2, 4, 6)
    if photo.format is not Format.TIFF:
        return False
    from PIL import Image

    bits = getattr(Image.open(io.BytesIO(photo.data), formats=["TIFF"]), "tag_v2", {}).get(258, (8,))
    return max(bits if isinstance(bits, tuple) else (bits,)) == 16 and len(bits) > 1


def redact(photo: Photo, patches: Sequence[Patch], brush: Brush) -> Redacted:
    """Painted over in all 16 bits; upright. Raises RefusedError where OpenCV can't read it."""
    import cv2
    import numpy as np

    from photoscan.decode import turned

    if photo.frames > 1:
        raise RefusedError("deep")
    pixels = cv2.imdecode(np.frombuffer(photo.data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint16:
        raise RefusedError("deep")
    coded_way: Any = pixels if pixels.ndim == 3 else pixels[:, :, None]
    upright = np.ascontiguousarray(turned(coded_way, photo.orientation))
    if upright.shape[:2] != (photo.height, photo.width):
        raise RefusedError("deep")
    painted, notes = hide_samples(upright, [patch.box for patch in patches], 65535, brush)
    done, coded = cv2.imencode(".png" if photo.format is Format.PNG else ".tiff", upright)
    if not done:
        raise RefusedError("deep")
    data = bytes(coded)
    if photo.format is Format.PNG and (profile := _profile(photo.data)):
        data = data[:33] + profile + data[33:]
    return Redacted(data, tuple(patches), "lossless", painted, notes)


def _profile(data: bytes) -> bytes:
    """The PNG's iCCP chunk, whole; OpenCV writes none."""
    at = 8
    while at + 12 <= len(data) and data[at + 4 : at + 8] != b"IDAT":
        length = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"iCCP":
            return data[at : at + 12 + length]
        at += 12 + length
    return b""
