"""A Live Photo's two files are known as a pair: by their name and by the identifier that both hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from photoscan import Scanner, ScanOptions
from photoscan.metadata import pairs
from tests.metadata.film_ways import APPLE, keyed
from tests.metadata.films import film
from tests.metadata.test_makernotes import NOTES

PHOTO = NOTES["Apple"][0]
SAME = "3F2504E0-4F89-11D3"


def live(identifier: str, ahead: bool = False) -> bytes:
    return film(brand=b"qt  ", movie=keyed({APPLE + b"content.identifier": identifier.encode()}), ahead=ahead)


def codes(photo: Path) -> list[str]:
    report = Scanner(ScanOptions(only=("metadata",))).scan(photo)
    return [notice.code for notice in report.decision.notices]


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize(
    ("name", "identifier", "found"),
    [("IMG_1.MOV", SAME, True), ("IMG_1.mov", SAME, True), ("IMG_1.MOV", "another", False), ("IMG_2.MOV", SAME, False)],
)
def test_a_film_beside_its_photo(tmp_path: Path, name: str, identifier: str, found: bool, ahead: bool) -> None:
    photo = tmp_path / "IMG_1.JPG"
    photo.write_bytes(PHOTO)
    (tmp_path / name).write_bytes(live(identifier, ahead))
    assert (pairs.film_of(photo, SAME) is not None) == found
    assert codes(photo) == (["film"] if found else [])


def test_no_film_and_no_photo_alone_make_a_pair(tmp_path: Path) -> None:
    photo = tmp_path / "IMG_1.JPG"
    photo.write_bytes(PHOTO)
    assert codes(photo) == []
    only = tmp_path / "IMG_2.MOV"
    only.write_bytes(live(SAME))
    assert codes(only) == []


@pytest.mark.parametrize(
    "broken",
    [b"", b"\0\0\0\4moov", b"\0\0\0\1mdat\0\0\0\0\0\0\0\1", b"\xff\xff\xff\xffmoov" + bytes(90), live(SAME)[:-50]]
)  # fmt: skip
def test_a_broken_film_is_passed_over(tmp_path: Path, broken: bytes) -> None:
    photo = tmp_path / "IMG_1.JPG"
    photo.write_bytes(PHOTO)
    (tmp_path / "IMG_1.MOV").write_bytes(broken)
    assert pairs.film_of(photo, SAME) is None
