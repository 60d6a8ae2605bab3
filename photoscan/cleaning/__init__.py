"""Making a copy that is safe to share: strip, redact, prove, and only then release.

`scan` comes as an argument, so that this package needs no detector to strip metadata.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import photoscan
from photoscan import brushes, metadata, redaction
from photoscan.brushes import Brush
from photoscan.clean_phrases import RefusedError, clean_phrase, named, part_of
from photoscan.cleaning import groups_gone, losses, outlook, picture, share, verify
from photoscan.cleaning import hidden as unseen
from photoscan.cleaning.outlook import Foresight
from photoscan.cleaning.plan import CleanPlan, parse_box
from photoscan.cleaning.receipt import Looked, Receipt
from photoscan.cleaning.statements import Statements
from photoscan.errors import Phrase
from photoscan.finding import Finding, Region
from photoscan.formats import Format
from photoscan.metadata import Metadata
from photoscan.photo import Photo
from photoscan.redaction import Method, Patch, convert
from photoscan.redaction.base import boxes_on
from photoscan.report import Report
from photoscan.stripping import Keep, Stripped, heif, icc, strip
from photoscan.stripping.base import LOST, Removed

__all__ = [
    "CleanPlan",
    "CleanResult",
    "Foresight",
    "Looked",
    "Receipt",
    "clean",
    "foresee",
    "kept_in",
    "left_over",
    "parse_box",
]

Scan = Callable[[bytes], Report]
_PROFILES = tuple(f.row.profile.part for f in Format if f.row.profile and f.row.profile.part)
"""How strippers call a profile's place in the file."""


@dataclass(frozen=True, slots=True)
class CleanResult:
    """The bytes of the clean copy, and what was done to get there.

    `report`: what the last look at the copy found outside of opaque patches; None where nobody looked.
    """

    data: bytes
    receipt: Receipt
    report: Report | None = None


def clean(photo: Photo, report: Report | None, scan: Scan | None, plan: CleanPlan) -> CleanResult:
    """A proven copy of a photo. `report` is of that photo, `scan` looks at the output.

    Both may be None for a plan that only strips metadata. Raises CleaningError when anything is left or in doubt; other
    PhotoscanErrors for photos that can't be rebuilt. The source is never changed.
    """
    work = _Work(photo, plan, report)
    if plan.metadata_only:
        return work.stripped()
    if report is None or scan is None:
        raise RefusedError("no_scan")
    verify.wholly_inspected(report, work.keeps_all_pages)
    if work.patches(report.findings) or plan.target not in (None, photo.format):
        return work.redacted(report.findings, scan)
    result = work.stripped()
    again = scan(result.data)
    verify.wholly_inspected(again, work.keeps_all_pages)
    left = verify.left_over(again, plan, (), True)
    return work.redacted(left.findings, scan) if left.findings else replace(result, report=again)


def foresee(photo: Photo, report: Report | None, plan: CleanPlan) -> Foresight:
    """What `clean` would do with a photo; nothing is written. Raises what `clean` would raise before it begins."""
    work = _Work(photo, plan, report)
    if report is not None and not plan.metadata_only:
        verify.wholly_inspected(report, work.keeps_all_pages)
    copy = strip(photo.data, photo.format, work.keep_hiding(report))
    kept = work.kept(copy.data, photo.format)
    boxes = tuple((box.x, box.y, box.w, box.h) for box in plan.boxes)
    notes = work.noted(copy, metadata.read(copy.data, photo.format, photo.name))
    if plan.target is not None and plan.target is not photo.format:
        notes += convert.phrases(photo, plan.target)
    if plan.metadata_only:
        notes += work.unproved
    covered = 0.0
    if report is not None and not plan.metadata_only:
        covered = work.share(work.patches(report.findings))
        notes += outlook.much(covered)
    return Foresight(photo.name, photo.sha256, work.found, boxes, _removed(copy, kept), kept, notes, covered)


def left_over(photo: Photo, plan: CleanPlan) -> list[str]:
    """Names of what a file that somebody else cleaned still holds beside its picture and what the plan keeps."""
    plan = plan.carried_by(photo.format)
    statements = Statements.of(metadata.read(photo.data, photo.format, photo.name), plan, photo.format)
    return verify.left_in(photo.data, photo.format, _keep(plan, statements))


def kept_in(photo: Photo, plan: CleanPlan) -> tuple[Phrase, ...]:
    """The names of what the plan keeps that is in such a file."""
    return tuple(named(row) for row in _Work(photo, plan, None).kept(photo.data, photo.format))


def _keep(plan: CleanPlan, statements: Statements) -> Keep:
    return Keep(
        "icc" in plan.keep,
        "orientation" in plan.keep,
        "pages" in plan.keep,
        statements.exif(),
        # Detectors look at the first picture of a sequence alone: the others can't be vouched for.
        movement=plan.metadata_only,
        gain_map="gain-map" in plan.keep,
        xmp=statements.told.xmp,
        iptc=statements.told.iptc,
        texts=statements.told.texts,
    )


