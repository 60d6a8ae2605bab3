"""The safe copy: what was chosen is hidden, nothing else; the file says nothing; the receipt is true."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import piexif
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from fixtures import corrupt
from photoscan import Report
from photoscan.scanner import Scanner
from tests.cleaning.test_groups import jpeg as groups_of_all
from tests.workshop.conftest import OURS
from tests.workshop.test_looking import look, sample


def copied(client: TestClient, name: str, hide: list[str]) -> dict[str, Any]:
    answer = client.post(f"/api/photos/{name}/copy", json={"hide": hide})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert isinstance(told, dict)
    return told


def looked(client: TestClient, name: str) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    events = look(client, sample(name), f"{name}.jpg")
    return events[0]["id"], [f for e in events for f in e.get("findings", ())], events[-1]


def seen(scanner: Scanner, data: bytes) -> Report:
    return scanner.scan(data, name="copy.jpg")


def test_only_what_was_chosen_is_hidden(client: TestClient, scanner: Scanner) -> None:
    name, findings, judged = looked(client, "class_trip")
    faces = [f["id"] for f in findings if f["kind"] == "face" and f["likely"]]
    told = copied(client, name, faces[:1])
    answer = client.get(f"/api/photos/{name}/copy")
    assert answer.headers["content-disposition"] == 'attachment; filename="safe-copy.jpg"'
    kinds = [f.kind.value for f in seen(scanner, answer.content).findings if f.likely]
    assert kinds.count("face") == len(faces) - 1
    assert "text.school" in kinds
    assert not [kind for kind in kinds if kind.startswith("metadata")]
    assert told["hidden"] == [{"name": "face", "count": 1}]
    assert told["before"]["score"] == judged["score"] > told["after"]["score"] > 0


def test_what_the_page_proposes_leaves_nothing_and_the_receipt_is_true(client: TestClient, scanner: Scanner) -> None:
    name, findings, _ = looked(client, "parcel")
    told = copied(client, name, [f["id"] for f in findings if f["hide"]])
    given = client.get(f"/api/photos/{name}/copy").content
    again = seen(scanner, given)
    assert [f.kind.value for f in again.findings if f.likely and f.severity > 1] == []
    assert told["after"]["score"] < told["before"]["score"]
    assert client.get(f"/api/photos/{name}/copy/picture").headers["content-type"] == "image/jpeg"
    receipt = client.get(f"/api/photos/{name}/copy/receipt")
    assert receipt.json()["output"]["sha256"] == told["sha256"] == hashlib.sha256(given).hexdigest()
    assert len(given) == told["bytes"]
    assert not [word for word in ("Ismadi", "555", "Melur") if word in receipt.text + json.dumps(told)]


def test_nothing_chosen_leaves_the_picture_as_it_is(client: TestClient, scanner: Scanner) -> None:
    name = look(client, _webp(), "web.webp")[0]["id"]
    told = copied(client, name, [])
    answer = client.get(f"/api/photos/{name}/copy")
    assert answer.headers["content-type"] == "image/webp"
    assert told["hidden"] == []
    assert told["removed"]
    assert seen(scanner, answer.content).findings == ()


def test_only_the_place_goes_from_the_file_and_the_page_says_what_it_still_tells(
    client: TestClient, scanner: Scanner
) -> None:
    name = look(client, groups_of_all(), "all.jpg")[0]["id"]
    answer = client.post(f"/api/photos/{name}/copy", json={"hide": [], "remove": ["gps"]})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    kinds = {f.kind.value for f in seen(scanner, client.get(f"/api/photos/{name}/copy").content).findings}
    assert {"metadata.person", "metadata.device", "metadata.datetime"} <= kinds
    assert not {"metadata.gps", "metadata.place"} & kinds
    assert {"names of people", "camera and lens"} <= set(told["told"]["en"]["groups"])
    # It was kept on purpose: told, but no leak.
    assert not [row for row in told["left"] if row["kind"].startswith("metadata")]
    assert any("captions" in note.lower() for note in told["told"]["en"]["notes"])


@pytest.mark.parametrize("remove", ["gps", ["place"], [7], {"gps": 1}, None])
def test_groups_that_are_none_are_refused(client: TestClient, remove: Any) -> None:
    name = look(client, _webp(), "web.webp")[0]["id"]
    answer = client.post(f"/api/photos/{name}/copy", json={"hide": [], "remove": remove})
    assert answer.status_code == 422


def _two_frames() -> bytes:
    """A sample that shows things behind a blank frame of its size, as a GIF."""
    second = Image.open(io.BytesIO(sample("whiteboard"))).convert("RGB").resize((960, 640))
    out = io.BytesIO()
    Image.new("RGB", second.size, "white").save(out, "GIF", save_all=True, append_images=[second])
    return out.getvalue()


def test_what_a_later_frame_shows_can_be_covered_and_is_not_called_gone(client: TestClient) -> None:
    events = look(client, _two_frames(), "two.gif")
    found = [f for e in events for f in e.get("findings", ()) if not f.get("field")]
    assert found
    assert all(f["cover"] and "box" not in f for f in found)
    untouched = copied(client, events[0]["id"], [])
    assert untouched["after"]["score"] == events[-1]["score"] > 0
    covered = copied(client, events[0]["id"], [f["id"] for f in found])
    assert sum(row["count"] for row in covered["hidden"]) == len(found)
    assert covered["after"]["score"] == 0


def test_the_receipt_does_not_give_the_old_name_away(client: TestClient) -> None:
    name = look(client, _webp(), "Joana Prado 12345678909.webp")[0]["id"]
    told = copied(client, name, [])
    receipt = client.get(f"/api/photos/{name}/copy/receipt")
    assert receipt.json()["source"]["path"] == "photo"
    assert not [word for word in ("Joana", "12345678909") if word in receipt.text + json.dumps(told)]


def _webp() -> bytes:
    with Image.open(io.BytesIO(sample("landscape"))) as image:
        out = io.BytesIO()
        exif = piexif.dump({"0th": {piexif.ImageIFD.Artist: b"Joana Prado"}})
        image.resize((320, 213)).save(out, "WEBP", exif=exif)
    return out.getvalue()


BAD = (
    b"",
    b"[]",
    b"{}",
    b'{"hide": "face"}',
    b'{"hide": ["nothing"]}',
    b'{"hide": [1]}',
    b'{"hide": null}',
    b"[" * 5000,
)


@pytest.mark.parametrize("body", BAD)
def test_nonsense_is_refused(body: bytes, client: TestClient) -> None:
    name = look(client, corrupt.files()["named_wrongly.jpg"][0])[0]["id"]
    answer = client.post(f"/api/photos/{name}/copy", content=body, headers=OURS)
    assert (answer.status_code, answer.json()["code"]) == (422, "usage")
    assert client.get(f"/api/photos/{name}/copy").status_code == 404


def test_a_photo_that_could_not_be_seen_gets_no_copy_with_parts_hidden(client: TestClient) -> None:
    data = sample("parcel")
    events = look(client, data[: len(data) // 2])
    assert events[-1]["error"] == "corrupt"
    answer = client.post(f"/api/photos/{events[0]['id']}/copy", json={"hide": []})
    assert answer.status_code >= 400
    assert client.get(f"/api/photos/{events[0]['id']}/copy").status_code == 404
