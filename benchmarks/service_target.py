"""A service to be attacked, and the count of what came of it.

Its workers open each photo, as the real ones do, and then do as its caption says. `python -m benchmarks.service_target
PORT` runs it alone.
"""

from __future__ import annotations

import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from PIL import Image

from benchmarks.service_load import CANARY, Service
from photoscan.errors import PhotoscanError
from photoscan.options import Limits
from photoscan.photo import Photo
from photoscan.service.documents import EXAMPLE_CHECK
from photoscan.service.server import serve
from photoscan.service.settings import Settings
from photoscan.service.task import Answer, Failure, Result, ServiceRequest, Task

WORKERS, QUEUE, TIMEOUT, PATIENCE, DEADLINE, DRAIN = 2, 8, 10.0, 4.0, 6.0, 2.0
BYTES = 2_000_000
LIMITS = Limits(max_bytes=BYTES, max_pixels=4_000_000)
REFUSED = {503, 504}
"""Of the server errors those that say that nobody has looked, and why."""


def work(asked: ServiceRequest) -> Result:
    """Open the photo, as the real task does, and do what its caption says: `sleep 2`, `die`, `crash`."""
    if asked.kind != "text":
        try:
            Photo.open(asked.data, LIMITS, asked.name)
        except PhotoscanError as error:
            return Failure(error.code, error.http_status, "")
    order, _, seconds = (asked.caption or "").partition(" ")
    if order == "sleep" and seconds.replace(".", "", 1).isdecimal():
        time.sleep(min(30.0, float(seconds)))
    elif order == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif order == "crash":
        raise ValueError(CANARY)
    if asked.kind == "clean":
        return Answer(b'{"proofs": []}', asked.data, "image/jpeg")
    return Answer(json.dumps(EXAMPLE_CHECK).encode(), decision="block", kinds={"text.secret": 1})


def set_up() -> Task:
    """The task of such a worker."""
    return work


def serve_stand_in(port: int) -> int:
    """Run it on a port."""
    settings = Settings(
        port=port, workers=WORKERS, queue=QUEUE, timeout=TIMEOUT, deadline=DEADLINE, upload_timeout=PATIENCE,
        max_bytes=BYTES, grace=20, drain=DRAIN,
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

    def ready(self, workers: int = WORKERS) -> bool:
        """Whether it answers, and so many workers have what they need."""
        with suppress(httpx.HTTPError, ValueError):
            answer = httpx.get(f"{self.service.url}/readyz", timeout=5, trust_env=False)
            return bool(answer.json().get("workers_ready", 0) >= workers)
        return False

    def wait(self, seconds: float = 120.0) -> None:
        """Until it is ready."""
        end = time.monotonic() + seconds
        while not self.ready():
            if self.service.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"the service is not ready: {self.service.log.read_text()[-2000:]}")
            time.sleep(0.1)


@contextmanager
def attacked(folder: Path, real: bool, log: Path | None = None, **variables: str) -> Iterator[Target]:
    """A service, ready. `log`: where its standard error goes, if not into a file of the folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    how = ["-m", "benchmarks.service_target", f"{port}"]
    if real:
        how = ["-m", "photoscan", "serve", "--port", f"{port}", "--workers", f"{WORKERS}",
               "--queue", f"{QUEUE}", "--timeout", "120", "--deadline", "60", "--max-bytes", f"{BYTES}",
               "--drain", f"{DRAIN}"]  # fmt: skip
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
    """What came of one part. `crashes`: whether workers are told to crash, so that 500 `crash` is as it should be.

    `ending`: whether the service stops to listen, so that lines may be cut on which it has read nothing: that all it
    read was answered is seen by its log.
    """

    crashes: bool = False
    ending: bool = False
    sent: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, status: int, body: bytes) -> None:
        """Count an answer, and what must not be in it."""
        with self.lock:
            self.answers[str(status or "closed")] += 1
            as_told = self.crashes and b'"code": "crash"' in body
            if status >= 500 and status not in REFUSED and not as_told:
                self.faults[f"server error {status}"] += 1
            if b"Traceback" in body:
                self.faults["trace in an answer"] += 1

    def fault(self, what: str) -> None:
        """Count something that must not be."""
        with self.lock:
            self.faults[what] += 1

    def ask(self, http: httpx.Client, path: str, body: bytes, media_type: str = "image/jpeg") -> int | None:
        """Send a request; its status, 0 where it got no answer, None where nobody listens."""
        with self.lock:
            self.sent += 1
        try:
            answer = http.post(path, content=body, headers={"content-type": media_type})
        except httpx.ConnectError:
            with self.lock:
                self.sent -= 1
            return None
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
            if not self.ending:
                self.fault(f"not answered: {type(error).__name__}")
            else:
                with self.lock:
                    self.answers["cut unread"] += 1
            return 0
        except httpx.HTTPError as error:
            self.fault(f"not answered: {type(error).__name__}")
            return 0
        self.note(answer.status_code, answer.content)
        self._look(path, answer)
        return answer.status_code

    def _look(self, path: str, answer: httpx.Response) -> None:
        media_type = answer.headers.get("content-type", "")
        decided = path == "/v1/gate" and answer.status_code in (406, 409)
        if answer.status_code >= 400 and media_type != "application/problem+json" and not decided:
            self.fault("no problem document")
        # The stand-in's copies are what they were made of; what a caller named wrongly is named to that caller.
        if "json" in media_type and CANARY in answer.text and answer.json().get("code") != "usage":
            self.fault("value in an answer")

    def judge(self, target: Target, deaths: bool, every: bool) -> None:
        """What the service's process and log tell. `deaths`: whether workers may die; `every`: whether all that the log
        tells of was sent by `ask`."""
        if target.service.process.poll() not in (None, 0):
            self.fault(f"the service ended: {target.service.process.poll()}")
        said = target.service.log.read_text(errors="replace")
        for what, word in (("trace in the log", "Traceback"), ("value in the log", CANARY)):
            if word in said:
                self.faults[what] += said.count(word)
        for what in () if deaths else ("event=crash", "event=worker_lost", "event=worker_not_started"):
            if what in said:
                self.faults[f"{what} in the log"] += said.count(what)
        answered = sum(count for status, count in self.answers.items() if status.isdecimal())
        taken = sum("event=request" in line and "route=/v1/" in line for line in said.splitlines())
        if every and taken != answered:
            self.faults["taken and not answered"] += taken - answered


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


def form(data: bytes, caption: str, count: int = 1) -> bytes:
    """A form of a photo, so many times, and a caption."""
    head = f'--xx\r\nContent-Disposition: form-data; name="photo"; filename="{CANARY}.jpg"\r\n\r\n'.encode()
    tail = f'\r\n--xx\r\nContent-Disposition: form-data; name="caption"\r\n\r\n{caption}\r\n--xx--\r\n'
    return b"\r\n".join([head + data] * count) + tail.encode()


def changed(data: bytes, chance: random.Random) -> bytes:
    """With a few bytes put in, replaced or left out."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.randbytes(chance.randint(0, 8)) + data[at + chance.randint(0, 16) :]
    return data


if __name__ == "__main__":
    sys.exit(serve_stand_in(int(sys.argv[1])))
