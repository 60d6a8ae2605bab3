"""Machine-readable codes: QR, Aztec, Data Matrix, PDF417 and barcodes, by zxing-cpp."""

from __future__ import annotations

from dataclasses import dataclass, field

import zxingcpp

from photoscan.geometry import Box, Polygon
from photoscan.options import ScanOptions
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.tiles import tiles

WHOLE = 1600
"""Long side at which the whole photo is searched: large codes are found there quickly."""
SMALL = 900
"""A photo whose long side is below this is tried at twice its size as well."""
TILE = 1400
OVERLAP = 300


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `symbology` is zxing's name ('QRCode', 'EAN13', ...); polygon in upright-photo pixels."""

    symbology: str
    text: str = field(repr=False)
    polygon: Polygon

    @property
    def box(self) -> Box:
        """The upright box around the code, without its quiet zone."""
        return Box.around(self.polygon)


def find(pyramid: Pyramid, options: ScanOptions) -> tuple[Code, ...]:
    """Every code that decodes; in photos larger than 1600 pixels small ones are looked for at full size as well."""
    small = pyramid.at(min(WHOLE, pyramid.long_side))
    factor = pyramid.long_side / min(WHOLE, pyramid.long_side)
    found = [_code(b, factor, 0, 0) for b in zxingcpp.read_barcodes(small)]
    if pyramid.long_side > WHOLE and options.profile != "fast":
        for tile in tiles(pyramid.width, pyramid.height, TILE, OVERLAP):
            patch = pyramid.full[tile.y : tile.y2, tile.x : tile.x2]
            found += [_code(b, 1.0, tile.x, tile.y) for b in zxingcpp.read_barcodes(patch)]
    if not found and pyramid.long_side < SMALL:
        found = [_code(b, 0.5, 0, 0) for b in zxingcpp.read_barcodes(pyramid.at(2 * pyramid.long_side))]
    distinct: list[Code] = []
    for code in found:
        if not any(code.text == other.text and code.box.intersection(other.box) for other in distinct):
            distinct.append(code)
    return tuple(distinct)


def _code(barcode: zxingcpp.Barcode, factor: float, dx: int, dy: int) -> Code:
    p = barcode.position
    corners = (p.top_left, p.top_right, p.bottom_right, p.bottom_left)
    return Code(
        str(barcode.format).rpartition(".")[2].replace(" ", ""),
        barcode.text,
        tuple((c.x * factor + dx, c.y * factor + dy) for c in corners),
    )
