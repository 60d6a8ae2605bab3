"""Whole documents in a photo: what speaks for one, where it lies, and the detector that puts both together."""

from photoscan.detectors.document.detector import DocumentDetector

__all__ = ["DocumentDetector"]
