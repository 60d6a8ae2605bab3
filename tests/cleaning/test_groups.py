"""Copies that keep groups of what a file says: nothing of the others is in them, and what is promised is there."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import piexif
import pillow_heif
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from photoscan import groups, metadata
from photoscan.cleaning import CleanPlan, CleanResult, clean, foresee, left_over, retold
from photoscan.cli.clean import clean as command
from photoscan.detectors.statements import classify
from photoscan.errors import CleaningError, UsageError
from photoscan.formats import Format, detect
from photoscan.metadata import Entry, Role
from photoscan.metadata.positions import fixes
from photoscan.on_purpose import Purpose
from photoscan.options import ScanOptions
from photoscan.photo import Photo
from photoscan.risk import exempt
from photoscan.risk.policy import Policy
from photoscan.scanner import Scanner
from photoscan.stripping.base import Keep
from tests.cleaning import samples
from tests.metadata import containers as c
from tests.properties import share

GROUPS = tuple(groups.groups())
SPHERE = {
    "UsePanoramaViewer": "True", "ProjectionType": "equirectangular", "PoseHeadingDegrees": "122.5",
    "CroppedAreaImageWidthPixels": "320", "CroppedAreaImageHeightPixels": "160", "FullPanoWidthPixels": "320",
    "FullPanoHeightPixels": "160", "CroppedAreaLeftPixels": "0", "CroppedAreaTopPixels": "0",
}  # fmt: skip
GONE_SPHERE = {
    "FirstPhotoDate": "2024-05-06T07:08:09Z", "StitchingSoftware": "Seamster 3", "SourcePhotosCount": "37",
    "InitialViewHeadingDegrees": "left of Siti's gate",
}  # fmt: skip


def exif() -> bytes:
    """EXIF that says something of each group, with a maker's note and a thumbnail."""
    return piexif.dump({
        "0th": {
            piexif.ImageIFD.Make: b"Kameraku", piexif.ImageIFD.Model: b"K-2000",
            piexif.ImageIFD.Artist: b"Siti Rahimah",
            piexif.ImageIFD.Software: b"Kilang Gambar 4", piexif.ImageIFD.DateTime: b"2024:05:06 07:08:09",
            piexif.ImageIFD.ImageDescription: b"The lantern feast",
            piexif.ImageIFD.XPKeywords: "lampu".encode("utf-16-le"),
            piexif.ImageIFD.Orientation: 6, piexif.ImageIFD.XResolution: (300, 1), piexif.ImageIFD.ResolutionUnit: 2,
        },
        "Exif": {
            piexif.ExifIFD.DateTimeOriginal: b"2024:05:06 07:08:09", piexif.ExifIFD.OffsetTimeOriginal: b"+08:00",
            piexif.ExifIFD.ExposureTime: (10, 1250), piexif.ExifIFD.FNumber: (28, 10),
            piexif.ExifIFD.ExposureBiasValue: (-1, 3), piexif.ExifIFD.ISOSpeedRatings: 400,
            piexif.ExifIFD.LensSpecification: ((24, 1), (70, 1), (0, 0), (0, 0)), piexif.ExifIFD.Flash: 16,
            piexif.ExifIFD.UserComment: b"UNICODE\0" + "Café".encode("utf-16-be"), piexif.ExifIFD.ExifVersion: b"0232",
            piexif.ExifIFD.BodySerialNumber: b"SN-77310042", piexif.ExifIFD.MakerNote: b"Siti Rahimah SN-77310042" * 3,
            piexif.ExifIFD.PixelXDimension: 320,
        },
        "GPS": {
            piexif.GPSIFD.GPSVersionID: (2, 3, 0, 0), piexif.GPSIFD.GPSLatitudeRef: b"N",
            piexif.GPSIFD.GPSLatitude: ((3, 1), (8, 1), (2040, 100)), piexif.GPSIFD.GPSLongitudeRef: b"E",
            piexif.GPSIFD.GPSLongitude: ((101, 1), (41, 1), (1284, 100)), piexif.GPSIFD.GPSAltitudeRef: 0,
            piexif.GPSIFD.GPSAltitude: (5517, 100), piexif.GPSIFD.GPSTimeStamp: ((23, 1), (8, 1), (95, 10)),
            piexif.GPSIFD.GPSDateStamp: b"2024:05:05",
        },
        "1st": {piexif.ImageIFD.Compression: 6, piexif.ImageIFD.Make: b"Kameraku"},
        "thumbnail": samples.coded("JPEG", samples.picture().resize((64, 48))),
    })  # fmt: skip


