"""Hiding in a JPEG's coded data: read by libjpeg itself, every coefficient outside of the hidden blocks is the same."""

from __future__ import annotations

import base64
import contextlib
import io
import tempfile
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import Photo, coded
from photoscan.coded.bits import CHUNK
from photoscan.coded.huffman import Table
from photoscan.geometry import Box
from photoscan.redaction import Patch, redact
from photoscan.stripping import Keep
from tests.cleaning.samples import between_scans, picture
from tests.cleaning.samples import coded as written
from tests.properties import share

jpeglib = pytest.importorskip("jpeglib", reason="no wheel of jpeglib for this system: coded data isn't read by libjpeg")

BOX = Box(101, 83, 47, 30)


def coefficients(data: bytes) -> list[Any]:
    """Quantised coefficients by libjpeg: for each component an array of rows x columns of blocks of 8 x 8."""
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(data)
        file.flush()
        image = jpeglib.read_dct(file.name)
        image.load()
        return [plane for plane in (image.Y, image.Cb, image.Cr, image.K) if plane is not None]


def hidden_blocks(data: bytes, boxes: tuple[Box, ...]) -> list[Any]:
    """For each component which blocks lie in the boxes; sampling as Pillow, not as photoscan reads it."""
    image = Image.open(io.BytesIO(data))
    layers = image.layer  # type: ignore[attr-defined]
    widest, highest = max(layer[1] for layer in layers), max(layer[2] for layer in layers)
    found = []
    for plane, layer in zip(coefficients(data), layers, strict=True):
        across, down = 8 * widest // layer[1], 8 * highest // layer[2]
        mask = np.zeros(plane.shape[:2], bool)
        for box in boxes:
            mask[box.y // down : -(-box.y2 // down), box.x // across : -(-box.x2 // across)] = True
        found.append(mask)
    return found


def check(before: bytes, after: bytes, boxes: tuple[Box, ...]) -> None:
    """Only the blocks in the boxes differ, and these are flat."""
    for old, new, mask in zip(coefficients(before), coefficients(after), hidden_blocks(before, boxes), strict=True):
        assert mask.any()
        assert not mask.all()
        assert np.array_equal(old[~mask], new[~mask])
        flat = new[mask].reshape(-1, 64)
        assert not flat[:, 1:].any()


def black(data: bytes, *boxes: Box) -> coded.Hidden:
    skeleton = coded.read(data)
    return coded.hide(skeleton, boxes or (BOX,), coded.Black.of(skeleton))


WAYS = {
    f"{mode} {name} {sampling} {quality} {restart}": written(
        "JPEG",
        picture().convert(mode).crop((0, 0, 301, 203)),
        progressive=progressive,
        optimize=optimised,
        subsampling=sampling,
        quality=quality,
        **({"restart_marker_blocks": restart} if restart else {}),
    )
    for mode, (name, progressive, optimised), sampling, quality, restart in product(
        ("RGB", "L", "CMYK"),
        (("baseline", False, False), ("optimised", False, True), ("progressive", True, True)),
        ("4:4:4", "4:2:2", "4:2:0"),
        (25, 75, 100),
        (0, 5),
    )
    if mode == "RGB" or sampling == "4:4:4"
}


@pytest.mark.parametrize("name", sorted(WAYS))
def test_only_the_hidden_blocks_change_and_the_copy_is_not_larger(name: str) -> None:
    data = WAYS[name]
    hidden = black(data)
    check(data, hidden.data, hidden.boxes)
    assert len(hidden.data) <= len(data) + 40
    (box,) = hidden.boxes
    assert box.coverage_by(BOX) < 1
    assert BOX.coverage_by(box) == 1
    after = np.asarray(Image.open(io.BytesIO(hidden.data)).convert("L"))
    assert after[box.y : box.y2, box.x : box.x2].max() <= 12


def test_several_boxes_at_the_edges_and_across_one_another() -> None:
    data = WAYS["RGB progressive 4:2:0 75 5"]
    boxes = Box(0, 0, 9, 9), Box(290, 190, 40, 40), BOX, Box(120, 90, 60, 60), Box(-20, 100, 30, 3)
    hidden = black(data, *boxes)
    check(data, hidden.data, hidden.boxes)


def sampled(factors: list[list[int]]) -> bytes:
    """A JPEG with rare sampling factors (down and across for each component), written by libjpeg."""
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        image = jpeglib.from_spatial(np.asarray(picture().crop((0, 0, 301, 203))))
        image.samp_factor = factors
        image.write_spatial(file.name)
        return Path(file.name).read_bytes()


@pytest.mark.parametrize("factors", [[[1, 4], [1, 1], [1, 1]], [[2, 1], [1, 1], [1, 1]], [[1, 1], [2, 2], [1, 1]]])
def test_rare_sampling(factors: list[list[int]]) -> None:
    data = sampled(factors)
    hidden = black(data, BOX, Box(290, 190, 30, 30))
    check(data, hidden.data, hidden.boxes)


SEVERAL_SCANS = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wCDEAAoABwAHgAjAB4AGQAoACMAIQAjAC0AKwAoADAAPABkAEEAPAA3ADcAPAB7AFgAXQBJAGQAkQCAAJ"
    "kAlgCPAIAAjACKAKAAtADmAMMAoACqANoArQCKAIwAyAERAMsA2gDuAPUBAgEEAQIAmwDBARsBLwEYAPoBLADmAP0BAgD4/9sAQwErLS08NTx2"
    "QUF2+KWMpfj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4/8EAEQgAKAA4AwEiAAIRAQMRAf/EABYAAQ"
    "EBAAAAAAAAAAAAAAAAAAABAv/EACkQAQACAgIBAgQHAQAAAAAAAAECEQAhEjFBImEDMlFxE4GhscHR4fD/2gAIAQEAAD8AsoxfTpvf1rM8AR6e"
    "r6vCPJPB215wF0yujdGrzUfiS5xJI7qs18MYyaN3S13mFPkN7qzMtwKuzw+2aOX4nMI1e7wSZfLFKbu8ckiAiHmsysD00llB+uU5RS4NeCL4xG"
    "uBLZb4Mvcau29/95ycyPnvTZiIgWxYvb+2XiU8Y393Zgjdch62j1jTGmcmt76zMFiSZQkcXxlOMJFxq98jWbmkpB8p5f5zOrN8pdntgtGStDW/"
    "r5ysaKHRu+rxQROIczX+mNSpVbKVwxqzqS3buvYwnIaPdv65JgWS420jiT7Vdv3wLFHW2/yyJXw0h6dtZOXrOUqdLb/Wf//EABYBAQEBAAAAAA"
    "AAAAAAAAAAAAABAv/EABwRAAMAAgMBAAAAAAAAAAAAAAABESFBAjFRYf/aAAoCAhEDEQA/ABZMh0kEI1ihNIomhRB9FJfCNtFw9isnZtrY1STF"
    "HTMcuTUNH//Z"
)
"""A drawn picture of 56 x 40, 4:2:0, sequential: a scan for Y, then one for Cb and Cr; written by cjpeg."""
ARITHMETIC = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wCDEAAoABwAHgAjAB4AGQAoACMAIQAjAC0AKwAoADAAPABkAEEAPAA3ADcAPAB7AFgAXQBJAGQAkQCAAJ"
    "kAlgCPAIAAjACKAKAAtADmAMMAoACqANoArQCKAIwAyAERAMsA2gDuAPUBAgEEAQIAmwDBARsBLwEYAPoBLADmAP0BAgD4/9sAQwErLS08NTx2"
    "QUF2+KWMpfj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4/8kAEQgAKAA4AwEiAAIRAQMRAf/MAAoAEB"
    "AFARARBf/aAAwDAQACEQMRAD8ArlW2oqthMTGQNbDE2RCDa0BFoR0rHNYp+saU/wC7qSEFceibQgvSZaMmhLmPW1cyI5+Q/uPGD126QBniK2Eb"
    "kFfWtvvlE++ii+ggJpLhDSG2BBgKPCSP+xDXmoRITxt+/wBr5QNaGjVvXcUl9fIN7eThsJQjLlMsX3OKzfhPP457JoObBLAE29BfFUDva18oJu"
    "+ur8ODStPPDHLlVtjj8pslSxJbjxFOJT3vaUixuuHFaT54uupLqDZ/VqSUSAWRFZF+qCyB0vbNYwtA8czAXnsmvKrImwWG3xuz5WopDSKqxf8A"
    "yNUDCUs9VaXbrb2kgSAX+0EYDgoVa875yD42HbjkhqI+vSBbuwVQJYh6ln4iAb9XnWG0CIpOe5XsGWh0w+Bokf/Z"
)
"""The same in one scan with arithmetic coding."""


