"""Machine-readable codes: QR, Aztec, Data Matrix, PDF417 and barcodes, by zxing-cpp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import zxingcpp

from photoscan import deadline, repeated
from photoscan.budget import Budget, Share
from photoscan.geometry import Box, Polygon, centroid, corners
from photoscan.options import ScanOptions
from photoscan.textual import payloads
from photoscan.textual.payloads import MATRIX, Payload
from photoscan.vision import bars, unread_codes
from photoscan.vision.code_looks import WHOLE
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.tiles import tiles

if TYPE_CHECKING:
    from photoscan.pixels import Pixels

SMALL = 900
"""A photo whose long side is below this is tried at twice its size as well."""
TILE = 1400
OVERLAP = 300
QUIET = 0.12
"""The share of a code's width that its quiet zone takes on each side: ten modules of a barcode of about eighty. The
digits under a barcode lie in it as well."""
SURE = frozenset({"QRCode", "MicroQRCode", "Aztec", "PDF417"})
"""Symbologies whose marks are a proof though the text can't be read: where `unread_codes.plausible` agrees, a decoder's
errors of these are codes (none false on 301 photos of streets, people and papers); those of Data Matrix are mostly not
(11 false on the same)."""
TRIED = 6
"""Codes that did not decode and are tried again, clearer; the largest."""
SEEN = 0.85
"""How surely such a one is a code."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `symbology` is zxing's name ('QRCode', 'EAN13', ...); polygon in upright-photo pixels.

    `readable`: whether it decoded; one that was only seen has no text, and `confidence` says how surely it is a code.
    `quiet`: how much of the code's own size its quiet zone takes on each side. `said`: what the text means.
    """

    symbology: str
    text: str = field(repr=False)
    polygon: Polygon
    quiet: float = QUIET
    readable: bool = True
    confidence: float = 1.0
    said: Payload = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Understand the text, once for all who ask."""
        object.__setattr__(self, "said", payloads.read(self.symbology, self.text))

    @property
    def box(self) -> Box:
        """The upright box around the code, without its quiet zone."""
        return Box.around(self.polygon)

    @property
    def linear(self) -> bool:
        """Whether it is a code of bars, in one row or in several."""
        return self.symbology not in MATRIX or self.symbology == "PDF417"

    @property
    def whole(self) -> Polygon:
        """The polygon with the quiet zone: what has to be covered so that nothing of the code is left."""
        cx, cy = centroid(self.polygon)
        grown = 1 + 2 * self.quiet
        return tuple((cx + (x - cx) * grown, cy + (y - cy) * grown) for x, y in self.polygon)

    def covering(self, width: int, height: int) -> Polygon:
        """What of it lies in a photo of that size."""
        return tuple((min(max(0.0, x), width), min(max(0.0, y), height)) for x, y in self.whole)


def find(pyramid: Pyramid, options: ScanOptions, budget: Budget | None = None) -> tuple[Code, ...]:
    """Every code that decodes, and those that are seen and can't be read; in photos larger than 1600 pixels small ones
    are looked for at full size as well.

    `budget`: what the page may cost; of more codes than it allows the largest are told.
    """
    budget = budget or Budget(options.profile)
    small = pyramid.at(min(WHOLE, pyramid.long_side))
    factor = pyramid.long_side / min(WHOLE, pyramid.long_side)
    found = _look(small, factor, 0, 0)
    if pyramid.long_side > WHOLE and options.profile != "fast":
        for tile in tiles(pyramid.width, pyramid.height, TILE, OVERLAP):
            patch = pyramid.full[tile.y : tile.y2, tile.x : tile.x2]
            found += _look(patch, 1.0, tile.x, tile.y)
    if not any(code.readable for code in found) and pyramid.long_side < SMALL:
        found += _look(pyramid.at(2 * pyramid.long_side), 0.5, 0, 0)
    distinct = _distinct([code for code in found if code.readable])
    granted = budget.take(Share.CODES, len(distinct))
    if granted < len(distinct):
        budget.leave_out(Share.CODES)
        distinct = sorted(distinct, key=lambda code: -code.box.area)[:granted]
    read = [replace(c, polygon=bars.whole(pyramid.full, c.polygon)) if c.linear else c for c in distinct]
    return (*read, *_unread(found, pyramid, options, budget))


