"""A gain map that is kept: its picture and its numbers survive, nothing that either picture said does."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import Photo, cleaning, metadata
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import CleanPlan, CleanResult, losses
from photoscan.cleaning.kept_map import belongs
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.stripping import gain_map
from tests.cleaning import samples as s
from tests.cleaning import several as v
from tests.cleaning.test_clean import seen
from tests.cleaning.test_containers import PROFILE, stripped
from tests.cleaning.test_folders import call
from tests.metadata import containers as c
from tests.properties import share

KEEP = ("icc", "orientation", "gain-map")
PLAN = CleanPlan(metadata_only=True, keep=KEEP)
PICTURE = s.coded("JPEG")
GAIN = s.coded("JPEG", s.picture().convert("L").resize((80, 60)))
THREE = re.sub(
    r"(<hdrgm:GainMapM..>)([^<]*)",
    r"\1<rdf:Seq><rdf:li>\2</rdf:li><rdf:li>1.5</rdf:li><rdf:li>0.25</rdf:li></rdf:Seq>",
    v.NUMBERS,
)  # fmt: skip
ISO_THREE = v.ISO + bytes((0, 0, 0, 0, 0xC8)) + struct.pack(">18i", 12, 0, 36, *(0, 36, 12, 3, 3) * 3)
"""Three colours over one denominator."""
ISO_LONG = v.ISO + bytes((0, 0, 0, 0, 0xC0)) + struct.pack(
    ">34i", 0, 12, 36, 12, *(0, 12, 36, 12, 12, 12, 3, 12, 3, 12) * 3
)  # fmt: skip
"""Three colours, each number over its own."""
_COLOURED = s.coded("JPEG", s.picture().resize((80, 60)), icc_profile=PROFILE, exif=s.exif())


def halves(data: bytes) -> tuple[bytes, bytes]:
    """The picture and the map behind it, as the multi-picture index tells their places."""
    at = data.index(b"MPF\0") + 4
    first, second, offset = struct.unpack_from(">4xI12xII", data, at + 50)
    assert first == at + offset
    assert len(data) == first + second
    return data[:first], data[first:]


KEPT: dict[str, bytes] = {
    "XMP and ISO": v.ultra_hdr(PICTURE, GAIN, planted="CANARY Jane"),
    "XMP alone, no index": v.ultra_hdr(PICTURE, GAIN, iso=b"", listed=False, planted="CANARY Jane"),
    "ISO alone": v.ultra_hdr(PICTURE, GAIN, numbers="", planted="CANARY Jane"),
    "three colours": v.ultra_hdr(PICTURE, GAIN, numbers=THREE, planted="CANARY Jane"),
    "behind a preview": v.ultra_hdr(PICTURE, GAIN, between=s.coded("JPEG", comment=b"CANARY"), planted="CANARY Jane"),
    "a tail behind the map": v.ultra_hdr(PICTURE, GAIN, planted="CANARY Jane") + s.CANARY,
    "a map with a profile and a thumbnail": v.ultra_hdr(PICTURE, _COLOURED, planted="CANARY Jane"),
    "ISO, three colours": v.ultra_hdr(PICTURE, _COLOURED, iso=ISO_THREE, numbers=""),
    "a turned picture": v.ultra_hdr(s.coded("JPEG", exif=s.exif(6)), GAIN),
    "a progressive picture": v.ultra_hdr(s.coded("JPEG", progressive=True), GAIN, planted="CANARY Jane"),
}


def kept_is_told(result: CleanResult) -> bool:
    return "clean.kept.gain-map" in {row.key for row in result.receipt.kept}


@pytest.mark.parametrize("name", sorted(KEPT))
def test_map_and_numbers_stay_and_nothing_else(name: str) -> None:
    photo = Photo.open(KEPT[name])
    result = stripped(photo.data, PLAN)
    assert b"CANARY" not in result.data
    primary, gain = halves(result.data)
    source = _COLOURED if _COLOURED[-300:] in photo.data else GAIN
    assert Image.open(io.BytesIO(gain)).tobytes() == Image.open(io.BytesIO(source)).tobytes()
    assert kept_is_told(result)
    assert "gain_map" not in {what.key.rpartition(".")[2] for what in losses.phrases(result.receipt.notes)}
    said = metadata.read(result.data, Format.JPEG, "copy").entries
    assert all(belongs(entry) or entry.field == "Orientation" for entry in said)
    lengths = [entry.text for entry in said if entry.field == "Item:Length"]
    assert lengths in ([], [str(len(gain))])
    assert cleaning.left_over(Photo.open(result.data), PLAN) == []
    assert cleaning.left_over(Photo.open(result.data), CleanPlan(metadata_only=True)) != []
    assert stripped(result.data, PLAN).data == result.data
    assert Photo.open(primary).orientation == photo.orientation


def test_numbers_are_those_of_the_source() -> None:
    said = metadata.read(stripped(KEPT["three colours"], PLAN).data, Format.JPEG, "copy").entries
    named = [entry for entry in said if re.fullmatch(r"hdrgm:(Gain|Gamma|HDRC|Off).*", entry.field)]
    values = [(entry.field, float(entry.text)) for entry in named]
    assert ("hdrgm:Gamma", 1.0) in values
    assert [number for name, number in values if name == "hdrgm:GainMapMax"] == [3.0, 1.5, 0.25]
    assert ("hdrgm:OffsetSDR", 0.015625) in values


_PAIR = st.tuples(st.integers(-(2**31), 2**31 - 1), st.integers(1, 2**32 - 1))
_UNSIGNED = st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 2**32 - 1))


@share(0.25)
@given(st.tuples(_UNSIGNED, _UNSIGNED, _PAIR, _PAIR, _UNSIGNED, _PAIR, _PAIR))
def test_fractions_keep_their_values(pairs: tuple[tuple[int, int], ...]) -> None:
    form = ">IIIIiIiIIIiIiI"
    block = v.ISO + bytes(4) + b"\x40" + struct.pack(form, *(number for pair in pairs for number in pair))
    copy = stripped(v.ultra_hdr(PICTURE, GAIN, iso=block, numbers=""), PLAN).data
    _, gain = halves(copy)
    written = struct.unpack_from(form, gain, gain.index(v.ISO) + len(v.ISO) + 5)
    assert [Fraction(*written[i : i + 2]) for i in range(0, 14, 2)] == [Fraction(*pair) for pair in pairs]


@share(0.25)
@given(st.floats(-1000, 1000), st.floats(0.01, 100))
def test_decimal_numbers_keep_their_values(low: float, high: float) -> None:
    numbers = v.NUMBERS.replace("<hdrgm:GainMapMin>0.0", f"<hdrgm:GainMapMin>{low!r}").replace("3.0", repr(high))
    result = stripped(v.ultra_hdr(PICTURE, GAIN, iso=b"", numbers=numbers), PLAN)
    said = {entry.field: entry.text for entry in metadata.read(result.data, Format.JPEG, "copy").entries}
    assert float(said["hdrgm:GainMapMin"]) == pytest.approx(low, rel=1e-6, abs=1e-30)
    assert float(said["hdrgm:GainMapMax"]) == pytest.approx(high, rel=1e-6)


_HEADROOM = "<HDRGainMap:HDRGainMapHeadroom>4.2</HDRGainMap:HDRGainMapHeadroom>"


def apple(more: str) -> bytes:
    """Apple's form."""
    packet = v.packet(v.APPLE_MAP + more + "<apdi:Who>CANARY</apdi:Who>", v.APPLE_NAMES)
    return v.mpo((v.FIRST, PICTURE), (0, b"\xff\xd8" + packet + GAIN[2:]))


