"""JPEG made flat: data behind the last block are cut; rows below the height that the frame tells are such data too."""

from __future__ import annotations

from photoscan import coded
from photoscan.coded import ends
from photoscan.unseen.scan_slack import surplus

BEHIND = "data behind the last block"
WALKED = 1 << 20
"""Bytes up to which every JPEG is walked through, in a fraction of a second; others where libjpeg leaves data over."""


def flattened(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The file made flat, and what was there; as it is where its coding can't be walked through."""
    if len(data) > WALKED and surplus(data) == 0:
        return data, ()
    try:
        done, extra = ends.cut(data)
    except coded.NotCodableError:
        return data, ()
    return (done, (BEHIND,)) if extra else (data, ())
