"""The detectors, in the order in which they run: cheap ones first, so that a user sees something early.

Adding a detector is one file, one line here, one table test.
"""

from photoscan.detectors.base import Detector
from photoscan.detectors.code import CodeDetector
from photoscan.detectors.plate import PlateDetector

REGISTRY: tuple[Detector, ...] = (
    CodeDetector(),
    PlateDetector(),
)
