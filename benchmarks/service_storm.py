"""`photoscan serve` in a storm: `python -m benchmarks.service_storm [memory bodies real kills]`.

memory  resident memory of one worker: idle, after photos of 12 megapixels, and with the profile `fast`
bodies  10,000 mutated bodies, raw and in forms, against workers that open each photo and look no further
real    200 of them against the real workers
kills   32 clients for 40 seconds of photos that sleep, die, crash and hang, while workers are killed and stopped; then
        SIGTERM, with a drain, while all of them go on: whether every request that was taken was answered
"""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
from PIL import Image

from benchmarks.service_load import CANARY, Service, memory, seeds, serving
from fixtures import draw

BODIES, REAL, CLIENTS, SECONDS, LARGE = 10_000, 200, 32, 40, 2
START = b"\xff\xd8\xff\xe0"
ORDERS = ["sleep 0.02"] * 16 + ["sleep 1", "die", "crash", "sleep 60"]
"""What the stub's task does with a photo that says so."""


@contextmanager
def stub(folder: Path, **settings: object) -> Iterator[Service]:
    """A service whose workers do what a photo says, ready."""
    log = folder / "service.log"
    command = [sys.executable, "-m", "tests.service.stub", json.dumps(settings)]
    with log.open("w") as stream:
        process = subprocess.Popen(command, stderr=stream, env={**os.environ, "LC_ALL": "C"})
    try:
        while "READY" not in log.read_text():
            if process.poll() is not None:
                raise SystemExit(log.read_text())
            time.sleep(0.05)
        yield Service(process, next(word for word in log.read_text().split() if word.startswith("http://")), log)
    finally:
        process.terminate()
        process.wait()


def memory_table(folder: Path) -> None:
    """What one worker takes, and the process that speaks HTTP and the one that reads texts beside it."""
    draw.write(folder / "drawn")
    bodies = []
    for file in sorted((folder / "drawn").glob("*.jpg"))[:LARGE]:
        with Image.open(file) as image:
            scale = (12_000_000 / (image.width * image.height)) ** 0.5
            out = io.BytesIO()
            image.convert("RGB").resize((round(image.width * scale), round(image.height * scale))).save(out, "JPEG")
            bodies.append(out.getvalue())
    for profile in ("balanced", "fast"):
        with serving(folder, "--workers", "1", "--profile", profile) as service:
            # The one that reads texts loads no model, and so is the smaller.
            texts, worker = sorted(service.workers, key=memory)
            rows = [("idle", memory(worker))]
            for number, body in enumerate(bodies, 1):
                httpx.post(f"{service.url}/v1/check", content=body, timeout=600).raise_for_status()
                rows.append((f"after {number} of 12 MP", memory(worker)))
            rows += [("most", _peak(worker)), ("texts", memory(texts)), ("HTTP", memory(service.process.pid))]
            print(f"{profile}, MiB: {', '.join(f'{name} {size / 2**20:.0f}' for name, size in rows)}", flush=True)


