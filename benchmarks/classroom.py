"""A class of thirty phones: `python -m benchmarks.classroom [CLIENTS [PHOTOS]]`. Linux; on loopback.

They join `photoscan workshop --lan`, each sends a photo of 2 megapixels, and while these wait and are looked at all
play five rounds. Told are the answers of the game (how long a phone waits for a mark to be taken, for a photo of it,
for news of a click), the photos that were answered, what of other pupils' photos anybody got, and the
memory of the teacher's process before the lesson and after its end, with what of a photo's bytes was ever found there.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import random
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import numpy as np
from PIL import Image

from photoscan.workshop import samples

CLIENTS, ROUNDS, TEAMS = 30, 5, ["Kijang", "Harimau", "Helang", "Penyu"]
SECONDS = 8.0
"""Of a round, in which each phone sets marks three times."""
MARKER = b"the bytes of a pupil's photo "
WIDTH, HEIGHT = 1632, 1224
OURS = {"x-photoscan": "workshop"}
BRIEF = httpx.Limits(keepalive_expiry=2.0)
"""Browsers ask again where a connection was closed while they spoke on it; this client gives it up before."""
ACCESS = ("picture", "values", "report", "copy", "copy/picture", "copy/receipt")
BAR_SECONDS, BAR_BYTES = 0.3, 20 * 2**20


@dataclass
class Measured:
    """Seconds of answers by what was asked; `photos`: seconds until the report, by pupil; `late`: marks that
    came after their round; `got`: of others' photos."""

    answers: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    photos: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    places: int = 0
    late: int = 0
    tried: int = 0
    got: list[str] = field(default_factory=list)


