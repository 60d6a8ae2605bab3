"""What a picture holds under its transparency.

Tells scans of it, and proves of copies that nothing is left. Shares no code with the strippers.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from photoscan.errors import CorruptPhotoError
from photoscan.formats import Format
from photoscan.unseen import animation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from photoscan.pixels import Pixels

FAINT, NEARLY = 5, 250
"""Alpha of 255 up to which a pixel is not seen, and from which nobody sees that it is not opaque (2 % of contrast)."""
EDGE = 8
"""Pixels around half-transparent ones in which such steps of alpha are part of a soft edge or a gradient."""
STEP = 24
"""Grey levels between two neighbours from which something shows: coding and smoothing leave less."""
FEW = 48
"""Pairs of unlike neighbours up to which there is nothing to be read: a letter of 12 pixels has more."""
NEAR = 16
"""Pixels around what is visible that a lossy coder's blocks may fill with anything."""
_ALPHA_ITEMS = (b"aux:alpha", b"auxiliary:alpha", b"auxid:1")


@dataclass(frozen=True, slots=True)
class Layers:
    """A page's colours (H x W x 3, uint8, BGR) as if there were no transparency, and its alpha (H x W, uint8).

    `exact`: whether the coding keeps colours as they were given.
    """

    colours: Pixels
    alpha: NDArray[np.uint8]
    exact: bool

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """Where nothing is seen: beside soft edges faint pixels count as well."""
        nothing: NDArray[np.bool_] = (self.alpha == 0) | ((self.alpha <= FAINT) & ~by_edges(self.alpha))
        return nothing

    def uniform(self) -> bool:
        """Whether all hidden pixels have one colour and full transparency, and no others are nearly opaque but at soft
        edges.
        """
        hidden = self.hidden
        below = self.colours[hidden]
        same = not len(below) or bool((below == below[0]).all())
        return same and not self.alpha[hidden].any() and not (steps(self.alpha) & (self.alpha >= NEARLY)).any()

    def structured(self) -> bool:
        """Whether something could be read under the transparency."""
        import numpy as np

        hidden = self.hidden
        if not hidden.any():
            return False
        if not self.exact:
            import cv2

            square: Any = np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8)
            hidden = cv2.erode(hidden.astype(np.uint8), square, borderValue=1) > 0
        colours = self.colours.astype(np.int16)
        pairs = 0
        for axis in (0, 1):
            apart = np.abs(np.diff(colours, axis=axis)).max(-1, initial=0) >= STEP
            both = hidden[1:] & hidden[:-1] if axis == 0 else hidden[:, 1:] & hidden[:, :-1]
            pairs += int((apart & both).sum())
        return pairs > FEW

    def noisy(self) -> bool:
        """Whether steps of alpha that nobody sees are scattered over opaque parts, as a message in them would be."""
        near = (self.alpha >= NEARLY) & ~by_edges(self.alpha)
        pairs = 0
        for axis in (0, 1):
            low, high = (
                (slice(None, -1), slice(1, None)) if axis == 0 else ((..., slice(None, -1)), (..., slice(1, None)))
            )
            pairs += int((near[low] & near[high] & (self.alpha[low] != self.alpha[high])).sum())
        return pairs > FEW