def _removed(copy: Stripped, kept: Sequence[Phrase]) -> tuple[Removed, ...]:
    """What is no longer in a copy; of a profile that stays only the names are gone."""
    if not any(row.key == "clean.kept.icc" for row in kept):
        return copy.removed
    return tuple(replace(r, part="names in the colour profile") if r.part in _PROFILES else r for r in copy.removed)


def _new(found: Sequence[Finding], known: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings that are not just another look at a known one."""
    return tuple(
        f for f in found
        if not any(k.kind is f.kind and k.box and f.box and k.box.iou(f.box) > 0.3 for k in known)
    )  # fmt: skip


class _Work:
    """One photo and its plan: what it says, and what of that its copy says as well."""

    def __init__(self, photo: Photo, plan: CleanPlan, report: Report | None) -> None:
        wanted, format_ = plan, plan.target or photo.format
        plan = plan.carried_by(format_)
        self.unsaid = bool(outlook.words(wanted)) and not outlook.words(plan)
        self.photo, self.plan, self.looked = photo, plan, report is not None
        self._check_boxes()
        self.before = metadata.read(photo.data, photo.format, photo.name)
        self.statements = Statements.of(self.before, plan, format_)
        self.found = outlook.rows(report.findings, plan, self.statements, self._drops) if report else ()
        self.keep = replace(_keep(plan, self.statements), decode=not photo.huge)

    def _check_boxes(self) -> None:
        """RefusedError for a region by hand that is not in the picture: nobody may think that it was hidden."""
        photo = self.photo
        for box in self.plan.boxes:
            inside = box.clipped(photo.width, photo.height)
            if photo.width and not (inside.w and inside.h):
                said_box = ",".join(map(str, (box.x, box.y, box.w, box.h)))
                raise RefusedError("box_outside", box=said_box, width=photo.width, height=photo.height)

    @property
    def keeps_all_pages(self) -> bool:
        """Whether all frames or pages of the photo are in its copy."""
        return self.plan.keeps_pages(self.photo.format)

    def patches(self, findings: Sequence[Finding]) -> tuple[Patch, ...]:
        """What to paint over, on the pages that the copy has."""
        there = [finding for finding in findings if not self._drops(finding)]
        return (*(Patch(box) for box in self.plan.boxes), *self.plan.patches(there))

    def share(self, patches: Sequence[Patch]) -> float:
        """How much of a page they cover, of that with most."""
        pages = {patch.page or 0 for patch in patches}
        sizes = self.photo.info()
        return max((share.covered(boxes_on(patches, p), sizes.width or 0, sizes.height or 0) for p in pages), default=0)

    def keep_hiding(self, report: Report | None) -> Keep:
        """What stays where the picture has parts to be hidden: no gain map, which shows them."""
        hides = bool(self.patches(report.findings)) if report and not self.plan.metadata_only else False
        return replace(self.keep, gain_map=self.keep.gain_map and not hides)

    def _drops(self, finding: Finding) -> bool:
        """Whether a finding lies on a page that its copy does not have."""
        on_later_page = isinstance(finding.location, Region) and bool(finding.location.page)
        return on_later_page and not self.keeps_all_pages

    def kept(self, copy: bytes, format_: Format) -> tuple[Phrase, ...]:
        """What of what may stay is in a copy, and why, without the values."""
        there, said = Photo.open(copy, self.photo.limits, decodes=False), metadata.read(copy, format_, "copy")
        has = {
            "icc": icc.carried(copy, format_),
            "orientation": there.orientation != 1,
            "pages": "pages" in format_.row.keeps and there.frames > 1,
            "gain-map": losses.holds_gain_map(said),
            "projection": any(entry.field == "GPano:ProjectionType" for entry in said.entries),
        }
        faces = sum(row.why.key == "clean.why.consents" for row in self.found)
        return (
            *(clean_phrase(f"kept.{part}") for part in self.plan.keep if has.get(part)),
            *self.statements.phrases(),
            *((clean_phrase("kept.faces", count=faces),) if faces else ()),
        )

    def noted(self, copy: Stripped, after: Metadata) -> tuple[Phrase, ...]:
        """What is to be known of a copy: first what it lacks. `after`: what the copy says."""
        also = ["movement"] if heif.STILLED in copy.notes else []
        format_ = self.photo.format
        # Where a profile has a part of its own, the picture's is told from that of a preview.
        told = any(row.part in _PROFILES for row in copy.removed)
        profile = format_.row.profile
        profiled = told if profile and profile.part else icc.carried(self.photo.data, format_)
        also += ["profile"] if profiled and self.keep.profile and not icc.carried(copy.data, format_) else []
        also += [key.removeprefix(LOST) for key in copy.notes if key.startswith(LOST)]
        plain = [key for key in copy.notes if key != heif.STILLED and not key.startswith(LOST)]
        notes = (clean_phrase(f"note.{key}") for key in plain)
        said = outlook.of_groups(self.statements.told, self.unsaid, format_.row.title)
        return (*losses.lost(self.before, after, *also), *said, *notes, *outlook.doubted(self.found))

    @property
    def unproved(self) -> tuple[Phrase, ...]:
        """What is to be known of a copy whose picture stays as it is; of a film, a note of its own says so."""
        if self.photo.format.row.film:
            return ()
        return (clean_phrase("note.untouched" if self.looked else "note.unseen"),)

    def _nothing_said(self, copy: bytes, format_: Format) -> tuple[Phrase, ...]:
        """The proof that a copy says nothing but what it is to say."""
        stays = [named(row) for row in self.kept(copy, format_) if part_of(row) != "faces"]
        gone = verify.metadata_gone(copy, format_, self.before, self.keep, stays, self.statements.told.sources)
        return (*gone, *groups_gone.proved(copy, format_, self.before, self.plan, self.keep))

    def stripped(self) -> CleanResult:
        """The copy without metadata, its picture untouched."""
        photo = self.photo
        copy = strip(photo.data, photo.format, self.keep)
        proofs = (
            *picture.same(
                photo.data, copy.data, photo.format, self.keep.pages, heif.STILLED in copy.notes, self.keep.decode
            ),
            *self._nothing_said(copy.data, photo.format),
        )
        if self.keep.orientation:
            verify.same_way_up(photo, Photo.open(copy.data, photo.limits, decodes=False))
        proved, noted = unseen.nothing_unseen(copy.data, photo.limits)
        proofs += proved
        notes = (*self.noted(copy, metadata.read(copy.data, photo.format, photo.name)), *noted)
        if self.plan.metadata_only:
            notes += self.unproved
        else:
            proofs += (clean_phrase("proof.nothing_found"),)
        return self._result(copy, copy.removed, (), notes, proofs, None)

    def redacted(self, findings: Sequence[Finding], scan: Scan) -> CleanResult:
        """The copy with what the plan hides of these findings hidden, scanned again until nothing of it is found."""
        photo, plan = self.photo, self.plan
        format_ = plan.target or photo.format
        # It shows what is hidden in the picture.
        self.keep = replace(self.keep, gain_map=False)
        hidden = tuple(f for f in findings if plan.hides(f) and not self._drops(f))
        original = strip(photo.data, photo.format, self.keep)
        wanted = self.patches(findings)
        tries = brushes.tries(plan.style)
        for attempt, (brush, strength) in enumerate(tries):
            made = redaction.redact(photo, self.keep, wanted, brush.name, strength, plan.target)
            copy = strip(made.data, format_, self.keep)
            proofs = self._nothing_said(copy.data, format_)
            output, opaque = Photo.open(copy.data, photo.limits), made.brush.proof is not None
            proofs += verify.painted_over(output, wanted, made.method, made.brush)
            still = heif.STILLED in original.notes
            proofs += picture.same_but(photo, output, made.patches, made.method, still)
            proved, noted = unseen.nothing_unseen(copy.data, photo.limits)
            proofs += proved
            again = verify.without_bodies(scan(copy.data), hidden)
            verify.wholly_inspected(again, pages=True)
            left = verify.left_over(again, plan, made.patches, opaque)
            if not left.findings or (attempt == len(tries) - 1 and not left.sure):
                told = self.noted(original, metadata.read(copy.data, format_, photo.name))
                notes = (*told, *made.notes, *noted, *self._doubts(brush, made.brush, left.findings))
                proofs += (clean_phrase("proof.nothing_sure" if left.findings else "proof.scanned"),)
                covered = self.share(wanted)
                notes += outlook.much(covered)
                result = self._result(copy, original.removed, hidden, notes, proofs, made.method, covered)
                return replace(result, report=verify.outside(again, made.patches) if opaque else again)
            hidden += _new(left.findings, hidden)
            wanted += plan.with_traces.patches(left.findings)
        raise RefusedError("not_hidden")

    def _doubts(self, tried: Brush, painted: Brush, left: Sequence[Finding]) -> tuple[Phrase, ...]:
        """What the receipt has to say against the copy."""
        doubts = [clean_phrase("note.weak", style=painted.name)] if painted.reversible else []
        doubts += [clean_phrase("note.filled_instead")] if tried.name != self.plan.style else []
        return (*doubts, *((clean_phrase("note.possible", count=len(left)),) if left else ()))

    def _result(
        self,
        copy: Stripped,
        removed: tuple[Removed, ...],
        hidden: tuple[Finding, ...],
        notes: tuple[Phrase, ...],
        proofs: tuple[Phrase, ...],
        method: Method | None,
        covered: float = 0.0,
    ) -> CleanResult:
        kept = self.kept(copy.data, self.plan.target or self.photo.format)
        receipt = Receipt(
            source=self.photo.name,
            source_sha256=self.photo.sha256,
            output_sha256=hashlib.sha256(copy.data).hexdigest(),
            format=(self.plan.target or self.photo.format).value,
            found=self.found,
            removed=_removed(Stripped(copy.data, removed), kept),
            hidden=hidden,
            boxes=len(self.plan.boxes),
            kept=kept,
            notes=notes,
            proofs=proofs,
            method=method,
            tool_version=photoscan.__version__,
            covered=covered,
        )
        return CleanResult(copy.data, receipt)
