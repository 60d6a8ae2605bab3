"""Names of fields that say by themselves what they hold, and those that only sound so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.kind import Kind
from photoscan.metadata.entry import Entry
from photoscan.metadata.telling import kind_of, meaning
from tests.properties import share

TELLING = [
    ("camera:OwnerName", "Rosa Lima", Kind.METADATA_PERSON),
    ("x:uploaded_by", "rosa77", Kind.METADATA_PERSON),
    ("x:NameOfPilot", "Rosa Lima", Kind.METADATA_PERSON),
    ("x:authorEmail", "r@lima.example", Kind.METADATA_PERSON),
    ("x:phonenumber", "+62 811 000 000", Kind.METADATA_PERSON),
    ("x:Fotógrafo", "Rosa Lima", Kind.METADATA_PERSON),
    ("drone-dji:DroneSerialNumber", "1ZZ0", Kind.METADATA_SERIAL),
    ("x:camerasn", "A00-77", Kind.METADATA_SERIAL),
    ("x:GimbalSerialNo2", "0077", Kind.METADATA_SERIAL),
    ("x:MACAddress", "02:00:00:00:00:01", Kind.METADATA_SERIAL),
    ("x:deviceID", "77aa01", Kind.METADATA_SERIAL),
    ("x:homeaddress", "Jalan Mawar 3", Kind.METADATA_PLACE),
    ("x:zipcode", "40115", Kind.METADATA_PLACE),
    ("x:CityNames", "Bandung", Kind.METADATA_PLACE),
    ("x:wifi_ssid", "lima-home", Kind.METADATA_PLACE),
    ("x:FlightUUID", "7a5b-01", Kind.METADATA_IDENTIFIER),
    ("x:ip_address", "192.0.2.7", Kind.METADATA_IDENTIFIER),
    ("x:ShotDate", "2026-01-02", Kind.METADATA_DATETIME),
    ("x:DroneModel", "Kite 3", Kind.METADATA_DEVICE),
    ("x:GPSLatitude", "behind the church", Kind.METADATA_PLACE),
    ("drone:HomeLongtitude", "encrypted:Zm9v", Kind.METADATA_PLACE),
    ("crs:SettingsFilePath", "/x/y.z", Kind.METADATA_COMMENT),
]
NOTHING = [
    ("x:ArtistMode", "Oil"), ("x:SerialFormat", "2"), ("x:OwnerAppearance", "bright"), ("x:PersonDetection", "True"),
    ("x:LocationMode", "1"), ("x:capacity", "10 Ah"), ("x:velocity", "3 m/s"), ("x:Authority", "none known"),
    ("x:electricity", "no word"), ("x:NumberOfPersons", "2"), ("x:OwnerName", "off"), ("x:SerialNumber", "0000"),
    ("x:GPSLatitude", "6,12.5S"), ("x:Longitude", "106 deg 49' 12\" E"),
    ("x:lat", "nan"), ("x:GPSLatitudeRef", "South"),
    ("tiff:rows-per-strip", "128"), ("x:clipid", "77"), ("x:description2", "1"), ("x:tagid", "778"),
    ("x:PoweredBy", "Acme"), ("x:Name", "Vivid"), ("x:SerialShooting", "Low"), ("x:CreatorTool", "Acme"),
    ("x:Personalization", "x"), ("x:mailbox", "none"), ("x:City", "12"), ("x:ExposureTime", "1/60"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "kind"), TELLING)
def test_the_head_of_a_name_tells(field: str, value: str, kind: Kind) -> None:
    assert kind_of(field, value) is kind


@pytest.mark.parametrize(("field", "value"), NOTHING)
def test_words_in_names_tell_nothing_elsewhere(field: str, value: str) -> None:
    assert kind_of(field, value) is None


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("drone-dji:GimbalReverse", "x y", None),
        ("drone-dji:PilotName", "Rosa Lima", Kind.METADATA_PERSON),
        ("GCamera:OwnerEmail", "r@lima.example", Kind.METADATA_PERSON),
        ("exif:XPAuthor", "Rosa Lima", Kind.METADATA_PERSON),
        ("exifEX:ImageEditor", "Rosa Lima", Kind.METADATA_PERSON),
        ("tiff:HostComputer", "rosas-laptop", Kind.METADATA_DEVICE),
        ("x:ToneStyle", "vivid", None),
        ("x:ToneStyle", "as Rosa likes it", Kind.METADATA_COMMENT),
        ("lr:hierarchicalSubject", "People|Rosa Lima", Kind.METADATA_PERSON),
        ("digiKam:TagsList", "Orte/Bogor", Kind.METADATA_PLACE),
        ("digiKam:TagsList", "Landscape/Sunset", Kind.METADATA_COMMENT),
        ("stCamera:Author", "Acme Systems", None),
    ],
)
def test_no_namespace_hides_a_field_that_means_something(field: str, value: str, kind: Kind | None) -> None:
    assert meaning(Entry("jpeg/xmp", field, value)) is kind


@given(st.text(max_size=120), st.text(max_size=60))
@share(1)
def test_any_name_has_an_answer(field: str, value: str) -> None:
    assert kind_of(field, value) is None or value
