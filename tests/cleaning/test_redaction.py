"""Parts of a picture are hidden in every format that can be decoded, and the rest of it stays what it was."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from photoscan import Photo, cleaning, metadata
from photoscan.brushes import Style
from photoscan.cleaning import CleanPlan, CleanResult, losses
from photoscan.errors import CleaningError, PhotoscanError, UsageError
from photoscan.finding import Finding, Region
from photoscan.formats import Format
from photoscan.geometry import Box, on_coded, on_upright
from photoscan.kind import Kind
from photoscan.report import DetectorOutcome, PhotoInfo, Report, Status
from tests.cleaning import samples as s
from tests.cleaning.test_clean import LEAKY as PLAIN
from tests.cleaning.test_containers import LEAKY as CONTAINERS
from tests.metadata import containers as c

BOX = Box(9, 7, 12, 9)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
FRAMES = {"save_all": True, "append_images": [s.small().rotate(180), s.small().rotate(90)], "duration": [40, 80, 120]}


def deep_png(channels: int) -> bytes:
    """A PNG of 16 bits a sample whose low bytes are not the high ones again."""
    pixels = (np.arange(24 * 32 * channels, dtype=np.uint32) * 97 % 65536).astype(np.uint16).reshape(24, 32, channels)
    return bytes(cv2.imencode(".png", pixels)[1])


def deep_heic() -> bytes:
    pixels = (np.arange(48 * 64 * 3, dtype=np.uint32) % 64 * 1000).astype(np.uint16).reshape(48, 64, 3)
    out = io.BytesIO()
    pillow_heif.from_bytes("RGB;16", (64, 48), pixels.tobytes()).save(out, quality=90)
    return out.getvalue()


def crowded_gif() -> bytes:
    """A GIF that uses all 256 colours of its palette, none of them black or transparent."""
    image = Image.fromarray(np.arange(768, dtype=np.int64).reshape(24, 32).astype(np.uint8) % 255, "P")
    indices = np.array(image)
    indices[0, 0] = 255
    image = Image.fromarray(indices, "P")
    image.putpalette([value for i in range(256) for value in (i // 2 + 80, 255 - i // 2, 120 + i % 100)])
    return s.coded("GIF", image)


def nothing(source: object) -> Report:
    """A scan that finds nothing, having looked."""
    return Report(PhotoInfo("photo"), "0", detectors=(DetectorOutcome("face", Status.OK),))


def hidden(data: bytes, style: Style = "fill", box: Box = BOX, **plan: object) -> CleanResult:
    """The copy with one box hidden by hand."""
    photo = Photo.open(data)
    return cleaning.clean(photo, nothing(photo), nothing, CleanPlan(style=style, boxes=(box,), **plan))  # type: ignore[arg-type]


OTHER = {
    "WebP lossless": s.coded("WEBP", s.small(), lossless=True, exif=s.exif(3)),
    "WebP transparent": s.coded("WEBP", s.small().convert("RGBA"), lossless=True),
    "PNG animated": s.coded("PNG", s.small(), **FRAMES),
    "PNG with a profile": s.coded("PNG", s.small(), icc_profile=PROFILE),
    "PNG 16 bit colour": deep_png(3),
    "PNG 16 bit transparent": deep_png(4),
    "HEIC of more than 8 bits": deep_heic(),
    "GIF of three frames": s.coded("GIF", s.small(), loop=0, **FRAMES),
    "GIF of 256 colours": crowded_gif(),
    "GIF of two colours": s.coded("GIF", s.small().convert("1").convert("P")),
    "grey and transparent": s.coded("PNG", s.small().convert("LA")),
    "JPEG of RGB": s.coded("JPEG", s.small(), keep_rgb=True),
}
ALL = {**PLAIN, **CONTAINERS, **OTHER}
TINY = "TIFF with slack in a strip"


@pytest.mark.parametrize("name", sorted(set(ALL) - {TINY}))
def test_a_box_is_black_and_the_rest_stays(name: str) -> None:
    before = Photo.open(ALL[name])
    result = hidden(ALL[name])
    after = Photo.open(result.data)
    assert after.format is before.format
    assert (after.width, after.height, after.frames) == (before.width, before.height, before.frames)
    assert b"CANARY" not in result.data
    assert metadata.read(result.data, after.format, "copy").entries == ()
    for page in range(after.frames):
        old, new = before.pixels(page).astype(int), after.pixels(page).astype(int)
        assert new[BOX.y + 2 : BOX.y2 - 2, BOX.x + 2 : BOX.x2 - 2].max() <= 40
        far = np.ones(old.shape[:2], bool)
        far[: BOX.y2 + 24, : BOX.x2 + 24] = False
        far[BOX.y2 + 1 :] |= result.receipt.method == "lossless"
        difference = np.abs(old - new)[far]
        if result.receipt.method == "recoded":
            assert difference.size == 0 or difference.mean() < 12
        else:
            # Alpha that is all but full or none is made so: at most 5 levels on any background.
            assert difference.size == 0 or difference.max() <= (5 if "transparent" in name else 0)
    assert result.receipt.boxes == 1
    assert result.receipt.proofs[-1].key == "clean.proof.scanned"


METHODS = {
    "blocks": ("turned", "progressive with a late comment", "grey", "CMYK", "JPEG of RGB"),
    "lossless": (
        "PNG EXIF",
        "PNG 16 bit",
        "PNG 16 bit colour",
        "WebP lossless",
        "GIF of two colours",
        "TIFF LZW",
        "BMP",
    ),
    "recoded": ("WebP EXIF", "HEIC", "AVIF", "GIF of 256 colours"),
}


@pytest.mark.parametrize("method", sorted(METHODS))
def test_the_receipt_says_how_the_picture_was_written(method: str) -> None:
    for name in METHODS[method]:
        receipt = hidden(ALL[name]).receipt
        assert receipt.method == method, name
        assert f"clean.proof.rest.{method}" in [said.key for said in receipt.proofs]


def test_depth_palette_timing_and_turns_stay() -> None:
    deep = cv2.imdecode(np.frombuffer(hidden(OTHER["PNG 16 bit colour"]).data, np.uint8), cv2.IMREAD_UNCHANGED)
    before = cv2.imdecode(np.frombuffer(OTHER["PNG 16 bit colour"], np.uint8), cv2.IMREAD_UNCHANGED)
    assert deep is not None
    assert before is not None
    assert deep.dtype == np.uint16
    assert np.array_equal(deep[BOX.y2 :], before[BOX.y2 :])
    gif = Image.open(io.BytesIO(hidden(OTHER["GIF of three frames"]).data))
    assert gif.info["loop"] == 0
    durations = []
    for page in range(3):
        gif.seek(page)
        durations.append(gif.info["duration"])
    assert durations == [40, 80, 120]
    assert Photo.open(hidden(ALL["turned"]).data).orientation == 6
    profile = Image.open(io.BytesIO(hidden(OTHER["PNG with a profile"]).data)).info["icc_profile"]
    assert profile[36:40] == b"acsp"


def test_what_a_frame_hid_is_gone_from_all_frames() -> None:
    photo = Photo.open(OTHER["PNG animated"])
    report = Report(PhotoInfo("photo"), "0", (Finding(Kind.PLATE, 0.9, Region(BOX, None, 1), "test", "drawn"),))
    result = cleaning.clean(photo, report, nothing, CleanPlan())
    for page in range(3):
        assert Photo.open(result.data).pixels(page)[BOX.y : BOX.y2, BOX.x : BOX.x2].max() == 0


def pages() -> bytes:
    return s.coded("TIFF", s.small(), save_all=True, append_images=[s.small().rotate(180)])


def test_each_page_of_a_tiff_loses_its_own() -> None:
    photo = Photo.open(pages())
    report = Report(PhotoInfo("photo"), "0", (Finding(Kind.PLATE, 0.9, Region(BOX, None, 1), "test", "drawn"),))
    both = Photo.open(cleaning.clean(photo, report, nothing, CleanPlan(keep=("pages",))).data)
    assert np.array_equal(both.pixels(0), photo.pixels(0))
    assert both.pixels(1)[BOX.y : BOX.y2, BOX.x : BOX.x2].max() == 0
    first = cleaning.clean(photo, report, nothing, CleanPlan())
    assert Photo.open(first.data).frames == 1
    assert first.receipt.method is None
    assert [(row.action, row.why.key) for row in first.receipt.found] == [("remove", "clean.why.page_gone")]


@pytest.mark.parametrize("name", ["GIF of three frames", "PNG animated", "WebP animated"])
def test_pages_that_nobody_looked_at_are_not_released(name: str) -> None:
    photo = Photo.open(ALL[name])
    partly = Report(PhotoInfo("photo"), "0", detectors=(DetectorOutcome("pages", Status.SKIPPED, "budget"),))
    with pytest.raises(CleaningError, match="more pages"):
        cleaning.clean(photo, partly, nothing, CleanPlan())
    with pytest.raises(CleaningError, match="more pages"):
        cleaning.foresee(photo, partly, CleanPlan())


def test_only_the_first_page_of_a_tiff_has_to_be_looked_at_when_the_others_go() -> None:
    partly = Report(PhotoInfo("photo"), "0", detectors=(DetectorOutcome("pages", Status.SKIPPED, "budget"),))
    photo = Photo.open(pages())
    assert cleaning.clean(photo, partly, nothing, CleanPlan()).data
    with pytest.raises(CleaningError, match="more pages"):
        cleaning.clean(photo, partly, nothing, CleanPlan(keep=("pages",)))


@pytest.mark.parametrize("reason", ["not_installed", "budget"])
def test_a_detector_that_did_not_look_forbids_the_copy(reason: str) -> None:
    photo = Photo.open(PLAIN["comment"])
    partly = Report(PhotoInfo("photo"), "0", detectors=(DetectorOutcome("face", Status.SKIPPED, reason),))
    with pytest.raises(CleaningError, match="face"):
        cleaning.clean(photo, partly, nothing, CleanPlan())


SOFT = ["PNG texts", "grey", "turned", "progressive with a late comment", "WebP lossless", "TIFF", "HEIC", "CMYK"]


@pytest.mark.parametrize("style", ["pixelate", "blur"])
@pytest.mark.parametrize("name", SOFT)
def test_weak_styles_soften_and_say_that_they_can_be_undone(name: str, style: Style) -> None:
    before = Photo.open(ALL[name]).pixels().astype(int)
    box = Box(4, 4, before.shape[1] - 8, before.shape[0] - 8)
    result = hidden(ALL[name], style, box)
    after = Photo.open(result.data).pixels().astype(int)
    assert "clean.note.weak" in [said.key for said in result.receipt.notes]
    patch = np.s_[8:-8, 8:-8]
    assert (after != before)[patch].mean() > 0.5
    assert abs(after[patch].mean() - before[patch].mean()) < 25


def test_blurred_jpegs_say_that_they_were_coded_again() -> None:
    receipt = hidden(PLAIN["turned"], "blur").receipt
    assert receipt.method == "recoded"
    assert "clean.note.own_tables" in [said.key for said in receipt.notes]
    assert hidden(PLAIN["turned"], "pixelate").receipt.method == "blocks"


def test_a_jpeg_that_shall_not_say_how_it_is_turned_is_turned() -> None:
    photo = Photo.open(PLAIN["turned"])
    copy = Photo.open(hidden(PLAIN["turned"], keep=("icc",)).data)
    assert copy.orientation == 1
    assert (copy.width, copy.height) == (photo.width, photo.height)


@pytest.mark.parametrize("to", [Format.JPEG, Format.PNG])
@pytest.mark.parametrize("name", ["HEIC", "WebP EXIF", "turned", "HEIC of more than 8 bits", "AVIF with a profile"])
def test_copies_in_another_format(name: str, to: Format) -> None:
    photo = Photo.open(ALL[name])
    result = hidden(ALL[name], to=to)
    copy = Photo.open(result.data)
    assert copy.format is to
    assert (copy.width, copy.height) == (photo.width, photo.height)
    assert copy.pixels()[BOX.y + 2 : BOX.y2 - 2, BOX.x + 2 : BOX.x2 - 2].max() <= 40
    assert np.abs(copy.pixels().astype(int) - photo.pixels()).mean() < 30
    assert metadata.read(result.data, to, "copy").entries == ()


def test_an_animation_is_not_converted() -> None:
    with pytest.raises(CleaningError, match="several frames"):
        hidden(ALL["GIF of three frames"], to=Format.JPEG)


def test_of_a_sequence_only_the_picture_that_was_looked_at_is_released() -> None:
    photo = Photo.open(ALL["AVIF animated"])
    for result in (hidden(photo.data), cleaning.clean(photo, nothing(photo), nothing, CleanPlan())):
        assert Image.open(io.BytesIO(result.data)).n_frames == 1  # type: ignore[attr-defined]
        assert "clean.lost.movement" in [what.key for what in losses.phrases(result.receipt.notes)]
    whole = cleaning.clean(photo, None, None, CleanPlan(metadata_only=True))
    assert Image.open(io.BytesIO(whole.data)).n_frames == 3  # type: ignore[attr-defined]


def test_an_avif_is_seen_upright() -> None:
    """Its turning is the container's: decoders tell it, and boxes are in the upright picture."""
    photo = Photo.open(ALL["AVIF"])
    assert photo.pixels().shape[:2] == (photo.height, photo.width)