def packet(sphere: dict[str, str] | None = None) -> bytes:
    """XMP that says something of each group, as attributes, elements and lists, and a history as a structure."""
    around = "".join(f' GPano:{name}="{value}"' for name, value in (sphere or {}).items())
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" '
        'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" '
        'xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" xmlns:mine="http://example.org/mine/" '
        f'photoshop:City="Pekan Melur" exif:GPSLatitude="3,8.34N" exif:GPSLongitude="101,41.214E"{around} '
        'aux:SerialNumber="SN-77310042" xmp:CreateDate="2024-05-06T07:08:09+08:00" mine:secret="Pekan Melur 12">'
        "<dc:creator><rdf:Seq><rdf:li>Siti Rahimah</rdf:li><rdf:li>Ibu &amp; Co</rdf:li></rdf:Seq></dc:creator>"
        '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Lanterns &lt;all&gt; evening</rdf:li></rdf:Alt>'
        "</dc:description><dc:subject><rdf:Bag>"
        "<rdf:li>lampu</rdf:li><rdf:li>Pekan Melur</rdf:li></rdf:Bag></dc:subject>"
        "<xmpMM:History><rdf:Seq><rdf:li stEvt:softwareAgent='Kilang Gambar 4'/></rdf:Seq></xmpMM:History>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def iptc() -> bytes:
    rows = ((80, b"Siti Rahimah"), (90, b"Pekan Melur"), (55, b"20240506"), (25, b"lampu"), (25, b"malam"))
    return c.dataset(90, b"\x1b%G", 1) + b"".join(c.dataset(number, text) for number, text in rows)


def _behind_soi(data: bytes, *segments: bytes) -> bytes:
    return data[:2] + b"".join(segments) + data[2:]


def jpeg(sphere: dict[str, str] | None = None) -> bytes:
    plain = samples.coded("JPEG", exif=exif())
    photoshop = c.segment(0xED, b"Photoshop 3.0\0" + c.resource(0x0404, iptc()))
    said = c.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet(sphere))
    comment = c.segment(0xFE, b"near Pekan Melur")
    return _behind_soi(plain, said, photoshop, comment) + b"Siti Rahimah behind the end"


def png(sphere: dict[str, str] | None = None) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet(sphere).decode())
    info.add_text("Author", "Siti Rahimah")
    info.add_text("Software", "Kilang Gambar 4", zip=True)
    info.add_text("Location", "Pekan Melur")
    return samples.coded("PNG", samples.small(), pnginfo=info, exif=exif())


def webp(sphere: dict[str, str] | None = None) -> bytes:
    return samples.coded("WEBP", exif=exif(), xmp=packet(sphere))


def tiff(sphere: dict[str, str] | None = None) -> bytes:
    said = Image.Exif()
    said.load(exif())
    said[0x02BC], said[0x83BB] = packet(sphere), iptc()
    return samples.coded("TIFF", samples.small(), exif=said)


