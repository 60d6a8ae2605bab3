"""Every container goes the whole way: bytes, format, header, metadata, picture, copy, proof, receipt.

What a row lacks is refused by name. A container that is new to the table needs a sample here.
"""

from __future__ import annotations

import io
import re
from dataclasses import fields, replace
from importlib import import_module
from itertools import product

import numpy as np
import pytest
from PIL import Image

from photoscan import Photo, cleaning, folder, formats, headers, metadata, redaction
from photoscan.brushes import STYLES
from photoscan.catalog import LANGUAGES
from photoscan.cleaning import CleanPlan, picture
from photoscan.cleaning.plan import TARGETS
from photoscan.container import KEEPABLE, Container
from photoscan.errors import CleaningError, UnsupportedFormatError, UsageError
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.redaction import Patch
from photoscan.report import DetectorOutcome, PhotoInfo, Report, Status
from photoscan.stripping import Keep, strip
from tests import raw_files
from tests.cleaning import samples as s
from tests.metadata import containers as c
from tests.metadata import films

XMP = b"<x:xmpmeta><rdf:li>CANARY-xmp</rdf:li></x:xmpmeta>"
SAMPLES: dict[Format, bytes] = {
    Format.JPEG: s.coded("JPEG", s.small(), exif=s.exif()),
    Format.PNG: s.coded("PNG", s.small(), pnginfo=s.texts()),
    Format.WEBP: s.coded("WEBP", s.small(), exif=s.exif(), lossless=True),
    Format.GIF: s.coded("GIF", s.small(), comment=b"CANARY-comment"),
    Format.TIFF: s.tiff(),
    Format.BMP: s.coded("BMP", s.small()) + s.CANARY,
    Format.HEIC: s.heic(),
    Format.AVIF: s.coded("AVIF", s.small(), exif=s.exif(), xmp=XMP),
    Format.JXL: s.jxl(),
    Format.JP2: s.jp2(),
    Format.SVG: b'<svg xmlns="http://www.w3.org/2000/svg"><!-- CANARY-svg --><rect width="9" height="9"/></svg>',
    Format.MOV: films.film(brand=b"qt  ", movie=c.box(b"udta", films.words(b"\xa9nam", b"CANARY-mov"))),
    Format.MP4: films.film(movie=c.box(b"udta", films.words(b"\xa9nam", b"CANARY-mp4"))),
    **raw_files.SAMPLES,
}
BOX = Box(8, 8, 16, 12)
ROOMS = {
    "header": ("headers", "read"),
    "metadata": ("metadata", "walk"),
    "decoder": ("decode", "decoded"),
    "stripper": ("stripping", "strip"),
    "flattener": ("stripping", "flattened"),
    "proof": ("cleaning", "proved"),
    "redactor": ("redaction", "redact"),
}
"""The columns that name modules: in which room, and what such a module is asked for."""
EACH = pytest.mark.parametrize("format_", Format, ids=str)


def nothing(source: object) -> Report:
    """A scan that finds nothing, having looked."""
    return Report(PhotoInfo("photo"), "0", detectors=(DetectorOutcome("face", Status.OK),))


def values(data: bytes, format_: Format) -> str:
    return " ".join(entry.text for entry in metadata.read(data, format_, "photo").entries)


def test_every_container_has_a_sample() -> None:
    assert set(SAMPLES) == set(Format)


@EACH
def test_a_row_names_what_is_there(format_: Format) -> None:
    row = format_.row
    for column, (room, wanted) in ROOMS.items():
        if name := getattr(row, column):
            assert callable(getattr(import_module(f"photoscan.{room}.{name}"), wanted)), (column, name)
    named = {f.name for f in fields(Container) if str(f.type) in ("str", "str | None")}
    assert named == {*ROOMS, "title", "media", "pillow"}, "a column of this kind is in ROOMS, or is no module"


