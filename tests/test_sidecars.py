"""Files beside a photo: which belong to it, what they say, and what becomes of hostile ones."""

from __future__ import annotations

import json
import os
import plistlib
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import Scanner, ScanOptions, scan, sidecars
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.metadata import sidecar
from photoscan.metadata.positions import fixes
from photoscan.report import Report
from photoscan.risk.exempt import BESIDE
from photoscan.sidecars import Sidecar, Sort
from tests.metadata.containers import jpeg, segment
from tests.properties import share

LONG = "A day at the beach with everybody and the dogs too, photo number one"
TAKEOUT = {
    "title": "IMG_1.jpg",
    "description": "With grandma in the garden",
    "imageViews": "12",
    "creationTime": {"timestamp": "1690000000", "formatted": "22 Jul 2023"},
    "photoTakenTime": {"timestamp": "1577934245", "formatted": "2 Jan 2020"},
    "geoData": {"latitude": 3.139003, "longitude": 101.686855, "altitude": 66.0, "latitudeSpan": 0.0},
    "geoDataExif": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0},
    "people": [{"name": "Siti Aminah"}],
    "url": "https://photos.google.com/photo/AF1Qip",
    "googlePhotosOrigin": {"mobileUpload": {"deviceType": "ANDROID_PHONE"}},
}
XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="3,8.34N" exif:GPSLongitude="101,41.2E"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>Farah Idris</rdf:li></rdf:Seq></dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
POINT = b'[{"place": {"type": "Point", "coordinates": [101.5, 3.25]}}]'
PICASA = b"""[Picasa]
name=Family
[IMG_1.JPG]
faces=rect64(3f845bcb59418507),8e62398ebda8c1a5;rect64(1),ffffffffffffffff
keywords=garden
geotag=3.139003,101.686855
[IMG_2.jpg]
caption=not this one
[Contacts2]
8e62398ebda8c1a5=Farah Idris;;
"""


@pytest.mark.parametrize(
    ("photo", "name"),
    [
        ("IMG_1.CR3", "IMG_1.xmp"),
        ("IMG_1.jpg", "IMG_1.jpg.xmp"),
        ("P1010001.JPG", "P1010001.XMP"),
        ("IMG_1.jpg", "IMG_1.jpg.json"),
        ("a.b.jpeg", "a.b.jpeg.json"),
        ("IMG_1.jpg", "IMG_1.json"),
        ("IMG_1.jpg", "IMG_1.jpg.supplemental-metadata.json"),
        ("IMG_1.jpg", "IMG_1.jpg.supplemental-meta.json"),
        ("IMG_1.jpg", "IMG_1.jpg..json"),
        ("IMG_1(2).jpg", "IMG_1.jpg(2).json"),
        ("IMG_1(2).jpg", "IMG_1(2).jpg.json"),
        ("IMG_1(2).jpg", "IMG_1.jpg.supplemental-metadata(2).json"),
        ("IMG_1-edited.jpg", "IMG_1.jpg.json"),
        ("IMG_1-edited(1).jpg", "IMG_1.jpg(1).json"),
        ("Foto-bearbeitet.jpg", "Foto.jpg.supplemental-metadata.json"),
        (f"{LONG[:47]}.jpg", f"{LONG[:46]}.json"),
        ("IMG_0001.HEIC", "IMG_0001.AAE"),
        ("IMG_E0001.JPG", "IMG_O0001.aae"),
        ("MVI_1.CR2", "MVI_1.THM"),
        ("x.png", ".picasa.ini"),
        ("x.png", "Picasa.ini"),
    ],
)  # fmt: skip
def test_whose_file_it_is(photo: str, name: str) -> None:
    assert name in sidecars.names(photo)


