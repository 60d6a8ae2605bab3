"""Files beside a photo: what each says about it, as entries. One that can't be read is told as unknown."""

from __future__ import annotations

from photoscan import sidecars
from photoscan.formats import HEAD, Format, detect
from photoscan.metadata import adjustments, embedded, picasa, takeout, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Metadata, Role
from photoscan.sidecars import Sidecar, Sort

ROOT = "sidecar"
"""The first part of the containers of all that these files say."""


def read(sidecar: Sidecar, photo: str) -> Metadata:
    """What a file says about a photo; containers begin with 'sidecar'. `photo`: the photo's name without folders.

    Raises nothing of its own.
    """
    found = Collector()
    path = f"{ROOT}/{sidecar.sort.value}"
    data = sidecars.content(sidecar)
    if data is None:
        _unread(found, path, sidecar.problem or "unreadable")
    else:
        with found.guarded(path):
            _read(Block.of(data), sidecar.sort, path, photo, found)
    return Metadata(tuple(found.entries), sidecar.path.name, tuple(found.warnings))


def _read(block: Block, sort: Sort, path: str, photo: str, found: Collector) -> None:
    if sort is Sort.XMP:
        xmp.read(block, path, found)
    elif sort in (Sort.TAKEOUT, Sort.JSON):
        takeout.read(block, path, photo, found, sort is Sort.TAKEOUT)
    elif sort is Sort.AAE:
        adjustments.read(block, path, found)
    elif sort is Sort.PICASA:
        picasa.read(block, path, photo, found)
    elif detect(block.data[:HEAD]) is Format.JPEG:
        embedded.walk(block, Format.JPEG, f"{path}/jpeg", found)
    else:
        found.unknown(block, path, "file", about="no JPEG")


def _unread(found: Collector, path: str, why: str) -> None:
    found.warn(f"{path}: not read ({why})")
    found.add(Block.of(b""), path, "file", b"", role=Role.UNKNOWN, about=f"not read: {_WHY[why]}")


_WHY = {
    "link": "a link, which is not followed",
    "special": "a pipe or a device",
    "large": "larger than such files are",
    "unreadable": "it can't be opened",
}
