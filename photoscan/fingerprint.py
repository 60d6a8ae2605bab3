"""What an answer depends on beside the photo itself, as one hash: what was done under another is done anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import photoscan
from photoscan import models, people
from photoscan.options import ScanOptions
from photoscan.readers import READERS
from photoscan.report import SCHEMA_VERSION
from photoscan.risk.policy import Policy, given_rows

if TYPE_CHECKING:
    from photoscan.outside.installed import Outsider

ANSWERS = 4
"""Raised when answers of the same version and schema say more than before, or mask their values otherwise."""


def fingerprint(options: ScanOptions, policy: Policy, outside: Sequence[Outsider] = ()) -> str:
    """A hash that changes whenever the same photo may get another answer.

    That is by version, models, options, policy or detectors from outside.
    The policy counts with all that it says, so that an edit without a new version is noticed as well. So does the file
    of known people.
    """
    return _hashed(_parts(options, policy, outside))


def told(options: ScanOptions, policy: Policy, outside: Sequence[Outsider] = ()) -> dict[str, Any]:
    """The same by parts, as JSON: what can be told is told, of options and policy only a hash."""
    parts = _parts(options, policy, outside)
    choices = dict(parts["options"])
    return {
        "version": parts["version"],
        "form": f"{parts['schema']}-{parts['answers']}",
        "engine": choices.pop("engine"),
        "models": dict(parts["models"]),
        "outside": dict(parts["outside"]),
        "options": _hashed(choices),
        "policy": _hashed(parts["policy"]),
    }


def _parts(options: ScanOptions, policy: Policy, outside: Sequence[Outsider]) -> dict[str, Any]:
    groups = [models.DEFAULT_GROUP]
    groups += [models.find(name).group for name in READERS[options.ocr].models]
    groups += ["people"] if options.people or options.face_backend == "face-recognition" else []
    groups += ["nudity"] if options.nudity else []
    engine = models.chosen(options.engine)
    return {
        "version": photoscan.__version__,
        "schema": SCHEMA_VERSION,
        "answers": ANSWERS,
        "models": [(model.name, model.sha256) for model in models.recorded(dict.fromkeys(groups))],
        "options": asdict(options) | {"people": _hash(options.people), "policy": None, "engine": str(engine)},
        "policy": given_rows(policy),
        "outside": [(detector.name, detector.origin) for detector in outside],
    }


def _hashed(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _hash(file: Path | None) -> str | None:
    return hashlib.sha256(people.content(file)).hexdigest() if file is not None else None
