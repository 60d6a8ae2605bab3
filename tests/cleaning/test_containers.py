"""Every container that can be rebuilt: what is planted goes, pixels, turning, colours and movement stay."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from photoscan import Photo, cleaning, metadata
from photoscan.cleaning import CleanPlan, CleanResult
from photoscan.errors import CorruptPhotoError, UnsupportedFormatError
from photoscan.formats import Format
from photoscan.metadata.positions import fixes
from photoscan.stripping import coded_units
from tests.cleaning import samples as s
from tests.metadata import containers as c

STRIP = CleanPlan(metadata_only=True)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b"<x:xmpmeta><rdf:li>CANARY-xmp</rdf:li></x:xmpmeta>"
FRAMES = {"save_all": True, "append_images": [s.small().rotate(180), s.small()], "duration": 80}

LEAKY: dict[str, bytes] = {
    "TIFF": s.tiff(),
    "TIFF LZW": s.tiff(compression="tiff_lzw"),
    "TIFF Deflate": s.tiff(compression="tiff_adobe_deflate"),
    "TIFF JPEG": s.tiff(compression="jpeg"),
    "TIFF PackBits": s.tiff(compression="packbits"),
    "TIFF of one bit": s.tiff(s.small().convert("1"), compression="group4"),
    "TIFF with a palette": s.tiff(s.small().convert("P")),
    "TIFF of 16 bits": s.tiff(Image.fromarray(np.arange(768, dtype=np.uint16).reshape(24, 32) * 80)),
    "TIFF with a profile": s.tiff(icc_profile=PROFILE),
    "TIFF with slack in a strip": s.tiff_with_slack(),
    "TIFF with a tail": s.tiff() + s.CANARY,
    "BMP": s.bmp(),
    "BMP with a palette": s.bmp(s.small().convert("P")),
    "BMP of one bit": s.bmp(s.small().crop((0, 0, 29, 24)).convert("1")),
    "HEIC": s.heic(),
    "HEIC of tiles": s.tiled_heic() + s.CANARY,
    "HEIC with transparency": s.heic(s.small().convert("RGBA")),
    "AVIF": s.coded("AVIF", s.small(), exif=s.exif(6), xmp=XMP),
    "AVIF with transparency": s.coded("AVIF", s.small().convert("RGBA"), xmp=XMP),
    "AVIF with a profile": s.coded("AVIF", s.small(), icc_profile=PROFILE, exif=s.exif()),
    "AVIF animated": s.coded("AVIF", s.small(), xmp=XMP, **FRAMES),
    "AVIF with a tail": s.coded("AVIF", s.small()) + c.box(b"free", s.CANARY),
    "JPEG 2000": s.jp2(),
    "JPEG 2000 of one colour": s.jp2(s.small().convert("L")),
    "JPEG 2000 with transparency": s.jp2(s.small().convert("RGBA")),
    "JPEG 2000 of 16 bits": s.jp2(Image.fromarray(np.arange(768, dtype=np.uint16).reshape(24, 32) * 80)),
    "JPEG 2000 of tiles": s.jp2(tile_size=(16, 16), plt=True),
    "JPEG 2000, irreversible": s.jp2(irreversible=True, quality_layers=[20, 5]),
    "JPEG 2000 codestream": s.coded("JPEG2000", s.small(), no_jp2=True, comment=s.CANARY) + s.CANARY,
}


def stripped(data: bytes, plan: CleanPlan = STRIP) -> CleanResult:
    return cleaning.clean(Photo.open(data), None, None, plan)


@pytest.mark.parametrize("name", sorted(LEAKY))
def test_what_is_planted_goes_and_the_picture_stays(name: str) -> None:
    photo = Photo.open(LEAKY[name])
    assert b"CANARY" in photo.data
    result = stripped(photo.data)
    assert b"CANARY" not in result.data
    assert metadata.read(result.data, photo.format, "copy").entries == ()
    again = Photo.open(result.data)
    assert (again.format, again.orientation, again.frames) == (photo.format, photo.orientation, photo.frames)
    for page in range(photo.frames):
        assert np.array_equal(again.pixels(page), photo.pixels(page))
    assert result.receipt.removed
    assert stripped(result.data).data == result.data


def test_a_jpeg_xl_keeps_its_codestream_alone() -> None:
    result = stripped(s.jxl())
    assert b"CANARY" not in result.data
    assert result.data.endswith(s.JXL)
    assert {r.part for r in result.receipt.removed} == {"box Exif", "box jbrd", "box brob", "box priv"}
    assert stripped(s.JXL).data == s.JXL


@pytest.mark.parametrize(
    "length",
    [struct.pack(">I4s", 0, b"jxlc"), struct.pack(">I4sQ", 1, b"jxlc", len(s.JXL) + 16)],
    ids=["to the end of the file", "64 bit"],
)
def test_the_length_of_a_jpeg_xls_box_may_be_written_otherwise(length: bytes) -> None:
    head = b"\0\0\0\x0cJXL \r\n\x87\n" + c.box(b"ftyp", b"jxl \0\0\0\0jxl ") + c.box(b"Exif", bytes(4) + s.CANARY)
    result = stripped(head + length + s.JXL)
    assert result.data.endswith(c.box(b"jxlc", s.JXL))
    assert s.CANARY not in result.data


def test_a_jpeg_xl_with_something_behind_its_picture_is_refused() -> None:
    for tail in (b"a secret that somebody left here, long enough to be seen", c.jpeg()):
        with pytest.raises(CorruptPhotoError):
            stripped(s.JXL + tail)


def test_the_padding_of_a_bitmaps_rows_is_empty() -> None:
    def padding(data: bytes) -> set[bytes]:
        start, width, height = (int.from_bytes(data[at : at + 4], "little") for at in (10, 18, 22))
        assert (width, height, data[28]) == (31, 24, 24)
        return {data[row + 93 : row + 96] for row in range(start, start + 24 * 96, 96)}

    assert padding(s.bmp()) == {s.BMP_PADDING}
    assert padding(stripped(s.bmp()).data) == {bytes(3)}


def test_a_gain_map_goes_and_the_receipt_says_so() -> None:
    result = stripped(s.tiled_heic())
    assert "not in the copy: the gain map" in str(result.receipt.notes[0])
    assert "not in the copy: the gain map" in result.receipt.summary()


def test_animation_keeps_its_times() -> None:
    before = Image.open(io.BytesIO(LEAKY["AVIF animated"]))
    after = Image.open(io.BytesIO(stripped(LEAKY["AVIF animated"]).data))
    for frame in range(3):
        before.seek(frame)
        after.seek(frame)
        before.load()
        after.load()
        assert before.info["duration"] == after.info["duration"]


def test_pages_of_a_tiff_stay_on_request() -> None:
    data = s.tiff(save_all=True, append_images=[s.small().rotate(180)])
    one = stripped(data)
    assert Photo.open(one.data).frames == 1
    assert "page 2" in {r.part for r in one.receipt.removed}
    both = stripped(data, CleanPlan(metadata_only=True, keep=("icc", "orientation", "pages")))
    assert b"CANARY" not in both.data
    assert np.array_equal(Photo.open(both.data).pixels(1), Photo.open(data).pixels(1))


RAW = {
    "DNG": [(0xC612, 1, b"\1\4\0\0")],
    "colour filter array": [(0x106, 3, 32803)],
    "linear raw": [(0x106, 3, 34892)],
}


@pytest.mark.parametrize("name", sorted(RAW))
def test_raw_files_are_refused(name: str) -> None:
    data = c.tiff([(0x100, 3, 8), (0x101, 3, 8), (0x111, 4, 8), (0x117, 4, 64), *RAW[name]])
    with pytest.raises(UnsupportedFormatError, match="RAW"):
        stripped(data + bytes(64))


def test_messages_inside_coded_pictures_go() -> None:
    unit = lambda kind, body: struct.pack(">IB", len(body) + 2, kind << 1) + b"\1" + body  # noqa: E731
    picture, message = unit(19, b"slice"), unit(39, s.CANARY)
    assert coded_units.hevc_picture(message + picture + message, 4) == picture
    assert coded_units.hevc_picture(picture + b"torn", 4) == picture + b"torn"
    sequence, user_data, frame = b"\x0a\3abc", b"\x2a\5\4CANA", b"\x32\2xy"
    assert coded_units.av1_picture(sequence + user_data + frame) == sequence + frame
    assert coded_units.av1_configuration(b"\x81\0\0\0" + sequence + user_data) == b"\x81\0\0\0" + sequence


# ---------------------------------------------------------------- what stays on purpose

PLACE = c.gps((3, 8, 2456), (101, 41, 1234))
SAYS = [(0x9003, 2, "2026:11:03 08:15:00"), (0x9011, 2, "+08:00"), (0xA431, 2, "CANARY-serial")]
BLOCK = c.tiff([(0x112, 3, 6), (0x8298, 2, "(c) CANARY & friends")], exif=SAYS, gps=PLACE)
CARRIERS: dict[str, bytes] = {
    "JPEG": s.coded("JPEG", s.small(), exif=b"Exif\0\0" + BLOCK),
    "PNG": s.coded("PNG", s.small(), exif=b"Exif\0\0" + BLOCK),
    "WebP": s.coded("WEBP", s.small(), exif=b"Exif\0\0" + BLOCK),
    "AVIF": s.coded("AVIF", s.small(), exif=b"Exif\0\0" + BLOCK),
    "JPEG XL": s.jxl() + c.box(b"Exif", bytes(4) + BLOCK),
}


@pytest.mark.parametrize("name", sorted(CARRIERS))
def test_statements_that_are_kept_are_the_only_ones(name: str) -> None:
    photo = Photo.open(CARRIERS[name])
    plan = CleanPlan(metadata_only=True, keep=("icc", "orientation", "copyright", "date"), coarsen_gps="city")
    result = stripped(photo.data, plan)
    said = {e.field: e.text for e in metadata.read(result.data, photo.format, "copy").entries}
    assert said["Copyright"] == "(c) CANARY & friends"
    assert said["DateTimeOriginal"] == "2026:11:03 08:15:00"
    assert said["OffsetTimeOriginal"] == "+08:00"
    assert b"CANARY-serial" not in result.data
    (fix,) = fixes(metadata.read(result.data, photo.format, "copy").entries)
    assert (fix.latitude, fix.longitude) == (3.1, 101.7)
    assert fix.attributes["accuracy_m"] == 8000
    assert Photo.open(result.data).orientation == photo.orientation
    assert {said.key for said in result.receipt.kept} >= {
        "clean.kept.copyright",
        "clean.kept.date",
        "clean.kept.position",
    }
    assert "3.1" not in " ".join(map(str, result.receipt.kept))


def test_statements_of_a_tiff_in_both_byte_orders() -> None:
    plan = CleanPlan(metadata_only=True, keep=("copyright", "date"), coarsen_gps="country")
    for order in "<>":
        tags = [(0x100, 3, 8), (0x101, 3, 4), (0x102, 3, 8), (0x103, 3, 1), (0x106, 3, 1), (0x111, 4, 0),
                (0x116, 3, 4), (0x117, 4, 32), (0x8298, 2, "me")]  # fmt: skip
        head = len(c.tiff(tags, order, exif=SAYS, gps=PLACE))
        tags[5] = (0x111, 4, head)
        data = c.tiff(tags, order, exif=SAYS, gps=PLACE) + bytes(range(32))
        result = stripped(data, plan)
        said = {e.field: e.value for e in metadata.read(result.data, Format.TIFF, "copy").entries}
        assert (said["Copyright"], said["DateTimeOriginal"]) == ("me", "2026:11:03 08:15:00")
        assert said["GPSLatitude"] == (3.0, 0.0, 0.0)
        assert Image.open(io.BytesIO(result.data)).tobytes() == bytes(range(32))


@pytest.mark.parametrize(
    ("point", "coarse", "wanted"),
    [
        (((0, 0, 100), "S", (179, 59, 5900), "W"), "city", (0.0, -180.0)),
        (((33, 52, 0), "S", (151, 12, 0), "E"), "country", (-34.0, 151.0)),
    ],
)
def test_rounded_positions_at_the_edges_of_the_map(point: tuple, coarse: str, wanted: tuple[float, float]) -> None:  # type: ignore[type-arg]
    latitude, north, longitude, east = point
    data = s.coded("JPEG", s.small(), exif=b"Exif\0\0" + c.tiff([], gps=c.gps(latitude, longitude, north, east)))
    result = stripped(data, CleanPlan(metadata_only=True, coarsen_gps=coarse))  # type: ignore[arg-type]
    entries = {e.field: e for e in metadata.read(result.data, Format.JPEG, "copy").entries}
    found = [entries[f].value[0] * (-1 if entries[f + "Ref"].text in "SW" else 1)  # type: ignore[index]
             for f in ("GPSLatitude", "GPSLongitude")]  # fmt: skip
    assert tuple(found) == wanted


@pytest.mark.parametrize(
    "comment",
    ["weights 12.500 14.250", "12.500, 14.250", "3.139003, 101.686855", "rect 12.34567 45.67891 50.12345 60.12345"],
)
def test_a_copy_of_a_photo_without_a_position_gets_none(comment: str) -> None:
    data = s.coded("JPEG", s.small(), comment=comment.encode())
    result = stripped(data, CleanPlan(metadata_only=True, coarsen_gps="city"))
    assert metadata.read(result.data, Format.JPEG, "copy").entries == ()


def test_where_the_camera_was_comes_before_what_a_text_says() -> None:
    exif = b"Exif\0\0" + c.tiff([], gps=c.gps((33, 52, 0), (151, 12, 0), "S", "E"))
    data = s.coded("JPEG", s.small(), exif=exif, comment=b"seen from geo:3.1390,101.6869")
    result = stripped(data, CleanPlan(metadata_only=True, coarsen_gps="country"))
    entries = {e.field: e for e in metadata.read(result.data, Format.JPEG, "copy").entries}
    assert entries["GPSLatitude"].value[0] == 34.0  # type: ignore[index]


def test_nothing_to_keep_is_nothing_written() -> None:
    plan = CleanPlan(metadata_only=True, keep=("copyright", "date"), coarsen_gps="city")
    data = s.coded("JPEG", s.small())
    assert metadata.read(stripped(data, plan).data, Format.JPEG, "copy").entries == ()
