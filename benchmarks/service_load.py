"""`photoscan serve` under load: `python -m benchmarks.service_load [PART...]`.

first    CPU of the first check after the start, and of later ones, as multiples of a CLI scan of the same photo
load     2 workers, 16 clients, 60 seconds, photos of 1 to 2 megapixels: answers, memory by thirds, HTTP's share of CPU
texts    2 workers that are always at hostile photos, 30 seconds of texts and of files without their pictures: seconds
tiers    every second drawn photo of 1 to 2 megapixels, whole and in steps: CPU of the workers, and which step decided
memory   resident memory of one worker: idle, after photos of 12 megapixels, and with the profile `fast`
schema   schemathesis, by the service's own description: server errors, answers unlike it, traces in the log
bar      what is promised under load, held or missed (`benchmarks.service_bar`)
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import httpx
from PIL import Image, ImageDraw

from fixtures import corrupt, draw

WORKERS, CLIENTS, SECONDS = 2, 16, 60
TEXTS = 30
LARGE = 3
"""Photos of 12 megapixels that a worker looks at."""
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
)  # fmt: skip
CANARY = "Siti_Nurhaliza_880214145678"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Service:
    """A running service: its process, address and log."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    @property
    def workers(self) -> list[int]:
        """Process ids of the workers."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                try:
                    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                    line = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if parent == self.process.pid and b"spawn_main" in line:
                    found.append(int(entry.name))
        return found

    def cpu(self) -> tuple[float, float]:
        """CPU seconds so far of the process that speaks HTTP, and of all workers."""
        return _cpu(self.process.pid), sum(map(_cpu, self.workers))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory(pid: int) -> int:
    """Resident bytes."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Service]:
    """A service with the real models, ready."""
    log = folder / "service.log"
    command = [sys.executable, "-m", "photoscan", "serve", "--port", "0", "--timeout", "300", *options]
    with log.open("w") as stream:
        process = subprocess.Popen(command, stderr=stream, env={**os.environ, "LC_ALL": "C"})
    try:
        while "ready" not in log.read_text():
            if process.poll() is not None:
                raise SystemExit(log.read_text())
            time.sleep(0.05)
        url = next(word for word in log.read_text().split() if word.startswith("http://"))
        yield Service(process, url, log)
    finally:
        process.terminate()
        process.wait()


def photos(folder: Path) -> list[bytes]:
    """The drawn samples as JPEG files of 1 to 2 megapixels."""
    draw.write(folder)
    found = []
    for number, file in enumerate(sorted(folder.glob("*.jpg"))):
        found.append(sized(file, 1_000_000 + 1_000_000 * (number % 5) / 4))
    return found


def sized(file: Path, pixels: float) -> bytes:
    """A photo as a JPEG of about so many pixels, with its metadata."""
    with Image.open(file) as image:
        scale = (pixels / (image.width * image.height)) ** 0.5
        size = round(image.width * scale), round(image.height * scale)
        out = io.BytesIO()
        image.convert("RGB").resize(size).save(out, "JPEG", quality=88, exif=image.getexif())
        return out.getvalue()


