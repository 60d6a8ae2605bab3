"""Adobe RGB that only EXIF tells stays Adobe RGB in the copy, by a profile of our own making."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image, ImageCms

from photoscan.formats import Format
from photoscan.stripping import Keep, adobe_rgb, strip
from tests.cleaning import samples as s
from tests.metadata import containers as c


def exif(index: bytes = b"R03\0", space: int | None = 0xFFFF, order: str = ">") -> bytes:
    """EXIF with an interoperability directory, byte by byte."""
    rows = [(0xA001, 3, 1, struct.pack(f"{order}HH", space, 0))] if space is not None else []
    below = 26 + 2 + 12 * (len(rows) + 1) + 4
    rows.append((0xA005, 4, 1, struct.pack(f"{order}I", below)))
    head = (b"MM\0\x2a" if order == ">" else b"II\x2a\0") + struct.pack(f"{order}I", 8)
    first = struct.pack(f"{order}HHHIII", 1, 0x8769, 4, 1, 26, 0)

    def directory(tags: list[tuple[int, int, int, bytes]]) -> bytes:
        packed = b"".join(struct.pack(f"{order}HHI", *tag[:3]) + tag[3] for tag in tags)
        return struct.pack(f"{order}H", len(tags)) + packed + bytes(4)

    return head + first + directory(rows) + directory([(1, 2, 4, index)])


def copy(block: bytes, **keep: bool) -> Image.Image:
    data = s.coded("JPEG", s.small(), exif=b"Exif\0\0" + block)
    return Image.open(io.BytesIO(strip(data, Format.JPEG, Keep(**keep)).data))


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("space", [0xFFFF, 2, None])
def test_the_copy_says_the_colours_that_the_photo_says(order: str, space: int | None) -> None:
    picture = copy(exif(space=space, order=order))
    assert "exif" not in picture.info
    profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
    red, green, blue = in_srgb(profile, (60, 200, 60))
    # Between the linear primaries: R = 1.398 r - .398 g, which is below 0 here; G = g; B = 1.043 b - .043 g.
    assert red == 0
    assert abs(green - 201) <= 1
    assert abs(blue - 37) <= 1
    assert all(abs(value - 128) <= 2 for value in in_srgb(profile, (128, 128, 128)))


def in_srgb(profile: ImageCms.ImageCmsProfile, colour: tuple[int, int, int]) -> tuple[int, ...]:
    turned = ImageCms.profileToProfile(Image.new("RGB", (1, 1), colour), profile, ImageCms.createProfile("sRGB"))
    assert turned is not None
    return tuple(turned.tobytes())


@pytest.mark.parametrize(
    "block",
    [
        exif(b"R98\0"),
        exif(space=1),
        c.tiff([]),
        b"",
        b"MM\0\x2a",
        exif()[:40],
        b"II\x2a\0\xff\xff\xff\xff",
        exif()[:-20],
    ],
)
def test_other_colours_get_no_profile(block: bytes) -> None:
    assert not adobe_rgb.meant(block)
    assert "icc_profile" not in copy(block or c.tiff([])).info


def test_a_profile_that_is_there_stays_and_none_is_made_where_none_is_wanted() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = s.coded("JPEG", s.small(), exif=b"Exif\0\0" + exif(), icc_profile=srgb)
    kept = Image.open(io.BytesIO(strip(data, Format.JPEG, Keep()).data)).info["icc_profile"]
    assert kept != copy(exif()).info["icc_profile"]
    assert "icc_profile" not in copy(exif(), profile=False).info
