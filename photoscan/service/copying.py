"""What a check holds beside its decision where a copy is asked for: titles and advice, a preview, the safe copy."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

from photoscan import deadline, preview
from photoscan.catalog import text
from photoscan.cleaning import CleanPlan, CleanResult
from photoscan.deadline import OutOfTimeError
from photoscan.errors import PhotoscanError
from photoscan.formats import Format
from photoscan.options import Limits
from photoscan.photo import Photo
from photoscan.report import Report
from photoscan.safe_copy import make_safe_copy
from photoscan.scanner import Scanner
from photoscan.service.bounded import bound_receipt

PREVIEW = 1024
"""Longest side of the preview, in pixels."""
UPLOAD = "upload"
"""Stands for the path in reports and receipts: a file's name can be telling, so it is looked at, but never repeated."""


def beside(photo: Photo, scanner: Scanner, report: Report, whole: bool, most: int) -> dict[str, Any]:
    """The members `kinds`, `copy` and, where there can be none, `no_copy` of a check.

    `whole`: whether the report is of a look at all kinds, from which a copy can be made without another one. What may
    be shared as it is needs no copy. The copy's own decision is told, since a policy may ask for a look at what it does
    not hide. The preview is of the copy, so that it never shows more. `most`: findings that its receipt may tell.
    """
    language = scanner.options.language
    found: dict[str, Any] = {"kinds": _words(report, language), "copy": None}
    if report.verdict == "allow" or report.error is not None:
        return found
    if any(outcome.reason == deadline.REASON for outcome in report.detectors):
        found["no_copy"] = text(f"reason.{deadline.REASON}", language)
        return found
    try:
        plan = CleanPlan.by_policy(scanner.policy, rename=True)
        made = make_safe_copy(photo, scanner, plan, report if whole else None, same_scanner=whole)
        found["copy"] = _copy(made, photo.limits, language, most)
    except OutOfTimeError:
        found["no_copy"] = text(f"reason.{deadline.REASON}", language)
    except PhotoscanError as error:
        found["no_copy"] = error.text(language).removeprefix(f"{photo.name}: ")
    return found


def _copy(made: CleanResult, limits: Limits, language: str, most: int) -> dict[str, Any]:
    receipt = replace(made.receipt, source=UPLOAD)
    told = receipt.to_dict(language)
    bound_receipt(told, most)
    shown = preview.jpeg(Photo.open(made.data, limits), PREVIEW)
    return {
        "decision": None if made.report is None else made.report.verdict,
        "media_type": Format(receipt.format).row.media,
        "photo": b64encode(made.data).decode(),
        "preview": None if shown is None else b64encode(shown).decode(),
        "receipt": json.loads(json.dumps(told)),
    }


def _words(report: Report, language: str) -> dict[str, dict[str, str]]:
    """For each kind that was found its name, why it matters and what to do, in the caller's language."""
    kinds = dict.fromkeys(finding.kind.value for finding in report.findings)
    return {kind: {part: text(f"kind.{kind}.{part}", language) for part in ("title", "why", "do")} for kind in kinds}
