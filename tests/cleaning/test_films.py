"""Copies of films: every sample the same, nothing that is told, and a proof that sees what was changed."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import cleaning, metadata
from photoscan.cleaning import CleanPlan, same_film
from photoscan.errors import CleaningError, CorruptPhotoError, PhotoscanError, UnsupportedFormatError
from photoscan.formats import Format
from photoscan.metadata.boxes import find
from photoscan.metadata.film_tracks import samples, tracks
from photoscan.photo import Photo
from photoscan.stripping import Keep, strip
from tests.metadata import films
from tests.metadata.containers import box, full
from tests.metadata.film_ways import NAME, PLAYED, SEI, WAYS
from tests.metadata.films import AVCC, Track, film
from tests.properties import share

STRIPPED = CleanPlan(metadata_only=True)


def played(data: bytes) -> list[list[bytes]]:
    """The bytes of every sample of each track."""
    moov = find(data, (b"moov",))
    assert moov
    return [[data[at : at + size] for at, size in samples(data, one).each()] for one in tracks(data, moov)]


@pytest.mark.parametrize("name", WAYS)
def test_a_copy_of_each_maker_s_film(name: str) -> None:
    source = WAYS[name][0]
    photo = Photo.open(source)
    result = cleaning.clean(photo, None, None, STRIPPED)
    assert metadata.read(result.data, photo.format, "copy").entries == ()
    assert NAME not in result.data
    copied, own = played(result.data), played(source)
    filled = any(row.key == "clean.proof.same_film_filled" for row in result.receipt.proofs)
    assert filled == (name == "message")
    if not filled:
        assert copied == own[: len(copied)]
    assert [list(map(len, one)) for one in copied] == [list(map(len, one)) for one in own[: len(copied)]]


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("wide", [False, True])
def test_order_turn_and_offsets(ahead: bool, wide: bool) -> None:
    source = film(Track(matrix=films.QUARTER, wide=wide), films.sound(), ahead=ahead, between=b"secret between")
    copy = strip(source, Format.MP4, Keep()).data
    assert (copy.index(b"moov") < copy.index(b"mdat")) == ahead
    assert Photo.open(copy).orientation == 6
    assert Photo.open(strip(source, Format.MP4, Keep(orientation=False)).data).orientation == 1
    assert played(copy) == played(source)
    assert b"secret" not in copy


def test_a_message_is_overwritten_and_the_rest_of_its_unit_stays() -> None:
    mastering = b"\x89\x02\x01\x02"  # mastering display colours, cut short: any other message
    told = b"\x05\x1a" + bytes(range(16)) + NAME
    unit = b"\x06" + told + mastering + b"\x80"
    source = film(Track(samples=(struct.pack(">I", len(unit)) + unit + b"\0\0\0\4\x65abc",)))
    ((copied,),) = played(strip(source, Format.MP4, Keep()).data)
    assert copied.endswith(b"\0\0\0\4\x65abc")
    assert copied.startswith(struct.pack(">I", 1 + len(mastering) + 1) + b"\x06" + mastering + b"\x80")
    assert NAME not in copied
    assert len(copied) == 4 + len(unit) + 8


def test_what_x264_writes_into_every_film_stays() -> None:
    words = (
        b"x264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec - Copyleft 2003-2022 - "
        b"http://www.videolan.org/x264.html - options: cabac=1 ref=3 qp=0"
    )
    payload = bytes(range(16)) + words + b"\0"
    unit = b"\x06\x05" + bytes((len(payload),)) + payload + b"\x80"
    source = film(Track(samples=(struct.pack(">I", len(unit)) + unit,)))
    assert played(strip(source, Format.MP4, Keep()).data) == played(source)
    assert metadata.read(source, Format.MP4, "film").entries == ()


BEHIND = (NAME, bytes(4) + NAME, b"\0\0\0\xff" + NAME)
"""What a player stops at: no unit, one of no length, one that reaches beyond the sample."""


@pytest.mark.parametrize("behind", BEHIND)
def test_bytes_behind_the_last_unit_are_told_and_no_copy_holds_them(behind: bytes) -> None:
    source = film(Track(samples=(b"\0\0\0\4\x65abc" + behind,)))
    assert any(NAME in e.raw for e in metadata.read(source, Format.MP4, "film").entries)
    with pytest.raises(CorruptPhotoError):
        strip(source, Format.MP4, Keep())


def test_zeros_behind_the_last_unit_say_nothing() -> None:
    source = film(Track(samples=(b"\0\0\0\4\x65abc" + bytes(9),)))
    assert metadata.read(source, Format.MP4, "film").entries == ()
    assert played(strip(source, Format.MP4, Keep()).data) == played(source)


REFUSED = {
    "in pieces": film(behind=box(b"moof", b"")),
    "unknown coding": film(Track(entry=films.picture_entry(b"zzzz"))),
    "elsewhere": film().replace(full(b"url ", b"", flags=1), full(b"url ", b"", flags=0)),
}
BROKEN = {
    "no movie": box(b"ftyp", b"isom" + bytes(4)) + box(b"mdat", b"x"),
    "chunk behind the end": film().replace(b"stco" + struct.pack(">II", 0, 2), b"stco" + struct.pack(">II", 0, 9)),
    "no played track": film(Track(b"meta", box(b"mebx", bytes(8)))),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name: str) -> None:
    with pytest.raises(UnsupportedFormatError):
        strip(REFUSED[name], Format.MP4, Keep())


@pytest.mark.parametrize("name", BROKEN)
def test_broken(name: str) -> None:
    with pytest.raises(CorruptPhotoError):
        strip(BROKEN[name], Format.MP4, Keep())


@pytest.mark.parametrize(
    "other",
    [
        film(Track(samples=(b"\0\0\0\4\x65abX", b"\0\0\0\3\x41de")), films.sound()),
        film(Track(samples=(b"\0\0\0\4\x65abc",)), films.sound()),
        film(Track(), films.sound()).replace(struct.pack(">III", 1, 2, 10), struct.pack(">III", 1, 2, 11)),
        film(Track(entry=films.picture_entry(inside=box(b"avcC", AVCC.replace(b"\xce", b"\xcf")))), films.sound()),
        film(Track()),
        film(Track(tail=box(b"edts", full(b"elst", struct.pack(">IIiI", 1, 20, 5, 65536)))), films.sound()),
        film(SEI, films.sound()),
    ],
)
def test_the_proof_sees_another_film(other: bytes) -> None:
    assert same_film.proved(film(), film(ahead=True), Format.MP4, None)
    with pytest.raises(CleaningError):
        same_film.proved(film(), other, Format.MP4, None)


def test_a_film_is_never_said_to_be_looked_at() -> None:
    photo = Photo.open(film(*PLAYED))
    with pytest.raises(UnsupportedFormatError, match="not looked at"):
        photo.pixels()
    receipt = cleaning.clean(photo, None, None, STRIPPED).receipt
    for notes in (receipt.notes, cleaning.foresee(photo, None, STRIPPED).notes):
        assert [row.key for row in notes if row.key.startswith("clean.note.")] == ["clean.note.film"]


@share(0.5)
@given(st.sampled_from(sorted(WAYS)), st.data())
def test_what_comes_out_of_broken_films_is_clean(name: str, data: st.DataObject) -> None:
    whole = bytearray(WAYS[name][0])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(12, len(whole) - 1))
        whole[at : at + data.draw(st.integers(1, 4))] = data.draw(st.binary(min_size=1, max_size=4))
    try:
        copy = strip(bytes(whole), Format.MP4, Keep()).data
    except PhotoscanError:
        return
    assert NAME not in copy


def _jpeg(marker: int, said: bytes) -> bytes:
    return b"\xff\xd8\xff" + bytes((marker,)) + struct.pack(">H", len(said) + 2) + said + b"\xff\xda\0\x02abc\xff\xd9"


@pytest.mark.parametrize("marker", [0xE1, 0xE5, 0xFE])
def test_motion_jpeg_whose_pictures_say_something_is_refused(marker: int) -> None:
    source = film(Track(entry=films.picture_entry(b"jpeg"), samples=(_jpeg(marker, NAME),)))
    with pytest.raises(UnsupportedFormatError):
        strip(source, Format.MP4, Keep())


@pytest.mark.parametrize("said", [b"JFIF\0\1\1\0\0\1\0\1\0\0", b"AVI1\0\0\0\0", b"Lavc60.3.100\0"])
def test_plain_motion_jpeg_stays(said: bytes) -> None:
    source = film(Track(entry=films.picture_entry(b"jpeg"), samples=(_jpeg(0xFE, said),)))
    assert played(strip(source, Format.MP4, Keep()).data) == played(source)


@pytest.mark.parametrize("block", [b"\0\0\0\x30" + bytes(34) + NAME.ljust(14), b"\x84\0\0\x22" + NAME.ljust(34)])
def test_words_in_a_sound_decoder_s_configuration_are_refused(block: bytes) -> None:
    entry = films.sound_entry(b"fLaC", full(b"dfLa", block))
    with pytest.raises(PhotoscanError):
        strip(film(Track(b"soun", entry, (b"\xff\xf8abc",))), Format.MP4, Keep())
