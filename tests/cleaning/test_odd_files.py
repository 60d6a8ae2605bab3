"""Odd files whose bytes no decoder shows: what is planted there goes, or there is no copy."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photoscan import Photo, cleaning, metadata
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import CleanPlan, CleanResult, picture
from photoscan.errors import PhotoscanError
from photoscan.formats import Format
from photoscan.stripping import flat_webp
from tests.cleaning import samples as s
from tests.cleaning import several
from tests.cleaning.test_folders import call
from tests.metadata import containers as c

STRIP = CleanPlan(metadata_only=True)
PLANT = b"mango Kite47 harbour by the mill"


def stripped(data: bytes) -> CleanResult:
    return cleaning.clean(Photo.open(data), None, None, STRIP)


def inserted(data: bytes, at: int, kind: bytes, content: bytes) -> bytes:
    return data[:at] + c.chunk(kind, content) + data[at:]


def png() -> bytes:
    return s.coded("PNG", s.small().convert("RGB"))


PNGS: dict[str, Callable[[], bytes]] = {
    "a suggested palette": lambda: inserted(png(), 33, b"PLTE", PLANT[:30]),
    "a palette behind the picture": lambda: inserted(png(), len(png()) - 12, b"PLTE", PLANT[:30]),
    "a second note of gamma": lambda: inserted(inserted(png(), 33, b"gAMA", b"mang"), 33, b"gAMA", b"\0\0\xb1\x8f"),
    "more than a transparent colour": lambda: inserted(png(), 33, b"tRNS", struct.pack(">3H", 1, 2, 3) + PLANT),
    "a background longer than a colour": lambda: inserted(png(), 33, b"bKGD", PLANT[:12]),
}


@pytest.mark.parametrize("name", sorted(PNGS))
def test_chunks_that_show_nothing_go(name: str) -> None:
    data = PNGS[name]()
    result = stripped(data)
    assert PLANT[:4] not in result.data
    assert np.array_equal(Photo.open(result.data).pixels(), Photo.open(data).pixels())


def uncounted() -> bytes:
    """An APNG of two frames whose header counts one."""
    frames = [s.small(), s.small().rotate(180)]
    data = s.coded("PNG", frames[0], save_all=True, append_images=frames[1:])
    at = data.index(b"acTL")
    counted = b"acTL" + struct.pack(">II", 1, 0)
    return data[:at] + counted + struct.pack(">I", zlib.crc32(counted)) + data[at + 16 :]


def test_a_frame_that_the_animation_does_not_count_goes() -> None:
    data = uncounted()
    at = data.index(b"fdAT")
    hidden = data[at + 8 : at + 40]
    result = stripped(data)
    assert hidden not in result.data
    assert b"fdAT" not in result.data
    assert "frame that is not shown" in {removed.part for removed in result.receipt.removed}
    assert np.array_equal(Photo.open(result.data).pixels(), Photo.open(data).pixels())


def test_a_scan_tells_of_frames_and_palettes_that_nothing_shows() -> None:
    for data in (uncounted(), PNGS["a suggested palette"](), PNGS["more than a transparent colour"]()):
        photo = Photo.open(data)
        said = {entry.field for entry in metadata.read(photo.data, photo.format, "photo").entries}
        assert said & {"frame that is not shown", "surplus"}


@pytest.mark.parametrize("marker", [0xDE, 0xDF])
def test_a_hierarchical_jpeg_is_refused(marker: int) -> None:
    data = s.coded("JPEG", s.small())
    segment = bytes((0xFF, marker)) + struct.pack(">H", 2 + len(PLANT)) + PLANT
    with pytest.raises(PhotoscanError):
        stripped(data[:2] + segment + data[2:])


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        kind + len(content).to_bytes(4, "little") + content + bytes(len(content) & 1) for kind, content in chunks
    )
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def parts(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        found.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def round_one() -> Image.Image:
    image = s.picture().resize((160, 96)).convert("RGBA")
    alpha = np.clip(np.hypot(*np.mgrid[-48:48, -80:80]) * -6 + 320, 40, 255).astype(np.uint8)
    image.putalpha(Image.fromarray(alpha))
    return image


WEBPS: dict[str, Callable[[], bytes]] = {
    "with loss": lambda: s.coded("WEBP", s.picture().resize((160, 96)), quality=80),
    "without loss": lambda: s.coded("WEBP", s.picture().resize((160, 96)), lossless=True),
    "with transparency": lambda: s.coded("WEBP", round_one(), quality=80),
}


CODED = [("with loss", b"VP8 "), ("without loss", b"VP8L"), ("with transparency", b"VP8 "),
         ("with transparency", b"ALPH")]  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), CODED)
def test_bytes_behind_a_webps_picture_go(name: str, kind: bytes) -> None:
    rows = parts(WEBPS[name]())
    planted = riff(*((k, v + PLANT * 6 if k == kind else v) for k, v in rows))
    result = stripped(planted)
    assert PLANT[16:] not in result.data
    assert np.array_equal(Photo.open(result.data).pixels(), Photo.open(planted).pixels())
    assert "bytes behind the picture" in {removed.part for removed in result.receipt.removed}


@pytest.mark.parametrize(("name", "kind"), CODED)
def test_no_copy_of_a_webp_where_the_code_that_cuts_is_off(
    name: str, kind: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flat_webp, "cut", lambda chunks: (chunks, False))
    with pytest.raises(RefusedError):
        stripped(riff(*((k, v + PLANT * 6 if k == kind else v) for k, v in parts(WEBPS[name]()))))


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("rows", [0, 40, 400])
def test_a_flat_webp_keeps_its_bytes(rows: int, lossless: bool) -> None:
    """The end of its data says little, and is needed all the same."""
    samples = np.full((400, 600, 3), 180, np.uint8)
    samples[:rows] = np.array(s.picture().resize((600, 400)).convert("RGB"))[:rows]
    data = s.coded("WEBP", Image.fromarray(samples), lossless=lossless)
    assert stripped(data).data == data


def test_a_second_picture_in_a_webp_goes() -> None:
    first, second = (parts(s.coded("WEBP", image, quality=80)) for image in (s.small(), s.small().rotate(180)))
    photo = Photo.open(riff(*first, *second))
    said = {entry.field for entry in metadata.read(photo.data, photo.format, "photo").entries}
    assert "picture that is not shown" in said
    result = stripped(photo.data)
    assert second[0][1][20:60] not in result.data
    assert np.array_equal(Photo.open(result.data).pixels(), Photo.open(riff(*first)).pixels())


@pytest.mark.parametrize("where", ["the picture", "the map"])
def test_slack_goes_where_a_gain_map_stays(where: str) -> None:
    pictures = [s.coded("JPEG", s.picture(), quality=85), s.coded("JPEG", s.small().convert("L"), quality=85)]
    whole = several.ultra_hdr(*pictures)
    place = where == "the map"
    pictures[place] = pictures[place][:-2] + PLANT * 6 + pictures[place][-2:]
    plan = CleanPlan(metadata_only=True, keep=("gain-map",))
    plain, result = (
        cleaning.clean(Photo.open(data), None, None, plan) for data in (whole, several.ultra_hdr(*pictures))
    )
    assert PLANT not in result.data
    assert result.data == plain.data
    assert {"gain-map"} == {kept.key.rpartition(".")[2] for kept in result.receipt.kept}
    proofs = {said.key for said in result.receipt.proofs}
    assert {"clean.proof.same_code_cut", "clean.proof.behind_blocks"} <= proofs


def test_a_map_of_another_picture_is_no_proof() -> None:
    pictures = [s.coded("JPEG", s.picture(), quality=85), s.coded("JPEG", s.small().convert("L"), quality=85)]
    other = s.coded("JPEG", s.small().convert("L").rotate(180), quality=85)
    with pytest.raises(RefusedError):
        picture.same(several.ultra_hdr(*pictures), several.ultra_hdr(pictures[0], other), Format.JPEG)


NAMES = ["two\nlines.jpg", "\x1b[2Jcleared.jpg", 'it\'s "odd".jpg']


@pytest.mark.parametrize("name", NAMES)
def test_a_name_acts_on_no_terminal(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(s.coded("JPEG", s.small(), exif=s.exif()))
    again = ("--check",), ("-o", str(tmp_path / "copies"), "--metadata-only"), ("--dry-run", "--metadata-only")
    for arguments in (*again, again[1]):
        told = call(tmp_path / name, *arguments).output
        assert "\x1b" not in told
        assert "two\n" not in told
        assert name.split("\n")[-1].removeprefix("\x1b") in told


def test_other_names_of_a_photo_in_place_are_told(tmp_path: Path) -> None:
    file, other = tmp_path / "photo.jpg", tmp_path / "other.jpg"
    file.write_bytes(s.coded("JPEG", s.small(), exif=s.exif()))
    assert "other name" not in call(file, "-o", str(tmp_path / "copy.jpg"), "--metadata-only").output
    os.link(file, other)
    told = call(file, "--in-place", "--metadata-only")
    assert told.exit_code == 0
    assert "1 other name" in told.output
    assert b"CANARY" in other.read_bytes()
    assert b"CANARY" not in file.read_bytes()
