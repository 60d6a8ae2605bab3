"""What a worker does with a photo, and what its report says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from photoscan import models
from photoscan.batch import store
from photoscan.batch.executor import Photo
from photoscan.errors import TooLargeError
from photoscan.kind import only_in_file
from photoscan.options import ScanOptions
from photoscan.outside.chosen import Chosen
from photoscan.report import Report
from photoscan.risk.policy import Policy


def set_up(outside: Chosen, options: ScanOptions, policy: Policy) -> Callable[[Photo], str]:
    """A scanner as a task: from a photo to the masked report, as JSON in ASCII. Models are opened with the first photo.

    An object of a store is read here: ChangedError is raised where it is not the version that was listed, and
    NotReadableError where it can't be had.

    Raises ModelError when one is missing or damaged: better told at once than in a report for each of thousands.
    """
    from photoscan.scanner import Scanner

    scanner = Scanner(options, policy, outside.detectors())
    if not only_in_file(options.only):
        for model in models.in_use():
            models.path(model.name)

    def look(photo: Photo) -> Report:
        if isinstance(photo, str):
            return scanner.scan(photo)
        try:
            return scanner.scan(store.read(*photo, options.limits), name=photo[0])
        except TooLargeError as error:
            return scanner.unseen(photo[0], error)

    return lambda photo: json.dumps(look(photo).to_dict())


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
    """Whether nothing that was asked for stayed unseen."""
    return bool(report["coverage"] != "cut")
