"""The nearest village or part of a town, from a table that is read in parts."""

from __future__ import annotations

import struct
from math import floor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.metadata import districts, gazetteer
from photoscan.metadata.gazetteer import distance_km
from tests.properties import share


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [(3.139, 101.6869, "Brickfields"), (-33.87, 151.2, "Pyrmont"), (38.7223, -9.1393, "Intendente")],
)
def test_what_is_near(latitude: float, longitude: float, name: str) -> None:
    found = districts.nearest(latitude, longitude)
    assert found is not None
    assert found.name == name
    assert found.distance_km < 2


@pytest.mark.parametrize("place", [(0.0, 0.0), (-48.0, -120.0), (90.0, 180.0), (-90.0, -180.0)])
def test_nothing_is_near_at_sea_and_at_the_poles(place: tuple[float, float]) -> None:
    assert districts.nearest(*place) is None


def table(path: Path, places: list[tuple[float, float]]) -> None:
    cells: dict[int, list[bytes]] = {}
    names = b""
    for index, (lat, lon) in enumerate(places):
        south, west = min(89, floor(lat)), min(179, floor(lon))
        record = districts.PLACE.pack(
            *(min(65535, int(part * 65536)) for part in (lat - south, lon - west)), len(names)
        )
        cells.setdefault((south + 90) * 360 + west + 180, []).append(record)
        names += b"\x02" + f"{index:02}".encode()
    starts, rows = [], b""
    for cell in range(districts.CELLS):
        starts.append(len(rows) // districts.PLACE.size)
        rows += b"".join(cells.get(cell, []))
    head = districts.HEADER.pack(districts.MAGIC, len(places), len(names))
    path.write_bytes(head + struct.pack(f"<{len(starts)}I", *starts) + rows + names)


@share(0.1)
@given(
    st.lists(st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2)), min_size=1, max_size=6),
    st.sampled_from([(0.0, 0.0), (52.0, 180.0), (-33.0, -179.9), (80.0, 12.0), (45.5, 100.5)]),
)
def test_it_is_the_nearest_of_all(around: list[tuple[float, float]], point: tuple[float, float]) -> None:
    """Over the borders of cells, and over the 180th meridian."""
    import tempfile

    places = [(point[0] + north, (point[1] + east + 180) % 360 - 180) for north, east in around]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "places.bin"
        table(path, places)
        patch.setattr(districts, "TABLE", path)
        found = districts.nearest(*point)
    least = min(distance_km(*point, *place) for place in places)
    assert (found is None) == (least > districts.REACH_KM) or abs(least - districts.REACH_KM) < 0.1
    if found is not None:
        assert found.distance_km == pytest.approx(least, abs=0.1)


def test_another_files_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "places.bin").write_bytes(bytes(100))
    monkeypatch.setattr(districts, "TABLE", tmp_path / "places.bin")
    with pytest.raises(ValueError, match="not a table"):
        districts.nearest(1.0, 1.0)


@share(0.05)
@given(st.tuples(st.floats(-60, 70), st.floats(-180, 180)), st.integers(1, 9))
def test_what_is_around_begins_with_the_nearest(point: tuple[float, float], most: int) -> None:
    for table_, reach in ((districts, districts.REACH_KM), (gazetteer, gazetteer.REACH_KM)):
        found = table_.around(*point, reach, most)
        away = [place.distance_km for place in found]
        assert away == sorted(away)
        assert len(away) <= most
        assert all(distance <= reach for distance in away)
        assert away == pytest.approx([distance_km(*point, place.latitude, place.longitude) for place in found])
        first = table_.nearest(*point)
        assert (first is None) == (not found)
        assert first is None or first.distance_km == pytest.approx(away[0], abs=0.06)
        assert table_.around(*point, reach / 2, most) == [place for place in found if place.distance_km <= reach / 2]
