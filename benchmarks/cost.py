"""What a check costs by look, size and kind of photo, and what that comes to a day.

    python -m benchmarks.cost measure [--engine ENGINE] [--ordinary FOLDER]   measure, write cost.json and docs/cost.md
    python -m benchmarks.cost tables [--core-hour PRICE ...]                  print the tables for other assumptions
    python -m benchmarks.cost page                                            write docs/cost.md from cost.json again

Each look (fast, balanced, thorough, and all steps up to balanced) is measured in a process of its own, by one thread,
as a worker of the service does it: a photo's bytes in, an answer's JSON out. Figures are CPU seconds, medians over
rounds in turn. Photos are drawn, one with little text and one with a street's signs, each in three sizes. A folder of
ordinary photos may be measured beside them as a check: only its sums are kept. What follows from the figures is in
`cost_model.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any
from unittest import mock

import photoscan
from benchmarks import cost_model
from benchmarks.drawn_photos import in_size
from photoscan.models import Runtime, choosing
from photoscan.options import PROFILES, ScanOptions
from photoscan.outside.chosen import Chosen
from photoscan.service.look import FILE, Look
from photoscan.service.settings import DEFAULT_POLICY, load_policies
from photoscan.service.task import Answer, ServiceRequest, Task, set_up, set_up_light

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "cost.json"
PAGE = ROOT / "docs" / "cost.md"
BEGIN, END = "<!-- from cost.json: python -m benchmarks.cost page -->", "<!-- end of what is made -->"
SORTS: Mapping[str, str] = {"plain": "landscape", "street": "street"}
"""Photos with little text and with much to look at, by the drawn photo that they are made of."""
SIZES: Mapping[int, tuple[int, int]] = {1: (1152, 864), 2: (1632, 1224), 12: (4000, 3000)}
"""Width and height by megapixels."""
LIGHT_TIMES = 20
"""A file or text takes milliseconds: so many are measured together."""
CAPTION = "Moved in at last! Find us at 27 Jalan Mawar 3, 43000 Kajang, or call 012-345 6789. " * 3
PHOTOS_OF_A_FOLDER = 24
Row = dict[str, Any]


def main() -> None:
    """Measure, or make tables of what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("measure")
    one.add_argument("--engine", action="append", help="by default onnxruntime, and openvino where it is installed")
    one.add_argument("--rounds", type=int, default=2)
    one.add_argument("--ordinary", type=Path, metavar="FOLDER", help="JPEG photos to measure as a check")
    one = commands.add_parser("look", help="one process of a measurement: prints JSON")
    one.add_argument("engine")
    one.add_argument("look", choices=("light", "steps", cost_model.ALL_STEPS, *PROFILES))
    one.add_argument("photos", type=Path)
    one = commands.add_parser("tables")
    for field in fields(cost_model.Assumptions):
        if isinstance(field.default, float | int):
            one.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=None)
    commands.add_parser("page")
    arguments = parser.parse_args()
    if arguments.command == "look":
        print(json.dumps(_looked(arguments.engine, arguments.look, arguments.photos)))
    elif arguments.command == "measure":
        measured = measure(arguments.engine or _engines(), arguments.rounds, arguments.ordinary)
        RESULTS.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
        write_page()
    elif arguments.command == "page":
        write_page()
    else:
        given = {n: v for n, v in vars(arguments).items() if n != "command" and v is not None}
        results = json.loads(RESULTS.read_text("utf-8"))
        for table in cost_model.tables(results, replace(cost_model.of(results), **given)):
            print(table.text())


def write_page() -> None:
    """Put what follows from cost.json between the marks of docs/cost.md."""
    PAGE.write_text(page(PAGE.read_text("utf-8"), json.loads(RESULTS.read_text("utf-8"))), "utf-8")


def page(text: str, results: Mapping[str, Any]) -> str:
    """The page with its made part made anew."""
    before, _, rest = text.partition(BEGIN)
    made = "\n".join(table.markdown() for table in cost_model.tables(results, cost_model.of(results)))
    return f"{before}{BEGIN}\n\n{cost_model.said(results)}\n\n{made}\n{END}{rest.partition(END)[2]}"


