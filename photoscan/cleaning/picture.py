"""Proof that the picture itself was not touched. Shares no code with the strippers.

How, each container's row names: by identical coded data, as what decodes the same bytes shows the same pixels, or by
decoding and comparing every frame of both files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.cleaning import jpeg_code, same_film
from photoscan.cleaning.drawing import residue
from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.photo import Photo
from photoscan.redaction import Method, Patch, boxes_on
from photoscan.unseen.transparency import FAINT, NEARLY, by_edges, steps

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def same(
    before: bytes, after: bytes, format_: Format, all_pages: bool = True, still: bool = False, decode: bool = True
) -> tuple[Phrase, ...]:
    """Prove that stripping did not touch the picture; RefusedError when it did or that can't be told.

    Without `all_pages` a TIFF's first page alone has to be there, with `still` a sequence's first picture. Without
    `decode` nothing is decoded, as it would take too much.
    """
    if format_.row.proof is None:
        raise RefusedError("no_proof", format=format_.row.title)
    pages = 1 if still or ("pages" in format_.row.keeps and not all_pages) else None
    name = format_.row.proof if decode or format_.row.proof == "same_jxl" else "same_coded"
    module = import_module(f"photoscan.cleaning.{name}")
    proofs: tuple[Phrase, ...] = module.proved(before, after, format_, pages)
    return proofs


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
    _demand(after.frames == (1 if still else before.frames) or "pages" in before.format.row.keeps)
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
    return (clean_phrase(f"proof.rest.{method}", **told),)


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
    their compressed bytes are of no use, of a drawing what is neither shape nor word, of a film no samples, which are
    proved to be the same; other containers as a whole.
    """
    if format_.row.film:
        return same_film.around(data)
    if format_ is Format.JPEG:
        return b"".join(jpeg_code.segments(data))
    if format_ is Format.PNG and not rows:
        return b"".join(_beside_rows(data))
    if format_ is Format.SVG:
        return residue(data)
    return data


def _demand(proved: bool) -> None:
    if not proved:
        raise RefusedError("changed")


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
