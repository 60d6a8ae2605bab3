"""Health papers: prescriptions, results, certificates. Words on a package alone tell of nobody's health.

The words are data: `rules/medical.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any, ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual.id_formats import labels_of
from photoscan.textual.neighbours import blocks
from photoscan.textual.words import Vocabulary


class MedicalDetector(TextDetector):
    """One finding for each block of lines: words about a patient with other words of health, at least two in all."""

    name: ClassVar[str] = "medical"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_MEDICAL,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """The lines that hold the words; a value is what they say."""
        for block in blocks(lines):
            person = {i: found for i in block if (found := labels_of(_words("person"), lines[i].text))}
            paper = {i: found for i in block if (found := labels_of(_words("paper"), lines[i].text))}
            about = {word for found in person.values() for word in found}
            other = {word for found in paper.values() for word in found}
            if not about or len(about | other) < 2:
                continue
            holders = tuple(sorted({*person, *paper}))
            value = ", ".join(lines[i].text for i in holders)
            confidence = min(0.9, 0.35 + 0.15 * len(about) + 0.1 * len(other))
            reason = f"{len(about)} words about a patient, {len(other)} of health"
            yield TextMatch(Kind.TEXT_MEDICAL, holders, value, round(confidence, 2), reason)


@cache
def _words(sort: str) -> Vocabulary:
    rows: dict[str, Any] = tomllib.loads(resources.files("photoscan").joinpath("rules/medical.toml").read_text("utf-8"))
    return Vocabulary(((word, word) for word in rows[sort]), loose=False)
