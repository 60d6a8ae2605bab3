"""What becomes of each finding, and why: told before anything is written (the plan) and after (the receipt)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from photoscan.catalog import SOURCE_LANGUAGE, has, text
from photoscan.clean_phrases import clean_phrase
from photoscan.cleaning.plan import CleanPlan
from photoscan.cleaning.retold import Retold
from photoscan.cleaning.share import LARGE
from photoscan.cleaning.statements import Statements
from photoscan.errors import Phrase, Phrases
from photoscan.escapes import on_one_line, visible
from photoscan.finding import Field, Finding, Region
from photoscan.kind import Kind
from photoscan.stripping.base import Removed

ASIDES = ("clean.note.large", "clean.note.unsure", "clean.note.texts_went", "clean.note.no_place")
"""Notes that are told at once, before anybody opens a receipt."""
LIMITS = ("clean.note.unseen", "clean.note.untouched", "clean.note.film")
"""Notes that belong to the proofs: they say what was not proved."""
_STATEMENTS = ("copyright", "date")
Action = Literal["hide", "remove", "coarsen", "keep"]


@dataclass(frozen=True, slots=True)
class Row:
    """One finding, what is done with it, and why."""

    finding: Finding
    action: Action
    why: Phrase

    def to_dict(self, language: str = SOURCE_LANGUAGE) -> dict[str, Any]:
        """The JSON form; values masked."""
        finding = self.finding
        return {
            "kind": finding.kind.value,
            "value_masked": finding.value_masked,
            "confidence": round(finding.confidence, 3),
            "location": finding.location.to_dict(),
            "action": self.action,
            "reason": self.why.key.removeprefix("clean.why."),
            "explanation": self.why.text(language),
        }

    def text(self, language: str = SOURCE_LANGUAGE) -> str:
        """One line: what is done, to what, where, and why."""
        finding = self.finding
        place = finding.location
        if isinstance(place, Region):
            box = place.box
            where = f"{box.x},{box.y} {box.w}x{box.h}"
            where += f", {text('clean.plan.page', language, page=place.page + 1)}" if place.page else ""
        else:
            where = visible(f"{place.container} {place.field}") if isinstance(place, Field) else ""
        what = text(f"kind.{finding.kind.value}.title", language)
        value = f' "{visible(" ".join(finding.value_masked.split()))}"' if finding.value_masked else ""
        done = text(f"clean.action.{self.action}", language)
        return f"{done}: {what}{value} ({where}): {self.why.text(language)}"


def rows(
    findings: Iterable[Finding], plan: CleanPlan, statements: Statements, dropped: Callable[[Finding], bool]
) -> tuple[Row, ...]:
    """A row for each finding, in their order. `statements`: what the copy says on purpose. `dropped`: whether a finding
    lies on a page that the copy does not have.
    """
    gone = clean_phrase("why.page_gone")
    return tuple(Row(f, "remove", gone) if dropped(f) else _row(f, plan, statements) for f in findings)


def _row(finding: Finding, plan: CleanPlan, statements: Statements) -> Row:
    if isinstance(finding.location, Region):
        why = plan.why(finding)
        if why == "unseen":
            return Row(finding, "remove", clean_phrase("why.unseen"))
        return Row(finding, "hide" if why in ("asked", "harm") else "keep", clean_phrase(f"why.{why}"))
    if finding.kind is Kind.METADATA_FILENAME:
        action: Action = "remove" if plan.rename else "keep"
        return Row(finding, action, clean_phrase("why.renamed" if plan.rename else "why.filename"))
    place = finding.location
    if isinstance(place, Field) and (place.container, place.field) in statements.sources:
        if finding.kind is not Kind.METADATA_GPS or not plan.coarsen_gps:
            return Row(finding, "keep", clean_phrase("why.kept"))
        return Row(finding, "coarsen", clean_phrase("why.coarsened"))
    if finding.kind.value in plan.remove:
        return Row(finding, "remove", clean_phrase("why.asked_gone"))
    if plan.topics:
        told = finding.kind.value in plan.topics
        return Row(finding, "remove", clean_phrase("why.unclear" if told else "why.no_group"))
    return Row(finding, "remove", clean_phrase("why.stripped"))


def words(plan: CleanPlan) -> tuple[str, ...]:
    """What of the file's words is to stay: groups, a copyright, a date, a rounded position."""
    stated = tuple(part for part in plan.keep if part in _STATEMENTS)
    return (*plan.topics, *stated, *((plan.coarsen_gps,) if plan.coarsen_gps else ()))


