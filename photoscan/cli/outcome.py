"""What `photoscan clean` tells of its copies, in people's words: where they are, what is gone, what is covered, what to
look at. The receipts hold everything; this is what somebody reads who wants to share photos now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from photoscan.catalog import has, text
from photoscan.cleaning import losses
from photoscan.cleaning.outlook import ASIDES, LIMITS, doubted
from photoscan.cli.paths import aside
from photoscan.escapes import on_one_line
from photoscan.finding import Field, Finding
from photoscan.kind import Kind
from photoscan.options import ScanOptions

if TYPE_CHECKING:
    from photoscan.cleaning import Receipt
    from photoscan.cleaning.outlook import Foresight, Row
    from photoscan.cleaning.plan import CleanPlan
    from photoscan.photo import Photo

_NAMED = 3
"""Photos that are named one by one."""


@dataclass
class Outcome:
    """What became of the photos of one run, told as it was asked for.

    `total`: how many photos there are. `verbose`: everything about each copy, proofs too. `quiet`: a line for each.
    Otherwise one photo is told of when it is done, and several together at the end.
    """

    language: str
    plan: CleanPlan
    total: int
    verbose: bool = False
    quiet: bool = False
    receipts: list[Receipt] = field(default_factory=list)
    gone: list[tuple[Row, ...]] = field(default_factory=list)

    @property
    def several(self) -> bool:
        """Whether there are photos to be told of together."""
        return self.total > 1

    def copied(self, photo: Photo, receipt: Receipt) -> None:
        """There is a copy of a photo."""
        rows = receipt.found or self._of_file(photo)
        self.receipts.append(receipt)
        self.gone.append(rows)
        if self.verbose:
            for note in receipt.asides(self.language):
                aside(f"{on_one_line(photo.name)}: {note}")
            aside(receipt.summary(self.language))
        elif self.quiet or not self.several:
            said = self._went([rows], [receipt]) or [self._say("nothing")]
            aside(f"{on_one_line(photo.name)}: {'; '.join(said)}")
            if not self.quiet:
                for note in self._notes():
                    aside(f"  {note}")

    def end(self) -> None:
        """Of several photos: what went, together, and which to look at."""
        if self.several and self.receipts and not self.quiet:
            for line in (*self._went(self.gone, self.receipts), *self._notes()):
                aside(line)

    def foreseen(self, photo: Photo, plan: Foresight) -> Foresight:
        """What would become of a photo, with what its file tells where nobody looked at the picture."""
        return plan if plan.rows or not self.plan.metadata_only else replace(plan, rows=self._of_file(photo))

    def lie(self, count: int, output: Path | None, copy: Path | None = None) -> None:
        """Where the copies are: in a folder, in a file, or in their photos' places. `copy`: the last that was made."""
        if count and not self.quiet:
            # Of one photo the file is told: its name may be new.
            where = copy if copy and output and not self.several else output
            key = "in_place" if where is None else "lie" if where.is_dir() else "lies"
            aside(self._say(key, count=count, path=on_one_line(str(where))))

    def _went(self, found: Sequence[Sequence[Row]], receipts: Sequence[Receipt]) -> list[str]:
        """What is gone from the files and what is covered in the pictures; nothing of what did not happen."""
        told = []
        photos = Counter(kind for rows in found for kind in dict.fromkeys(_gone(rows)))
        if photos:
            told.append(
                self._say(
                    "gone", what=self._by_count(Counter({self._part(k): n for k, n in photos.items()}), len(found))
                )
            )
        elif any(receipt.removed for receipt in receipts):
            told.append(self._say("gone", what=self._say("little")))
        hidden = [finding for receipt in receipts for finding in receipt.hidden]
        if covered := list(self._covered(hidden, sum(receipt.boxes for receipt in receipts))):
            told.append(self._say("covered", what=", ".join(covered)))
        return told

    def _part(self, kind: Kind) -> str:
        """What a file told, in words; the title of kinds from outside."""
        key = f"clean.gone.{kind.value}"
        return text(key if has(key) else f"kind.{kind.value}.title", self.language)

    def _covered(self, hidden: Iterable[Finding], boxes: int) -> Iterator[str]:
        """What is covered, by family, the most first; of writing also what it was."""
        families: dict[str, Counter[Kind]] = {}
        for finding in hidden:
            families.setdefault(finding.kind.value.partition(".")[0], Counter())[finding.kind] += 1
        for family, kinds in sorted(families.items(), key=lambda row: -row[1].total()):
            titles = [text(f"kind.{kind.value}.title", self.language) for kind, _ in kinds.most_common()]
            key = f"clean.covered.{family}"
            if has(key):
                yield text(key, self.language, count=kinds.total(), what=", ".join(titles))
            else:
                yield text("clean.counted", self.language, count=kinds.total(), what=", ".join(titles))
        if boxes:
            yield text("clean.covered.box", self.language, count=boxes)

    def _notes(self) -> Iterator[str]:
        """What should be known before the copies are shared: the same words once, with the photos that they are of."""
        unsure = [r for r, rows in zip(self.receipts, self.gone, strict=True) if doubted(rows)]
        for note in doubted(row for rows in self.gone for row in rows):
            yield self._of(note.text(self.language), unsure)
        for receipt in sorted(self.receipts, key=lambda r: -r.covered)[:_NAMED]:
            for note in receipt.notes:
                if note.key in ASIDES and note.key != "clean.note.unsure":
                    yield self._of(note.text(self.language), [receipt])
        lost = Counter(what.text(self.language) for r in self.receipts for what in losses.phrases(r.notes))
        if lost:
            yield text("clean.note.lost", self.language, what=self._by_count(lost, len(self.receipts)))
        limits = {note.text(self.language): None for r in self.receipts for note in r.notes if note.key in LIMITS}
        yield from limits

    def _of(self, note: str, receipts: Sequence[Receipt]) -> str:
        """A note with the names of its photos, where there are others."""
        if not self.several:
            return note
        names = [on_one_line(receipt.source) for receipt in receipts[:_NAMED]]
        if more := len(receipts) - len(names):
            names.append(f"+{more}")
        return f"{', '.join(names)}: {note}"

    def _by_count(self, told: Counter[str], photos: int) -> str:
        """What is told of many photos first, and of how many; what is told of equally many together."""
        rows = groupby(told.most_common(), key=lambda row: row[1])
        return "; ".join(
            self._say("of", what=", ".join(what for what, _ in same), count=count)
            if photos > 1
            else ", ".join(what for what, _ in same)
            for count, same in rows
        )

    def _of_file(self, photo: Photo) -> tuple[Row, ...]:
        """What the file of a photo told of which nobody looked at the picture."""
        from photoscan import metadata
        from photoscan.cleaning import outlook
        from photoscan.cleaning.statements import Statements
        from photoscan.scanner import Scanner

        found = Scanner(ScanOptions(only=("metadata",), sidecars=False, language=self.language)).scan(photo).findings
        plan = self.plan.carried_by(self.plan.target or photo.format)
        said = Statements.of(metadata.read(photo.data, photo.format, photo.name), plan, plan.target or photo.format)
        return outlook.rows(found, plan, said, lambda finding: False)

    def _say(self, key: str, **values: object) -> str:
        return text(f"cli.clean.{key}", self.language, **values)


def _gone(rows: Iterable[Row]) -> list[Kind]:
    """The kinds of what a file told and its copy does not, the most harmful first."""
    ranked = sorted(rows, key=lambda row: -row.finding.severity)
    return [row.finding.kind for row in ranked if row.action == "remove" and isinstance(row.finding.location, Field)]
