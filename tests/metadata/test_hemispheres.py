"""Positions in all four quarters of the globe, in every form that files write them in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata.positions import fixes
from tests.metadata import containers as c

PLACES = {
    "Kuala Lumpur": (3.1390, 101.6869),
    "Curitiba": (-25.4284, -49.2733),
    "Jakarta": (-6.2088, 106.8456),
    "Lisbon": (38.7223, -9.1393),
}


def letters(latitude: float, longitude: float) -> tuple[str, str]:
    return "NS"[latitude < 0], "EW"[longitude < 0]


def sexagesimal(value: float) -> c.Sexagesimal:
    """Degrees, minutes, hundredths of seconds."""
    hundredths = round(abs(value) * 360_000)
    return hundredths // 360_000, hundredths // 6_000 % 60, hundredths % 6_000


def in_exif(latitude: float, longitude: float) -> bytes:
    parts = c.gps(sexagesimal(latitude), sexagesimal(longitude), *letters(latitude, longitude))
    return c.jpeg(c.exif(c.tiff((), gps=parts)))


def xmp(prefix: str, address: str, **values: str) -> bytes:
    rows = "".join(f"<{prefix}:{name}>{value}</{prefix}:{name}>" for name, value in values.items())
    return c.jpeg(c.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + c.xmp(rows, f'xmlns:{prefix}="{address}"')))


EXIF = "http://ns.adobe.com/exif/1.0/"


def in_xmp(latitude: float, longitude: float) -> bytes:
    north, east = letters(latitude, longitude)

    def written(value: float, letter: str) -> str:
        return f"{int(abs(value))},{abs(value) % 1 * 60:.6f}{letter}"

    return xmp("exif", EXIF, GPSLatitude=written(latitude, north), GPSLongitude=written(longitude, east))


def in_xmp_with_reference(latitude: float, longitude: float) -> bytes:
    """As some programs write it: a number without a sign, and its letter apart."""
    north, east = letters(latitude, longitude)
    return xmp(
        "exif", EXIF, GPSLatitude=str(abs(latitude)), GPSLatitudeRef=north, GPSLongitude=str(abs(longitude)),
        GPSLongitudeRef=east,
    )  # fmt: skip


def signed_in_xmp(latitude: float, longitude: float) -> bytes:
    address = "http://www.dji.com/drone-dji/1.0/"
    return xmp("drone-dji", address, GpsLatitude=f"{latitude:+f}", GpsLongitude=f"{longitude:+f}")


def in_a_comment(latitude: float, longitude: float) -> bytes:
    return c.jpeg(c.segment(0xFE, f"taken at {latitude}, {longitude}".encode()))


def in_iso6709(latitude: float, longitude: float) -> bytes:
    """As films write it (ISO 6709, annex H)."""
    return c.jpeg(c.segment(0xFE, f"{latitude:+08.4f}{longitude:+09.4f}/".encode()))


FORMS: dict[str, Callable[[float, float], bytes]] = {
    "EXIF": in_exif, "XMP with a letter": in_xmp, "XMP with a letter apart": in_xmp_with_reference,
    "XMP with a sign": signed_in_xmp, "decimal text": in_a_comment, "ISO 6709": in_iso6709,
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_every_hemisphere_in_every_form(form: str, place: str) -> None:
    expected = PLACES[place]
    found = list(fixes(metadata.read(FORMS[form](*expected), Format.JPEG, "photo").entries))
    assert found
    for fix in found:
        assert (fix.latitude, fix.longitude) == pytest.approx(expected, abs=1e-4)