@pytest.mark.parametrize(
    ("photo", "name"),
    [
        ("IMG_1.jpg", "IMG_10.jpg.json"),
        ("IMG_1.jpg", "IMG_1.jpg(1).json"),
        ("IMG_1(1).jpg", "IMG_1.jpg(2).json"),
        ("IMG_1.jpg", "IMG_1.jpg.supplemental-metadata-2.json"),
        ("IMG_1.jpg", "IMG_1-edited.jpg.json"),
        ("icon.png", "package.json"),
        ("IMG_1.jpg", "metadata.json"),
        ("IMG_1.jpg", "IMG_1.png.json"),
        ("IMG_0001.HEIC", "IMG_0002.AAE"),
        (f"{LONG[:47]}.jpg", f"{LONG[:30]}.json"),
        ("IMG_1.thm", "IMG_1.thm"),
        (".jpg", ".xmp"),
    ],
)
def test_whose_file_it_is_not(photo: str, name: str) -> None:
    assert name not in sidecars.names(photo)


@given(st.text(max_size=80))
@share(0.5)
def test_no_name_makes_trouble(name: str) -> None:
    found = sidecars.names(name)
    assert name not in found
    assert len(found) < 120


def folder(tmp_path: Path, beside: dict[str, bytes], photo: str = "IMG_1.jpg") -> Path:
    for name, data in beside.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / photo).write_bytes(jpeg())
    return tmp_path / photo


def told(path: Path, **options: Any) -> tuple[Report, list[Finding]]:
    report = scan(path, ScanOptions(only=("metadata",), **options))
    return report, [finding for finding in report.findings if finding.beside]


def packed(**changes: Any) -> bytes:
    return json.dumps({**TAKEOUT, **changes}).encode()


@pytest.mark.parametrize(
    ("name", "data", "kind", "value"),
    [
        ("IMG_1.jpg.json", packed(), Kind.METADATA_GPS, "3.139003, 101.686855"),
        ("IMG_1.jpg.json", packed(), Kind.METADATA_PERSON, "Siti Aminah"),
        ("IMG_1.jpg.json", packed(), Kind.METADATA_COMMENT, "With grandma in the garden"),
        ("IMG_1.jpg.json", packed(), Kind.METADATA_DATETIME, "2020:01:02 03:04:05+00:00"),
        ("IMG_1.jpg.json", packed(), Kind.METADATA_IDENTIFIER, "https://photos.google.com/photo/AF1Qip"),
        ("IMG_1.jpg.json", packed(), Kind.METADATA_DEVICE, "ANDROID_PHONE"),
        ("IMG_1.jpg.json", packed(title="Emma's birthday.jpg"), Kind.METADATA_COMMENT, "Emma's birthday.jpg"),
        ("IMG_1.jpg.json", packed(new={"x": ["of tomorrow"]}), Kind.METADATA_COMMENT, "of tomorrow"),
        ("IMG_1.json", packed(), Kind.METADATA_GPS, "3.139003, 101.686855"),
        ("IMG_1.jpg.json", packed().decode().encode("utf-16"), Kind.METADATA_PERSON, "Siti Aminah"),
        ("IMG_1.jpg.json", b"\xef\xbb\xbf" + packed(), Kind.METADATA_PERSON, "Siti Aminah"),
        ("IMG_1.jpg.json", b'{"gps": {"lat": "3.25", "lng": "101.5"}}', Kind.METADATA_GPS, "3.250000, 101.500000"),
        ("IMG_1.jpg.json", POINT, Kind.METADATA_GPS, "3.250000, 101.500000"),
        ("IMG_1.jpg.json", b'{"author": {"name": "x"}, "uploader": "farah_i"}', Kind.METADATA_PERSON, "farah_i"),
        ("IMG_1.json", b'{"Latitude": 3.139003, "Longitude": 101.686855}', Kind.METADATA_GPS, "3.139003, 101.686855"),
        ("IMG_1.xmp", XMP, Kind.METADATA_PERSON, "Farah Idris"),
        ("IMG_1.jpg.xmp", XMP, Kind.METADATA_GPS, "3.139000, 101.686667"),
        (".picasa.ini", PICASA, Kind.METADATA_PERSON, "Farah Idris"),
        (".picasa.ini", PICASA, Kind.METADATA_GPS, "3.139003, 101.686855"),
        ("IMG_1.AAE", plistlib.dumps({"adjustmentEditorBundleID": "com.example.retouch"}), Kind.METADATA_SOFTWARE,
         "com.example.retouch"),
        ("IMG_1.THM", jpeg(segment(0xFE, b"a note about Siti")), Kind.METADATA_COMMENT, "a note about Siti"),
    ],
)  # fmt: skip
def test_what_it_says(tmp_path: Path, name: str, data: bytes, kind: Kind, value: str) -> None:
    report, found = told(folder(tmp_path, {name: data}))
    assert value in [finding.value for finding in found if finding.kind is kind]
    assert {finding.attributes["sidecar"] for finding in found} == {name}
    assert not [finding for finding in report.findings if not finding.beside]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("IMG_1.json", b'{"boxes": [{"bbox": [3.139003, 101.686855, 2.5, 7.25]}], "author": "Farah Idris"}'),
        ("IMG_1.json", b"{broken"),
        ("IMG_1.jpg.json", b'{"lat": "latin", "long": "yes"}'),
        ("IMG_1.jpg.json", packed(geoData={"latitude": 0.0, "longitude": 0.0}, people=[], description="")),
        ("IMG_1.jpg.json", packed(geoData={"latitude": 91, "longitude": 200}, people=[], description="")),
        (".picasa.ini", b"[IMG_2.jpg]\ncaption=another one\ngeotag=3.1,101.6\n"),
        ("IMG_2.jpg.json", packed()),
        ("IMG_1.AAE", plistlib.dumps({"adjustmentData": b"\0" * 400, "adjustmentFormatIdentifier": "com.apple.photo"})),
    ],
)
def test_what_it_does_not_say(tmp_path: Path, name: str, data: bytes) -> None:
    _, found = told(folder(tmp_path, {name: data}))
    assert not [f for f in found if f.kind in (Kind.METADATA_GPS, Kind.METADATA_PERSON, Kind.METADATA_COMMENT)]