def heic(sphere: dict[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(samples.small()).save(out, quality=70, exif=exif(), xmp=packet(sphere))
    return out.getvalue()


def avif(sphere: dict[str, str] | None = None) -> bytes:
    return samples.coded("AVIF", samples.small(), exif=exif(), xmp=packet(sphere))


def jxl(sphere: dict[str, str] | None = None) -> bytes:
    head = b"\0\0\0\x0cJXL \r\n\x87\n" + c.box(b"ftyp", b"jxl \0\0\0\0jxl ")
    said = c.box(b"Exif", bytes(4) + exif()[6:]) + c.box(b"xml ", packet(sphere))
    return head + said + c.box(b"jxlc", samples.JXL)


MAKERS: dict[str, Callable[..., bytes]] = {
    "jpeg": jpeg, "png": png, "webp": webp, "tiff": tiff, "heic": heic, "avif": avif, "jxl": jxl,
}  # fmt: skip
PLANTED = {
    "gps": (b"Pekan Melur", b"101,41"),
    "names": (b"Siti Rahimah", b"Ibu &amp; Co"),
    "device": (b"Kameraku", b"K-2000", b"SN-77310042", b"Kilang Gambar"),
    "time": (b"2024:05:06", b"2024-05-06", b"20240506"),
    "text": (b"lantern feast", b"evening", b"lampu", b"malam"),
}
PROMISED = {
    "gps": {"GPSLatitude", "GPSLongitude", "GPSAltitude", "photoshop:City"},
    "names": {"Artist", "dc:creator"},
    "device": {"Make", "Model", "Software", "BodySerialNumber", "aux:SerialNumber"},
    "time": {"DateTimeOriginal", "ModifyDate", "OffsetTimeOriginal", "xmp:CreateDate"},
    "text": {"ImageDescription", "dc:description"},
    "settings": {"ExposureTime", "FNumber", "ExposureCompensation", "ISO", "LensInfo", "Flash", "ExifVersion"},
}
"""Fields that a copy of each container has where their group is kept."""
VERSIONS = ("2:0", "ApplicationRecordVersion", "1:90", "CodedCharacterSet")
"""What an IPTC block says of itself."""


def of(data: bytes, **choices: Any) -> CleanResult:
    return clean(Photo.open(data), None, None, CleanPlan(metadata_only=True, **choices))


def entries(data: bytes) -> tuple[Entry, ...]:
    format_ = detect(data)
    assert format_ is not None
    return metadata.read(data, format_, "copy").entries


def told(data: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in entries(data):
        found.setdefault(entry.field, []).append(entry.text)
    return found


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("maker", MAKERS)
def test_one_group_goes_and_the_others_stay(maker: str, group: str) -> None:
    data = MAKERS[maker]()
    copy = of(data, remove=(group,), keep=("icc", "orientation", *(("text",) if group != "text" else ())))
    before, after = told(data), told(copy.data)
    for planted in PLANTED.get(group, ()):
        assert planted not in copy.data
    for kept in set(GROUPS) - {group}:
        for field in PROMISED[kept]:
            assert after.get(field, ())[:1] == before[field][:1], field


@pytest.mark.parametrize("maker", MAKERS)
@given(st.sets(st.sampled_from(groups.topics()), min_size=1))
@share(0.04)
def test_whatever_is_removed_no_reader_finds_and_whatever_stays_is_the_same(maker: str, removed: set[str]) -> None:
    data = MAKERS[maker]()
    copy = of(data, remove=tuple(sorted(removed)))
    before = {(entry.field, entry.text) for entry in entries(data)}
    after = entries(copy.data)
    kinds = {kind.value for entry in after if entry.role is Role.TAG and (kind := classify(entry))}
    assert not kinds & removed
    assert not ("metadata.gps" in removed and list(fixes(after)))
    assert {(entry.field, entry.text) for entry in after if entry.field not in VERSIONS} <= before


def test_a_position_stays_to_the_last_digit_where_something_else_goes() -> None:
    copy = of(jpeg(), remove=("device",))
    gps = piexif.load(copy.data)["GPS"]
    assert gps[piexif.GPSIFD.GPSLatitude] == ((3, 1), (8, 1), (2040, 100))
    assert gps[piexif.GPSIFD.GPSTimeStamp] == ((23, 1), (8, 1), (95, 10))
    assert piexif.load(copy.data)["Exif"][piexif.ExifIFD.LensSpecification] == ((24, 1), (70, 1), (0, 0), (0, 0))


def test_texts_go_with_places_and_names_unless_they_are_kept_by_name() -> None:
    without, kept = of(jpeg(), remove=("gps",)), of(jpeg(), remove=("gps",), keep=("text",))
    assert b"lantern feast" not in without.data
    assert b"lantern feast" in kept.data
    assert "clean.note.texts_went" in {note.key for note in without.receipt.notes}
    assert "clean.note.texts_went" not in {note.key for note in kept.receipt.notes}


def test_a_text_that_names_what_goes_goes_too() -> None:
    copy = of(jpeg(), remove=("gps",), keep=("text",))
    assert told(copy.data)["dc:subject"] == ["lampu"]
    assert b"near Pekan" not in copy.data


@pytest.mark.parametrize("text", ["3.13900, 101.68690", r"C:\Users\siti\lantern.psd"])
def test_a_text_with_a_position_or_a_users_folder_goes(text: str) -> None:
    raw = piexif.dump({"0th": {piexif.ImageIFD.DocumentName: text.encode(), piexif.ImageIFD.Make: b"Kameraku"}})
    copy = of(samples.coded("JPEG", exif=raw), remove=("gps", "names"), keep=("text",))
    assert text.encode() not in copy.data
    assert "Make" in told(copy.data)


def test_what_nobody_can_see_through_goes_and_the_receipt_says_so() -> None:
    copy = of(jpeg(), remove=("time",))
    assert "clean.note.blocks_went" in {note.key for note in copy.receipt.notes}
    assert not any(entry.role in (Role.THUMBNAIL, Role.UNKNOWN, Role.TRAILING) for entry in entries(copy.data))
    assert b"Seamster" not in copy.data


def test_keep_names_the_only_groups_that_stay() -> None:
    found = told(of(webp(), keep=("icc", "orientation", "time", "metadata.device")).data)
    assert {"DateTimeOriginal", "Make", "xmp:CreateDate"} <= set(found)
    assert not {"Artist", "GPSLatitude", "BodySerialNumber", "Software", "ExposureTime"} & set(found)


def test_a_position_can_be_rounded_where_another_group_goes() -> None:
    copy = of(jpeg(), remove=("device",), coarsen_gps="city")
    (fix,) = fixes(entries(copy.data))
    assert (round(fix.latitude, 3), round(fix.longitude, 3)) == (3.1, 101.7)
    assert b"Pekan Melur" not in copy.data


@pytest.mark.parametrize(
    "choices",
    [
        {"remove": ("gps",), "keep": ("gps",)},
        {"remove": ("device",), "keep": ("metadata.serial",)},
        {"remove": ("names",), "keep": ("copyright",)},
        {"remove": ("time",), "keep": ("date",)},
        {"remove": ("gps",), "coarsen_gps": "city"},
        {"keep": ("gps",), "coarsen_gps": "city"},
        {"remove": ("icc",)},
        {"remove": ("faces",)},
        {"keep": ("everything",)},
        {"remove": "gps"},
    ],
)
def test_contradictions_and_words_that_name_nothing_are_refused(choices: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        CleanPlan(metadata_only=True, **choices)


def test_what_a_policy_says_gives_way_to_what_is_asked_for() -> None:
    base = {"name": "own", "version": "1"}
    policy = Policy.parse({**base, "redaction": {"keep": ["icc", "date"], "coarsen_gps": "city", "kinds": ["all"]}})
    plan = CleanPlan.by_policy(policy, remove=("time", "gps"))
    assert plan.metadata_only
    assert plan.coarsen_gps is None
    assert "date" not in plan.keep
    hiding = CleanPlan.by_policy(policy, remove=("gps",), redact=("face",))
    assert not hiding.metadata_only
    assert hiding.redact == ("face",)
    own = Policy.parse({**base, "redaction": {"remove": ["gps", "names"]}})
    plan = CleanPlan.by_policy(own)
    assert not plan.metadata_only
    assert set(plan.remove) == {"metadata.gps", "metadata.place", "metadata.person"}
    assert "metadata.person" in CleanPlan.by_policy(own, keep=("names",)).topics


@pytest.mark.parametrize("format_", ["GIF", "BMP"])
def test_a_format_without_a_place_says_so(format_: str) -> None:
    extra = {"comment": b"Siti Rahimah"} if format_ == "GIF" else {}
    copy = of(samples.coded(format_, samples.small(), **extra), remove=("gps",))
    assert "clean.note.no_place" in {note.key for note in copy.receipt.notes}
    assert not copy.receipt.to_dict()["kept_parts"]


@pytest.mark.parametrize("asked", [{"keep": ("date",)}, {"keep": ("copyright",)}, {"coarsen_gps": "city"}])
def test_a_statement_that_finds_no_place_is_told(asked: dict[str, Any]) -> None:
    for format_, told in (("GIF", True), ("PNG", False)):
        notes = {note.key for note in of(samples.coded(format_, samples.small()), **asked).receipt.notes}
        assert ("clean.note.no_place" in notes) is told
    plain = of(samples.coded("GIF", samples.small()), keep=("icc", "orientation"))
    assert "clean.note.no_place" not in {note.key for note in plain.receipt.notes}


@pytest.mark.parametrize("maker", MAKERS)
def test_a_projection_stays_in_numbers_alone(maker: str) -> None:
    data = MAKERS[maker](SPHERE | GONE_SPHERE)
    copy = of(data, keep=("icc", "orientation", "projection"))
    assert {name: told(copy.data)[f"GPano:{name}"] for name in SPHERE} == {name: [v] for name, v in SPHERE.items()}
    assert set(told(copy.data)) == {f"GPano:{name}" for name in SPHERE}
    assert "clean.kept.projection" in {row.key for row in copy.receipt.kept}
    without = of(data)
    lost = [getattr(note.values.get("what"), "key", "") for note in without.receipt.notes]
    assert "clean.lost.projection" in lost
    assert not told(without.data)


@pytest.mark.parametrize("value", ["mercator", "equirectangular, at Siti's", "equirectangular<"])
def test_an_unknown_projection_is_not_kept(value: str) -> None:
    data = jpeg({**SPHERE, "ProjectionType": value.replace("<", "&lt;")})
    assert not told(of(data, keep=("projection",)).data)


def test_the_second_look_is_told_what_was_kept_and_nothing_more(tmp_path: Path) -> None:
    copy = of(jpeg(), remove=("gps",))
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(copy.receipt.to_dict()))
    photo = Photo.open(copy.data)
    purpose = Purpose.read(file)
    assert left_over(photo, purpose.of(photo)) == []
    report = purpose.mark(Scanner(ScanOptions(only=("metadata",))).scan(copy.data), photo)
    assert report.findings
    assert all(exempt.is_exempt(finding) for finding in report.findings)
    assert left_over(photo, CleanPlan(metadata_only=True)) != []
    assert left_over(photo, CleanPlan(metadata_only=True, remove=("gps",))) == []
    # One field of a removed group more, and the copy is no longer as it was promised.
    more = _behind_soi(copy.data, c.segment(0xFE, b"near the gate"))
    assert left_over(Photo.open(more), purpose.of(photo)) != []


def test_foresight_says_what_will_stay() -> None:
    photo, plan = Photo.open(jpeg()), CleanPlan(metadata_only=True, remove=("gps",))
    assert foresee(photo, None, plan).kept == clean(photo, None, None, plan).receipt.kept


@pytest.mark.parametrize("what", ["xmp", "exif", "group"])
def test_the_proof_finds_what_a_stripper_does_wrong(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Whatever is left out, or kept of another group, there is no copy."""
    if what == "group":
        monkeypatch.setattr(retold, "topics_of", lambda entry, row: frozenset(("settings",)))
    elif what == "exif":
        monkeypatch.setattr(Keep, "exif", lambda self, orientation: b"")
    else:
        made = retold.retell
        monkeypatch.setattr(
            "photoscan.cleaning.statements.retell", lambda *given: replace(made(*given), xmp=packet(), counts=())
        )
    with pytest.raises(CleaningError):
        of(jpeg(), remove=("gps",))


def test_the_command_removes_the_place_alone_and_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "in.jpg").write_bytes(jpeg())
    out, receipts = tmp_path / "out.jpg", tmp_path / "receipts.json"
    call = [str(tmp_path / "in.jpg"), "-o", str(out), "--remove", "gps", "--receipt", str(receipts)]
    result = CliRunner().invoke(command, call)
    assert result.exit_code == 0, result.output
    assert "Pekan Melur" not in out.read_bytes().decode("latin-1")
    assert told(out.read_bytes())["Artist"] == ["Siti Rahimah"]
    (row,) = json.loads(receipts.read_text())
    assert row["output"]["picture"] == "untouched"
    assert {"part": "metadata.device", "fields": 2} in row["kept_parts"]
    check = CliRunner().invoke(command, [str(out), "--check", "--receipt", str(receipts)])
    assert check.exit_code == 0, check.output
    assert CliRunner().invoke(command, [str(out), "--check"]).exit_code == 2
    wrong = CliRunner().invoke(command, [*call[:3], "--remove", "gps", "--keep", "gps"])
    assert isinstance(wrong.exception, UsageError)


def test_every_row_of_the_table_names_a_topic_and_the_readers_count_it_so() -> None:
    for (_, name), row in retold.rows().items():
        assert row.topic in groups.topics(), name
    listed = {kind for kinds in groups.groups().values() for kind in kinds}
    assert listed == set(groups.topics())
    assert len(set(groups.topics())) == len(groups.topics())
    assert Format.JPEG.row.states >= {"exif", "xmp", "iptc", "text"}


def test_marks_that_are_written_long_stay_within_a_segment() -> None:
    """An ampersand is five characters of XMP: so many of them would fill more than a JPEG's segment holds."""
    entries = tuple(Entry("jpeg/xmp", "dc:subject", f"{number:03} " + "&" * 300, number, 1) for number in range(60))
    told = retold.retell(metadata.Metadata(entries, "a.jpg"), groups.topics(), frozenset(("xmp",)), False, True)
    assert 0 < len(told.xmp) < 65_000
