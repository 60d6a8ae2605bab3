"""What this machine grants: processors and memory, by what the system and its control groups say."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path, PurePosixPath

_ROOT = Path("/")


@dataclass(frozen=True, slots=True)
class Machine:
    """`processors`: how many may be used at a time, at least 1. `memory`: bytes that are free, None where nobody knows.

    `rationed`: whether the quota of a control group is below the number of processors.
    """

    processors: int
    memory: int | None = None
    rationed: bool = False


def machine(root: Path = _ROOT) -> Machine:
    """This machine, as it stands now. `root`: where `proc` and `sys` lie."""
    there = _processors()
    quota = min(_quotas(root), default=float(there))
    # A share of 1.5 is used up by two processes, not by one.
    granted = max(1, min(there, ceil(quota)))
    known = [free for free in (_available(root), *_rooms(root)) if free is not None]
    return Machine(granted, max(0, min(known)) if known else None, granted < there)


def _processors() -> int:
    """Those that this process may run on, which can be fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """The folders of this process's control groups, versions 1 and 2, and of those around them.

    In a container the path may be that of the host, of which only the last folders are to be seen, or none.
    """
    mount = root / "sys/fs/cgroup"
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        if names and controller not in names.split(","):
            continue
        bases = (mount / names, mount / controller) if names else (mount, mount / "unified")
        own = PurePosixPath(*(part for part in PurePosixPath(path).parts if part not in ("/", "..")))
        for base in dict.fromkeys(bases):
            yield from (base / part for part in (own, *own.parents))


def _quotas(root: Path) -> Iterator[float]:
    """Processors that each group grants, as a fraction; nothing of those that grant all."""
    for folder in _groups(root, "cpu"):
        new = _read(folder / "cpu.max").split()
        old = (_read(folder / "cpu.cfs_quota_us").strip(), _read(folder / "cpu.cfs_period_us").strip())
        for told in (new, old):
            if len(told) == 2 and all(word.isdigit() and int(word) for word in told):
                yield int(told[0]) / int(told[1])


def _rooms(root: Path) -> Iterator[int]:
    """Bytes that are free in each group with a limit. What only keeps files at hand is given back when it is needed."""
    for folder in _groups(root, "memory"):
        held = _rows(folder / "memory.stat")
        kept = held.get("total_inactive_file", held.get("inactive_file", 0))
        for most, used in (("max", "current"), ("high", "current"), ("limit_in_bytes", "usage_in_bytes")):
            limit, now = _read(folder / f"memory.{most}").strip(), _read(folder / f"memory.{used}").strip()
            if limit.isdigit() and now.isdigit():
                yield int(limit) - int(now) + kept


def _available(root: Path) -> int | None:
    """Bytes that new processes may take without others being swapped out, as far as the system tells."""
    if free := _rows(root / "proc/meminfo").get("MemAvailable"):
        return free * 1024
    if sys.platform == "win32":
        return _windows()
    try:
        # There is no such figure on macOS: half of what there is leaves room for everything else.
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (ValueError, OSError, AttributeError):
        return None


def _windows() -> int | None:
    """Bytes of physical memory that are free, by GlobalMemoryStatusEx of Windows' sysinfoapi.h."""
    if sys.platform != "win32":
        return None
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("physical", ctypes.c_ulonglong),
            ("available", ctypes.c_ulonglong),
            ("others", ctypes.c_ulonglong * 5),
        )

    status = Status(length=ctypes.sizeof(Status))
    done = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.available) if done else None


def _rows(file: Path) -> dict[str, int]:
    """Rows of a name and a number: 'MemAvailable:  123 kB', 'inactive_file 123'."""
    rows = (line.replace(":", " ").split() for line in _read(file).splitlines())
    return {row[0]: int(row[1]) for row in rows if len(row) > 1 and row[1].isdigit()}


def _read(file: Path) -> str:
    """A file of the system; nothing where it is not there or can't be read."""
    try:
        return file.read_text("ascii", "replace")
    except OSError:
        return ""
