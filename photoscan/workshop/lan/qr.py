"""A QR code as the path of an SVG: the page draws it, and no markup travels."""

from __future__ import annotations

from typing import Any

import numpy as np
import zxingcpp


def qr(text: str) -> dict[str, Any]:
    """{"size": modules a side, without a margin, "d": a path in which each module is 1 x 1}."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    dark = np.array(zxingcpp.write_barcode_to_image(code, scale=1)) < 128
    # How wide a margin is, and whether there is one, differs between versions of the library.
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    dark = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return {"size": int(dark.shape[0]), "d": "".join(_line(y, row) for y, row in enumerate(dark))}


def _line(y: int, row: Any) -> str:
    """A row's dark runs, each a rectangle."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], row.astype(np.int8), [0]))))
    return "".join(f"M{x} {y}h{end - x}v1h{x - end}z" for x, end in zip(edges[::2], edges[1::2], strict=True))
