"""`photoscan serve` under attack, bounded in count and time: `python -m benchmarks.service_attack [--real] [PART...]`.

raw        heads and bodies that are no HTTP, or two things at once, each also with a few bytes changed
slow       many clients that drip a body or a head, beside ordinary ones
mutated    10,000 bodies with a few bytes changed, raw and in forms
kill       workers that are killed again and again under load
freeze     all workers are stopped (SIGSTOP), each with what it is at
stop       SIGTERM under load
full       a disk without room for temporary files, and a log that can't be written

By default workers open each photo and then do as its caption says; with --real they are the real ones, and fewer
bodies are sent. A row a part; exit 1 for a crash, a trace, a value in the log, a server error, or a request without its
answer.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from PIL import Image

from benchmarks.service_load import CANARY, Service, seeds
from photoscan.errors import PhotoscanError
from photoscan.options import Limits
from photoscan.photo import Photo
from photoscan.service.documents import EXAMPLE_CHECK
from photoscan.service.server import serve
from photoscan.service.settings import Settings
from photoscan.service.task import Answer, Failure, Result, ServiceRequest, Task

MUTATED, REAL = 10_000, 600
"""How many mutated bodies are sent; to real workers fewer."""
CLIENTS, TIMEOUT, PATIENCE, DEADLINE = 8, 10.0, 4.0, 6.0
BYTES = 2_000_000
LIMITS = Limits(max_bytes=BYTES, max_pixels=4_000_000)
BODY = "multipart/form-data; boundary=xx"
REFUSED = {503, 504}
"""Of the server errors those that say that nobody has looked, and why."""


# A service whose workers do as they are told


def work(asked: ServiceRequest) -> Result:
    """Open the photo, as the real task does, and do what its caption says: `sleep 2`."""
    if asked.kind != "text":
        try:
            Photo.open(asked.data, LIMITS, asked.name)
        except PhotoscanError as error:
            return Failure(error.code, error.http_status, "")
    order, _, seconds = (asked.caption or "").partition(" ")
    if order == "sleep" and seconds.replace(".", "", 1).isdecimal():
        time.sleep(min(30.0, float(seconds)))
    if asked.kind == "clean":
        return Answer(b'{"proofs": []}', asked.data, "image/jpeg")
    return Answer(json.dumps(EXAMPLE_CHECK).encode(), decision="block", kinds={"text.secret": 1})


def set_up() -> Task:
    """The task of such a worker."""
    return work


def serve_stub(port: int) -> int:
    """Run it on a port."""
    settings = Settings(
        port=port, workers=2, queue=CLIENTS, timeout=TIMEOUT, deadline=DEADLINE, upload_timeout=PATIENCE,
        max_bytes=BYTES, grace=20,
    )  # fmt: skip
    return serve(settings, None, set_up, lambda *_, **__: None)


@dataclass
class Target:
    """A service that is attacked, and whether its workers are real."""

    service: Service
    real: bool

    @property
    def patience(self) -> float:
        """Seconds for a head or a body."""
        return 60.0 if self.real else PATIENCE

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.service.url.rpartition(":")[2])

    def ready(self, workers: int) -> bool:
        """Whether it answers, and so many workers have what they need."""
        with suppress(httpx.HTTPError, ValueError):
            answer = httpx.get(f"{self.service.url}/readyz", timeout=5, trust_env=False)
            return bool(answer.json().get("workers_ready", 0) >= workers)
        return False

    def wait(self, workers: int = 2, seconds: float = 120.0) -> None:
        """Until it is ready."""
        end = time.monotonic() + seconds
        while not self.ready(workers):
            if self.service.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"the service is not ready: {self.service.log.read_text()[-2000:]}")
            time.sleep(0.1)


@contextmanager
def attacked(folder: Path, real: bool, log: Path | None = None, **variables: str) -> Iterator[Target]:
    """A service, ready. `log`: where its standard error goes, if not into a file of the folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    how = ["-m", "benchmarks.service_attack", "--serve", f"{port}"]
    if real:
        how = ["-m", "photoscan", "serve", "--port", f"{port}", "--workers", "2", "--queue", f"{CLIENTS}",
               "--timeout", "120", "--deadline", "60", "--max-bytes", f"{BYTES}"]  # fmt: skip
    path = log or folder / "service.log"
    with path.open("w") as stream:
        variables = {**os.environ, "LC_ALL": "C", **variables}
        process = subprocess.Popen([sys.executable, *how], stderr=stream, env=variables)
    target = Target(Service(process, f"http://127.0.0.1:{port}", path), real)
    try:
        target.wait()
        yield target
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()
        process.wait()


