"""Opening and decoding: every container, every orientation, every sort of pixels, once and upright."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageOps

from photoscan.formats import Format, describe, detect
from photoscan.photo import Photo

Picture = Image.Image


def picture(mode: str = "RGB") -> Picture:
    """Red in one corner, blue in the opposite one: no orientation looks like another."""
    pixels = np.full((40, 60, 3), 200, np.uint8)
    pixels[:16, :20] = (220, 30, 30)
    pixels[28:, 44:] = (30, 30, 220)
    return Image.fromarray(pixels).convert(mode)


def coded(image: Picture, format_: str, **extra: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **extra)
    return out.getvalue()


QUALITY = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True}, "PNG": {}, "TIFF": {}}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_", sorted(QUALITY))
def test_orientation_is_applied_once(format_: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = coded(picture(), format_, exif=exif, **QUALITY[format_])
    photo = Photo.open(data)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    assert (photo.width, photo.height) == expected.size
    difference = np.abs(photo.pixels()[:, :, ::-1].astype(int) - np.asarray(expected))
    assert difference.mean() < 2


MODES = {
    "grey": ("L", "PNG"),
    "one bit": ("1", "PNG"),
    "palette": ("P", "PNG"),
    "palette gif": ("P", "GIF"),
    "grey with alpha": ("LA", "PNG"),
    "colour with alpha": ("RGBA", "PNG"),
    "CMYK": ("CMYK", "JPEG"),
    "grey jpeg": ("L", "JPEG"),
    "16 bit": ("I;16", "PNG"),
    "float": ("F", "TIFF"),
    "bitmap": ("RGB", "BMP"),
    "CMYK tiff": ("CMYK", "TIFF"),
    "avif": ("RGB", "AVIF"),
}


@pytest.mark.parametrize("name", sorted(MODES))
def test_every_sort_of_pixels_becomes_bgr(name: str) -> None:
    mode, format_ = MODES[name]
    grey = np.asarray(picture("L"))
    image = Image.fromarray(grey.astype(np.uint16) * 257) if mode == "I;16" else picture(mode)
    photo = Photo.open(coded(image, format_))
    pixels = photo.pixels()
    assert pixels.shape == (40, 60, 3)
    assert pixels.dtype == np.uint8
    assert abs(int(pixels[20, 30].mean()) - 200) < 60 or mode == "1"
    # The corners stay darker than the middle, whatever the coding.
    assert pixels[4, 4].mean() < pixels[20, 30].mean() or mode == "1"


RAW = {
    "CR3": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom",
    "RAF": b"FUJIFILMCCD-RAW 0201",
    "ORF": b"IIRO\x08\0\0\0",
    "RW2": b"IIU\0\x18\0\0\0",
    "MRW": b"\0MRM\0\0\1\0\0PRD",
    "X3F": b"FOVb\2\0\2\0",
    "CRW": b"II\x1a\0\0\0HEAPCCDR",
}


@pytest.mark.parametrize("name", sorted(RAW))
def test_raw_files_are_told_by_their_first_bytes(name: str) -> None:
    found = detect(RAW[name])
    assert found is not None
    assert found.value == name.lower()
    assert found.row.raw
    assert describe(b"\0\0\0\x18ftypisom\0\0\0\1") == "video"


def test_heic_is_opened_and_upright() -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    out = io.BytesIO()
    pillow_heif.from_pillow(picture().resize((120, 80))).save(out, quality=90)
    photo = Photo.open(out.getvalue())
    assert photo.format is Format.HEIC
    assert photo.pixels().shape == (photo.height, photo.width, 3) == (80, 120, 3)


def test_transparent_parts_are_shown_on_white() -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert Photo.open(coded(image, "PNG")).pixels().min() == 255


def test_every_source_gives_the_same_pixels() -> None:
    data = coded(picture(), "PNG")
    expected = Photo.open(data).pixels()
    for source in (io.BytesIO(data), picture()):
        assert np.array_equal(Photo.open(source).pixels(), expected)


def test_animations_are_counted_and_each_frame_is_seen() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
    for format_ in ("GIF", "WEBP", "PNG", "TIFF"):
        extra = {"save_all": True, "append_images": frames[1:]}
        photo = Photo.open(coded(frames[0], format_, **extra))
        assert photo.frames == 3, format_
        last = photo.pixels(2)[10, 10]
        assert last.argmax() == 0, format_


def test_the_name_does_not_matter_the_content_does() -> None:
    assert Photo.open(coded(picture(), "PNG"), name="photo.jpg").format is Format.PNG


MAGIC = {
    b"\xff\xd8\xff\xe0": Format.JPEG,
    b"\x89PNG\r\n\x1a\n": Format.PNG,
    b"RIFF\0\0\0\0WEBP": Format.WEBP,
    b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf": Format.AVIF,
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic": Format.HEIC,
    b"\xff\x0a": Format.JXL,
    b"RIFF\0\0\0\0WAVE": None,
    b"": None,
    b"plain text": None,
}


@pytest.mark.parametrize("head", sorted(MAGIC))
def test_formats_are_told_by_their_first_bytes(head: bytes) -> None:
    assert detect(head) is MAGIC[head]


def test_opening_loads_no_image_library() -> None:
    code = (
        "import sys, base64; from photoscan.photo import Photo\n"
        "photo = Photo.open(base64.b64decode(sys.stdin.read()))\n"
        "assert (photo.width, photo.height) == (60, 40)\n"
        "print([m for m in ('numpy', 'cv2', 'PIL', 'pillow_heif') if m in sys.modules])"
    )
    import base64

    for format_ in ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"):
        text = base64.b64encode(coded(picture(), format_)).decode()
        result = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, check=True)
        assert result.stdout.strip() == "[]", format_