def first(folder: Path) -> None:
    """CPU of checks against that of scans from the command line."""
    photo = folder / "photo.jpg"
    photo.write_bytes(photos(folder / "drawn")[3])
    scans = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "photoscan", "scan", str(photo), "--policy", "platform", "--format", "json"]
        subprocess.run(command, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        scans.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    with serving(folder, "--workers", "1") as service:
        spent = [sum(service.cpu())]
        for _ in range(4):
            httpx.post(f"{service.url}/v1/check", content=photo.read_bytes(), timeout=120).raise_for_status()
            spent.append(sum(service.cpu()))
    scan = statistics.median(scans)
    checks = [after - before for before, after in pairwise(spent)]
    print(f"CLI scan (median of {len(scans)})       {scan:6.2f} CPU s   1.00 x")
    print(f"service: start until ready      {spent[0]:6.2f} CPU s   {spent[0] / scan:.2f} x")
    for name, value in zip(("first check", "second check", "third check", "fourth check"), checks, strict=True):
        print(f"service: {name:22} {value:6.2f} CPU s   {value / scan:.2f} x")
    print(f"start and first check together  {spent[1]:6.2f} CPU s   {spent[1] / scan:.2f} x")


@dataclass
class Tally:
    """What clients were answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def note(self, answer: httpx.Response) -> None:
        """Count one answer."""
        self.statuses[answer.status_code] += 1
        if answer.status_code != 200:
            sound = answer.headers.get("content-type") == "application/problem+json"
            self.problems[answer.json()["code"] if sound else "NO PROBLEM DOCUMENT"] += 1
        else:
            self.seconds.append(answer.elapsed.total_seconds())


def load(folder: Path) -> None:
    """Many clients for a minute."""
    bodies = photos(folder / "drawn")
    tally = Tally()
    samples: list[int] = []
    with serving(folder, "--workers", str(WORKERS)) as service:
        before = service.cpu()
        end = time.monotonic() + SECONDS
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.5):
                samples.append(sum(memory(pid) for pid in (service.process.pid, *service.workers)))

        def ask(number: int) -> None:
            chance = random.Random(number)
            with httpx.Client(base_url=service.url, timeout=1800) as http:
                while time.monotonic() < end:
                    try:
                        # Patient: how long an answer takes depends on what else this computer does.
                        answer = http.post("/v1/check", content=chance.choice(bodies))
                    except httpx.HTTPError as error:
                        tally.failures[type(error).__name__] += 1
                        continue
                    tally.note(answer)
                    if answer.status_code == 503:
                        time.sleep(float(answer.headers["retry-after"]))

        watcher = threading.Thread(target=watch)
        watcher.start()
        with ThreadPoolExecutor(CLIENTS) as crowd:
            list(crowd.map(ask, range(CLIENTS)))
        done.set()
        watcher.join()
        http, workers = (after - start for after, start in zip(service.cpu(), before, strict=True))
    third = len(samples) // 3
    second, last = statistics.mean(samples[third : 2 * third]), statistics.mean(samples[2 * third :])
    print(f"answers {dict(tally.statuses)}, problems {dict(tally.problems)}, not answered {dict(tally.failures)}")
    print(f"seconds for an answer: median {statistics.median(tally.seconds):.2f}, most {max(tally.seconds):.2f}")
    print(f"memory of all processes: second third {second / 2**20:.0f} MiB, last third {last / 2**20:.0f} MiB, "
          f"{100 * (last / second - 1):+.1f} %")  # fmt: skip
    print(f"CPU: HTTP {http:.2f} s, workers {workers:.2f} s, HTTP's share {100 * http / (http + workers):.2f} %")


def dense(seed: int) -> bytes:
    """A photo of 2 megapixels that is full of small print from edge to edge."""
    chance = random.Random(seed)
    image = Image.new("L", (1600, 1250), "white")
    pen = ImageDraw.Draw(image)
    for y in range(0, image.height, 14):
        pen.text((4, y), " ".join(str(chance.randrange(10**6)) for _ in range(40)), fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def texts(folder: Path) -> None:
    """How long texts, and photos of which the file alone is asked, wait while all workers are at hostile photos."""
    photo = photos(folder / "drawn")[3]
    light = {
        "text": ("/v1/check/text", b"Call me on 012-345 6789, or come to 12 Jalan Ampang, 50450 Kuala Lumpur"),
        "file": ("/v1/check?only=metadata", photo),
    }
    seconds: dict[str, list[float]] = {name: [] for name in light}
    others: Counter[str] = Counter()
    with serving(folder, "--workers", str(WORKERS), "--deadline", "20") as service:
        done = threading.Event()

        def burden(number: int) -> None:
            body = dense(number)
            with httpx.Client(base_url=service.url, timeout=600) as http:
                while not done.is_set():
                    others[f"photo {http.post('/v1/check', content=body).status_code}"] += 1

        crowd = [threading.Thread(target=burden, args=(number,)) for number in range(2 * WORKERS)]
        for one in crowd:
            one.start()
        with httpx.Client(base_url=service.url, timeout=60) as http:
            while f"photoscan_slots_taken {2 * WORKERS}.0" not in http.get("/metrics").text:
                time.sleep(0.1)
            end = time.monotonic() + TEXTS
            while time.monotonic() < end:
                for name, (path, body) in light.items():
                    began = time.monotonic()
                    others[f"{name} {http.post(path, content=body).status_code}"] += 1
                    seconds[name].append(time.monotonic() - began)
                time.sleep(0.02)
        done.set()
        for one in crowd:
            one.join()
    for name, found in seconds.items():
        found.sort()
        print(f"{name}: {len(found)} answers, seconds: median {statistics.median(found):.3f}, "
              f"99 of 100 within {found[int(0.99 * len(found))]:.3f}, most {found[-1]:.3f}")  # fmt: skip
    print(f"answers {dict(sorted(others.items()))}")


def tiers(folder: Path) -> None:
    """What looks in steps save, and what they cost where nothing decides early."""
    bodies = photos(folder / "drawn")[::2]
    with serving(folder, "--workers", "1") as service, httpx.Client(base_url=service.url, timeout=600) as http:
        spent, decided = {}, {}
        for query in ("", "?tiers=true", "?profile=fast", "?only=metadata"):
            rows = []
            before = service.cpu()[1]
            for body in bodies:
                start = service.cpu()[1]
                answer = http.post(f"/v1/check{query}", content=body).raise_for_status().json()
                rows.append((answer["decision"], answer.get("tier"), service.cpu()[1] - start))
            spent[query], decided[query] = service.cpu()[1] - before, rows
    whole = spent[""]
    for query, rows in decided.items():
        counts = dict(sorted(Counter(row[0] for row in rows).items()))
        print(f"{query or 'whole':15} {spent[query]:6.1f} CPU s for {len(bodies)} photos, "
              f"{100 * spent[query] / whole:5.1f} % of whole; {counts}")  # fmt: skip
    for tier, number in Counter(row[1] for row in decided["?tiers=true"]).items():
        pairs = [(w[2], t[2]) for w, t in zip(decided[""], decided["?tiers=true"], strict=True) if t[1] == tier]
        whole_, steps = (sum(column) for column in zip(*pairs, strict=True))
        print(f"decided by {tier}: {number} photos, {whole_:.1f} CPU s whole, {steps:.1f} in steps")
    changed = Counter(
        f"{w[0]} -> {t[0]}" for w, t in zip(decided[""], decided["?tiers=true"], strict=True) if w[0] != t[0]
    )
    print(f"decisions that differ: {dict(changed)}")


def seeds() -> list[bytes]:
    """Small files of several formats, whole and broken ones, one of them with a personal value in its metadata."""
    image = Image.effect_noise((48, 36), 40).convert("RGB")
    found = [data for data, _ in corrupt.files().values() if 0 < len(data) < 30_000]
    for format_ in ("JPEG", "PNG", "WEBP"):
        out = io.BytesIO()
        exif = Image.Exif()
        exif[0x013B] = exif[0x010E] = CANARY
        image.save(out, format_, exif=exif)
        found.append(out.getvalue())
    return found


def schema(folder: Path) -> None:
    """Requests that schemathesis makes from the service's own description."""
    with serving(folder, "--workers", str(WORKERS)) as service:
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", f"{service.url}/openapi.json", "--max-examples", "30",
            "--checks", ",".join(CHECKS),
            "--phases", "examples,coverage,fuzzing", "--no-color", "--request-timeout", "1800",
        ]  # fmt: skip
        found = subprocess.run(command, capture_output=True, text=True, check=False)
    log = service.log.read_text()
    print(f"schemathesis: exit {found.returncode}; traces in the log: {log.count('Traceback')}")
    print("\n".join(found.stdout.splitlines()[-45:]))
    print(json.dumps({"requests in the log": sum("event=request" in line for line in log.splitlines()),
                      "server errors in the log": sum(" status=5" in line for line in log.splitlines())}))  # fmt: skip


def memory_of_worker(folder: Path) -> None:
    """What one worker takes, and the process that speaks HTTP and the one that reads texts beside it."""
    draw.write(folder / "drawn")
    bodies = [sized(file, 12_000_000) for file in sorted((folder / "drawn").glob("*.jpg"))[:LARGE]]
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


def held(folder: Path) -> None:
    """The bar under load."""
    # It takes the service and the photos from here.
    from benchmarks.service_bar import bar

    bar(folder)


PARTS = {"first": first, "load": load, "texts": texts, "tiers": tiers, "memory": memory_of_worker, "schema": schema,
         "bar": held}  # fmt: skip


def main() -> None:
    """Measure the parts that are named, or all."""
    for name in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            print(f"== {name}")
            PARTS[name](Path(folder))


if __name__ == "__main__":
    main()
