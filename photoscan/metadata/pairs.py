"""Live Photos: a photo and the film of the same moment, which lies beside it in a file of its own.

Apple names both alike and writes the same content identifier into both (Apple's maker notes, tag 17; the film's key
'com.apple.quicktime.content.identifier').
"""

from __future__ import annotations

import struct
from pathlib import Path

from photoscan.metadata import quicktime
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box
from photoscan.metadata.entry import Collector

SUFFIXES = (".mov", ".MOV", ".mp4", ".MP4")
MOST_BOXES, LARGEST = 1000, 16 * 1024 * 1024
"""Boxes of a film that are stepped over, and bytes of its movie box that are read."""


def film_of(photo: Path, identifier: str) -> Path | None:
    """The film beside a photo that has the same name and content identifier; None where there is none.

    `identifier`: the photo's. Of the film only its movie box is read. Raises nothing of its own.
    """
    try:
        for suffix in SUFFIXES:
            film = photo.with_suffix(suffix)
            if film != photo and film.is_file() and identifier in identifiers(film):
                return film
    except (OSError, ValueError):
        pass
    return None


def identifiers(film: Path) -> set[str]:
    """A film's content identifiers; OSError where it can't be read."""
    with film.open("rb") as stream:
        for _ in range(MOST_BOXES):
            head = stream.read(16)
            if len(head) < 8:
                break
            size, kind = struct.unpack_from(">I4s", head)
            length = int.from_bytes(head[8:], "big") if size == 1 else size
            if kind == b"moov":
                if not 8 <= length <= LARGEST:
                    break
                return _said(head + stream.read(length - len(head)))
            if length < 8:
                break
            stream.seek(length - len(head), 1)
    return set()


def _said(moov: bytes) -> set[str]:
    found = Collector()
    with found.guarded("moov"):
        quicktime.movie(Block.of(moov), Box(b"moov", 0, 8, len(moov)), "moov", found)
    return {entry.text for entry in found.entries if entry.field == "ContentIdentifier"}
