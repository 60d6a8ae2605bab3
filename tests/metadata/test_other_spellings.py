"""Positions as some writers spell them: where the hemisphere stands, which names fields have, what is below the sea."""

from __future__ import annotations

import pytest

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata.positions import Fix, fixes
from tests.metadata import containers as c

EXIF, DJI = "http://ns.adobe.com/exif/1.0/", "http://www.dji.com/drone-dji/1.0/"
CURITIBA = (-25.4284, -49.2733)


def in_xmp(prefix: str, address: str, **values: str) -> bytes:
    rows = "".join(f"<{prefix}:{name}>{value}</{prefix}:{name}>" for name, value in values.items())
    return c.jpeg(c.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + c.xmp(rows, f'xmlns:{prefix}="{address}"')))


def found(data: bytes) -> list[Fix]:
    return list(fixes(metadata.read(data, Format.JPEG, "photo").entries))


WRITTEN = {
    "a sign and a letter, which say the same": ("-25.4284", "S", "-49.2733", "W"),
    "small letters": ("25.4284", "s", "49.2733", "w"),
    "words": ("25.4284", "South", "49.2733", "West"),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_hemispheres_however_they_are_said(case: str) -> None:
    latitude, north, longitude, east = WRITTEN[case]
    data = in_xmp(
        "exif", EXIF, GPSLatitude=latitude, GPSLatitudeRef=north, GPSLongitude=longitude, GPSLongitudeRef=east
    )
    (fix,) = found(data)
    assert (fix.latitude, fix.longitude) == pytest.approx(CURITIBA, abs=1e-6)


def test_seconds_count_in_xmp() -> None:
    """XMP part 2 writes 'DDD,MM,SSk' as well as 'DDD,MM.mmk'."""
    (fix,) = found(in_xmp("exif", EXIF, GPSLatitude="25,25,42.24S", GPSLongitude="49,16,23.88W"))
    assert (fix.latitude, fix.longitude) == pytest.approx(CURITIBA, abs=1e-6)


@pytest.mark.parametrize(
    ("latitude", "longitude", "exact"),
    [
        ("25/1, 25/1, 4224/100", "49/1, 16/1, 2388/100", CURITIBA),
        ("25/1,254/10", "49/1,164/10", (-25.423333, -49.273333)),
    ],
)
def test_rationals_that_are_written_out(latitude: str, longitude: str, exact: tuple[float, float]) -> None:
    """ImageMagick writes each field of EXIF as a text of its own into a PNG."""
    rows = {"GPSLatitude": latitude, "GPSLatitudeRef": "S", "GPSLongitude": longitude, "GPSLongitudeRef": "W"}
    chunks = [c.chunk(b"tEXt", f"exif:{name}\0{value}".encode()) for name, value in rows.items()]
    (fix,) = fixes(metadata.read(c.png(*chunks), Format.PNG, "photo").entries)
    assert (fix.latitude, fix.longitude) == pytest.approx(exact, abs=1e-5)


def test_a_rational_without_a_denominator_is_no_position() -> None:
    rows = [("GPSLatitude", "25/0, 25/1, 1/1"), ("GPSLongitude", "49/1, 16/1, 1/1")]
    chunks = [c.chunk(b"tEXt", f"exif:{name}\0{value}".encode()) for name, value in rows]
    assert list(fixes(metadata.read(c.png(*chunks), Format.PNG, "photo").entries)) == []


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("GpsLatitude", "GpsLongitude"), ("GPSLatitude", "GPSLongitude"), ("GpsLatitude", "GpsLongtitude")],
)
def test_every_spelling_of_a_drone(latitude: str, longitude: str) -> None:
    """DJI's programs changed theirs over the years, one slip of the pen included."""
    (fix,) = found(in_xmp("drone-dji", DJI, **{latitude: "-25.4284", longitude: "-49.2733"}))
    assert (fix.latitude, fix.longitude) == pytest.approx(CURITIBA, abs=1e-6)


def test_where_somebody_was_heading_is_a_place_too() -> None:
    parts = c.gps((3, 8, 2040), (101, 41, 1284))
    heading = [(number + 18, kind, value) for number, kind, value in c.gps((25, 25, 4224), (49, 16, 2388), "S", "W")]
    places = found(c.jpeg(c.exif(c.tiff((), gps=parts + heading))))
    assert [(round(fix.latitude, 4), round(fix.longitude, 4)) for fix in places] == [(3.139, 101.6869), CURITIBA]
    (fix,) = found(in_xmp("exif", EXIF, GPSDestLatitude="25,25.704S", GPSDestLongitude="49,16.398W"))
    assert (fix.latitude, fix.longitude) == pytest.approx(CURITIBA, abs=1e-6)


@pytest.mark.parametrize(("reference", "height"), [(0, 12.5), (1, -12.5)])
def test_below_the_sea_is_below_it(reference: int, height: float) -> None:
    """EXIF 2.32, 4.6.6: altitudes have no sign, 1 as reference means below the sea."""
    parts = [*c.gps((3, 8, 2040), (101, 41, 1284)), (5, 1, bytes((reference,))), (6, 5, [(25, 2)])]
    (fix,) = found(c.jpeg(c.exif(c.tiff((), gps=parts))))
    assert fix.attributes["altitude_m"] == height
    (fix,) = found(in_xmp(
        "exif", EXIF, GPSLatitude="3,8.34N", GPSLongitude="101,41.214E", GPSAltitude="25/2",
        GPSAltitudeRef=str(reference),
    ))  # fmt: skip
    assert fix.attributes["altitude_m"] == height
