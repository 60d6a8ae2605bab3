"""Reading text: one interface, several engines. PP-OCRv6 is the default, the others run where they are installed."""

from __future__ import annotations

from photoscan.options import ScanOptions
from photoscan.textline import TextLine
from photoscan.vision.pyramid import Pyramid


def read(pyramid: Pyramid, options: ScanOptions) -> tuple[TextLine, ...]:
    """Every legible line in reading order, polygons in pixels of the full picture.

    Raises NotInstalledError when the engine that was asked for is not there.
    """
    if options.ocr == "easyocr":
        from photoscan.vision import easyocr_engine

        return easyocr_engine.read(pyramid)
    if options.ocr == "tesseract":
        from photoscan.vision import tesseract_engine

        return tesseract_engine.read(pyramid)
    from photoscan.vision import ppocr

    return ppocr.read(pyramid, options.profile, options.threads)
