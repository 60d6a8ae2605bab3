"""Clocks of a film: when its headers say that it was made and changed (ISO 14496-12, 8.2.2)."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box
from photoscan.metadata.entry import Collector, Role

_EPOCH, _UNIX = datetime(1904, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)
_OLDEST = 2_500_000_000
"""Seconds since 1904 of March 1983: smaller numbers count since 1970, as some cameras do."""


def clock(block: Block, box: Box, path: str, field: str, found: Collector) -> None:
    """When a header says that something was made and changed, in seconds since 1904; some count since 1970."""
    wide = block.data[box.body] == 1
    size = 8 if wide else 4
    before = 0
    for name, at in ((field, box.body + 4), (field.replace("Create", "Modify"), box.body + 4 + size)):
        (seconds,) = struct.unpack_from(">Q" if wide else ">I", block.data, at)
        if not seconds or seconds == before:
            continue
        before = seconds
        since = _EPOCH if seconds > _OLDEST else _UNIX
        if _OLDEST < seconds < 6_000_000_000 or 300_000_000 < seconds < 2_100_000_000:
            stamp = (since + timedelta(seconds=seconds)).strftime("%Y:%m:%d %H:%M:%S")
            found.add(block, path, name, stamp, at, at + size)
        else:
            found.add(block, path, name, seconds, at, at + size, Role.TECHNICAL)
