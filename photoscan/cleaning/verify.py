"""Proof: the output is looked at as if somebody else had made it. Any doubt is a RefusedError."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from photoscan import metadata
from photoscan.cleaning import picture, search
from photoscan.cleaning.plan import CleanPlan
from photoscan.cleaning.redact import Patch, boxes_on
from photoscan.cleaning.said import RefusedError, said
from photoscan.cleaning.strip import Keep
from photoscan.errors import Phrase
from photoscan.finding import Field, Finding, Region
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.metadata import Entry, Metadata, Role
from photoscan.photo import Photo
from photoscan.report import Report

DARK = 40
"""Grey level up to which a painted pixel may differ from black: what coding as JPEG does to it."""


def metadata_gone(output: bytes, format_: Format, before: Metadata, keep: Keep) -> tuple[Phrase, ...]:
    """Prove that an independent reader finds nothing in the output but what was kept on purpose, and that no value of
    the input is left in it: neither in clear nor compressed.
    """
    if left := left_in(output, format_, keep):
        raise RefusedError("metadata_left", names=", ".join(left[:3]))
    searched = picture.around(output, format_)
    gone = replace(before, entries=tuple(e for e in before.entries if not _stays(e, keep)))
    secrets = [needle for needle in gone.needles() if needle not in keep.statements]
    if search.found(secrets, searched):
        raise RefusedError("value_left")
    return said("proof.no_metadata"), said("proof.no_value")


def left_in(data: bytes, format_: Format, keep: Keep) -> list[str]:
    """Names of what a file holds beside its picture and what is kept on purpose; never the values."""
    after = metadata.read(data, format_, "output")
    return sorted({f"{e.container} {e.field}" for e in _unexpected(after, keep)} | set(after.warnings))


def _unexpected(after: Metadata, keep: Keep) -> Iterator[Entry]:
    said = metadata.read(keep.statements, Format.TIFF, "kept").entries if keep.statements else ()
    allowed = {(entry.field, entry.text) for entry in said}
    for entry in after.entries:
        if not _stays(entry, keep) and (entry.field, entry.text) not in allowed:
            yield entry


def _stays(entry: Entry, keep: Keep) -> bool:
    """Whether this is a page that was to be kept."""
    return keep.pages and entry.role is Role.IMAGE and entry.field == "further page"


def painted_over(output: Photo, patches: Sequence[Patch]) -> tuple[Phrase, ...]:
    """Prove that every patch is opaque in the output, but for the rim that lossy coding blurs."""
    import numpy as np

    for page in range(output.frames):
        boxes = boxes_on(patches, page)
        if not boxes:
            continue
        pixels = output.pixels(page)
        for region in boxes:
            box = region.clipped(output.width, output.height)
            rim = min(8, box.w // 4, box.h // 4)
            patch = pixels[box.y + rim : box.y2 - rim, box.x + rim : box.x2 - rim]
            # Of a patch that is not in the picture nothing is proved.
            if not patch.size or np.percentile(patch, 99) > DARK:
                raise RefusedError("shows")
    return (said("proof.opaque", count=len(patches)),) if patches else ()


def wholly_inspected(report: Report, pages: bool) -> None:
    """Raise RefusedError when a detector did not finish, is not installed, or saw some of the pages only.

    `pages`: whether the copy has them all.
    """
    if report.error is not None:
        raise RefusedError("not_inspected", reason=report.error.message)
    for outcome in report.detectors:
        if outcome.name == "pages" and outcome.reason == "budget":
            if pages:
                raise RefusedError("pages")
        elif outcome.unseen:
            raise RefusedError("not_wholly", names=outcome.name)


@dataclass(frozen=True, slots=True)
class Left:
    """What a second scan still finds of what was to be hidden. `sure`: what of it forbids the copy."""

    findings: tuple[Finding, ...]
    sure: tuple[Finding, ...]


def left_over(report: Report, plan: CleanPlan, patches: Sequence[Patch], opaque: bool) -> Left:
    """What a scan of the output finds and the plan hides, outside of opaque patches.

    Of faces that were only pixelated or blurred any trace counts: what a detector knows for a face, a person does.
    Raises RefusedError when the output says something about itself that was not kept on purpose.
    """
    for finding in report.findings:
        if isinstance(finding.location, Field) and not _on_purpose(finding, plan):
            raise RefusedError("metadata_left", names=f"{finding.location.container} {finding.location.field}")
    left = tuple(f for f in report.findings if plan.hides(f) and not (opaque and _covered(f, patches)))
    return Left(left, tuple(f for f in left if f.confidence >= plan.sure or (not opaque and _softened(f, patches))))


def outside(report: Report, patches: Sequence[Patch]) -> Report:
    """The report without what a detector sees in opaque patches."""
    return replace(report, findings=tuple(f for f in report.findings if f.box is None or not _covered(f, patches)))


def _on_purpose(finding: Finding, plan: CleanPlan) -> bool:
    """Whether a finding in the output's own words was let through by the plan; `metadata_gone` compares the values."""
    kept = {
        Kind.METADATA_FILENAME: True,
        Kind.METADATA_GPS: plan.coarsen_gps is not None,
        Kind.METADATA_PLACE: plan.coarsen_gps is not None,
        Kind.METADATA_DATETIME: "date" in plan.keep,
        Kind.METADATA_PERSON: "copyright" in plan.keep,
        Kind.METADATA_COMMENT: "copyright" in plan.keep,
        Kind.METADATA_SHADOW_IMAGE: "pages" in plan.keep,
    }
    return kept.get(finding.kind, False)


def _softened(finding: Finding, patches: Sequence[Patch]) -> bool:
    return finding.kind.within("face") and any(_box(finding).intersection(box) for box in _boxes(finding, patches))


def _covered(finding: Finding, patches: Sequence[Patch]) -> bool:
    """Whether a finding lies in paint: what a detector sees in an opaque patch is the patch."""
    return any(_box(finding).coverage_by(box) > 0.8 for box in _boxes(finding, patches))


def _box(finding: Finding) -> Box:
    assert isinstance(finding.location, Region)
    return finding.location.box


def _boxes(finding: Finding, patches: Sequence[Patch]) -> tuple[Box, ...]:
    assert isinstance(finding.location, Region)
    return boxes_on(patches, finding.location.page or 0)
