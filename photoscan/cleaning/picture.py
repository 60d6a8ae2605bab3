"""Proof that the picture itself was not touched. Shares no code with the strippers.

For JPEG and JPEG XL identical coded data are proof: what decodes the same bytes shows the same pixels. For all other
formats every frame of both files is decoded and compared.
"""

from __future__ import annotations

import hashlib
import io
import warnings
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from photoscan.cleaning import jpeg_code
from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.metadata.boxes import boxes
from photoscan.photo import Photo
from photoscan.redaction import Method, Patch, boxes_on
from photoscan.said import RefusedError, said
from photoscan.unseen.transparency import FAINT, NEARLY, by_edges, steps

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image


_SUBFILE = 254
Frame = tuple[str, tuple[int, int], bytes, bytes]
"""Mode, width and height, hash of the pixels that are seen, hash of all."""


def same(
    before: bytes, after: bytes, format_: Format, all_pages: bool = True, still: bool = False
) -> tuple[Phrase, ...]:
    """Prove that stripping did not touch the picture; RefusedError when it did or that can't be told.

    Without `all_pages` a TIFF's first page alone has to be there, with `still` a sequence's first picture.
    """
    if format_ is Format.JPEG:
        untouched = jpeg_code.same(before, after)
        _demand(untouched is not None and (untouched or _decode_alike(before, after)))
        return (said("proof.same_code" if untouched else "proof.same_code_cut"),)
    if format_ is Format.JXL:
        _demand(_codestream(before) == _codestream(after))
        return (said("proof.same_code"),)
    pages = 1 if still or (format_ is Format.TIFF and not all_pages) else None
    copy = _decoded(after, format_)
    try:
        original = _decoded(before, format_, pages)
    except RefusedError:
        # What surrounds the picture can stop a decoder: a broken check sum, a text that inflates without end.
        if format_ is not Format.PNG:
            raise
        original = _decoded(_bare(before), format_, pages)
    _demand([frame[:3] for frame in original] == [frame[:3] for frame in copy])
    if [frame[3] for frame in original] != [frame[3] for frame in copy]:
        return (said("proof.seen_pixels"),)
    more = format_ is Format.HEIC and any(box.kind == b"moov" for box in boxes(after))
    first_alone = more or (pages == 1 and _several(before, format_))
    return (said("proof.same_first" if first_alone else "proof.same_pixels"),)


def _decode_alike(before: bytes, after: bytes) -> bool:
    """Whether a JPEG decodes to another's picture, and each behind it to one of those behind the other."""
    source, *theirs = (_decoded(picture, Format.JPEG, 1) for picture in jpeg_code.pictures(before))
    first, *others = (_decoded(picture, Format.JPEG, 1) for picture in jpeg_code.pictures(after))
    return source == first and all(other in theirs for other in others)


RIM = 4
"""Pixels around replaced blocks that a decoder may blend with them: it smooths colours over two."""
ALIKE = 12.0
"""Grey levels by which a picture that was coded again may differ on average: more is another picture."""


def same_but(
    before: Photo, after: Photo, patches: Sequence[Patch], method: Method, still: bool = False
) -> tuple[Phrase, ...]:
    """Prove that nothing but the patches changed, as far as the way of coding promises it. Pixels are compared as they
    are shown, with 8 bits a colour. With `still` the copy has the first frame of several alone.

    RefusedError when more did, or frames are missing.
    """
    import numpy as np

    # A TIFF may have previews of its pages among them, which no copy has.
    _demand(after.frames == (1 if still else before.frames) or before.format is Format.TIFF)
    rim, furthest = RIM if method == "blocks" else 0, 0.0
    for page in range(after.frames):
        old, new = before.pixels(page), after.pixels(page)
        if old.shape != new.shape:
            raise RefusedError("changed")
        rest = np.ones(old.shape[:2], bool)
        for region in boxes_on(patches, page):
            box = Box(region.x - rim, region.y - rim, region.w + 2 * rim, region.h + 2 * rim).clipped(*old.shape[1::-1])
            rest[box.y : box.y2, box.x : box.x2] = False
        if method == "recoded":
            if rest.any():
                furthest = max(furthest, float(np.abs(old[rest].astype(np.int16) - new[rest]).mean()))
                _demand(furthest < ALIKE)
        else:
            _demand(bool(_alike(before, after, page)[rest].all()))
    told = {"levels": f"{furthest:.1f}"} if method == "recoded" else {}
    return (said(f"proof.rest.{method}", **told),)


