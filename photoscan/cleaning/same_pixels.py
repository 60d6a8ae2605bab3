"""A picture is untouched where every frame of both files decodes to the same pixels."""

from __future__ import annotations

import hashlib
import io
import warnings
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.cleaning import same_coded
from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.metadata.boxes import boxes
from photoscan.unseen.transparency import NEARLY, steps

if TYPE_CHECKING:
    from PIL.Image import Image

_SUBFILE = 254
Frame = tuple[str, tuple[int, int], bytes, bytes]
"""Mode, width and height, hash of the pixels that are seen, hash of all."""


def proved(before: bytes, after: bytes, format_: Format, pages: int | None) -> tuple[Phrase, ...]:
    """The proof; RefusedError where pixels differ or can't be decoded. `pages`: how many of the source's are compared,
    None for all."""
    copy = decoded(after, format_)
    try:
        original = decoded(before, format_, pages)
    except RefusedError:
        if format_ is Format.TIFF:
            # Pillow opens no BigTIFF of big-endian order, but its copy: then what is coded is compared.
            return same_coded.proved(before, after, format_, pages)
        if format_.row.header == "heif":
            original = decoded(_unannounced(before), format_, pages)
        # What surrounds the picture can stop a decoder: a broken check sum, a text that inflates without end.
        elif format_ is Format.PNG:
            original = decoded(_bare(before), format_, pages)
        else:
            raise
    if [frame[:3] for frame in original] != [frame[:3] for frame in copy]:
        raise RefusedError("changed")
    if [frame[3] for frame in original] != [frame[3] for frame in copy]:
        return (clean_phrase("proof.seen_pixels"),)
    more = format_ is Format.HEIC and any(box.kind == b"moov" for box in boxes(after))
    first_alone = more or (pages == 1 and _several(before, format_))
    return (clean_phrase("proof.same_first" if first_alone else "proof.same_pixels"),)


def decoded(data: bytes, format_: Format, pages: int | None = None) -> list[Frame]:
    """Every frame, or the first `pages`; RefusedError when one can't be decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _heif(data) if format_.row.decoder == "heif" else _frames(data, format_, pages)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - decoders raise anything on broken input
        raise RefusedError("undecodable", error=type(error).__name__) from None


def _heif(data: bytes) -> list[Frame]:
    import pillow_heif

    heif = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=False)
    shown = heif[heif.primary_index]
    whole = hashlib.sha256(bytes(shown.data)).digest()
    return [(shown.mode, shown.size, whole, whole)]


def _several(data: bytes, format_: Format) -> bool:
    """Whether a file holds more pictures than its first."""
    from PIL import Image

    if format_.row.decoder == "heif":
        return True
    with Image.open(io.BytesIO(data), formats=[str(format_.row.pillow)]) as image:
        return int(getattr(image, "n_frames", 1)) > 1


def _frames(data: bytes, format_: Format, pages: int | None) -> list[Frame]:
    from PIL import Image, ImageSequence

    found = []
    image = Image.open(io.BytesIO(data), formats=[str(format_.row.pillow)])
    for index, frame in enumerate(islice(ImageSequence.Iterator(image), pages)):
        # Of a TIFF's pictures the reduced ones are previews of its pages, which no copy has.
        if index and getattr(frame, "tag_v2", {}).get(_SUBFILE, 0) & 1:
            continue
        # Whether Pillow takes a GIF's colours for a palette or for grey levels depends on entries that no pixel shows.
        clear = format_ is Format.GIF or frame.mode in ("P", "PA", "La", "RGBa", "LA") or "transparency" in frame.info
        shown = frame.convert("RGBA") if clear else frame
        whole = hashlib.sha256(shown.tobytes()).digest()
        found.append((shown.mode, shown.size, _seen(shown) if shown.mode == "RGBA" else whole, whole))
    return found


def _seen(image: Image) -> bytes:
    """The hash of what is seen of a picture with transparency."""
    import numpy as np

    pixels = np.array(image)
    alpha = pixels[..., 3]
    unseen = steps(alpha)
    nearly = unseen & (alpha >= NEARLY)
    pixels[(alpha == 0) | (unseen & ~nearly)] = 0
    alpha[nearly] = 255
    return hashlib.sha256(pixels.tobytes()).digest()


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """PNG's chunks: type and content."""
    at = 8
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"IEND":
            return


def _unannounced(data: bytes) -> bytes:
    """A HEIF whose brands announce no derived picture: libavif opens nothing where that is missing."""
    end = int.from_bytes(data[:4], "big")
    return data[:end].replace(b"tmap", b"mif1") + data[end:]


def _bare(data: bytes) -> bytes:
    """A PNG of nothing but what its pixels are decoded from: header, palette, transparency, rows, frames."""
    named = (b"IHDR", b"PLTE", b"tRNS", b"acTL", b"fcTL", b"fdAT", b"IDAT")
    parts = [(kind, content) for kind, content in _chunks(data) if kind in named]
    frames = sum(kind == b"fcTL" for kind, _ in parts)
    for place, (kind, content) in enumerate(parts):
        if kind == b"acTL" and int.from_bytes(content[:4], "big") > frames:
            # Frames that are announced and missing stop a decoder as well.
            parts[place] = kind, frames.to_bytes(4, "big") + content[4:]
    whole = (kind + content for kind, content in [*parts, (b"IEND", b"")])
    return data[:8] + b"".join(
        (len(part) - 4).to_bytes(4, "big") + part + zlib.crc32(part).to_bytes(4, "big") for part in whole
    )
