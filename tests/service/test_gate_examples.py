"""Each recipe in docs/examples/gate lets pass what may pass, and nothing that nobody has looked at."""

from __future__ import annotations

import importlib.util
import io
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from photoscan.client import Client, ServiceError
from tests.service.stub import Service, photo, running, stub_command

GATE = Path(__file__).parents[2] / "docs" / "examples" / "gate"
PASSES = {
    "allow": (photo("decide allow"), True),
    "review": (photo("decide review"), False),
    "incomplete": (photo("decide incomplete"), False),
    "block": (photo("decide block"), False),
    "broken": (photo("corrupt"), False),
    "no photo": (b"words, and no photo at all", False),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("service"), stub_command(workers=1)) as found:
        yield found


@pytest.fixture
def nowhere() -> str:
    """An address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def recipe(name: str, url: str, monkeypatch: pytest.MonkeyPatch, otherwise: str = "closed", **more: str) -> ModuleType:
    """The program of that name, as it starts with these variables."""
    variables = {"PHOTOSCAN_URL": url, "PHOTOSCAN_OTHERWISE": otherwise, **more}
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    spec = importlib.util.spec_from_file_location(f"gate_{name}", GATE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("status", "unseen"), [(0, True), (500, True), (503, True), (504, True), (422, False)])
def test_an_error_says_whether_anybody_has_looked(status: int, unseen: bool) -> None:
    assert ServiceError("problem.client.stranger", status, host="x").unseen is unseen


# FastAPI


def uploaded(module: ModuleType, data: bytes) -> httpx.Response:
    import asyncio

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=module.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post("/upload", files={"photo": ("a.jpg", data)}, data={"caption": "hi"})

    return asyncio.run(send())


@pytest.mark.parametrize("case", PASSES)
def test_fastapi(case: str, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, passes = PASSES[case]
    module = recipe("fastapi_upload", service.url, monkeypatch, UPLOADS=str(tmp_path / "up"))
    assert uploaded(module, data).status_code == (201 if passes else 422)
    assert [file.read_bytes() for file in (tmp_path / "up").glob("*")] == ([data] if passes else [])


@pytest.mark.parametrize(("otherwise", "status"), [("closed", 503), ("open", 201)])
def test_fastapi_where_nobody_looks(
    otherwise: str, status: int, nowhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = recipe("fastapi_upload", nowhere, monkeypatch, otherwise, UPLOADS=str(tmp_path / "up"))
    assert uploaded(module, photo()).status_code == status
    assert len([*(tmp_path / "up").glob("*")]) == (status == 201)


# Django


@pytest.fixture
def django() -> Any:
    """Django with nothing but its settings' defaults."""
    pytest.importorskip("django", reason="THE VALIDATOR IN docs/examples/gate IS NOT TESTED: Django is not installed")
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
    from django.core import exceptions

    return exceptions


