"""Close looks for faces: only where a coarser one is warm, wholly there, and nowhere where nothing shows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.canvas import Picture, blank
from photoscan.geometry import Box, Point
from photoscan.options import ScanOptions
from photoscan.vision import face_looks, faces, pyramid
from photoscan.vision.centerface import STRIDE, RawFaces
from photoscan.vision.faces import Face
from photoscan.vision.pyramid import Pyramid
from tests.properties import share

# ---------------------------------------------------------------- the ladder


@given(st.integers(1, 12_000))
def test_each_close_look_is_called_for_by_one_of_at_least_half_its_size(native: int) -> None:
    ladder = face_looks.ladder(native, "balanced")
    sizes = [look.long_side for look in ladder]
    assert sizes == sorted(sizes)
    for i, look in enumerate(ladder):
        assert not look.after or (look.after in sizes[:i] and look.long_side <= 2 * look.after)
    assert any(not look.after and look.long_side * 2 >= native for look in ladder)


@pytest.mark.parametrize("profile", ["fast", "thorough"])
@pytest.mark.parametrize("native", [1, 300, 1024, 1600, 4032, 12_000])
def test_other_profiles_look_everywhere(profile: str, native: int) -> None:
    assert not any(look.after for look in face_looks.ladder(native, profile))  # type: ignore[arg-type]


def test_a_photo_just_below_the_size_for_enlarging_is_searched_no_more_than_one_above() -> None:
    """Of what is looked at in any case: the cliff at 1600 pixels."""

    def everywhere(native: int) -> int:
        return sum(look.long_side**2 for look in face_looks.ladder(native, "balanced") if not look.after)

    assert everywhere(1600) == everywhere(1601)


# ---------------------------------------------------------------- windows


@share(0.3)
@given(st.lists(st.tuples(st.integers(0, 74), st.integers(0, 99)), max_size=30), st.sampled_from([1.25, 2.0]))
def test_every_warm_place_is_looked_at_with_what_is_around_it(places: list[tuple[int, int]], finer: float) -> None:
    warm = np.zeros((75, 100), np.bool_)
    width, height = round(400 * finer), round(300 * finer)
    for row, column in places:
        warm[row, column] = True
    looks = face_looks.worth_a_look(warm, finer, width, height)
    assert bool(looks) == bool(places)
    for row, column in places:
        side = STRIDE * finer
        place = Box.from_edges(column * side, row * side, (column + 1) * side, (row + 1) * side)
        margin = face_looks.MARGIN
        left, top, right, bottom = place.x - margin, place.y - margin, place.x2 + margin, place.y2 + margin
        reach = Box.from_edges(left, top, right, bottom).clipped(width, height)
        assert any(box.intersection(reach) == reach.area for box in looks)
    for box in looks:
        assert box.clipped(width, height) == box
        assert max(box.w, box.h) <= face_looks.TILE


@share(0.3)
@given(st.integers(0, 2**32 - 1), st.floats(0, 0.3), st.floats(0, 0.3))
def test_what_is_looked_at_closely_is_never_more_than_everything(seed: int, some: float, more: float) -> None:
    noise = np.random.default_rng(seed).random((150, 200))
    everything = sum(box.area for box in face_looks.whole(1600, 1200))
    for part in (some, some + more):
        assert sum(box.area for box in face_looks.worth_a_look(noise < part, 2, 1600, 1200)) <= everything


def test_one_warm_place_is_one_window_of_whole_blocks() -> None:
    warm = np.zeros((750, 1000), np.bool_)
    warm[300, 400] = True
    (box,) = face_looks.worth_a_look(warm, 2, 8000, 6000)
    assert box.w % face_looks.BLOCK == box.h % face_looks.BLOCK == 0
    assert box.area <= 160 * 160


@pytest.mark.parametrize(
    ("score", "height", "needed"),
    [
        pytest.param(0.9, 60, False, id="sure and large"),
        pytest.param(0.5, 60, True, id="unsure"),
        pytest.param(0.9, 20, True, id="small"),
    ],
)
def test_the_middle_of_a_face_that_is_well_seen_needs_no_finer_look(score: float, height: int, needed: bool) -> None:
    warm = np.zeros((50, 50), np.bool_)
    warm[25, 25] = warm[5, 5] = True
    box = Box(102 - height // 2, 102 - height // 2, height, height)
    left = face_looks.without_plain(warm, [(box, score)])
    assert left[25, 25] == needed
    assert left[5, 5]
    assert warm[25, 25]


@pytest.mark.parametrize(
    ("edges", "cut"),
    [
        ((120, 120, 180, 180), False),
        ((101, 120, 180, 180), True),
        ((120, 102, 180, 180), True),
        ((120, 120, 199, 180), True),
        ((120, 120, 180, 198), True),
    ],
)
def test_a_face_at_the_edge_of_a_window_may_be_cut(edges: tuple[int, int, int, int], cut: bool) -> None:
    assert face_looks.is_cut(edges, Box(100, 100, 100, 100), 400, 400) == cut


def test_nothing_is_cut_at_the_edge_of_the_picture() -> None:
    assert not face_looks.is_cut((0, 0, 50, 40), Box(0, 0, 50, 40), 50, 40)


# ---------------------------------------------------------------- the search, with a network that likes white


@dataclass
class WhiteFinder:
    """In place of the network: heat is brightness; a place of the full brightness is a face of 16 x 16 pixels."""

    looks: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, runtime: object) -> WhiteFinder:
        return self

    def detect(self, pixels: Picture, threshold: float) -> RawFaces:
        height, width = pixels.shape[:2]
        self.looks.append((width, height))
        grey = np.zeros((-(-height // STRIDE) * STRIDE, -(-width // STRIDE) * STRIDE), np.float32)
        grey[:height, :width] = pixels[:, :, 0] / np.float32(255)
        heat = grey.reshape(grey.shape[0] // STRIDE, STRIDE, -1, STRIDE).max(axis=(1, 3))
        rows, columns = np.nonzero(heat >= max(threshold, 0.9))
        x, y = columns * STRIDE - 6, rows * STRIDE - 6
        boxes = np.stack([x, y, np.full_like(x, 16), np.full_like(y, 16)], axis=1).astype(np.float32)
        return RawFaces(boxes, heat[rows, columns], np.zeros((len(rows), 5, 2), np.float32), heat)

    @property
    def area(self) -> int:
        return sum(width * height for width, height in self.looks)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> WhiteFinder:
    stub = WhiteFinder()
    monkeypatch.setattr(faces, "CenterFace", stub)
    return stub


def search(picture: Picture) -> tuple[Face, ...]:
    return faces.find(Pyramid(picture), ScanOptions())


def test_a_flat_sky_gets_no_close_look(network: WhiteFinder) -> None:
    assert search(blank(4000, 3000, (2, 2, 2))) == ()
    assert max(max(look) for look in network.looks) <= face_looks.TILE
    assert network.area < 0.4 * 4000 * 3000


def test_a_small_thing_in_a_large_photo_gets_one_small_window(network: WhiteFinder) -> None:
    picture = blank(4000, 3000, (2, 2, 2))
    picture[1500:1508, 2000:2008] = 255
    found = search(picture)
    assert any(abs(face.box.centre[0] - 2004) < 12 and abs(face.box.centre[1] - 1504) < 12 for face in found)
    *_, close = network.looks
    assert max(close) <= 160
    assert network.area < 0.4 * 4000 * 3000


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (33, 3), (1600, 2), (1601, 2), (9000, 40)])
def test_pictures_of_any_shape_are_searched(network: WhiteFinder, size: tuple[int, int]) -> None:
    width, height = size
    for value in (0, 30):
        picture = blank(width, height, (value, value, value))
        picture[height // 2, width // 2] = 255
        for face in search(picture):
            assert face.box.clipped(width, height) == face.box


def test_faces_at_the_seams_of_windows_are_found(network: WhiteFinder) -> None:
    """A band of warm places is laid out in tiles; a face may lie on any seam."""
    picture = blank(2000, 400, (30, 30, 30))
    places = range(100, 1900, 90)
    for x in places:
        picture[200:204, x : x + 4] = 255
    middles = sorted(face.box.centre[0] for face in search(picture))
    for x in places:
        assert any(abs(middle - x - 2) < 12 for middle in middles), x


# ---------------------------------------------------------------- turns


def upright_marks(turn: int) -> tuple[Point, ...]:
    """Landmarks of a face, turned by quarter turns clockwise."""
    places = [complex(-10, -10), complex(10, -10), 0, complex(-8, 12), complex(8, 12)]
    return tuple((50 + (p * 1j**turn).real, 50 + (p * 1j**turn).imag) for p in places)


@pytest.mark.parametrize(
    ("score", "turn", "stands"), [(0.9, 0, True), (0.9, 1, False), (0.9, 2, False), (0.9, 3, False), (0.6, 0, False)]
)
def test_a_sure_face_tells_whether_the_photo_stands_upright(score: float, turn: int, stands: bool) -> None:
    face = Face(Box(30, 30, 40, 50), score, 0.9, upright_marks(turn))
    assert faces._stands(face) == stands


def test_where_nothing_is_warm_the_photo_is_not_turned(network: WhiteFinder) -> None:
    search(blank(600, 400, (0, 0, 0)))
    cold = len(network.looks)
    network.looks.clear()
    search(blank(600, 400, (30, 30, 30)))
    assert sum(look == (400, 600) for look in network.looks) >= 2
    assert len(network.looks) > cold


def test_large_copies_of_a_picture_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyramid, "KEPT", 40 * 30)
    picture = Pyramid(blank(80, 60, (9, 9, 9)))
    assert picture.at(40) is picture.at(40)
    assert picture.at(41) is not picture.at(41)
    assert picture.at(80) is picture.full


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 3000))
def test_a_picture_knows_its_size_at_every_scale(width: int, height: int, long_side: int) -> None:
    size = Pyramid(np.broadcast_to(np.zeros((1, 1, 3), np.uint8), (height, width, 3))).size_at(long_side)
    assert max(size) == long_side
    assert min(size) >= 1