def _look(picture: Pixels, factor: float, dx: int, dy: int) -> list[Code]:
    """The codes of a picture, and those of whose forms a decoder makes sure by themselves though it can't read them."""
    deadline.check()
    return list(repeated.once(lambda: _looked(picture, factor, dx, dy), [picture], "codes", factor, dx, dy))


def _looked(picture: Pixels, factor: float, dx: int, dy: int) -> list[Code]:
    found = [_code(b, factor, dx, dy) for b in zxingcpp.read_barcodes(picture, return_errors=True)]
    return [code for code in found if code.readable or code.symbology in SURE]


def _unread(found: Sequence[Code], pyramid: Pyramid, options: ScanOptions, budget: Budget) -> list[Code]:
    """What did not decode: read after all where that helps, else each place once, with all that is seen of it."""
    taken = [code.box for code in found if code.readable]
    seen = [code for code in found if not code.readable and not any(code.box.intersection(box) for box in taken)]
    seen = [code for code in seen if unread_codes.plausible(pyramid, code.polygon, code.linear)]
    if options.profile != "fast":
        seen += [Code("QRCode", "", place, QUIET, False, SEEN) for place in unread_codes.places(pyramid, taken)]
    together: list[Code] = []
    for code in sorted(seen, key=lambda code: -code.box.area):
        near = next((i for i, other in enumerate(together) if other.box.intersection(code.box)), None)
        if near is None:
            together.append(code)
        else:
            box = Box.union([together[near].box, code.box])
            together[near] = replace(together[near], polygon=corners(box))
    told = together[: budget.take(Share.CODES, len(together))]
    if len(told) < len(together):
        budget.leave_out(Share.CODES)
    return [_clearer(code, pyramid) if i < TRIED else code for i, code in enumerate(told)]


def _clearer(code: Code, pyramid: Pyramid) -> Code:
    """The code as it reads in one of its clearer pictures; itself where it reads in none."""
    for picture in unread_codes.versions(pyramid, code.polygon):
        read = next((b for b in zxingcpp.read_barcodes(picture) if _symbology(b) in MATRIX), None)
        if read is not None and read.text:
            return Code(_symbology(read), read.text, code.polygon, code.quiet)
    return code


def _distinct(found: Sequence[Code]) -> list[Code]:
    """Each code once: the same text in the same place is the same code, seen at another size."""
    kept: list[Code] = []
    places: dict[str, list[Box]] = {}
    for code in found:
        alike = places.setdefault(code.text, [])
        if not any(code.box.intersection(other) for other in alike):
            alike.append(code.box)
            kept.append(code)
    return kept


def _code(barcode: zxingcpp.Barcode, factor: float, dx: int, dy: int) -> Code:
    p = barcode.position
    corners = (p.top_left, p.top_right, p.bottom_right, p.bottom_left)
    return Code(
        _symbology(barcode),
        barcode.text if barcode.valid else "",
        tuple((c.x * factor + dx, c.y * factor + dy) for c in corners),
        _quiet(barcode),
        barcode.valid,
        1.0 if barcode.valid else SEEN,
    )


def _symbology(barcode: zxingcpp.Barcode) -> str:
    return str(barcode.format).rpartition(".")[2].replace(" ", "")


def _quiet(barcode: zxingcpp.Barcode) -> float:
    """Four modules around a QR code (ISO/IEC 18004), whose version tells how many modules wide it is."""
    extra: dict[str, Any] = barcode.extra or {}  # type: ignore[assignment]
    version = str(extra.get("Version", ""))
    if barcode.format == zxingcpp.BarcodeFormat.QRCode and version.isdigit():
        return 4 / (17 + 4 * int(version))
    return QUIET
