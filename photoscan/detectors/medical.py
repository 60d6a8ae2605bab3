"""Health papers: prescriptions, results, certificates. Words on a package alone tell of nobody's health.

The words are data: `rules/medical.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, ClassVar

from photoscan import shipped
from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import health_papers, id_formats, labels, measures
from photoscan.textual.id_formats import labels_of
from photoscan.textual.neighbours import blocks
from photoscan.textual.words import Vocabulary

_DIAGNOSIS = re.compile(r"(?i)\b(?:diagnos\w*|diagnóstico|dx)\s*[:：]\s*\w")
_RESULT = re.compile(r"(?i)[:：]\s*(?:non-?)?(?:positi[fv]\w?|negati[fv]\w?|reactive|reaktif|reagente|detected)\b")
_DOSE = re.compile(r"(?i)\b\d+(?:[.,]\d+)?\s?(?:mg|mcg|µg|ml|iu|mmol/l)\b")
_NAME = re.compile(r"[A-ZÀ-Þ\u4e00-\u9fff][\w.'’-]+")
_PATRONYMIC = re.compile(r"[A-Z]\w{1,40} (?i:bin|binti|bte|a/l|a/p|d/o|s/o) [A-Z]\w+")
UNSURE = 0.45
"""At most this where all the words may be a clinic's notice to everybody."""


class MedicalDetector(TextDetector):
    """One finding for each block of lines: words about a patient with other words of health, at least two in all."""

    name: ClassVar[str] = "medical"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_MEDICAL,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """The lines that hold the words; a value is what they say."""
        for block in blocks(lines):
            texts = {i: lines[i].text for i in block}
            strong, weak, paper = (
                {i: found for i, text in texts.items() if (found := labels_of(_words(sort), text))}
                for sort in ("person", "weak", "paper")
            )
            about = {word for found in (*strong.values(), *weak.values()) for word in found}
            other = {word for found in paper.values() for word in found}
            told = any(map(_finding, texts.values()))
            notice = any(labels_of(_words("notices"), text) for text in texts.values())
            both = (_measured(texts, notice), _paper(texts, notice))
            measured = max(filter(None, both), key=lambda found: found.confidence, default=None)
            if measured and measured.confidence >= 0.5:
                yield measured
                continue
            if not about or len(about | other) + told < 2:
                if measured:
                    yield measured
                continue
            holders = tuple(sorted({*strong, *weak, *paper}))
            value = ", ".join(texts[i] for i in holders)
            confidence = min(0.9, 0.35 + 0.15 * len(about) + 0.1 * len(other))
            if notice or not (strong or told or any(map(_of_one, texts.values()))):
                confidence = min(confidence, UNSURE)
            reason = f"words about a patient: {len(about)}, of health: {len(other)}"
            yield TextMatch(Kind.TEXT_MEDICAL, holders, value, round(confidence, 2), reason)


def _measured(texts: dict[int, str], notice: bool) -> TextMatch | None:
    """The values of a laboratory or the medicines ordered in a block, whose rows may be cut into columns."""
    starts, whole = [], ""
    for text in texts.values():
        starts.append(len(whole))
        whole += text + "  "
    values = list(measures.measures(whole))
    ordered = measures.prescribes(whole)
    if not values and not ordered:
        return None
    of_one = any(map(_of_one, texts.values())) or any(map(_PATRONYMIC.search, texts.values()))
    several = len({value.substance for value in values}) > 1
    sure = 0.6 + 0.15 * of_one + 0.1 * any(value.ranged for value in values)
    if notice or not (several or ordered or of_one):
        sure = UNSURE
    indices = list(texts)
    spans = [(value.start, value.end) for value in values] or [(0, len(whole))]
    ends = [*starts[1:], len(whole)]
    holders = tuple(
        i for i, low, high in zip(indices, starts, ends, strict=True) if any(a < high and low < b for a, b in spans)
    )
    reason = f"values of a laboratory: {len(values)}" if values else "a medicine ordered"
    return TextMatch(Kind.TEXT_MEDICAL, holders, ", ".join(texts[i] for i in holders), round(sure, 2), reason)


def _paper(texts: dict[int, str], notice: bool) -> TextMatch | None:
    """A kind of health paper that what stands together in a block makes."""
    paper = health_papers.surest(list(texts.values()))
    if paper is None:
        return None
    holders = tuple(i for at, i in enumerate(texts) if at in paper.lines)
    sure = min(paper.confidence, UNSURE) if notice else paper.confidence
    reason = f"a health paper: {paper.kind.replace('_', ' ')}"
    return TextMatch(Kind.TEXT_MEDICAL, holders, ", ".join(texts[i] for i in holders), sure, reason)


def _finding(text: str) -> bool:
    """Whether a line says what a doctor found or ordered."""
    return bool(_DIAGNOSIS.search(text) or _RESULT.search(text) or _DOSE.search(text))


def _of_one(text: str) -> bool:
    """Whether a line tells of one person: by a name behind a label, a birth date, or an identity number."""
    name, birth = labels.behind("person", text), labels.behind("birth", text)
    if name and name.separated and name.exact and _NAME.match(name.value):
        return True
    if birth and any(c.isdigit() for c in birth.value):
        return True
    return any(number.confidence >= 0.5 and number.personal for number in id_formats.find(text))


@cache
def _words(sort: str) -> Vocabulary:
    rows: dict[str, Any] = shipped.rules("rules/medical.toml")
    return Vocabulary(((word, word) for word in rows[sort]), loose=False)
