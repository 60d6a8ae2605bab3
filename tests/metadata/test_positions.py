"""A position is told where a field means one or a text says so, and nowhere else."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata import angles
from photoscan.metadata.entry import Entry, Value
from photoscan.metadata.positions import Fix, fixes, says_only_where
from photoscan.metadata.written_positions import POSSIBLE, find
from tests.metadata import containers as c
from tests.metadata.position_texts import CURITIBA, JAKARTA, KL, SAYS, SAYS_MORE, SILENT, SILENT_MORE
from tests.properties import share


def at(*fields: tuple[str, Value], container: str = "jpeg/xmp") -> list[tuple[float, float]]:
    return [(fix.latitude, fix.longitude) for fix in stated(*fields, container=container)]


def stated(*fields: tuple[str, Value], container: str = "jpeg/xmp") -> list[Fix]:
    return list(fixes([Entry(container, name, value) for name, value in fields]))


@pytest.mark.parametrize(("field", "text", "place"), SAYS + SAYS_MORE)
def test_texts_that_say_a_position(field: str, text: str, place: tuple[float, float]) -> None:
    found = stated((field, text))
    assert found
    for fix in found:
        assert (fix.latitude, fix.longitude) == pytest.approx(place, abs=2e-4)
        assert fix.confidence > 0.5


@pytest.mark.parametrize(("field", "text"), SILENT + SILENT_MORE)
def test_numbers_that_are_no_position(field: str, text: str) -> None:
    assert stated((field, text)) == []


FIELDS: list[tuple[tuple[tuple[str, Value], ...], tuple[float, float]]] = [
    # EXIF's numbers, and what is amiss with their references
    ((("GPSLatitude", (25.0, 25.0, 42.24)), ("GPSLatitudeRef", "s"), ("GPSLongitude", (49.0, 16.0, 23.88)),
      ("GPSLongitudeRef", "west")), CURITIBA),
    ((("GPSLatitude", (3.0, 8.0, 20.4)), ("GPSLongitude", (101.0, 41.0, 12.84))), KL),
    ((("GPSLatitude", (3.0, 8.34)), ("GPSLongitude", (101.0, 41.214))), KL),
    ((("GPSLongitudeRef", "E"), ("GPSLongitude", (101.6869,)), ("GPSLatitudeRef", "N"), ("GPSLatitude", (3.139,))), KL),
    ((("GPSLatitude", "3,00000,8,00000,20,40000"), ("GPSLongitude", "101,00000,41,00000,12,84000")), KL),
    # XMP's forms
    ((("exif:GPSLatitude", "3,8.34N"), ("exif:GPSLongitude", "101,41.214E")), KL),
    ((("exif:GPSLatitude", "25,25,42.24S"), ("exif:GPSLongitude", "49,16,23.88W")), CURITIBA),
    ((("exif:GPSLatitude", "N3.139"), ("exif:GPSLongitude", "E101.6869")), KL),
    ((("exif:GPSLatitude", "3.139 N"), ("exif:GPSLongitude", "101.6869 E")), KL),
    ((("exif:GPSLatitude", "-25,4284"), ("exif:GPSLongitude", "-49,2733")), CURITIBA),
    ((("exif:GPSLatitude", "31390/10000"), ("exif:GPSLongitude", "1016869/10000")), KL),
    ((("exif:GPSLatitude", "3/1, 8/1, 2040/100"), ("exif:GPSLongitude", "101/1 41/1 1284/100")), KL),
    ((("exif:GPSLatitude", "3 deg 8' 20.40\" N"), ("exif:GPSLongitude", "101 deg 41' 12.84\" E")), KL),
    ((("exif:GPSLatitude", "25°25'42.24\"S"), ("exif:GPSLongitude", "49°16'23.88\"W")), CURITIBA),
    ((("exif:GPSLatitude", "3 8 20.4"), ("exif:GPSLongitude", "101:41:12.84")), KL),
    ((("exif:GPSLatitude", "\u221225.4284"), ("exif:GPSLongitude", "\u221249.2733")), CURITIBA),
    ((("exif:GPSDestLatitude", "3,8.34N"), ("exif:GPSDestLongitude", "101,41.214E")), KL),
    # drones and other makers, as they misspell them too
    ((("drone-dji:GpsLatitude", "-25.4284"), ("drone-dji:GpsLongtitude", "-49.2733")), CURITIBA),
    ((("drone-dji:HomeLatitude", "-25.4284"), ("drone-dji:HomeLongitude", "-49.2733")), CURITIBA),
    ((("drone-dji:LRFTargetLat", "+3.139"), ("drone-dji:LRFTargetLon", "+101.6869")), KL),
    ((("drone-parrot:TakeOffLatitude", "3.139"), ("drone-parrot:TakeOffLongitude", "101.6869")), KL),
    ((("Camera:Latitude", "3.139"), ("Camera:Longitude", "101.6869")), KL),
    ((("drone-autel:GPSLatitude", "3.139"), ("drone-autel:GPSLongitude", "101.6869")), KL),
    ((("ns1:startLatitude", "3.139"), ("ns1:startLongtitude", "101.6869")), KL),
    ((("dwc:decimalLatitude", "-25.4284"), ("dwc:decimalLongitude", "-49.2733")), CURITIBA),
    ((("dwc:DCDecimalLatitude", "-25.4284"), ("dwc:DCDecimalLongitude", "-49.2733")), CURITIBA),
    ((("geo:lat", "3.139"), ("geo:long", "101.6869")), KL),
    ((("geo:lat", "3.139"), ("geo:lon", "101.6869")), KL),
    ((("Latitude", "3.139"), ("Longitude", "101.6869")), KL),
    ((("gps_lat", "3.139"), ("gps_lng", "101.6869")), KL),
    ((("latitudeE7", "-62088000"), ("longitudeE7", "1068456000")), JAKARTA),
    ((("geoData.latitude", 3.139), ("geoData.longitude", 101.6869)), KL),
    ((("MAPLatitude", -25.4284), ("MAPLongitude", -49.2733)), CURITIBA),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "place"), FIELDS)
def test_fields_that_mean_a_position(fields: tuple[tuple[str, Value], ...], place: tuple[float, float]) -> None:
    (found,) = at(*fields)
    assert found == pytest.approx(place, abs=2e-4)


NONE: list[tuple[tuple[str, Value], ...]] = [
    (("GPSLatitude", (0.0, 0.0, 0.0)), ("GPSLongitude", (0.0, 0.0, 0.0))),
    (("GPSLatitude", (4294967295.0,)), ("GPSLongitude", (3.0, 1.0, 1.0))),
    (("GPSLatitude", (float("nan"),)), ("GPSLongitude", (float("inf"),))),
    (("exif:GPSLatitude", "91.5"), ("exif:GPSLongitude", "12.5")),
    (("exif:GPSLatitude", "12.5"), ("exif:GPSLongitude", "181.0")),
    (("exif:GPSLatitude", "12.5E"), ("exif:GPSLongitude", "13.5N")),
    (("exif:GPSLatitude", "25/0, 1/1"), ("exif:GPSLongitude", "3/1, 1/1")),
    (("exif:GPSLatitude", "3,75.5N"), ("exif:GPSLongitude", "3,8.5E")),
    (("exif:GPSLatitude", "null"), ("exif:GPSLongitude", "null")),
    (("exif:GPSLatitude", "3,8.34N"),),
    (("exif:GPSLatitude", "3,8.34N"), ("drone-dji:GpsLongitude", "101.6869")),
    (("drone-dji:RtkStdLat", "0.01234"), ("drone-dji:RtkStdLon", "0.02345")),
    (("latitudeAccuracy", "3.5"), ("longitudeAccuracy", "4.5")),
    (("ISOSpeedLatitudeyyy", 12.0), ("ISOSpeedLatitudezzz", 13.0)),
    (("filmLatitude", "12.5"), ("filmLongitude", "13.5")),
    (("GPSVersionID", (2.0, 3.0, 0.0, 0.0)),),
    (("GeoKeys", (1.0, 1.0, 0.0, 1.0, 1024.0, 0.0, 1.0, 1.0)), ("GeoTiePoint", (0.0, 0.0, 0.0, 12.5, 13.5, 0.0))),
    (("GeoTiePoint", (0.0, 0.0, 0.0, 12.5, 13.5, 0.0)),),
]  # fmt: skip


@pytest.mark.parametrize("fields", NONE)
def test_fields_that_mean_none(fields: tuple[tuple[str, Value], ...]) -> None:
    assert at(*fields) == []


def test_the_corner_of_a_map_whose_model_is_geographic() -> None:
    keys = ("GeoKeys", (1.0, 1.0, 0.0, 1.0, 1024.0, 0.0, 1.0, 2.0))
    assert at(keys, ("GeoTiePoint", (0.0, 0.0, 0.0, 101.6869, 3.139, 0.0))) == [KL]
    rows = (0.1, 0.0, 0.0, 101.6869, 0.0, -0.1, 0.0, 3.139, *(0.0,) * 8)
    assert at(keys, ("GeoTransform", rows)) == [KL]


def test_places_that_are_said_one_after_another_are_not_mixed() -> None:
    """IPTC's LocationCreated and LocationShown hold exif:GPSLatitude like the photo itself."""
    found = at(
        ("exif:GPSLatitude", "3.139"), ("exif:GPSLongitude", "101.6869"), ("exif:GPSLatitude", "-25.4284"),
        ("exif:GPSLongitude", "-49.2733"), ("exif:GPSLatitude", "52.52"),
    )  # fmt: skip
    assert found == [KL, CURITIBA]
    found = at(("exif:GPSLatitude", "52.52"), ("exif:GPSLatitude", "3.139"), ("exif:GPSLongitude", "101.6869"))
    assert found == [KL]