# What is counted


@dataclass
class Row:
    """What came of one part."""

    sent: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, status: int, body: bytes) -> None:
        """Count an answer, and what must not be in it."""
        with self.lock:
            self.answers[str(status or "closed")] += 1
            if status >= 500 and status not in REFUSED:
                self.faults[f"server error {status}"] += 1
            if b"Traceback" in body:
                self.faults["trace in an answer"] += 1

    def fault(self, what: str) -> None:
        """Count something that must not be."""
        with self.lock:
            self.faults[what] += 1

    def ask(self, http: httpx.Client, path: str, body: bytes, media_type: str = "image/jpeg") -> int:
        """Send a request; its status, 0 where it got no answer."""
        with self.lock:
            self.sent += 1
        try:
            answer = http.post(path, content=body, headers={"content-type": media_type})
        except httpx.HTTPError as error:
            self.fault(f"not answered: {type(error).__name__}")
            return 0
        self.note(answer.status_code, answer.content)
        return answer.status_code

    def judge(self, target: Target) -> None:
        """What the service's process and log tell."""
        if target.service.process.poll() not in (None, 0):
            self.fault(f"the service ended: {target.service.process.poll()}")
        said = target.service.log.read_text(errors="replace")
        for what, word in (("trace in the log", "Traceback"), ("value in the log", CANARY)):
            if word in said:
                self.faults[what] += said.count(word)


@contextmanager
def asking(target: Target) -> Iterator[httpx.Client]:
    """A client that is patient: what it waits for is counted, not how long."""
    with httpx.Client(base_url=target.service.url, timeout=300, trust_env=False) as http:
        yield http


def picture(size: tuple[int, int] = (64, 48)) -> bytes:
    """A small photo, with a value in its metadata."""
    exif = Image.Exif()
    exif[0x013B] = CANARY
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def form(data: bytes, caption: str) -> bytes:
    """A form of a photo and a caption, in the boundary 'xx'."""
    head = f'--xx\r\nContent-Disposition: form-data; name="photo"; filename="{CANARY}.jpg"\r\n\r\n'.encode()
    tail = f'\r\n--xx\r\nContent-Disposition: form-data; name="caption"\r\n\r\n{caption}\r\n--xx--\r\n'
    return head + data + tail.encode()


