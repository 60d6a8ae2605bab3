"""QR codes, barcodes and boarding passes: what a phone would read out of the photo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.finding import Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind, Severity
from photoscan.textual import payloads
from photoscan.textual.payloads import MATRIX, Payload
from photoscan.views import Views

RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})
"""Symbologies of goods in a shop: they tell what was bought, not who."""


class CodeDetector(Detector):
    """One finding a code.

    Attributes: `symbology`, `payload` (wifi, contact, payment, link, boarding_pass ... or text), `scheme` of payments,
    and the payload's parts as `value_name`, `value_password` ...
    """

    name: ClassVar[str] = "code"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.CODE_QR, Kind.CODE_BARCODE, Kind.CODE_BOARDING_PASS)
    source: ClassVar[Input] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every code that decodes; a decoded code passed its own check digits, hence the high confidence."""
        for code in views.codes:
            kind, payload = understand(code.symbology, code.text)
            width, height = views.pyramid.width, views.pyramid.height
            whole = tuple((min(max(0.0, x), width), min(max(0.0, y), height)) for x, y in code.whole)
            yield Finding(
                kind=kind,
                confidence=0.99 if code.symbology in MATRIX else 0.9,
                location=Region(Box.around(whole), whole, views.page or None),
                detector=self.name,
                reason=f"{code.symbology} decoded, payload {payload.sort}",
                value=code.text,
                attributes=described(code.symbology, payload),
                severity_override=payload.severity,
            )


def described(symbology: str, payload: Payload) -> dict[str, Any]:
    """The attributes of a code's finding."""
    attributes = {"symbology": symbology, "payload": payload.sort}
    if payload.scheme:
        attributes["scheme"] = payload.scheme
    return attributes | {f"value_{name}": part for name, part in payload.parts.items()}


def understand(symbology: str, text: str) -> tuple[Kind, Payload]:
    """The kind of a code, and what it says."""
    if symbology not in MATRIX:
        return Kind.CODE_BARCODE, Payload("number", Severity.LOW if symbology in RETAIL else None)
    payload = payloads.understand(text)
    return (Kind.CODE_BOARDING_PASS if payload.sort == "boarding_pass" else Kind.CODE_QR), payload
