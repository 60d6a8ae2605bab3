"""What styles share that mix the colours of what they hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.geometry import Box


def lifted(picture: Image, box: Box) -> Image:
    """A part of a picture, over white where it is transparent: neither its shape nor a colour comes back without its
    alpha. In the picture's own mode."""
    from PIL import Image

    patch = picture.crop((box.x, box.y, box.x2, box.y2))
    if patch.mode not in ("RGBA", "LA"):
        return patch
    whole = patch.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, (255, 255, 255, 255)), whole).convert(patch.mode)
