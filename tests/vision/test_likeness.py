"""Previews of drawn photos: those that show the same, and those that show what the photo lacks; with rates of error."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.vision import maps
from photoscan.vision.likeness import Shows, compared
from photoscan.vision.registration import TURNS, Grey, upright
from tests.properties import share

SEEDS = range(4)


@cache
def scene(seed: int, width: int = 480, height: int = 360) -> Grey:
    """A drawn photo: a soft ground, texture of several scales, and sharp things in front of it."""
    draw = np.random.default_rng(seed)
    picture = np.full((height, width), 120, np.float32)
    for cells, strength in ((4, 45), (16, 18), (60, 10), (180, 6)):
        rough = draw.normal(0, strength, (cells * height // width + 2, cells + 2)).astype(np.float32)
        picture += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(24):
        x, y = int(draw.integers(0, width)), int(draw.integers(0, height))
        size = int(draw.integers(6, 60))
        level = float(draw.integers(10, 245))
        if draw.random() < 0.5:
            cv2.circle(picture, (x, y), size, level, -1)
        else:
            cv2.rectangle(picture, (x, y), (x + size, y + size // 2), level, -1)
        cv2.circle(picture, (x, y), max(2, size // 3), 255 - level, 2)
    return np.clip(picture, 0, 255)


def coded(picture: Grey, quality: int) -> Grey:
    _, data = cv2.imencode(".jpg", picture.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    assert decoded is not None
    return decoded.astype(np.float32)


def small(picture: Grey, longest: int = 160, way: int = cv2.INTER_AREA, quality: int = 75) -> Grey:
    scale = longest / max(picture.shape)
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    return coded(np.asarray(cv2.resize(picture, size, interpolation=way), np.float32), quality)


def framed(picture: Grey, width: int = 160, height: int = 120) -> Grey:
    """With black bars, in a frame of that size."""
    scale = min(width / picture.shape[1], height / picture.shape[0])
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    frame = np.zeros((height, width), np.float32)
    x, y = (width - size[0]) // 2, (height - size[1]) // 2
    frame[y : y + size[1], x : x + size[0]] = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return coded(frame, 75)


def filling(picture: Grey, width: int, height: int) -> Grey:
    """The middle, cropped to the shape of a screen."""
    scale = max(width / picture.shape[1], height / picture.shape[0])
    size = max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale))
    shown = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
    x, y = (size[0] - width) // 2, (size[1] - height) // 2
    return coded(shown[y : y + height, x : x + width], 75)


def gamma(picture: Grey, value: float, factor: float = 1.0, summand: float = 0.0) -> Grey:
    return np.clip(factor * 255 * (picture / 255) ** value + summand, 0, 255).astype(np.float32)


def sharpened(picture: Grey) -> Grey:
    return np.clip(picture + 0.8 * (picture - cv2.GaussianBlur(picture, (0, 0), 1)), 0, 255).astype(np.float32)


SAME: dict[str, Callable[[Grey], Grey]] = {
    "shrunk": small,
    "aliased": lambda p: small(p, way=cv2.INTER_NEAREST),
    "half aliased": lambda p: small(p, way=cv2.INTER_LINEAR),
    "coarsely coded": lambda p: small(p, quality=35),
    "tiny": lambda p: small(p, 64),
    "large": lambda p: small(p, 320),
    "with bars": lambda p: framed(p[40:300]),
    "turned with bars": lambda p: framed(np.ascontiguousarray(p[40:300].T)),
    "cropped to a screen": lambda p: filling(p, 160, 90),
    "cropped to a square": lambda p: filling(p, 120, 120),
    "brighter": lambda p: gamma(small(p), 0.7),
    "darker": lambda p: gamma(small(p), 1.4),
    "more contrast": lambda p: gamma(small(p), 1, 1.25, -25),
    "sharpened": lambda p: sharpened(small(p)),
    "softened": lambda p: cv2.GaussianBlur(small(p), (0, 0), 0.8).astype(np.float32),
    "a little off": lambda p: small(p[4:-3, 5:-4]),
    "turned": lambda p: small(np.ascontiguousarray(p.T[:, ::-1])),
    "upside down": lambda p: small(np.ascontiguousarray(p[::-1, ::-1])),
    "mirrored": lambda p: small(np.ascontiguousarray(p[:, ::-1])),
}
MOST_WRONG = 1
"""Scenes of four in which a preview that shows the same may be mistaken."""


@pytest.mark.parametrize("way", sorted(SAME))
def test_a_preview_of_the_same_picture(way: str) -> None:
    wrong = []
    for seed in SEEDS:
        picture = scene(seed)[40:300] if "bars" in way else scene(seed)
        if compared(picture, SAME[way](scene(seed))).shows is not Shows.SAME:
            wrong.append(seed)
    assert len(wrong) <= MOST_WRONG, wrong


def boxed(picture: Grey, seed: int, share: float, how: str) -> Grey:
    """The photo with a box of that share of its width hidden, where there is something to see."""
    draw = np.random.default_rng(seed)
    height, width = picture.shape
    w = round(share * width)
    h = round(1.2 * w)
    places = [(int(draw.integers(0, width - w)), int(draw.integers(0, height - h))) for _ in range(20)]
    x, y = max(places, key=lambda at: float(cv2.blur(picture, (5, 5))[at[1] : at[1] + h, at[0] : at[0] + w].std()))
    copy, part = picture.copy(), picture[y : y + h, x : x + w]
    if how == "black":
        part = np.zeros_like(part)
    elif how == "white":
        part = np.full_like(part, 255)
    elif how == "pixelated":
        part = cv2.resize(
            cv2.resize(part, (4, 5), interpolation=cv2.INTER_AREA), (w, h), interpolation=cv2.INTER_NEAREST
        )
    elif how == "blurred":
        part = cv2.GaussianBlur(part, (0, 0), w / 4)
    elif how == "replaced":
        part = scene(seed + 100)[:h, :w]
    copy[y : y + h, x : x + w] = part
    return coded(copy, 88)


HIDDEN = {
    # how a box is hidden, its share of the width: scenes of four in which it has to be found
    ("black", 0.05): 4, ("black", 0.1): 4, ("black", 0.3): 4, ("white", 0.05): 4, ("blurred", 0.1): 3,
    ("blurred", 0.2): 4, ("pixelated", 0.15): 3, ("pixelated", 0.3): 4, ("replaced", 0.1): 3, ("replaced", 0.3): 4,
}  # fmt: skip


@pytest.mark.parametrize(("how", "share"), HIDDEN)
def test_a_preview_from_before_a_box_was_hidden(how: str, share: float) -> None:
    ways = (cv2.INTER_AREA, cv2.INTER_LINEAR)
    found = [
        compared(boxed(scene(seed), seed, share, how), small(scene(seed), way=ways[seed % 2])).shows is Shows.OTHER
        for seed in SEEDS
    ]
    assert sum(found) >= HIDDEN[how, share], found


def test_a_small_box_is_found_where_the_preview_shows_it() -> None:
    """Pixelation of a twentieth of the width: not in 160 pixels, but in 480."""
    found = [
        compared(boxed(scene(seed, 960, 720), seed, 0.05, "pixelated"), small(scene(seed, 960, 720), 480)).shows
        for seed in SEEDS
    ]
    assert sum(shows is Shows.OTHER for shows in found) >= 2


@share(0.04)
@given(
    seed=st.integers(0, 50),
    turn=st.sampled_from(TURNS),
    left=st.floats(0, 0.5), top=st.floats(0, 0.5), width=st.floats(0.35, 0.9), height=st.floats(0.35, 0.9),
)  # fmt: skip
def test_an_uncropped_preview_shows_more(
    seed: int, turn: int, left: float, top: float, width: float, height: float
) -> None:
    """Whatever part of a photo is left, and however its preview lies, what was cut off is found, and how much."""
    width, height = min(width, 1 - left), min(height, 1 - top)
    picture = scene(seed)
    rows, columns = picture.shape
    part = picture[int(top * rows) : int((top + height) * rows), int(left * columns) : int((left + width) * columns)]
    found = compared(np.ascontiguousarray(part), upright(small(picture), turn))
    assert found.shows in (Shows.MORE, Shows.OTHER)


def test_where_the_photo_lies_in_a_preview_that_shows_more() -> None:
    right = 0
    for seed in SEEDS:
        found = compared(np.ascontiguousarray(scene(seed)[72:324, 96:432]), small(scene(seed)))
        expected = (0.2, 0.2, 0.9, 0.9)
        right += found.place is not None and bool(np.allclose(found.place, expected, atol=0.02))
    assert right >= len(SEEDS) - 1


def test_another_picture() -> None:
    found = [compared(scene(seed), small(scene(seed + 1))).shows for seed in SEEDS]
    assert set(found) <= {Shows.OTHER, Shows.MORE}


FLAT = [
    (np.full((90, 120), 20.0), np.full((30, 40), 20.0), Shows.SAME),
    (np.full((90, 120), 20.0), np.full((30, 40), 200.0), None),
    (scene(1), np.full((30, 40), 120.0), None),
    (np.zeros((90, 120)), small(scene(1)), Shows.OTHER),
]


@pytest.mark.parametrize(("photo", "preview", "shows"), FLAT)
def test_what_is_flat(photo: Grey, preview: Grey, shows: Shows | None) -> None:
    assert compared(np.asarray(photo, np.float32), np.asarray(preview, np.float32)).shows is shows


@pytest.mark.parametrize("shape", [(1, 1), (1, 200), (200, 1), (2, 3)])
def test_hostile_shapes(shape: tuple[int, int]) -> None:
    odd = np.random.default_rng(1).uniform(0, 255, shape).astype(np.float32)
    for photo, preview in ((scene(1), odd), (odd, small(scene(1))), (odd, odd)):
        compared(photo, preview)
        maps.compared(photo, preview)


def gains(picture: Grey) -> Grey:
    """A gain map as cameras make it: where it is bright, coarse."""
    soft = cv2.GaussianBlur(np.maximum(picture - 120, 0), (0, 0), 2)
    return small(np.asarray(soft, np.float32), 240)


def depth(picture: Grey) -> Grey:
    """A map of distances: things in front of a slope, cut out where the picture has their edges."""
    slope = np.linspace(40, 90, picture.shape[0], dtype=np.float32)[:, None]
    return small(np.where(picture > 170, 200, np.where(picture < 60, 150, slope)).astype(np.float32), 240)


@pytest.mark.parametrize("made", [gains, depth])
def test_maps_follow_their_picture(made: Callable[[Grey], Grey]) -> None:
    for seed in SEEDS:
        shown = scene(seed)
        assert maps.compared(shown, made(shown)).shows is Shows.SAME
        assert maps.compared(shown, np.zeros((90, 120), np.float32)).shows is Shows.SAME
        assert maps.compared(np.ascontiguousarray(shown[:200]), made(shown)).shows is None


@pytest.mark.parametrize(("made", "least"), [(gains, 3), (depth, 3)])
def test_maps_from_before_a_box_was_painted_over(made: Callable[[Grey], Grey], least: int) -> None:
    found = [maps.compared(boxed(scene(seed), seed, 0.2, "black"), made(scene(seed))).shows for seed in SEEDS]
    assert sum(shows is Shows.OTHER for shows in found) >= least
