"""Proof: the output is looked at as if somebody else had made it. Any doubt is a CleaningError."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from photoscan import metadata
from photoscan.cleaning import picture, search
from photoscan.cleaning.plan import CleanPlan
from photoscan.cleaning.strip import Keep
from photoscan.errors import CleaningError
from photoscan.finding import Finding, Region
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.metadata import Entry, Metadata, Role
from photoscan.photo import Photo
from photoscan.report import Report, Status

DARK = 40
"""Grey level up to which a painted pixel may differ from black: what coding as JPEG does to it."""


def metadata_gone(output: bytes, format_: Format, before: Metadata, keep: Keep) -> tuple[str, ...]:
    """Prove that an independent reader finds nothing in the output but what was kept on purpose, and that no value of
    the input is left in it: neither in clear nor compressed.
    """
    if left := left_in(output, format_, keep):
        raise CleaningError(f"the output still holds metadata ({', '.join(left[:3])}): nothing was written")
    searched = picture.around(output, format_)
    gone = replace(before, entries=tuple(e for e in before.entries if not _stays(e, keep)))
    secrets = [needle for needle in gone.needles() if needle not in keep.statements]
    if search.found(secrets, searched):
        raise CleaningError("a value from the input's metadata still stands in the output: nothing was written")
    return ("a second reader found no metadata", "no value of the input's metadata is left in the output")


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


def painted_over(output: Photo, regions: Sequence[Box]) -> tuple[str, ...]:
    """Prove that every region is an opaque patch in the output, but for the rim that a JPEG's blocks blur."""
    import numpy as np

    pixels = output.pixels()
    for region in regions:
        box = region.clipped(output.width, output.height)
        rim = min(8, box.w // 4, box.h // 4)
        patch = pixels[box.y + rim : box.y2 - rim, box.x + rim : box.x2 - rim]
        if patch.size and np.percentile(patch, 99) > DARK:
            raise CleaningError("a part of the picture that was to be hidden shows: nothing was written")
    return (f"{len(regions)} regions are opaque",) if regions else ()


def left_over(
    report: Report, plan: CleanPlan, painted: Sequence[Box], softened: Sequence[Box] = ()
) -> tuple[Finding, ...]:
    """What a second scan still finds of what was to be hidden: likely findings that are not covered with paint, and
    faces, however weak, that still show in what was only pixelated or blurred.

    Raises CleaningError when a detector that looks at pixels or text did not finish.
    """
    for outcome in report.detectors:
        if outcome.status is Status.FAILED:
            raise CleaningError(f"the output could not be wholly inspected ({outcome.name}): nothing was written")
    if report.error is not None:
        raise CleaningError(f"the output can't be inspected: {report.error.message}")
    found = [f for f in report.findings if plan.hides(f)]
    return tuple(
        f
        for f in found
        if isinstance(f.location, Region)
        and (f.likely or (f.kind.within("face") and any(f.location.box.intersection(region) for region in softened)))
        and not _covered(f.location.box, painted)
    )


def _covered(box: Box, painted: Sequence[Box]) -> bool:
    """Whether a finding lies in paint: what a detector sees in an opaque patch is the patch."""
    return any(box.coverage_by(region) > 0.8 for region in painted)
