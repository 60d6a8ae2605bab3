"""Bytes behind the coded rows of a strip: a reader tells them, no copy holds them, and rows stay."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

from photoscan import cleaning, metadata
from photoscan.cleaning import CleanPlan
from photoscan.errors import CleaningError
from photoscan.formats import Format
from photoscan.metadata import strip_ends
from photoscan.photo import Photo
from photoscan.stripping import Keep, strip, tiff_ends
from tests.metadata import containers as c

SAID = b"CANARY lives at the green gate, number 12, up the river hill"
PIXELS = np.random.default_rng(5).integers(0, 9, (40, 50, 3), np.uint8)
NOTE = "clean.note.behind_rows"
LZW, PACKBITS, FAX = 5, 32773, 4


def coded(coding: str, mode: str = "RGB") -> bytes:
    """The strip of a small picture, as libtiff packs it."""
    file = io.BytesIO()
    Image.fromarray(PIXELS).convert(mode).save(file, "TIFF", compression=coding)
    image = Image.open(io.BytesIO(file.getvalue()))
    start, size = image.tag_v2[0x111], image.tag_v2[0x117]  # type: ignore[attr-defined]
    assert len(start) == 1
    return file.getvalue()[start[0] : start[0] + size[0]]


def page(part: bytes, compression: int, fill: int = 1, tile: bool = False) -> bytes:
    """A TIFF of one strip or tile."""
    bits, colours = (1, 0) if compression == FAX else ((8, 8, 8), 2)
    place = [(0x142, 3, 50), (0x143, 3, 40), (0x144, 4, 8), (0x145, 4, len(part))] if tile else []
    tags = [(0x100, 3, 50), (0x101, 3, 40), (0x102, 3, bits), (0x103, 3, compression), (0x106, 3, colours),
            (0x10A, 3, fill), *([] if tile else [(0x111, 4, 8)]), (0x115, 3, 1 if compression == FAX else 3),
            *([] if tile else [(0x116, 3, 40), (0x117, 4, len(part))]), *place]  # fmt: skip
    at = 8 + len(part) + (len(part) & 1)
    return b"II*\0" + struct.pack("<I", at) + part + b"\0" * (len(part) & 1) + c.ifd(tags, "<", at)


def old(pixels: bytes) -> bytes:
    """LZW as before TIFF 6.0, all codes of 9 bits: the lowest bit first, cleared before codes become wider."""
    codes = [256]
    for at, byte in enumerate(pixels):
        codes += [256] * (at > 0 and at % 200 == 0) + [byte]
    bits = sum(code << 9 * at for at, code in enumerate([*codes, 257]))
    return bits.to_bytes((9 * (len(codes) + 1) + 7) // 8, "little")


def copied(data: bytes) -> tuple[bytes, set[str]]:
    result = cleaning.clean(Photo.open(data), None, None, CleanPlan(metadata_only=True))
    return result.data, {note.key for note in result.receipt.notes}


STRIPS = {"tiff_lzw": LZW, "packbits": PACKBITS}


@pytest.mark.parametrize("fill", [1, 2])
@pytest.mark.parametrize("coding", STRIPS)
def test_bytes_behind_a_strip_are_told_and_go(coding: str, fill: int) -> None:
    part = coded(coding)
    part = part.translate(tiff_ends.TURNED) if fill == 2 else part
    source = page(part + SAID, STRIPS[coding], fill)
    assert any(SAID.startswith(entry.raw) for entry in metadata.read(source, Format.TIFF, "photo").entries)
    copy, notes = copied(source)
    assert b"CANARY" not in copy
    assert NOTE not in notes
    assert part in copy


@pytest.mark.parametrize("coding", STRIPS)
def test_what_has_nothing_behind_it_stays_as_it_is(coding: str) -> None:
    part = coded(coding)
    source = page(part, STRIPS[coding])
    assert metadata.read(source, Format.TIFF, "photo").entries == ()
    assert strip_ends.unseen(source) is False
    copy, notes = copied(source)
    assert part in copy
    assert NOTE not in notes


def test_old_codes_with_their_lowest_bit_first() -> None:
    part = old(PIXELS.tobytes())
    source = page(part + SAID, LZW)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(source))), PIXELS)
    copy, _ = copied(source)
    assert part in copy
    assert b"CANARY" not in copy


@pytest.mark.parametrize("coding", STRIPS)
def test_tiles(coding: str) -> None:
    assert b"CANARY" not in strip(page(coded(coding) + SAID, STRIPS[coding], tile=True), Format.TIFF, Keep()).data


def test_without_an_end_code_the_rows_tell_the_end() -> None:
    part = coded("tiff_lzw")
    whole = tiff_ends.shortened(part + SAID, LZW, PIXELS.size, False)
    assert whole == part
    bare = part[:-1]  # the end code reaches into its last byte
    assert b"green gate" not in tiff_ends.shortened(bare + SAID, LZW, PIXELS.size, False)


def test_a_packet_that_is_longer_than_the_rows_is_cut() -> None:
    packets = b"".join(b"\x7f" + PIXELS.tobytes()[at : at + 128] for at in range(0, PIXELS.size - 128, 128))
    rest = PIXELS.tobytes()[PIXELS.size // 128 * 128 :]
    source = page(packets + bytes((len(rest) + len(SAID) - 1,)) + rest + SAID, PACKBITS)
    assert strip_ends.unseen(source) is True
    copy = strip(source, Format.TIFF, Keep()).data
    assert b"CANARY" not in copy
    assert strip_ends.unseen(copy) is False


def test_fax_is_not_said_to_be_proved_and_a_text_in_it_is_refused() -> None:
    part = coded("group4", "1")
    _, notes = copied(page(part, FAX))
    assert NOTE in notes
    with pytest.raises(CleaningError):
        copied(page(part + SAID, FAX))


def test_large_files_are_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiff_ends, "MOST", 99)
    monkeypatch.setattr(strip_ends, "MOST", 99)
    part = coded("tiff_lzw")
    copy, notes = copied(page(part, LZW))
    assert part in copy
    assert NOTE in notes


@pytest.mark.parametrize("coding", STRIPS)
def test_broken_strips_end(coding: str) -> None:
    part = coded(coding)
    for at in range(0, len(part), 97):
        broken = part[:at] + b"\xff\x80\x7f" + part[at:]
        for whole in (broken, broken[: at + 2]):
            assert len(tiff_ends.shortened(whole, STRIPS[coding], PIXELS.size, False)) <= len(whole)
            strip_ends.unseen(page(whole, STRIPS[coding]))
