"""How much work scans of drawn photos are: counts, which are the same on every machine, in place of seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.counting import GIGAFLOPS, Work, counted
from photoscan.models import Runtime
from photoscan.options import ScanOptions
from photoscan.scanner import Scanner

ROOM = 1.1
"""Times the work that was counted when a row was written: a tenth more is a change that somebody should have meant."""
MOST: dict[str, dict[str, float]] = {
    "landscape.jpg": {"text-detector": 3.15, "face-detector": 1.10, "plate-detector": 1.43, "text-recogniser": 0.06},
    "car_malaysia.jpg": {"text-detector": 4.98, "face-detector": 1.20, "plate-detector": 1.61, "text-recogniser": 0.10},
    "portraits.jpg": {"text-detector": 2.62, "face-detector": 0.94, "plate-detector": 1.43, "text-recogniser": 0.04},
    "parcel.jpg": {"text-detector": 1.54, "face-detector": 1.20, "plate-detector": 1.61, "text-recogniser": 0.13},
    "notice_board_12mp.jpg": {
        "text-detector": 3.10,
        "face-detector": 4.03,
        "plate-detector": 6.70,
        "text-recogniser": 0.26,
    },
}
"""Megapixels of each network's inputs, by photo. Raise a figure only with the reason in the commit's message."""
FASTEST = {"text-detector": 1.7, "face-detector": 0.9, "plate-detector": 0.4, "text-recogniser": 0.3}
RESIZED = 11.8
"""Megapixels of pictures that were made at other sizes, of 12 that were decoded."""


def work_of(photo: Path, options: ScanOptions) -> Work:
    with counted() as work:
        report = Scanner(options).scan(photo)
    assert report.error is None
    return work


@pytest.mark.parametrize("name", MOST)
def test_a_balanced_scan_does_the_work_of_the_table(name: str, demo: Path) -> None:
    """No more, and the table is lowered where it is less: else the room for more would grow unseen."""
    work = work_of(demo / name, ScanOptions())
    over = {n: work.megapixels[n] for n in GIGAFLOPS if work.megapixels[n] > ROOM * MOST[name][n]}
    stale = {n: work.megapixels[n] for n in GIGAFLOPS if ROOM * work.megapixels[n] < MOST[name][n] - 0.05}
    assert not over
    assert not stale
    assert work.decodes == 1
    assert work.resized <= RESIZED


def test_a_fast_scan_looks_less(demo: Path) -> None:
    work = work_of(demo / "notice_board_12mp.jpg", ScanOptions(profile="fast"))
    assert not {n: work.megapixels[n] for n in GIGAFLOPS if work.megapixels[n] > ROOM * FASTEST[n]}


@pytest.mark.parametrize(
    ("only", "networks"),
    [
        (("metadata",), set()),
        (("code",), set()),
        (("face",), {"face-detector", "object-detector", "age"}),
        (("text",), {"text-detector", "text-recogniser"}),
    ],
)
def test_what_was_not_asked_for_runs_no_network(only: tuple[str, ...], networks: set[str], demo: Path) -> None:
    assert set(work_of(demo / "portraits.jpg", ScanOptions(only=only)).runs) <= networks


def test_what_is_counted_is_what_the_network_is_given() -> None:
    with counted() as work:
        network = Runtime().network("face-detector")
        for side in (64, 96):
            network.run(np.zeros((1, 3, side, 32), np.float32))
    assert work.runs == {"face-detector": 2}
    assert work.megapixels["face-detector"] == pytest.approx((64 + 96) * 32 / 1e6)
    assert work.gigaflops == pytest.approx(GIGAFLOPS["face-detector"] * (64 + 96) * 32 / 1e6)
