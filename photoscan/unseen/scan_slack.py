"""Data behind the last block of a JPEG's scan, as libjpeg sees it: it stops reading when the last row is there.

The strippers cut by walking through the blocks in another way; this looks at their work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from photoscan.patterns import pattern

FINE = 16
STEPS = (1 << 16, 1 << 10, FINE)
"""Bytes that are fed at a time: large steps first, then smaller ones from where the larger ones left off. Each costs a
decode up to there; 16 bytes at a time from the first would cost thousands of looks at the last row."""
AHEAD = 16
"""Bytes behind the last block of which nothing is told: some coders fill up their last word."""
SHRUNK = 8
COLOURS = (97, 201)
"""Of the canvas: a picture whose last row has the first one is decoded on the second."""
MOST = 16_000_000
"""Pixels of a picture an eighth as wide and as high that are made at most: 1,000 megapixels."""
_SEQUENTIAL = pattern(rb"\xff[\xc0\xc1]")
_SCAN = pattern(rb"\xff\xda")
_SCAN_END = pattern(rb"\xff[^\x00\xd0-\xd7\xff]")


def surplus(data: bytes) -> int | None:
    """About how many bytes stand behind the last block of a sequential JPEG with one scan, 0 for none or a few.

    None where it can't be told: several scans, arithmetic coding, a picture that does not decode.
    """
    found = _looked(data, lambda scan, end: 0 if _is_used_up(data, scan, end) else _left(data, scan, end))
    return None if found is None else max(0, found - FINE - AHEAD)


def used_up(data: bytes) -> bool:
    """Whether the last block of such a JPEG needs the scan's last byte; False where that can't be told."""
    return bool(_looked(data, lambda scan, end: int(_is_used_up(data, scan, end))))


def _looked(data: bytes, look: Callable[[int, int], int | None]) -> int | None:
    """What a look at the one scan tells, from its header to its end; None where there is no such scan."""
    scans = [match.start() for match in _SCAN.finditer(data)]
    if len(scans) != 1 or _SEQUENTIAL.search(data, 0, scans[0]) is None:
        return None
    match = _SCAN_END.search(data, scans[0] + 4)
    try:
        return look(scans[0], match.start() if match else len(data))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - decoders raise anything on broken input
        return None


class _Feed:
    """libjpeg, given a file bit by bit. Its headers come without what the file says there.

    Pillow's core alone, since its modules take as long to load as all else of a look at metadata. The picture is made
    an eighth as wide and as high: the same bits are read for it, and less is made of them.
    """

    def __init__(self, data: bytes, scan: int, colour: int) -> None:
        from PIL import _imaging

        core: Any = _imaging
        head = _bare(data[:scan])
        mode, width, height = _frame(head)
        self._decoder = core.jpeg_decoder(mode, mode, "", SHRUNK, 0)
        self._canvas: Any = core.fill(mode, (width, height), (colour, 255 - colour, colour // 2, colour)[: len(mode)])
        self._decoder.setimage(self._canvas, (0, 0, width, height))
        self._before, self._rest = self._last_row(), b""
        self.broken = not self.more(head)

    def more(self, data: bytes) -> bool:
        """Give it more; whether it goes on."""
        rest = self._rest + data
        used, error = self._decoder.decode(rest)
        self._rest = rest[max(0, used) :]
        return not error and (used >= 0 or self.done)

    @property
    def done(self) -> bool:
        """Whether the last row came out: it had one colour before."""
        return bool(self._last_row() != self._before)

    def _last_row(self) -> Any:
        width, height = self._canvas.size
        return self._canvas.crop((0, height - 1, width, height)).histogram()


def _frame(head: bytes) -> tuple[str, int, int]:
    """Pillow's mode of a sequential JPEG, and its width and height when it is shrunk; ValueError for any other."""
    at = 2
    while head[at + 1] not in (0xC0, 0xC1):
        at += 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    height, width = (-(-int.from_bytes(head[at + i : at + i + 2], "big") // SHRUNK) for i in (5, 7))
    mode = {1: "L", 3: "RGB", 4: "CMYK"}.get(head[at + 9])
    if mode is None or not 0 < width * height <= MOST or head[at + 4] != 8:
        raise ValueError("no such picture")
    return mode, width, height


def _bare(head: bytes) -> bytes:
    """The headers without segments for applications and comments."""
    kept, at = [head[:2]], 2
    while at + 4 <= len(head):
        if head[at] != 0xFF or head[at + 1] == 0xFF:
            at += 1
            continue
        length = 2 + int.from_bytes(head[at + 2 : at + 4], "big")
        if not (0xE0 <= head[at + 1] <= 0xED or head[at + 1] in (0xEF, 0xFE)):
            kept.append(head[at : at + length])
        at += length
    return b"".join(kept)


def _is_used_up(data: bytes, scan: int, end: int) -> bool:
    """Whether the last row comes out with the last byte and not before. Decodes once."""
    feed = _Feed(data, scan, COLOURS[0])
    if feed.broken or not feed.more(data[scan : end - 1]) or feed.done:
        return False
    return feed.more(data[end - 1 :]) and feed.done


def _left(data: bytes, scan: int, end: int) -> int | None:
    """How many bytes were left when the last row came out; None where it never did."""
    # Fed coarsely the rows come out a step too late.
    needed, before = scan, 0
    for step in STEPS:
        found = _fed(data, scan, end, step, max(scan, needed - before) if before else scan)
        if found is None:
            return None
        needed, before = found, step
    return end - needed


def _fed(data: bytes, scan: int, end: int, step: int, whole: int) -> int | None:
    """The same in steps of so many bytes, behind a part that is fed at once."""
    feed = _Feed(data, scan, COLOURS[1])
    at = scan
    while at < end:
        following = min(end, max(whole, at + step))
        going = feed.more(data[at:following])
        at = following
        if feed.done:
            return at
        if not going:
            return None
    return end if feed.more(data[end:]) and feed.done else None
