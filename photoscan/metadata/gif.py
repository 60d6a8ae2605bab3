"""GIF (89a): comments, plain text, application blocks, and what follows the trailer."""

from __future__ import annotations

from photoscan.metadata import xmp
from photoscan.metadata.entry import Collector, Role

MAX_BLOCKS = 1_000_000


def walk(data: bytes, found: Collector) -> None:
    """Every extension block but those that time and repeat the animation."""
    flags = data[10]
    at = 13 + (3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0)
    for _ in range(MAX_BLOCKS):
        if at >= len(data):
            found.warn("no end of image")
            return
        if data[at] == 0x3B:
            if data[at + 1 :].strip(b"\0"):
                found.add("gif/tail", "data behind the end of image", data[at + 1 : at + 65], at + 1,
                          len(data) - at - 1, Role.TRAILING)  # fmt: skip
            return
        if data[at] == 0x2C:
            local = data[at + 9]
            at = _skip(data, at + 11 + (3 * 2 ** ((local & 7) + 1) if local & 0x80 else 0))
        elif data[at] == 0x21:
            label, start = data[at + 1], at + 2
            at = _skip(data, start)
            _extension(data, label, start, at, found)
        else:
            found.warn("an unknown block")
            return


def _skip(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _extension(data: bytes, label: int, start: int, end: int, found: Collector) -> None:
    content = data[start:end]
    if label == 0xF9 or content[1:12] in (b"NETSCAPE2.0", b"ANIMEXTS1.0"):
        return
    if label == 0xFE:
        found.add("gif/comment", "Comment", b"".join(_sub_blocks(content)), start, end - start)
    elif content[1:12] == b"XMP DataXMP":
        xmp.read(content[12:], "gif/xmp", start, end - start, found)
    else:
        found.add(f"gif/extension {label:#x}", "unknown", content[:256], start, end - start, Role.UNKNOWN)


def _sub_blocks(content: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(content) and content[at]:
        parts.append(content[at + 1 : at + 1 + content[at]])
        at += 1 + content[at]
    return parts
