"""JPEG 2000: codestreams rebuilt marker by marker, boxes by allow-list, profiles cleaned, colours kept in painting."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from photoscan import Photo, cleaning, formats, metadata
from photoscan.cleaning import CleanPlan, CleanResult
from photoscan.errors import CorruptPhotoError, PhotoscanError, UnsupportedFormatError
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.report import DetectorOutcome, PhotoInfo, Report, Status
from photoscan.stripping import Keep, strip
from tests.cleaning import samples as s
from tests.metadata import containers as c
from tests.properties import share

STRIP = CleanPlan(metadata_only=True)
COMMENT = b"\xff\x64" + struct.pack(">HH", 4 + len(s.CANARY), 1) + s.CANARY
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def stripped(data: bytes, plan: CleanPlan = STRIP) -> CleanResult:
    return cleaning.clean(Photo.open(data), None, None, plan)


def nothing(source: object) -> Report:
    return Report(PhotoInfo("photo"), "0", detectors=(DetectorOutcome("face", Status.OK),))


def codestream(image: Image.Image | None = None, **extra: object) -> bytes:
    return s.coded("JPEG2000", image or s.small(), no_jp2=True, **extra)


def parts(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each tile part of a codestream starts and ends."""
    at = 2
    while data[at : at + 2] != b"\xff\x90":
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    while data[at : at + 2] == b"\xff\x90":
        end = at + int.from_bytes(data[at + 6 : at + 10], "big")
        yield at, end
        at = end


def with_comments(data: bytes) -> bytes:
    """A codestream with a comment in each tile part's header, its lengths put right."""
    rows = list(parts(data))
    out = data[: rows[0][0]]
    for at, end in rows:
        size = struct.pack(">I", end - at + len(COMMENT))
        out += data[at : at + 6] + size + data[at + 10 : at + 12] + COMMENT + data[at + 12 : end]
    return out + data[rows[-1][1] :]


def boxed(coded: bytes, header: bytes = b"", channels: int = 3, brand: bytes = b"jp2 ") -> bytes:
    sizes = struct.pack(">IIHBBBB", 24, 32, channels, 7, 7, 0, 0)
    colours = header or c.box(b"colr", b"\1\0\0\0\0\0" + (b"\x10" if channels > 2 else b"\x11"))
    return (
        c.box(b"jP  ", b"\r\n\x87\n")
        + c.box(b"ftyp", brand + bytes(4) + brand + b"jp2 ")
        + c.box(b"jp2h", c.box(b"ihdr", sizes) + colours)
        + c.box(b"jp2c", coded)
    )


def profiled(method: int = 2) -> bytes:
    named = PROFILE.replace(b"sRGB built-in", b"CANARY-monitr") if b"sRGB built-in" in PROFILE else PROFILE
    named = named.replace("sRGB built-in".encode("utf-16-be"), "CANARY-monitr".encode("utf-16-be"))
    return boxed(codestream(), c.box(b"colr", bytes((method, 0, 0)) + named))


TILED = codestream(tile_size=(16, 16))


def test_comments_of_tile_parts_are_told_and_go() -> None:
    data = with_comments(TILED)
    count = len(list(parts(data)))
    assert count == 4
    told = metadata.read(data, Format.JP2, "x").entries
    assert [e.text for e in told if e.field == "Comment"] == [s.CANARY.decode()] * count
    result = stripped(data)
    assert s.CANARY not in result.data
    assert metadata.read(result.data, Format.JP2, "x").entries == ()
    assert list(parts(result.data))[-1][1] == len(result.data) - 2, "lengths lead from part to part up to the end"
    assert np.array_equal(Photo.open(result.data).pixels(), Photo.open(TILED).pixels())


def test_a_last_tile_part_without_a_length_reaches_to_the_end() -> None:
    (at, _), *_ = parts(codestream())
    plain = codestream()
    open_end = plain[: at + 6] + bytes(4) + plain[at + 10 :]
    data = open_end + s.CANARY
    assert any(e.field == "data behind the end of image" for e in metadata.read(data, Format.JP2, "x").entries)
    copy = strip(data, Format.JP2, Keep()).data
    assert s.CANARY not in copy
    assert list(parts(copy))[-1][1] == len(copy) - 2
    assert copy == stripped(plain).data


