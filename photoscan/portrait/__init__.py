"""What a stranger would write of a photo: one paragraph, by rules from the findings of its report."""

from photoscan.portrait.paragraph import Paragraph, Part, Phrase
from photoscan.portrait.writing import write

__all__ = ["Paragraph", "Part", "Phrase", "write"]
