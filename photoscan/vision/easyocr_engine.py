"""Reading with EasyOCR (extra `easyocr`), offline from weights that `photoscan models install easyocr` lays out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from photoscan import models
from photoscan.textline import TextLine
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import Reader
from photoscan.vision.reading_order import in_reading_order

CANVAS = 1920
"""Long side that EasyOCR's detector sees."""


LANGUAGES = ("en",)
"""Those of the model that `photoscan models install easyocr` lays out."""
LEAST = 0.3
"""Lines that are less probable are texture."""


@dataclass(frozen=True, slots=True)
class EasyOcr(Reader):
    """EasyOCR's English model."""

    def read(self, pyramid: Pyramid) -> tuple[TextLine, ...]:
        """Every line that is read with a probability of at least .3."""
        self.row.check()
        opened = self._opened()
        rows = opened.readtext(pyramid.full, canvas_size=CANVAS)
        return in_reading_order(
            TextLine(text, tuple((float(x), float(y)) for x, y in polygon), float(confidence))
            for polygon, text, confidence in rows
            if confidence >= LEAST and text.strip()
        )

    def _opened(self) -> Any:
        """The library's own reader. PyTorch knows one number of threads, that of the whole process."""
        opened = _opened(*(models.path(name) for name in self.row.models))
        import torch

        torch.set_num_threads(self.runtime.threads)
        return opened


@cache
def _opened(*weights: Path) -> Any:
    folder = _one_folder(weights)
    _declare_torchvision_operators()
    import easyocr

    return easyocr.Reader(
        list(LANGUAGES),
        gpu=False,
        model_storage_directory=folder,
        user_network_directory=folder,
        download_enabled=False,
        verbose=False,
    )


def _one_folder(files: Iterable[Path]) -> str:
    """A private folder, removed at the end, that links to the models: EasyOCR wants all of its files in one place."""
    folder = tempfile.TemporaryDirectory(prefix="photoscan-")
    _kept.append(folder)
    for weights in files:
        try:
            (Path(folder.name) / weights.name).symlink_to(weights)
        except OSError:  # systems where links are a privilege
            shutil.copyfile(weights, Path(folder.name) / weights.name)
    return folder.name


def _declare_torchvision_operators() -> None:
    """Let torchvision import beside a torch it was not built for.

    EasyOCR uses only torchvision's plain Python parts, but importing it looks up two compiled operators.
    """
    import torch

    if not hasattr(torch.ops.torchvision, "nms"):
        library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _kept.append(library)


_kept: list[Any] = []
