"""Nothing is lost unsaid: a copy is refused by name, or its receipt names every picture, map and film that it lacks."""

from __future__ import annotations

import io
import os
import stat
import time
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import piexif
import pillow_heif
import pytest
from PIL import Image

from photoscan import Photo, Scanner, ScanOptions, cleaning, metadata
from photoscan.cleaning import CleanPlan, CleanResult, losses
from photoscan.errors import CorruptPhotoError, UnsupportedFormatError
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.redaction import colours
from photoscan.report import Status
from tests.cleaning import samples as s
from tests.cleaning import several as v
from tests.cleaning.test_clean import seen
from tests.cleaning.test_containers import PROFILE, stripped
from tests.cleaning.test_folders import call
from tests.metadata import containers as c
from tests.metadata.test_readers import samsung

PAGES = CleanPlan(metadata_only=True, keep=("icc", "orientation", "pages"))


def lost(data: bytes) -> dict[str, object]:
    """What a copy's receipt says to be lost, and how many of it."""
    notes = stripped(data).receipt.notes
    return {what.key.removeprefix("clean.lost."): what.values["count"] for what in losses.phrases(notes)}


# ---------------------------------------------------------------- RAW


@pytest.mark.parametrize("name", sorted(v.RAW))
def test_a_preview_is_never_the_copy_of_a_photo(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormatError, match=r"RAW|--keep pages") as raised:
        stripped(v.RAW[name])
    assert sum(way in str(raised.value) for way in ("export", "--keep pages", "--to jpeg")) == 1
    file = tmp_path / "photo.nef"
    file.write_bytes(v.RAW[name])
    assert call(file, "--in-place", "--metadata-only", "--drop-extras").exit_code == 2
    assert file.read_bytes() == v.RAW[name]


LATER = {"a larger later page", "NEF", "CR2"}
"""The larger picture of the first is a further page, and pages are looked at. The others have a full-size preview."""


@pytest.mark.parametrize("name", sorted(v.RAW.keys() - LATER))
def test_a_preview_is_not_taken_for_the_photo_when_it_is_looked_at(name: str) -> None:
    report = Scanner(ScanOptions(only=("code",))).scan(v.RAW[name])
    outcomes = {outcome.name: outcome.status for outcome in report.detectors}
    assert report.error is not None or outcomes.get("raw") is Status.FAILED
    assert report.verdict == "incomplete"
    seen = Scanner(ScanOptions(only=("metadata",))).scan(v.RAW[name])
    assert {f.attributes["stripping"] for f in seen.findings} <= {"this format can't be stripped"}


@pytest.mark.parametrize("name", sorted(v.ORDINARY))
def test_an_ordinary_tiff_is_cleaned(name: str) -> None:
    photo = Photo.open(v.ORDINARY[name])
    copy = Photo.open(stripped(photo.data).data)
    assert (copy.width, copy.height, copy.frames) == (photo.width, photo.height, 1)


def test_pages_that_are_kept_are_the_full_ones() -> None:
    data = v.tiff(v.page(32, 24), v.page(16, 12, v.REDUCED), v.page(240, 160), v.page(20, 10))
    result = stripped(data, PAGES)
    copy = Photo.open(result.data)
    assert copy.frames == 3
    assert [copy.pixels(page).shape[:2] for page in range(3)] == [(24, 32), (160, 240), (10, 20)]
    assert losses.phrases(result.receipt.notes) == ()


def test_pages_that_share_a_strip_or_look_alike_are_cleaned() -> None:
    alike = v.tiff(v.page(64, 64), v.page(64, 64))
    shared = bytearray(alike)
    assert lost(alike) == {"pages": 1}
    strips = [at for at in range(len(shared)) if shared[at : at + 4] == b"\x11\x01\x04\0"]
    shared[strips[0] + 8 : strips[0] + 12] = shared[strips[1] + 8 : strips[1] + 12]
    assert lost(bytes(shared)) == {"pages": 1}
    different = v.tiff(v.page(64, 64), v.page(64, 64, coded=bytes(i * i % 253 for i in range(4096))))
    assert b"".join(e.raw for e in metadata.read(different, Format.TIFF, "x").entries) in different


