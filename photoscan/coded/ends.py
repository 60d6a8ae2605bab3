"""Where a JPEG's blocks end: what stands behind the last one of an interval shows nowhere, and is cut."""

from __future__ import annotations

from dataclasses import replace

from photoscan.coded.frame import Frame, Scan, read
from photoscan.coded.progressive import Progressive
from photoscan.coded.refusal import NotCodableError
from photoscan.coded.sequential import rewritten
from photoscan.coded.walk import Layout


def cut(data: bytes) -> tuple[bytes, int]:
    """A stripped JPEG without what stands behind the last blocks, and how many bytes that were.

    The blocks themselves are the same, bit for bit. NotCodableError for data that can't be walked through.
    """
    skeleton = read(data)
    frame = skeleton.frame
    progressive = Progressive(frame, _nothing, every=True) if frame.progressive else None
    parts, surplus = [], 0
    try:
        for part in skeleton.parts:
            if isinstance(part, bytes):
                parts.append(part)
                continue
            done, extra = _scan(frame, part, progressive)
            parts.append(done)
            surplus += extra
    except (IndexError, KeyError, ValueError):
        raise NotCodableError("data that make no sense") from None
    return b"".join(parts), surplus


def _nothing(component: int, row: int, column: int) -> int:
    """No block is replaced."""
    return 0


def _scan(frame: Frame, scan: Scan, progressive: Progressive | None) -> tuple[bytes, int]:
    layout = Layout.of(frame, scan)
    needed = -(-layout.count // (scan.restart or layout.count))
    surplus = sum(len(interval) + 2 for interval in scan.intervals[needed:])
    scan = replace(scan, intervals=scan.intervals[:needed])
    marks = bytearray(layout.count)
    walked = progressive.rewritten(scan, layout, marks) if progressive else rewritten(
        scan, layout, marks, _nothing, every=True
    )  # fmt: skip
    kept = []
    for interval, exact in zip(scan.intervals, walked[1], strict=True):
        # What is as long has other bits to fill its last byte, at most: they stay.
        kept.append(exact if len(exact) < len(interval) else interval)
        surplus += len(interval) - len(kept[-1])
    joined = [kept[0]]
    for number, interval in enumerate(kept[1:]):
        joined += [bytes((0xFF, 0xD0 + number % 8)), interval]
    return scan.header + b"".join(joined), surplus
