"""A service in its own process, with real workers and a task that does what a photo says: what goes wrong in life."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from photoscan.client import Client, ServiceError
from photoscan.errors import UsageError
from photoscan.service.problem import STATUS
from photoscan.service.server import NICE
from tests.service.stub import CANARY, Service, photo, running, stub_command
from tests.service.test_app import problem

SETTINGS: dict[str, Any] = {
    "workers": 2, "queue": 2, "timeout": 5.0, "upload_timeout": 2.0, "max_bytes": 5_000_000, "grace": 20,
}  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("service"), stub_command(**SETTINGS)) as found:
        yield found
        # Whatever the tests of this module sent, the log holds neither values nor traces.
        assert CANARY not in found.said()
        assert "Traceback" not in found.said()


def check(service: Service, order: str = "", size: int = 0, **how: Any) -> httpx.Response:
    return service.http.post("/v1/check", content=photo(order, size), **how)


def workers(service: Service) -> list[int]:
    """The process ids of the workers: children of the service that were spawned for it."""
    pids = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(status[1]) == service.process.pid and b"spawn_main" in line:
                pids.append(int(entry.name))
    return pids


def wait_until_whole(service: Service) -> None:
    deadline = time.monotonic() + 30
    while service.http.get("/readyz").json().get("workers_ready") != 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_for_answer(service: Service, path: str, status: int) -> httpx.Response:
    deadline = time.monotonic() + 30
    while (answer := service.http.get(path)).status_code != status:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return answer


def wait_until_taken(service: Service, slots: int) -> None:
    """Until so many photos are with the service."""
    deadline = time.monotonic() + 30
    while f"photoscan_slots_taken {slots}.0" not in service.http.get("/metrics").text:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def talk(service: Service, *pieces: bytes, end: bool = False) -> bytes:
    """Send bytes as they are; all that comes back until the other side closes or is silent."""
    with socket.create_connection(("127.0.0.1", service.port), 20) as line:
        # The other side may have had enough before all is sent.
        with suppress(OSError):
            for piece in pieces:
                line.sendall(piece)
            if end:
                line.shutdown(socket.SHUT_WR)
        line.settimeout(10)
        found = b""
        with suppress(TimeoutError, ConnectionResetError):
            while not whole(found) and (piece := line.recv(65536)):
                found += piece
        return found


def whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    return bool(end) and length is not None and len(body) >= int(length[1])


def head(length: int, path: str = "/v1/check", extra: str = "") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{extra}\r\n".encode()


def test_a_worker_that_dies_costs_one_request(service: Service) -> None:
    answer = check(service, "die")
    problem(answer, "worker_lost")
    assert answer.headers["retry-after"] == "1"
    assert check(service).status_code == 200
    wait_until_whole(service)


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_workers_that_are_killed_in_the_middle(service: Service) -> None:
    wait_until_whole(service)
    with ThreadPoolExecutor(4) as crowd:
        asked = [crowd.submit(check, service, "sleep 3") for _ in range(4)]
        wait_until_taken(service, 4)
        time.sleep(0.5)
        for pid in workers(service):
            os.kill(pid, signal.SIGKILL)
        answers = [future.result() for future in asked]
    assert {answer.status_code for answer in answers} == {200, 503}
    for answer in answers:
        if answer.status_code == 503:
            problem(answer, "worker_lost")
    assert sum(answer.status_code == 503 for answer in answers) == 2
    wait_until_whole(service)
    assert check(service).status_code == 200


def test_a_photo_that_takes_too_long(service: Service) -> None:
    before = workers(service)
    answer = check(service, "sleep 60")
    problem(answer, "timeout")
    assert "retry-after" not in answer.headers
    wait_until_whole(service)
    assert set(workers(service)) != set(before)
    assert check(service).status_code == 200


def test_photos_without_end_do_not_keep_the_others_from_being_answered(tmp_path: Path) -> None:
    with running(tmp_path, stub_command(**{**SETTINGS, "timeout": 60, "deadline": 3})) as service:
        wait_until_whole(service)
        with ThreadPoolExecutor(2) as crowd:
            for _ in range(2):
                started = time.monotonic()
                for answer in crowd.map(lambda order: check(service, order), ["sleep 60", "sleep 60"]):
                    problem(answer, "deadline")
                assert time.monotonic() - started < 15
                # Whose process was ended is not counted as ready from the moment on.
                wait_until_whole(service)
                assert check(service).status_code == 200


def test_texts_and_what_files_say_never_wait_behind_photos(service: Service) -> None:
    wait_until_whole(service)
    with ThreadPoolExecutor(4) as crowd:
        asked = [crowd.submit(check, service, "sleep 3") for _ in range(4)]
        wait_until_taken(service, 4)
        problem(check(service), "full")
        for _ in range(10):
            assert service.http.post("/v1/check/text", content=b"Call 012-345 6789").status_code == 200
            answer = service.http.post("/v1/check?only=metadata", content=photo("decide allow"))
            assert answer.json()["decision"] == "allow"
            assert service.http.post("/v1/gate?only=metadata.gps", content=photo("decide allow")).status_code == 204
        # All of it while the photos were still at it.
        assert not any(future.done() for future in asked)
        assert {future.result().status_code for future in asked} == {200}


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_who_looks_at_photos_gives_way_to_who_reads_texts(service: Service) -> None:
    wait_until_whole(service)
    deadline = time.monotonic() + 30
    while len(pids := workers(service)) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    own = os.getpriority(os.PRIO_PROCESS, service.process.pid)
    later = min(own + NICE, 19)
    assert sorted(os.getpriority(os.PRIO_PROCESS, pid) for pid in pids) == [own, later, later]


def test_a_task_that_crashes(service: Service) -> None:
    problem(check(service, "crash"), "crash")
    assert check(service).status_code == 200


def test_more_than_there_are_slots(service: Service) -> None:
    with ThreadPoolExecutor(12) as crowd:
        answers = list(crowd.map(lambda _: check(service, "sleep 1", 300_000), range(12)))
    assert {answer.status_code for answer in answers} == {200, 503}
    refused = [answer for answer in answers if answer.status_code == 503]
    for answer in refused:
        problem(answer, "full")
    # Four slots at a time; those who came when others had gone were taken, too.
    assert 12 - len(refused) >= 4


def test_health_is_told_while_all_slots_are_taken(service: Service) -> None:
    with ThreadPoolExecutor(4) as crowd:
        asked = [crowd.submit(check, service, "sleep 1.5") for _ in range(4)]
        wait_until_taken(service, 4)
        assert service.http.get("/healthz").status_code == 200
        assert not all(future.done() for future in asked)
        assert [future.result().status_code for future in asked] == [200] * 4


def test_a_body_that_is_cut_off(service: Service) -> None:
    talk(service, head(1000) + photo(size=100), end=True)
    assert check(service).status_code == 200


def test_a_client_that_is_too_slow(service: Service) -> None:
    started = time.monotonic()
    answer = talk(service, head(1000) + photo())
    assert time.monotonic() - started < 20
    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code": "slow_upload"' in answer


def test_slow_clients_take_no_slots(service: Service) -> None:
    lines = [socket.create_connection(("127.0.0.1", service.port), 10) for _ in range(30)]
    try:
        for line in lines:
            line.sendall(head(1000) + photo())
        assert check(service).status_code == 200
    finally:
        for line in lines:
            line.close()


def test_a_body_that_is_too_long_is_answered_before_it_comes(service: Service) -> None:
    answer = talk(service, head(50_000_000, extra="Expect: 100-continue\r\n"))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"100 Continue" not in answer


def test_a_body_that_is_too_long_is_answered_while_it_comes(service: Service) -> None:
    # The answer must get through although the client is still writing.
    for _ in range(5):
        problem(check(service, size=7_000_000), "too_large")


GARBAGE = {
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
    "words": b"hello there\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two lengths": b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "negative length": b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "bad chunks": b"POST /v1/check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\xff\xd8\xff\r\n",
    "bad header": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nBad Header\x00: x\r\n\r\n",
    "endless header": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000,
    "path that is no text": b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "path in percents": b"GET /%ff%fe%00%0d%0a HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "host that is no text": b"GET /openapi.json HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
    "websocket": b"GET /v1/check HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "length and chunks": head(4, extra="Transfer-Encoding: chunked\r\n") + b"0\r\n\r\n",
    "another version": b"GET /openapi.json HTTP/2.0\r\nHost: localhost\r\n\r\n",
    "bare line feeds": b"GET /openapi.json HTTP/1.1\nHost: localhost\n\n",
    "plus before the length": b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: +5\r\n\r\nabcde",
    "length in hexadecimal": b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x5\r\n\r\nabcde",
    "two lengths in one": b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5, 6\r\n\r\nabcdef",
    "endless length": b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
    "folded header": b"GET /openapi.json HTTP/1.1\r\nHost: evil\r\n .example\r\n\r\n",
    "space before the colon": b"GET /openapi.json HTTP/1.1\r\nHost : localhost\r\n\r\n",
    "two hosts": b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "chunk of a negative size": b"POST /v1/check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    "chunk of an endless size": b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"f" * 40
    + b"\r\n",
    "another coding": b"POST /v1/check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "star": b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "another site's address": b"GET http://evil.example/openapi.json HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "five hundred headers": b"GET /v1/check HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 500 + b"\r\n",
    "canary": f"{CANARY} {CANARY}\r\n{CANARY}\r\n\r\n".encode(),
}


@pytest.mark.parametrize("case", sorted(GARBAGE))
def test_garbage_on_the_line(case: str, service: Service) -> None:
    answer = talk(service, GARBAGE[case], end=case == "endless header")
    # A line that is reset while it is still being written to may lose its answer.
    if answer or case != "endless header":
        assert answer.startswith(b"HTTP/1.1 4"), answer
        assert b"application/problem+json" in answer
        document = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert document["code"] in STATUS
    assert check(service).status_code == 200


def test_the_client_asks_again_when_it_is_told_to(service: Service) -> None:
    client = Client(service.url, retries=20)
    with ThreadPoolExecutor(8) as crowd:
        found = list(crowd.map(lambda _: client.check(photo("sleep 0.2")), range(8)))
    assert {check.decision for check in found} == {"block"}


def test_the_client_gives_up_in_the_end(service: Service) -> None:
    with pytest.raises(ServiceError) as caught:
        Client(service.url, retries=1).check(photo("die"))
    assert (caught.value.reason, caught.value.status) == ("worker_lost", 503)
    with pytest.raises(ServiceError) as caught:
        Client(service.url).check(b"hello")
    assert (caught.value.reason, caught.value.status) == ("unsupported_format", 415)
    wait_until_whole(service)


def test_the_client_sends_names_and_captions(service: Service, tmp_path: Path) -> None:
    file = tmp_path / 'a"b ä.jpg'
    file.write_bytes(photo())
    client = Client(service.url)
    assert client.check(file, caption="hello", policy="strict", idempotency_key="1").decision == "block"
    with file.open("rb") as stream:
        assert client.check(stream).decision == "block"
    assert client.clean(file, metadata_only=True).data == photo()
    assert client.check_text("hello").decision == "block"
    assert client.ready()


def test_the_client_sends_names_that_are_not_text(service: Service, tmp_path: Path) -> None:
    file = Path(os.fsdecode(bytes(tmp_path) + b"/\xff.jpg"))
    try:
        file.write_bytes(photo())
    except OSError:
        pytest.skip("this file system takes text alone")
    client = Client(service.url)
    assert client.check(file, caption="\ud800").decision == "block"
    assert client.check_text("\udcff").decision == "block"


@pytest.mark.parametrize("wrong", [CANARY + "\r\nx-other: 1", CANARY + "\n\n.", CANARY + "é", CANARY + "漢"])
def test_the_client_never_quotes_a_key(wrong: str, service: Service) -> None:
    with pytest.raises(UsageError) as caught:
        Client(service.url, wrong)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(UsageError):
        Client(service.url).check(photo(), idempotency_key=wrong)
    assert Client(service.url, CANARY + "\n").check(photo()).decision == "block"


def test_the_client_says_when_nobody_is_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        client = Client(f"http://127.0.0.1:{free.getsockname()[1]}")
        assert not client.ready()
        with pytest.raises(ServiceError, match="can't be reached") as caught:
            client.check(photo())
    assert (caught.value.reason, caught.value.status) == ("unreachable", 0)


def test_a_service_whose_workers_can_not_be_started_for_a_while_recovers(tmp_path: Path) -> None:
    need = tmp_path / "need"
    need.touch()
    with running(tmp_path, stub_command(**{**SETTINGS, "need": str(need)})) as found:
        need.unlink()
        for pid in workers(found):
            os.kill(pid, signal.SIGKILL)
        problem(wait_for_answer(found, "/readyz", 503), "not_ready")
        problem(check(found), "not_ready")
        assert found.http.get("/healthz").status_code == 200
        assert 'photoscan_worker_restarts_total{reason="start"}' in found.http.get("/metrics").text
        need.touch()
        wait_until_whole(found)
        assert check(found).status_code == 200
        said = found.said()
    assert "event=worker_not_started code=crash" in said
    assert "event=worker_started" in said
    assert CANARY not in said
    assert "Traceback" not in said


def stopped(tmp_path: Path, number: int, order: str, **settings: Any) -> tuple[list[Any], Service, float]:
    """Stop a service while three photos are with it: what they were answered, and how long it took to end."""
    answers: list[Any] = []

    def ask(found: Service) -> None:
        try:
            answers.append(check(found, order))
        except httpx.HTTPError as error:
            answers.append(error)

    with running(tmp_path, stub_command(**{**SETTINGS, **settings})) as found:
        crowd = [threading.Thread(target=ask, args=(found,)) for _ in range(3)]
        for one in crowd:
            one.start()
        wait_until_taken(found, 3)
        pids = workers(found)
        started = time.monotonic()
        found.process.send_signal(number)
        found.process.wait(30)
        seconds = time.monotonic() - started
        for one in crowd:
            one.join()
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    return answers, found, seconds


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_answers_what_is_in_flight(number: int, tmp_path: Path) -> None:
    answers, service, _ = stopped(tmp_path, number, "sleep 1")
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert service.process.returncode == 0
    assert "Traceback" not in service.said()
    with pytest.raises(httpx.ConnectError):
        service.http.get("/healthz")


def test_a_stop_does_not_wait_for_ever(tmp_path: Path) -> None:
    answers, service, seconds = stopped(tmp_path, signal.SIGTERM, "sleep 20", grace=1, workers=1, timeout=60)
    assert seconds < 15
    assert service.process.returncode == 0
    assert len(answers) == 3
    for answer in answers:
        problem(answer, "stopping")
    assert "Traceback" not in service.said()


def test_workers_that_can_not_start_end_the_service(tmp_path: Path) -> None:
    with running(tmp_path, stub_command(**SETTINGS, broken=True), ready="LISTENING") as found:
        assert found.process.wait(30) != 0
    assert CANARY not in found.said()


STANDING_STILL = {
    "nothing": (b"", b""),
    "half a head": (b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nX: ", b"x"),
    "a body that was refused": (
        b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n"
        b"%b\r\n" % (b"x" * 0x1000),
        b"1\r\nx\r\n",
    ),
}


def is_cut(line: socket.socket, drip: bytes, seconds: float) -> bool:
    """Whether a connection is cut within so many seconds, although its other end still says a little."""
    deadline = time.monotonic() + seconds
    line.settimeout(0.2)
    while time.monotonic() < deadline:
        try:
            line.sendall(drip)
            if not line.recv(1 << 16):
                return True
        except TimeoutError:
            pass
        except OSError:
            return True
    return False


@pytest.mark.parametrize("case", sorted(STANDING_STILL))
def test_a_connection_is_not_held_by_dripping(case: str, service: Service) -> None:
    start, drip = STANDING_STILL[case]
    with socket.create_connection(("127.0.0.1", service.port), 10) as line:
        line.sendall(start)
        assert is_cut(line, drip, 20)


LARGE = 4_900_000


def unread(service: Service) -> socket.socket:
    """A connection on which a large clean copy waits to be read."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(20)
    line.connect(("127.0.0.1", service.port))
    body = photo(size=LARGE)
    line.sendall(head(len(body), "/v1/clean") + body)
    return line


def read(line: socket.socket, size: int) -> int:
    """Read so much; how much there was before the connection was cut."""
    got = 0
    try:
        while got < size and (piece := line.recv(min(1 << 16, size - got))):
            got += len(piece)
    except ConnectionResetError:
        pass
    return got


def test_an_answer_that_nobody_takes_is_given_up(service: Service) -> None:
    with unread(service) as line:
        time.sleep(7)
        assert read(line, LARGE) < LARGE


def test_an_answer_that_is_taken_slowly_comes_whole(service: Service) -> None:
    with unread(service) as line:
        for _ in range(7):
            assert read(line, LARGE // 7) == LARGE // 7
            time.sleep(1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_behind_the_log_keeps_nobody_from_stopping() -> None:
    code = "from photoscan.cli.serve import _Say; _Say('platform', 2)('stopping'); print('goes on')"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=full, text=True, check=False)
    assert done.stdout == "goes on\n"
