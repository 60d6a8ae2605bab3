"""Positions as devices and people write them, and numbers that are none. All places are public sights."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.textual import coordinates, grids, map_screens
from tests.properties import share

LIKELY = 0.5

WRITTEN = [
    ("Lat 3.157764° Long 101.711861°", 3.15776, 101.71186),
    ("Lat: -6.175392, Lon: 106.827153", -6.17539, 106.82715),
    ("LAT=-22.951916 LNG=-43.210487", -22.95192, -43.21049),
    ("lat=3.157764&lng=101.711861", 3.15776, 101.71186),
    ("Latitude: -22,951916 Longitude: -43,210487", -22.95192, -43.21049),
    ("Longitude 101.711861 Latitude 3.157764", 3.15776, 101.71186),
    ("Lintang -6.175392 Bujur 106.827153", -6.17539, 106.82715),
    ("-6.175392,106.827153", -6.17539, 106.82715),
    ("3.157764, 101.711861", 3.15776, 101.71186),
    ("-22.9519 -43.2105", -22.9519, -43.2105),
    ("Koordinat: 3.1578 101.7119", 3.1578, 101.7119),
    ("GPS 48.8584,2.2945 (5 m)", 48.8584, 2.2945),
    ("6°10'31.4\"S 106°49'37.8\"E", -6.17539, 106.82717),
    ("6°10’31.4”S, 106°49’37.8”E", -6.17539, 106.82717),
    ("6*10'31.4\"S 106*49'37.8\"E", -6.17539, 106.82717),
    ("6o10'31\"S 106o49'38\"E", -6.17528, 106.82722),
    ("N 3°9'28.0\" E 101°42'42.7\"", 3.15778, 101.71186),
    ("N 03° 09.466 E 101° 42.712", 3.15777, 101.71187),
    ("S06 10.524 E106 49.629", -6.1754, 106.82715),
    ("3 09 28 N 101 42 43 E", 3.15778, 101.71194),
    ("LS 6° 10' 31\" BT 106° 49' 38\"", -6.17528, 106.82722),
    ("22°57'07\"S 43°12'38\"O", -22.95194, -43.21056),
    ("52.5163° N, 13.3777° O", 52.5163, 13.3777),
    ("48.8584° north, 2.2945° east", 48.8584, 2.2945),
    ("北纬39.9087° 东经116.3975°", 39.9087, 116.3975),
    ("geo:48.8584,2.2945?z=17", 48.8584, 2.2945),
    ("https://maps.google.com/?q=48.8584,2.2945", 48.8584, 2.2945),
    ("google.com/maps/@48.85840,2.29450,17z", 48.8584, 2.2945),
    ("openstreetmap.org/#map=17/48.85840/2.29450", 48.8584, 2.2945),
    ("849VCWC8+R9", 37.42206, -122.08406),
    ("31U DQ 48249 11944", 48.85831, 2.29447),
    ("MGRS 18TWL8073504695", 40.6892, -74.0445),
    ("18TWL8073504695", 40.6892, -74.0445),
    ("UTM 18T 580735 E 4504695 N", 40.6892, -74.0445),
    ("Zone 56H 334900E 6252300N", -33.85669, 151.2153),
    ("56S 334900 E 6252300 N", -33.85669, 151.2153),
    ("Lat 48.8584O Long 2.2O450", 48.8584, 2.2045),
    ("48d 51m 30s N 2d 17m 40s E", 48.85833, 2.29444),
]

NOT_WRITTEN = [
    "12:30:45 13:20:10", "1920 x 1080", "192.168.1.100", "v1.2345, 2.3456", "USD 4.4512 4.4712", "RM 12.30, 101.20",
    "Total 1,234.56  1,234.56", "0.9123, 0.8841", "2345+67", "1234+56=1290", "5 N 10 E", "3.14, 2.72", "C++ and 4x4",
    "36.6°C 37.2°C", "20° to 30°", "f/1.8 1/125 ISO 100", "2024-11-28 20:45:10", "45.5 kg 170.2 cm", "Scale 1:25000",
    "90° 45° 30°", "N 12 E 4", "Gate E 12 Seat N 4", "S 10.50 W 20.75", "06.12.2024 18.30",
    "10.1016/j.cell.2024.01.001",
    "Part 12ABC1234", "47NQB1234", "18SAB1234567890X", "60CZZ1234567890", "12 N 123456 7654321",
    "Zone 3 123456 1234567",
    "lat pulldown 12.50 kg", "Long 10.25 Short 8.75", "W 32 L 34", "12 345,67 12 345,67",
]  # fmt: skip


@pytest.mark.parametrize(("text", "latitude", "longitude"), WRITTEN)
def test_positions_are_read(text: str, latitude: float, longitude: float) -> None:
    (found,) = coordinates.find([text])
    assert (found.latitude, found.longitude) == pytest.approx((latitude, longitude), abs=2e-4)
    assert found.confidence >= LIKELY
    assert found.within <= coordinates.EXACT


@pytest.mark.parametrize("text", NOT_WRITTEN)
def test_other_numbers_are_no_positions(text: str) -> None:
    assert [p.form for p in coordinates.find([text]) if p.confidence >= LIKELY] == []


@pytest.mark.parametrize(
    "lines",
    [
        ["Lat 3.157764°", "Long 101.711861°"],
        ["Latitude", "3.157764", "Longitude", "101.711861"],
        ["Lat", "3.157764° N", "Long", "101.711861° E"],
        ["3.157764", "101.711861"],
        ["Latitude Longitude", "3.157764 101.711861"],
    ],
)
def test_the_two_angles_may_stand_on_lines_of_their_own(lines: list[str]) -> None:
    (found,) = coordinates.find(["20 Nov 2024 10:21", *lines, "Kuala Lumpur"])
    assert (found.latitude, found.longitude) == (3.157764, 101.711861)
    assert found.confidence >= LIKELY
    for line, (start, end) in zip(found.lines, found.spans, strict=True):
        text = ["20 Nov 2024 10:21", *lines][line][start:end]
        assert any(digits in text for digits in ("3.157764", "101.711861"))


def test_a_table_of_numbers_is_not_sure() -> None:
    rows = ["3.15776 101.71186 4.00123 7.22918", "2.11245 11.71186 3.20123 1.22918"]
    assert all(p.confidence < LIKELY for p in coordinates.find(rows))


def test_what_is_rounded_further_than_a_street_is_told_as_coarse() -> None:
    (found,) = coordinates.find(["Lat 3.15 Long 101.71"])
    assert found.within > coordinates.EXACT
    assert found.confidence < LIKELY
    assert list(coordinates.find(["3° N 101° E"])) == []


def test_west_and_east_of_o_by_the_town_near_it() -> None:
    west, east = (next(coordinates.find([text])) for text in ("22.9068 S 43.1729 O", "48.1374 N 11.5755 O"))
    assert (west.longitude, east.longitude) == (-43.1729, 11.5755)


def test_digits_of_positions_are_blanked_for_telephones() -> None:
    texts = ["Lat 3.157764 Long 101.711861 call 012-345 6789"]
    (rest,) = coordinates.without(texts)
    assert len(rest) == len(texts[0])
    assert rest.split() == ["call", "012-345", "6789"]


@pytest.mark.parametrize("text", ["CWC8+R9 Mountain View", "CWC8+R9, Mountain View, CA"])
def test_a_short_plus_code_needs_its_town(text: str) -> None:
    (found,) = coordinates.find([text])
    assert (found.latitude, found.longitude) == pytest.approx((37.42206, -122.08406), abs=1e-4)
    assert list(coordinates.find(["CWC8+R9"])) == []
    assert list(coordinates.find(["CWC8+R9 Nowhereville Xyz"])) == []


@share(0.2)
@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_plus_codes_name_the_cell_of_their_point(latitude: float, longitude: float) -> None:
    code = grids.encoded(latitude, longitude)
    centre = grids.decoded(code)
    assert centre is not None
    assert abs(centre[0] - latitude) <= 1 / 8000
    assert abs(centre[1] - longitude) <= 1 / 8000
    near = grids.recovered(code[4:], latitude + 0.1, longitude - 0.1)
    assert near == pytest.approx(centre)


@share(0.2)
@given(st.floats(-79, 79), st.floats(-179, 179))
def test_degrees_minutes_seconds_come_back(latitude: float, longitude: float) -> None:
    def written(value: float, sides: str) -> str:
        seconds = round(abs(value) * 36000)
        return f"{seconds // 36000}°{seconds // 600 % 60:02}'{seconds % 600 / 10:04.1f}\"{sides[value < 0]}"

    found = list(coordinates.find([f"{written(latitude, 'NS')} {written(longitude, 'EW')}"]))
    if max(abs(latitude), abs(longitude)) > 1e-3:
        (position,) = found
        assert position.latitude == pytest.approx(latitude, abs=1e-4)
        assert position.longitude == pytest.approx(longitude, abs=1e-4)


@share(0.3)
@given(st.lists(st.text(alphabet="0123456789.,°'\"+-NSEWOlatong /:", max_size=60), max_size=5))
def test_any_text_is_borne(texts: list[str]) -> None:
    for found in coordinates.find(texts):
        assert abs(found.latitude) <= 90
        assert abs(found.longitude) <= 180
        assert math.isfinite(found.within)
        for line, (start, end) in zip(found.lines, found.spans, strict=True):
            assert 0 <= start < end <= len(texts[line])
    assert [len(text) for text in coordinates.without(texts)] == [len(text) for text in texts]


@pytest.mark.parametrize(
    "lines",
    [
        ["Dropped pin", "Directions", "Save"],
        ["Lokasi langsung", "Berakhir pukul 10.30"],
        ["Sua localização"],
        ["Search here", "Home", "Directions", "12 min (4.5 km)", "Start"],
        ["Morning Run", "5.02 km", "Pace", "5:41 /km", "Elevation Gain", "Calories"],
        ["Corrida matinal", "10,2 km", "Ritmo médio", "Tempo em movimento", "Calorias"],
    ],
)
def test_screens_of_maps_and_runs_may_show_a_place(lines: list[str]) -> None:
    found = list(map_screens.find(lines))
    assert found
    assert all(screen.confidence < LIKELY for screen in found)


@pytest.mark.parametrize(
    "lines",
    [
        ["Home", "About", "Contact"],
        ["Home", "Start", "Nearby"],
        ["Calories 250", "Carbs 30 g"],
        ["10 km", "Start 7.00"],
        ["Casa", "Pizza", "Rua"],
        ["Work from home", "Directions", "Start", "2 km"],
        ["Strava", "Garmin"],
    ],
)
def test_other_screens_do_not(lines: list[str]) -> None:
    assert list(map_screens.find(lines)) == []
