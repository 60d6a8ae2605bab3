"""Sentences of receipts, plans and refusals: a key of the catalogues with its values, told in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from photoscan.catalog import SOURCE, text
from photoscan.errors import CleaningError


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: a key below `clean.` and what fills its placeholders, never a value that was read in a photo."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = SOURCE) -> str:
        """The sentence in a language."""
        return text(f"clean.{self.key}", language, **self.values)

    def __str__(self) -> str:
        return self.text()


class RefusedError(CleaningError):
    """There is no copy; `said` is the reason, for people of any language."""

    def __init__(self, key: str, **values: object) -> None:
        self.said = Said(f"refused.{key}", values)
        super().__init__(str(self.said))
