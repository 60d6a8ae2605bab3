"""Old-style JPEG in TIFF (TIFF 6.0, section 22), of which there are as many kinds as writers: its pixels, packed anew.

Tables and scans lie anywhere in such a file, and no two decoders agree on a new arrangement of them; the pixels are the
same when they are packed by deflate.
"""

from __future__ import annotations

import io
import zlib

from PIL import Image

from photoscan.stripping.tiff_directory import Directory, Value, longs
from photoscan.tiff_survey import Order

CODING = 6
NOTE = "old_jpeg"
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _STRIPS, _SAMPLES, _ROWS, _SIZES = (
    0x100, 0x101, 0x102, 0x103, 0x106, 0x111, 0x115, 0x116, 0x117,
)  # fmt: skip
_SHOWN = frozenset((0xFE, 0x11A, 0x11B, 0x128, 0x8773))
"""Resolution and colour profile."""
_DEFLATE, _GREY, _RGB = 8, 1, 2


def pixels(tags: Directory, order: Order) -> int:
    """How many pixels of a page are coded like that; 0 where it is coded otherwise."""
    if _COMPRESSION not in tags or tags[_COMPRESSION].numbers(order)[0] != CODING:
        return 0
    return max(1, tags[_WIDTH].numbers(order)[0] * tags[_HEIGHT].numbers(order)[0])


def repacked(data: bytes, page: int, tags: Directory, order: Order) -> tuple[Directory, list[bytes]]:
    """Tags and the one strip of a page, upright; ValueError for one that can't be decoded. `page`: its index."""
    try:
        image = Image.open(io.BytesIO(data), formats=["TIFF"])
        image.seek(page)
        image.load()
    except (OSError, SyntaxError, EOFError):
        raise ValueError("no picture") from None
    if image.mode not in ("L", "RGB"):
        raise ValueError("another mode")

    def short(*values: int) -> Value:
        return Value(3, b"".join(v.to_bytes(2, "little" if order == "<" else "big") for v in values))

    channels = len(image.getbands())
    kept = {number: value for number, value in tags.items() if number in _SHOWN}
    kept |= {
        _WIDTH: longs(order, image.width), _HEIGHT: longs(order, image.height), _ROWS: longs(order, image.height),
        _BITS: short(*[8] * channels), _SAMPLES: short(channels), _COMPRESSION: short(_DEFLATE),
        _PHOTOMETRIC: short(_GREY if channels == 1 else _RGB), _STRIPS: longs(order, 0), _SIZES: longs(order, 0),
    }  # fmt: skip
    return kept, [zlib.compress(image.tobytes(), 6)]
