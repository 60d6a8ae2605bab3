"""The process for phones: what it holds is nowhere else, and it ends with the lesson and with the teacher's program."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
import pytest

from photoscan.errors import UsageError
from photoscan.workshop import assembled
from photoscan.workshop.game.lesson import LessonError
from photoscan.workshop.lan import remote as remote_
from photoscan.workshop.lan.app import KEY
from photoscan.workshop.lan.line import LONGEST, Line
from photoscan.workshop.lan.remote import Remote
from photoscan.workshop.serving import Lan
from tests.conftest import Run
from tests.workshop import lan_stub, stub

LONG = 60.0
OURS = {"x-photoscan": "workshop"}
OPEN = {"teams": ["Red", "Blue"], "rounds": ["street"], "seconds": None}
MARKER = b"these bytes are a pupil's alone 7f3a91"
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs: a zombie, which nobody has seen off yet, does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def below(pid: int) -> list[int]:
    """The processes that a process began, and those that these began."""
    found = [int(word) for file in Path(f"/proc/{pid}/task").glob("*/children") for word in file.read_text().split()]
    return [*found, *(other for one in found for other in below(one))]


def memory_holds(pid: int, what: bytes) -> bool:
    """Whether these bytes are anywhere in what a process has written to its memory."""
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            start, end = (int(word, 16) for word in span.split("-"))
            if not rights.startswith("rw"):
                continue
            try:
                memory.seek(start)
                if what in memory.read(end - start):
                    return True
            except (OSError, OverflowError):
                continue
    return False


class Phone:
    """A phone that has joined."""

    def __init__(self, link: str, name: str = "Aina") -> None:
        url, code = link.split("#")
        self.http = httpx.Client(base_url=url, headers=OURS, timeout=LONG, trust_env=False)
        answer = self.http.post("/api/join", json={"code": code, "name": name})
        assert answer.status_code == 200, answer.text
        self.http.headers[KEY] = answer.json()["key"]

    def send(self, data: bytes) -> list[dict[str, Any]]:
        answer = self.http.post("/api/photos", content=data)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]


@contextmanager
def running() -> Iterator[tuple[int, str, str]]:
    """The teacher's program in a process of its own: its number, the page's address, the phones' link."""
    with subprocess.Popen([sys.executable, "-m", "tests.workshop.lan_stub"], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        try:
            teacher, link = (run.stdout.readline().split()[1] for _ in range(2))
            yield run.pid, teacher, link
        finally:
            run.kill()


@contextmanager
def remote(folder: Path, **more: Any) -> Iterator[Remote]:
    """The process for phones, begun from this one."""
    made = Remote(lan_stub.settings(folder, **more))
    try:
        made.begin()
        yield made
    finally:
        made.close()


def ask(made: Remote, action: str, **body: Any) -> Any:
    return asyncio.run(made.ask(action, body))


@linux
def test_a_photo_never_comes_by_the_teacher_s_process_and_all_ends_with_it() -> None:
    with running() as (pid, url, link):
        teacher = httpx.Client(base_url=url, headers=OURS, timeout=LONG, trust_env=False)
        assert teacher.post("/api/lesson", json=OPEN).json()["door"]["ways"][0]["link"] == link
        phone = Phone(link)
        assert phone.send(stub.drawn() + MARKER)[-1]["event"] == "report"
        family = below(pid)
        (room,) = [one for one in family if below(one)]
        assert memory_holds(room, MARKER), "or nothing is proved"
        assert not memory_holds(pid, MARKER)
        assert [row["name"] for row in teacher.get("/api/lesson").json()["pupils"]] == ["Aina"]

        os.kill(pid, signal.SIGKILL)
        until(lambda: not any(map(alive, family)))
        with pytest.raises(httpx.TransportError):
            phone.http.get("/")


@linux
def test_the_end_of_the_lesson_ends_the_process_and_the_next_one_begins_anew() -> None:
    with running() as (pid, url, link):
        teacher = httpx.Client(base_url=url, headers=OURS, timeout=LONG, trust_env=False)
        teacher.post("/api/lesson", json=OPEN)
        phone = Phone(link)
        phone.send(stub.drawn())
        family = below(pid)
        (room,) = [one for one in family if below(one)]
        mine = [room, *below(room)]
        assert teacher.delete("/api/lesson").json() == {"pupils": 1, "photos": 1}
        until(lambda: not any(map(alive, mine)))
        with pytest.raises(httpx.TransportError):
            phone.http.get("/")
        assert teacher.get("/api/lesson").status_code == 404
        assert teacher.get("/api/lesson/door").json()["open"] is False
        again = teacher.post("/api/lesson", json=OPEN).json()
        assert again["pupils"] == []
        assert again["door"]["open"] is True
        assert Phone(again["door"]["ways"][0]["link"]).http.get("/api/play").status_code == 200


def test_nothing_that_a_stranger_sends_is_written_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with remote(tmp_path) as made:
        phone = Phone(made.door()["ways"][0]["link"])
        to = ("127.0.0.1", phone.http.base_url.port or 80)
        head = f"Host: 127.0.0.1:{to[1]}\r\nX-Photoscan: workshop\r\n{KEY}: {phone.http.headers[KEY]}\r\n"
        left = "Content-Length: 900\r\n\r\nhalf"
        for sent in (
            "no HTTP\r\n\r\n",
            f"GET / HTTP/1.1\r\n{head}Connection: upgrade\r\nUpgrade: websocket\r\n\r\n",
            *(
                f"{what} HTTP/1.1\r\n{head}{left}"
                for what in ("POST /api/join", "PUT /api/play/marks", "POST /api/photos")
            ),
        ):
            with socket.create_connection(to, LONG) as line:
                line.sendall(sent.encode())
        assert phone.send(stub.drawn())[-1]["event"] == "report"
    said = "".join(capfd.readouterr())
    assert not [word for word in ("Traceback", "Exception", "HTTP", "WebSocket", "upgrade") if word in said]


@linux
def test_an_end_is_an_end_though_the_process_stands_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_, "FAREWELL", 0.5)
    monkeypatch.setattr(remote_, "DEATH", 0.5)
    with remote(tmp_path) as made:
        ask(made, "open", **OPEN)
        pid = made.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(LessonError):
            ask(made, "end")
        assert not alive(pid)
        assert made.door()["open"] is False


