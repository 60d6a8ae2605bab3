"""The short way in: scan or clean one photo with one call."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from photoscan.options import ScanOptions
from photoscan.photo import Photo
from photoscan.report import Report
from photoscan.scanner import Scanner
from photoscan.source import Source

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
    policy: str = "default",
) -> CleanResult:
    """A copy that is safe to share, proved by scanning it again; CleaningError when that can't be proved.

    `report`: of an earlier scan of this very photo, to save scanning it once more. `plan`: what to hide and keep, by
    default what the policy says: a shipped one's name, or a TOML file.
    """
    from photoscan import cleaning

    opened = photo if isinstance(photo, Photo) else Photo.open(photo)
    if plan is not None and plan.metadata_only:
        return cleaning.clean(opened, None, None, plan)
    scanner = Scanner(ScanOptions(policy=policy))
    chosen = plan or cleaning.CleanPlan.by_policy(scanner.policy)
    # The copy goes by the photo's name, since a policy may ignore a region in photos of certain names.
    again = partial(scanner.scan, name=opened.name)
    return cleaning.clean(opened, report or scanner.scan(opened), again, chosen)
