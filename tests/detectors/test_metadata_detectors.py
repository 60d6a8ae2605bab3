"""What a file says, and that a plain file says nothing."""

from __future__ import annotations

import io
from pathlib import Path

import piexif
import pytest
from PIL import Image, PngImagePlugin

from photoscan import Scanner, ScanOptions
from photoscan.finding import Field, Finding
from photoscan.metadata.gazetteer import nearest

SCANNER = Scanner(ScanOptions(only=("metadata",)))
GPS = {
    piexif.GPSIFD.GPSLatitudeRef: b"S",
    piexif.GPSIFD.GPSLatitude: ((6, 1), (12, 1), (3000, 100)),
    piexif.GPSIFD.GPSLongitudeRef: b"E",
    piexif.GPSIFD.GPSLongitude: ((106, 1), (49, 1), (1200, 100)),
    piexif.GPSIFD.GPSAltitude: (23, 1),
}
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>'
    '<rdf:Description exif:GPSLatitude="6,12.5S" exif:GPSLongitude="106,49.2E" '
    'photoshop:City="Bogor"><dc:creator><rdf:Seq><rdf:li>Wahyu Aditya</rdf:li></rdf:Seq></dc:creator></rdf:Description>'
    "</rdf:RDF></x:xmpmeta>"
)


def jpeg(exif: dict[str, object] | None = None, **extra: object) -> bytes:
    out = io.BytesIO()
    block = piexif.dump(exif) if exif else b""
    Image.new("RGB", (32, 32), (90, 140, 60)).save(out, "JPEG", exif=block, **extra)
    return out.getvalue()