def photo(number: int) -> bytes:
    """A photo of 2 megapixels with people, lettering or a car, unlike all others, with MARKER in it."""
    name = samples.NAMES[number % len(samples.NAMES)]
    with Image.open(io.BytesIO(samples.sample(name) or b"")) as image:
        large = np.asarray(image.convert("RGB").resize((WIDTH, HEIGHT)), np.int16)
    noise = np.random.default_rng(number).integers(-12, 13, large.shape)
    out = io.BytesIO()
    noisy = np.clip(large + noise, 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(out, "JPEG", quality=90, comment=MARKER + b"%d" % number)
    return out.getvalue()


@contextmanager
def server() -> Iterator[tuple[int, str, str, str]]:
    """A running workshop: its process, the teacher's address, the phones' and the code."""
    command = ["-m", "photoscan", "workshop", "--no-browser", "--lang", "en", "--lan", "--lan-address", "127.0.0.1"]
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline() + process.stdout.readline()
            teacher, phones = re.findall(r"http://127\.0\.0\.1:\d+/", said)
            code = re.findall(r"code (\d+)", said)[0]
            yield process.pid, teacher, phones, code
        finally:
            process.terminate()


class Phone:
    """One pupil's phone."""

    def __init__(self, number: int, url: str, measured: Measured) -> None:
        self.number = number
        self.http = httpx.AsyncClient(base_url=url, headers=OURS, timeout=600, trust_env=False, limits=BRIEF)
        self.measured = measured
        self.photo: str | None = None
        self.seen: dict[str, float] = {}
        """When which phase of which round came, by 'phase index'."""
        self.random = random.Random(number)

    async def timed(self, what: str, method: str, path: str, **more: Any) -> httpx.Response:
        """A request whose answer is timed."""
        began = monotonic()
        answer = await self.http.request(method, path, **more)
        self.measured.answers[what].append(monotonic() - began)
        return answer

    async def join(self, code: str) -> None:
        """Come in."""
        answer = await self.timed("join", "POST", "/api/join", json={"code": code, "name": "Siti"})
        self.http.headers["x-photoscan-pupil"] = answer.json()["key"]

    async def play(self) -> None:
        """Wait for news until the podium; marks go their own way."""
        since, marking = None, set()
        while True:
            answer = await self.http.get("/api/play", params={} if since is None else {"since": since})
            if answer.status_code == 204:
                continue
            told = answer.json()
            since, phase, asked = told["version"], told["phase"], told["round"]
            place = f"{phase} {asked['index'] if asked else ''}".strip()
            if place not in self.seen:
                self.seen[place] = monotonic()
                if phase == "asking":
                    marking.add(asyncio.ensure_future(self.mark(asked)))
            if phase == "podium":
                await asyncio.gather(*marking)
                return

    async def mark(self, asked: dict[str, Any]) -> None:
        """Look at the photo of a round and set marks, one after the other."""
        await self.timed("photo of the round", "GET", f"/api/rounds/{asked['name']}")
        marks: list[dict[str, Any]] = []
        for _ in range(3):
            await asyncio.sleep(self.random.uniform(0.2, SECONDS / 4))
            at = [self.random.randrange(asked["width"]), self.random.randrange(asked["height"])]
            marks.append({"at": at, "sure": self.random.random() < 0.5})
            answer = await self.timed("marks", "PUT", "/api/play/marks", json={"marks": marks})
            if answer.status_code == 409:
                self.measured.late += 1  # the round had ended
            elif answer.status_code != 204:
                self.measured.failed.append(f"marks: {answer.status_code}")

    async def send(self, data: bytes) -> None:
        """Send the photo and wait for its report."""
        began, last = monotonic(), ""
        async with self.http.stream("POST", "/api/photos", content=data) as answer:
            async for line in answer.aiter_lines():
                event = json.loads(line)
                self.photo = event.get("id", self.photo)
                self.measured.places += event["event"] == "waiting"
                last = event["event"]
        if last == "report":
            self.measured.photos.append(monotonic() - began)
        else:
            self.measured.failed.append(f"photo: {answer.status_code} {last}")

    async def try_others(self, others: list[Phone]) -> None:
        """Ask for everything of everybody else's photo."""
        for other in others:
            for what in ACCESS if other is not self else ():
                answer = await self.http.get(f"/api/photos/{other.photo}/{what}")
                self.measured.tried += 1
                if answer.status_code != 404:
                    self.measured.got.append(f"{what}: {answer.status_code}")


async def lesson(teacher: httpx.AsyncClient, phones: list[Phone], measured: Measured) -> None:
    """Five rounds."""
    names = [row["name"] for row in (await teacher.get("/api/rounds")).json()["rounds"]][:ROUNDS]
    await teacher.post("/api/lesson", json={"teams": TEAMS, "rounds": names, "seconds": None})

    async def click(action: str, place: str) -> None:
        began = monotonic()
        (await teacher.post(f"/api/lesson/{action}")).raise_for_status()
        measured.answers["teacher's click"].append(monotonic() - began)
        await asyncio.sleep(SECONDS if place.startswith("asking") else 2)
        for phone in phones:
            if place in phone.seen:
                measured.answers["news"].append(phone.seen[place] - began)
            else:
                measured.failed.append(f"news: {place}")

    await click("start", "asking 0")
    for index in range(ROUNDS):
        await click("show", f"shown {index}")
        await click("next", f"asking {index + 1}" if index + 1 < ROUNDS else "podium")


def memory(pid: int) -> int:
    """Bytes of a process that lie in memory and are its own: to look into it lets parts of libraries in."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"RssAnon:\s+(\d+)", status)[0]) * 1024


def holds(pid: int, what: bytes) -> bool:
    """Whether these bytes are anywhere in the memory of a process."""
    with Path(f"/proc/{pid}/mem").open("rb", 0) as bytes_:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end = (int(word, 16) for word in line.split()[0].split("-"))
            if "r" not in line.split()[1] or "[v" in line:
                continue
            try:
                bytes_.seek(start)
                if what in bytes_.read(end - start):
                    return True
            except (OSError, OverflowError):
                continue
    return False


def processor(pid: int) -> float:
    """Seconds of a processor that a process has used."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def below(pid: int) -> list[int]:
    """The processes that a process began, and those that these began."""
    found = [int(word) for file in Path(f"/proc/{pid}/task").glob("*/children") for word in file.read_text().split()]
    return [*found, *(other for one in found for other in below(one))]


async def measure(clients: int, photos: int) -> bool:
    """A lesson in which so many send a photo; whether all bars are held."""
    measured = Measured()
    data = [photo(number) for number in range(photos)]
    with server() as (pid, teacher_url, url, code):
        teacher = httpx.AsyncClient(base_url=teacher_url, headers=OURS, timeout=60, trust_env=False, limits=BRIEF)
        await asyncio.sleep(20)  # the models of the teacher's process are loaded
        before, began = memory(pid), monotonic()
        phones = [Phone(number, url, measured) for number in range(clients)]
        await asyncio.gather(*(phone.join(code) for phone in phones))
        played = [asyncio.ensure_future(phone.play()) for phone in phones]
        sent = [asyncio.ensure_future(phone.send(data[phone.number])) for phone in phones[:photos]]
        await lesson(teacher, phones, measured)
        game = monotonic() - began
        (room,) = [one for one in below(pid) if below(one)]
        spent = processor(room)
        print(f"game over after {game:.0f} s, {len(measured.photos)} photos answered by then;", flush=True)
        print(f"the process for phones took {spent:.1f} s of a processor, all it loads among them", flush=True)
        await asyncio.gather(*played, *sent)
        whole = monotonic() - began
        await asyncio.gather(*(phone.try_others(phones[:photos]) for phone in phones))
        at_its_most, found = memory(pid), holds(pid, MARKER)
        family = below(pid)
        wiped = (await teacher.delete("/api/lesson")).json()
        after, found = memory(pid), found or holds(pid, MARKER)
        alive = [one for one in family if Path(f"/proc/{one}/cmdline").exists() and b"resource" not in
                 Path(f"/proc/{one}/cmdline").read_bytes()]  # fmt: skip
    return tell(measured, photos, game, whole, (before, at_its_most, after), found, alive, wiped)


def tell(
    measured: Measured, sent: int, game: float, whole: float, memories: tuple[int, int, int], found: bool,
    alive: list[int], wiped: dict[str, int],
) -> bool:  # fmt: skip
    """Print all of it; whether all bars are held."""
    every: list[float] = []
    for what, seconds in measured.answers.items():
        print(f"{what:20} {len(seconds):5}  {_spread(seconds)}")
        every += seconds if what != "teacher's click" else []
    late = statistics.quantiles(every, n=100)[94]
    print(f"{'the game, all':20} {len(every):5}  {_spread(every)}")
    print(f"{'photos':20} {len(measured.photos):5}  {_spread(measured.photos)}; {measured.places} times a place told")
    print(
        f"game {game:.0f} s, all {whole:.0f} s; wiped {wiped}; late marks {measured.late}; failed {measured.failed[:5]}"
    )
    print(f"others' photos: tried {measured.tried}, got {len(measured.got)} {measured.got[:3]}")
    before, most, after = (amount / 2**20 for amount in memories)
    print(f"teacher's process: {before:.0f} MiB before, {most:.0f} with all photos there, {after:.0f} after the end")
    print(f"a photo's bytes in it: {found}; processes left: {len(alive)}")
    held = {
        "answers": late <= BAR_SECONDS,
        "photos": len(measured.photos) == sent and not measured.failed,
        "own": not measured.got,
        "memory": memories[2] - memories[0] <= BAR_BYTES and not found and not alive,
    }
    print(f"bars held: {held}")
    return all(held.values())


def _spread(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "-"
    parts = statistics.quantiles(seconds, n=100)
    return f"p50 {1000 * parts[49]:6.0f} ms  p95 {1000 * parts[94]:6.0f} ms  max {1000 * max(seconds):6.0f} ms"


if __name__ == "__main__":
    asked = [*map(int, sys.argv[1:]), CLIENTS, CLIENTS][:2] if len(sys.argv) != 2 else [int(sys.argv[1])] * 2
    sys.exit(0 if asyncio.run(measure(*asked)) else 1)
