"""Painting over a part of a decoded picture, in one of three styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photoscan.geometry import Box
from photoscan.stripping.flat import flatten

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.redaction.base import Style

CELLS = (6, 4, 2)
"""Pixelated regions are at most this many cells across, and fewer where a detector still sees something in them."""
BLUR = (1 / 6, 1 / 3, 1 / 2)
"""The same for blurring: the standard deviation as a share of the region's longer side."""
_BLACK = {
    "1": 0, "L": 0, "RGB": (0, 0, 0), "RGBA": (0, 0, 0, 255), "LA": (0, 255), "CMYK": (0, 0, 0, 255),
    "I;16": 0, "I;16L": 0, "I;16B": 0, "I": 0, "F": 0.0,
}  # fmt: skip
SOFT = frozenset(("L", "RGB", "RGBA", "LA", "CMYK"))
"""Modes that can be pixelated and blurred."""


def paintable(image: Image) -> Image:
    """The picture in a mode that has a black of its own, with all that shows and nothing that does not."""
    transparent = "transparency" in image.info or image.mode in ("PA", "La", "RGBa")
    if image.mode in _BLACK and not transparent:
        return _flat(image) if image.mode in ("RGBA", "LA") else image
    return _flat(image.convert("RGBA")) if transparent else image.convert("RGB")


def _flat(image: Image) -> Image:
    """The picture without colours under its transparency, as they would come through where it is coded again."""
    import numpy as np
    from PIL import Image

    samples = np.array(image)
    if not flatten(samples, 255):
        return image
    done = Image.fromarray(samples)
    done.info = dict(image.info)
    return done


def _opaque(patch: Image) -> Image:
    """A patch over white where it is transparent: neither its shape nor a colour comes back without its alpha."""
    from PIL import Image

    if patch.mode not in ("RGBA", "LA"):
        return patch
    whole = patch.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, (255, 255, 255, 255)), whole).convert(patch.mode)


def hide(picture: Image, box: Box, style: Style, attempt: int = 0) -> None:
    """Paint over a box in place. `attempt`, 0 to 2, makes pixelating and blurring stronger.

    Pictures in other modes than SOFT are filled, whatever the style.
    """
    from PIL import Image, ImageFilter

    inside = box.clipped(*picture.size)
    if not inside.area:
        return
    edges = (inside.x, inside.y, inside.x2, inside.y2)
    if style == "fill" or picture.mode not in SOFT:
        picture.paste(_BLACK[picture.mode], edges)  # type: ignore[arg-type]
        return
    patch = _opaque(picture.crop(edges))
    if style == "pixelate":
        cells = CELLS[attempt], max(1, round(CELLS[attempt] * inside.h / inside.w))
        patch = patch.resize(cells, Image.Resampling.BOX).resize((inside.w, inside.h), Image.Resampling.NEAREST)
    else:
        patch = patch.filter(ImageFilter.GaussianBlur(max(inside.w, inside.h) * BLUR[attempt]))
    picture.paste(patch, edges)
