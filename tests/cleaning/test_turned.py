"""A copy says which way is up in the same place and the same way as its photo: viewers do not agree on whom they
believe, and each has to show the copy as it showed the photo.
"""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageOps, TiffImagePlugin

from photoscan import Photo, cleaning, metadata
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import CleanPlan
from photoscan.stripping import tiff, turning
from photoscan.stripping.base import Keep
from tests.cleaning import samples as s
from tests.cleaning.test_odd_files import parts, riff
from tests.metadata import containers as c

SECRET = b"Harbour Lane 4"
FORMS = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I"}


def tag(kind: int = 3, order: str = "<", value: int = 6) -> bytes:
    """A TIFF structure whose first directory holds an orientation of some type, and a description."""
    raw = struct.pack(order + FORMS[kind], value).ljust(4, b"\0")
    rows = struct.pack(order + "HHII", 0x10E, 2, len(SECRET), 38) + struct.pack(order + "HHI", 0x112, kind, 1) + raw
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, 2)
    return head + rows + bytes(4) + SECRET


def packet(written: str = '="6"') -> bytes:
    said = f"tiff:Orientation{written}" + ("/>" if written[0] == "=" else "")
    inner = f" {said}" if written[0] == "=" else f"><{said}</tiff:Orientation></rdf:Description>"
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="Harbour Lane 4" '
        f'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"{inner}</rdf:RDF></x:xmpmeta>'
    ).encode()


def jpeg(*segments: bytes) -> bytes:
    data = s.coded("JPEG", s.small())
    return data[:2] + b"".join(segments) + data[2:]


def app1(start: bytes, content: bytes) -> bytes:
    return c.segment(0xE1, start + content)


def png(kind: bytes, content: bytes) -> bytes:
    data = s.coded("PNG", s.small())
    return data[:33] + c.chunk(kind, content) + data[33:]


def webp(kind: bytes, content: bytes, flags: int) -> bytes:
    coded = next(row for row in parts(s.coded("WEBP", s.small())) if row[0] in (b"VP8 ", b"VP8L"))
    size = b"".join((side - 1).to_bytes(3, "little") for side in s.small().size)
    return riff((b"VP8X", bytes((flags, 0, 0, 0)) + size), coded, (kind, content))


def raw_profile(name: bytes) -> bytes:
    block = b"Exif\0\0" + tag()
    return name + b"\0\n" + name.split()[-1] + b"\n%8d\n" % len(block) + block.hex().encode() + b"\n"


EXIF, XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
SAID = {
    **{f"a tag of type {k} {o}": jpeg(app1(EXIF, tag(k, o))) for k in FORMS for o in "<>"},
    "an attribute of XMP": jpeg(app1(XMP, packet())),
    "an attribute in single quotes": jpeg(app1(XMP, packet("='6'"))),
    "an element of XMP": jpeg(app1(XMP, packet(">6"))),
    "EXIF without the tag, then XMP": jpeg(app1(EXIF, c.tiff([(0x10F, 2, "Maker")])), app1(XMP, packet())),
    "a chunk of EXIF": png(b"eXIf", tag()),
    "a chunk of EXIF with its prefix": png(b"eXIf", EXIF + tag(4, ">")),
    "XMP in a PNG": png(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet()),
    "a raw profile": png(b"tEXt", raw_profile(b"Raw profile type exif")),
    "EXIF in a WebP": webp(b"EXIF", tag(), 8),
    "XMP in a WebP": webp(b"XMP ", packet(), 4),
}


def clean(data: bytes, *keep: str) -> bytes:
    plan = CleanPlan(metadata_only=True, keep=("icc", "orientation", *keep))  # type: ignore[arg-type]
    return cleaning.clean(Photo.open(data), None, None, plan).data


def shown(data: bytes) -> bytes:
    image = Image.open(io.BytesIO(data))
    return (ImageOps.exif_transpose(image) or image).convert("RGB").tobytes()