@pytest.mark.parametrize("text", ["3.139003, 101.686855", "(3.139003,101.686855)"])
def test_a_fine_pair_that_is_all_of_a_text_is_possible(text: str) -> None:
    (fix,) = stated(("comment", text))
    assert fix.confidence == POSSIBLE
    assert stated(("comment", text.replace("3.139003", "-48.139003"))) == []  # at sea
    assert stated(("crs:Settings", text)) == []


def test_a_text_that_says_only_where_needs_no_telling_twice() -> None:
    for text in ("geo:3.1390,101.6869", "3°8'20\"N 101°41'13\"E", "GPS 3.1390, 101.6869"):
        assert says_only_where(Entry("jpeg", "comment", text))
    for text in ("at grandmother's, geo:3.1390,101.6869", "12.500, 14.250"):
        assert not says_only_where(Entry("jpeg", "comment", text))
    assert says_only_where(Entry("jpeg/xmp", "drone-x:HomeLatitude", "3.139"))
    assert not says_only_where(Entry("jpeg/xmp", "drone-x:HomeLatitude", "somewhere else"))


def test_a_whole_file_of_faces_settings_and_curves_has_no_position() -> None:
    names = (
        'xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#" '
        'xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" '
        'xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:digiKam="http://www.digikam.org/ns/1.0/"'
    )
    rows = (
        "<MPReg:Rectangle>12.412500, 45.283333, 0.187500, 0.250000</MPReg:Rectangle><stArea:x>0.512345</stArea:x>"
        "<crs:ToneCurve>12.345, 45.678</crs:ToneCurve><digiKam:Faces>12.34567, 45.67891</digiKam:Faces>"
    )
    data = c.jpeg(c.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + c.xmp(rows, names)))
    found = list(fixes(metadata.read(data, Format.JPEG, "photo").entries))
    assert [fix for fix in found if fix.confidence > 0.5] == []


