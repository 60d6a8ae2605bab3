"""Prepared models on disk: finding one, and refusing one that is missing, damaged or out of date."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from photoscan import used
from photoscan.errors import ModelError, reason
from photoscan.models import kept
from photoscan.models.manifest import DEFAULT_GROUP, Model, find, of_group
from photoscan.models.places import in_wheel, places
from photoscan.report import ModelInfo

RECORD = "prepared.json"
"""Beside each prepared file: its hash, recorded where it was made (it may differ by version of `onnx`)."""
PREPARATION = 2
"""Version of the preparation steps: a file prepared by another version is made again."""

TICK_NS = 2_000_000_000
"""The coarsest clock of a file system, that of FAT, in nanoseconds."""


class State(StrEnum):
    """What is on disk for a model."""

    OK = "ok"
    MISSING = "missing"
    DAMAGED = "damaged"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class Seal:
    """Size (bytes) and time of change (nanoseconds) of a file whose hash was taken then.

    As long as both agree the file is not hashed again. That tells accidents, not attacks: who can write a file can set
    its time. But he could as well write the record with the hash that lies beside it.
    """

    size: int
    mtime_ns: int

    @property
    def settled(self) -> bool:
        """Whether the change is so long ago that another one has another time, however coarse the clock of files."""
        return self.mtime_ns < time.time_ns() - TICK_NS

    def __str__(self) -> str:
        return f"{self.size} {self.mtime_ns}"

    @classmethod
    def of(cls, file: Path) -> Seal:
        """The seal of a file as it is now; OSError as `stat`."""
        found = file.stat()
        return cls(found.st_size, found.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Record:
    """What was recorded when a file was prepared: its sha256 as carried and as prepared, by which steps.

    `seal`: of the file when it was last hashed; None in records of older versions.
    """

    source: str
    prepared: str
    preparation: int
    seal: Seal | None = None

    @classmethod
    def read(cls, file: Path) -> Record | None:
        """The record in a file; None when there is none or it makes no sense."""
        try:
            rows = json.loads(file.read_text("utf-8"))
            seal = Seal(int(rows["size"]), int(rows["mtime_ns"])) if "size" in rows and "mtime_ns" in rows else None
            return cls(str(rows["source"]), str(rows["prepared"]), int(rows["preparation"]), seal)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def to_json(self) -> bytes:
        """The form in which it lies beside the model."""
        rows: dict[str, str | int] = {
            "source": self.source,
            "prepared": self.prepared,
            "preparation": self.preparation,
        }
        if self.seal is not None:
            rows |= {"size": self.seal.size, "mtime_ns": self.seal.mtime_ns}
        return (json.dumps(rows, indent=2) + "\n").encode()

    def current(self, model: Model) -> bool:
        """Whether it was made from the weights and by the steps of this version of photoscan."""
        return (self.source, self.preparation) == (model.sha256, PREPARATION)


def sha256(file: Path) -> str:
    """The hash of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def state(model: Model) -> State:
    """What is on disk for a model; reads and hashes the whole file."""
    return _examine(model)[0]


_checked: dict[tuple[str, tuple[Path, ...]], tuple[Path, str]] = {}


def path(name: str) -> Path:
    """The prepared file, looked at once per process: hashed where its size or time is not as when it was last hashed.

    ModelError names the model and the command that helps when the file is missing, damaged or out of date.
    """
    key = (name, places())
    if key not in _checked:
        model = find(name)
        what, file, digest = _examine(model, trusting=True)
        if what is not State.OK:
            raise ModelError(f"problem.model.{what}", name=name, file=model.file_name, command=model.command)
        _checked[key] = (file, digest)
    file, digest = _checked[key]
    used.note(ModelInfo(name, digest))
    return file


def digest_of(file: Path) -> str | None:
    """The sha256 of a prepared file that `path` gave; None for any other."""
    return next((digest for known, digest in tuple(_checked.values()) if known == file), None)


def has(name: str) -> bool:
    """Whether a copy of a model was installed, in whatever state it is; for those that scans work without."""
    return _copy(find(name)) is not None


def in_use() -> tuple[Model, ...]:
    """The models that every scan needs, and those that it works without where they are installed."""
    return tuple(model for model in of_group(DEFAULT_GROUP) if not model.optional or has(model.name))


def recorded(groups: Iterable[str]) -> tuple[ModelInfo, ...]:
    """The installed models of these groups, each with the recorded hash of the file that would run."""
    models = [model for group in groups for model in of_group(group)]
    found = ((model.name, _copy(model)) for model in models)
    return tuple(ModelInfo(name, copy[1].prepared) for name, copy in found if copy is not None)


def forget(name: str) -> None:
    """Check the model again when it is next asked for: it has just been installed."""
    for key in [key for key in _checked if key[0] == name]:
        del _checked[key]


def _examine(model: Model, trusting: bool = False) -> tuple[State, Path, str]:
    """State, file and recorded hash of the first copy made for this version, else of the first of any.

    `trusting`: a file whose seal is unbroken is not hashed.
    """
    copy = _copy(model)
    if copy is None:
        return State.MISSING, Path(), ""
    folder, record = copy
    file = folder / model.file_name
    if not file.exists():
        return State.MISSING, file, record.prepared
    if not record.current(model):
        return State.OUTDATED, file, record.prepared
    try:
        if trusting:
            seal = Seal.of(file)
            if seal in (record.seal, _seal_elsewhere(file, record)):
                return State.OK, file, record.prepared
        intact = sha256(file) == record.prepared
        # Sealed as it was before it was hashed, and only if nobody wrote to it meanwhile.
        if trusting and intact and seal.settled and Seal.of(file) == seal:
            _remember(folder, file, replace(record, seal=seal))
    except OSError as error:
        raise ModelError("problem.model.unreadable", name=model.name, why=reason(error)) from None
    return State.OK if intact else State.DAMAGED, file, record.prepared


def _remember(folder: Path, file: Path, record: Record) -> None:
    """Keep the new seal where that is allowed; else the file is hashed by the next process again."""
    if in_wheel(folder.parent):
        # A wheel's own files belong to the package installer.
        kept.write(_elsewhere(file), record.to_json())
        return
    partial = folder / f"{RECORD}.{os.getpid()}"
    try:
        partial.write_bytes(record.to_json())
        partial.replace(folder / RECORD)
    except OSError:
        kept.write(_elsewhere(file), record.to_json())


def _seal_elsewhere(file: Path, record: Record) -> Seal | None:
    """The seal that was kept outside the folder of models, if it belongs to this file with this record's hash."""
    kept_file = kept.trusted(_elsewhere(file))
    found = Record.read(kept_file) if kept_file is not None else None
    return found.seal if found is not None and replace(found, seal=record.seal) == record else None


def _elsewhere(file: Path) -> str:
    return f"seals/{hashlib.sha256(os.fsencode(file.resolve())).hexdigest()}.json"


def _copy(model: Model) -> tuple[Path, Record] | None:
    """Folder and record of the first copy made for this version, else of the first of any."""
    copies = [(place / model.name, Record.read(place / model.name / RECORD)) for place in places()]
    found = [(folder, record) for folder, record in copies if record is not None]
    return next(((f, r) for f, r in found if r.current(model)), found[0] if found else None)
