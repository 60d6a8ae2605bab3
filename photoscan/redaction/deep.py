"""Pictures of 16 bits a sample and several colours, which Pillow would cut to 8: by way of OpenCV."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from photoscan.formats import Format
from photoscan.redaction.base import Patch, Redacted
from photoscan.said import RefusedError, said

if TYPE_CHECKING:
    from photoscan.photo import Photo
    from photoscan.redaction.base import Style


def is_deep(photo: Photo) -> bool:
    """Whether a PNG or TIFF has 16 bits a sample and more than grey."""
    if photo.format is Format.PNG:
        return photo.data[24] == 16 and photo.data[25] in (2, 4, 6)
    if photo.format is not Format.TIFF:
        return False
    from PIL import Image

    bits = getattr(Image.open(io.BytesIO(photo.data), formats=["TIFF"]), "tag_v2", {}).get(258, (8,))
    return max(bits if isinstance(bits, tuple) else (bits,)) == 16 and len(bits) > 1


def redact(photo: Photo, patches: Sequence[Patch], style: Style) -> Redacted:
    """Filled, whatever the style, in all 16 bits; upright. Raises RefusedError where OpenCV can't read it."""
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
    for patch in patches:
        box = patch.box.clipped(photo.width, photo.height)
        upright[box.y : box.y2, box.x : box.x2] = (0, 0, 0, 65535)[: upright.shape[2]] if upright.shape[2] > 2 else 0
    done, coded = cv2.imencode(".png" if photo.format is Format.PNG else ".tiff", upright)
    if not done:
        raise RefusedError("deep")
    data = bytes(coded)
    if photo.format is Format.PNG and (profile := _profile(photo.data)):
        data = data[:33] + profile + data[33:]
    notes = () if style == "fill" else (said("note.filled"),)
    return Redacted(data, tuple(patches), "lossless", notes)


def _profile(data: bytes) -> bytes:
    """The PNG's iCCP chunk, whole; OpenCV writes none."""
    at = 8
    while at + 12 <= len(data) and data[at + 4 : at + 8] != b"IDAT":
        length = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"iCCP":
            return data[at : at + 12 + length]
        at += 12 + length
    return b""
