"""Films tell what makers write into them, at its place, and nothing of what playing needs."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import formats, metadata
from photoscan.formats import Format
from photoscan.headers import read as header
from photoscan.metadata import film_motion
from photoscan.metadata.film_names import plain
from photoscan.photo import Photo
from tests.metadata import films
from tests.metadata.containers import box
from tests.metadata.film_ways import PLAYED, WAYS
from tests.metadata.films import Track, film
from tests.properties import share


def said(data: bytes) -> list[metadata.Entry]:
    format_ = formats.detect(data[: formats.HEAD])
    assert format_ in (Format.MP4, Format.MOV)
    return list(metadata.read(data, format_, "film").entries)


@pytest.mark.parametrize("name", WAYS)
def test_what_makers_write_is_told(name: str) -> None:
    data, wanted = WAYS[name]
    entries = said(data)
    for field, value in wanted.items():
        assert any(e.field == field and (not value or e.text == value) for e in entries), (field, name)
    for entry in entries:
        assert 0 <= entry.offset <= entry.offset + entry.length <= len(data)


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("wide", [False, True])
def test_a_plain_film_tells_nothing(ahead: bool, wide: bool) -> None:
    for name in (b"", b"VideoHandler", b"Core Media Video", b"Apple Video Media Handler"):
        assert said(film(Track(wide=wide, name=name), films.sound(), ahead=ahead)) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [("GoPro AVC encoder", True), ("DJI.AVC", True), ("Canon", True), ("Aina", True), ("Lavc59.37.100 libx264", False),
     ("ISO Media file produced by Google Inc. Created on: 05/06/2024.", False), ("H.264", False), ("x" * 300, True)],
)  # fmt: skip
def test_names_of_encoders(name: str, says: bool) -> None:
    assert plain(name) != says


@pytest.mark.parametrize(
    ("head", "format_"),
    [(b"\0\0\0\x14ftypisom", Format.MP4), (b"\0\0\0\x14ftypqt  ", Format.MOV), (b"\0\0\0\x14ftyp3gp4", Format.MP4),
     (b"\0\0\0\x14ftypM4V ", Format.MP4), (b"\0\0\x10\0moov", Format.MOV), (b"\0\0\0\x08wide", Format.MOV),
     (b"\0\0\0\x01mdat", Format.MOV), (b"\0\0\0\x14ftypcrx ", Format.CR3), (b"The moov ", None), (b"Let free", None),
     (b"\0\0\0\x14ftypheic", Format.HEIC), (b"\0\0\0\x14ftypavif", Format.AVIF), (b"\0\0\0\x14jP  ", None)],
)  # fmt: skip
def test_films_are_known_by_their_first_bytes(head: bytes, format_: Format | None) -> None:
    assert formats.detect(head + bytes(20)) is format_


def test_size_and_turn_of_the_header() -> None:
    photo = Photo.open(film(Track(matrix=films.QUARTER), films.sound()))
    assert (photo.width, photo.height, photo.orientation) == (48, 64, 6)
    assert not header(film(films.sound()), Format.MP4).sized


def test_positions_are_spread_over_a_track() -> None:
    samples = [struct.pack("<HH3d", 0, 5, 3 + i / 1000, 101.0, 0.0) for i in range(500)]
    entry = box(b"camm", bytes(6) + b"\0\1")
    found = [e for e in said(film(*PLAYED, Track(b"camm", entry, tuple(samples)))) if e.field == "GPSCoordinates"]
    assert len(found) == film_motion.MAX_PLACES
    assert found[0].text.startswith("+03.000000")
    assert found[-1].text.startswith("+03.499000")


@pytest.mark.parametrize(
    ("words", "places"),
    [("GPS (101.6869, 3.1390, 20)", [(3.139, 101.6869)]),
     ("[latitude : 3.139] [longitude : 101.687]", [(3.139, 101.687)]),
     ("GPS (n/a)", []), ("F/2.8, SS 200, ISO 100", []), ("$GPGGA,1,0308.34,S,10141.214,W,1", [(-3.139, -101.6869)])],
)  # fmt: skip
def test_positions_in_subtitles(words: str, places: list[tuple[float, float]]) -> None:
    found = list(film_motion.in_words(words))
    assert [(round(a, 4), round(b, 4)) for a, b in found] == places


@share(0.5)
@given(st.sampled_from(sorted(WAYS)), st.data())
def test_broken_films_end_in_warnings(name: str, data: st.DataObject) -> None:
    whole = bytearray(WAYS[name][0])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(12, len(whole) - 1))
        whole[at : at + data.draw(st.integers(1, 4))] = data.draw(st.binary(min_size=1, max_size=4))
    del whole[data.draw(st.integers(12, len(whole))) :]
    metadata.read(bytes(whole), Format.MP4, "film")


def test_samples_that_are_said_to_lie_behind_the_end_have_no_place() -> None:
    data = film(*PLAYED, Track(enabled=False))
    at = data.rindex(b"stco") + 12
    for entry in metadata.read(data[:at] + b"\x7f\xff\xff\xff" + data[at + 4 :], Format.MP4, "a").entries:
        assert entry.length >= 0
        assert 0 <= entry.offset <= len(data)
