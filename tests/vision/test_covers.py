"""Covers that can be seen through: found where lettering is faint, and nowhere else."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan.geometry import Box
from photoscan.pixels import Pixels
from photoscan.vision import covers
from photoscan.vision.pyramid import Pyramid
from tests.properties import share

PAPER, INK = 245, 20
BAR = Box(160, 70, 520, 60)


def page(size: tuple[int, int] = (360, 760)) -> Pixels:
    drawn = np.full((*size, 3), PAPER, np.uint8)
    for row in range(60, size[0] - 20, 60):
        cv2.putText(drawn, "No. KP 900214-14-5236", (40, row + 50), 0, 1.3, (INK, INK, INK), 2, cv2.LINE_AA)
    return drawn


def marked(share: float, colour: tuple[int, int, int] = (0, 0, 0), on: Pixels | None = None) -> Pixels:
    """A page whose BAR is covered by that share."""
    drawn = page() if on is None else on.copy()
    place = drawn[BAR.y : BAR.y2, BAR.x : BAR.x2]
    place[:] = np.rint(place * (1 - share) + np.array(colour) * share)
    return drawn


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    out = io.BytesIO()
    Image.fromarray(pixels[:, :, ::-1]).save(out, "JPEG", quality=quality)
    return np.ascontiguousarray(np.array(Image.open(out))[:, :, ::-1])


@pytest.mark.parametrize("quality", [None, 95, 80])
@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (40, 30, 200)])
@pytest.mark.parametrize("share", [0.92, 0.95, 0.97, 0.98])
def test_a_marker_that_leaves_a_little_is_found(
    share: float, colour: tuple[int, int, int], quality: int | None
) -> None:
    drawn = marked(share, colour)
    found = covers.find(drawn if quality is None else jpeg(drawn, quality))
    assert found
    assert BAR.coverage_by(found[0].box) > 0.4
    assert found[0].high - found[0].low <= covers.SPREAD


@pytest.mark.parametrize("quality", [None, 95, 80, 60, 40])
@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (40, 30, 200)])
def test_a_cover_that_lets_nothing_through_is_none(colour: tuple[int, int, int], quality: int | None) -> None:
    drawn = marked(1, colour)
    assert covers.find(drawn if quality is None else jpeg(drawn, quality)) == []


def noise(sigma: float) -> Pixels:
    rows = np.random.default_rng(7).normal(90, sigma, (300, 400, 1)).repeat(3, 2)
    return rows.clip(0, 255).astype(np.uint8)


def gradient() -> Pixels:
    return np.linspace(120, 180, 400)[None, :, None].repeat(300, 0).repeat(3, 2).astype(np.uint8)


def bubble() -> Pixels:
    drawn = np.full((300, 400, 3), 235, np.uint8)
    cv2.rectangle(drawn, (60, 60), (340, 200), (229, 229, 229), -1)
    return drawn


HARMLESS = {
    "a page of print": page(),
    "one colour": np.full((300, 400, 3), 7, np.uint8),
    "a wall in the dark": noise(2),
    "grain": noise(6),
    "the sky": gradient(),
    "a speech bubble": bubble(),
    "out of focus": cv2.GaussianBlur(page(), (0, 0), 25),
    "a strip": np.zeros((8, 400, 3), np.uint8),
    "a pixel": np.zeros((1, 1, 3), np.uint8),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_hides_nothing_is_no_cover(name: str) -> None:
    assert covers.find(HARMLESS[name]) == []


def test_what_is_below_stands_out_when_the_contrast_is_raised_and_all_else_stays() -> None:
    drawn = marked(0.97)
    found = covers.find(drawn)
    lifted = covers.lifted(drawn, found)
    seen = found[0].box
    inner = np.s_[BAR.y + 4 : BAR.y2 - 4, max(BAR.x, seen.x) + 4 : min(BAR.x2, seen.x2) - 4]
    before, after, clear = drawn[inner], lifted[inner], page()[inner]
    assert int(before.max()) - int(before.min()) <= 8
    assert int(after.max()) - int(after.min()) > 200
    assert np.corrcoef(after.ravel(), clear.ravel())[0, 1] > 0.95
    outside = np.ones(drawn.shape[:2], bool)
    for cover in found:
        box, far = cover.box, covers.BARE
        outside[max(0, box.y - far) : box.y2 + far, max(0, box.x - far) : box.x2 + far] = False
    assert (lifted[outside] == drawn[outside]).all()


def test_a_cover_by_itself_shows_nothing_that_could_be_seen_anyway() -> None:
    drawn = marked(0.97)
    (first, *_) = covers.find(drawn)
    plain = covers.Cover(Box(0, 0, *page().shape[1::-1]), 0, 9, 9)
    assert covers.shown(drawn, first).shape == (first.box.h, first.box.w, 3)
    assert int(covers.shown(drawn, first).min()) < 30
    assert (covers.shown(page(), plain) == 255).all()


def test_a_large_picture_is_looked_at_in_half_its_size() -> None:
    drawn = cv2.resize(marked(0.97), None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    found = covers.of(Pyramid(drawn))  # type: ignore[arg-type]
    assert found
    assert BAR.scaled(4).coverage_by(found[0].box) > 0.4


def test_so_much_is_read_and_the_largest_in_any_case() -> None:
    one, two, three = (covers.Cover(Box(0, 0, side, side), 0, 9, 9) for side in (900, 400, 300))
    assert covers.afforded([one, two, three], 0) == [one]
    assert covers.afforded([two, three], 0) == [two, three]
    assert covers.afforded([one, two, three], 100_000_000) == [one, two, three]
    assert covers.afforded([], 0) == []


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1), st.integers(1, 255))
@share(0.2)
def test_any_picture_is_looked_at(width: int, height: int, seed: int, levels: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, levels, (height, width, 3), np.uint8)
    for cover in covers.find(pixels):
        assert cover.box == cover.box.clipped(width, height)
        assert covers.lifted(pixels, [cover]).shape == pixels.shape
