"""What the machine grants is read out of the files of Linux' control groups, of both versions, wherever they lie."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import pytest

from photoscan.workers.machine import machine

GIB = 1024**3
NONE_V1 = 9223372036854771712
"""What version 1 says where there is no limit."""


def drawn(root: Path, own: str, files: dict[str, object], available: int | None = 64 * GIB) -> Path:
    """A machine's files: `own` stands in /proc/self/cgroup, `files` lie below /sys/fs/cgroup."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(own)
    if available is not None:
        (root / "proc/meminfo").write_text(f"MemTotal: 99 kB\nMemAvailable: {available // 1024} kB\n")
    for name, told in files.items():
        file = root / "sys/fs/cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{told}\n")
    return root


V1 = "4:memory:/docker/a\n2:cpu,cpuacct:/docker/a\n1:name=systemd:/\n"
PROCESSORS = {
    # what stands in /proc/self/cgroup, the files, how many of eight processors are granted
    "nothing": ("", {}, 8),
    "v2 without a quota": ("0::/\n", {"cpu.max": "max 100000"}, 8),
    "v2 two": ("0::/\n", {"cpu.max": "200000 100000"}, 2),
    "v2 a half": ("0::/\n", {"cpu.max": "50000 100000"}, 1),
    "v2 one and a half": ("0::/\n", {"cpu.max": "150000 100000"}, 2),
    "v2 more than there are": ("0::/\n", {"cpu.max": "1600000 100000"}, 8),
    "v2 by the group around": ("0::/a/b\n", {"a/b/cpu.max": "max 100000", "a/cpu.max": "300000 100000"}, 3),
    "v2 the least of all": ("0::/a/b\n", {"a/b/cpu.max": "200000 100000", "a/cpu.max": "300000 100000"}, 2),
    "v2 of another group": ("0::/a\n", {"b/cpu.max": "100000 100000"}, 8),
    "v2 the host's path in a container": ("0::/../../kube/pod\n", {"cpu.max": "400000 100000"}, 4),
    "v2 beside v1": ("0::/a\n1:cpuset:/\n", {"unified/a/cpu.max": "100000 100000"}, 1),
    "v2 garbage": ("0::/\n", {"cpu.max": "many"}, 8),
    "v2 empty": ("0::/\n", {"cpu.max": ""}, 8),
    "v2 no period": ("0::/\n", {"cpu.max": "100000 0"}, 8),
    "v1 without a quota": (V1, {"cpu/docker/a/cpu.cfs_quota_us": -1, "cpu/docker/a/cpu.cfs_period_us": 100000}, 8),
    "v1 three": (V1, {"cpu/docker/a/cpu.cfs_quota_us": 300000, "cpu/docker/a/cpu.cfs_period_us": 100000}, 3),
    "v1 both names": (
        V1, {"cpu,cpuacct/docker/a/cpu.cfs_quota_us": 100000, "cpu,cpuacct/docker/a/cpu.cfs_period_us": 50000}, 2,
    ),
    "v1 only the root is to be seen": (V1, {"cpu/cpu.cfs_quota_us": 100000, "cpu/cpu.cfs_period_us": 100000}, 1),
    "v1 of another controller": (V1, {"memory/cpu.cfs_quota_us": 100000, "memory/cpu.cfs_period_us": 100000}, 8),
}  # fmt: skip


@pytest.mark.parametrize("case", PROCESSORS)
def test_processors_that_are_granted(case: str, tmp_path: Path) -> None:
    own, files, granted = PROCESSORS[case]
    with mock.patch("photoscan.workers.machine._processors", return_value=8):
        found = machine(drawn(tmp_path, own, files))
    assert (found.processors, found.rationed) == (granted, granted < 8)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only some systems bind processes to processors")
def test_no_more_processors_than_this_process_may_run_on(tmp_path: Path) -> None:
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert machine(drawn(tmp_path, "", {})).processors == 1
    finally:
        os.sched_setaffinity(0, before)


MEMORY = {
    # what stands in /proc/self/cgroup, the files, GiB that are free of the 64 that the system has
    "no group": ("", {}, 64),
    "v2 without a limit": ("0::/\n", {"memory.max": "max", "memory.current": GIB}, 64),
    "v2": ("0::/\n", {"memory.max": 4 * GIB, "memory.current": GIB}, 3),
    "v2 files at hand are given back": (
        "0::/\n", {"memory.max": 4 * GIB, "memory.current": 3 * GIB, "memory.stat": f"anon 5\ninactive_file {GIB}"}, 2,
    ),
    "v2 a soft limit": ("0::/\n", {"memory.max": "max", "memory.high": 2 * GIB, "memory.current": GIB}, 1),
    "v2 by the group around": (
        "0::/a/b\n",
        {"a/b/memory.max": "max", "a/b/memory.current": 0, "a/memory.max": 8 * GIB, "a/memory.current": 2 * GIB}, 6,
    ),
    "v2 used up": ("0::/\n", {"memory.max": GIB, "memory.current": 2 * GIB}, 0),
    "v2 nothing of what is used": ("0::/\n", {"memory.max": GIB}, 64),
    "v1 without a limit": (
        V1, {"memory/docker/a/memory.limit_in_bytes": NONE_V1, "memory/docker/a/memory.usage_in_bytes": GIB}, 64,
    ),
    "v1": (
        V1, {"memory/memory.limit_in_bytes": 4 * GIB, "memory/memory.usage_in_bytes": 3 * GIB,
             "memory/memory.stat": f"inactive_file 1\ntotal_inactive_file {GIB}"}, 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MEMORY)
def test_memory_that_is_free(case: str, tmp_path: Path) -> None:
    own, files, free = MEMORY[case]
    assert machine(drawn(tmp_path, own, files)).memory == free * GIB


def test_a_system_that_tells_only_how_much_memory_there_is(tmp_path: Path) -> None:
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert machine(drawn(tmp_path, "", {}, available=None)).memory == whole // 2


def test_this_machine() -> None:
    found = machine()
    assert 1 <= found.processors <= (os.cpu_count() or 1)
    assert found.memory is None or found.memory > 0
