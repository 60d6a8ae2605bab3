"""What a clean copy shall lose and keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from photoscan.errors import UsageError
from photoscan.finding import Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind, Severity, check_prefix
from photoscan.report import Report

Style = Literal["fill", "pixelate", "blur"]
STYLES: tuple[Style, ...] = ("fill", "pixelate", "blur")
KEEPABLE = ("icc", "orientation", "copyright", "date", "pages")
"""Parts of a file that can stay: the colour profile, which way is up, the copyright notice, when the photo was taken,
further pages of a TIFF."""
KEPT = ("icc", "orientation")
"""What stays unless somebody says otherwise: without them the picture looks different."""
Coarseness = Literal["city", "country"]
COARSENESS: tuple[Coarseness, ...] = ("city", "country")

_MARGINS = {
    "face": (0.2, 0.2),
    "plate": (0.06, 0.1),
    "code": (0.12, 0.12),
    "text": (0.03, 0.15),
    "document": (0.03, 0.03),
}
"""By family: shares of width and height added on each side; a face from hair line to chin, whichever way it is turned,
a code with its quiet zone."""


@dataclass(frozen=True, slots=True)
class CleanPlan:
    """`redact`: kinds (dotted prefixes) to hide in the picture; by default everything of medium harm and more.

    `boxes`: regions hidden whatever is in them, in upright pixels. `keep`: parts of the file that stay, of
    KEEPABLE. `coarsen_gps`: a rounded position stays instead of none.
    `keep_faces`: names of known people whose faces stay, if they consent.

    Raises UsageError for choices that do not exist.
    """

    metadata_only: bool = False
    redact: tuple[str, ...] = ()
    style: Style = "fill"
    keep: tuple[str, ...] = KEPT
    boxes: tuple[Box, ...] = ()
    coarsen_gps: Coarseness | None = None
    keep_faces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for prefix in self.redact:
            check_prefix(prefix)
        if self.style not in STYLES:
            raise UsageError(f"unknown style {self.style!r}: use one of {', '.join(STYLES)}")
        if unknown := [k for k in self.keep if k not in KEEPABLE]:
            raise UsageError(f"can't keep {unknown[0]!r}: use {', '.join(KEEPABLE)}")
        if self.coarsen_gps is not None and self.coarsen_gps not in COARSENESS:
            raise UsageError(f"can't coarsen to {self.coarsen_gps!r}: use {', '.join(COARSENESS)}")

    def hides(self, finding: Finding) -> bool:
        """Whether this finding's region is to be hidden."""
        if self.metadata_only or not isinstance(finding.location, Region):
            return False
        if self.keeps_face(finding):
            return False
        if self.redact:
            return any(finding.kind.within(prefix) for prefix in self.redact)
        return finding.severity >= Severity.MEDIUM

    def keeps_face(self, finding: Finding) -> bool:
        """Whether this is the face of somebody who was named to stay, and consents."""
        if not finding.kind.within("face"):
            return False
        name, consents = finding.attributes.get("value_name"), finding.attributes.get("consents")
        return consents is True and name in self.keep_faces

    def regions(self, report: Report) -> tuple[Box, ...]:
        """The boxes to paint, in upright pixels, with the margin that each kind needs."""
        hidden = [_with_margin(f.kind, f.location.box) for f in report.findings
                  if self.hides(f) and isinstance(f.location, Region)]  # fmt: skip
        return (*self.boxes, *hidden)


def _with_margin(kind: Kind, box: Box) -> Box:
    across, down = _MARGINS[kind.value.split(".")[0]]
    return box.grown(across, down)


def parse_box(text: str) -> Box:
    """A box from 'x,y,w,h'; UsageError for anything else."""
    try:
        parts: Sequence[int] = [int(part) for part in text.split(",")]
        x, y, w, h = parts
    except ValueError:
        raise UsageError(f"a box is x,y,width,height in pixels, not {text!r}") from None
    if w <= 0 or h <= 0:
        raise UsageError("a box needs a width and a height of at least 1")
    return Box(x, y, w, h)