@EACH
def test_a_row_makes_sense(format_: Format) -> None:
    row = format_.row
    assert row.title
    assert row.media.startswith("video/" if row.film else "image/")
    assert not (row.film and row.decoder), "of a film nothing is looked at"
    assert row.suffixes
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in row.suffixes)
    assert (row.stripper is None) == (row.proof is None), "what is stripped is proved"
    assert row.decoder or not row.redactor, "what is hidden is looked at again"
    assert row.stripper or not (row.redactor or row.flattener or row.keeps)
    assert row.written is None or row.pillow
    assert set(row.keeps) <= {*KEEPABLE, "position"}
    if row.decoder == "heif":
        assert row.turns


def test_rows_do_not_overlap() -> None:
    for one, other in product(Format, Format):
        if one is not other:
            assert not set(one.row.suffixes) & set(other.row.suffixes)
            assert (one.row.media, one.row.title) != (other.row.media, other.row.title)
            assert not other.row.sight(SAMPLES[one]), f"{one} is taken for {other}"


def test_lists_follow_the_table() -> None:
    """What is chosen from, asked for or walked is told by rows."""
    assert set(TARGETS) == {f.value for f in Format if f.row.written is not None}
    assert {suffix for f in Format for suffix in f.row.suffixes} == folder.SUFFIXES
    for format_ in Format:
        assert formats.by_media(format_.row.media) is format_


def test_the_service_names_the_types_of_what_can_be_looked_at() -> None:
    documents = pytest.importorskip("photoscan.service.documents", reason="the service is not installed")
    named = set(documents.PHOTO_TYPES) - {"application/octet-stream"}
    assert named == {f.row.media for f in Format if f.decodable}
    assert set(documents.PHOTO_BODY["content"]) > named


def test_a_container_without_a_row_can_not_be_defined() -> None:
    with pytest.raises(TypeError, match="no row"):
        Format.__new_member__(Format, "psd")  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="psd"):
        Format("psd")


@EACH
def test_bytes_format_header_metadata(format_: Format) -> None:
    data = SAMPLES[format_]
    assert formats.detect(data[: formats.HEAD]) is format_
    photo = Photo.open(data)
    assert photo.format is format_
    header = headers.read(data, format_)
    assert header.sized == bool(photo.width and photo.height)
    said = metadata.read(data, format_, "photo")
    assert "CANARY" in values(data, format_) or any(s.CANARY in entry.raw for entry in said.entries)
    roots = {entry.container.partition("/")[0] for entry in said.entries}
    assert roots == {format_.row.metadata}


@EACH
def test_picture(format_: Format) -> None:
    photo = Photo.open(SAMPLES[format_])
    if not format_.decodable:
        with pytest.raises(UnsupportedFormatError, match="film" if format_.row.film else re.escape(format_.row.title)):
            photo.pixels()
        return
    pixels = photo.pixels()
    assert pixels.shape == (photo.height, photo.width, 3)
    assert pixels.dtype == np.uint8
    if format_.row.pillow:
        assert Image.open(io.BytesIO(photo.data)).format == format_.row.pillow


@EACH
def test_copy_proof_receipt(format_: Format) -> None:
    photo, plan = Photo.open(SAMPLES[format_]), CleanPlan(metadata_only=True)
    if not photo.strippable:
        with pytest.raises(UnsupportedFormatError, match=re.escape(format_.row.title)):
            cleaning.foresee(photo, None, plan)
        with pytest.raises(UnsupportedFormatError, match=re.escape(format_.row.title)):
            cleaning.clean(photo, None, None, plan)
        return
    assert cleaning.foresee(photo, None, plan).removed
    result = cleaning.clean(photo, None, None, plan)
    copy = Photo.open(result.data)
    assert copy.format is format_
    assert b"CANARY" not in result.data
    assert not cleaning.left_over(copy, plan)
    assert cleaning.left_over(photo, plan)
    keys = {row.key for row in result.receipt.proofs}
    same = {f"clean.proof.same_{what}" for what in ("code", "pixels", "drawing", "film")}
    assert keys & same
    if format_.decodable:
        assert np.array_equal(photo.pixels(), copy.pixels())
    for language in LANGUAGES:
        receipt = result.receipt.to_dict(language)
        assert receipt["output"]["format"] == format_.value
        assert result.receipt.text(language)