def test_jpeg_xl_is_refused_with_the_way_out() -> None:
    photo = Photo.open(
        c.box(b"JXL ", b"\r\n\x87\n") + c.box(b"ftyp", b"jxl \0\0\0\0jxl ") + c.box(b"jxlc", b"\xff\x0a\xf8\x81\x81")
    )
    with pytest.raises(PhotoscanError, match="--metadata-only"):
        cleaning.clean(photo, nothing(photo), nothing, CleanPlan(boxes=(BOX,)))


def test_conversion_has_its_limits() -> None:
    with pytest.raises(UsageError):
        CleanPlan(to=Format.GIF)
    with pytest.raises(UsageError):
        CleanPlan(to=Format.JPEG, metadata_only=True)


@given(
    st.integers(1, 8), st.integers(1, 90), st.integers(1, 90),
    st.tuples(st.integers(0, 80), st.integers(0, 80), st.integers(1, 50), st.integers(1, 50)),
)  # fmt: skip
def test_boxes_find_their_way_back(orientation: int, width: int, height: int, sides: tuple[int, int, int, int]) -> None:
    box = Box(*sides)
    coded = on_coded(box, orientation, width, height)
    assert on_upright(coded, orientation, width, height) == box


TURNS: dict[int, Callable[[Image.Image], Image.Image]] = {
    number: lambda image, way=way: image.transpose(way)  # type: ignore[misc]
    for number, way in (
        (2, Image.Transpose.FLIP_LEFT_RIGHT), (3, Image.Transpose.ROTATE_180), (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE), (6, Image.Transpose.ROTATE_90), (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_270),
    )
}  # fmt: skip


@pytest.mark.parametrize("orientation", sorted(TURNS))
def test_a_box_lies_where_one_sees_it_however_the_jpeg_is_turned(orientation: int) -> None:
    """The picture is grey but for a white patch; after hiding that, nothing bright is left."""
    upright = Image.new("RGB", (160, 112), (90, 90, 90))
    spot = Box(100, 20, 30, 24)
    upright.paste((255, 255, 255), (spot.x, spot.y, spot.x2, spot.y2))
    data = s.coded("JPEG", TURNS[orientation](upright), quality=95, exif=s.exif(orientation))
    assert Photo.open(data).pixels()[spot.y + 4 : spot.y2 - 4, spot.x + 4 : spot.x2 - 4].min() > 200
    result = hidden(data, box=spot)
    assert result.receipt.method == "blocks"
    assert Photo.open(result.data).pixels().max() < 130