def _alike(before: Photo, after: Photo, page: int) -> NDArray[np.bool_]:
    """Where two pages look the same: where alpha is nearly full or none beside soft edges, within what nobody sees."""
    import numpy as np

    old, new = before.pixels(page), after.pixels(page)
    same: NDArray[np.bool_] = (old == new).all(-1)
    if same.all() or (layers := before.layers(page)) is None:
        return same
    free = steps(layers.alpha)
    nearly = (layers.alpha <= FAINT) | (layers.alpha >= NEARLY)
    # Where a patch has covered a soft edge the rest of it is none any more.
    free |= nearly & ~by_edges(painted.alpha) if (painted := after.layers(page)) else nearly
    close: NDArray[np.bool_] = (np.abs(old.astype(np.int16) - new) <= FAINT).all(-1)
    return same | (free & close)


def around(data: bytes, format_: Format, rows: bool = True) -> bytes:
    """What of a file is to be searched for secrets: of a JPEG no tables and scans, of a PNG no `rows` of pixels where
    their compressed bytes are of no use; other containers as a whole.
    """
    if format_ is Format.JPEG:
        return b"".join(jpeg_code.segments(data))
    if format_ is Format.PNG and not rows:
        return b"".join(_beside_rows(data))
    return data


def _demand(proved: bool) -> None:
    if not proved:
        raise RefusedError("changed")


def _codestream(data: bytes) -> bytes:
    if data.startswith(b"\xff\x0a"):
        return data
    return b"".join(data[box.start : box.end] for box in boxes(data) if box.kind in (b"jxlc", b"jxlp"))


def _decoded(data: bytes, format_: Format, pages: int | None = None) -> list[Frame]:
    """Every frame, or the first `pages`; RefusedError when one can't be decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _heif(data) if format_ is Format.HEIC else _frames(data, format_, pages)
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

    if format_ is Format.HEIC:
        return True
    with Image.open(io.BytesIO(data), formats=[format_.value.upper()]) as image:
        return int(getattr(image, "n_frames", 1)) > 1


def _frames(data: bytes, format_: Format, pages: int | None) -> list[Frame]:
    from PIL import Image, ImageSequence

    found = []
    image = Image.open(io.BytesIO(data), formats=[format_.value.upper()])
    for index, frame in enumerate(islice(ImageSequence.Iterator(image), pages)):
        # Of a TIFF's pictures the reduced ones are previews of its pages, which no copy has.
        if index and getattr(frame, "tag_v2", {}).get(_SUBFILE, 0) & 1:
            continue
        clear = frame.mode in ("P", "PA", "La", "RGBa", "LA") or "transparency" in frame.info
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


def _beside_rows(data: bytes) -> Iterator[bytes]:
    """A PNG without the content of its rows, also what follows its end."""
    at = start = 8
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind in (b"IDAT", b"fdAT"):
            yield data[start : at + 8]
            start = at + 8 + length
        at += 12 + length
        if kind == b"IEND":
            break
    yield data[start:]


def _bare(data: bytes) -> bytes:
    """A PNG of nothing but what its pixels are decoded from: header, palette, transparency, rows, frames."""
    named = (b"IHDR", b"PLTE", b"tRNS", b"acTL", b"fcTL", b"fdAT", b"IDAT")
    parts = [(kind, content) for kind, content in _chunks(data) if kind in named]
    whole = (kind + content for kind, content in [*parts, (b"IEND", b"")])
    return data[:8] + b"".join(
        (len(part) - 4).to_bytes(4, "big") + part + zlib.crc32(part).to_bytes(4, "big") for part in whole
    )


def _inflated(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, max(1, most))
    except zlib.error:
        return b""
