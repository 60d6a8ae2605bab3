"""Strokes: drawn letters of every size, colour and turn call for a look; skies, walls and lone edges don't."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fixtures.canvas import Picture, blank, letters
from photoscan.vision import strokes

PAPER = (225, 225, 225)


def board(height: int, ink: tuple[int, int, int] = (30, 30, 30), back: tuple[int, int, int] = PAPER) -> Picture:
    """One line of text of that height in the middle of a surface."""
    picture = blank(1400, 700, back)
    letters(picture, (200, 300), "Jalan 18", height, ink)
    return picture


def held(picture: Picture, plain: Picture) -> float:
    """The share of the ink that lies in places with strokes."""
    grid = strokes.seen(picture)
    ink = np.any(picture != plain, axis=2)
    rows, columns = np.nonzero(ink)
    return float(grid[rows // strokes.CELL, columns // strokes.CELL].mean())


@pytest.mark.parametrize("height", [8, 10, 12, 16, 24, 40, 64, 100])
def test_letters_of_every_height_are_seen_whole(height: int) -> None:
    assert held(board(height), blank(1400, 700, PAPER)) == 1


INKS = {
    "black on white": ((20, 20, 20), (240, 240, 240)),
    "white on black": ((240, 240, 240), (20, 20, 20)),
    "white on blue": ((255, 255, 255), (150, 60, 20)),
    "red on yellow": ((30, 30, 190), (60, 210, 240)),
    "pencil": ((200, 200, 200), (232, 232, 232)),
    "haze": ((176, 178, 180), (200, 202, 204)),
    "dusk": ((14, 14, 14), (44, 44, 44)),
}


@pytest.mark.parametrize("name", sorted(INKS))
@pytest.mark.parametrize("height", [16, 40])
def test_letters_of_every_colour_are_seen_whole(name: str, height: int) -> None:
    ink, back = INKS[name]
    assert held(board(height, ink, back), blank(1400, 700, back)) == 1


@pytest.mark.parametrize("angle", [15, 45, 90, 180])
def test_letters_are_seen_however_they_lie(angle: int) -> None:
    matrix = cv2.getRotationMatrix2D((350, 320), angle, 1)
    turned: Picture = cv2.warpAffine(board(24), matrix, (1400, 700), borderValue=PAPER)  # type: ignore[assignment]
    assert held(turned, blank(1400, 700, PAPER)) > 0.99


def test_a_sky_a_wall_and_a_lone_edge_have_none() -> None:
    sky = np.repeat(np.linspace(140, 250, 900)[:, None], 1200, 1)[..., None].repeat(3, 2).astype(np.uint8)
    noise = np.random.default_rng(3).normal(0, 3, sky.shape)
    wall = np.clip(sky.astype(float) + noise, 0, 255).astype(np.uint8)
    roof = sky.copy()
    cv2.fillPoly(roof, [np.array([(0, 900), (600, 300), (1200, 900)])], (40, 40, 60))
    assert not strokes.seen(sky).any()
    assert not strokes.seen(wall).any()
    assert strokes.seen(roof).mean() < 0.02, "at most its tip and its corners are narrow"


@given(arrays(np.uint8, st.tuples(st.integers(1, 70), st.integers(1, 70), st.just(3))))
def test_any_picture_has_a_grid_that_covers_it(pixels: Picture) -> None:
    height, width = pixels.shape[:2]
    grid = strokes.seen(pixels)
    assert grid.shape == (-(-height // strokes.CELL), -(-width // strokes.CELL))


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 255))
def test_one_colour_has_no_strokes(width: int, height: int, level: int) -> None:
    assert not strokes.seen(np.full((height, width, 3), level, np.uint8)).any()
