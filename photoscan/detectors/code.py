"""QR codes, barcodes and boarding passes: what a phone would read out of the photo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.finding import Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.textual import payloads
from photoscan.textual.payloads import MATRIX, Payload
from photoscan.views import Views


class CodeDetector(Detector):
    """One finding a code.

    One that is seen and can't be read has no value and no payload.

    Attributes: `symbology`, `payload` (wifi, contact, payment, link, boarding_pass ... or text), `scheme` of payments,
    and the payload's parts as `value_name`, `value_password` ...
    """

    name: ClassVar[str] = "code"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.CODE_QR, Kind.CODE_BARCODE, Kind.CODE_BOARDING_PASS, Kind.CODE_UNREADABLE)
    source: ClassVar[Input] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every code that decodes; a decoded code passed its own check digits, hence the high confidence."""
        for code in views.codes:
            kind, payload = _kind(code.symbology, code.said), code.said
            whole = code.covering(views.pyramid.width, views.pyramid.height)
            if not code.readable:
                yield Finding(
                    kind=Kind.CODE_UNREADABLE,
                    confidence=code.confidence,
                    location=Region(Box.around(whole), whole, views.page or None),
                    detector=self.name,
                    reason=f"{code.symbology} seen, but not decoded",
                    attributes={"symbology": code.symbology},
                )
                continue
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
    said = payloads.read(symbology, text)
    return _kind(symbology, said), said


def _kind(symbology: str, said: Payload) -> Kind:
    if symbology not in MATRIX:
        return Kind.CODE_BARCODE
    return Kind.CODE_BOARDING_PASS if said.sort == "boarding_pass" else Kind.CODE_QR
