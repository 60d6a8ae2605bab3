"""Making a copy that is safe to share: strip, redact, prove, and only then release.

`scan` comes as an argument, so that this package needs no detector to strip metadata.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import photoscan
from photoscan import metadata
from photoscan.cleaning import verify
from photoscan.cleaning.plan import CleanPlan, parse_box
from photoscan.cleaning.receipt import Receipt
from photoscan.cleaning.strip import Stripped, strip
from photoscan.errors import CleaningError
from photoscan.geometry import Box
from photoscan.photo import Photo
from photoscan.report import Report

__all__ = ["CleanPlan", "CleanResult", "Receipt", "clean", "parse_box"]

Scan = Callable[[bytes], Report]
ROUNDS = 3
"""How often what a second scan still finds is hidden as well before giving up."""


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
    if plan.metadata_only or report is None or scan is None:
        if not plan.metadata_only:
            raise CleaningError("hiding parts of the picture needs a scan of it")
        return _stripped_only(photo, plan)
    if report.error is not None:
        raise CleaningError(f"the photo can't be inspected: {report.error.message}")
    if not plan.regions(report):
        result = _stripped_only(photo, plan)
        if verify.left_over(scan(result.data), plan, ()):
            raise CleaningError("the output holds something that was to be hidden: nothing was written")
        return result
    return _redacted(photo, report, scan, plan)


def _stripped_only(photo: Photo, plan: CleanPlan) -> CleanResult:
    stripped = strip(photo.data, photo.format, plan.keep)
    before = metadata.read(photo.data, photo.format, photo.name)
    proofs = (
        *verify.metadata_gone(stripped.data, photo.format, before),
        *verify.same_picture(photo.data, stripped.data, photo.format),
    )
    return _result(photo, stripped, (), (), proofs, plan)


def _redacted(photo: Photo, report: Report, scan: Scan, plan: CleanPlan) -> CleanResult:
    from photoscan.cleaning.redact import REVERSIBLE, redact

    painted: tuple[Box, ...] = plan.regions(report)
    hidden = tuple(f for f in report.findings if plan.hides(f))
    before = metadata.read(photo.data, photo.format, photo.name)
    original = strip(photo.data, photo.format, plan.keep)
    for _ in range(ROUNDS):
        copy = strip(redact(photo, painted, plan.style), photo.format, plan.keep)
        proofs = verify.metadata_gone(copy.data, photo.format, before)
        if plan.style == "fill":
            proofs += verify.painted_over(Photo.open(copy.data), painted)
        again = scan(copy.data)
        left = verify.left_over(again, plan, painted if plan.style == "fill" else ())
        if not left:
            notes = ("pixelated and blurred parts can be undone, at least in part",) if plan.style in REVERSIBLE else ()
            proofs = (*proofs, "a second scan found nothing of what was to be hidden")
            return _result(photo, Stripped(copy.data, original.removed), hidden, notes, proofs, plan)
        hidden += left
        painted += plan.regions(again)
    raise CleaningError("parts of the picture could not be hidden for good: nothing was written")


def _result(
    photo: Photo,
    stripped: Stripped,
    hidden: tuple[photoscan.Finding, ...],
    notes: tuple[str, ...],
    proofs: tuple[str, ...],
    plan: CleanPlan,
) -> CleanResult:
    receipt = Receipt(
        source=photo.name,
        source_sha256=photo.sha256,
        output_sha256=hashlib.sha256(stripped.data).hexdigest(),
        removed=stripped.removed,
        hidden=hidden,
        kept=tuple(f"{part}: the picture would look different without it" for part in plan.keep),
        notes=notes,
        proofs=proofs,
        tool_version=photoscan.__version__,
    )
    return CleanResult(stripped.data, receipt)
