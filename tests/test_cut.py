"""Photos that end early: what is there is looked at and told, and nobody takes it for the whole."""

from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import Scanner, ScanOptions, decode
from photoscan.decode import cut
from photoscan.formats import Format, detect
from photoscan.photo import Photo
from photoscan.report import Report
from photoscan.safe_copy import NotSeenError, make_safe_copy
from tests.properties import share

CODES = ScanOptions(only=("code",))
WIDTH, HEIGHT = 320, 480


def drawn() -> Image.Image:
    """A code at the top, and below it what fills a file."""
    rows = np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    rows[:180] = 255
    code = np.array(
        zxingcpp.create_barcode("https://example.org/kite", zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
    )
    rows[20 : 20 + code.shape[0], 20 : 20 + code.shape[1]] = code[:, :, None]
    return Image.fromarray(rows)


def coded(how: str) -> bytes:
    out = io.BytesIO()
    options = {"progressive": {"progressive": True}, "lossless": {"lossless": True}}.get(how.rpartition(" ")[2], {})
    drawn().save(out, how.split()[0], **options)
    return out.getvalue()


WAYS = ("JPEG", "JPEG progressive", "PNG", "GIF", "WEBP lossless", "BMP")


def scanned(data: bytes, options: ScanOptions = CODES) -> Report:
    return Scanner(options).scan(data)


@pytest.mark.parametrize("how", WAYS)
def test_what_is_there_is_looked_at_and_the_answer_is_incomplete(how: str) -> None:
    whole = coded(how)
    part = whole[: int(0.8 * len(whole))] if how != "BMP" else whole[: len(whole) - 60 * 3 * WIDTH]
    report = scanned(part)
    assert [f.kind.value for f in scanned(whole).findings] == ["code.qr"]
    assert scanned(whole).error is None
    assert report.error is not None
    assert report.error.code == "corrupt"
    assert report.verdict == "incomplete"
    assert not report.decision.complete
    assert "code.qr" in [f.kind.value for f in report.findings] or how == "BMP"


@pytest.mark.parametrize(("share", "least", "most"), [(0.3, 25, 62), (0.9, 70, 95)])
@pytest.mark.parametrize("how", ["JPEG", "PNG", "WEBP lossless"])
def test_it_is_told_how_much_was_there(how: str, share: float, least: int, most: int) -> None:
    whole = coded(how)
    error = scanned(whole[: int(share * len(whole))]).error
    assert error is not None
    (percent,) = [int(word) for word in error.message.split() if word.isdigit()]
    assert least <= percent <= most


def test_a_progressive_jpeg_is_told_to_be_coarse() -> None:
    whole = coded("JPEG progressive")
    error = scanned(whole[: int(0.5 * len(whole))]).error
    assert error is not None
    assert "coarsely" in error.message


@pytest.mark.parametrize("how", WAYS)
def test_there_is_no_copy_of_a_part(how: str) -> None:
    data = coded(how)
    with pytest.raises(NotSeenError):
        make_safe_copy(Photo.open(data[: int(0.8 * len(data))]), Scanner(CODES))


def test_the_part_is_turned_as_the_photo_is() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn().save(out, "JPEG", exif=exif)
    data = out.getvalue()
    part = Photo.open(data[: int(0.6 * len(data))]).part()
    assert part is not None
    pixels, there = part
    assert pixels.shape == (WIDTH, HEIGHT, 3)
    assert there is not None
    assert (pixels[:, :40] == 128).mean() > 0.5


@pytest.mark.parametrize("how", WAYS)
def test_a_file_that_has_not_begun_shows_nothing(how: str) -> None:
    data = coded(how)[:40]
    format_ = detect(data)
    assert format_ is not None
    try:
        assert cut.filled(data, format_) is None or how in ("WEBP lossless", "BMP")
    except (IndexError, ValueError):
        pass
    else:
        assert how


WHOLE = {how: coded(how) for how in WAYS}


def animated(count: int) -> bytes:
    out = io.BytesIO()
    first, *others = [drawn().rotate(180 * i) for i in range(count)]
    first.save(out, "GIF", save_all=True, append_images=others, duration=50)
    return out.getvalue()


def test_frames_before_the_cut_are_looked_at() -> None:
    data = animated(3)
    report = scanned(data[: int(0.85 * len(data))])
    assert report.verdict == "incomplete"
    assert {f.kind.value for f in report.findings} == {"code.qr"}
    assert len(report.findings) >= 2


@given(how=st.sampled_from(WAYS), share=st.floats(0, 1), flips=st.lists(st.integers(0, 10**6), max_size=4))
@share(0.075)
def test_whatever_is_broken_gives_pixels_of_its_size_or_none(how: str, share: float, flips: list[int]) -> None:
    data = bytearray(WHOLE[how][: int(share * len(WHOLE[how]))])
    for flip in flips:
        if len(data) > 64:
            data[64 + flip % (len(data) - 64)] ^= 0x5A
    format_ = detect(bytes(data))
    if format_ is None:
        return
    part = decode.part(bytes(data), format_, 1)
    if part is not None:
        pixels, there = part
        assert pixels.dtype == np.uint8
        assert pixels.ndim == 3
        assert there is None or 0 <= there <= 0.99


def test_other_formats_have_no_part() -> None:
    assert cut.filled(b"II*\0" + bytes(40), Format.TIFF) is None