def test_sequential_data_in_several_scans() -> None:
    hidden = black(SEVERAL_SCANS, Box(18, 3, 9, 9))
    check(SEVERAL_SCANS, hidden.data, hidden.boxes)


def test_arithmetic_coding_is_left_to_coding_again() -> None:
    with pytest.raises(coded.NotCodableError):
        black(ARITHMETIC)
    photo = Photo.open(ARITHMETIC)
    made = redact(photo, Keep(), [Patch(Box(18, 3, 9, 9))], "fill")
    assert made.method == "recoded"
    assert Image.open(io.BytesIO(made.data)).quantization == Image.open(io.BytesIO(ARITHMETIC)).quantization  # type: ignore[attr-defined]


@pytest.mark.parametrize("progressive", [False, True])
def test_data_longer_than_one_chunk(progressive: bool) -> None:
    noise = np.random.default_rng(5).normal(128, 40, (700, 900, 3)).clip(0, 255).astype(np.uint8)
    data = written("JPEG", Image.fromarray(noise), quality=95, progressive=progressive)
    assert len(data) > 4 * CHUNK
    hidden = black(data, Box(5, 20, 60, 60), Box(600, 400, 290, 200))
    check(data, hidden.data, hidden.boxes)


def test_a_box_outside_changes_nothing() -> None:
    data = WAYS["RGB baseline 4:2:0 75 0"]
    assert black(data, Box(400, 400, 9, 9)) == coded.Hidden(data, ())


