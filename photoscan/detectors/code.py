"""QR codes, barcodes and boarding passes: what a phone would read out of the photo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from photoscan.detectors.base import Detector, Source
from photoscan.finding import Finding, Region
from photoscan.kind import Kind, Severity
from photoscan.views import Views

MATRIX = frozenset({"QRCode", "MicroQRCode", "RMQRCode", "Aztec", "DataMatrix", "PDF417", "MaxiCode"})
"""Symbologies, by zxing's names, that carry free text; all others carry a number."""
RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})
"""Symbologies of goods in a shop: they tell what was bought, not who."""

_PAYLOADS: tuple[tuple[str, tuple[str, ...], Severity | None], ...] = (
    ("wifi", ("WIFI:",), Severity.CRITICAL),
    ("authenticator", ("otpauth://", "otpauth-migration://"), Severity.CRITICAL),
    ("contact", ("BEGIN:VCARD", "MECARD:"), Severity.HIGH),
    ("payment", ("000201", "upi://"), Severity.HIGH),
    ("email", ("mailto:", "MATMSG:"), None),
    ("phone", ("tel:", "sms:", "SMSTO:"), None),
    ("place", ("geo:",), Severity.HIGH),
    ("url", ("http://", "https://"), None),
)


class CodeDetector(Detector):
    """One finding a code; attributes: `symbology`, `payload` (wifi, contact, payment, url, ... or text)."""

    name: ClassVar[str] = "code"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.CODE_QR, Kind.CODE_BARCODE, Kind.CODE_BOARDING_PASS)
    source: ClassVar[Source] = "pixels"

    def find(self, views: Views) -> Iterable[Finding]:
        """Every code that decodes; a decoded code passed its own check digits, hence the high confidence."""
        for code in views.codes:
            kind, payload, severity = understand(code.symbology, code.text)
            yield Finding(
                kind=kind,
                confidence=0.99 if code.symbology in MATRIX else 0.9,
                location=Region(code.box, code.polygon, views.page or None),
                detector=self.name,
                reason=f"{code.symbology} decoded, payload {payload}",
                value=code.text,
                attributes={"symbology": code.symbology, "payload": payload},
                severity_override=severity,
            )


def understand(symbology: str, text: str) -> tuple[Kind, str, Severity | None]:
    """The kind, the sort of payload, and the severity where it differs from the kind's own.

    Boarding passes: IATA resolution 792 (BCBP): format code M, number of legs, then a 20-character name.
    """
    if symbology in MATRIX and len(text) >= 58 and text[0] == "M" and text[1].isdigit() and "/" in text[2:22]:
        return Kind.CODE_BOARDING_PASS, "boarding_pass", None
    if symbology not in MATRIX:
        return Kind.CODE_BARCODE, "number", Severity.LOW if symbology in RETAIL else None
    for payload, starts, severity in _PAYLOADS:
        if text.lower().startswith(tuple(s.lower() for s in starts)):
            return Kind.CODE_QR, payload, severity
    return Kind.CODE_QR, "text", None
