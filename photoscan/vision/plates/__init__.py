"""Finding number plates: by shape and by the text that was read anyway, each looked at again close up, joined.

Neither alone is enough: the shape detector knows plates that can't be read, the reader knows forms that the
detector never saw. What neither proves is judged by all that surrounds it (`judge`).
"""

from photoscan.vision.plates.finding import Plate, find
from photoscan.vision.plates.signs import without_signs

__all__ = ["Plate", "find", "without_signs"]
