"""Drawn people: the face detector finds the face of each of them, of every skin, age and dress, and no other."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from fixtures.figures import SKINS, UNIFORMS, Dress, Person, Pose, bust, figure
from fixtures.figures.person import BLACK, BROWN, FAIR_HAIR, GREY, WHITE
from fixtures.flat import Run, Sheet, smooth
from photoscan.geometry import Box
from photoscan.options import ScanOptions
from photoscan.vision import faces
from photoscan.vision.pyramid import Pyramid
from tests import properties

AGES = ("child", "teen", "adult", "old")
STYLES = (
    "short", "pigtails", "curly", "bob", "spiky", "wavy", "bowl", "braids", "side", "bun", "afro", "long", "ponytail",
)  # fmt: skip
SHIRTS = (
    Dress((72, 130, 170)), Dress((226, 120, 90), "collar"), Dress((96, 150, 110), "vee"), Dress((240, 196, 90), "crew"),
)  # fmt: skip
BARE = [
    Person(age, skin, GREY if age == "old" else (FAIR_HAIR, BROWN, BLACK)[min(2, index % 6)], STYLES[index % 13],
        SHIRTS[index % 4], "open" if index % 2 else "smile")
    for index, (age, skin) in enumerate(product(AGES, SKINS.values()))
]  # fmt: skip
COVERED = [
    *(Person(age, skin, dress=SHIRTS[2], cover="hijab", covering=(196, 90, 110), mouth="open")
        for age, skin in zip(AGES, list(SKINS.values())[1:], strict=False)),
    *(Person("child", SKINS[skin], dress=UNIFORMS["my_kurung"], cover="school_hijab", covering=WHITE, mouth="open")
        for skin in ("light", "tan", "brown", "dark")),
    Person("adult", SKINS["brown"], dress=SHIRTS[0], cover="turban", covering=(214, 120, 40), beard="full"),
    Person("old", SKINS["tan"], GREY, dress=SHIRTS[1], cover="songkok", covering=(36, 34, 46)),
    Person("child", SKINS["fair"], BROWN, dress=SHIRTS[0], cover="cap", covering=(60, 120, 180)),
    Person("teen", SKINS["dark"], dress=SHIRTS[0], glasses=(40, 40, 50), style="curly"),
    Person("adult", SKINS["light"], BROWN, "side", SHIRTS[1], beard="stubble"),
    Person("old", SKINS["brown"], GREY, "balding", SHIRTS[2], beard="moustache"),
    Person("adult", SKINS["deep"], style="bald", dress=SHIRTS[3]),
]  # fmt: skip

GROUPS = {"some": BARE[::5] + COVERED[::2], "young": BARE[:12], "grown": BARE[12:], "covered": COVERED}
"""Sheets of people: some of each age, nearly each skin and cover, and then all."""


def scanned(people: list[Person], tall: int) -> tuple[list[int], int]:
    """Which of these people's faces are not likely by the detector, and how many boxes are on none of them."""
    sheet = Sheet(1280, 853, (206, 224, 226))
    across = 6
    placed = [
        bust(sheet, person, (120 + 208 * (index % across), 110 + 284 * (index // across)), tall)
        for index, person in enumerate(people)
    ]
    found = faces.find(Pyramid(sheet.picture()), ScanOptions())
    middles = [(x + w / 2, y + h / 2) for x, y, w, h in (one.face for one in placed)]

    def at(box: Box, middle: tuple[float, float]) -> bool:
        return box.x < middle[0] < box.x2 and box.y < middle[1] < box.y2

    missed = [
        index
        for index, middle in enumerate(middles)
        if max((face.confidence for face in found if at(face.box, middle)), default=0) < 0.5
    ]
    return missed, sum(not any(at(face.box, middle) for middle in middles) for face in found)


@pytest.mark.parametrize("group", properties.sample(("some",), GROUPS))
def test_everybody_is_found_and_nobody_else(group: str) -> None:
    assert scanned(GROUPS[group], 142) == ([], 0)


def test_no_face_is_found_from_behind() -> None:
    sheet = Sheet(1280, 853, Run((206, 224, 226), (240, 226, 206)))
    for index, person in enumerate((*BARE[::5], *COVERED[::6])):
        figure(sheet, person, (110 + 150 * index, 800), 560, Pose(away=True))
    assert faces.find(Pyramid(sheet.picture()), ScanOptions()) == ()


def test_people_are_drawn_the_same_each_time() -> None:
    def drawn() -> np.ndarray:
        sheet = Sheet(300, 300, (206, 224, 226))
        bust(sheet, COVERED[0], (150, 120), 140)
        return sheet.picture()

    assert (drawn() == drawn()).all()


def test_nothing_is_drawn_outside_a_shape() -> None:
    sheet = Sheet(60, 40, (255, 255, 255))
    with sheet.clipped([(10, 10), (30, 10), (30, 30), (10, 30)]):
        sheet.rectangle(0, 0, 60, 40, (200, 30, 30))
    picture = sheet.picture()
    assert (picture[14:26, 14:26] == (200, 30, 30)).all()
    assert (picture[:, 34:] == 255).all()


def test_lettering_tells_its_box_also_when_all_is_flipped() -> None:
    sheet = Sheet(300, 100, (255, 255, 255))
    with sheet.moved(300, 0, flip=True):
        x, y, w, h = sheet.text(40, 30, "Melur", 30, (0, 0, 0))
    rows, columns = np.where(sheet.picture().min(2) < 128)
    assert abs(columns.min() - x) <= 2
    assert abs(columns.max() + 1 - (x + w)) <= 3
    assert abs(rows.min() - y) <= 2
    assert abs(rows.max() + 1 - (y + h)) <= 3
    assert x > 150  # at the other side


def test_a_smooth_line_keeps_its_dots_and_its_corners() -> None:
    dots = [(0.0, 0.0), (0.0, 0.0), (10.0, 0.0), (10.0, 0.0), (10.0, 10.0)]
    line = smooth(dots)
    assert {(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)} <= set(line)
