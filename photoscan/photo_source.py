"""From whatever a caller holds to the bytes of one photo: paths, bytes, streams, Pillow's pictures, arrays."""

from __future__ import annotations

import inspect
import io
import logging
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from photoscan.addresses import refuse_address
from photoscan.errors import NotReadableError, PhotoscanError, reason

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.options import Limits

PhotoSource = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO
"""What photos come as, beside Pillow's pictures and arrays."""

# Pillow writes the values of EXIF tags to its debugging log, and names and places must not reach anybody's log.
# Only its level is set, before the first photo: who wants Pillow's own words nevertheless can set it again.
logging.getLogger("PIL").setLevel(logging.WARNING)

UNNAMED = "<bytes>"
"""Stands for the path of what has none."""

_IN_PNG = frozenset({"1", "L", "LA", "I;16", "I;16B", "P", "RGB", "RGBA"})
_DEEP = frozenset({"F", "I", "I;16L", "I;16N"})
_SEEN_AS = {"La": "LA", "PA": "RGBA", "RGBa": "RGBA"}


def taken(source: object, limits: Limits, name: str | None) -> tuple[bytes, Path | None]:
    """The file's bytes, and its path where it has one.

    Raises NotReadableError, for what can't be a photo as well, or TooLargeError.
    """
    shown = shown_name(source, name)
    try:
        if isinstance(source, (str, os.PathLike)):
            path = Path(os.fsdecode(source))
            refuse_address(os.fsdecode(source))
            return _of_file(path, limits), path
        data = _of_memory(source, limits, shown)
    except (PhotoscanError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - streams and other people's objects raise anything
        if isinstance(error, OSError):
            raise NotReadableError("problem.unreadable", path=shown, why=reason(error)) from None
        raise NotReadableError("problem.photo.unusable", name=shown) from None
    limits.check_bytes(len(data), shown)
    return data, None


def shown_name(source: object, name: str | None = None) -> str:
    """The name that a report shows."""
    if name:
        return name
    try:
        return os.fsdecode(source) if isinstance(source, (str, os.PathLike)) else UNNAMED
    except Exception:  # noqa: BLE001 - a path object may raise anything
        return UNNAMED


def _of_memory(source: Any, limits: Limits, shown: str) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, (bytearray, memoryview)):
        limits.check_bytes(memoryview(source).nbytes, shown)
        return bytes(source)
    if hasattr(source, "read"):
        return _of_stream(source, limits, shown)
    if hasattr(source, "__array_interface__") and not hasattr(source, "getbands"):
        return _of_array(source, limits, shown)
    if hasattr(source, "getbands") and hasattr(source, "save"):
        return _of_picture(source, limits, shown)
    raise NotReadableError("problem.photo.sort", name=shown, sort=type(source).__name__)


def _of_file(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            if stat.S_ISREG(status.st_mode):
                limits.check_bytes(status.st_size, str(path))
            data = stream.read(limits.max_bytes + 1)
    except IsADirectoryError:
        raise NotReadableError("problem.photo.folder", path=path) from None
    except FileNotFoundError:
        raise NotReadableError("problem.photo.missing", path=path) from None
    except (OSError, ValueError) as error:
        raise NotReadableError("problem.unreadable", path=path, why=reason(error)) from None
    limits.check_bytes(len(data), str(path))
    return data


def _of_stream(stream: Any, limits: Limits, shown: str) -> bytes:
    """To its end, or one byte more than may be: a stream may give less at a time than it is asked for."""
    data = bytearray()
    while len(data) <= limits.max_bytes:
        piece = stream.read(limits.max_bytes + 1 - len(data))
        if isinstance(piece, str):
            raise NotReadableError("problem.photo.text_stream", name=shown)
        if inspect.iscoroutine(piece):
            piece.close()
        if not isinstance(piece, (bytes, bytearray, memoryview)):
            raise NotReadableError("problem.photo.unusable", name=shown)
        if not piece:
            break
        data += piece
    return bytes(data)


def _of_array(array: Any, limits: Limits, shown: str) -> bytes:
    """Rows x columns, or these x 3 (RGB) or 4 (RGBA), as Pillow takes arrays; one row of bytes is a file."""
    from PIL import Image

    interface = array.__array_interface__
    if len(interface["shape"]) == 1 and interface["typestr"] == "|u1":
        return array.tobytes()  # type: ignore[no-any-return]
    height, width = (*interface["shape"], 1)[:2]
    _check_pixels(width, height, limits, shown)
    return _of_picture(Image.fromarray(array), limits, shown)


def _of_picture(image: Image, limits: Limits, shown: str) -> bytes:
    """A PNG of the picture: its pixels (of the frame that it stands at), EXIF and colour profile."""
    _check_pixels(*image.size, limits, shown)
    exif = image.info.get("exif")
    extra: dict[str, Any] = {"exif": exif} if isinstance(exif, bytes) and exif else {}
    if image.mode in _IN_PNG:
        extra["icc_profile"] = image.info.get("icc_profile")
    else:
        # Its profile is of the colours that it had.
        image = _for_png(image)
        extra["icc_profile"] = None
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1, **extra)
    return buffer.getvalue()


def _for_png(image: Image) -> Image:
    if image.mode not in _DEEP:
        return image.convert(_SEEN_AS.get(image.mode, "RGB"))
    import numpy as np
    from PIL import Image as Pictures

    # As `decode` sees the same pixels in a file.
    values = np.nan_to_num(np.asarray(image).astype(np.float64))
    top = deepest(float(values.max(initial=0)), image.mode)
    return Pictures.fromarray((np.clip(values / top, 0, 1) * 255).astype(np.uint8))


def deepest(brightest: float, mode: str) -> float:
    """What stands for white: 65535 where anything is beyond a byte, 1 for fractions, else 255."""
    if brightest > 255:
        return 65535.0
    return 1.0 if mode == "F" and brightest <= 1 else 255.0


def _check_pixels(width: int, height: int, limits: Limits, name: str) -> None:
    if width < 1 or height < 1:
        raise NotReadableError("problem.photo.no_pixels", name=name)
    limits.check_pixels(width, height, name)
