"""Proof that the picture itself was not touched. Shares no code with the strippers.

For JPEG and JPEG XL identical coded data are proof: what decodes the same bytes shows the same pixels. For all other
formats every frame of both files is decoded and compared.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence

from photoscan.cleaning.redact import Method, Patch, boxes_on
from photoscan.cleaning.said import RefusedError, said
from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.metadata.boxes import boxes
from photoscan.photo import Photo

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_CODING = frozenset((*range(0xC0, 0xD0), *range(0xDA, 0xE0)))
Frame = tuple[str, tuple[int, int], bytes]
"""Mode, width and height, hash of the pixels."""


def same(
    before: bytes, after: bytes, format_: Format, all_pages: bool = True, still: bool = False
) -> tuple[Phrase, ...]:
    """Prove that stripping did not touch the picture; RefusedError when it did or that can't be told.

    Without `all_pages` a TIFF's first page alone has to be there, with `still` a sequence's first picture.
    """
    if format_ is Format.JPEG:
        _demand(list(_coded_parts(before)) == list(_coded_parts(after)))
        return (said("proof.same_code"),)
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
        _demand(_rows(before) == _rows(after))
        return (said("proof.same_code"),)
    _demand(original == copy)
    first_alone = pages == 1 or (format_ is Format.HEIC and any(box.kind == b"moov" for box in boxes(after)))
    return (said("proof.same_first" if first_alone else "proof.same_pixels"),)


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
        if method != "recoded":
            _demand(bool((old == new)[rest].all()))
        elif rest.any():
            furthest = max(furthest, float(np.abs(old[rest].astype(np.int16) - new[rest]).mean()))
            _demand(furthest < ALIKE)
    told = {"levels": f"{furthest:.1f}"} if method == "recoded" else {}
    return (said(f"proof.rest.{method}", **told),)


def around(data: bytes, format_: Format, rows: bool = True) -> bytes:
    """What of a file is to be searched for secrets: of a JPEG no tables and scans, of a PNG no `rows` of pixels where
    their compressed bytes are of no use; other containers as a whole.
    """
    if format_ is Format.JPEG:
        return b"".join(_segments(data))
    if format_ is Format.PNG and not rows:
        return b"".join(_beside_rows(data))
    return data


def _demand(proved: bool) -> None:
    if not proved:
        raise RefusedError("changed")


def _walk(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """(marker, start, end of its segment, end of what follows it up to the next marker), to the end of image."""
    match = _MARKER.search(data, 2)
    while match and data[match.start() + 1] != 0xD9:
        start, marker = match.start(), data[match.start() + 1]
        bare = marker in (0x01, 0xD8)
        end = start + 2 if bare else start + 2 + max(2, int.from_bytes(data[start + 2 : start + 4], "big"))
        match = _MARKER.search(data, end)
        if not bare:
            yield marker, start, end, match.start() if match else len(data)


def _coded_parts(data: bytes) -> Iterator[memoryview]:
    """Tables, frame headers, scan headers with their entropy bytes, in order."""
    view = memoryview(data)
    for marker, start, end, following in _walk(data):
        if marker in _CODING:
            yield view[start : following if marker == 0xDA else end]


def _segments(data: bytes) -> Iterator[bytes]:
    """Everything but coding tables and scans, also what follows the end of image.

    Standard Huffman tables hold runs of letters and digits that would pass for somebody's text.
    """
    at = 0
    for marker, start, end, following in _walk(data):
        if marker in _CODING:
            yield data[at:start]
            at = following if marker == 0xDA else end
    yield data[at:]


def _codestream(data: bytes) -> bytes:
    if data.startswith(b"\xff\x0a"):
        return data
    return b"".join(data[box.start : box.end] for box in boxes(data) if box.kind in (b"jxlc", b"jxlp"))


def _decoded(data: bytes, format_: Format, pages: int | None = None) -> list[Frame]:
    """Every frame, or the first `pages`; RefusedError when one can't be decoded."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _heif(data) if format_ is Format.HEIC else _frames(data, format_, pages)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - decoders raise anything on broken input
        raise RefusedError("undecodable", error=type(error).__name__) from None


def _heif(data: bytes) -> list[Frame]:
    import io

    import pillow_heif

    heif = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=False)
    shown = heif[heif.primary_index]
    return [(shown.mode, shown.size, hashlib.sha256(bytes(shown.data)).digest())]


def _frames(data: bytes, format_: Format, pages: int | None) -> list[Frame]:
    import io
    from itertools import islice

    from PIL import Image, ImageSequence

    found = []
    image = Image.open(io.BytesIO(data), formats=[format_.value.upper()])
    for frame in islice(ImageSequence.Iterator(image), pages):
        shown = frame.convert("RGBA") if frame.mode in ("P", "PA") else frame
        found.append((shown.mode, shown.size, hashlib.sha256(shown.tobytes()).digest()))
    return found


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


def _rows(data: bytes) -> list[tuple[bytes, bytes]]:
    """What a PNG's pixels are decoded from: header, palette, transparency, decompressed rows, frames."""
    named = (b"IHDR", b"PLTE", b"tRNS", b"acTL", b"fcTL", b"fdAT")
    parts = [(kind, content) for kind, content in _chunks(data) if kind in named]
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    most = height * (1 + 8 * width)
    packed = b"".join(content for kind, content in _chunks(data) if kind == b"IDAT")
    return [*parts, (b"IDAT", hashlib.sha256(_inflated(packed, most)).digest())]


def _inflated(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, max(1, most))
    except zlib.error:
        return b""