def measure(engines: Sequence[str], rounds: int, ordinary: Path | None) -> Row:
    """Everything that is kept: the drawn photos by look, files and texts, and the sums of the ordinary photos."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder)
        for sort, name in SORTS.items():
            for megapixels, size in SIZES.items():
                (drawn / f"{sort} {megapixels}.jpg").write_bytes(in_size(name, size))
        runs = [
            (engine, look, _child(engine, look, drawn))
            for _ in range(rounds)
            for engine in engines
            for look in (*PROFILES, cost_model.ALL_STEPS, *(("light",) if engine == engines[0] else ()))
        ]
    found = {
        "measured": datetime.now(UTC).date().isoformat(),
        "photoscan": photoscan.__version__,
        "processor": _processor(),
        "rounds": rounds,
        "photos": _medians([(e, look, rows) for e, look, rows in runs if look != "light"]),
        "light": _medians([(e, look, rows) for e, look, rows in runs if look == "light"]),
    }
    if ordinary:
        found["ordinary"] = [
            _summed(engine, look, _child(engine, look, ordinary))
            for engine in engines[:1]
            for look in ("light", "fast", "balanced", "steps")
        ]
    return found


def _engines() -> list[str]:
    """What everybody has, and what photoscan would choose here."""
    return list(dict.fromkeys(("onnxruntime", choosing.chosen().engine.name)))


def _child(engine: str, look: str, photos: Path) -> list[Row]:
    print(f"{engine}, {look}, {photos.name}", file=sys.stderr)
    command = [sys.executable, "-m", "benchmarks.cost", "look", engine, look, str(photos)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, cwd=ROOT)
    rows: list[Row] = json.loads(done.stdout)
    return rows


def _looked(engine: str, name: str, photos: Path) -> list[Row]:
    """CPU seconds of a look at each photo of a folder, and of those the networks' part."""
    files = sorted(photos.glob("*.jpg"))
    # Every n-th, so that each sort of a folder that is named by sorts has its share.
    files = files[:: max(1, len(files) // PHOTOS_OF_A_FOLDER)][:PHOTOS_OF_A_FOLDER]
    usual = ScanOptions(engine=engine)
    given = Chosen(()), load_policies((DEFAULT_POLICY,)), usual
    if name == "light":
        return list(_light(set_up_light(*given), files))
    if name == cost_model.ALL_STEPS:
        # As of a photo that nothing decides before the last step.
        with mock.patch("photoscan.service.task.is_final", return_value=False):
            return list(_pictures(set_up(*given), Look(tiers=True), files))
    look = Look(tiers=True) if name == "steps" else Look(profile=name)  # type: ignore[arg-type]
    return list(_pictures(set_up(*given), look, files))


def _pictures(task: Task, look: Look, files: Sequence[Path]) -> Iterator[Row]:
    # What a network makes ready at the first photo of its kind is no photo's cost.
    task(ServiceRequest("check", in_size("street", SIZES[1]), DEFAULT_POLICY, look=look))
    with _network_seconds() as spent:
        for file in files:
            before, asked = spent(), ServiceRequest("check", file.read_bytes(), DEFAULT_POLICY, look=look)
            seconds, answer = _timed(partial(task, asked))
            yield {"photo": file.stem, "seconds": seconds, "networks": spent() - before} | _told(answer)


def _light(task: Task, files: Sequence[Path]) -> Iterator[Row]:
    look = Look(only=FILE)
    for file in files:
        seconds, answer = _repeated(task, ServiceRequest("check", file.read_bytes(), DEFAULT_POLICY, look=look))
        yield {"photo": file.stem, "seconds": seconds} | _told(answer)
    seconds, _ = _repeated(task, ServiceRequest("text", CAPTION.encode(), DEFAULT_POLICY))
    yield {"photo": "text", "seconds": seconds}


def _repeated(task: Task, asked: ServiceRequest) -> tuple[float, object]:
    seconds, answers = _timed(lambda: [task(asked) for _ in range(LIGHT_TIMES)])
    return seconds / LIGHT_TIMES, answers[-1]


def _told(answer: object) -> Row:
    if not isinstance(answer, Answer):
        return {"decision": "none"}
    return {"decision": answer.decision, "tier": json.loads(answer.body).get("tier")}


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = process_time()
    made = work()
    return process_time() - started, made


@contextmanager
def _network_seconds() -> Iterator[Callable[[], float]]:
    """CPU seconds in networks so far: what a GPU could take over."""
    spent, network = [0.0], Runtime.network

    class Timed:
        def __init__(self, inner: Any) -> None:
            self._inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self._inner, name)

        def run(self, batch: Any) -> Any:
            seconds, answers = _timed(lambda: self._inner.run(batch))
            spent[0] += seconds
            return answers

    known: dict[int, Timed] = {}  # one a network, as callers remember what they ask it

    def timed(runtime: Runtime, name: str) -> Any:
        own = network(runtime, name)
        return known.setdefault(id(own), Timed(own))

    with mock.patch.object(Runtime, "network", timed):
        yield lambda: spent[0]


def _medians(runs: Sequence[tuple[str, str, list[Row]]]) -> list[Row]:
    """One row for each engine, look and photo."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for engine, look, rows in runs:
        for row in rows:
            found.setdefault((engine, look, row["photo"]), []).append(row)
    return [
        {"engine": engine, "look": look, "photo": photo, "decision": rows[0].get("decision")}
        | {n: round(statistics.median(r[n] for r in rows), 4) for n in ("seconds", "networks") if n in rows[0]}
        for (engine, look, photo), rows in found.items()
    ]


def _summed(engine: str, look: str, rows: Sequence[Row]) -> Row:
    """What is kept of photos that are not the project's: how many, seconds, and counts."""
    rows = [row for row in rows if row["photo"] != "text"]
    return {
        "engine": engine,
        "look": "file" if look == "light" else look,
        "photos": len(rows),
        "seconds": round(sum(row["seconds"] for row in rows) / len(rows), 4),
        "decisions": dict(sorted(Counter(row["decision"] for row in rows).items())),
        "tiers": dict(sorted(Counter(row["tier"] for row in rows if row.get("tier")).items())),
    }


def _processor() -> str:
    """The processor's name, where the system tells it, and how many there are."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{name or platform.machine()}, {os.cpu_count()} processors"


if __name__ == "__main__":
    main()