def test_it_counts_for_nothing_and_is_asked_about(tmp_path: Path) -> None:
    path = folder(tmp_path, {"IMG_1.jpg.json": packed()})
    report, found = told(path)
    assert {finding.attributes["exempt"] for finding in found} == {BESIDE}
    assert (report.risk.score, report.risk.level) == (0, "none")
    (notice,) = report.decision.notices
    assert notice.code == "sidecar"
    said = notice.sentence.text("en")
    assert "IMG_1.jpg.json" in said
    assert "GPS position" in said
    assert "Siti" not in said
    assert Report.from_dict(report.to_dict()).to_dict() == report.to_dict()
    assert scan(path.read_bytes(), ScanOptions(only=("metadata",))).findings == ()
    without, none = told(path, sidecars=False)
    assert (without.decision.notices, none) == ((), [])


@pytest.mark.parametrize("policy", ["default", "platform", "workshop", "strict"])
def test_no_policy_blocks_a_photo_for_what_lies_beside_it(tmp_path: Path, policy: str) -> None:
    options = ScanOptions(only=("metadata",))
    path = folder(tmp_path, {"IMG_1.jpg.json": packed()})
    alone = Scanner(options, policy).scan(path.read_bytes(), name=str(path))
    beside = Scanner(options, policy).scan(path)
    assert [reason.code for reason in beside.decision.reasons] == [reason.code for reason in alone.decision.reasons]
    assert beside.verdict == alone.verdict


def test_values_are_masked(tmp_path: Path) -> None:
    report, _ = told(folder(tmp_path, {"IMG_1.jpg.json": packed(), "IMG_1.xmp": XMP, ".picasa.ini": PICASA}))
    written = json.dumps(report.to_dict())
    assert not [word for word in ("Siti", "grandma", "Farah", "3.139", "AF1Qip") if word in written]


