"""Data behind the last block of a JPEG's scan, as libjpeg sees it: it stops reading when the last row is there.

The strippers cut by walking through the blocks in another way; this looks at their work.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import Any

FINE = 16
STEPS = (1 << 16, 1 << 10, FINE)
"""Bytes that are fed at a time: large steps first, then smaller ones from where the larger ones left off. Each costs a
decode up to there; 16 bytes at a time from the first would cost thousands of looks at the last row."""
AHEAD = 16
"""Bytes that libjpeg may read ahead of the block that it is decoding."""
_SCAN = re.compile(rb"\xff\xda")
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def surplus(data: bytes) -> int | None:
    """About how many bytes stand behind the last block of a sequential JPEG with one scan, 0 for none.

    None where it can't be told: several scans, arithmetic coding, a picture that does not decode.
    """
    scans = [match.start() for match in _SCAN.finditer(data)]
    if len(scans) != 1 or re.search(rb"\xff[\xc0\xc1]", data[: scans[0]]) is None:
        return None
    match = _SCAN_END.search(data, scans[0] + 4)
    end = match.start() if match else len(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            needed = _needed(data, scans[0], end)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - decoders raise anything on broken input
        return None
    return None if needed is None else max(0, end - needed - FINE - AHEAD)


def _needed(data: bytes, scan: int, end: int) -> int | None:
    """How many bytes had been fed when the last row came out; None where it never did."""
    from PIL import JpegImagePlugin  # Image.open would load every codec

    # Fed coarsely the rows come out a step too late.
    needed, before = scan, 0
    for step in STEPS:
        found = _fed(data, scan, end, step, max(scan, needed - before) if before else 0, JpegImagePlugin)
        if found is None:
            return None
        needed, before = found, step
    return needed


def _fed(data: bytes, scan: int, end: int, step: int, whole: int, plugin: Any) -> int | None:
    """The same in steps of so many bytes, behind a part that is fed at once."""
    opened, image = plugin.JpegImageFile(io.BytesIO(data)), plugin.Image
    mode, size = opened.mode, opened.size
    decoder = image._getdecoder(mode, "jpeg", (opened.tile[0].args[0], ""), opened.decoderconfig)
    canvas = image.new(mode, size)
    # The last row holds a pattern until the decoder writes it.
    length = size[0] * len(canvas.getbands())
    canvas.paste(image.frombytes(mode, (size[0], 1), bytes(97 * i % 251 for i in range(length))), (0, size[1] - 1))
    decoder.setimage(canvas.im, (0, 0, *size))
    before = _last_row(canvas)
    at, buffer = 0, b""
    while at < end:
        take = max(step, whole - at) if at < whole else step
        buffer += data[at : min(end, at + take)]
        at = min(end, at + take)
        used, error = decoder.decode(buffer)
        if _last_row(canvas) != before:
            return at
        if used < 0 or error:
            return None
        buffer = buffer[used:]
    used, error = decoder.decode(buffer + data[end:])
    return end if _last_row(canvas) != before and not error else None


def _last_row(canvas: Any) -> bytes:
    width, height = canvas.size
    return bytes(canvas.crop((0, height - 1, width, height)).tobytes())
