"""From bytes to upright BGR pixels, by the fastest library that decodes the format faithfully."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image, ImageOps, ImageSequence

from photoscan.errors import CorruptPhotoError
from photoscan.formats import Format
from photoscan.source import deepest

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

_OPENCV = frozenset({Format.JPEG, Format.WEBP})
"""Where OpenCV is faster than Pillow by half. (Its PNG reader writes warnings to standard error by itself.)"""

_SELF_TURNING = frozenset({Format.TIFF, Format.HEIC, Format.AVIF})


def upright(data: bytes, format_: Format, orientation: int, page: int = 0) -> Pixels:
    """Pixels of one page: H x W x 3, uint8, BGR, alpha over white, EXIF orientation (1..8) applied.

    Raises CorruptPhotoError when any part is missing: a picture that was half decoded would be half inspected.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pixels = _decoded(data, format_, page)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - decoders raise anything on broken input
        raise CorruptPhotoError(f"problem.broken.{_why(error)}", format=format_.value) from None
    # Pillow turns TIFF pages by itself, libheif HEIC; an AVIF has been turned.
    return np.ascontiguousarray(pixels if format_ in _SELF_TURNING else turned(pixels, orientation))


def _why(error: Exception) -> str:
    """Why, in a word of ours: a decoder's own may quote the photo."""
    return "cut" if "truncated" in str(error).lower() else "pixels"


def _decoded(data: bytes, format_: Format, page: int) -> Pixels:
    if format_ is Format.HEIC:
        import pillow_heif

        heif = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
        return _bgr(heif[heif.primary_index].to_pillow())
    image = Image.open(io.BytesIO(data), formats=[format_.value.upper()])
    if page == 0 and format_ in _OPENCV and image.mode in ("RGB", "L") and "transparency" not in image.info:
        if format_ is Format.JPEG and not _complete(data):
            raise ValueError("truncated")
        flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
        if decoded is not None and decoded.shape[:2] == (image.height, image.width):
            return decoded  # type: ignore[return-value]
    if format_ is Format.AVIF:
        # Pillow tells a picture's own turning (irot, imir) as its orientation, whatever EXIF says.
        return _bgr(ImageOps.exif_transpose(image) or image)
    if page:
        image.seek(page)
    if format_ is Format.GIF or getattr(image, "is_animated", False):
        return _bgr(next(iter(ImageSequence.Iterator(image))) if not page else image)
    return _bgr(image)


def _complete(data: bytes) -> bool:
    """Whether an end marker follows the last scan: OpenCV fills in grey for what is missing."""
    last_scan = data.rfind(b"\xff\xda")
    return last_scan >= 0 and data.find(b"\xff\xd9", last_scan) >= 0


def _bgr(image: Image.Image) -> Pixels:
    image.load()
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        grey = np.asarray(image).astype(np.float64)
        top = deepest(float(grey.max(initial=0)), image.mode)
        return np.repeat((np.clip(grey / top, 0, 1) * 255).astype(np.uint8)[:, :, None], 3, axis=2)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper: Any = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, rgba)
    return np.asarray(image.convert("RGB"))[:, :, ::-1]


def turned(pixels: Pixels, orientation: int) -> Pixels:
    """Apply an EXIF orientation (TIFF 6.0, tag 274)."""
    if orientation in (2, 3, 5, 7):
        pixels = pixels[:, ::-1] if orientation != 3 else pixels[::-1, ::-1]
    if orientation == 4:
        pixels = pixels[::-1]
    if orientation == 5:
        return np.rot90(pixels, 1)
    if orientation == 6:
        return np.rot90(pixels, -1)
    if orientation == 7:
        return np.rot90(pixels, -1)
    if orientation == 8:
        return np.rot90(pixels, 1)
    return pixels
