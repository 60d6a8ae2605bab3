"""Sizes as people see them: turned by whatever turns a picture in its container."""

from __future__ import annotations

import io
import struct

import piexif
import pytest
from PIL import Image

from photoscan import Photo
from photoscan.errors import CorruptPhotoError, TooLargeError
from tests.metadata import containers as c

WIDE, HIGH = 30, 20


def heif(*properties: bytes, brand: bytes = b"heic") -> bytes:
    """A picture of 30 x 20 with these properties beside its size; no picture data behind it."""
    size = c.full(b"ispe", struct.pack(">II", WIDE, HIGH))
    links = bytes((len(properties) + 1, *range(1, len(properties) + 2)))
    associated = struct.pack(">IH", 1, 1) + links
    kind = b"av01" if brand == b"avif" else b"hvc1"
    brands = brand + bytes(4) + b"mif1" + brand
    return c.heif(
        [(kind, b"", b"coded")], properties=size + b"".join(properties), associations=associated, brands=brands
    )


def crop(width: int, height: int) -> bytes:
    return c.box(b"clap", struct.pack(">8i", width, 1, height, 1, 0, 1, 0, 1))


@pytest.mark.parametrize("brand", [b"heic", b"avif"])
@pytest.mark.parametrize(("angle", "size"), [(0, (30, 20)), (1, (20, 30)), (2, (30, 20)), (3, (20, 30))])
def test_a_heif_is_turned_by_its_own_property(angle: int, size: tuple[int, int], brand: bytes) -> None:
    """ISO 23008-12: 'irot' turns by quarters, 'imir' mirrors and turns nothing."""
    for more in ((), (c.box(b"imir", b"\1"),)):
        photo = Photo.open(heif(c.box(b"irot", bytes((angle,))), *more, brand=brand))
        assert (photo.width, photo.height) == size


def test_a_heif_without_a_turn_is_as_it_is() -> None:
    photo = Photo.open(heif())
    assert (photo.width, photo.height) == (WIDE, HIGH)


@pytest.mark.parametrize("turned", [False, True])
def test_a_crop_comes_before_a_turn(turned: bool) -> None:
    """Properties that change a picture are applied in the order in which it names them: 'clap', then 'irot'."""
    photo = Photo.open(heif(crop(12, 10), c.box(b"irot", bytes((int(turned),)))))
    assert (photo.width, photo.height) == ((10, 12) if turned else (12, 10))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("container", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_orientation_turns_in_every_container(container: str, orientation: int) -> None:
    image, buffer = Image.new("RGB", (WIDE, HIGH), "red"), io.BytesIO()
    if container == "TIFF":
        image.save(buffer, "TIFF", tiffinfo={274: orientation})
    else:
        tag = piexif.dump({"0th": {piexif.ImageIFD.Orientation: orientation}})
        image.save(buffer, container, exif=tag)
    photo = Photo.open(buffer.getvalue())
    assert (photo.width, photo.height) == ((HIGH, WIDE) if orientation >= 5 else (WIDE, HIGH))
    assert photo.pixels().shape[:2] == (photo.height, photo.width)


def gif(*frames: tuple[int, ...]) -> bytes:
    """A GIF with a screen of 4 x 4 and frames by left, top, width and height, in which little is coded."""
    images = (b"," + struct.pack("<HHHHB", *frame, 0) + b"\2\2\x44\1\0" for frame in frames)
    return b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x80, 0, 0) + bytes(6) + b"".join(images) + b";"


@pytest.mark.parametrize(
    ("frames", "size"), [([(1, 1, 2, 2)], (4, 4)), ([(2, 0, 30, 3)], (32, 4)), ([(0, 0, 9, 9), (0, 5, 1, 20)], (9, 25))]
)
def test_a_gif_is_as_large_as_its_frames_make_it(
    frames: list[tuple[int, int, int, int]], size: tuple[int, int]
) -> None:
    photo = Photo.open(gif(*frames))
    assert (photo.width, photo.height) == size


def test_a_frame_larger_than_is_decoded_is_refused_however_small_the_screen() -> None:
    with pytest.raises(TooLargeError):
        Photo.open(gif((0, 0, 65_535, 65_535)))


@pytest.mark.parametrize("order", "<>")
def test_a_directory_beyond_any_file_is_a_broken_header(order: str) -> None:
    """BigTIFF's offsets have 64 bits, of which Python's buffers take 63."""
    mark = b"II" if order == "<" else b"MM"
    with pytest.raises(CorruptPhotoError):
        Photo.open(mark + struct.pack(order + "HHHQ", 43, 8, 0, 2**64 - 1) + bytes(40))
