"""Behind the end of an image every piece is looked at, not the first alone."""

from __future__ import annotations

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata import Role
from tests.metadata import containers as c

VIDEO = c.movie()
SAID = (Role.TAG, Role.TECHNICAL)


def roles(data: bytes) -> list[Role]:
    return [entry.role for entry in metadata.read(data, Format.JPEG, "photo").entries if entry.role not in SAID]


def test_pictures_and_films_behind_one_another_are_all_told() -> None:
    tail = c.jpeg() + c.jpeg() + VIDEO
    assert roles(c.jpeg(tail=tail)) == [Role.IMAGE, Role.IMAGE, Role.VIDEO]


def test_what_stands_between_and_behind_them_is_told() -> None:
    words = b"remains of another file, long enough to be something"
    told = roles(c.jpeg(tail=words + c.jpeg() + words + c.jpeg() + words))
    assert told.count(Role.IMAGE) == 2
    assert told.count(Role.TRAILING) == 3


def test_names_in_the_third_picture_are_read() -> None:
    named = c.jpeg(c.exif(c.tiff([(0x013B, 2, "Aina Rahman")])))
    entries = metadata.read(c.jpeg(tail=c.jpeg() + c.jpeg() + named), Format.JPEG, "photo").entries
    assert "Aina Rahman" in [entry.text for entry in entries]
