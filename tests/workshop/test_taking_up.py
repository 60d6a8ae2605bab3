"""A page that was loaded anew is told what it was told before, masked, and of nothing that was forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import pytest
from fastapi.testclient import TestClient

from photoscan.catalog import LANGUAGES
from photoscan.finding import Field, Finding
from photoscan.handouts import lessons
from photoscan.kind import Kind
from photoscan.metadata.gazetteer import distance_km
from photoscan.photo import Photo
from photoscan.report import PhotoInfo
from photoscan.workshop import notes, surroundings, view
from photoscan.workshop.app import STATIC, Workshop
from tests.workshop import stub
from tests.workshop.conftest import client_of
from tests.workshop.stub import FIRST, SECRET, THIRD, Script, StubScanner, Thing

PASSWORD = Thing(Kind.TEXT_SECRET, SECRET, FIRST)
PHONE = Thing(Kind.TEXT_PHONE, "+60 12-345 6789", THIRD, late=True)
PLACE = "3.137713, 101.684429"


@pytest.fixture
def seen() -> Iterator[TestClient]:
    workshop = Workshop(StubScanner(Script((PASSWORD, PHONE), placed=PLACE)), "en")
    yield client_of(workshop)
    workshop.desk.close()


def looked_at(client: TestClient) -> tuple[str, list[dict[str, Any]]]:
    told = [json.loads(line) for line in client.post("/api/photos", content=stub.drawn()).text.splitlines()]
    return told[0]["id"], told


def test_what_the_events_told_is_told_again(seen: TestClient) -> None:
    name, told = looked_at(seen)
    again = seen.get(f"/api/photos/{name}").json()
    assert again["photo"] == told[0]["photo"]
    assert again["shown"] is True
    found = [row for event in told if event["event"] == "detector" for row in event["findings"]]
    assert sorted(again["findings"], key=itemgetter("id")) == sorted(found, key=itemgetter("id"))
    assert again["report"] | {"event": "report"} == told[-1]
    assert again["copy"] is None


def test_a_copy_and_what_it_was_the_first_to_show_are_told_again(seen: TestClient) -> None:
    name, told = looked_at(seen)
    before = {row["id"] for event in told if event["event"] == "detector" for row in event["findings"]}
    copy = seen.post(f"/api/photos/{name}/copy", json={"hide": []}).json()
    again = seen.get(f"/api/photos/{name}").json()
    assert again["copy"] == copy
    later = {row["id"] for row in again["findings"]} - before
    assert later == {row["id"] for row in copy["left"] if row["new"]} != set()


def test_nothing_is_told_in_clear(seen: TestClient) -> None:
    name, _ = looked_at(seen)
    said = seen.get(f"/api/photos/{name}").text
    assert SECRET in seen.get(f"/api/photos/{name}/values").text
    assert SECRET not in said
    assert "3.1377" not in said
    assert "101.6844" not in said


def test_of_what_is_forgotten_or_never_was_nothing_is_told(seen: TestClient) -> None:
    name, _ = looked_at(seen)
    seen.delete(f"/api/photos/{name}")
    for gone in (name, "never-was", "../start"):
        answer = seen.get(f"/api/photos/{gone}")
        assert answer.status_code == 404 or gone.startswith("..")
        assert "findings" not in answer.json()


def test_a_photo_that_is_still_looked_at_is_not_told() -> None:
    workshop = Workshop(StubScanner(), "en")
    name = workshop.desk.put(Photo.open(stub.drawn()))
    answer = client_of(workshop).get(f"/api/photos/{name}")
    assert (answer.status_code, answer.content) == (202, b"")
    workshop.desk.close()


# What is around


def near(value: str) -> list[dict[str, Any]]:
    info = PhotoInfo("a.jpg", format="jpeg", width=1, height=1)
    found = Finding(Kind.METADATA_GPS, 0.99, Field("jpeg/exif/gps", "GPSLatitude"), "gps", "told to", value)
    places: list[dict[str, Any]] = view.finding(found, info)["near"]["places"]
    return places


@pytest.mark.parametrize(
    ("one", "other"),
    [("3.131003, 101.680455", "3.139900, 101.689900"), ("-33.861200, 151.209900", "-33.869900, 151.200100")],
)
def test_places_around_tell_nothing_that_a_mask_hides(one: str, other: str) -> None:
    """Two positions with one mask have the same places around them, in the same order."""
    assert near(one) == near(other) != []


@pytest.mark.parametrize(
    ("shown", "town"),
    [
        ("3.14, 101.69", "Kuala Lumpur"),
        ("6.32, 99.84", "Kuah"),
        ("-48.00, -120.00", None),
        ("64.15, -21.94", "Reykjavík"),
    ],
)
def test_towns_and_districts_are_named_the_nearest_first(shown: str, town: str | None) -> None:
    rows = surroundings.around(shown)
    assert len(rows) <= surroundings.MOST
    assert (town in [row["name"] for row in rows]) == (town is not None)
    latitude, longitude = map(float, shown.split(", "))
    away = [distance_km(latitude, longitude, *row["at"]) for row in rows]
    assert away == pytest.approx(sorted(away), abs=0.02)
    assert all(distance <= surroundings.TOWNS_KM for distance in away)


@pytest.mark.parametrize("shown", ["", "•••, Kajang", "91.00, 0.00", "0.00, 181.00", "5", "•••"])
def test_what_is_no_position_has_nothing_around_it(shown: str) -> None:
    assert surroundings.around(shown) == []


# Notes


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_come_in_the_language_that_is_asked_for(language: str, client: TestClient) -> None:
    told = client.get(f"/api/notes/{language}").json()
    assert told == notes.told(language)
    assert all(line and not line.startswith("workshop.") for lines in told["views"].values() for line in lines)
    assert len(told["plans"]) == 12
    for plan in told["plans"]:
        assert sum(step["minutes"] for step in plan["steps"]) == plan["minutes"]
    assert language == "en" or language not in lessons.languages() or told != notes.told("en")


def test_there_are_notes_for_every_view_and_in_no_other_language(client: TestClient) -> None:
    assert client.get("/api/notes/xx").status_code == 404
    assert {path.stem for path in (STATIC / "views").iterdir()} <= notes.told("en")["views"].keys()
