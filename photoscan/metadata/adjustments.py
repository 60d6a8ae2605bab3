"""Apple's adjustments (.AAE): a property list that tells with what and when a photo was edited."""

from __future__ import annotations

from datetime import datetime

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector

_TOLD = ("adjustmentEditorBundleID", "adjustmentTimestamp")
_SILENT = frozenset(("adjustmentBaseVersion", "adjustmentData", "adjustmentFormatIdentifier", "adjustmentFormatVersion",
                     "adjustmentRenderTypes"))  # fmt: skip
"""Numbers of versions, and the adjustments themselves: how light or where cut."""


def read(block: Block, path: str, found: Collector) -> None:
    """The editing program and the moment as entries; any other text as well."""
    import plistlib

    try:
        rows = plistlib.loads(block.data)
    except Exception:  # noqa: BLE001 - the XML parser below raises errors of its own for what is no property list
        rows = None
    if not isinstance(rows, dict):
        found.unknown(block, path, "file", about="no property list that can be read")
        return
    for name, value in rows.items():
        said = f"{value:%Y:%m:%d %H:%M:%S}+00:00" if isinstance(value, datetime) else value
        if isinstance(said, str) and said.strip() and name not in _SILENT:
            found.add(block, path, f"aae:{name}" if name in _TOLD else "aae:other", said)
