"""The bar under load, as it is promised: 2 workers, 32 clients, two minutes of photos, one in twenty of them hostile.

`python -m benchmarks.service_load bar`, or `python -m benchmarks.service_bar [SECONDS [DEADLINE]]`. Photos of 1 to 2
megapixels, texts and looks at the file alone come at the same time. Exit 1, naming it, for a bar that is missed.
"""

from __future__ import annotations

import io
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import zxingcpp
from PIL import Image, ImageDraw

from benchmarks.service_load import CANARY, Service, dense, memory, photos, serving

WORKERS, CLIENTS, SECONDS, DEADLINE = 2, 32, 120.0, 20.0
HOSTILE = 0.05
"""Share of hostile ones among the photos."""
TEXTS, FILES = 4, 2
"""Clients that send texts, and photos of which the file alone is looked at; all others send photos."""
LATE, KEPT, TEXT_SECONDS, LEVEL = 1.10, 0.99, 1.0, 0.05
GOOD = {*range(200, 300), *range(400, 500), 503}
"""The only statuses that there may be."""
_WORDS = f"Call {CANARY} on 012-345 6789, or come to 12 Jalan Ampang, 50450 Kuala Lumpur"


def long_png() -> bytes:
    """One row of six million pixels, in a few kilobytes."""
    return _saved(Image.new("L", (6_000_000, 1), 200), "PNG")


def frames() -> bytes:
    """An animation with fifteen frames of nine megapixels."""
    rows = []
    for number in range(15):
        image = Image.new("P", (3000, 3000), number)
        image.putpalette([(7 * n) % 256 for n in range(768)])
        ImageDraw.Draw(image).rectangle((0, 0, 100 * number, 2999), fill=number + 1)
        rows.append(image)
    out = io.BytesIO()
    rows[0].save(out, "GIF", save_all=True, append_images=rows[1:], duration=50)
    return out.getvalue()


