"""GIF (89a): comments, plain text, application blocks, and what follows the trailer."""

from __future__ import annotations

from photoscan.metadata import icc, iptc, jumbf, sniff, tail, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.ifd import text
from photoscan.patterns import pattern

MAX_BLOCKS = 1_000_000
_BLOCK = pattern(rb"[\x21\x2c\x3b]")
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_XMP_END = 258
"""XMP stands in GIF without sub-blocks; this many bytes behind it lead every reader to the end."""


def walk(block: Block, path: str, found: Collector) -> None:
    """Every extension block but those that time and repeat the animation."""
    data = block.data
    at = 13 + _table(data[10])
    for _ in range(MAX_BLOCKS):
        if at >= len(data):
            found.warn("no end of image")
            return
        if data[at] == 0x3B:
            tail.read(block, at + 1, path, found)
            return
        if data[at] == 0x2C:
            at = _skip(data, at + 11 + _table(data[at + 9]))
        elif data[at] == 0x21:
            label, start = data[at + 1], at + 2
            at = _skip(data, start)
            with found.guarded(path):
                _extension(block.cut(start, at), label, path, found)
        else:
            match = _BLOCK.search(data, at)
            behind = match.start() if match else len(data)
            found.unknown(block, path, "bytes between blocks", at, behind)
            at = behind
    found.warn("too many blocks")


def _table(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _skip(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _extension(content: Block, label: int, path: str, found: Collector) -> None:
    data = content.data
    name = data[1:12]
    if label == 0xF9 and data[:1] == b"\4" and len(data) == 6:
        return
    if label == 0xFE:
        found.add(content, f"{path}/comment", "Comment", text(_joined(content, 0).data))
    elif label == 0x01:
        found.add(content, f"{path}/plain text", "PlainText", text(_joined(content, 13).data))
    elif name in _LOOPS and len(data) == 17 and data[12:14] == b"\3\1":
        return
    elif name == b"XMP DataXMP":
        xmp.read(content.cut(12, max(12, len(data) - _XMP_END)), f"{path}/xmp", found)
    elif name == b"MGK8BIM0000":
        iptc.read_resources(_joined(content, 12), f"{path}/photoshop", found)
    elif name == b"MGKIPTC0000":
        iptc.read(_joined(content, 12), f"{path}/iptc", found)
    elif name[:8] == b"C2PA_GIF":
        jumbf.read(_joined(content, 12), f"{path}/jumbf", found)
    elif name == b"ICCRGBG1012":
        icc.read(_joined(content, 12), f"{path}/icc", found)
    else:
        parts = _joined(content, 0)
        found.unknown(parts, f"{path}/extension {label:#x}", about=sniff.words(parts.data, 0, len(parts.data)))


def _joined(content: Block, at: int) -> Block:
    """The sub-blocks from a position on, put together."""
    parts = []
    while at < len(content.data) and content.data[at]:
        parts.append(content.cut(at + 1, at + 1 + content.data[at]))
        at += 1 + content.data[at]
    return Block.joined(parts)
