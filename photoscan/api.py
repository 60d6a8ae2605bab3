"""The short way in: scan or clean one photo with one call."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from photoscan import given
from photoscan.errors import UsageError
from photoscan.options import ScanOptions
from photoscan.photo import Photo
from photoscan.photo_source import PhotoSource
from photoscan.report import Report
from photoscan.risk.policy import Policy
from photoscan.scanner import Scanner

if TYPE_CHECKING:
    from PIL.Image import Image

    from photoscan.cleaning import CleanPlan, CleanResult


def scan(
    photo: PhotoSource | Image | Photo, options: ScanOptions | None = None, policy: Policy | str | None = None
) -> Report:
    """What one photo gives away. For many photos make a Scanner once.

    `photo`: as `Photo.open` takes it. `policy`: by itself, by its name or by its file. What can't be opened gives a
    report with `error`. Raises UsageError and NotInstalledError as Scanner does.
    """
    return Scanner(options, policy).scan(photo)


def clean(
    photo: PhotoSource | Image | Photo,
    report: Report | None = None,
    plan: CleanPlan | None = None,
    policy: Policy | str | None = None,
    options: ScanOptions | None = None,
    *,
    scanner: Scanner | None = None,
) -> CleanResult:
    """A copy that is safe to share, proved by scanning it again. The photo itself is never changed.

    `report`: of an earlier scan of this very photo by the same policy, to save scanning it once more. `plan`: what to
    hide and keep, by default what the policy says. `policy`: by itself, by its name ('default' unless said) or by its
    file. `options`: how the photo and its copy are looked at. For many photos make a `scanner` once: it brings its own
    policy and options. The result's `report` is of the copy, None where the plan leaves the picture as it is.

    Raises CleaningError when a copy can't be made or proved, other PhotoscanErrors for what can't be opened, UsageError
    for what does not go together.
    """
    from photoscan.cleaning import CleanPlan
    from photoscan.safe_copy import make_safe_copy

    scanner = _alone(scanner, policy, options)
    if report is not None:
        given.a(Report, report, "report")
    if plan is not None:
        given.a(CleanPlan, plan, "plan")
    if scanner is None and (plan is None or not plan.metadata_only or options is not None):
        scanner = Scanner(options, policy)
    limits = scanner.options.limits if scanner else None
    opened = photo if isinstance(photo, Photo) else Photo.open(photo, limits, decodes=scanner is not None)
    return make_safe_copy(opened, scanner, plan, report)


async def scan_async(
    photo: PhotoSource | Image | Photo,
    options: ScanOptions | None = None,
    policy: Policy | str | None = None,
    *,
    scanner: Scanner | None = None,
) -> Report:
    """`scan` in a thread, so that an event loop goes on meanwhile. `scanner`: one made before, for many photos.

    A look that has begun is seen out, also where its task is cancelled. Raises what `scan` raises.
    """
    made = _alone(scanner, policy, options)
    if made is None:
        return await asyncio.to_thread(scan, photo, options, policy)
    return await asyncio.to_thread(made.scan, photo)


async def clean_async(
    photo: PhotoSource | Image | Photo,
    report: Report | None = None,
    plan: CleanPlan | None = None,
    policy: Policy | str | None = None,
    options: ScanOptions | None = None,
    *,
    scanner: Scanner | None = None,
) -> CleanResult:
    """`clean` in a thread, so that an event loop goes on meanwhile. Takes and raises what `clean` does."""
    return await asyncio.to_thread(clean, photo, report, plan, policy, options, scanner=scanner)


def _alone(scanner: Scanner | None, policy: Policy | str | None, options: ScanOptions | None) -> Scanner | None:
    """The scanner that was given; UsageError where a policy or options came beside it, which it brings itself."""
    if scanner is None:
        return None
    if policy is not None or options is not None:
        raise UsageError("problem.clean.two_policies")
    return given.a(Scanner, scanner, "scanner")
