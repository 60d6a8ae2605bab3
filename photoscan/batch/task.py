"""What a worker does with a photo, and what all answers depend on beside the photo itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import photoscan
from photoscan.options import ScanOptions
from photoscan.report import SCHEMA_VERSION
from photoscan.risk import policy as policies


def set_up(options: ScanOptions) -> Callable[[str], str]:
    """A scanner as a task: from a path to the masked report, as JSON in ASCII. Models are opened with the first photo.

    Raises ModelError when one is missing or damaged: better told at once than in a report for each of thousands.
    """
    from photoscan import models
    from photoscan.scanner import Scanner

    scanner = Scanner(options)
    if not options.only or any(kind.split(".")[0] != "metadata" for kind in options.only):
        for model in models.known().values():
            if model.group == models.DEFAULT_GROUP:
                models.path(model.name)
    return lambda path: json.dumps(scanner.scan(path).to_dict())


def fingerprint(options: ScanOptions) -> str:
    """A hash that changes whenever the same photo may get another answer: version, models, options or policy.

    The policy counts with its whole text, so that an edit without a new version is noticed as well. So does the file of
    known people.
    """
    from photoscan import models

    groups = [models.DEFAULT_GROUP]
    groups += ["easyocr"] if options.ocr == "easyocr" else []
    groups += ["people"] if options.people or options.face_backend == "face-recognition" else []
    parts: dict[str, Any] = {
        "version": photoscan.__version__,
        "schema": SCHEMA_VERSION,
        "models": [(model.name, model.sha256) for model in models.recorded(groups)],
        "options": asdict(options) | {"people": _hash(options.people)},
        "policy": policies.read(options.policy),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def renamed(report: dict[str, Any], path: str) -> dict[str, Any]:
    """The report of the same photo under another path."""
    old, new = f"{report['photo']['path']}: ", f"{path}: "
    if report["error"] is not None:
        report["error"]["message"] = report["error"]["message"].replace(old, new)
    for outcome in report["detectors"]:
        if outcome["reason"] is not None:
            outcome["reason"] = outcome["reason"].replace(old, new)
    report["photo"]["path"] = path
    return report


def inspected(report: dict[str, Any]) -> bool:
    """Whether nothing that was asked for stayed unseen; the same rule as for the exit status of `photoscan scan`."""
    return report["error"] is None and not any(
        outcome["status"] == "failed" or outcome["reason"] in ("budget", "not_installed")
        for outcome in report["detectors"]
    )


def _hash(file: Path | None) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file is not None else None
