"""`photoscan serve` under attack, bounded in count and time: `python -m benchmarks.service_attack [--real] [PART...]`.

raw        heads and bodies that are no HTTP, or two things at once, each also with a few bytes changed
slow       many clients that drip a body or a head, beside ordinary ones
mutated    10,000 bodies with a few bytes changed, raw and in forms
kill       workers are killed at any time, also while they start, under photos that sleep, hang, die and crash
freeze     all workers are stopped (SIGSTOP), each with what it is at
stop       SIGTERM while all clients go on, until nobody listens
full       a disk without room for temporary files, and a log that can't be written

By default workers open each photo and then do as its caption says; with --real they are the real ones, and fewer
bodies are sent. A row a part; exit 1 for a crash, a trace, a value in the log or in an answer, a server error, or a
request without its answer.
"""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.service_lines import CHUNKED, FORM, LINES, head
from benchmarks.service_load import CANARY, seeds
from benchmarks.service_target import WORKERS, Row, Target, asking, attacked, changed, form, picture

MUTATED, REAL = 10_000, 200
"""How many mutated bodies are sent; to real workers fewer."""
CLIENTS, CROWD = 8, 32
"""Clients, and those under whose load workers die and the service stops."""
ORDERS = ["sleep 0.02"] * 16 + ["sleep 1", "die", "crash", "sleep 20"]
"""What the stand-in's workers do while others are killed; the last is given up by the deadline."""
PAUSE = 0.7
"""Seconds between two that are killed."""
DEATHS = {"kill", "freeze"}
EVERY = {"kill", "stop"}
"""Parts in which workers die, and those whose every request is compared with the log."""


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
        head("Content-Length: 100000") + picture()[:200],
        head(CHUNKED) + b"1\r\n\xff\r\n",
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
    routes = ["check", "check?copy=true", "gate", "clean", "album", "check/text", "check?only=metadata"]
    types = ["image/jpeg", "application/json", "text/plain", CANARY]

    def some(number: int) -> None:
        chance = random.Random(number)
        with asking(target) as http:
            for _ in range(count // CLIENTS):
                data, path = chance.choice(known), f"/v1/{chance.choice(routes)}"
                if path == "/v1/album" or chance.random() < 0.4:
                    row.ask(http, path, changed(form(data, CANARY, chance.randint(1, 3)), chance), FORM)
                else:
                    row.ask(http, path, changed(data, chance), chance.choice(types))

    with ThreadPoolExecutor(CLIENTS) as crowd:
        list(crowd.map(some, range(CLIENTS)))
    return row


@contextmanager
def loaded(target: Target, row: Row, seconds: float, orders: list[str]) -> Iterator[Callable[[], bool]]:
    """A crowd that asks until it is time or nobody listens; what is inside can do harm meanwhile, and is told whether
    it is time."""
    end = time.monotonic() + seconds
    small, large = picture(), picture((900, 700))

    def some(number: int) -> None:
        chance = random.Random(number)
        with asking(target) as http:
            while time.monotonic() < end:
                # The real workers take their time by themselves.
                body = form(large, "-") if target.real else form(small, chance.choice(orders))
                status = row.ask(http, "/v1/check", body, FORM)
                if status is None:
                    return
                if status in (0, 503):
                    time.sleep(0.2)

    with ThreadPoolExecutor(CROWD) as crowd:
        asked = [crowd.submit(some, number) for number in range(CROWD)]
        yield lambda: time.monotonic() < end
        for one in asked:
            one.result()


def kill(target: Target) -> Row:
    """A worker is killed again and again, whatever it is at: with a photo, without one, or starting."""
    row, chance, killed = Row(crashes=True), random.Random(3), 0
    with loaded(target, row, 60.0 if target.real else 40.0, ORDERS) as goes_on:
        while goes_on():
            time.sleep(PAUSE)
            if pids := target.service.workers:
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
    with loaded(target, row, 30.0 if target.real else 12.0, ["sleep 0.3"]):
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
    """All that was with the service when it was told to stop, and all that came while it drained, is answered."""
    row = Row()
    with loaded(target, row, 60.0, ["sleep 1"]), asking(target) as http:
        # Some are with workers, some wait.
        while int(re.findall(r"^photoscan_slots_taken (\d+)", http.get("/metrics").text, re.MULTILINE)[0]) <= WORKERS:
            time.sleep(0.02)
        row.ending = True
        target.service.process.send_signal(signal.SIGTERM)
    try:
        if target.service.process.wait(60) != 0:
            row.fault("ends with an error")
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
                    row.ask(http, path, form(picture(), "-"), FORM)
                else:
                    row.ask(http, path, picture())
    if not target.ready():
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
            row.judge(target, name in DEATHS, name in EVERY)
        return row
    with full_disk(folder) as (log, fill), attacked(folder, real, log, TMPDIR=str(log.parent)) as target:
        fill()
        row = full(target)
        if log.is_file():
            row.judge(target, deaths=False, every=False)
    return row


def main() -> None:
    """Attack; a table, and exit 1 for anything that must not be."""
    given = sys.argv[1:]
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
