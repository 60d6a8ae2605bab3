"""EXIF written anew: by piexif where it knows every tag, else by our own hand, and readers see the same in both."""

from __future__ import annotations

import struct

import pytest

from photoscan.cleaning import retold_exif
from photoscan.cleaning.retold_exif import text
from photoscan.metadata import exif
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.stripping.tiff_directory import Value

SAID = {
    "image": {0x8298: text("© Aina"), 0x010F: text("Make"), 0x011A: Value(5, struct.pack(">II", 72, 1))},
    "exif": {
        0x9003: text("2026:01:02 03:04:05"),
        0x829A: Value(5, struct.pack(">II", 1, 125)),
        0x8827: Value(3, struct.pack(">H", 200)),
        0x9204: Value(10, struct.pack(">ii", -1, 3)),
        0x9000: Value(7, b"0232"),
        0x9214: Value(3, struct.pack(">4H", 1, 2, 3, 4)),
    },
    "gps": {0: Value(1, bytes((2, 3, 0, 0))), 1: text("S"), 2: Value(5, struct.pack(">6I", 31, 10, 0, 1, 0, 1))},
}


def read(data: bytes) -> list[tuple[str, str, object]]:
    found = Collector()
    exif.read(Block.of(data), "exif", found)
    assert not found.warnings
    return sorted((entry.container, entry.field, entry.value) for entry in found.entries)


def test_both_writers_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    by_piexif = retold_exif.file(SAID)
    monkeypatch.setattr(retold_exif, "_by_piexif", lambda *directories: None)
    own = retold_exif.file(SAID)
    assert by_piexif != own
    assert read(by_piexif) == read(own)
    assert len(read(own)) >= 10
    for data in (by_piexif, own):
        assert data[:8] == b"MM\0*\0\0\0\x08"


@pytest.mark.parametrize("tag", [0xA43A, 0xEA1C])
def test_a_tag_that_piexif_does_not_know_is_written_too(tag: int) -> None:
    data = retold_exif.file({"exif": {tag: text("told")}})
    assert b"told\0" in data
