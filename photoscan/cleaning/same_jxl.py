"""A JPEG XL's picture is untouched where its codestream is."""

from __future__ import annotations

from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.metadata.boxes import boxes


def proved(before: bytes, after: bytes, format_: Format, pages: int | None) -> tuple[Phrase, ...]:
    """The proof; RefusedError where the codestreams differ."""
    if _codestream(before) != _codestream(after):
        raise RefusedError("changed")
    return (clean_phrase("proof.same_code"),)


def _codestream(data: bytes) -> list[tuple[bytes, bytes]]:
    """The boxes of the codestream, whichever way their length is written."""
    if data.startswith(b"\xff\x0a"):
        return [(b"", data)]
    return [(box.kind, data[box.body : box.end]) for box in boxes(data) if box.kind in (b"jxlc", b"jxlp")]
