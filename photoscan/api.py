"""The short way in: scan or clean one photo with one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photoscan.errors import UsageError
from photoscan.options import ScanOptions
from photoscan.photo import Photo
from photoscan.report import Report
from photoscan.scanner import Scanner, Source

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.cleaning import CleanPlan, CleanResult


def scan(photo: Source | Image | Photo, options: ScanOptions | None = None) -> Report:
    """What one photo gives away. For many photos make a Scanner once."""
    return Scanner(options).scan(photo)


def clean(
    photo: Source | Image | Photo,
    report: Report | None = None,
    plan: CleanPlan | None = None,
    policy: str | None = None,
    *,
    scanner: Scanner | None = None,
) -> CleanResult:
    """A copy that is safe to share, proved by scanning it again; CleaningError when that can't be proved.

    `report`: of an earlier scan of this very photo, to save scanning it once more. `plan`: what to hide and keep, by
    default what the policy says: a shipped one's name ('default' unless said), or a TOML file. For many photos make a
    `scanner` once: it brings its own policy. The result's `report` is of the copy.
    """
    from photoscan.safe_copy import make_safe_copy

    if scanner is not None and policy is not None:
        raise UsageError("problem.clean.two_policies")
    if scanner is None and not (plan is not None and plan.metadata_only):
        scanner = Scanner(ScanOptions(policy=policy or "default"))
    opened = photo if isinstance(photo, Photo) else Photo.open(photo, scanner.options.limits if scanner else None)
    return make_safe_copy(opened, scanner, plan, report)