def test_apples_map_is_kept_where_its_headroom_is_told() -> None:
    result = stripped(apple(_HEADROOM), PLAN)
    assert b"CANARY" not in result.data
    said = {entry.field: entry.text for entry in metadata.read(result.data, Format.JPEG, "copy").entries}
    assert said["HDRGainMap:HDRGainMapHeadroom"] == "4.2"
    assert kept_is_told(result)


_TALL = s.coded("JPEG", s.picture().convert("L").resize((60, 80)))
NOT_KEPT: dict[str, bytes] = {
    "no headroom": apple(""),
    "of another shape": v.ultra_hdr(PICTURE, _TALL),
    "numbers that are none": v.ultra_hdr(PICTURE, GAIN, iso=b"", numbers=v.NUMBERS.replace("3.0", "CANARY")),
    "no end of numbers": v.ultra_hdr(PICTURE, GAIN, iso=b"", numbers=v.NUMBERS.replace("3.0", "inf")),
    "numbers without a maximum": v.ultra_hdr(PICTURE, GAIN, iso=b"", numbers="<hdrgm:Version>1.0</hdrgm:Version>"),
    "fractions over nothing": v.ultra_hdr(PICTURE, GAIN, iso=v.ISO_MAP[:-4] + bytes(4), numbers=""),
    "a longer block": v.ultra_hdr(PICTURE, GAIN, iso=v.ISO_MAP + s.CANARY, numbers=""),
}


@pytest.mark.parametrize("name", sorted(NOT_KEPT))
def test_what_makes_no_sense_goes_and_is_told(name: str) -> None:
    result = stripped(NOT_KEPT[name], PLAN)
    assert b"CANARY" not in result.data
    assert "clean.lost.gain_map" in {what.key for what in losses.phrases(result.receipt.notes)}
    assert not kept_is_told(result)
    assert metadata.read(result.data, Format.JPEG, "copy").entries == ()


