"""A room's mutation score: `python -m benchmarks.mutants ROOM --sample N --seed S [--root CHECKOUT] [--trace FILE]
[--again OUTPUT]`.

Points are drawn by the hash of what they change, so that two versions of a room share the part of the sample that both
hold. Tests that enter the changed function run, quickest file first, until one fails; tests that took longer than
`--slowest` seconds, browsers and whole programs are left out. One child at a time, at nice 19.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from benchmarks.mutants import shadow, tracing
from benchmarks.mutants.points import Point, changed, points

ROOMS = {
    "masking": ["masking.py", "masking/*.py"],
    "finding": ["finding.py", "kind.py", "textual/*.py", "detectors/**/*.py"],
    "risk": ["risk/**/*.py"],
    "cleaning": ["cleaning/**/*.py"],
    "metadata": ["metadata/**/*.py"],
}
NOT_RUN = {"metadata/build_cities.py"}
"""Run by hand when a table is made, by no test."""
TESTS = {
    "masking": [
        "tests/masking/test_*.py", "tests/test_masking.py", "tests/test_finding.py", "tests/canaries/test_*.py",
        "tests/render/test_*.py", "tests/detectors/test_text_detectors.py",
    ],
    "finding": [
        "tests/textual/test_*.py", "tests/test_finding.py", "tests/detectors/test_*.py",
        "tests/test_plate_formats.py", "tests/test_locales.py", "tests/test_people.py",
    ],
    "risk": ["tests/risk/test_*.py", "tests/render/test_*.py", "tests/test_people.py"],
    "cleaning": ["tests/cleaning/test_*.py", "tests/test_safe_copy.py"],
    "metadata": [
        "tests/metadata/test_*.py", "tests/detectors/test_metadata*.py", "tests/test_headers.py", "tests/test_photo.py",
    ],
}  # fmt: skip
"""A room's own tests; those in other rooms may kill more."""
Z = 1.96


class Row(TypedDict):
    """What is known of a test."""

    seconds: float
    calls: list[str]


Trace = dict[str, Row]


def main() -> None:
    """Print each trial and the score."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants")
    parser.add_argument("room", choices=[*ROOMS])
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--root", type=Path, default=shadow.OWN)
    parser.add_argument("--trace", type=Path, help="where the tests' calls are kept between runs")
    parser.add_argument("--slowest", type=float, default=6, help="seconds of a test that is still run")
    parser.add_argument("--budget", type=float, default=60, help="seconds of tests for one mutant")
    parser.add_argument("--limit", type=float, default=400, help="seconds of a test file while it is traced")
    parser.add_argument("--also", action="append", default=[], help="pattern of test files beside the room's own")
    parser.add_argument("--again", type=Path, help="an earlier output: only what survived there is tried")
    given = parser.parse_args()
    os.nice(19)
    shadow.preload()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder).resolve() / "checkout"
        shadow.make(given.root.resolve(), copy)
        trace = traced(copy, [*TESTS[given.room], *given.also], given.trace, given.limit)
        known = {test: row for test, row in trace.items() if row["seconds"] <= given.slowest}
        print(f"{len(trace)} tests pass unchanged, {len(known)} are quick enough", flush=True)
        drawn = sample(copy, given.room, given.seed, given.sample, given.again)
        results = [trial(copy, point, known, given.budget) for point in drawn]
    killed = sum(result != "survived" for result in results)
    low, high = wilson(killed, len(results))
    late = results.count("timeout")
    print(f"{given.room}: seed {given.seed}, {len(results)} mutants, {killed} killed ({late} by time), ", end="")
    print(f"{len(results) - killed} survived; score {killed / len(results):.3f} [{low:.3f}, {high:.3f}]")


def sample(copy: Path, room: str, seed: int, size: int, again: Path | None) -> list[Point]:
    """The room's points with the smallest keys."""
    package = copy / "photoscan"
    modules = {path for pattern in ROOMS[room] for path in package.glob(pattern)}
    found = [
        point
        for path in sorted(modules)
        if (name := path.relative_to(package).as_posix()) not in NOT_RUN
        for point in points(name, path.read_text(), seed)
    ]
    print(f"{room}: {len(found)} points in {len(modules)} modules", flush=True)
    drawn = sorted(found, key=lambda point: point.key)[:size]
    survived = again.read_text() if again else ""
    return [point for point in drawn if again is None or f"survived {told(point)}  (" in survived]


