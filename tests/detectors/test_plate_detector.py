"""What is told of plates: all that may be one, and nothing at a confidence of .00."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from photoscan.detectors.plate import PlateDetector
from photoscan.geometry import Box, corners
from photoscan.vision.plates import Plate

BOX = Box(40, 30, 120, 30)


def told(confidence: float) -> list[float]:
    plate = Plate(BOX, corners(BOX), "WKM4821", ("Malaysia",), confidence, "text in the form of a plate")
    views: Any = SimpleNamespace(plates=[plate], page=0)
    return [finding.confidence for finding in PlateDetector().find(views)]


@pytest.mark.parametrize("confidence", [0.005, 0.03, 0.4, 0.99])
def test_what_is_only_possible_is_told(confidence: float) -> None:
    assert told(confidence) == [confidence]


@pytest.mark.parametrize("confidence", [0.0, 0.001, 0.0049])
def test_what_would_be_told_at_nothing_is_not(confidence: float) -> None:
    assert told(confidence) == []
