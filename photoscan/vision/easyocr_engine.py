"""Reading with EasyOCR (extra `easyocr`), offline from weights that `photoscan models install easyocr` lays out."""

from __future__ import annotations

import importlib.util
from functools import cache
from typing import Any

from photoscan import models
from photoscan.errors import NotInstalledError
from photoscan.textline import TextLine
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reading_order import in_reading_order

CANVAS = 1920
"""Long side that EasyOCR's detector sees."""


def read(pyramid: Pyramid) -> tuple[TextLine, ...]:
    """Every line that EasyOCR's English model reads with a probability of at least .3."""
    rows = _reader().readtext(pyramid.full, canvas_size=CANVAS)
    return in_reading_order(
        TextLine(text, tuple((float(x), float(y)) for x, y in polygon), float(confidence))
        for polygon, text, confidence in rows
        if confidence >= 0.3 and text.strip()
    )


@cache
def _reader() -> Any:
    if importlib.util.find_spec("easyocr") is None:
        raise NotInstalledError("--ocr easyocr needs the extra: pip install 'photoscan[easyocr]'")
    folder = models.path("easyocr-detector").parent
    _declare_torchvision_operators()
    import easyocr

    return easyocr.Reader(
        ["en"],
        gpu=False,
        model_storage_directory=str(folder),
        user_network_directory=str(folder),
        download_enabled=False,
        verbose=False,
    )


def _declare_torchvision_operators() -> None:
    """Let torchvision import beside a torch it was not built for.

    EasyOCR uses only torchvision's plain Python parts, but importing it looks up two compiled operators.
    """
    import torch

    for schema in ("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",):
        if not hasattr(torch.ops.torchvision, "nms"):
            library = torch.library.Library("torchvision", "DEF")
            library.define(schema)
            _kept.append(library)


_kept: list[Any] = []