def test_everything_hidden_leaves_nothing() -> None:
    for name in ("RGB baseline 4:2:0 75 0", "RGB progressive 4:2:0 75 0", "L progressive 4:4:4 75 5"):
        for plane in coefficients(black(WAYS[name], Box(0, 0, 301, 203)).data):
            assert not plane.reshape(-1, 64)[:, 1:].any()


def test_averages_are_flat_cells_of_the_mean_colour() -> None:
    for name in ("RGB optimised 4:2:0 75 0", "RGB progressive 4:4:4 75 5", "L baseline 4:4:4 75 0"):
        data = WAYS[name]
        source = Image.open(io.BytesIO(data))
        paint = coded.Averages.of(coded.read(data), source, [BOX], 2)
        hidden = coded.hide(coded.read(data), [BOX], paint)
        check(data, hidden.data, hidden.boxes)
        (box,) = hidden.boxes
        edges = (box.x, box.y, box.x2, box.y2)
        old, new = (
            np.asarray(i.convert("RGB").crop(edges), float) for i in (source, Image.open(io.BytesIO(hidden.data)))
        )
        assert np.abs(old.mean((0, 1)) - new.mean((0, 1))).max() < 8
        assert new.std() < old.std() / 2


REFUSED = {
    "arithmetic": WAYS["RGB baseline 4:2:0 75 0"].replace(b"\xff\xc0", b"\xff\xc9", 1),
    "12 bits": WAYS["RGB baseline 4:2:0 75 0"].replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc1\x00\x11\x0c", 1),
    "a height told later": (lambda d: d[: d.index(b"\xff\xc0") + 5] + b"\0\0" + d[d.index(b"\xff\xc0") + 7 :])(
        WAYS["RGB baseline 4:2:0 75 0"]
    ),
    "cut": WAYS["RGB baseline 4:2:0 75 0"][:-600] + b"\xff\xd9",
    "cut, progressive": WAYS["RGB progressive 4:2:0 75 0"][:-600] + b"\xff\xd9",
    "a comment in the middle": between_scans(WAYS["RGB progressive 4:2:0 75 0"]),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_can_not_be_replaced_is_refused(name: str) -> None:
    with pytest.raises(coded.NotCodableError):
        black(REFUSED[name])


@share(0.5)
@given(st.sampled_from(sorted(WAYS)), st.integers(0, 10**6), st.binary(min_size=1, max_size=4))
def test_damage_is_refused_or_survived(name: str, at: int, patch: bytes) -> None:
    """Never another error than the one that makes photoscan code the picture again."""
    data = WAYS[name]
    at = 2 + at % (len(data) - 2)
    with contextlib.suppress(coded.NotCodableError):
        black(data[:at] + patch + data[at + len(patch) :])


@given(st.sets(st.integers(0, 255), min_size=1, max_size=40), st.sets(st.integers(0, 255), max_size=3))
def test_a_table_with_more_symbols_keeps_its_codes(symbols: set[int], wanted: set[int]) -> None:
    """Codes stay free of prefixes of one another, and no code is all ones (T.81, C.2)."""
    counts = [0] * 16
    counts[7] = len(symbols)
    table = Table(tuple(counts), bytes(symbols))
    larger = table.with_symbols(wanted)
    assert {symbol: larger.codes[symbol] for symbol in table.codes} == table.codes
    assert wanted <= larger.codes.keys()
    words = sorted(f"{code:0{length}b}" for code, length in larger.codes.values())
    assert all(not b.startswith(a) for a, b in pairwise(words))
    assert all("0" in word for word in words)


def test_a_full_table_is_refused() -> None:
    full = Table((1,) * 15 + (1,), bytes(range(16)))
    with pytest.raises(coded.NotCodableError):
        full.with_symbols({200})
