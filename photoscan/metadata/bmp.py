"""BMP: nothing but the picture, and what may stand behind it."""

from __future__ import annotations

from photoscan.metadata.entry import Collector, Role


def walk(data: bytes, found: Collector) -> None:
    """Bytes past the size that the file declares."""
    size = int.from_bytes(data[2:6], "little")
    if 54 <= size < len(data) and data[size:].strip(b"\0"):
        found.add("bmp/tail", "data behind the end of image", data[size : size + 64], size, len(data) - size,
                  Role.TRAILING)  # fmt: skip
