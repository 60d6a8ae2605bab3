"""RAW files that are built like a TIFF (DNG, NEF, ARW, CR2, PEF, SRW, ORF, RW2 and others), and their previews."""

from __future__ import annotations

from photoscan.metadata import exif, phase_one
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.raw_parts import Parts

_PHASE_ONE = 8


def walk(block: Block, path: str, found: Collector) -> None:
    """Every tag but those of the sensor's pictures, every preview, and the bytes between."""
    parts = Parts(block.data)
    known = list(parts.spans)
    if phase_one.is_one(block.data, _PHASE_ONE):
        with found.guarded(f"{path}/phase-one"):
            phase_one.read(block.cut(_PHASE_ONE), f"{path}/makernote/Phase One", found)
        known.append((_PHASE_ONE, len(block.data)))
    exif.read(block, path, found, file=True, pictures=known)
    parts.tell(block, path, found)
