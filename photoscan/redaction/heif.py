"""HEIC: decoded, painted over and coded again as HEVC, in its own depth of colour."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from photoscan.brushes import Brush
from photoscan.clean_phrases import clean_phrase
from photoscan.errors import UnsupportedFormatError
from photoscan.formats import Format
from photoscan.redaction.base import Patch, Redacted
from photoscan.redaction.paint import chosen, hide, hide_samples, paintable
from photoscan.redaction.quality import as_good_as
from photoscan.stripping import Keep, strip
from photoscan.stripping.flat import FAINT

if TYPE_CHECKING:
    from photoscan.photo import Photo


_MEANT = ("color_primaries", "transfer_characteristics", "matrix_coefficients", "full_range_flag")


def redact(photo: Photo, keep: Keep, patches: Sequence[Patch], brush: Brush, strength: int) -> Redacted:
    """The upright primary picture."""
    import pillow_heif

    opened = pillow_heif.open_heif(io.BytesIO(photo.data), convert_hdr_to_8bit=False)
    shown = opened[opened.primary_index]
    profile = shown.info.get("icc_profile")
    meant: Any = shown.info.get("nclx_profile") or {}
    if ";" in shown.mode:
        pixels = np.array(np.asarray(shown))
        opaque = 65535 if shown.mode.endswith("16") else (1 << int(shown.mode.partition(";")[2])) - 1
        if pixels.shape[2] == 4:
            pixels[pixels[..., 3] * 255.0 <= FAINT * opaque] = 0
        brush, filled = hide_samples(pixels, [patch.box for patch in patches], opaque, brush)
        mode, size, raw = shown.mode, shown.size, pixels.tobytes()
    else:
        decoded = shown.to_pillow()
        assert isinstance(decoded, Image.Image)
        picture = paintable(decoded)
        brush, filled = chosen([picture], brush)
        for patch in patches:
            hide(picture, patch.box, brush, strength)
        mode, size, raw = picture.mode, picture.size, picture.tobytes()
    # The picture's own bytes, without second pictures, are what the copy is measured by.
    alone = len(strip(photo.data, Format.HEIC, keep).data)

    def coded(quality: int) -> bytes:
        made = pillow_heif.from_bytes(mode, size, raw)
        out = io.BytesIO()
        options: dict[str, Any] = {"icc_profile": profile} if profile else {}
        # Which light the numbers mean (ITU-T H.273): HDR pictures look grey without it.
        options |= {name: meant[name] for name in _MEANT if name in meant}
        try:
            made.save(out, quality=quality, **options)
        except (OSError, RuntimeError, ValueError):
            raise UnsupportedFormatError("problem.clean.encoder") from None
        return out.getvalue()

    return Redacted(as_good_as(alone, coded), tuple(patches), "recoded", brush, (clean_phrase("note.as_good"), *filled))
