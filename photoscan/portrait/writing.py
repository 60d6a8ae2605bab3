"""Writing the paragraph: who, then what could be read, then what could be done with it.

Every clause is a text of its own that holds in each combination: two sure ones are joined to a sentence, what is only
possible stands alone behind 'perhaps'. Nothing is said to be absent, since a scan can miss things.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from photoscan.catalog import text
from photoscan.finding import Finding
from photoscan.kind import Severity, named
from photoscan.portrait import values
from photoscan.portrait.paragraph import Paragraph, Part, Phrase
from photoscan.portrait.rules import Clause, rules
from photoscan.portrait.told import different, likely_first, told
from photoscan.portrait.who import who
from photoscan.report import Report
from photoscan.risk.score import WEIGHTS

MOST = 6
"""Sentences of a paragraph."""
SHOWN = 3
"""Values that one clause names."""
NEAR = 30
"""Kilometres up to which a place is near a town."""
_HOLE = "\ue000"
"""Stands where a text has a value, until the value is put there as a part of its own: no text has this character."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A clause with its findings, and how much harm they can do."""

    phrase: Phrase
    harm: float


def write(report: Report, language: str, clear: bool = False) -> Paragraph:
    """What a stranger would write of a judged photo, in `language`; with values in clear only if `clear`.

    Raises nothing of its own. A report that was read from JSON without values stays masked.
    """
    writer = _Writer(report, language, clear)
    return Paragraph(tuple(writer.phrases()), clear)