@pytest.mark.parametrize("name", sorted(SAID))
def test_the_copy_is_turned_as_its_photo_and_says_nothing_else(name: str) -> None:
    photo = Photo.open(SAID[name])
    copy = Photo.open(clean(photo.data))
    assert (copy.width, copy.height, copy.orientation) == (photo.width, photo.height, 6)
    assert shown(copy.data) == shown(photo.data)
    assert SECRET not in copy.data
    assert {entry.field for entry in metadata.read(copy.data, copy.format, "copy").entries} <= {"tiff:Orientation"}


@pytest.mark.parametrize("kind", sorted(FORMS))
@pytest.mark.parametrize("order", "<>")
def test_the_tag_keeps_its_type(kind: int, order: str) -> None:
    """Browsers pass over all types but one; they would turn a copy that says it with that one."""
    copy = clean(jpeg(app1(EXIF, tag(kind, order))))
    at = copy.index(b"\x01\x12") + 2
    assert int.from_bytes(copy[at : at + 2], "big") == kind
    stated = clean(jpeg(app1(EXIF, tag(kind, order))), "copyright")
    assert Photo.open(stated).orientation == 6


@pytest.mark.parametrize("said", [jpeg(app1(EXIF, tag(3, "<", 1)), app1(XMP, packet())),
                                  jpeg(app1(EXIF, tag(3, "<", 9))), jpeg(app1(EXIF, tag(3, "<", 0))),
                                  webp(b"EXIF", tag(), 0), webp(b"XMP ", packet(), 0)])  # fmt: skip
def test_what_turns_no_photo_turns_no_copy(said: bytes) -> None:
    assert Photo.open(said).orientation == Photo.open(clean(said)).orientation == 1
    assert shown(clean(said)) == shown(said)


def test_of_two_blocks_the_first_counts_and_none_behind_the_picture() -> None:
    two = jpeg(app1(EXIF, tag(3, "<", 1)), app1(EXIF, tag(3, "<", 6)))
    assert Photo.open(two).orientation == Photo.open(clean(two)).orientation == 1
    data = s.coded("JPEG", s.small(), progressive=True)
    at = data.rindex(b"\xff\xda")
    late = data[:at] + app1(EXIF, tag()) + data[at:]
    assert Photo.open(late).orientation == Photo.open(clean(late)).orientation == 1


def test_a_copy_that_is_turned_in_another_way_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turning.Turns, "chosen", turning.Turn())
    with pytest.raises(RefusedError):
        clean(SAID["a chunk of EXIF"])


def test_an_orientation_that_holds_more_is_told() -> None:
    photo = Photo.open(jpeg(app1(EXIF, c.tiff([(0x112, 7, SECRET)]))))
    said = {entry.field for entry in metadata.read(photo.data, photo.format, "photo").entries}
    assert "Orientation" in said
    assert SECRET not in clean(photo.data)


def test_a_raw_profile_keeps_its_name() -> None:
    """ImageMagick goes by those of APP1 segments, others don't."""
    copy = clean(png(b"tEXt", raw_profile(b"Raw profile type APP1")))
    assert b"tEXtRaw profile type APP1\0\nAPP1\n" in copy
    assert Photo.open(copy).orientation == 1


def test_xmp_turns_a_tiff_that_has_no_tag() -> None:
    data = s.coded("TIFF", s.small(), tiffinfo={700: packet()})
    assert (Photo.open(data).width, Photo.open(data).height) == s.small().size[::-1]
    copy = clean(data)
    assert np.array_equal(Photo.open(copy).pixels(), Photo.open(data).pixels())
    assert SECRET not in copy


def test_what_a_tiff_keeps_in_xmp_stands_on_its_first_page_alone() -> None:
    pages = [Image.new("L", (8, 8), shade) for shade in (10, 200)]
    said = TiffImagePlugin.ImageFileDirectory_v2()
    said[700] = packet('="1"')
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], tiffinfo=said)
    copy = tiff.strip(out.getvalue(), Keep(pages=True, xmp=b"<x:xmpmeta>kept</x:xmpmeta>")).data
    assert copy.count(b"<x:xmpmeta>") == 1
    with Image.open(io.BytesIO(copy)) as picture:
        assert getattr(picture, "n_frames", 1) == 2