def test_a_codestream_without_its_end_marker_is_closed() -> None:
    assert strip(codestream()[:-2], Format.JP2, Keep()).data.endswith(b"\xff\xd9")


@pytest.mark.parametrize("what", [b"a secret that somebody left here, long enough to be seen", c.jpeg()])
def test_what_stands_behind_a_tiles_packets_is_refused(what: bytes) -> None:
    plain = codestream()
    (at, end), *_ = parts(plain)
    data = plain[: at + 6] + struct.pack(">I", end - at + len(what)) + plain[at + 10 : end] + what + plain[end:]
    with pytest.raises(CorruptPhotoError):
        stripped(data)


def test_unknown_markers_are_told_and_go() -> None:
    plain = codestream()
    data = plain[:2] + plain[2 : (at := next(parts(plain))[0])] + b"\xff\x6f\0\x13" + s.CANARY + plain[at:]
    assert any("0xff6f" in e.field for e in metadata.read(data, Format.JP2, "x").entries)
    copy = strip(data, Format.JP2, Keep())
    assert s.CANARY not in copy.data
    assert "marker 0xff6f" in {r.part for r in copy.removed}


@pytest.mark.parametrize("text", ["Created by OpenJPEG version 2.5.0", "Kakadu-v8.0.2", "Creator: JasPer Version 4.0"])
def test_what_encoders_sign_is_technical(text: str) -> None:
    (entry,) = metadata.read(codestream(comment=text.encode()), Format.JP2, "x").entries
    assert (entry.field, entry.role) == ("Software", metadata.Role.TECHNICAL)