def png(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, value in texts.items():
        info.add_text(key.replace("_", " "), value)
    out = io.BytesIO()
    Image.new("RGB", (32, 32), (90, 140, 60)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def found(data: bytes, name: str = "photo.jpg") -> list[Finding]:
    report = SCANNER.scan(data, name)
    assert report.error is None
    assert all(d.status.value != "failed" for d in report.detectors)
    return list(report.findings)


FIELDS = [
    ("metadata.person", "Artist", {"0th": {piexif.ImageIFD.Artist: b"Wahyu Aditya"}}, "Wahyu Aditya"),
    ("metadata.person", "CameraOwnerName", {"Exif": {piexif.ExifIFD.CameraOwnerName: b"Rosa Lima"}}, "Rosa Lima"),
    ("metadata.serial", "BodySerialNumber", {"Exif": {piexif.ExifIFD.BodySerialNumber: b"X-00712"}}, "X-00712"),
    ("metadata.datetime", "DateTimeOriginal", {"Exif": {piexif.ExifIFD.DateTimeOriginal: b"2026:01:02 03:04:05"}},
     "2026:01:02 03:04:05"),
    ("metadata.device", "Model", {"0th": {piexif.ImageIFD.Model: b"Senja X10"}}, "Senja X10"),
    ("metadata.software", "Software", {"0th": {piexif.ImageIFD.Software: b"Lumbung 3.1"}}, "Lumbung 3.1"),
    ("metadata.comment", "UserComment", {"Exif": {piexif.ExifIFD.UserComment: b"ASCII\0\0\0at grandma's"}},
     "at grandma's"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "field", "exif", "value"), FIELDS)
def test_exif_fields(kind: str, field: str, exif: dict[str, object], value: str) -> None:
    data = jpeg(exif)
    (finding,) = [f for f in found(data) if f.kind == kind]
    assert finding.value == value
    assert isinstance(finding.location, Field)
    assert finding.location.field == field
    place = finding.location
    assert place.offset is not None
    assert place.length is not None
    assert value.encode() in data[place.offset : place.offset + place.length]


def test_gps_with_town_distance_and_altitude() -> None:
    (finding,) = [f for f in found(jpeg({"GPS": GPS})) if f.kind == "metadata.gps"]
    assert finding.value == "-6.208333, 106.820000"
    assert finding.attributes["country"] == "Indonesia"
    assert finding.attributes["distance_km"] < 10
    assert finding.attributes["altitude_m"] == 23


def test_the_same_place_in_exif_and_xmp_is_told_once_with_its_copies() -> None:
    (finding,) = [f for f in found(jpeg({"GPS": GPS}, xmp=XMP.encode())) if f.kind == "metadata.gps"]
    assert isinstance(finding.location, Field)
    assert finding.location.copies == 2


def test_xmp_names_and_places() -> None:
    values = {(f.kind.value, f.value) for f in found(jpeg(xmp=XMP.encode()))}
    assert ("metadata.person", "Wahyu Aditya") in values
    assert ("metadata.place", "Bogor") in values


def test_different_places_are_all_told() -> None:
    other = XMP.replace("6,12.5S", "3,8.35N").replace("106,49.2E", "101,41.2E")
    places = [f for f in found(jpeg({"GPS": GPS}, xmp=other.encode())) if f.kind == "metadata.gps"]
    assert {f.attributes["country"] for f in places} == {"Indonesia", "Malaysia"}


def test_a_device_without_a_fix_is_nowhere() -> None:
    zero = GPS | {
        piexif.GPSIFD.GPSLatitude: ((0, 1), (0, 1), (0, 1)),
        piexif.GPSIFD.GPSLongitude: ((0, 1), (0, 1), (0, 1)),
    }
    assert not [f for f in found(jpeg({"GPS": zero})) if f.kind == "metadata.gps"]


PARTS = [
    ("metadata.thumbnail", jpeg({"1st": {piexif.ImageIFD.Compression: 6}, "thumbnail": jpeg()})),
    ("metadata.trailing", jpeg() + b"something that was left behind"),
    ("metadata.shadow_image", jpeg() + jpeg()),
    ("metadata.motion", jpeg() + b"\0\0\0\x18ftypmp42" + bytes(40) + b"moov"),
    ("metadata.comment", jpeg(comment=b"our new flat")),
    ("metadata.unknown", jpeg()[:2] + b"\xff\xe7\x00\x08secret" + jpeg()[2:]),
    ("metadata.comment", png(parameters="a quiet beach near my flat")),
    ("metadata.person", png(Author="Salmah Idris")),
    ("metadata.trailing", png() + b"left behind"),
]


@pytest.mark.parametrize(("kind", "data"), PARTS, ids=range(len(PARTS)))
def test_parts_of_the_file(kind: str, data: bytes) -> None:
    assert kind in {f.kind.value for f in found(data)}


@pytest.mark.parametrize("data", [jpeg(), png(), jpeg({"0th": {piexif.ImageIFD.Orientation: 6}})])
def test_a_plain_file_says_nothing(data: bytes) -> None:
    assert found(data) == []


NAMES = {
    "IMG_20260217_164208.jpg": ["date"],
    "home 3.1390,101.6869.jpg": ["coordinates"],
    "beach.jpg": [],
    "DSC01234.JPG": [],
    "99999999.jpg": [],
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_telling_names(name: str) -> None:
    tells = [f.attributes["tells"] for f in found(jpeg(), name) if f.kind == "metadata.filename"]
    assert tells == NAMES[name]


PLACES = {
    (3.139, 101.687): ("Kuala Lumpur", "MY"),
    (-6.2, 106.8166): (None, "ID"),
    (-23.5505, -46.6333): (None, "BR"),
    (1.44, 103.79): (None, "SG"),
    (51.5074, -0.1278): ("London", "GB"),
    (0.0, -30.0): None,
    (90.0, 0.0): None,
    (-89.9, 180.0): None,
}


@pytest.mark.parametrize("point", sorted(PLACES))
def test_nearest_town(point: tuple[float, float]) -> None:
    place, expected = nearest(*point), PLACES[point]
    if expected is None:
        assert place is None
        return
    assert place is not None
    name, country = expected
    assert place.country_code == country
    assert name in (None, place.name)
    assert place.distance_km < 15


def test_standard_output_shows_no_value_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(jpeg({"0th": {piexif.ImageIFD.Artist: b"Wahyu Aditya"}}))
    report = SCANNER.scan(path)
    assert "Wahyu" not in str(report.to_dict())
    assert "Wahyu" in str(report.to_dict(show_values=True))


EXIF_SAYS = [
    ("0th", piexif.ImageIFD.HostComputer, b"melati-laptop", "metadata.device", "low"),
    ("Exif", piexif.ExifIFD.ImageUniqueID, b"9871d3a2c554b27151cacf1422eec048", "metadata.identifier", "low"),
    ("Exif", piexif.ExifIFD.BodySerialNumber, b"6107872", "metadata.serial", "medium"),
    ("Exif", piexif.ExifIFD.LensSerialNumber, b"L-00712", "metadata.serial", "medium"),
    ("0th", piexif.ImageIFD.Artist, b"Picasa 3.0", "metadata.software", "low"),
    ("0th", piexif.ImageIFD.Artist, b"Rosa Lima", "metadata.person", "medium"),
    ("0th", piexif.ImageIFD.Artist, b"Rosa\1\2   \r  ", "metadata.person", "medium"),
    ("0th", piexif.ImageIFD.Copyright, b"Copyright 2002", "metadata.comment", "low"),
    ("0th", piexif.ImageIFD.ImageDescription, b"OLYMPUS DIGITAL CAMERA         ", "metadata.device", "low"),
    ("0th", piexif.ImageIFD.ImageDescription, b"Rosa at school", "metadata.comment", "medium"),
    ("0th", piexif.ImageIFD.DocumentName, b"holiday 12", "metadata.comment", "low"),
    ("0th", piexif.ImageIFD.DocumentName, b"Rosa Lima", "metadata.comment", "medium"),
    ("0th", piexif.ImageIFD.ImageDescription, b"\1\2 \r \n", None, ""),
]


@pytest.mark.parametrize(("part", "tag", "value", "kind", "severity"), EXIF_SAYS)
def test_a_value_is_told_as_what_it_is(part: str, tag: int, value: bytes, kind: str | None, severity: str) -> None:
    told = [(f.kind.value, f.severity.label) for f in found(jpeg({part: {tag: value}}))]
    assert told == ([(kind, severity)] if kind else [])


XMP_SAYS = [
    ('xmpMM:DocumentID="xmp.did:1234-abcd"', {"metadata.identifier"}),
    ('aux:SerialNumber="6107872"', {"metadata.serial"}),
    ('MPReg:Rectangle="0.311905, 0.208571, 0.14, 0.23"', set()),
    ('acme:Area="0.311905, 0.208571"', set()),
    ('acme:Matrix="12.3119, 20.2085, 14.1234, 23.5"', set()),
    ('acme:Spot="-6.208333, 106.820000"', {"metadata.gps"}),
    ('acme:Spot="-6.208333, 106.820000, 23"', {"metadata.gps"}),
]


@pytest.mark.parametrize(("attribute", "kinds"), XMP_SAYS)
def test_what_xmp_says(attribute: str, kinds: set[str]) -> None:
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description {attribute}/></rdf:RDF></x:xmpmeta>'
    told = {f.kind.value for f in found(jpeg(xmp=packet.encode()))} - {"metadata.comment"}
    assert told == kinds


def test_a_pointer_written_as_a_signed_number() -> None:
    data = jpeg({"GPS": GPS})
    signed = data.replace(b"\x88\x25\x00\x04", b"\x88\x25\x00\x09")
    assert signed != data
    assert [f.kind.value for f in found(signed)] == ["metadata.gps"]


def test_names_of_faces_are_told_as_names_of_regions_and_their_corners_as_no_position() -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" '
        'xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#"><rdf:Description>'
        '<mwg-rs:Regions mwg-rs:Name="Rosa Example" mwg-rs:Type="Face"/><mwg-rs:Area stArea:x="0.512345"/>'
        "<MPReg:Rectangle>0.412500, 0.283333, 0.187500, 0.250000</MPReg:Rectangle>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    findings = found(jpeg(xmp=packet.encode()))
    (person,) = [f for f in findings if f.kind.value == "metadata.person"]
    assert person.value == "Rosa Example"
    assert person.attributes["tells"] == "a region of the picture with a name"
    assert not [f for f in findings if f.kind.value == "metadata.gps"]


def test_the_name_of_a_drones_field_is_told_and_another_prefix_is_not() -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description drone-dji:HomeLatitude="-6.208333" '
        'drone-dji:HomeLongitude="106.820000" rosa:Latitude="3.139" rosa:Longitude="101.6869"/></rdf:RDF></x:xmpmeta>'
    )
    reasons = [f.reason for f in found(jpeg(xmp=packet.encode())) if f.kind.value == "metadata.gps"]
    assert len(reasons) == 2
    told = {f.location.field for f in found(jpeg(xmp=packet.encode())) if f.kind.value == "metadata.gps"}  # type: ignore[union-attr]
    assert "drone-dji:HomeLatitude" in told
    assert not any("rosa" in name for name in told)