# ---------------------------------------------------------------- fill bytes in a JPEG


def filled(data: bytes, count: int) -> bytes:
    """The JPEG with fill bytes in front of every marker, restarts among them (T.81, B.1.1.2)."""
    out, at = bytearray(), 0
    while (next_ := data.find(b"\xff", at)) >= 0:
        out += data[at:next_]
        marker = data[next_ + 1]
        out += (b"" if marker in (0x00, 0xD8) else b"\xff" * count) + data[next_ : next_ + 2]
        at = next_ + 2
        if marker not in (0x00, 0xD8, 0xD9) and not 0xD0 <= marker <= 0xD7:
            length = int.from_bytes(data[at : at + 2], "big")
            out += data[at : at + length]
            at += length
    return bytes(out + data[at:])


@pytest.mark.parametrize("count", [1, 2, 7])
@pytest.mark.parametrize("progressive", [False, True])
def test_fill_bytes_are_no_part_of_the_picture(count: int, progressive: bool) -> None:
    plain = s.coded("JPEG", progressive=progressive, restart_marker_rows=2)
    data = filled(plain, count)
    assert len(data) > len(plain)
    assert stripped(data).data == stripped(plain).data
    assert stripped(filled(s.coded("JPEG", comment=s.CANARY), count)).data == stripped(s.coded("JPEG")).data


# ---------------------------------------------------------------- what a copy lacks is named

