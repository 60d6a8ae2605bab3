"""Looking at a photo: events as they happen, masked, the same result as by any other way in, and every refusal told."""

from __future__ import annotations

import io
import json
import re
from base64 import b64decode
from concurrent.futures import Future
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import piexif
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from fixtures import corrupt
from photoscan import preview
from photoscan.catalog import LANGUAGES
from photoscan.detectors import REGISTRY
from photoscan.finding import Finding, Region
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.options import Limits, ScanOptions
from photoscan.photo import Photo
from photoscan.render import RenderOptions, renderer
from photoscan.report import PhotoInfo, Report
from photoscan.risk import assess
from photoscan.scanner import Scanner
from photoscan.workshop import samples, saved, view, work
from photoscan.workshop.app import Workshop
from photoscan.workshop.desk import KEPT, KEPT_SECONDS, WAITING, Desk, FullError, GoneError, Item
from tests.conftest import Run
from tests.workshop import stub
from tests.workshop.conftest import client_of


def sample(name: str) -> bytes:
    """A sample of the package, whose name exists."""
    data = samples.sample(name)
    assert data is not None
    return data


def small(name: str) -> bytes:
    """A sample a quarter as wide, with all that its file says: quick to look at."""
    with Image.open(io.BytesIO(sample(name))) as image:
        out = io.BytesIO()
        image.resize((320, 213)).save(out, "JPEG", exif=image.info.get("exif", b""))
    return out.getvalue()


def look(client: TestClient, data: bytes, name: str = "photo.jpg") -> list[dict[str, Any]]:
    answer = client.post("/api/photos", content=data, headers={"x-photoscan-name": name})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture(scope="module")
def holiday() -> bytes:
    """A small picture in a file that says a lot."""
    return small("holiday")


def report_of(workshop: Workshop, name: str) -> dict[str, Any]:
    """The report of a photo on the desk, in its JSON form."""
    item = workshop.desk.get(name)
    assert item is not None
    assert item.report is not None
    return item.report.to_dict()


def test_events_come_in_order_and_agree_with_the_report(client: TestClient, workshop: Workshop, holiday: bytes) -> None:
    events = look(client, holiday)
    asked = [one.name for one in REGISTRY if not all(kind.card.on_request for kind in one.kinds)]
    assert [e["event"] for e in events] == ["opened", "picture", *["detector"] * len(asked), "report"]
    assert [e["name"] for e in events if e["event"] == "detector"] == asked
    report = report_of(workshop, events[0]["id"])
    streamed = [finding["id"] for e in events if e["event"] == "detector" for finding in e["findings"]]
    assert streamed == [finding["id"] for finding in report["findings"]]
    assert events[-1]["score"] == report["risk"]["score"]
    assert [rule["id"] for rule in events[-1]["rules"]] == [rule["id"] for rule in report["risk"]["rules"]]


def test_every_finding_is_told_in_every_language(client: TestClient, holiday: bytes) -> None:
    findings = [finding for event in look(client, holiday) for finding in event.get("findings", ())]
    assert {tuple(finding["said"]) for finding in findings} == {LANGUAGES}
    (position,) = [finding for finding in findings if finding["kind"] == "metadata.gps"]
    notes = {said["note"] for said in position["said"].values()}
    assert len(notes) == len(LANGUAGES)
    assert all("Kuah" in note for note in notes)


CANARIES = ("Hakim", "Yusri", "0047719", "family holiday", "6.320094")


def test_what_the_file_says_has_nothing_to_cover_wherever_it_was_seen() -> None:
    """A detector from outside may give a place in the picture for a kind of the file: the copy loses it whole."""
    seen = Finding(Kind.METADATA_COMMENT, 0.9, Region(Box(5, 5, 20, 20)), "notes", "seen", "hello")
    row = view.finding(seen, PhotoInfo("photo.png", format="png", width=64, height=48))
    assert {"cover", "box", "patch"} & set(row) == set()
    sign = Finding(Kind.TEXT_STREET, 0.9, Region(Box(5, 5, 20, 20)), "signs", "seen", "Jalan Mawar")
    row = view.finding(sign, PhotoInfo("photo.png", format="png", width=64, height=48))
    assert (row["cover"], row["box"]) == (True, [5, 5, 20, 20])


