"""Detectors that installed packages bring along, by entry points of the group `photoscan.detectors`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from photoscan.detectors import REGISTRY
from photoscan.detectors.base import Detector
from photoscan.errors import UsageError
from photoscan.outside.guard import Broken, Foreign, guarded

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "photoscan.detectors"
"""The group of entry points; each names a detector, its class, or several in a tuple."""

Outsider = Foreign | Broken


def installed_detectors(*names: str) -> tuple[Detector, ...]:
    """The detectors that installed packages bring along, for `Scanner(detectors=...)`.

    Their kinds are known from then on. `names`: of entry points of the group 'photoscan.detectors'; all that are
    installed where none is named. One that can't be loaded stands among them and fails in every scan. Raises UsageError
    for a name that is not installed.
    """
    return installed(names or None)


@cache
def installed(names: tuple[str, ...] | None = None) -> tuple[Outsider, ...]:
    """The same, once a process; none for ()."""
    if names == ():
        return ()
    found = {point.name: point for point in _entry_points()}
    for name in names or ():
        if name not in found:
            raise UsageError("problem.detector.none", word=name, known=", ".join(sorted(found)) or "-")
    taken = {detector.name for detector in REGISTRY}
    made: list[Outsider] = []
    for name in sorted(found) if names is None else dict.fromkeys(names):
        for detector in _loaded(found[name]):
            clash = detector.name in taken
            made.append(Broken(f"{name}-twice", "name_taken") if clash else detector)
            taken.add(made[-1].name)
    return tuple(made)


def check(detectors: Iterable[Outsider]) -> None:
    """Raise UsageError where one of them can't be used."""
    for detector in detectors:
        if isinstance(detector, Broken):
            raise UsageError("problem.detector.broken", word=detector.name, why=detector.reason)


def _loaded(point: EntryPoint) -> Iterator[Outsider]:
    """What an entry point names, each within a guard; what can't be used as one that fails."""
    origin = f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.value
    try:
        brought = point.load()
        for one in brought if isinstance(brought, (tuple, list)) else (brought,):
            yield guarded(one() if isinstance(one, type) else one, origin)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        yield Broken(point.name, f"crash: {type(error).__name__}")


def _entry_points() -> Iterable[EntryPoint]:
    if not _worth_asking():
        return ()
    from importlib.metadata import entry_points  # takes longer than all of a look at metadata

    return entry_points(group=GROUP)


def _worth_asking() -> bool:
    """Whether any package says that it has such an entry point; True where that can't be told cheaply."""
    mark = f"[{GROUP}]".encode()
    for folder in dict.fromkeys(sys.path):
        try:
            with os.scandir(folder or ".") as rows:
                homes = [row.path for row in rows if row.name.endswith((".dist-info", ".egg-info"))]
        except NotADirectoryError:
            # An archive.
            return True
        except OSError:
            continue
        for home in homes:
            try:
                if mark in Path(home, "entry_points.txt").read_bytes():
                    return True
            except OSError:
                continue
    return False
