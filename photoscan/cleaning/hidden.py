"""Proof that a copy holds nothing that nobody sees. Shares no code with the strippers."""

from __future__ import annotations

from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.cleaning import jpeg_code, same_coded
from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.metadata import strip_ends
from photoscan.options import Limits
from photoscan.photo import Photo
from photoscan.unseen import crop, palette, scan_slack, webp_ends
from photoscan.unseen.transparency import deep_and_uniform

COLOURS = "colours under transparency"
PALETTE = "palette entries that no pixel uses"
DATA = "bytes behind the picture"
BEHIND = "data behind the last block"


def nothing_unseen(output: bytes, limits: Limits | None = None) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:
    """The proofs that nothing is hidden in a copy's pixels, and what has to be noted where that can't be proved.

    RefusedError when something is. Says nothing of what the copy does not have, such as transparency.
    """
    photo = Photo.open(output, limits, decodes=False)
    if not photo.format.decodable:
        return (), ()
    hides = photo.format.row.hides
    behind = _behind_rows(output) if "strips" in hides else ()
    if photo.huge:
        proofs, notes = _of_huge(photo)
        return proofs, (*notes, *behind)
    if "crop" in hides and crop.cropped(output) is not None:
        raise RefusedError("cropped")
    if "palette" in hides and palette.holds_more(output):
        raise RefusedError("unseen_left", what=PALETTE)
    if "ends" in hides and webp_ends.surplus(output):
        raise RefusedError("unseen_left", what=DATA)
    proofs, notes = _behind_blocks(photo) if "blocks" in hides else ((), ())
    more, also = _under_transparency(photo) if "alpha" in hides else ((), ())
    return (*proofs, *more), (*notes, *also, *behind)


def _behind_rows(data: bytes) -> tuple[Phrase, ...]:
    """What has to be noted of a TIFF's strips; RefusedError where something stands behind their rows."""
    left = strip_ends.unseen(data)
    if left:
        raise RefusedError("unseen_left", what=DATA)
    return (clean_phrase("note.behind_rows"),) if left is None else ()


def _of_huge(photo: Photo) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:
    """The same of a photo that is too large to be decoded. TooLargeError where only decoding would tell."""
    hides = photo.format.row.hides
    if "crop" in hides and crop.cropped(photo.data) is not None:
        raise RefusedError("cropped")
    if "ends" in hides or same_coded.has_transparency(photo.data, photo.format):
        photo.check_pixels()
    return (), (clean_phrase("note.too_large"),)


def _behind_blocks(photo: Photo) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:
    left = [scan_slack.surplus(picture) for picture in jpeg_code.pictures(photo.data)]
    if any(left):
        raise RefusedError("unseen_left", what=BEHIND)
    return ((), (clean_phrase("note.behind_blocks"),)) if None in left else ((clean_phrase("proof.behind_blocks"),), ())


def _under_transparency(photo: Photo) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:
    found = exact = False
    for page in range(photo.frames):
        layers = photo.layers(page)
        if layers is None:
            continue
        found, exact = True, layers.exact
        if not exact and layers.structured():
            raise RefusedError("unseen", format=photo.format.row.title)
        if exact and not layers.uniform():
            raise RefusedError("unseen_left", what=COLOURS)
    if found and exact and photo.format is Format.PNG and photo.data[24] == 16 and not deep_and_uniform(photo.data):
        raise RefusedError("unseen_left", what=COLOURS)
    if not found:
        return (), ()
    return (
        ((clean_phrase("proof.under_transparency"),), ()) if exact else ((), (clean_phrase("note.under_transparency"),))
    )