def sheet() -> bytes:
    """A sheet of 40 by 40 codes, each of them another."""
    image = Image.new("L", (2000, 2000), 255)
    for number in range(1600):
        code = zxingcpp.create_barcode(f"https://example.org/{number}", zxingcpp.BarcodeFormat.QRCode)
        cell = Image.fromarray(code.to_image(scale=1)).resize((46, 46), Image.Resampling.NEAREST)
        image.paste(cell, (50 * (number % 40) + 2, 50 * (number // 40) + 2))
    return _saved(image, "PNG")


def _saved(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


@dataclass
class Seen:
    """What clients of one sort were answered: how often each status, and the seconds of each answer."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    unanswered: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)

    def note(self, answer: httpx.Response, seconds: float) -> None:
        """Count one answer. One that refuses a photo at its door took no time of anybody."""
        code = answer.json().get("code", "-") if answer.status_code >= 400 and answer.content else ""
        self.statuses[f"{answer.status_code} {code}".strip()] += 1
        if answer.status_code not in GOOD:
            self.bad[f"{answer.status_code} {code}"] += 1
        if code != "full":
            self.seconds.append(seconds)

    def within(self, seconds: float) -> float:
        """The share of answers that took no longer."""
        return sum(one <= seconds for one in self.seconds) / max(1, len(self.seconds))

    def percentile(self, share: float) -> float:
        """Seconds within which such a share of the answers came."""
        ordered = sorted(self.seconds) or [0.0]
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass
class Load:
    """A crowd of clients, until an end. `asks`: for each sort the route and what makes a body."""

    url: str
    end: float
    seen: dict[str, Seen]
    asks: dict[str, tuple[str, Callable[[random.Random], tuple[bytes, str]]]]

    def client(self, number: int) -> None:
        """One client: of the first ones some send texts or files alone."""
        sort = "text" if number < TEXTS else "file" if number < TEXTS + FILES else "photo"
        path, make = self.asks[sort]
        chance, seen = random.Random(number), self.seen[sort]
        with httpx.Client(base_url=self.url, timeout=600, trust_env=False) as http:
            while time.monotonic() < self.end:
                body, media_type = make(chance)
                began = time.monotonic()
                try:
                    answer = http.post(path, content=body, headers={"content-type": media_type})
                except httpx.HTTPError as error:
                    seen.unanswered[type(error).__name__] += 1
                    continue
                seen.note(answer, time.monotonic() - began)
                if answer.status_code == 503:
                    # As a client that was told to come back later, but not after the end.
                    time.sleep(min(float(answer.headers.get("retry-after", 1)), max(0.0, self.end - time.monotonic())))
                elif sort != "photo":
                    time.sleep(0.2)


def form(data: bytes) -> tuple[bytes, str]:
    """A photo with a name and a caption that no log may hold."""
    head = f'--xx\r\nContent-Disposition: form-data; name="photo"; filename="{CANARY}.jpg"\r\n\r\n'.encode()
    end = f'\r\n--xx\r\nContent-Disposition: form-data; name="caption"\r\n\r\n{CANARY}\r\n--xx--\r\n'.encode()
    return head + data + end, "multipart/form-data; boundary=xx"


def run(service: Service, ordinary: list[bytes], hostile: list[bytes], seconds: float) -> tuple[Load, list[int]]:
    """The load, and the resident bytes of all processes, twice a second."""
    samples: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.5):
            samples.append(sum(memory(pid) for pid in (service.process.pid, *service.workers)))

    def photo(chance: random.Random) -> tuple[bytes, str]:
        data = chance.choice(hostile if chance.random() < HOSTILE else ordinary)
        return form(data) if chance.random() < 0.3 else (data, "image/jpeg")

    asks = {
        "photo": ("/v1/check", photo),
        "text": ("/v1/check/text", lambda _: (_WORDS.encode(), "text/plain")),
        "file": ("/v1/check?only=metadata", lambda chance: (chance.choice(ordinary), "image/jpeg")),
    }
    load = Load(service.url, time.monotonic() + seconds, {name: Seen() for name in asks}, asks)
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(CLIENTS) as crowd:
            list(crowd.map(load.client, range(CLIENTS)))
    finally:
        done.set()
        watcher.join()
    return load, samples


def missed(load: Load, samples: list[int], log: str, deadline: float) -> list[str]:
    """The bars that were missed, each with its figure."""
    third = len(samples) // 3
    middle, last = statistics.median(samples[third : 2 * third]), statistics.median(samples[2 * third :])
    photo, text = load.seen["photo"], load.seen["text"]
    change = last / middle - 1
    bars = {
        "answers are 2xx, 4xx or 503": (not any(one.bad for one in load.seen.values()), "others"),
        "every request is answered": (not any(one.unanswered for one in load.seen.values()), "some are not"),
        "the deadline is kept": (photo.within(LATE * deadline) >= KEPT, f"{photo.within(LATE * deadline):.1%}"),
        "texts are answered at once": (text.percentile(0.99) <= TEXT_SECONDS, f"p99 {text.percentile(0.99):.2f} s"),
        "memory is level": (abs(change) <= LEVEL, f"{change:+.1%}"),
        "the log has no trace": ("Traceback" not in log, f"{log.count('Traceback')}"),
        "the log has no value": (CANARY not in log, f"{log.count(CANARY)}"),
        "something was looked at": (photo.statuses["200"] > 0, "nothing"),
    }
    for name, seen in load.seen.items():
        print(f"{name:6} {sum(seen.statuses.values())} answers: {dict(sorted(seen.statuses.items()))}"
              f"{f', NOT ANSWERED {dict(seen.unanswered)}' if seen.unanswered else ''}")  # fmt: skip
        print(f"       seconds, those refused as 'full' aside: median {seen.percentile(0.5):.2f}, "
              f"99 of 100 within {seen.percentile(0.99):.2f}, most {max(seen.seconds, default=0):.2f}")  # fmt: skip
    kept = photo.within(LATE * deadline)
    print(f"deadline of {deadline:g} s kept within 10 % for {kept:.2%} of {len(photo.seconds)} photos")
    print(f"memory: middle third {middle / 2**20:.0f} MiB, last third {last / 2**20:.0f} MiB, {change:+.1%}")
    return [f"{name}: {figure}" for name, (good, figure) in bars.items() if not good]


def bar(folder: Path, seconds: float = SECONDS, deadline: float = DEADLINE) -> None:
    """Run the load and judge it; SystemExit with what was missed."""
    ordinary, hostile = photos(folder / "drawn"), [long_png(), frames(), sheet(), dense(1)]
    with serving(folder, "--workers", str(WORKERS), "--deadline", f"{deadline:g}") as service:
        load, samples = run(service, ordinary, hostile, seconds)
        alive = service.process.poll() is None
    found = missed(load, samples, service.log.read_text(), deadline)
    if not alive or service.process.returncode != 0:
        found.append(f"the service ended by itself or with an error: {service.process.returncode}")
    if found:
        sys.exit("MISSED " + "; ".join(found))
    print("every bar is held")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        bar(Path(place), *map(float, sys.argv[1:3]))