@linux
def test_a_process_that_dies_is_told_and_can_be_begun_anew(tmp_path: Path) -> None:
    with remote(tmp_path) as made:
        ask(made, "open", **OPEN)
        assert made.pid is not None
        os.kill(made.pid, signal.SIGKILL)
        until(lambda: made.pid is None)
        with pytest.raises(LessonError) as told:
            ask(made, "state")
        assert told.value.code == "lost"
        assert made.door()["open"] is False
        assert ask(made, "open", **OPEN)["phase"] == "lobby"
        assert made.door()["open"] is True


def test_a_worker_that_dies_costs_its_photo_alone(tmp_path: Path) -> None:
    with remote(tmp_path) as made:
        phone = Phone(made.door()["ways"][0]["link"])
        assert phone.send(stub.drawn() + lan_stub.DIES)[-1] == {"event": "problem", "code": "worker_lost"}
        assert phone.send(stub.drawn())[-1]["event"] == "report"
        assert ask(made, "end") == {"pupils": 1, "photos": 1}


def test_nobody_there_for_hours_and_all_is_forgotten(tmp_path: Path) -> None:
    with remote(tmp_path, idle=1.0) as made:
        Phone(made.door()["ways"][0]["link"])
        until(lambda: made.pid is None)
        assert made.door()["open"] is False


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=str(port)), remote(tmp_path, port=port):
            pass


def test_what_is_refused_is_told_as_it_is_in_one_process(tmp_path: Path) -> None:
    with remote(tmp_path) as made:
        for action, body, code in (
            ("start", {}, "gone"),
            ("open", {"teams": [], "rounds": []}, "wrong"),
            ("open", OPEN | {"teams": ["x" * LONGEST]}, "wrong"),
            ("show", {}, "gone"),
        ):
            with pytest.raises(LessonError) as told:
                ask(made, action, **body)
            assert told.value.code == code


NONSENSE = (b"", b"{", b"[]", b"\xff", b"5", b"[" * 50_000)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_ends_a_line(nonsense: bytes) -> None:
    near, far = Pipe()
    heard: Queue[Any] = Queue()
    Line(near, heard.put).start()
    far.send_bytes(b'{"id": 1}')
    assert heard.get(timeout=LONG) == {"id": 1}
    far.send_bytes(nonsense)
    assert heard.get(timeout=LONG) is None


def test_a_line_bears_no_document_without_bounds_and_no_end_that_stands_still() -> None:
    near, far = Pipe()
    line = Line(near, lambda _: None)
    line.start()
    assert not line.say({"what": "x" * LONGEST})
    said = 0
    while line.say({"what": "x" * 100_000}):
        said += 1
        assert said < 1000
    line.hang_up(0.1)
    far.close()


ALONE = ("--lan-address=127.0.0.1", "--lan-port=8090", "--lan-certificate=x.pem", "--lan-key=x.pem")


@pytest.mark.parametrize("option", ALONE)
def test_options_for_phones_want_phones(option: str, run: Run) -> None:
    result = run("workshop", "--no-browser", option)
    assert result.returncode == 2
    assert "--lan" in result.stderr


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("no certificate")
    for file in ("x.pem", "none.pem"):
        lan = Lan(("127.0.0.1",), certificate=str(tmp_path / file))
        with pytest.raises(UsageError, match=file):
            assembled.phones(lan_stub.scanner().options, lan.addresses, None, lan.certificate, None)
