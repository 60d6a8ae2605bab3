"""JPEG made flat: data behind the last block are cut; rows below the height that the frame tells are such data too."""

from __future__ import annotations

from photoscan.unseen.scan_slack import used_up

BEHIND = "data behind the last block"


def flattened(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The file made flat, and what was there; as it is where its coding can't be walked through."""
    if used_up(data):
        return data, ()
    from photoscan import coded
    from photoscan.coded import ends

    try:
        done, extra = ends.cut(data)
    except coded.NotCodableError:
        return data, ()
    return (done, (BEHIND,)) if extra else (data, ())
