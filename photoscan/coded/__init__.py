"""Hiding parts of a JPEG in its coded data: only the blocks that are hidden change, every other coefficient stays.

Reads and writes Huffman-coded JPEGs of 8 bits a sample, sequential and progressive, in plain Python over tables that
NumPy lays out. What is copied is copied bit for bit; a Huffman table may get a symbol more, at its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from photoscan.coded.frame import Frame, Scan, Skeleton, read
from photoscan.coded.paint import Averages, Black
from photoscan.coded.progressive import Progressive
from photoscan.coded.refusal import NotCodableError
from photoscan.coded.sequential import rewritten
from photoscan.coded.walk import Cells, Layout, Paint
from photoscan.geometry import Box

__all__ = ["Averages", "Black", "Hidden", "NotCodableError", "Paint", "hide", "read"]


@dataclass(frozen=True, slots=True)
class Hidden:
    """A JPEG with hidden parts, and the boxes that were replaced: grown to whole units of blocks, in coded pixels."""

    data: bytes
    boxes: tuple[Box, ...]


def hide(skeleton: Skeleton, boxes: Sequence[Box], paint: Paint) -> Hidden:
    """Replace every unit of blocks that a box touches by flat ones.

    `skeleton`: of a stripped JPEG (`read`). `boxes`: in pixels of the coded picture, orientation not applied. Raises
    NotCodableError when this JPEG's data can't be changed in place.
    """
    frame = skeleton.frame
    grown = tuple(_grown(box, frame) for box in boxes if box.clipped(frame.width, frame.height).area)
    cells: Cells = [bytearray(frame.grid[0]) for _ in range(frame.grid[1])]
    for box in grown:
        for row in range(box.y // frame.unit[1], -(-box.y2 // frame.unit[1])):
            first, end = box.x // frame.unit[0], -(-box.x2 // frame.unit[0])
            cells[row][first:end] = b"\1" * (end - first)
    progressive = Progressive(frame, paint) if frame.progressive else None
    try:
        parts = [part if isinstance(part, bytes) else _scan(frame, part, cells, paint, progressive)
                 for part in skeleton.parts]  # fmt: skip
    except (IndexError, KeyError, ValueError):
        raise NotCodableError("data that make no sense") from None
    return Hidden(b"".join(parts), grown)


def _scan(frame: Frame, scan: Scan, cells: Cells, paint: Paint, progressive: Progressive | None) -> bytes:
    layout = Layout.of(frame, scan)
    marks = layout.replaced(cells)
    if progressive:
        tables, intervals = progressive.rewritten(scan, layout, marks)
    else:
        tables, intervals = rewritten(scan, layout, marks, paint)
    joined = [intervals[0]]
    for number, interval in enumerate(intervals[1:]):
        joined += [bytes((0xFF, 0xD0 + number % 8)), interval]
    return tables + scan.header + b"".join(joined)


def _grown(box: Box, frame: Frame) -> Box:
    """A box grown outward to whole units, cut at the picture's edges."""
    across, down = frame.unit
    inside = box.clipped(frame.width, frame.height)
    x, y = inside.x // across * across, inside.y // down * down
    x2, y2 = -(-inside.x2 // across) * across, -(-inside.y2 // down) * down
    return Box(x, y, x2 - x, y2 - y).clipped(frame.width, frame.height)
