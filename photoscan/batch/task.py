"""What a worker does with a photo, and what its report says of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from photoscan.batch import store
from photoscan.batch.executor import Answer, Job
from photoscan.batch.setup import Setup
from photoscan.batch.source import File, content_of
from photoscan.errors import TooLargeError


def set_up(text: str) -> Callable[[Job], Answer]:
    """The task of a worker, from the text of a `Setup`: from a photo to the masked report, as JSON in ASCII.

    Models are opened with the first photo. An object of a store is read here: ChangedError is raised where it is not
    the version that was listed, and NotReadableError where it can't be had.

    Raises ModelError when a model is missing or damaged, and UsageError when this process would answer otherwise than
    the driver: better told at once than in a report for each of thousands.
    """
    setup = Setup.read(text)
    scanner = setup.scanner()
    setup.check()
    whole_path = setup.policy.names_photos

    def of_store(job: Job, version: str) -> Answer:
        try:
            data = store.read(job.path, version, setup.options.limits)
        except TooLargeError as error:
            return Answer(json.dumps(scanner.unseen(job.path, error).to_dict()))
        content = content_of(data, job.path, whole_path) if job.unread else None
        return Answer(json.dumps(scanner.scan(data, name=job.path).to_dict()), content)

    def look(job: Job) -> Answer:
        if job.version is not None:
            return of_store(job, job.version)
        content = File(job.path, whole_path, setup.options.sidecars).content() if job.unread else None
        return Answer(json.dumps(scanner.scan(job.path).to_dict()), content)

    return look


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
