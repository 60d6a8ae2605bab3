"""Making a copy that is safe to share: strip, redact, prove, and only then release.

`scan` comes as an argument, so that this package needs no detector to strip metadata.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import photoscan
from photoscan import metadata
from photoscan.cleaning import picture, verify
from photoscan.cleaning.plan import CleanPlan, parse_box
from photoscan.cleaning.receipt import Receipt
from photoscan.cleaning.statements import Statements
from photoscan.cleaning.strip import Keep, Stripped, strip
from photoscan.errors import CleaningError
from photoscan.finding import Finding
from photoscan.geometry import Box
from photoscan.photo import Photo
from photoscan.report import Report

__all__ = ["CleanPlan", "CleanResult", "Receipt", "clean", "left_over", "parse_box"]

Scan = Callable[[bytes], Report]
ROUNDS = 3
"""How often what a second scan still finds is hidden as well before giving up."""
_WHY = {
    "icc": "icc: the picture would look different without it",
    "orientation": "orientation: the picture would look different without it",
    "pages": "pages: you asked to keep them",
}


@dataclass(frozen=True, slots=True)
class CleanResult:
    """The bytes of the clean copy, in the source's format, and what was done to get there."""

    data: bytes
    receipt: Receipt


def clean(photo: Photo, report: Report | None, scan: Scan | None, plan: CleanPlan) -> CleanResult:
    """A proven copy of a photo. `report` is of that photo, `scan` looks at the output.

    Both may be None for a plan that only strips metadata. Raises CleaningError when anything is left or in doubt; other
    PhotoscanErrors for photos that can't be rebuilt. The source is never changed.
    """
    work = _Work(photo, plan, report)
    if plan.metadata_only or report is None or scan is None:
        if not plan.metadata_only:
            raise CleaningError("hiding parts of the picture needs a scan of it")
        return work.stripped()
    if report.error is not None:
        raise CleaningError(f"the photo can't be inspected: {report.error.message}")
    if not plan.regions(report):
        result = work.stripped()
        if verify.left_over(scan(result.data), plan, ()):
            raise CleaningError("the output holds something that was to be hidden: nothing was written")
        return result
    return work.redacted(report, scan)


def left_over(photo: Photo, plan: CleanPlan) -> list[str]:
    """Names of what a file that somebody else cleaned still holds beside its picture and what the plan keeps."""
    return verify.left_in(photo.data, photo.format, _keep(plan, Statements()))


def _keep(plan: CleanPlan, statements: Statements) -> Keep:
    return Keep("icc" in plan.keep, "orientation" in plan.keep, "pages" in plan.keep, statements.exif())


class _Work:
    """One photo and its plan: what it says, and what of that its copy says as well."""

    def __init__(self, photo: Photo, plan: CleanPlan, report: Report | None) -> None:
        self.photo, self.plan = photo, plan
        faces = sum(plan.keeps_face(finding) for finding in report.findings) if report else 0
        self.kept_faces = (f"{faces} x face: you asked to keep it, and the person consents",) if faces else ()
        self.before = metadata.read(photo.data, photo.format, photo.name)
        self.statements = Statements.of(self.before, plan)
        self.keep = _keep(plan, self.statements)

    def stripped(self) -> CleanResult:
        """The copy without metadata, its picture untouched."""
        photo = self.photo
        copy = strip(photo.data, photo.format, self.keep)
        proofs = (
            *picture.same(photo.data, copy.data, photo.format, self.keep.pages),
            *verify.metadata_gone(copy.data, photo.format, self.before, self.keep),
        )
        return self._result(copy, (), (), proofs)

    def redacted(self, report: Report, scan: Scan) -> CleanResult:
        """The copy with parts of its picture hidden, scanned again until nothing of them is found."""
        from photoscan.cleaning.redact import REVERSIBLE, redact

        photo, plan = self.photo, self.plan
        painted: tuple[Box, ...] = plan.regions(report)
        hidden = tuple(f for f in report.findings if plan.hides(f))
        original = strip(photo.data, photo.format, self.keep)
        for attempt in range(ROUNDS):
            copy = strip(redact(photo, painted, plan.style, attempt), photo.format, self.keep)
            proofs = verify.metadata_gone(copy.data, photo.format, self.before, self.keep)
            if plan.style == "fill":
                proofs += verify.painted_over(Photo.open(copy.data), painted)
            again = scan(copy.data)
            opaque = plan.style == "fill"
            left = verify.left_over(again, plan, painted if opaque else (), () if opaque else painted)
            if not left:
                weak = ("pixelated and blurred parts can be undone, at least in part",)
                proofs = (*proofs, "a second scan found nothing of what was to be hidden")
                copy = Stripped(copy.data, original.removed, original.notes)
                return self._result(copy, hidden, weak if plan.style in REVERSIBLE else (), proofs)
            hidden += left
            painted += plan.regions(again)
        raise CleaningError("parts of the picture could not be hidden for good: nothing was written")

    def _result(
        self, copy: Stripped, hidden: tuple[Finding, ...], notes: tuple[str, ...], proofs: tuple[str, ...]
    ) -> CleanResult:
        receipt = Receipt(
            source=self.photo.name,
            source_sha256=self.photo.sha256,
            output_sha256=hashlib.sha256(copy.data).hexdigest(),
            removed=copy.removed,
            hidden=hidden,
            kept=(*(_WHY[p] for p in self.plan.keep if p in _WHY), *self.statements.told(), *self.kept_faces),
            notes=(*copy.notes, *notes),
            proofs=proofs,
            tool_version=photoscan.__version__,
        )
        return CleanResult(copy.data, receipt)
