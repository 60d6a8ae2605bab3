"""photoscan: before you share a photo, know what it gives away. Offline.

The public names below load what they need on first use, so that importing photoscan costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from photoscan.api import clean, scan
    from photoscan.captions import scan_text
    from photoscan.errors import PhotoscanError
    from photoscan.finding import Finding
    from photoscan.kind import Kind, Severity
    from photoscan.options import Limits, ScanOptions
    from photoscan.photo import Photo
    from photoscan.report import Report
    from photoscan.risk.policy import Policy
    from photoscan.scanner import Scanner

__version__ = "0.1.0"

_HOME = {
    "Finding": "photoscan.finding",
    "Kind": "photoscan.kind",
    "Limits": "photoscan.options",
    "Photo": "photoscan.photo",
    "PhotoscanError": "photoscan.errors",
    "Policy": "photoscan.risk.policy",
    "Report": "photoscan.report",
    "ScanOptions": "photoscan.options",
    "Scanner": "photoscan.scanner",
    "Severity": "photoscan.kind",
    "clean": "photoscan.api",
    "scan": "photoscan.api",
    "scan_text": "photoscan.captions",
}

__all__ = [
    "Finding",
    "Kind",
    "Limits",
    "Photo",
    "PhotoscanError",
    "Policy",
    "Report",
    "ScanOptions",
    "Scanner",
    "Severity",
    "clean",
    "scan",
    "scan_text",
]


if not TYPE_CHECKING:  # checkers take a module with __getattr__ for one that has every name

    def __getattr__(name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module 'photoscan' has no attribute {name!r}")
        return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
