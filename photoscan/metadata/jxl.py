"""JPEG XL (ISO 18181-2): boxes around the codestream, which may hold a whole JPEG file's metadata."""

from __future__ import annotations

from photoscan.metadata import exif, jumbf, sniff, tail, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box, boxes
from photoscan.metadata.entry import Collector, Role

_DECODING = frozenset((b"JXL ", b"ftyp", b"jxll", b"jxlc", b"jxlp", b"jxli"))


def walk(block: Block, path: str, found: Collector) -> None:
    """Every box but those of the codestream; a bare codestream has none."""
    if block.data.startswith(b"\xff\x0a"):
        return
    end = 0
    for box in boxes(block.data):
        end = box.end
        if box.kind not in _DECODING:
            with found.guarded(f"{path}/{box.name}"):
                _box(block, box, path, found)
    tail.read(block, end, path, found)


def _box(block: Block, box: Box, path: str, found: Collector) -> None:
    content = block.cut(box.body, box.end)
    if box.kind == b"Exif":
        exif.read(content.cut(4 + int.from_bytes(content.data[:4], "big")), f"{path}/exif", found)
    elif box.kind == b"xml ":
        xmp.read(content, f"{path}/xmp", found)
    elif box.kind == b"jumb":
        jumbf.read(block.cut(box.start, box.end), f"{path}/jumbf", found)
    elif box.kind == b"brob":
        about = f"{content.data[:4].decode('latin-1').strip()}, compressed with Brotli"
        found.add(content, f"{path}/brob", "compressed metadata", content.data[:64], 0, None, Role.UNKNOWN, about)
    elif box.kind == b"jbrd":
        about = "what restores the JPEG file this was made from, with its comments and whatever else it held"
        found.add(content, f"{path}/jbrd", "JPEG reconstruction data", content.data[:64], 0, None, Role.UNKNOWN, about)
    else:
        found.unknown(content, f"{path}/{box.name}", about=sniff.words(content.data, 0, len(content.data)))