@pytest.mark.parametrize("case", PASSES)
def test_django(case: str, django: Any, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    data, passes = PASSES[case]
    module = recipe("django_photos", service.url, monkeypatch)
    file = io.BytesIO(data)
    file.seek(3)
    if passes:
        module.allowed_by_photoscan(file)
    else:
        with pytest.raises(django.ValidationError) as caught:
            module.allowed_by_photoscan(file)
        assert all(caught.value.messages)
    assert file.read() == data


@pytest.mark.parametrize("otherwise", ["closed", "open"])
def test_django_where_nobody_looks(otherwise: str, django: Any, nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = recipe("django_photos", nowhere, monkeypatch, otherwise)
    if otherwise == "open":
        module.allowed_by_photoscan(io.BytesIO(photo()))
    else:
        with pytest.raises(django.ValidationError):
            module.allowed_by_photoscan(io.BytesIO(photo()))


# tusd, by what it sends and takes


def finished(folder: Path, data: bytes, name: str = "0f3a") -> dict[str, Any]:
    """The event that tusd sends when all of an upload has come."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(data)
    info = folder / f"{name}.info"
    info.write_text("{}")
    storage = {"Type": "filestore", "Path": str(file), "InfoPath": str(info)}
    upload = {"ID": name, "Size": len(data), "Offset": len(data), "MetaData": {"filename": "a.jpg"}, "Storage": storage}
    return {"Type": "pre-finish", "Event": {"Upload": upload, "HTTPRequest": {"Method": "PATCH", "Header": {}}}}


@pytest.mark.parametrize("case", PASSES)
def test_tusd(case: str, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, passes = PASSES[case]
    module = recipe("tusd_hook", service.url, monkeypatch, UPLOADS=str(tmp_path / "up"))
    said = module.hook(finished(tmp_path / "up", data))
    kept = sorted(file.name for file in (tmp_path / "up").iterdir())
    if passes:
        assert (said, kept) == ({}, ["0f3a", "0f3a.info"])
    else:
        assert (said["HTTPResponse"]["StatusCode"], kept) == (422, [])
        assert json.loads(said["HTTPResponse"]["Body"])


@pytest.mark.parametrize(("otherwise", "status"), [("closed", 503), ("open", None)])
def test_tusd_where_nobody_looks(
    otherwise: str, status: int | None, nowhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = recipe("tusd_hook", nowhere, monkeypatch, otherwise, UPLOADS=str(tmp_path / "up"))
    said = module.hook(finished(tmp_path / "up", photo()))
    assert said.get("HTTPResponse", {}).get("StatusCode") == status
    assert len([*(tmp_path / "up").iterdir()]) == (2 if otherwise == "open" else 0)


def test_tusd_events_of_other_sorts_and_files_elsewhere(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = recipe("tusd_hook", service.url, monkeypatch, UPLOADS=str(tmp_path / "up"))
    assert module.hook({"Type": "post-finish", "Event": {}}) == {}
    event = finished(tmp_path / "elsewhere", photo("decide block"))
    with pytest.raises(ValueError, match="folder"):
        module.hook(event)
    assert len([*(tmp_path / "elsewhere").iterdir()]) == 2


# Object stores, by the calls of S3


class Bucket:
    """A client of S3 that holds one object, and notes what is asked of it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.public: dict[str, bytes] = {}
        self.tags: dict[str, str] = {}

    def get_object(self, Bucket: str, Key: str, IfMatch: str) -> dict[str, Any]:  # noqa: N803 - as S3 names them
        assert (Bucket, Key, IfMatch) == ("waiting", "a photo.jpg", "e1")
        return {"Body": io.BytesIO(self.data), "ContentType": "image/jpeg"}

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803 - as above
        assert (Bucket, ContentType) == ("public", "image/jpeg")
        self.public[Key] = Body

    def put_object_tagging(self, Bucket: str, Key: str, Tagging: dict[str, Any]) -> None:  # noqa: N803 - as above
        assert Bucket == "waiting"
        self.tags[Key] = Tagging["TagSet"][0]["Value"]


EVENT = {"Records": [{"s3": {"bucket": {"name": "waiting"}, "object": {"key": "a+photo.jpg", "eTag": "e1"}}}]}
BECOMES = {
    "allow": (photo("decide allow"), photo("decide allow")),
    "review": (photo("decide review"), b"clean"),
    "incomplete": (photo("decide incomplete"), None),
    "block": (photo("decide block"), None),
    "corrupt": (photo("corrupt"), None),
    "unsupported_format": (b"words, and no photo at all", None),
}


@pytest.mark.parametrize("decision", BECOMES)
def test_an_object_store(decision: str, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    data, shared = BECOMES[decision]
    module, bucket = recipe("s3_event", service.url, monkeypatch, PUBLIC_BUCKET="public"), Bucket(data)
    assert module.handler(EVENT, store=bucket) == [decision]
    assert bucket.public == ({} if shared is None else {"a photo.jpg": shared})
    assert bucket.tags == {"a photo.jpg": decision}


def test_an_object_store_shares_no_copy_that_should_be_looked_at(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = Bucket(photo("decide review") + b"stays")
    module = recipe("s3_event", service.url, monkeypatch, PUBLIC_BUCKET="public")
    assert module.handler(EVENT, store=bucket) == ["review"]
    assert (bucket.public, bucket.tags) == ({}, {"a photo.jpg": "review"})


@pytest.mark.parametrize("status", [401, 403, 404, 421])
def test_an_object_store_sends_again_what_a_wrong_key_kept_from_a_look(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with website(status) as (wrong, _):
        module = recipe("s3_event", f"http://127.0.0.1:{wrong}", monkeypatch, PUBLIC_BUCKET="public")
        bucket = Bucket(photo())
        with pytest.raises(ServiceError):
            module.handler(EVENT, store=bucket)
    assert (bucket.public, bucket.tags) == ({}, {})


def test_an_object_store_sends_again_what_nobody_has_looked_at(nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, bucket = recipe("s3_event", nowhere, monkeypatch, PUBLIC_BUCKET="public"), Bucket(photo())
    with pytest.raises(ServiceError):
        module.handler(EVENT, store=bucket)
    assert (bucket.public, bucket.tags) == ({}, {})


# pict-rs, by what it sends: the bare picture, and any status of success lets it pass


@pytest.mark.parametrize("case", PASSES)
def test_pict_rs(case: str, service: Service) -> None:
    data, passes = PASSES[case]
    answer = httpx.post(f"{service.url}/v1/gate", content=data, headers={"content-type": "image/jpeg"})
    assert answer.is_success is passes


# nginx


@contextmanager
def website(status: int = 201) -> Iterator[tuple[int, list[bytes]]]:
    """A website that takes every upload: its port, and what it was sent."""
    taken: list[bytes] = []

    class Site(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        do_PUT = do_PATCH = do_POST  # noqa: N815 - as http.server calls them

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1], taken
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def nginx_with_scripts() -> tuple[str, str]:
    """The program and its module njs; skips where either is missing."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    modules = [*Path("/usr/lib/nginx/modules").glob("ngx_http_js_module.so")]
    if program is None or not modules:
        pytest.skip("THE RECIPE FOR NGINX IS NOT TESTED: nginx with its module njs is not installed")
    return program, str(modules[0])


@contextmanager
def nginx(folder: Path, asked: str, site: int, otherwise: str = "closed") -> Iterator[str]:
    """The recipe, on free ports; its address."""
    program, module = nginx_with_scripts()
    text = (GATE / "nginx.conf").read_text()
    for old, new in {
        "modules/ngx_http_js_module.so": module,
        "127.0.0.1:8000": asked.removeprefix("http://"),
        "127.0.0.1:3000": f"127.0.0.1:{site}",
        "127.0.0.1:8080": "127.0.0.1:PORT",
        'otherwise "closed"': f'otherwise "{otherwise}"',
        "js_import gate from gate.js": f"js_import gate from {GATE}/gate.js",
    }.items():
        assert old in text
        text = text.replace(old, new)
    with serving(program, folder, text) as url:
        yield url


@contextmanager
def serving(program: str, folder: Path, text: str) -> Iterator[str]:
    """nginx by these lines, with a free port for PORT; its address."""
    port = free_port()
    own = (
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; "
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;"
    )
    text = text.replace("PORT", str(port)).replace("http {", own, 1)
    (folder / "nginx.conf").write_text(f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\n{text}")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            deadline = time.monotonic() + 20
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert process.poll() is None, (folder / "log").read_text()
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def test_nginx(service: Service, tmp_path: Path) -> None:
    with website() as (site, taken), nginx(tmp_path, service.url, site) as url:
        for case, (data, passes) in PASSES.items():
            taken.clear()
            # As a browser sends it, whose page is the website's.
            headers = {"origin": url, "sec-fetch-site": "same-origin", "accept-language": "ms"}
            answer = httpx.post(f"{url}/upload", content=data, headers=headers)
            assert answer.status_code == (201 if passes else 422), (case, answer.text)
            assert taken == ([data] if passes else []), case
            if not passes:
                assert answer.headers["content-type"] == "application/json"
                assert answer.json()
        # A photo larger than nginx's own buffers reaches both whole.
        taken.clear()
        large = photo("decide allow", 3_000_000)
        assert httpx.post(f"{url}/upload", content=large, timeout=30).status_code == 201
        assert taken == [large]
        # Whoever asks for the inner address gets nothing.
        assert httpx.post(f"{url}/_photoscan", content=photo()).status_code == 404


@pytest.mark.parametrize(("otherwise", "status"), [("closed", 503), ("open", 201)])
def test_nginx_where_nobody_looks(otherwise: str, status: int, nowhere: str, tmp_path: Path) -> None:
    with website() as (site, taken), nginx(tmp_path, nowhere, site, otherwise) as url:
        assert httpx.post(f"{url}/upload", content=photo()).status_code == status
        assert len(taken) == (status == 201)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize(
    "path", ["/upload", "/Upload", "/upload/", "//upload", "/%75pload", "/upload;a=b", "/upload?a=b"]
)
def test_nginx_lets_no_photo_in_by_another_spelling(method: str, path: str, service: Service, tmp_path: Path) -> None:
    with website() as (site, taken), nginx(tmp_path, service.url, site) as url:
        for case, status in (("block", 422), ("allow", 201)):
            assert httpx.request(method, f"{url}{path}", content=PASSES[case][0]).status_code == status
        assert taken == [PASSES["allow"][0]]


@pytest.mark.parametrize(("status", "passes"), [(401, False), (403, False), (404, False), (421, False), (429, True)])
def test_nginx_that_is_open_lets_nothing_pass_for_a_wrong_key(status: int, passes: bool, tmp_path: Path) -> None:
    with website(status) as (wrong, _), website() as (site, taken):
        with nginx(tmp_path, f"http://127.0.0.1:{wrong}", site, "open") as url:
            assert httpx.post(f"{url}/upload", content=photo()).status_code == (201 if passes else 503)
        assert len(taken) == passes


def test_the_way_to_the_service_for_a_page_leads_to_checks_alone(service: Service, tmp_path: Path) -> None:
    """The lines for nginx in the README of clients/js, as they stand there."""
    program, _ = nginx_with_scripts()
    page = (GATE.parents[2] / "clients" / "js" / "README.md").read_text("utf-8")
    lines = page.partition("With nginx:\n\n```\n")[2].partition("```")[0]
    assert "proxy_pass http://127.0.0.1:8000/" in lines
    lines = lines.replace("http://127.0.0.1:8000", service.url)
    with serving(program, tmp_path, f"http {{ server {{ listen 127.0.0.1:PORT; {lines} }} }} events {{}}") as url:
        for site, status in (("same-origin", 200), (None, 200), ("cross-site", 403), ("same-site", 403)):
            headers = {"origin": "http://shop.example", **({"sec-fetch-site": site} if site else {})}
            answer = httpx.post(f"{url}/photoscan/v1/check?copy=true", content=photo(), headers=headers)
            assert answer.status_code == status
        for path in ("metrics", "v1/clean", "v1/check/text", "v1/album", "openapi.json", "v1/check/../../metrics"):
            assert httpx.get(f"{url}/photoscan/{path}").status_code == 404
            assert httpx.post(f"{url}/photoscan/{path}", content=photo()).status_code in (404, 405)


def test_the_client_of_the_recipes_reaches_the_service(service: Service) -> None:
    assert Client(service.url).check(photo("decide review")).decision == "review"