def _peak(pid: int) -> int:
    """The most resident bytes that there ever were."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024


def mutated(count: int) -> list[tuple[str, bytes, str]]:
    """So many bodies, each with its path and media type."""
    chance, known, found = random.Random(21), seeds(), []
    paths = ["/v1/check", "/v1/check?copy=true", "/v1/gate", "/v1/clean", "/v1/check/text", "/v1/album"]

    def spoilt(data: bytes) -> bytes:
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(data) + 1)
            data = data[:at] + chance.randbytes(chance.randint(0, 8)) + data[at + chance.randint(0, 16) :]
        return data

    for _ in range(count):
        data, path = chance.choice(known), chance.choice(paths)
        if chance.random() < 0.4 or path == "/v1/album":
            head = f'--xx\r\nContent-Disposition: form-data; name="photo"; filename="{CANARY}.jpg"\r\n\r\n'.encode()
            body = spoilt(b"".join(head + data + b"\r\n" for _ in range(chance.randint(1, 3))) + b"--xx--\r\n")
            found.append((path, body, "multipart/form-data; boundary=xx"))
        else:
            found.append((path, spoilt(data), chance.choice(["image/jpeg", "application/json", "text/plain"])))
    return found


def _sent(service: Service, rows: list[tuple[str, bytes, str]]) -> None:
    """Send them all, eight at a time, and say what came of it."""
    tally: Counter[str] = Counter()
    lock = threading.Lock()

    def send(part: list[tuple[str, bytes, str]]) -> None:
        with httpx.Client(base_url=service.url, timeout=600) as http:
            for path, body, media in part:
                answer = http.post(path, content=body, headers={"content-type": media})
                sound = answer.status_code < 400 or answer.headers["content-type"] == "application/problem+json"
                # A gate's refusal is the document of a check.
                sound |= answer.status_code in (406, 409) and path == "/v1/gate"
                with lock:
                    tally[str(answer.status_code)] += 1
                    tally["no problem document"] += not sound
                    tally["traces"] += "Traceback" in answer.text
                    # The stub's copies are what they were made of.
                    tally["values"] += "json" in answer.headers.get("content-type", "") and CANARY in answer.text

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(send, (rows[n::8] for n in range(8))))
    log = service.log.read_text()
    tally["traces in the log"] = log.count("Traceback")
    tally["values in the log"] = log.count(CANARY)
    tally["crashes in the log"] = log.count("event=crash") + log.count("event=worker_lost")
    print(f"{len(rows)} bodies: {dict(sorted(tally.items()))}", flush=True)


def bodies(folder: Path) -> None:
    """Many mutated bodies, at photos that are opened alone."""
    with stub(folder, opens=True, workers=2, queue=30, max_bytes=1_000_000, max_pixels=1_000_000) as service:
        _sent(service, mutated(BODIES))


def real(folder: Path) -> None:
    """Fewer, at real workers."""
    with serving(folder, "--workers", "2", "--queue", "30", "--profile", "fast") as service:
        _sent(service, mutated(REAL))


def kills(folder: Path) -> None:
    """Workers killed and stopped under load, then the whole service told to stop."""
    tally: Counter[str] = Counter()
    lock = threading.Lock()
    done = threading.Event()
    with stub(folder, workers=2, queue=8, timeout=3.0, upload_timeout=10.0, grace=30, drain=3.0) as service:

        def ask(number: int) -> None:
            chance = random.Random(number)
            with httpx.Client(base_url=service.url, timeout=120) as http:
                while not done.is_set():
                    body = START + chance.choice(ORDERS).encode() + b"\n" + bytes(chance.randrange(200_000))
                    try:
                        answer = http.post("/v1/check", content=body)
                        code = "200" if answer.status_code == 200 else f"{answer.status_code} {answer.json()['code']}"
                    except httpx.ConnectError:
                        # Nobody listens any more: nothing was taken.
                        return
                    except httpx.HTTPError as error:
                        code = f"NOT ANSWERED {type(error).__name__}"
                    with lock:
                        tally[code] += 1
                    if code == "503 full":
                        time.sleep(0.1)

        with ThreadPoolExecutor(CLIENTS) as crowd:
            asking = [crowd.submit(ask, number) for number in range(CLIENTS)]
            chance, end = random.Random(7), time.monotonic() + SECONDS
            while time.monotonic() < end:
                time.sleep(1)
                # One that is killed three times in a row while it starts breaks the pool, as it should.
                ready = httpx.get(f"{service.url}/readyz", timeout=60).json().get("workers_ready") == 2
                if ready and (pids := service.workers):
                    number = chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP])
                    os.kill(chance.choice(pids), number)
                    tally[f"sent {number.name}"] += 1
            service.process.send_signal(signal.SIGTERM)
            status = service.process.wait(60)
            done.set()
            for one in asking:
                one.result()
        log = service.log.read_text()
    taken = [line for line in log.splitlines() if "event=request" in line and "route=/v1/check" in line]
    answered = sum(count for code, count in tally.items() if code[0].isdecimal())
    tally["traces in the log"] = log.count("Traceback")
    tally["requests taken"] = len(taken)
    tally["of these not answered"] = len(taken) - answered
    print(f"exit {status}; {dict(sorted(tally.items()))}", flush=True)


PARTS = {"memory": memory_table, "bodies": bodies, "real": real, "kills": kills}


def main() -> None:
    """Measure the parts that are named, or all."""
    for name in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            print(f"== {name}", flush=True)
            PARTS[name](Path(folder))


if __name__ == "__main__":
    main()
