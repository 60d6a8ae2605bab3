"""What a stranger would write, as the page is told it: masked with the report, in clear only by a route of its own."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from photoscan.catalog import LANGUAGES
from photoscan.kind import Kind
from photoscan.portrait import write
from photoscan.workshop.app import Workshop
from tests.workshop import stub
from tests.workshop.conftest import client_of

SCHOOL = "SK Taman Melur"
SCRIPT = stub.Script((stub.Thing(Kind.FACE_CHILD, None, stub.FIRST), stub.Thing(Kind.TEXT_SCHOOL, SCHOOL, stub.SECOND)))


@pytest.fixture
def opened() -> tuple[TestClient, str, dict[str, object]]:
    """A client, the name of a photo that was looked at, and its last event."""
    workshop = Workshop(stub.StubScanner(SCRIPT), "en")
    client = client_of(workshop)
    lines = [json.loads(line) for line in client.post("/api/photos", content=stub.drawn()).text.splitlines()]
    return client, lines[0]["id"], lines[-1]


def test_it_comes_masked_with_the_report(opened: tuple[TestClient, str, dict[str, object]]) -> None:
    said = opened[2]["portrait"]
    assert isinstance(said, dict)
    assert list(said) == list(LANGUAGES)
    assert SCHOOL not in json.dumps(said, ensure_ascii=False)
    assert not any(row["clear"] for row in said.values())


def test_it_is_told_in_clear_on_request(opened: tuple[TestClient, str, dict[str, object]]) -> None:
    client, name, _ = opened
    clear = client.get(f"/api/photos/{name}/portrait").json()
    for language in LANGUAGES:
        assert any(part["text"] == SCHOOL for phrase in clear[language]["phrases"] for part in phrase["parts"])
        assert clear[language]["clear"]


def test_it_is_the_core_s_own(opened: tuple[TestClient, str, dict[str, object]]) -> None:
    client, name, last = opened
    saved = client.get(f"/api/photos/{name}/report?lang=ms").text
    assert "Apa yang akan ditulis" in saved
    assert SCHOOL not in saved
    report = stub.StubScanner(SCRIPT).scan(stub.drawn())
    assert last["portrait"]["ms"] == write(report, "ms").to_dict()  # type: ignore[index]


def test_there_is_none_of_a_photo_that_is_gone(opened: tuple[TestClient, str, dict[str, object]]) -> None:
    client, name, _ = opened
    client.delete(f"/api/photos/{name}")
    assert client.get(f"/api/photos/{name}/portrait").status_code == 404