def changed(data: bytes, chance: random.Random) -> bytes:
    """With a few bytes put in, replaced or left out."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.randbytes(chance.randint(0, 8)) + data[at + chance.randint(0, 16) :]
    return data


# The parts


def _head(*rows: str, line: str = "POST /v1/check HTTP/1.1", host: bool = True) -> bytes:
    return "\r\n".join([line, *(["Host: localhost"] if host else []), *rows, "", ""]).encode("latin-1")


CHUNKED = "Transfer-Encoding: chunked"
LINES: dict[str, bytes] = {
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(64),
    "words": b"hello there\r\n\r\n",
    "a value": f"{CANARY} {CANARY}\r\n{CANARY}\r\n\r\n".encode(),
    "a value in the path": _head(line=f"GET /{CANARY}?{CANARY}={CANARY} HTTP/1.1"),
    "a value in headers": _head(f"{CANARY}: {CANARY}", f"X-Request-Id: {CANARY}", f"Authorization: Bearer {CANARY}"),
    "nothing": b"\r\n\r\n",
    "zeros": bytes(4096),
    "no host": _head(line="GET /healthz HTTP/1.1", host=False),
    "another host": _head("Host: example.org", "Content-Length: 0", host=False),
    "two hosts": _head("Host: example.org", "Content-Length: 0"),
    "HTTP/0.9": b"GET /healthz\r\n\r\n",
    "HTTP/1.0": _head(line="GET /healthz HTTP/1.0"),
    "HTTP/2.0": _head(line="GET /healthz HTTP/2.0"),
    "HTTP/1.10": _head(line="GET /healthz HTTP/1.10"),
    "two lengths": _head("Content-Length: 3", "Content-Length: 4") + b"abcd",
    "equal lengths": _head("Content-Length: 4", "Content-Length: 4") + b"abcd",
    "a list of lengths": _head("Content-Length: 4, 4") + b"abcd",
    "negative length": _head("Content-Length: -1"),
    "signed length": _head("Content-Length: +4") + b"abcd",
    "length with words": _head("Content-Length: 4 bytes") + b"abcd",
    "length in hexadecimal": _head("Content-Length: 0x4") + b"abcd",
    "enormous length": _head(f"Content-Length: {'9' * 400}"),
    "length and chunks": _head("Content-Length: 4", CHUNKED) + b"0\r\n\r\n",
    "chunks and length": _head(CHUNKED, "Content-Length: 4") + b"0\r\n\r\n",
    "chunks twice": _head(CHUNKED, CHUNKED) + b"0\r\n\r\n",
    "chunks of another coding": _head("Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
    "chunks by a tab": _head("Transfer-Encoding:\tchunked") + b"0\r\n\r\n",
    "chunks and a space": _head("Transfer-Encoding : chunked") + b"0\r\n\r\n",
    "bad chunks": _head(CHUNKED) + b"zz\r\n\xff\xd8\xff\r\n",
    "endless chunk": _head(CHUNKED) + b"f" * 400 + b"\r\n",
    "negative chunk": _head(CHUNKED) + b"-1\r\n\r\n",
    "chunk with an extension": _head(CHUNKED) + b"3;" + b"a" * 5000 + b"\r\n\xff\xd8\xff\r\n0\r\n\r\n",
    "chunks without end": _head(CHUNKED) + b"3\r\n\xff\xd8\xff\r\n" * 500,
    "a trailer": _head(CHUNKED) + b"0\r\nHost: example.org\r\n\r\n",
    "bare line feeds": b"GET /healthz HTTP/1.1\nHost: localhost\n\n",
    "bare carriage returns": b"GET /healthz HTTP/1.1\rHost: localhost\r\r",
    "a folded header": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
    "a header without a name": _head(": x"),
    "a header with a zero": _head("Bad Header\x00: x"),
    "a header in Latin-1": _head("X-Name: \xe4\xff"),
    "endless header": _head("X: " + "a" * 200_000),
    "endless line": b"GET /" + b"a" * 200_000,
    "thousands of headers": _head(*(f"X-{n}: {n}" for n in range(5000))),
    "path that is no text": b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "path in percents": _head(line="GET /%ff%fe%00%0d%0a HTTP/1.1"),
    "path upwards": _head(line="GET /../../etc/passwd HTTP/1.1"),
    "a whole address": _head(line="GET http://example.org/healthz HTTP/1.1"),
    "a tunnel": _head(line="CONNECT example.org:443 HTTP/1.1"),
    "a trace": _head(line="TRACE / HTTP/1.1"),
    "an unknown method": _head(line="FROBNICATE /v1/check HTTP/1.1"),
    "an endless method": _head(line="A" * 5000 + " /v1/check HTTP/1.1"),
    "a websocket": _head("Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: YQ==", line="GET / HTTP/1.1"),
    "an upgrade to HTTP/2": _head("Connection: Upgrade", "Upgrade: h2c", "HTTP2-Settings: AAMA", line="GET / HTTP/1.1"),
    "expects what nobody knows": _head("Expect: 200-maybe", "Content-Length: 0"),
    "expects to be refused": _head("Expect: 100-continue", "Content-Length: 50000000"),
    "a coded body": _head("Content-Encoding: gzip", "Content-Length: 3") + b"abc",
    "an unknown form": _head("Content-Type: multipart/form-data", "Content-Length: 3") + b"abc",
    "an endless boundary": _head(f"Content-Type: {BODY}{'x' * 5000}", "Content-Length: 3") + b"abc",
    "two requests at once": 2 * (_head("Content-Length: 3") + b"abc"),
    "many requests at once": 50 * _head(line="GET /openapi.json HTTP/1.1"),
    "a request and garbage": _head("Content-Length: 3") + b"abc" + bytes(100),
}


def raw(target: Target) -> Row:
    """Each line as it stands, and changed: whatever is said ends, and none of it is a server error."""
    row, chance = Row(), random.Random(1)
    sent = list(LINES.items())
    sent += [(f"{name}, changed", changed(data, chance)) for name, data in LINES.items() for _ in range(4)]

    def one(case: tuple[str, bytes]) -> None:
        name, data = case
        with row.lock:
            row.sent += 1
        said, ended = _talk(target, data)
        for status in re.findall(rb"(?:^|\r\n|})HTTP/1\.1 (\d{3}) ", said) or [b"0"]:
            row.note(int(status), said)
        if not ended:
            row.fault(f"no end: {name}")

    with ThreadPoolExecutor(CLIENTS) as crowd:
        list(crowd.map(one, sent))
    return row


def _talk(target: Target, data: bytes) -> tuple[bytes, bool]:
    """Send, and say that no more comes: what came back, and whether the other side ended it in time."""
    said = b""
    with socket.create_connection(("127.0.0.1", target.port), 30) as line:
        with suppress(OSError):
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
        line.settimeout(3 * target.patience)
        try:
            while piece := line.recv(1 << 16):
                said += piece
        except TimeoutError:
            return said, False
        except OSError:
            pass
    return said, True


def slow(target: Target) -> Row:
    """Sixty clients drip; others are answered meanwhile, and in the end none of the sixty has its line."""
    row = Row()
    starts = [
        _head("Content-Length: 100000") + picture()[:200],
        _head(CHUNKED) + b"1\r\n\xff\r\n",
        b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nX: ",
        b"",
    ]
    lines = [(socket.create_connection(("127.0.0.1", target.port), 30), starts[n % len(starts)]) for n in range(60)]
    cut = 0
    try:
        for line, start in lines:
            line.sendall(start)
        with asking(target) as http:
            for _ in range(20):
                row.ask(http, "/v1/check", picture())
        end = time.monotonic() + 4 * target.patience
        while cut < len(lines) and time.monotonic() < end:
            cut = sum(_is_cut(line, b"" if not start else b"1\r\n\xff\r\n") for line, start in lines)
            time.sleep(0.2)
    finally:
        for line, _ in lines:
            line.close()
    if cut < len(lines):
        row.faults["lines that are held"] += len(lines) - cut
    return row


def _is_cut(line: socket.socket, drip: bytes) -> bool:
    """Whether the other side has ended a line; otherwise drip on."""
    line.settimeout(0.001)
    try:
        line.sendall(drip)
        while piece := line.recv(1 << 16):
            if not piece:
                break
        return True
    except TimeoutError:
        return False
    except OSError:
        return True


def mutated(target: Target) -> Row:
    """Bodies with a few bytes changed, raw and in forms, of all routes."""
    row, known, count = Row(), seeds(), REAL if target.real else MUTATED
    routes = ["check", "check", "gate", "clean", "album", "check/text", "check?only=metadata"]
    types = ["image/jpeg", "application/json", CANARY]

    def some(number: int) -> None:
        chance = random.Random(number)
        with asking(target) as http:
            for _ in range(count // CLIENTS):
                data, path = chance.choice(known), f"/v1/{chance.choice(routes)}"
                if path == "/v1/album" or chance.random() < 0.4:
                    row.ask(http, path, changed(form(data, CANARY), chance), BODY)
                else:
                    row.ask(http, path, changed(data, chance), chance.choice(types))

    with ThreadPoolExecutor(CLIENTS) as crowd:
        list(crowd.map(some, range(CLIENTS)))
    return row


@contextmanager
def loaded(target: Target, row: Row, seconds: float) -> Iterator[Callable[[], bool]]:
    """A crowd that asks; what is inside can do harm meanwhile, and is told whether anybody asks still."""
    end = time.monotonic() + seconds
    # The real workers take their time by themselves.
    body = form(picture((900, 700)), "-") if target.real else form(picture(), "sleep 0.3")

    def some(_: int) -> None:
        with asking(target) as http:
            while time.monotonic() < end:
                if row.ask(http, "/v1/check", body, BODY) in (0, 503):
                    time.sleep(0.2)

    with ThreadPoolExecutor(CLIENTS) as crowd:
        asked = [crowd.submit(some, number) for number in range(CLIENTS)]
        yield lambda: time.monotonic() < end
        for one in asked:
            one.result()


def kill(target: Target) -> Row:
    """A worker is killed again and again, as soon as all are ready: a pool gives up where they die as they start."""
    row, chance, killed = Row(), random.Random(3), 0
    with loaded(target, row, 60.0 if target.real else 20.0) as goes_on:
        while goes_on():
            time.sleep(0.3)
            if target.ready(2) and len(pids := target.service.workers) > 2:
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(pids), signal.SIGKILL)
                    killed += 1
    row.answers["killed"] = killed
    target.wait()
    return row


def freeze(target: Target) -> Row:
    """Workers that are stopped are given up like those that take too long, and replaced."""
    row = Row()
    stopped = []
    with loaded(target, row, 30.0 if target.real else 12.0):
        time.sleep(1)
        stopped = target.service.workers
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
    row.answers["stopped"] = len(stopped)
    with asking(target) as http:
        for path in ("/v1/check", "/v1/check/text", "/v1/check?only=metadata"):
            for _ in range(3):
                row.ask(http, path, picture())
    for pid in stopped:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    target.wait()
    return row


def stop(target: Target) -> Row:
    """All that was with the service when it was told to stop is answered."""
    row = Row()
    body = form(picture((900, 700)), "-") if target.real else form(picture(), "sleep 1")

    def one(_: int) -> None:
        with asking(target) as http:
            row.ask(http, "/v1/check", body, BODY)

    with ThreadPoolExecutor(CLIENTS) as crowd:
        asked = [crowd.submit(one, number) for number in range(CLIENTS)]
        with asking(target) as http:
            while f"photoscan_slots_taken {CLIENTS}.0" not in http.get("/metrics").text and not all(
                future.done() for future in asked
            ):
                time.sleep(0.02)
        target.service.process.send_signal(signal.SIGTERM)
        for future in asked:
            future.result()
    try:
        target.service.process.wait(60)
    except subprocess.TimeoutExpired:
        row.fault("does not end")
    return row


def full(target: Target) -> Row:
    """No room for a temporary file, nor for a line of the log."""
    row = Row()
    with asking(target) as http:
        for path in ("/v1/check", "/v1/clean", "/v1/check/text", "/v1/check?only=metadata", "/v1/album", "/v1/nowhere"):
            for _ in range(5):
                if path == "/v1/album":
                    row.ask(http, path, form(picture(), "-"), BODY)
                else:
                    row.ask(http, path, picture())
    if not target.ready(2):
        row.fault("not ready")
    target.service.process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        target.service.process.wait(60)
    if target.service.process.poll() != 0:
        row.fault("does not stop as it should")
    return row


@contextmanager
def full_disk(folder: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A disk of a megabyte, and what fills it; without the right to mount one, a log that takes nothing."""
    place = folder / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        print("full: no right to mount a small disk; its log is /dev/full alone")
        yield Path("/dev/full"), lambda: None
        return

    def fill() -> None:
        with suppress(OSError), (place / "filler").open("wb", buffering=0) as stream:
            while stream.write(bytes(4096)):
                pass

    try:
        yield place / "service.log", fill
    finally:
        # A process of the service may take a moment longer to let go of its log.
        subprocess.run(["umount", "--lazy", str(place)], check=False)