def told(point: Point) -> str:
    """A point in a line."""
    return f"{point.module}:{point.line} {point.operator}: {point.was}"


def traced(copy: Path, patterns: Sequence[str], kept: Path | None, limit: float) -> Trace:
    """Each passing test's seconds and the functions that it enters, by files; what `kept` holds is not traced again."""
    files: dict[str, Trace] = json.loads(kept.read_text()) if kept and kept.exists() else {}
    children, out = copy.parent / "children", copy.parent / "calls.jsonl"
    children.mkdir()
    (copy / "sitecustomize.py").write_text(tracing.CHILDREN)
    os.environ["MUTANTS_TRACE"] = str(children)
    names = sorted({path.relative_to(copy).as_posix() for pattern in patterns for path in copy.glob(pattern)})
    for name in names:
        if name in files:
            continue
        began = time.monotonic()
        out.write_text("")
        shadow.pytest_in(copy, [name], [tracing.Tracer(copy / "photoscan", children, out)], limit)
        files[name] = dict(map(json.loads, out.read_text().splitlines()))
        print(f"traced {name}: {len(files[name])} tests, {time.monotonic() - began:.0f} s", flush=True)
        if kept:
            kept.write_text(json.dumps(files))
    del os.environ["MUTANTS_TRACE"]
    (copy / "sitecustomize.py").unlink()
    return {test: row for name in names for test, row in files[name].items()}


def trial(copy: Path, point: Point, trace: Trace, budget: float) -> str:
    """'killed', 'survived' or 'timeout' for one change, which is taken back."""
    path = copy / "photoscan" / point.module
    source = path.read_text()
    tests = chosen(point, trace, budget)
    result, began = "survived", time.monotonic()
    if tests:
        path.write_text(changed(source, point.index))
        files = [*dict.fromkeys(test.partition("::")[0] for test in tests)]
        most = 30 + 6 * sum(trace[test]["seconds"] for test in tests)
        code = shadow.pytest_in(copy, ["-x", *files], [tracing.Chosen(tests)], most)
        result = {0: "survived", shadow.TIMED_OUT: "timeout"}.get(code, "killed")
        path.write_text(source)
        shutil.rmtree(copy / ".hypothesis", ignore_errors=True)
    took = f"{len(tests)} tests, {time.monotonic() - began:.0f} s"
    print(f"{result:8} {told(point)}  ({took})", flush=True)
    return result


def chosen(point: Point, trace: Trace, budget: float) -> list[str]:
    """Tests that enter the changed function, then those of its module, then of its package; the quickest files first.

    A function whose answer is kept, and a module of tables alone, are entered by the first test that needs them only.
    """
    near = (f"{point.module}:{point.function}", f"{point.module}:", f"{point.module.rpartition('/')[0]}/")
    left, tests = budget, dict[str, None]()
    for step, begin in enumerate(near):
        files: dict[str, list[str]] = {}
        for test, row in trace.items():
            if any(call == begin or (step and call.startswith(begin)) for call in row["calls"]):
                files.setdefault(test.partition("::")[0], []).append(test)
        for _, several in sorted(files.items(), key=lambda row: sum(trace[test]["seconds"] for test in row[1])):
            for test in several:
                if test not in tests and trace[test]["seconds"] <= left:
                    left -= trace[test]["seconds"]
                    tests[test] = None
    return [*tests]


def wilson(hits: int, of: int) -> Sequence[float]:
    """The 95 % score interval of a proportion (Wilson 1927)."""
    share = hits / of
    middle = share + Z * Z / (2 * of)
    half = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return [(middle - half) / (1 + Z * Z / of), (middle + half) / (1 + Z * Z / of)]


if __name__ == "__main__":
    main()