_ONE, _TWO = v._photo(64, 48), s.coded("JPEG", s.picture().rotate(90).resize((64, 48)))
_PROFILED = s.coded("JPEG", s.small(), icc_profile=PROFILE)
_GAIN = s.coded("JPEG", s.picture().convert("L").resize((32, 24)))
_MOVING = c.movie(handlers=(b"vide",))
_LIVE = c.exif(
    c.tiff([(0x10F, 2, "Apple")], exif=[(0x927C, 7, b"Apple iOS\0\0\1MM" + c.ifd([(0x11, 2, "1234-ABCD")], ">", 14))])
)
FORMS: dict[str, tuple[bytes, dict[str, int]]] = {
    "MPO, stereo": (v.mpo((v.FIRST, _ONE), (v.STEREO, _TWO)), {"stereo": 1}),
    "MPO, little-endian": (v.mpo((v.FIRST, _ONE), (v.STEREO, _TWO), order="<"), {"stereo": 1}),
    "MPO, large preview": (v.mpo((v.FIRST, _ONE), (v.PREVIEW, _TWO)), {"preview": 1}),
    "MPO, panorama": (v.mpo((v.FIRST, _ONE), (v.PANORAMA, _TWO), (v.PANORAMA, _ONE)), {"part": 2}),
    "MPO, of no kind": (v.mpo((v.FIRST, _ONE), (0, _TWO)), {"pictures": 1}),
    "a JPEG behind a JPEG": (_ONE + _TWO, {"pictures": 1}),
    "Ultra HDR": (v.ultra_hdr(_ONE, _GAIN), {"gain_map": 1}),
    "Ultra HDR, XMP alone": (v.ultra_hdr(_ONE, _GAIN, iso=b"", listed=False), {"gain_map": 1}),
    "Ultra HDR, ISO alone": (v.ultra_hdr(_ONE, _GAIN, numbers=""), {"gain_map": 1}),
    "Apple's gain map": (
        v.mpo((v.FIRST, _ONE), (0, b"\xff\xd8" + v.packet(v.APPLE_MAP, v.APPLE_NAMES) + _GAIN[2:])),
        {"gain_map": 1},
    ),
    "a profile that makes no sense": (s.coded("JPEG", s.small(), icc_profile=b"CANARY" * 40), {"profile": 1}),
    "a profile of the thumbnail": (
        s.coded("JPEG", s.small(), exif=piexif.dump({"1st": {259: 6}, "thumbnail": _PROFILED})),
        {},
    ),
    "motion photo": (_ONE + _MOVING, {"video": 1}),
    "Live Photo": (b"\xff\xd8" + _LIVE + _ONE[2:], {"live": 1}),
    "360 degrees": (v.projected(), {"projection": 1}),
    "360 degrees under another prefix": (v.projected("pano"), {"projection": 1}),
    "Samsung's depth map": (_ONE + samsung(b"DualShot_DepthMap_1", bytes(range(1, 200))), {"depth": 1}),
    "Samsung's sound": (_ONE + samsung(b"SoundShot_000", bytes(range(1, 200))), {"sound": 1}),
    "HEIC, projected": (v.heic() + c.box(b"prfr", bytes(range(40))), {"projection": 1}),
    "HEIC, two pictures": (v.heic("picture"), {"pictures": 1}),
    "HEIC, pictures coded alike": (v.heic("picture", "picture", same=True), {"pictures": 2}),
    "HEIC, stereo": (v.heic("picture", grouped=b"ster"), {"stereo": 1}),
    "HEIC, burst": (v.heic("picture", "picture", "picture", grouped=b"brst"), {"burst": 3}),
    "HEIC, gain map": (v.heic("gain"), {"gain_map": 1}),
    "HEIC, depth and outlines": (v.heic("depth", "matte", "matte"), {"depth": 1, "outlines": 2}),
    "HEIC, transparency and thumbnail": (v.heic("alpha", "thumbnail"), {}),
    "HEIC, tone mapped": (v.heic("picture", tone_mapped=v.ISO_MAP), {"gain_map": 1}),
    "HEIC, motion": (v.heic() + c.box(b"mpvd", _MOVING), {"video": 1}),
    "HEIC, everything": (v.heic("picture", "gain", "depth"), {"pictures": 1, "gain_map": 1, "depth": 1}),
    "TIFF of three pages": (v.tiff(v.page(32, 24), v.page(32, 24), v.page(16, 12)), {"pages": 2}),
    "TIFF with a sub-picture": (v.tiff(v.page(32, 24, below={0x14A: [v.page(16, 12)]})), {"pictures": 1}),
    "TIFF with a thumbnail": (v.ORDINARY["a page and its thumbnail"], {}),
    "TIFF with layers": (v.ORDINARY["layers with a large picture"], {"layers": 1}),
    "JPEG XL that was a JPEG": (s.jxl(), {"restoring": 1}),
    "JPEG XL with a gain map": (s.jxl() + c.box(b"jhgm", bytes(range(64))), {"restoring": 1, "gain_map": 1}),
}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_what_a_copy_lacks_is_named(name: str) -> None:
    data, wanted = FORMS[name]
    result = stripped(data)
    assert lost(data) == wanted
    assert metadata.read(result.data, Photo.open(data).format, "copy").entries == ()
    words = [str(what) for what in losses.phrases(result.receipt.notes)]
    assert all(word in result.receipt.summary() and word in result.receipt.text() for word in words)
    foreseen = cleaning.foresee(Photo.open(data), None, CleanPlan(metadata_only=True))
    assert losses.phrases(foreseen.notes) == losses.phrases(result.receipt.notes)
    assert all(word in foreseen.text() for word in words)


HIDDEN = sorted(name for name in FORMS if not name.startswith("JPEG XL"))