GEO = bytes.fromhex("b14bf8bd083d4b43a5ae8cd7d5a6ce03")
CARRIERS = {
    "XMP": (c.box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + b"<a:b>CANARY</a:b>"), "a:b"),
    "EXIF": (c.box(b"uuid", b"JpgTiffExif->JP2" + c.tiff([(0x13B, 2, "CANARY")])), "Artist"),
    "EXIF of another name": (c.box(b"uuid", bytes(16) + c.tiff([(0x13B, 2, "CANARY")])), "Artist"),
    "EXIF with its prefix": (c.box(b"uuid", bytes(16) + b"Exif\0\0" + c.tiff([(0x13B, 2, "CANARY")])), "Artist"),
    "IPTC": (
        c.box(b"uuid", bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38") + b"\x1c\2\x50\0\6CANARY"), "By-line"),
    "GeoTIFF": (c.box(b"uuid", GEO + c.tiff([(34737, 2, "CANARY")])), "GeoAsciiParams"),
    "world file": (c.box(b"uuid", bytes.fromhex("96a9f1f1dc98402da7aed68e34451809") + b"\0\1CANARY"), "world file"),
    "rights": (c.box(b"jp2i", b"<owner>CANARY</owner>"), "owner"),
    "rights that are no XML": (c.box(b"jp2i", b"CANARY and no more"), "unknown"),
    "label": (c.box(b"asoc", c.box(b"nlst", bytes(4)) + c.box(b"lbl ", b"CANARY")), "Label"),
    "label of a label": (c.box(b"asoc", c.box(b"asoc", c.box(b"lbl ", b"CANARY"))), "Label"),
    "link": (c.box(b"uinf", c.box(b"ulst", b"\0\0") + c.box(b"url ", bytes(4) + b"http://CANARY\0")), "URL"),
    "data elsewhere": (c.box(b"dtbl", b"\0\1" + c.box(b"url ", bytes(4) + b"file:///home/CANARY\0")), "URL"),
    "layer": (c.box(b"jplh", c.box(b"lbl ", b"CANARY")), "Label"),
    "codestream's header": (c.box(b"jpch", c.box(b"lbl ", b"CANARY")), "Label"),
    "further picture": (c.box(b"jp2c", codestream(s.small().rotate(180), comment=b"CANARY")), "Comment"),
    "unknown": (c.box(b"abcd", b"CANARY and no more"), "unknown"),
    "free": (c.box(b"free", b"CANARY and no more"), "unknown"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CARRIERS))
def test_every_box_is_told_and_goes(name: str) -> None:
    box, field = CARRIERS[name]
    data = boxed(codestream()) + box
    told = [e for e in metadata.read(data, Format.JP2, "x").entries if b"CANARY" in e.raw or "CANARY" in e.text]
    assert field in {e.field for e in told}
    result = stripped(data)
    assert b"CANARY" not in result.data
    assert metadata.read(result.data, Format.JP2, "x").entries == ()


@pytest.mark.parametrize("method", [2, 3])
def test_a_profile_stays_without_its_names(method: int) -> None:
    data = profiled(method)
    assert b"CANARY" in data.replace(b"\0", b"")
    result = stripped(data)
    assert b"CANARY" not in result.data.replace(b"\0", b"")
    assert bytes((method, 0, 0)) in result.data[result.data.index(b"colr") :][:8]
    assert [k.key for k in result.receipt.kept] == ["clean.kept.icc"]
    plain = stripped(data, CleanPlan(metadata_only=True, keep=()))
    assert b"acsp" not in plain.data
    assert b"colr\1\0\0\0\0\0\x10" in plain.data, "a colour space by number, as each has to have one"


def test_brands_are_those_that_are_known() -> None:
    data = boxed(codestream(), brand=b"jpx ").replace(b"ftypjpx ", b"ftypCANA", 1)
    result = stripped(data)
    assert b"CANA" not in result.data
    assert result.data[16:32] == b"ftypjp2 \0\0\0\0jp2 " or b"jpx " in result.data[16:36]


@pytest.mark.parametrize("length", [0, 1])
def test_the_length_of_the_picture_may_be_written_otherwise(length: int) -> None:
    coded = strip(codestream(), Format.JP2, Keep()).data
    data = boxed(b"")[:-8] + (
        struct.pack(">I4s", 0, b"jp2c") if not length else struct.pack(">I4sQ", 1, b"jp2c", 16 + len(coded))
    ) + coded  # fmt: skip
    assert stripped(data).data.endswith(c.box(b"jp2c", coded))


def test_painting_keeps_all_other_pixels_and_the_profile() -> None:
    source = Photo.open(profiled())
    result = cleaning.clean(source, nothing(source), nothing, CleanPlan(boxes=(Box(8, 8, 16, 12),)))
    assert "clean.proof.rest.lossless" in {row.key for row in result.receipt.proofs}
    assert b"colr\2\0\0" in result.data
    assert b"acsp" in result.data
    converted = cleaning.clean(source, nothing(source), nothing, CleanPlan(to=Format.JPEG))
    assert b"ICC_PROFILE" in converted.data


def test_a_size_that_contradicts_the_codestream_is_no_size() -> None:
    """What is checked against the limits is what a decoder would allocate."""
    data = boxed(codestream()).replace(struct.pack(">II", 24, 32), struct.pack(">II", 8, 8), 1)
    with pytest.raises(CorruptPhotoError):
        Photo.open(data)


@pytest.mark.parametrize(("brand", "word"), [(b"jpm ", "JPM"), (b"mjp2", "video")])
def test_papers_and_films_are_named(brand: bytes, word: str) -> None:
    data = c.box(b"jP  ", b"\r\n\x87\n") + c.box(b"ftyp", brand + bytes(4) + brand)
    assert formats.detect(data) is None
    with pytest.raises(UnsupportedFormatError, match=word):
        Photo.open(data)


def _segment(low: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, low, 2 + len(body)) + body


def _in_header(extra: bytes) -> bytes:
    plain = codestream()
    at = next(parts(plain))[0]
    return plain[:at] + extra + plain[at:]


@pytest.mark.parametrize("low", [0x50, 0x56, 0x59, 0x70, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x79])
def test_segments_that_a_picture_does_not_announce_are_told_and_go(low: int) -> None:
    data = _in_header(_segment(low, s.CANARY))
    if low != 0x50:
        assert any(f"{low:02x}" in e.field for e in metadata.read(data, Format.JP2, "x").entries)
    assert strip(data, Format.JP2, Keep()).data == strip(codestream(), Format.JP2, Keep()).data
    extended = bytearray(data)
    extended[6] |= 0x80
    if low >= 0x70:
        with pytest.raises(CorruptPhotoError):
            strip(bytes(extended), Format.JP2, Keep())


def test_steps_of_levels_that_there_are_not_are_cut() -> None:
    plain = codestream()
    at = plain.index(b"\xff\x5c")
    size = int.from_bytes(plain[at + 2 : at + 4], "big")
    more = plain[:at] + _segment(0x5C, plain[at + 4 : at + 2 + size] + s.CANARY) + plain[at + 2 + size :]
    assert strip(more, Format.JP2, Keep()).data == strip(plain, Format.JP2, Keep()).data


@pytest.mark.parametrize("low", [0x51, 0x52])
def test_what_stands_behind_the_counts_of_a_segment_is_told_and_refused(low: int) -> None:
    plain = codestream()
    at = plain.index(bytes((0xFF, low)))
    size = int.from_bytes(plain[at + 2 : at + 4], "big")
    more = plain[:at] + _segment(low, plain[at + 4 : at + 2 + size] + s.CANARY) + plain[at + 2 + size :]
    assert any(s.CANARY in e.raw for e in metadata.read(more, Format.JP2, "x").entries)
    with pytest.raises(CorruptPhotoError):
        strip(more, Format.JP2, Keep())


@pytest.mark.parametrize("low", [0x53, 0x5D, 0x5E, 0x5F, 0x63])
def test_segments_of_another_length_never_carry_words(low: int) -> None:
    data = _in_header(_segment(low, b"\0" + s.CANARY * 3))
    with contextlib.suppress(CorruptPhotoError):
        assert s.CANARY not in strip(data, Format.JP2, Keep()).data


HEADER_BOXES = {
    "channels that there are not": c.box(b"cdef", struct.pack(">H", 9) + b"CANARY" * 9),
    "channels of no sort": c.box(b"cdef", struct.pack(">H", 1) + b"CANARY"),
    "palette that nobody uses": c.box(b"pclr", struct.pack(">HBB", 6, 1, 7) + b"CANARY"),
    "mapping of nothing": c.box(b"cmap", b"CANA" * 3),
    "resolution": c.box(b"res ", c.box(b"resc", b"CANARY1234")),
}


@pytest.mark.parametrize("name", sorted(HEADER_BOXES))
def test_boxes_of_the_header_have_the_values_that_there_are(name: str) -> None:
    data = boxed(codestream(), c.box(b"colr", b"\1\0\0\0\0\0\x10") + HEADER_BOXES[name])
    copy = strip(data, Format.JP2, Keep()).data
    assert b"CANA" not in copy
    sound = c.box(b"cdef", struct.pack(">H9H", 3, 0, 0, 1, 1, 0, 2, 2, 0, 3))
    assert sound in strip(boxed(codestream(), HEADER_BOXES["resolution"] + sound), Format.JP2, Keep()).data


def test_axes_of_colours_are_numbers() -> None:
    def lab(parameters: bytes) -> bytes:
        return boxed(codestream(), c.box(b"colr", b"\1\0\0\0\0\0\x0e" + parameters))

    sound = struct.pack(">6I4s", 100, 0, 170, 128, 200, 96, b"\0D50")
    assert sound in strip(lab(sound), Format.JP2, Keep()).data
    with pytest.raises(CorruptPhotoError):
        strip(lab(b"CANARY " * 4), Format.JP2, Keep())


@share(0.5)
@given(st.data())
def test_damaged_files_are_read_and_stripped_or_refused(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([s.jp2(), TILED, profiled()])))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    broken = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    metadata.read(broken, Format.JP2, "x")
    try:
        Photo.open(broken)
        strip(broken, Format.JP2, Keep())
    except PhotoscanError:
        pass