def unread(path: Path, name: str) -> list[str]:
    _, found = told(path)
    return [str(f.attributes.get("looks_like")) for f in found if f.attributes["sidecar"] == name]


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere" / "secret.json"
    secret.parent.mkdir()
    secret.write_bytes(packed())
    here = tmp_path / "here"
    here.mkdir()
    path = folder(here, {})
    (here / "IMG_1.jpg.json").symlink_to(secret)
    os.mkfifo(here / "IMG_1.xmp")
    (here / "IMG_1.AAE").mkdir()
    assert unread(path, "IMG_1.jpg.json") == ["not read: a link, which is not followed"]
    assert unread(path, "IMG_1.xmp") == ["not read: a pipe or a device"]
    link = Sidecar(here / "IMG_1.jpg.json", Sort.TAKEOUT, "")
    assert sidecars.content(link) is None, "a link that took the file's place since"
    assert sidecars.content(Sidecar(here / "IMG_1.xmp", Sort.XMP, "")) is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("IMG_1.jpg.json", b"[" * 200_000),
        ("IMG_1.jpg.json", b'{"a":' * 100_000),
        ("IMG_1.jpg.json", b'{"people": ' + b"[" * 500 + b'"x"' + b"]" * 500 + b', "geoData": 1, "imageViews": 2}'),
        ("IMG_1.jpg.json", b"[" + b"1," * 400_000 + b"1]"),
        (
            "IMG_1.jpg.json",
            b'{"photoTakenTime": {"timestamp": "' + b"9" * 5000 + b'"}, "geoData": {"latitude": 1e999}}',
        ),
        ("IMG_1.jpg.json", b'{"geoData": {"latitude": NaN, "longitude": Infinity}, "imageViews": 1}'),
        ("IMG_1.jpg.json", b"\xff\xfe\0\xd8\xff"),
        ("IMG_1.jpg.json", b""),
        ("IMG_1.jpg.json", b"9" * 10_000),
        ("IMG_1.xmp", b"<" * 300_000),
        ("IMG_1.AAE", b"bplist00" + b"\xff" * 300),
        ("IMG_1.AAE", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><plist><dict><key>&b;</key></dict></plist>"),
        ("IMG_1.AAE", b"<plist>" + b"<array>" * 50_000),
        (".picasa.ini", b"[IMG_1.jpg]\n" + b"faces=rect64(1),1;" * 50_000),
        ("IMG_1.THM", b"\xff\xd8\xff\xe1\xff\xff"),
        ("IMG_1.THM", b"no JPEG"),
    ],
    ids=range(16),
)
def test_hostile_ones_stop_nothing(tmp_path: Path, name: str, data: bytes) -> None:
    report, _ = told(folder(tmp_path, {name: data}))
    assert report.error is None
    assert {outcome.reason for outcome in report.detectors if outcome.source == "metadata"} == {None}


def test_a_file_that_is_too_large_is_told_and_not_read(tmp_path: Path) -> None:
    path = folder(tmp_path, {})
    with (tmp_path / "IMG_1.jpg.json").open("wb") as stream:
        stream.truncate(2 << 30)
    assert unread(path, "IMG_1.jpg.json") == ["not read: larger than such files are"]


def test_a_member_that_stands_twice_is_told_twice(tmp_path: Path) -> None:
    place = b'"geoData": {"latitude": %b, "longitude": %b}'
    data = b'{%b, "imageViews": 1, %b}' % (place % (b"3.5", b"101.5"), place % (b"0", b"0"))
    _, found = told(folder(tmp_path, {"IMG_1.jpg.json": data}))
    assert [f.value for f in found if f.kind is Kind.METADATA_GPS] == ["3.500000, 101.500000"]


@given(st.sampled_from(list(Sort)), st.binary(max_size=400), st.integers(0, 5))
@share(0.5)
def test_no_bytes_make_trouble(tmp_path_factory: pytest.TempPathFactory, sort: Sort, data: bytes, number: int) -> None:
    begins = (b"", packed()[:300], XMP[:200], PICASA[:150], b"bplist00", jpeg()[:30])
    path = tmp_path_factory.getbasetemp() / "sidecar"
    path.write_bytes(begins[number] + data)
    found = sidecar.read(Sidecar(path, sort, ""), "IMG_1.jpg")
    assert all(entry.container.startswith(sidecar.ROOT) for entry in found.entries)
    list(fixes(found.entries))
