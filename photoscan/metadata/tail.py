"""What stands behind the end of an image: further pictures, motion video, Samsung's trailer, remains of older files."""

from __future__ import annotations

import re

from photoscan.metadata import desks, embedded, sniff
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import boxes
from photoscan.metadata.entry import Collector, Role, is_fill
from photoscan.metadata.ifd import text
from photoscan.metadata.jpeg_marks import end_of
from photoscan.patterns import pattern

MAX_PIECES = 100
_PART = pattern(rb"\xff\xd8\xff[\xc0-\xfe]|.{4}ftyp[a-zA-Z0-9 ]{4}", re.DOTALL)
_SEF_TEXTS = {0x0A01: "SamsungCaptureTime", 0x0AA1: "SamsungCountryCode"}
_VIDEO = pattern(rb"(?i)motionphoto|video|mp4")


def read(block: Block, start: int, path: str, found: Collector) -> None:
    """Everything from a position to the block's end, piece by piece; padding says nothing."""
    end = len(block.data)
    if start >= end or is_fill(block.data, start, end):
        return
    with found.guarded(f"{path}/tail"):
        end = desks.read(block, start, end, f"{path}/trailer", found)
        end = _samsung(block, start, end, f"{path}/samsung", found)
    at = start
    for _ in range(MAX_PIECES):
        match = _PART.search(block.data, at, end)
        stop = match.start() if match else end
        if stop > at:
            _rest(block, at, stop, f"{path}/tail", found)
        if match is None:
            return
        at = _part(block, stop, end, f"{path}/tail", found)
    _rest(block, at, end, f"{path}/tail", found)


def _part(block: Block, start: int, end: int, path: str, found: Collector) -> int:
    """A picture or video that begins here; the position behind it."""
    data = block.data
    if data[start + 4 : start + 8] == b"ftyp":
        stop = start
        for box in boxes(data, start, end):
            if not box.name.isprintable() or (box.kind == b"ftyp" and box.start > start):
                break
            stop = box.end
        stop = stop if stop > start + 16 else end
        still = sniff.picture(data, start) is not None
        field, role = ("second image", Role.IMAGE) if still else ("motion photo video", Role.VIDEO)
        embedded.part(block.cut(start, stop), path, field, role, found)
        return stop
    stop = min(end_of(data, start), end)
    said = found.announced.get(block.place(start, start)[0], "")
    embedded.part(block.cut(start, stop), path, "second image", Role.IMAGE, found, said)
    return stop


def _rest(block: Block, start: int, end: int, path: str, found: Collector) -> None:
    """Bytes that begin no picture: perhaps the end of one, left over from a larger file that was overwritten."""
    data = block.data
    if is_fill(data, start, end):
        return
    field, about = "data behind the end of image", sniff.words(data, start, end)
    if not about:
        closing = data[max(start, end - 64) : end].rstrip(b"\0")
        if closing.endswith(b"IEND\xaeB`\x82") or (data.find(b"IDAT", start, end) >= 0):
            about = "the rest of a larger PNG picture that was overwritten (aCropalypse): what was cropped can be seen"
        elif closing.endswith(b"\xff\xd9"):
            about = "the rest of a larger JPEG picture that was overwritten: what was cropped can be seen"
    elif sniff.picture(data, start) is not None:
        embedded.part(block.cut(start, end), path, "second image", Role.IMAGE, found, about)
        return
    found.add(block, path, field, data[start : start + 64], start, end, Role.TRAILING, about)


def _samsung(block: Block, start: int, end: int, path: str, found: Collector) -> int:
    """Samsung's trailer: named parts, then their directory (SEFH ... SEFT); gives the position where it begins.

    Each directory row: 2 unknown bytes, the part's type, how far before the directory it begins, its length.
    """
    data = block.data
    closing = data.rfind(b"SEFT", max(start, end - 64), end)
    head = closing - 4 - int.from_bytes(data[closing - 4 : closing], "little") if closing >= 0 else -1
    if head < start or data[head : head + 4] != b"SEFH":
        return end
    first = head
    count = min(int.from_bytes(data[head + 8 : head + 12], "little"), (closing - 4 - head - 12) // 12)
    for row in range(head + 12, head + 12 + 12 * count, 12):
        kind = int.from_bytes(data[row + 2 : row + 4], "little")
        at = head - int.from_bytes(data[row + 4 : row + 8], "little")
        stop = at + int.from_bytes(data[row + 8 : row + 12], "little")
        if start <= at < stop <= head:
            first = min(first, at)
            _samsung_part(block, kind, at, stop, path, found)
    found.add(block, path, "directory", data[head : head + 64], head, end, Role.UNKNOWN, "Samsung's trailer")
    return first


def _samsung_part(block: Block, kind: int, start: int, end: int, path: str, found: Collector) -> None:
    length = min(int.from_bytes(block.data[start + 4 : start + 8], "little"), end - start - 8)
    name = text(block.data[start + 8 : start + 8 + length])
    body = block.cut(start + 8 + length, end)
    if sniff.video(body.data) or _VIDEO.search(name.encode()):
        embedded.part(body, path, name or "video", Role.VIDEO, found)
    elif sniff.picture(body.data) is not None:
        embedded.part(body, path, name or "picture", Role.IMAGE, found)
    elif kind in _SEF_TEXTS or sniff.words(body.data, 0, len(body.data)) == "text":
        found.add(body, path, _SEF_TEXTS.get(kind, name), text(body.data))
    else:
        found.add(
            block, path, name or "part", block.data[start : start + 64], start, end, Role.UNKNOWN, "Samsung's trailer"
        )