class _Writer:
    def __init__(self, report: Report, language: str, clear: bool) -> None:
        self.report = report
        self.language = language
        self.clear = clear
        self.told = told(report)

    def phrases(self) -> list[Phrase]:
        """The whole paragraph."""
        whole = self.report.decision.coverage == "whole"
        if not self.told:
            state = "whole" if whole else "part"
            return self._joined([[self._frame(f"portrait.nothing.{state}")], [self._frame(f"portrait.missed.{state}")]])
        seen = [finding for finding in self.told if named(finding.kind, rules().who)]
        clauses = self._clauses([finding for finding in self.told if finding not in seen])
        last = [[self._next() or self._close()]] + ([] if whole else [[self._frame("portrait.missed.more")]])
        return self._joined([[self._who(seen)], *self._fitting(clauses, MOST - 1 - len(last)), *last])

    def _who(self, seen: Sequence[Finding]) -> Phrase:
        word, faces = who(seen)
        phrase = self._phrase(f"portrait.who.{word}", faces, count=len(faces))
        return replace(phrase, likely=word != "unsure")

    def _clauses(self, findings: Sequence[Finding]) -> list[_Said]:
        said, left = [], list(findings)
        for clause in rules().clauses:
            taken = [finding for finding in left if clause.takes(finding) and self._fits(clause, finding)]
            left = [finding for finding in left if finding not in taken]
            if taken:
                said.append(self._clause(clause, likely_first(taken)))
        return said

    def _fits(self, clause: Clause, finding: Finding) -> bool:
        if clause.attribute == "town" and float(finding.attributes.get("distance_km") or 0) > NEAR:
            return False
        return not clause.legible or values.is_legible(finding)

    def _clause(self, clause: Clause, findings: list[Finding]) -> _Said:
        shown = different(findings)
        many = clause.several and len(shown) > 1
        key = f"portrait.say.{clause.id}.many" if many else f"portrait.say.{clause.id}"
        phrase = self._phrase(key, findings, shown[: SHOWN if many else 1], count=len(shown))
        harm = max(WEIGHTS[finding.severity] * finding.confidence for finding in findings)
        return _Said(phrase if findings[0].likely else self._perhaps(replace(phrase, likely=False)), harm)

    def _fitting(self, clauses: list[_Said], most: int) -> list[list[Phrase]]:
        """Sentences of one or two clauses, in their order; where there are too many, without the least harmful."""
        while len(rows := _paired([said.phrase for said in clauses])) > most:
            clauses.remove(min(reversed(clauses), key=lambda said: said.harm))
        return rows

    def _next(self) -> Phrase | None:
        """What one could do with it, by the most harmful combination that has words; None where none fired."""
        known = {finding.id for finding in self.told if finding.likely}
        for fired in self.report.risk.rules:
            rests = tuple(name for name in fired.findings if name in known)
            if rests and (name := rules().next.get(fired.id)):
                return replace(self._frame(f"portrait.next.{name}"), findings=rests)
        return None

    def _close(self) -> Phrase:
        """What it comes to where nothing fired."""
        grave = likely_first(finding for finding in self.told if finding.severity >= Severity.HIGH)
        word = "little" if not grave else "enough" if grave[0].likely else "maybe"
        rests = tuple(finding.id for finding in grave)
        return replace(self._frame(f"portrait.close.{word}"), findings=rests, likely=word != "maybe")

    def _frame(self, key: str) -> Phrase:
        return Phrase((Part(text(key, self.language)),))

    def _phrase(self, key: str, findings: Sequence[Finding], shown: Sequence[Finding] = (), count: int = 1) -> Phrase:
        """A text with what was read in its place, as a part of its own."""
        first = findings[0] if findings else None
        plain = {
            "count": count,
            "town": str(first.attributes.get("town")) if first else "",
            "title": self._title(first) if first else "",
            "value": _HOLE,
        }
        head, hole, tail = text(key, self.language, **plain).partition(_HOLE)
        parts = [Part(head)]
        if hole:
            for finding in shown:
                parts += [Part(", ")] if len(parts) > 1 else []
                parts.append(Part(values.said(finding, self.language, self.clear), finding.id))
        parts.append(Part(tail))
        return Phrase(tuple(part for part in parts if part.text), tuple(finding.id for finding in findings))

    def _title(self, finding: Finding) -> str:
        title = text(f"kind.{finding.kind.value}.title", self.language)
        return title[:1].lower() + title[1:]

    def _joined(self, sentences: Sequence[Sequence[Phrase]]) -> list[Phrase]:
        """Sentences in a row: each begins with a capital and ends with its stop."""
        between = self._between("portrait.then")
        also = self._between("portrait.and")
        rows: list[Phrase] = []
        for sentence in sentences:
            phrases = [_capital(replace(sentence[0], before=between if rows else ""))]
            phrases += [replace(phrase, before=also) for phrase in sentence[1:]]
            phrases[-1] = self._stopped(phrases[-1])
            rows += phrases
        return rows

    def _between(self, key: str) -> str:
        """What stands between two texts: ', and ' of '{first}, and {second}'."""
        return text(key, self.language, first=_HOLE, second=_HOLE).strip(_HOLE)

    def _perhaps(self, phrase: Phrase) -> Phrase:
        before, _, after = text("portrait.perhaps", self.language, said=_HOLE).partition(_HOLE)
        return replace(phrase, parts=tuple(part for part in (Part(before), *phrase.parts, Part(after)) if part.text))

    def _stopped(self, phrase: Phrase) -> Phrase:
        _, _, stop = text("portrait.sentence", self.language, said=_HOLE).partition(_HOLE)
        return phrase if phrase.text.endswith(stop) else replace(phrase, parts=(*phrase.parts, Part(stop)))


def _paired(phrases: Sequence[Phrase]) -> list[list[Phrase]]:
    """Two sure phrases to a sentence, in their order; what is only possible stands alone."""
    rows: list[list[Phrase]] = []
    for phrase in phrases:
        if rows and len(rows[-1]) == 1 and rows[-1][0].likely and phrase.likely:
            rows[-1].append(phrase)
        else:
            rows.append([phrase])
    return rows


def _capital(phrase: Phrase) -> Phrase:
    first, *others = phrase.parts
    return replace(phrase, parts=(replace(first, text=first.text[:1].upper() + first.text[1:]), *others))
