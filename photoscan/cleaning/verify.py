"""Proof: the output is looked at as if somebody else had made it. Any doubt is a CleaningError."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from photoscan import metadata
from photoscan.cleaning.plan import CleanPlan
from photoscan.errors import CleaningError
from photoscan.finding import Finding, Region
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.metadata import Metadata, Role
from photoscan.photo import Photo
from photoscan.report import Report, Status

DARK = 40
"""Grey level up to which a painted pixel may differ from black: what coding as JPEG does to it."""
SHORTEST_NEEDLE = 6
"""Values shorter than this stand in any file by chance."""


def metadata_gone(output: bytes, format_: Format, before: Metadata) -> tuple[str, ...]:
    """Prove that an independent reader finds nothing in the output and that no value of the input is left in it."""
    after = metadata.read(output, format_, "output")
    if after.entries or after.warnings:
        what = sorted({f"{e.container} {e.field}" for e in after.entries} | set(after.warnings))
        raise CleaningError(f"the output still holds metadata ({', '.join(what[:3])}): nothing was written")
    for needle in _needles(before):
        if needle in output:
            raise CleaningError("a value from the input's metadata still stands in the output: nothing was written")
    return ("a second reader found no metadata", "no value of the input's metadata is left in the output")


def _needles(before: Metadata) -> Iterable[bytes]:
    for entry in before.entries:
        if entry.role is Role.PROFILE:
            continue
        value = entry.value if isinstance(entry.value, bytes) else str(entry.value).encode()
        value = value[:64].strip(b"\0 ")
        if isinstance(entry.value, (str, bytes)) and len(value) >= SHORTEST_NEEDLE and len(set(value)) > 3:
            yield value


def same_picture(before: bytes, after: bytes, format_: Format) -> tuple[str, ...]:
    """Prove that stripping did not touch the picture.

    For a JPEG identical tables, frame and entropy bytes are proof; for other formats the decoded pixels of every frame
    are compared.
    """
    if format_ is Format.JPEG:
        if _jpeg_core(before) != _jpeg_core(after):
            raise CleaningError("the picture's coded data changed: nothing was written")
        return ("the picture's coded data are identical",)
    if _pixels(before, format_) != _pixels(after, format_):
        raise CleaningError("the picture's pixels changed: nothing was written")
    return ("the decoded pixels are identical",)


def _jpeg_core(data: bytes) -> str:
    """A hash over coding segments and entropy bytes, in order, up to the end of image."""
    digest = hashlib.sha256()
    at = 2
    while 0 <= (at := data.find(b"\xff", at)) < len(data) - 3:
        marker = data[at + 1]
        if marker == 0xD9:
            break
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            while (end := data.find(b"\xff", end)) >= 0 and (data[end + 1] == 0 or 0xD0 <= data[end + 1] <= 0xD7):
                end += 2
            end = len(data) if end < 0 else end
        if 0xC0 <= marker <= 0xCF or 0xDA <= marker <= 0xDF:
            digest.update(data[at:end])
        at = end
    return digest.hexdigest()


def _pixels(data: bytes, format_: Format) -> list[tuple[str, tuple[int, int], str]]:
    """Mode, size and hash of each frame's pixels."""
    import io

    from PIL import Image, ImageSequence

    frames = []
    try:
        for frame in ImageSequence.Iterator(Image.open(io.BytesIO(data), formats=[format_.value.upper()])):
            shown = frame.convert("RGBA") if frame.mode in ("P", "PA") else frame
            frames.append((shown.mode, shown.size, hashlib.sha256(shown.tobytes()).hexdigest()))
    except (OSError, SyntaxError, ValueError) as error:
        raise CleaningError(f"the picture can't be decoded ({type(error).__name__}): nothing was written") from None
    return frames


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


def left_over(report: Report, plan: CleanPlan, painted: Sequence[Box]) -> tuple[Finding, ...]:
    """What a second scan still finds of what was to be hidden: likely findings anywhere, and possible ones
    that reach out of what is painted by more than half.

    Raises CleaningError when a detector that looks at pixels or text did not finish.
    """
    for outcome in report.detectors:
        if outcome.status is Status.FAILED:
            raise CleaningError(f"the output could not be wholly inspected ({outcome.name}): nothing was written")
    if report.error is not None:
        raise CleaningError(f"the output can't be inspected: {report.error.message}")
    found = [f for f in report.findings if plan.hides(f)]
    return tuple(
        f for f in found if f.likely and isinstance(f.location, Region) and not _covered(f.location.box, painted)
    )


def _covered(box: Box, painted: Sequence[Box]) -> bool:
    """Whether a finding lies in paint: what a detector sees in an opaque patch is the patch."""
    return any(box.coverage_by(region) > 0.8 for region in painted)
