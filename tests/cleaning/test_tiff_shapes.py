"""A text in the place of a page's numbers goes; numbers stay."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from PIL import Image, TiffImagePlugin

from photoscan.errors import PhotoscanError
from photoscan.formats import Format
from photoscan.stripping import Keep, strip

SAID = b"CANARY lives at the green gate, number 12, up the river hill now"
TAGS = (0x10A, 0x11A, 0x11B, 0x122, 0x123, 0x124, 0x125, 0x128, 0x12D, 0x13D, 0x13E, 0x13F, 0x140, 0x14C, 0x154, 0x211)
KINDS = {1: 1, 2: 1, 3: 2, 5: 8, 7: 1}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tag", TAGS)
def test_a_text_in_the_place_of_numbers_goes(tag: int, kind: int) -> None:
    marks = TiffImagePlugin.ImageFileDirectory_v2()
    marks[0x10E] = SAID.decode()
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "TIFF", tiffinfo=marks)
    data = bytearray(file.getvalue())
    start = int.from_bytes(data[4:8], "little")
    rows = [start + 2 + 12 * at for at in range(int.from_bytes(data[start : start + 2], "little"))]
    numbers = [int.from_bytes(data[row : row + 2], "little") for row in rows]
    row = rows[numbers.index(0x10E)]
    count = len(SAID) // KINDS[kind]
    data[row : row + 8] = tag.to_bytes(2, "little") + kind.to_bytes(2, "little") + count.to_bytes(4, "little")
    with suppress(PhotoscanError):
        assert b"CANARY" not in strip(bytes(data), Format.TIFF, Keep()).data


def test_numbers_stay() -> None:
    file = io.BytesIO()
    Image.new("P", (8, 8), 3).save(file, "TIFF", dpi=(300, 300))
    copy = Image.open(io.BytesIO(strip(file.getvalue(), Format.TIFF, Keep()).data))
    assert copy.mode == "P"
    assert copy.info["dpi"] == (300, 300)