degrees = st.floats(-89.9, 89.9).filter(lambda v: abs(v) > 0.01)


@share(0.5)
@given(degrees, degrees)
def test_what_is_written_is_read(latitude: float, longitude: float) -> None:
    ns, ew = "NS"[latitude < 0], "EW"[longitude < 0]
    for text in (
        f"Lat {latitude:.6f} Lon {longitude:.6f}", f"{abs(latitude):.6f}°{ns} {abs(longitude):.6f}°{ew}",
        f"geo:{latitude:.6f},{longitude:.6f}", f'{{"lat":{latitude:.6f},"lng":{longitude:.6f}}}',
        f"POINT({longitude:.6f} {latitude:.6f})",
    ):  # fmt: skip
        (found,) = find(text)
        assert (found.latitude, found.longitude) == pytest.approx((latitude, longitude), abs=1e-5)


@share(1.0)
@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_is_read_without_a_crash(text: str, name: str) -> None:
    for found in find(text, position=True, place=True):
        assert abs(found.latitude) <= 90
        assert abs(found.longitude) <= 180
    angles.meaning(name)
    angles.degrees(text)


@pytest.mark.parametrize("seed", ["1 ", "lat 1.5 ", "N 1.234 ", "1° 2' ", "latitude", "/", "((", "+1.2345", "_lat"])
def test_long_texts_take_no_longer_than_their_length(seed: str) -> None:
    before = process_time()
    list(find(seed * 20_000, position=True, place=True))
    assert process_time() - before < 10  # some .2 s; a pattern that goes back over all of it takes minutes
