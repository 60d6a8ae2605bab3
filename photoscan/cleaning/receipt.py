"""The receipt: what was found, removed, hidden and kept, and how that was proved. Values stay masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from photoscan.catalog import SOURCE_LANGUAGE, text
from photoscan.clean_phrases import part_of
from photoscan.cleaning import losses
from photoscan.cleaning.outlook import ASIDES, LIMITS, Row, counted
from photoscan.errors import Phrase
from photoscan.escapes import on_one_line
from photoscan.finding import Finding
from photoscan.redaction.base import Method
from photoscan.stripping.base import Removed

SCHEMA_VERSION = "2.2"
"""2.1 added `kept_parts` and `looked`, 2.2 `covered`."""


@dataclass(frozen=True, slots=True)
class Looked:
    """How photo and copy were looked at: by which policy, how thoroughly, and the detectors that ran to their end."""

    policy: str
    version: str
    profile: str
    detectors: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "policy": {"name": self.policy, "version": self.version},
            "profile": self.profile,
            "detectors": list(self.detectors),
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one photo.

    `found`: all that the scan found in the source, each with what was done; empty where the picture was not inspected.
    `removed`: parts of the file, with the bytes that held them. `hidden`: the findings that were painted over, also
    those that only a later scan saw. `boxes`: how many regions were hidden because the caller named them. `kept`: what
    stays in the file, and why. `method`: how the picture was written, None for a picture that was not touched.
    `looked`: how the copy was inspected; None where it was not, or not by photoscan. `covered`: the share of the
    picture that is hidden, 0 to 1.
    """

    source: str
    source_sha256: str
    output_sha256: str
    format: str
    found: tuple[Row, ...]
    removed: tuple[Removed, ...]
    hidden: tuple[Finding, ...]
    boxes: int
    kept: tuple[Phrase, ...]
    notes: tuple[Phrase, ...]
    proofs: tuple[Phrase, ...]
    method: Method | None
    tool_version: str
    looked: Looked | None = None
    covered: float = 0.0

    def to_dict(self, language: str = SOURCE_LANGUAGE) -> dict[str, Any]:
        """The JSON form, with sentences in `language`. Raises nothing of its own."""
        return {
            "receipt_version": SCHEMA_VERSION,
            "tool": {"name": "photoscan", "version": self.tool_version},
            "source": {"path": self.source, "sha256": self.source_sha256},
            "output": {"sha256": self.output_sha256, "format": self.format, "picture": self.method or "untouched"},
            "found": [row.to_dict(language) for row in self.found],
            "removed": [{"part": r.part, "offset": r.offset, "length": r.length} for r in self.removed],
            "hidden": [f.to_dict() for f in self.hidden],
            "boxes": self.boxes,
            "covered": round(self.covered, 3),
            "kept": [said.text(language) for said in self.kept],
            "kept_parts": [{"part": part_of(said), **said.values} for said in self.kept],
            "notes": [said.text(language) for said in self.notes],
            "proofs": [said.text(language) for said in self.proofs],
            "looked": self.looked.to_dict() if self.looked else None,
        }

    def asides(self, language: str = SOURCE_LANGUAGE) -> list[str]:
        """What should be known besides the summary, one line each, in `language`.

        How much is covered, and what is only possible and was left. Raises nothing of its own.
        """
        return [note.text(language) for note in self.notes if note.key in ASIDES]

    def summary(self, language: str = SOURCE_LANGUAGE) -> str:
        """One line for people, in `language`. Raises nothing of its own."""
        parts = [part for part in (counted(self.removed, language), self._hidden(language)) if part]
        what = ", ".join(parts) or text("clean.receipt.nothing", language)
        if gone := ", ".join(said.text(language) for said in losses.phrases(self.notes)):
            what = text("clean.receipt.lost", language, what=what, lost=gone)
        limits = [note for note in self.notes if note.key in LIMITS]
        proofs = "; ".join(said.text(language) for said in (*self.proofs, *limits))
        return text("clean.receipt.line", language, path=on_one_line(self.source), what=what, proofs=proofs)

    def text(self, language: str = SOURCE_LANGUAGE) -> str:
        """The whole receipt for people, on several lines, in `language`. Raises nothing of its own."""

        def say(key: str, **values: object) -> str:
            return text(f"clean.receipt.{key}", language, **values)

        lines = [say("title", path=on_one_line(self.source))]
        sections = (
            ("found", [row.text(language) for row in self.found]),
            ("removed", [counted(self.removed, language)] if self.removed else []),
            ("hidden", [self._hidden(language)] if self.hidden or self.boxes else []),
            ("kept", [said.text(language) for said in self.kept]),
            ("notes", [said.text(language) for said in self.notes]),
            ("proofs", [*(said.text(language) for said in self.proofs), *self._how(say)]),
            ("prints", [say("source", sha256=self.source_sha256), say("output", sha256=self.output_sha256)]),
        )
        for name, rows in sections:
            lines += [say(name), *(f"  - {row}" for row in rows)] if rows else []
        return "\n".join(lines)

    def _how(self, say: Callable[..., str]) -> list[str]:
        """How it was looked at, in a line."""
        how = self.looked
        if how is None:
            return []
        return [say("looked", policy=how.policy, version=how.version, profile=how.profile, count=len(how.detectors))]

    def _hidden(self, language: str) -> str:
        kinds = Counter(text(f"kind.{f.kind.value}.title", language) for f in self.hidden)
        named = [f"{count} x {name}" if count > 1 else name for name, count in kinds.most_common()]
        if self.boxes:
            named.append(text("clean.receipt.boxes", language, count=self.boxes))
        return ", ".join(named)