def test_what_is_hidden_in_the_picture_does_not_stay_in_its_map() -> None:
    photo, scan = Photo.open(KEPT["XMP and ISO"]), seen(Box(100, 80, 60, 30))
    plan = CleanPlan(keep=KEEP)
    result = cleaning.clean(photo, scan(photo), scan, plan)
    assert "clean.lost.gain_map" in {what.key for what in losses.phrases(result.receipt.notes)}
    assert not kept_is_told(result)
    assert metadata.read(result.data, Format.JPEG, "copy").entries == ()
    foreseen = cleaning.foresee(photo, scan(photo), plan)
    assert "clean.lost.gain_map" in {what.key for what in losses.phrases(foreseen.notes)}
    unhidden = cleaning.clean(photo, seen()(photo), seen(), plan)
    assert kept_is_told(unhidden)


def test_the_proof_accepts_one_map_and_its_numbers_alone() -> None:
    copy = stripped(KEPT["XMP and ISO"], PLAN).data
    primary, gain = halves(copy)
    at = gain.index(b'hdrgm:Gamma="1"')
    bad = {
        "a second map": copy + gain,
        "a name among the numbers": copy[: len(primary) + at] + b'hdrgm:Gamma="J"' + copy[len(primary) + at + 15 :],
        "something behind the map": copy + s.CANARY,
        "another segment": copy[:2] + c.segment(0xE5, s.CANARY) + copy[2:],
        "a picture that is no map": primary + GAIN,
        "a text in the list": copy.replace(b'Item:Semantic="Primary"', b'Item:Semantic="Jane D."'),
    }
    assert cleaning.left_over(Photo.open(copy), PLAN) == []
    for name, data in bad.items():
        assert cleaning.left_over(Photo.open(data), PLAN) != [], name


def test_a_map_of_another_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof compares the map's coded data with the source's."""
    real = gain_map._joined
    other = s.coded("JPEG", s.picture().rotate(180).convert("L").resize((80, 60)))
    monkeypatch.setattr(gain_map, "_joined", lambda primary, found: real(primary, replace(found, picture=other)))
    with pytest.raises(RefusedError, match="changed"):
        stripped(KEPT["XMP and ISO"], PLAN)


def test_in_place_the_way_out_is_named(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(NOT_KEPT["no headroom"])
    refused = call(file, "--in-place", "--metadata-only")
    assert refused.exit_code == 2
    assert "gain map" in refused.output
    assert "--keep" not in refused.output
    file.write_bytes(KEPT["XMP and ISO"])
    refused = call(file, "--in-place", "--metadata-only")
    assert refused.exit_code == 2
    assert "--keep gain-map keeps it" in refused.output
    assert call(file, "--in-place", "--metadata-only", "--keep", "gain-map").exit_code == 0
    assert b"CANARY" not in file.read_bytes()


# ---------------------------------------------------------------- AVIF and HEIC

TONE_MAPPED: dict[str, bytes] = {
    "AVIF": v.avif(planted=b"CANARY Jane"),
    "AVIF, three colours": v.avif(numbers=ISO_LONG, planted=b"CANARY Jane"),
    "HEIC": v.heic("picture", tone_mapped=v.ISO_MAP),
    "HEIC, three colours": v.heic("picture", tone_mapped=ISO_THREE),
}


@pytest.mark.parametrize("name", sorted(TONE_MAPPED))
def test_a_tone_mapped_picture_keeps_its_map(name: str) -> None:
    photo = Photo.open(TONE_MAPPED[name])
    result = stripped(photo.data, PLAN)
    assert b"CANARY" not in result.data
    assert kept_is_told(result)
    assert losses.phrases(result.receipt.notes) == ()
    assert cleaning.left_over(Photo.open(result.data), PLAN) == []
    assert cleaning.left_over(Photo.open(result.data), CleanPlan(metadata_only=True)) != []
    assert stripped(result.data, PLAN).data == result.data
    assert result.data.count(b"tmap") == photo.data.count(b"tmap")
    without = stripped(photo.data).data
    assert b"tmap" not in without
    assert (Photo.open(without).pixels() == photo.pixels()).all()
    assert len(result.data) > len(without)


@pytest.mark.parametrize(
    "data",
    [
        v.avif((24, 32)),
        v.heic("picture", tone_mapped=v.ISO_MAP + s.CANARY),
        v.heic("picture", tone_mapped=v.ISO_MAP[:-4] + bytes(4)),
    ],
    ids=["of another shape", "a longer block", "fractions over nothing"],
)
def test_a_tone_map_that_makes_no_sense_goes(data: bytes) -> None:
    result = stripped(data, PLAN)
    assert b"CANARY" not in result.data
    assert [what.key for what in losses.phrases(result.receipt.notes)] == ["clean.lost.gain_map"]
    assert not kept_is_told(result)
