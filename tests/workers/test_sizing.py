"""How many photos at a time, and that no more of them meet than there is room for."""

from __future__ import annotations

import threading
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan.options import PROFILES, Limits, Profile, ScanOptions
from photoscan.weighing import scales, weight
from photoscan.workers import Workers
from photoscan.workers.machine import Machine
from photoscan.workers.scales import Scales
from photoscan.workers.sizing import CHEAP, MOST, extra, sized
from tests.workers import tasks

GIB = 1024**3
LONG = 30.0

COUNTS: dict[str, tuple[Machine, dict[str, Any], int, str]] = {
    "a processor each": (Machine(4, 64 * GIB), {"photos": 40}, 4, "processors"),
    "a quota": (Machine(2, 64 * GIB, rationed=True), {"photos": 40}, 2, "quota"),
    "no more than photos": (Machine(8, 64 * GIB), {"photos": 3}, 3, "photos"),
    "one photo": (Machine(8, 64 * GIB), {"photos": 1}, 1, "photos"),
    "none": (Machine(8, 64 * GIB), {"photos": 0}, 1, "photos"),
    "photos that nobody has counted": (Machine(8, 64 * GIB), {}, 8, "processors"),
    "a small container": (Machine(8, 2 * GIB), {"photos": 40}, 2, "memory"),
    "one that is too small": (Machine(8, GIB // 4), {"photos": 40}, 1, "memory"),
    "memory that nobody knows": (Machine(8, None), {"photos": 40}, 8, "processors"),
    "a huge machine": (Machine(256, 1024 * GIB), {"photos": 999}, MOST, "processors"),
    "as asked": (Machine(2, GIB), {"photos": 40, "asked": 7}, 7, "asked"),
    "as asked, but for the photos": (Machine(2, GIB), {"photos": 3, "asked": 7}, 3, "asked"),
    "few files alone": (Machine(8, GIB), {"photos": CHEAP, "cheap": True}, 1, "cheap"),
    "some files alone": (Machine(8, GIB), {"photos": 3 * CHEAP, "cheap": True}, 3, "cheap"),
    "many files alone": (Machine(8, GIB), {"photos": 999 * CHEAP, "cheap": True}, 8, "processors"),
    "a service for huge photos": (Machine(8, 8 * GIB), {"pixels": 200_000_000}, 2, "memory"),
}


@pytest.mark.parametrize("case", COUNTS)
def test_how_many(case: str) -> None:
    there, choices, count, why = COUNTS[case]
    found = sized(**choices, there=there)
    assert (found.count, found.why) == (count, why)


@given(
    st.integers(1, 300),
    st.none() | st.integers(0, 400 * GIB),
    st.none() | st.integers(0, 10_000),
    st.sampled_from(PROFILES),
    st.none() | st.integers(1, 64),
)
def test_what_is_given_out_is_there(
    processors: int, memory: int | None, photos: int | None, profile: Profile, asked: int | None
) -> None:
    found = sized(photos, profile, asked=asked, there=Machine(processors, memory))
    assert 1 <= found.count <= (asked or min(processors, MOST))
    assert photos is None or found.count <= max(1, photos)
    assert (found.room is None) == (memory is None)
    # An ordinary photo in each process always goes, or an explicit number would be none.
    assert found.room is None or found.room >= found.count * extra(12_000_000, 0, profile)
    if found.room is not None and memory is not None and asked is None and found.count > 1:
        assert found.room < memory


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(PROFILES))
def test_a_larger_photo_needs_no_less(pixels: int, size: int, profile: Profile) -> None:
    assert 0 <= extra(pixels, size, profile) <= extra(pixels + 1, size + 1, profile)
    assert extra(pixels, size, "fast") <= extra(pixels, size, "balanced") <= extra(pixels, size, "thorough")


def test_a_photo_is_weighed_by_its_header(tmp_path: Path) -> None:
    options = ScanOptions()
    photo = tmp_path / "a.jpg"
    Image.new("RGB", (400, 300)).save(photo)
    data = photo.read_bytes()
    assert weight(str(photo), options) == weight(data, options) == extra(120_000, len(data), "balanced")
    pages = [Image.new("L", (400, 300), shade) for shade in range(20)]
    pages[0].save(tmp_path / "a.gif", save_all=True, append_images=pages[1:])
    size = (tmp_path / "a.gif").stat().st_size
    assert weight(str(tmp_path / "a.gif"), options) == extra(8 * 120_000, size, "balanced")
    assert weight(str(photo), ScanOptions(profile="fast")) < weight(data, options)
    # What is refused needs nothing, and weighing never fails.
    (tmp_path / "text.jpg").write_bytes(b"text")
    for nothing in (tmp_path / "text.jpg", tmp_path, tmp_path / "none.jpg", b"", data[:30]):
        assert weight(nothing, options) == 0
    assert weight(data, ScanOptions(limits=Limits(max_pixels=10))) == 0
    assert scales(None, options, str) is None


class Watched:
    """A file that each job grows by a line as it begins and as it ends; what the most were at a time."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def most(self) -> int:
        now = most = 0
        for word in self.file.read_text().split():
            now += int(word)
            most = max(most, now)
        return most


def test_jobs_that_do_not_fit_beside_one_another_never_meet(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "log")
    weights = [6, 6, 1, 1, 9, 6, 1, 50, 3, 3, 3]

    def weigh(job: tuple[Any, ...]) -> int:
        return int(job[2])

    with Workers(tasks.setup, 3, timeout=LONG, scales=Scales(10, weigh)) as workers:
        futures = [workers.submit(("weighed", str(watched.file), weight)) for weight in weights]
        assert not wait(futures, LONG).not_done
        assert [future.result() for future in futures] == weights
    # The heaviest one runs alone, although it is heavier than the room.
    assert watched.most() == 50
    rest = [line for line in watched.file.read_text().split() if abs(int(line)) != 50]
    watched.file.write_text("\n".join(rest))
    assert 6 <= watched.most() <= 10


def test_a_job_that_waits_for_room_can_be_cancelled_and_holds_nobody_back(tmp_path: Path) -> None:
    workers = Workers(tasks.setup, 2, timeout=LONG, scales=Scales(10, lambda job: int(job[-1])))
    try:
        assert workers.wait_ready(LONG)
        first = workers.submit(("slept_for", 1.0, 8))
        while not first.running():
            threading.Event().wait(0.01)
        second = workers.submit(("slept_for", 0.0, 8))
        third = workers.submit(("slept_for", 0.0, 1))
        assert second.cancel()
        assert third.result(LONG) == 1
        assert not first.done(), "the third did not have to wait for the first"
        assert first.result(LONG) == 8
    finally:
        workers.close()


def test_a_process_that_had_more_than_its_share_is_replaced(tmp_path: Path) -> None:
    with Workers(tasks.setup, 1, timeout=LONG, scales=Scales(10, lambda job: 0 if len(job) == 1 else 11)) as workers:
        first = workers.submit(("pid",)).result(LONG)
        assert workers.submit(("pid",)).result(LONG) == first
        assert workers.submit(("echo", 1)).result(LONG) == 1
        assert workers.submit(("pid",)).result(LONG) != first


def test_a_death_gives_its_room_back() -> None:
    with Workers(tasks.setup, 2, timeout=LONG, scales=Scales(10, lambda job: 10)) as workers:
        lost = [workers.submit(("leave", 3)) for _ in range(3)]
        kept = workers.submit(("echo", 1))
        assert kept.result(LONG) == 1
        assert all(future.exception(LONG) is not None for future in lost)
