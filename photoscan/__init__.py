"""photoscan: before you share a photo, know what it gives away. Offline.

The public names below load what they need on first use, so that importing photoscan costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from photoscan.api import clean, clean_async, scan, scan_async
    from photoscan.captions import scan_text
    from photoscan.card import Card, CardError, Family
    from photoscan.cleaning import CleanResult
    from photoscan.cleaning.plan import CleanPlan
    from photoscan.cleaning.receipt import Receipt
    from photoscan.decision import Decision
    from photoscan.detectors.base import TextDetector, TextMatch
    from photoscan.errors import (
        CleaningError,
        CorruptPhotoError,
        ModelError,
        NotInstalledError,
        NotReadableError,
        PhotoscanError,
        TooLargeError,
        UnsupportedFormatError,
        UsageError,
    )
    from photoscan.finding import Field, Finding, Region, Span
    from photoscan.geometry import Box
    from photoscan.kind import Kind, Severity, register
    from photoscan.options import Limits, ScanOptions
    from photoscan.outside.installed import installed_detectors
    from photoscan.outside.protocol import DetectorProtocol
    from photoscan.photo import Photo
    from photoscan.report import DetectorOutcome, FiredRule, PhotoInfo, Report, ReportError, Risk, Status
    from photoscan.risk.policy import IgnoredRegion, KindRule, KnownValue, Policy, Redaction
    from photoscan.safe_copy import NotSeenError
    from photoscan.scanner import Scanner
    from photoscan.textline import TextLine
    from photoscan.views import Views

__version__ = "0.1.0"

_HOME = {
    "Box": "photoscan.geometry",
    "Card": "photoscan.card",
    "CardError": "photoscan.card",
    "CleanPlan": "photoscan.cleaning.plan",
    "CleanResult": "photoscan.cleaning",
    "CleaningError": "photoscan.errors",
    "CorruptPhotoError": "photoscan.errors",
    "Decision": "photoscan.decision",
    "DetectorOutcome": "photoscan.report",
    "DetectorProtocol": "photoscan.outside.protocol",
    "Family": "photoscan.card",
    "Field": "photoscan.finding",
    "Finding": "photoscan.finding",
    "FiredRule": "photoscan.report",
    "IgnoredRegion": "photoscan.risk.policy",
    "Kind": "photoscan.kind",
    "KindRule": "photoscan.risk.policy",
    "KnownValue": "photoscan.risk.policy",
    "Limits": "photoscan.options",
    "ModelError": "photoscan.errors",
    "NotInstalledError": "photoscan.errors",
    "NotReadableError": "photoscan.errors",
    "NotSeenError": "photoscan.safe_copy",
    "Photo": "photoscan.photo",
    "PhotoInfo": "photoscan.report",
    "PhotoscanError": "photoscan.errors",
    "Policy": "photoscan.risk.policy",
    "Receipt": "photoscan.cleaning.receipt",
    "Redaction": "photoscan.risk.policy",
    "Region": "photoscan.finding",
    "Report": "photoscan.report",
    "ReportError": "photoscan.report",
    "Risk": "photoscan.report",
    "ScanOptions": "photoscan.options",
    "Scanner": "photoscan.scanner",
    "Severity": "photoscan.kind",
    "Span": "photoscan.finding",
    "Status": "photoscan.report",
    "TextDetector": "photoscan.detectors.base",
    "TextLine": "photoscan.textline",
    "TextMatch": "photoscan.detectors.base",
    "TooLargeError": "photoscan.errors",
    "UnsupportedFormatError": "photoscan.errors",
    "UsageError": "photoscan.errors",
    "Views": "photoscan.views",
    "clean": "photoscan.api",
    "clean_async": "photoscan.api",
    "installed_detectors": "photoscan.outside.installed",
    "register": "photoscan.kind",
    "scan": "photoscan.api",
    "scan_async": "photoscan.api",
    "scan_text": "photoscan.captions",
}

__all__ = [
    "Box",
    "Card",
    "CardError",
    "CleanPlan",
    "CleanResult",
    "CleaningError",
    "CorruptPhotoError",
    "Decision",
    "DetectorOutcome",
    "DetectorProtocol",
    "Family",
    "Field",
    "Finding",
    "FiredRule",
    "IgnoredRegion",
    "Kind",
    "KindRule",
    "KnownValue",
    "Limits",
    "ModelError",
    "NotInstalledError",
    "NotReadableError",
    "NotSeenError",
    "Photo",
    "PhotoInfo",
    "PhotoscanError",
    "Policy",
    "Receipt",
    "Redaction",
    "Region",
    "Report",
    "ReportError",
    "Risk",
    "ScanOptions",
    "Scanner",
    "Severity",
    "Span",
    "Status",
    "TextDetector",
    "TextLine",
    "TextMatch",
    "TooLargeError",
    "UnsupportedFormatError",
    "UsageError",
    "Views",
    "clean",
    "clean_async",
    "installed_detectors",
    "register",
    "scan",
    "scan_async",
    "scan_text",
]


if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name

    def __getattr__(name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module 'photoscan' has no attribute {name!r}")
        return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