@pytest.mark.parametrize("name", HIDDEN)
def test_what_a_copy_with_hidden_parts_lacks_is_named(name: str) -> None:
    data, wanted = FORMS[name]
    photo, scan = Photo.open(data), seen()
    plan = CleanPlan(boxes=(Box(0, 0, photo.width // 2, photo.height // 2),))
    result = cleaning.clean(photo, scan(photo), scan, plan)
    named = {
        what.key.removeprefix("clean.lost."): what.values["count"] for what in losses.phrases(result.receipt.notes)
    }
    assert named == wanted
    assert result.receipt.method is not None
    assert metadata.read(result.data, photo.format, "copy").entries == ()


def hidden(data: bytes) -> CleanResult:
    """The copy with its corner hidden."""
    scan = seen()
    return cleaning.clean(Photo.open(data), scan(data), scan, CleanPlan(boxes=(Box(0, 0, 8, 8),)))


_PQ = {"color_primaries": 9, "transfer_characteristics": 16, "matrix_coefficients": 9, "full_range_flag": 1}
_CHUNKS = {b"gAMA": 45455, b"cICP": 0x09100001, b"cLLI": 0x0000_2710_0000_0100, b"sRGB": 0}


def test_hdr_and_colours_of_a_picture_with_hidden_parts_stay() -> None:
    sizes = {b"cLLI": 8, b"sRGB": 1}
    chunks = b"".join(c.chunk(kind, value.to_bytes(sizes.get(kind, 4), "big")) for kind, value in _CHUNKS.items())
    for depth in (8, 16):
        made, coded = cv2.imencode(".png", np.full((24, 32, 3), 200, np.uint8 if depth == 8 else np.uint16))
        plain = bytes(coded)
        assert made
        copy = hidden(plain[:33] + chunks + plain[33:]).data
        assert all(c.chunk(kind, value.to_bytes(sizes.get(kind, 4), "big")) in copy for kind, value in _CHUNKS.items())
    out = io.BytesIO()
    deep = np.random.default_rng(2).integers(0, 65535, (64, 64, 3)).astype(np.uint16)
    pillow_heif.from_bytes("RGB;16", (64, 64), deep.tobytes()).save(out, quality=80, **_PQ)
    copy = hidden(out.getvalue()).data
    assert pillow_heif.open_heif(io.BytesIO(copy)).info["nclx_profile"].items() >= _PQ.items()
    avif = bytearray(s.coded("AVIF", s.picture()))
    at = avif.index(b"colrnclx")
    avif[at + 8 : at + 12] = b"\0\x09\0\x10"
    assert b"colrnclx\0\x09\0\x10" in hidden(bytes(avif)).data


def test_bits_that_an_encoder_does_not_write_are_told() -> None:
    data = bytearray(s.coded("AVIF", s.picture()))
    assert not colours.is_deep(bytes(data), Format.AVIF)
    data[data.index(b"av1C") + 6] |= 0x40
    assert colours.is_deep(bytes(data), Format.AVIF)
    assert not colours.is_deep(b"", Format.AVIF)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_in_place_what_would_be_lost_has_to_be_given_up_by_name(name: str, tmp_path: Path) -> None:
    data, wanted = FORMS[name]
    file = tmp_path / f"photo.{Photo.open(data).format.value}"
    file.write_bytes(data)
    refused = call(file, "--in-place", "--metadata-only")
    grave = set(wanted) - {"preview", "restoring", "live", "profile"}
    assert refused.exit_code == (2 if grave else 0)
    if grave:
        assert file.read_bytes() == data
        assert "--drop-extras" in refused.output
        assert ("--keep pages" in refused.output) == ("pages" in wanted)
        assert call(file, "--in-place", "--metadata-only", "--drop-extras").exit_code == 0
    assert file.read_bytes() == stripped(data).data


def test_a_conversion_names_transparency_and_depth() -> None:
    from photoscan.redaction.convert import phrases

    clear = Photo.open(s.coded("PNG", s.small().convert("RGBA")))
    assert [what.key for what in losses.phrases(phrases(clear, Format.JPEG))] == ["clean.lost.transparency"]
    assert losses.phrases(phrases(Photo.open(s.coded("PNG", s.small())), Format.JPEG)) == ()
    assert Counter(note.key for note in phrases(Photo.open(s.heic()), Format.PNG)) == {"clean.note.converted": 1}


def test_thousands_of_pictures_are_counted_in_time() -> None:
    start = time.monotonic()
    first, configuration, size = s._coded_item(s._one_heic(s.small()))
    items = [(b"hvc1", b"", first), *((b"hvc1", b"", bytes((i & 255, i >> 8)) * 40) for i in range(6000))]
    data = c.heif(items, b"", configuration + size, v.associated([(1, b"\1\2")]))
    said = metadata.read(data, Format.HEIC, "x")
    assert [what.values["count"] for what in losses.phrases(losses.lost(said, metadata.Metadata((), "copy")))] == [6000]
    with pytest.raises(CorruptPhotoError):
        stripped(v.tiff(v.page(32, 24)) + b"\xff\xd8\xff\xe0\0\4" * 300_000)
    assert time.monotonic() - start < 30


# ---------------------------------------------------------------- permissions, owners, times


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


@pytest.mark.parametrize("before", [0o600, 0o640, 0o644, 0o666, 0o444])
def test_a_photo_that_is_replaced_keeps_its_permissions(before: int, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(s.coded("JPEG", exif=s.exif()))
    file.chmod(before)
    assert call(file, "--in-place", "--metadata-only").exit_code == 0
    assert b"CANARY" not in file.read_bytes()
    assert mode(file) == before


@pytest.mark.parametrize(("mask", "wanted"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_copy_has_the_permissions_of_new_files(mask: int, wanted: int, tmp_path: Path) -> None:
    file, one, folder = tmp_path / "photo.jpg", tmp_path / "one.jpg", tmp_path / "many"
    file.write_bytes(s.coded("JPEG", exif=s.exif()))
    file.chmod(0o400)
    old = os.umask(mask)
    try:
        assert call(file, "-o", one, "--metadata-only").exit_code == 0
        assert call(tmp_path, "-o", folder, "--metadata-only").exit_code == 0
    finally:
        os.umask(old)
    assert {mode(one), mode(folder / "photo.jpg")} == {wanted}


def test_nobody_elses_group_gets_what_was_its(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file's owner can't be handed on, its group's permissions are not given to another group."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(s.coded("JPEG", exif=s.exif()))
    file.chmod(0o660)
    real, asked = Path.stat, []

    def elsewhere(self: Path, **more: bool) -> os.stat_result:
        found = real(self, **more)
        if self != file:
            return found
        return os.stat_result([*found[:4], found.st_uid, found.st_gid + 1, *found[6:10]])

    def refuse(path: str, user: int, group: int) -> None:
        asked.append((user, group))
        raise PermissionError

    monkeypatch.setattr(Path, "stat", elsewhere)
    monkeypatch.setattr(os, "chown", refuse)
    assert call(file, "--in-place", "--metadata-only").exit_code == 0
    monkeypatch.undo()
    assert asked
    assert mode(file) == 0o600


@pytest.mark.parametrize("where", ["in place", "one file", "folder"])
def test_a_copy_says_the_photos_time_where_that_is_asked_for(where: str, tmp_path: Path) -> None:
    moment = 1_700_000_000_123_456_789
    for keep in (False, True):
        file = tmp_path / "in" / "photo.jpg"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(s.coded("JPEG", exif=s.exif()))
        os.utime(file, ns=(moment, moment))
        out = {"in place": file, "one file": tmp_path / "one.jpg", "folder": tmp_path / "out" / "photo.jpg"}[where]
        place = {"in place": ["--in-place"], "one file": ["-o", out], "folder": ["-o", out.parent]}[where]
        options = ["--keep-time"] if keep else []
        assert call(file, *place, "--metadata-only", "--overwrite", *options).exit_code == 0
        assert (abs(out.stat().st_mtime_ns - moment) < 10**9) == keep


def test_extended_attributes_do_not_travel(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    Image.new("RGB", (16, 16)).save(file, "JPEG", comment=b"CANARY")
    try:
        os.setxattr(file, "user.xdg.origin.url", b"https://example.org/me")
    except (OSError, AttributeError):
        pytest.skip("no extended attributes here")
    assert call(file, "--in-place", "--metadata-only").exit_code == 0
    assert os.listxattr(file) == []