def test_values_are_masked_until_they_are_asked_for(client: TestClient, holiday: bytes) -> None:
    answer = client.post("/api/photos", content=holiday)
    name = json.loads(answer.text.splitlines()[0])["id"]
    report = client.get(f"/api/photos/{name}/report").text
    assert [canary for canary in CANARIES if canary in answer.text + report] == []
    shown = " ".join(client.get(f"/api/photos/{name}/values").json().values())
    assert [canary for canary in CANARIES if canary not in shown] == []


def gist(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what may differ: seconds, the path, and which models the process had used before."""
    return {
        "findings": report["findings"],
        "detectors": [(d["name"], d["status"], d["reason"]) for d in report["detectors"]],
        "judged": (report["risk"], report["verdict"], report["policy"]),
        "photo": {k: v for k, v in report["photo"].items() if k != "path"},
    }


def test_the_report_is_the_command_line_s(client: TestClient, workshop: Workshop, tmp_path: Path, run: Run) -> None:
    photo = tmp_path / "identity_card.jpg"
    photo.write_bytes(sample("identity_card"))
    opened = look(client, photo.read_bytes(), photo.name)[0]
    printed = json.loads(run("scan", photo, "--policy", "workshop", "--format", "json").stdout)
    assert gist(report_of(workshop, opened["id"])) == gist(printed)


PICTURE = re.compile(r"data:image/jpeg;base64,[\w+/=]+")


@pytest.mark.parametrize("language", [*LANGUAGES, "xx"])
def test_the_saved_report_is_the_page_that_every_shell_writes(
    language: str, client: TestClient, workshop: Workshop, holiday: bytes
) -> None:
    name = look(client, holiday, "beach.jpg")[0]["id"]
    answer = client.get(f"/api/photos/{name}/report?lang={language}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="photoscan-report.html"'
    item = workshop.desk.get(name)
    assert item is not None
    assert item.report is not None
    spoken = language if language in LANGUAGES else "en"
    told = assess(item.report, workshop.scanner.policy, spoken)
    options = RenderOptions(language=spoken, picture=lambda report, longest: preview.jpeg(item.photo, longest))
    written = "".join(renderer("html")(options).render([told]))
    assert PICTURE.sub("", answer.text) == PICTURE.sub("", written)
    assert len(PICTURE.findall(answer.text)) == len(PICTURE.findall(written)) == 1


def test_what_would_be_hidden_is_black_in_the_picture_of_the_saved_report() -> None:
    page = saved.page(Photo.open(stub.drawn()), _stub_report(), _stub().policy, "en").decode()
    (picture,) = PICTURE.findall(page)
    pixels = np.asarray(Image.open(io.BytesIO(b64decode(picture.partition(",")[2]))))
    box = stub.FIRST
    assert pixels[box.y + 4 : box.y2 - 4, box.x + 4 : box.x2 - 4].max() < 20
    rest = stub.THIRD
    assert pixels[rest.y : rest.y2, rest.x : rest.x2].min() > 100
    assert stub.SECRET not in page


def _stub() -> stub.StubScanner:
    return stub.StubScanner(stub.Script((stub.Thing(Kind.TEXT_SECRET, stub.SECRET, stub.FIRST),)))


def _stub_report() -> Report:
    return _stub().scan(stub.drawn())


def test_the_picture_is_upright_and_holds_nothing_but_pixels(client: TestClient) -> None:
    turned = io.BytesIO()
    piexif.insert(piexif.dump({"0th": {piexif.ImageIFD.Orientation: 6}}), small("landscape"), turned)
    opened = look(client, turned.getvalue())[0]
    assert opened["photo"]["width"] < opened["photo"]["height"]
    shown = Photo.open(client.get(f"/api/photos/{opened['id']}/picture").content)
    assert shown.orientation == 1
    assert (shown.width, shown.height) == (opened["photo"]["width"], opened["photo"]["height"])
    assert b"Exif" not in shown.data


STATUS = {"unsupported_format": 415, "corrupt": 422, "too_large": 413}


@pytest.mark.parametrize("name", sorted(corrupt.files()))
def test_broken_files_are_refused_or_reported(name: str, client: TestClient) -> None:
    data, expected = corrupt.files()[name]
    answer = client.post("/api/photos", content=data, headers={"x-photoscan-name": name})
    if answer.status_code != 200:
        assert (answer.status_code, answer.json()["code"]) == (STATUS[expected], expected)
        assert name not in answer.text
        return
    last = json.loads(answer.text.splitlines()[-1])
    assert (last["event"], last["error"] or corrupt.OK) == ("report", expected)
    assert last["verdict"] == "incomplete" or expected == corrupt.OK


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_beyond_the_limit_is_not_read(announced: bool) -> None:
    small = Scanner(ScanOptions(policy="workshop", limits=Limits(max_bytes=1000)))
    client = client_of(Workshop(small, "en"))
    read = 0

    def pieces() -> Any:
        nonlocal read
        for _ in range(1000):
            read += 100
            yield bytes(100)

    answer = client.post("/api/photos", content=bytes(1001) if announced else pieces())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_names_are_shown_without_their_folders(client: TestClient, holiday: bytes) -> None:
    for sent, shown in (("C%3A%5Cme%5Cbeach.jpg", "beach.jpg"), ("..%2F..%2Fetc%2Fpasswd", "passwd"), ("", "photo")):
        assert look(client, holiday, sent)[0]["photo"]["name"] == shown


def test_too_many_at_a_time_are_asked_to_wait(client: TestClient, workshop: Workshop, holiday: bytes) -> None:
    free = Event()
    held = [workshop.desk.work(free.wait) for _ in range(WAITING + 1)]
    answer = client.post("/api/photos", content=holiday)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "busy", "5")
    assert len(workshop.desk) == 0
    free.set()
    for future in held:
        future.result(10)
    assert look(client, holiday)[-1]["event"] == "report"


def test_work_that_nobody_waits_for_ends(scanner: Scanner, holiday: bytes) -> None:
    gone = Event()
    told: list[dict[str, Any]] = []

    def tell(event: dict[str, Any]) -> None:
        told.append(event)
        if len(told) == 3:
            gone.set()

    with pytest.raises(GoneError):
        work.look(Item(Photo.open(holiday), 0), scanner, tell, gone)
    assert len(told) == 3


def test_a_crash_is_told_and_nothing_of_it(client: TestClient, holiday: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret is mango")

    monkeypatch.setattr(work, "picture", broken)
    assert look(client, holiday)[-1] == {"event": "problem", "code": "error"}


# The desk


def tiny() -> Photo:
    return Photo.open(corrupt.files()["named_wrongly.jpg"][0])


def test_the_desk_keeps_few_photos_and_not_for_long() -> None:
    now = [0.0]
    desk = Desk(lambda: now[0])
    names = [desk.put(tiny()) for _ in range(KEPT + 3)]
    assert len(set(names)) == len(names)
    assert all(len(name) >= 24 for name in names)
    assert [desk.get(name) is None for name in names] == [True] * 3 + [False] * KEPT
    desk.forget(names[-1])
    assert desk.get(names[-1]) is None
    now[0] = KEPT_SECONDS + 1
    assert desk.get(names[-2]) is None
    assert len(desk) == 0


def test_the_desk_keeps_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = tiny()
    monkeypatch.setattr("photoscan.workshop.desk.KEPT_BYTES", 3 * len(photo.data))
    desk = Desk()
    names = [desk.put(photo) for _ in range(5)]
    assert [desk.get(name) is not None for name in names] == [False, False, True, True, True]


def test_a_closed_desk_is_empty() -> None:
    desk = Desk()
    desk.put(tiny())
    free = Event()
    futures: list[Future[bool]] = [desk.work(free.wait) for _ in range(WAITING + 1)]
    with pytest.raises(FullError):
        desk.work(free.wait)
    desk.close()
    free.set()
    assert len(desk) == 0
    assert all(future.cancelled() or future.result(10) for future in futures)


def test_forgetting_leaves_nothing(client: TestClient, holiday: bytes) -> None:
    name = look(client, holiday)[0]["id"]
    assert client.get(f"/api/photos/{name}/picture").status_code == 200
    assert client.delete(f"/api/photos/{name}").status_code == 204
    for part in ("picture", "values", "report", "copy"):
        assert client.get(f"/api/photos/{name}/{part}").json()["code"] == "gone"
    assert client.post(f"/api/photos/{name}/copy", content=b'{"hide": []}').status_code == 404


def test_the_page_takes_files_by_the_suffixes_of_the_table(client: TestClient) -> None:
    """And spells none of them again."""
    known = [suffix for format_ in Format for suffix in format_.row.suffixes]
    assert client.get("/api/start").json()["suffixes"] == known
    page = Path(work.__file__).parent / "static"
    for script in page.rglob("*.js"):
        assert not [suffix for suffix in known if f"{suffix}," in script.read_text("utf-8")], script.name
