"""The frames of an animation as they are coded, each as a still picture: players lay them over one another."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from photoscan.formats import Format

Part = tuple[int, int, bytes]
"""Where a frame lies on the canvas, and the frame as a file of its own."""
MAX_PARTS = 100_000


def frames(data: bytes, format_: Format) -> list[Part]:
    """The frames of a file in one of FRAMED, in order; none for a still picture. What is broken is left out.

    KeyError for any other format.
    """
    return FRAMED[format_](data)


def _png(data: bytes) -> list[Part]:
    """The still picture and each run of fdAT chunks (PNG third edition, 11.3.6)."""
    if b"acTL" not in data[:4096]:
        return []
    shared = b""  # chunks that all frames need
    rows: list[tuple[int, int, bytes, list[bytes]]] = []  # x, y, width and height, compressed rows
    header, place, fresh = data[16:29], (0, 0), False
    size = header[:8]
    at = 8
    while at + 12 <= len(data) and len(rows) < MAX_PARTS:
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + length]
        if kind in (b"PLTE", b"tRNS"):
            shared += data[at : at + 12 + length]
        elif kind == b"fcTL":
            size, fresh = content[4:12], True
            place = int.from_bytes(content[12:16], "big"), int.from_bytes(content[16:20], "big")
        elif kind == b"IDAT":
            if not rows:
                rows.append((0, 0, header[:8], [b""]))
            rows[0][3].append(content)
            fresh = False
        elif kind == b"fdAT":
            if fresh or not rows:
                rows.append((*place, size, [b""]))
                fresh = False
            rows[-1][3].append(content[4:])
        at += 12 + length
    return [(x, y, _still(side + header[8:], shared, b"".join(stream))) for x, y, side, stream in rows]


def _still(header: bytes, shared: bytes, stream: bytes) -> bytes:
    packed = [_chunk(b"IHDR", header), shared, _chunk(b"IDAT", stream), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def _webp(data: bytes) -> list[Part]:
    """Each ANMF chunk: 24 bits each of half x and y, width and height less one, then the picture (RFC 9649)."""
    found: list[Part] = []
    at = 12
    while at + 8 <= len(data) and len(found) < MAX_PARTS:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"ANMF" and length >= 16:
            head, body = data[at + 8 : at + 24], data[at + 24 : at + 8 + length]
            x, y = (2 * int.from_bytes(head[i : i + 3], "little") for i in (0, 3))
            extended = b"VP8X" + (10).to_bytes(4, "little") + b"\x10\0\0\0" + head[6:12]
            whole = b"WEBP" + (extended if body[:4] != b"VP8L" else b"") + body
            found.append((x, y, b"RIFF" + len(whole).to_bytes(4, "little") + whole))
        at += 8 + length + (length & 1)
    return found


FRAMED: dict[Format, Callable[[bytes], list[Part]]] = {Format.PNG: _png, Format.WEBP: _webp}
"""Formats whose frames can be taken out as files of their own."""