def by_edges(alpha: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where half-transparent pixels are near."""
    import cv2
    import numpy as np

    soft = ((alpha > FAINT) & (alpha < NEARLY)).astype(np.float32)
    side = (2 * EDGE + 1, 2 * EDGE + 1)
    # Counted in the neighbourhood: whole numbers, so that half of one tells some from none.
    near: NDArray[np.bool_] = cv2.boxFilter(soft, -1, side, normalize=False, borderType=cv2.BORDER_CONSTANT) > 0.5
    return near


def steps(alpha: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where alpha is nearly none or nearly full without a soft edge near, so that nobody sees the step."""
    import numpy as np

    nearly: NDArray[np.bool_] = ((alpha > 0) & (alpha <= FAINT)) | ((alpha >= NEARLY) & (alpha < 255))
    return nearly & ~by_edges(alpha) if nearly.any() else np.zeros(alpha.shape, bool)


def may_hide(data: bytes, format_: Format) -> bool:
    """Whether a file has an alpha at all, by its headers: most photos have none and need no second look.

    True where its headers are not known to tell.
    """
    if "alpha" not in format_.row.hides:
        return False
    if format_ is Format.PNG:
        return data[25] in (3, 4, 6) and (data[25] != 3 or b"tRNS" in data[:4096])
    if format_ is Format.WEBP:
        return b"ALPH" in data or bool(data[20] & 0x10) or (data[12:16] == b"VP8L" and bool(data[24] >> 4 & 1))
    if format_ is Format.JP2:
        # How many components there are says SIZ (ISO 15444-1, A.5.1).
        size = data.find(b"\xff\x4f\xff\x51")
        return data[size + 40 : size + 42] in (b"\0\2", b"\0\4") or b"pclr" in data[:size]
    if format_.row.header == "heif":
        return any(sign in data[: 1 << 16] for sign in _ALPHA_ITEMS)
    return True


def layers(data: bytes, format_: Format, orientation: int, page: int = 0) -> Layers | None:
    """A page's upright colours and alpha; None for one without transparency. CorruptPhotoError when it is broken."""
    if not may_hide(data, format_):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _layers(data, format_, orientation, page)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - decoders raise anything on broken input
        raise CorruptPhotoError("problem.broken.pixels", format=format_.value) from None


def _layers(data: bytes, format_: Format, orientation: int, page: int) -> Layers | None:
    import numpy as np

    from photoscan import decode

    rgba = _rgba(data, format_, page)
    if rgba is None or bool((rgba[..., 3] == 255).all()):
        return None
    if not format_.row.turns:
        rgba = np.ascontiguousarray(decode.turned(rgba, orientation))
    exact = format_.row.exact if format_ is not Format.WEBP else b"VP8 " not in data
    return Layers(np.ascontiguousarray(rgba[..., 2::-1]), rgba[..., 3], bool(exact))


def _rgba(data: bytes, format_: Format, page: int) -> NDArray[np.uint8] | None:
    """H x W x RGBA as they are coded; a frame of an animation by itself, on an opaque canvas."""
    import numpy as np
    from PIL import Image, ImageOps

    if format_ in animation.FRAMED:
        parts = animation.frames(data, format_)
        if len(parts) > 1:
            x, y, part = parts[page]
            frame = _rgba(part, format_, 0)
            if frame is None:
                return None
            with Image.open(io.BytesIO(data), formats=[str(format_.row.pillow)]) as whole:
                canvas = np.full((whole.height, whole.width, 4), 255, np.uint8)
            rows, columns = canvas[y : y + len(frame), x : x + frame.shape[1]].shape[:2]
            canvas[y : y + rows, x : x + columns] = frame[:rows, :columns]
            return canvas
    if format_.row.decoder == "heif":
        import pillow_heif

        heif = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
        image: Any = heif[heif.primary_index].to_pillow()
    else:
        image = Image.open(
            io.BytesIO(_as_stored(data, page) if format_ is Format.TIFF else data), formats=[str(format_.row.pillow)]
        )
        if page:
            image.seek(page)
        if format_.row.decoder == "avif":
            image = ImageOps.exif_transpose(image) or image
    image.load()
    if image.mode not in ("RGBA", "LA", "PA") and not (image.mode == "P" and "transparency" in image.info):
        return None
    return np.asarray(image.convert("RGBA"))


def _as_stored(data: bytes, page: int) -> bytes:
    """A TIFF whose page's alpha is not called associated: decoders drop the colours under such an alpha."""
    order: Any = "little" if data[:2] == b"II" else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], order)

    directory = number(4, 4)
    for _ in range(page):
        directory = number(directory + 2 + 12 * number(directory, 2), 4)
    for row in range(directory + 2, directory + 2 + 12 * min(number(directory, 2), 1000), 12):
        if number(row, 2) == 0x152 and number(row + 8, 2) == 1 and number(row + 4, 4) == 1:
            return data[: row + 8] + (2).to_bytes(2, order) + data[row + 10 :]
    return data


def deep_and_uniform(data: bytes) -> bool:
    """Whether hidden pixels of a still PNG of 16 bits a sample are all zero, in the bits too that 8 do not show."""
    import cv2
    import numpy as np

    pixels: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim != 3 or pixels.shape[2] != 4:
        return pixels is not None
    alpha = pixels[..., 3]
    coarse = (alpha >> 8).astype(np.uint8)
    apart = ~by_edges(coarse)
    hidden, nearly = (coarse == 0) | ((coarse <= FAINT) & apart), (coarse >= NEARLY) & apart
    return not pixels[hidden].any() and bool((alpha[nearly] == 65535).all())