@EACH
def test_proof_sees_another_picture(format_: Format) -> None:
    """Each row's proof is asked whether a different picture is the same."""
    if format_.row.proof is None:
        with pytest.raises(CleaningError, match=re.escape(format_.row.title)):
            picture.same(b"", b"", format_)
        return
    bare = strip(SAMPLES[format_], format_, Keep()).data
    assert picture.same(SAMPLES[format_], bare, format_)
    other = bare[:-9] + bytes(b ^ 1 for b in bare[-9:-5]) + bare[-5:]
    if format_ is Format.HEIC:
        other = s.heic(s.small().rotate(180))
    elif format_.row.pillow:
        extra = {"lossless": True} if format_ is Format.WEBP else {}
        other = s.coded(format_.row.pillow, s.small().rotate(180), **extra)
    with pytest.raises(CleaningError):
        picture.same(SAMPLES[format_], other, format_)


@EACH
def test_hidden_parts(format_: Format) -> None:
    photo, plan = Photo.open(SAMPLES[format_]), CleanPlan(boxes=(BOX,))
    if format_.row.redactor is None:
        for style in STYLES:
            with pytest.raises(CleaningError, match=re.escape(format_.row.title)):
                redaction.redact(photo, Keep(), [Patch(BOX)], style)
        with pytest.raises((CleaningError, UnsupportedFormatError), match=re.escape(format_.row.title)):
            cleaning.clean(photo, nothing(photo), nothing, plan)
        return
    result = cleaning.clean(photo, nothing(photo), nothing, plan)
    assert b"CANARY" not in result.data
    assert Photo.open(result.data).pixels()[BOX.y + 4, BOX.x + 6].max() <= 40


@EACH
def test_a_copy_is_not_said_to_keep_what_has_no_place(format_: Format) -> None:
    every = CleanPlan(keep=KEEPABLE, coarsen_gps="city")
    carried = every.carried_by(format_)
    assert set(carried.keep) == format_.row.keeps - {"position"}
    assert (carried.coarsen_gps == "city") == ("position" in format_.row.keeps)


@EACH
def test_conversion(format_: Format) -> None:
    """To each target and to nothing else, from whatever can be looked at."""
    photo = Photo.open(s.coded("PNG", s.small()))
    if format_.value not in TARGETS:
        with pytest.raises(UsageError, match="jpeg, png"):
            CleanPlan(to=format_)
        with pytest.raises(UsageError, match="jpeg, png"):
            redaction.redact(photo, Keep(), [Patch(BOX)], "fill", to=format_)
        return
    source = Photo.open(SAMPLES[Format.HEIC])
    result = cleaning.clean(source, nothing(source), nothing, CleanPlan(to=format_))
    assert Photo.open(result.data).format is format_


def test_a_row_that_lacks_something_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken from a full row, one column after the other: nothing falls through to what another container does."""
    photo = Photo.open(SAMPLES[Format.BMP])
    full = Format.BMP.row

    def lacks(**columns: None) -> None:
        monkeypatch.setattr(Format.BMP, "row", replace(full, **columns))

    lacks(stripper=None)
    with pytest.raises(UnsupportedFormatError, match="BMP"):
        strip(photo.data, Format.BMP, Keep())
    lacks(proof=None)
    with pytest.raises(CleaningError, match="BMP"):
        cleaning.clean(photo, None, None, CleanPlan(metadata_only=True))
    lacks(redactor=None)
    with pytest.raises(CleaningError, match="BMP"):
        redaction.redact(photo, Keep(), [Patch(BOX)], "fill")
    lacks(decoder=None)
    with pytest.raises(UnsupportedFormatError, match="BMP"):
        photo.pixels()