PARTS: dict[str, Callable[[Target], Row]] = {
    "raw": raw, "slow": slow, "mutated": mutated, "kill": kill, "freeze": freeze, "stop": stop, "full": full,
}  # fmt: skip


def attack(name: str, folder: Path, real: bool) -> Row:
    """One part against a service of its own."""
    if name != "full":
        with attacked(folder, real) as target:
            row = PARTS[name](target)
            row.judge(target)
        return row
    with full_disk(folder) as (log, fill), attacked(folder, real, log, TMPDIR=str(log.parent)) as target:
        fill()
        row = full(target)
        if log.is_file():
            row.judge(target)
    return row


def main() -> None:
    """Attack; a table, and exit 1 for anything that must not be."""
    given = sys.argv[1:]
    if given[:1] == ["--serve"]:
        sys.exit(serve_stub(int(given[1])))
    real, names = "--real" in given, [name for name in given if name != "--real"] or list(PARTS)
    bad = 0
    print(f"{'part':8} {'sent':>6}  {'answers':60} faults")
    for name in names:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as place:
            row = attack(name, Path(place), real)
        answers = ", ".join(f"{what} {count}" for what, count in sorted(row.answers.items()))
        print(f"{name:8} {row.sent:6}  {answers:60} {dict(row.faults) or 'none'}  ({time.monotonic() - began:.0f} s)")
        bad += sum(row.faults.values())
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