def of_groups(told: Retold, unsaid: bool, title: str) -> tuple[Phrase, ...]:
    """What is to be known of a copy that keeps groups. `unsaid`: its format has no place for what the file says."""
    if unsaid:
        return (clean_phrase("note.no_place", format=title),)
    rows = (
        (told.quiet, clean_phrase("note.texts_went")),
        (told.unseen, clean_phrase("note.blocks_went")),
        (told.left, clean_phrase("note.fields_went", count=told.left)),
    )
    return tuple(note for so, note in rows if so)


def doubted(found: Iterable[Row]) -> tuple[Phrase, ...]:
    """What is only possible and therefore stays, in one note."""
    kinds = Counter(row.finding.kind for row in found if row.why.key == "clean.why.possible")
    if not kinds:
        return ()
    named = [Phrase("clean.counted", {"count": n, "what": Phrase(f"kind.{k.value}.title")}) for k, n in kinds.items()]
    what = Phrases(tuple(named), ", ")
    return (clean_phrase("note.unsure", count=kinds.total(), what=what),)


def much(covered: float) -> tuple[Phrase, ...]:
    """That a large share of the picture is covered, where it is."""
    return (clean_phrase("note.large", percent=round(100 * covered)),) if covered > LARGE else ()


@dataclass(frozen=True, slots=True)
class Foresight:
    """What cleaning one photo would do, before it is done.

    `boxes`: regions by hand. `covered`: the share of the picture that would be hidden, 0 to 1. `removed`: parts of the
    file that would be left out, found or not. `kept` and `notes` as in a receipt.
    """

    source: str
    source_sha256: str
    rows: tuple[Row, ...]
    boxes: tuple[tuple[int, int, int, int], ...]
    removed: tuple[Removed, ...]
    kept: tuple[Phrase, ...]
    notes: tuple[Phrase, ...] = ()
    covered: float = 0.0

    def to_dict(self, language: str = SOURCE_LANGUAGE) -> dict[str, Any]:
        """The JSON form."""
        return {
            "source": {"path": self.source, "sha256": self.source_sha256},
            "findings": [row.to_dict(language) for row in self.rows],
            "boxes": [list(box) for box in self.boxes],
            "covered": round(self.covered, 3),
            "removed": [{"part": r.part, "offset": r.offset, "length": r.length} for r in self.removed],
            "kept": [said.text(language) for said in self.kept],
            "notes": [said.text(language) for said in self.notes],
        }

    def text(self, language: str = SOURCE_LANGUAGE) -> str:
        """Lines for people, the photo's path first."""
        lines = [row.text(language) for row in self.rows]
        lines += [text("clean.plan.box", language, box=",".join(map(str, box))) for box in self.boxes]
        if self.covered:
            lines.append(text("clean.plan.covered", language, percent=max(1, round(100 * self.covered))))
        if self.removed:
            lines.append(text("clean.plan.removed", language, parts=counted(self.removed, language)))
        lines += [text("clean.plan.kept", language, what=said.text(language)) for said in self.kept]
        lines += [said.text(language) for said in self.notes]
        if not lines:
            lines = [text("clean.plan.nothing", language)]
        return "\n".join([on_one_line(self.source), *(f"  {line}" for line in lines)])


def counted(removed: Iterable[Removed], language: str = SOURCE_LANGUAGE) -> str:
    """Parts of a file by name, with how many where there are several."""
    names = Counter(part_name(r.part, language) for r in removed)
    return ", ".join(f"{count} x {name}" if count > 1 else name for name, count in names.most_common())


def part_name(part: str, language: str) -> str:
    """A part of a file in words of a language; technical names stay as they are."""
    key = f"clean.part.{part.lower().replace(' ', '_')}"
    return text(key, language) if has(key) else part
