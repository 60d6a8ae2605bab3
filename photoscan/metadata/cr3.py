"""Canon's CR3: an ISO media file (ISO 14496-12) with EXIF directories, a maker note and previews in boxes of its own.

The directories stand in 'CMT1' to 'CMT4' of a uuid box (layout as collected by ExifTool). The sensor's data and the
full-size JPEG are samples of tracks.
"""

from __future__ import annotations

from photoscan.metadata import exif, makernotes, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box, boxes
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.maker_values import text
from photoscan.metadata.raw_parts import Parts

_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_PREVIEW = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_STRUCTURE = frozenset((b"ftyp", b"mdat", b"free", b"trak", b"mvhd"))
_SILENT = frozenset((b"CCTP", b"CTBO", b"THMB", b"free", b"CNOP"))
"""Lists of tracks and offsets, and the small preview."""


def walk(block: Block, path: str, found: Collector) -> None:
    """What the boxes tell, and the pictures."""
    for box in boxes(block.data):
        with found.guarded(f"{path}/{box.name}"):
            if box.kind == b"moov":
                for inner in boxes(block.data, box.body, box.end):
                    _box(block, inner, path, found)
            else:
                _box(block, box, path, found)
    Parts(block.data).tell(block, path, found)


def _box(block: Block, box: Box, path: str, found: Collector) -> None:
    name = block.data[box.body : box.body + 16] if box.kind == b"uuid" else b""
    if name == _CANON:
        _canon(block, box.body + 16, box.end, path, found)
    elif name == _XMP:
        xmp.read(block.cut(box.body + 16, box.end), f"{path}/xmp", found)
    elif box.kind not in _STRUCTURE and name != _PREVIEW:
        found.unknown(block.cut(box.body, box.end), f"{path}/{box.name}")


def _canon(block: Block, start: int, end: int, path: str, found: Collector) -> None:
    model = ""
    for box in boxes(block.data, start, end):
        content = block.cut(box.body, box.end)
        if box.kind == b"CMT1":
            exif.read(content, f"{path}/exif", found)
            model = next((e.text for e in found.entries if e.field == "Model"), "")
        elif box.kind == b"CMT2":
            exif.read(content, f"{path}/exif", found, first="exif")
        elif box.kind == b"CMT3":
            makernotes.read_alone(content, "Canon", model, f"{path}/exif", found)
        elif box.kind == b"CMT4":
            exif.read(content, f"{path}/exif", found, first="gps")
        elif box.kind == b"CNCV":
            found.add(content, path, "CompressorVersion", text(content.data) or "", role=Role.TECHNICAL)
        elif box.kind not in _SILENT:
            found.unknown(content, f"{path}/{box.name}")
