"""Windows hold every place that is wanted, with what is around it, and hardly anything else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from photoscan.geometry import Box
from photoscan.vision import windows

grids = arrays(np.bool_, st.tuples(st.integers(1, 24), st.integers(1, 24)))


def grid(rows: int, columns: int, *places: tuple[int, int]) -> windows.Grid:
    made = np.zeros((rows, columns), np.bool_)
    for row, column in places:
        made[row, column] = True
    return made


def test_nothing_wanted_is_nothing_looked_at() -> None:
    assert windows.cover(grid(10, 10), 32, 320, 320, 200, 16) == []


def test_one_place_gives_one_box_around_it() -> None:
    assert windows.cover(grid(10, 10, (2, 5)), 32, 320, 320, 200, 16) == [Box(144, 48, 64, 64)]


def test_a_place_at_the_rim_stays_inside_the_picture() -> None:
    """The last cells may reach beyond it."""
    assert windows.cover(grid(4, 4, (3, 3)), 32, 100, 110, 200, 16) == [Box(80, 80, 20, 30)]


@pytest.mark.parametrize(
    ("places", "boxes"),
    [
        pytest.param([(0, 0), (9, 9)], 2, id="far apart in both ways"),
        pytest.param([(0, 0), (0, 9)], 2, id="far apart in one row"),
        pytest.param([(0, 0), (0, 2)], 1, id="so near that their margins fill what is between"),
        pytest.param([(0, 0), (0, 3)], 2, id="one cell further"),
        pytest.param([(0, 0), (0, 9), (9, 0), (9, 9)], 4, id="four corners"),
    ],
)
def test_places_are_parted_where_that_leaves_pixels_out(places: list[tuple[int, int]], boxes: int) -> None:
    found = windows.cover(grid(10, 10, *places), 32, 320, 320, 200, 16)
    assert len(found) == boxes


def test_a_picture_that_is_wanted_wholly_is_laid_out_in_tiles() -> None:
    found = windows.cover(np.ones((10, 10), np.bool_), 32, 320, 320, 200, 16)
    assert len(found) == 4
    assert 1 < windows.share(found, 320, 320) < 1.2


@given(grids, st.integers(1, 40), st.integers(0, 20), st.integers(0, 200))
def test_every_wanted_pixel_lies_in_a_box_with_its_margin(
    wanted: windows.Grid, cell: int, margin: int, more: int
) -> None:
    """Up to the rim of the picture, or of the tile: then a neighbour holds as much beyond the seam."""
    height, width = wanted.shape[0] * cell, wanted.shape[1] * cell
    size = 2 * margin + 1 + more
    boxes = windows.cover(wanted, cell, width, height, size, margin)
    seen = np.zeros((height, width), np.bool_)
    for box in boxes:
        assert 0 < box.w <= size
        assert 0 < box.h <= size
        assert Box(0, 0, width, height).intersection(box) == box.area
        seen[box.y : box.y2, box.x : box.x2] = True
    for row, column in np.argwhere(wanted):
        top, left = max(0, row * cell - margin), max(0, column * cell - margin)
        assert seen[top : (row + 1) * cell + margin, left : (column + 1) * cell + margin].all()


@given(grids)
def test_no_box_holds_a_rim_that_nobody_wanted(wanted: windows.Grid) -> None:
    """Without a margin each box of a picture that fits one is trimmed to what is wanted."""
    height, width = wanted.shape
    for box in windows.cover(wanted, 1, width, height, 100, 0):
        held = wanted[box.y : box.y2, box.x : box.x2]
        for rim in (held[0], held[-1], held[:, 0], held[:, -1]):
            assert rim.any()


def test_a_large_grid_of_dots_is_parted_without_end_of_the_stack() -> None:
    wanted = np.zeros((3_000, 3), np.bool_)
    wanted[::2, 1] = True
    assert len(windows.cover(wanted, 1, 3, 3_000, 10, 0)) == 1_500


def test_windows_without_room_for_their_margins_are_refused() -> None:
    with pytest.raises(ValueError, match="margin"):
        windows.cover(grid(1, 1), 1, 1, 1, 20, 10)
