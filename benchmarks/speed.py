"""What a scan costs, by stage and profile, beside what is needed at least: `python -m benchmarks.speed [-o PAGE]`.

Each photo is drawn, and scanned in a process of its own, by one thread, after a first small photo that opens the
models. Figures are CPU seconds, medians over rounds in turn; those of one run compare with one another, not with those
of another machine. `needed`: each network sees the photo once in the size that it needs, what was read is read once.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time

from benchmarks.accuracy.tables import Table
from benchmarks.counting import GIGAFLOPS, Work, counted
from benchmarks.drawn_photos import PHOTOS
from photoscan.models import Runtime
from photoscan.options import PROFILES, Profile, ScanOptions
from photoscan.photo import Photo
from photoscan.scanner import Scanner
from photoscan.textline import TextLine
from photoscan.views import Views
from photoscan.vision import plate_detector, text_recogniser
from photoscan.vision.centerface import CenterFace
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.text_detector import TextDetector
from photoscan.vision.tiles import tiles

WARMING = "crowd, .8 MP"
"""The photo that opens every model before anything is measured."""
STAGES = ("decode", "objects", "faces", "text", "codes", "plates")
TILE, OVERLAP = 1120, 96
PLATE_SIDES = 640, 1280


def main() -> None:
    """Print the tables, and write them to a page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--one", nargs=3, metavar=("PROFILE", "FIRST", "PHOTO"), help="measure one photo, print JSON")
    parser.add_argument("--profile", action="append", choices=PROFILES, help="by default balanced and fast")
    parser.add_argument("--photo", action="append", choices=tuple(PHOTOS), help="by default all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("-o", "--output", type=Path, help="write a page in Markdown")
    arguments = parser.parse_args()
    if arguments.one:
        profile, first, file = arguments.one
        print(json.dumps(measured(profile, Path(first).read_bytes(), Path(file).read_bytes())))
        return
    tables = list(_tables(arguments.profile or ["balanced", "fast"], arguments.photo or list(PHOTOS), arguments.rounds))
    for table in tables:
        print(table.text())
    if arguments.output:
        head = f"# What a scan costs\n\n{__doc__.split(chr(10), 2)[2].strip()}\n\n"
        arguments.output.write_text(head + "\n".join(table.markdown() for table in tables), "utf-8")


def _tables(profiles: Sequence[str], names: Sequence[str], rounds: int) -> Iterator[Table]:
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{number}.jpg" for number, name in enumerate(names)}
        for name, file in files.items():
            file.write_bytes(PHOTOS[name]())
        first = Path(folder) / "first.jpg"
        first.write_bytes(PHOTOS[WARMING]())
        runs: dict[tuple[str, str], list[dict[str, float]]] = {}
        for _ in range(rounds):
            for profile in profiles:
                for name, file in files.items():
                    runs.setdefault((profile, name), []).append(_child(profile, first, file))
    for profile in profiles:
        yield _costs(profile, {name: runs[profile, name] for name in names})
        yield _work(profile, {name: runs[profile, name][0] for name in names})


def _costs(profile: str, runs: dict[str, list[dict[str, float]]]) -> Table:
    table = Table(f"{profile}: CPU seconds", ("photo", "all", "needed", "times", *STAGES, "rest", "peak MB"))
    for name, rows in runs.items():
        median = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
        rest = median["all"] - sum(median[stage] for stage in STAGES)
        table.add(
            name,
            f"{median['all']:.2f}",
            f"{median['needed']:.2f}",
            f"{median['all'] / median['needed']:.2f}",
            *(f"{median[stage]:.2f}" for stage in STAGES),
            f"{max(0.0, rest):.2f}",
            f"{median['peak']:.0f}",
        )
    return table


def _work(profile: str, rows: dict[str, dict[str, float]]) -> Table:
    names = tuple(GIGAFLOPS)
    table = Table(
        f"{profile}: work, the same on every machine",
        ("photo", "GFLOP", "network runs", *(f"{name}, MP" for name in names), "resizes", "resized, MP"),
    )
    for name, row in rows.items():
        shown = (f"{row[f'mp {network}']:.2f}" for network in names)
        table.add(
            name, f"{row['gflop']:.0f}", f"{row['runs']:.0f}", *shown, f"{row['resizes']:.0f}", f"{row['resized']:.1f}"
        )
    return table


def _child(profile: str, first: Path, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.speed", "--one", profile, str(first), str(file)]
    shown = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    rows: dict[str, float] = json.loads(shown)
    return rows


def measured(profile: Profile, first: bytes, data: bytes) -> dict[str, float]:
    """CPU seconds of the whole scan, by stage, and of what is needed; peak memory; its work.

    `first` is a photo that opens the models, `data` the one that is measured.
    """
    options = ScanOptions(profile=profile)
    scanner = Scanner(options)
    scanner.scan(first)
    found: dict[str, float] = {}
    with _timed(found, "all"):
        scanner.scan(data)
    # In kilobytes, on a Mac in bytes.
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)
    views = Views(Photo.open(data), options)
    looks: dict[str, Callable[[], object]] = {
        "decode": lambda: views.pyramid,
        "objects": lambda: views.objects,
        "faces": lambda: views.faces,
        "text": lambda: views.lines,
        "codes": lambda: views.codes,
        "plates": lambda: views.plates,
    }
    for stage, look in looks.items():
        with _timed(found, stage):
            look()
    with _timed(found, "needed"):
        _needed(data, views.lines)
    with counted() as work:
        scanner.scan(data)
    return found | _told(work)


@contextmanager
def _timed(found: dict[str, float], name: str) -> Iterator[None]:
    started = process_time()
    yield
    found[name] = process_time() - started


def _told(work: Work) -> dict[str, float]:
    return {
        "gflop": work.gigaflops,
        "runs": float(work.runs.total()),
        "resizes": float(work.resizes),
        "resized": work.resized,
        **{f"mp {name}": float(work.megapixels[name]) for name in GIGAFLOPS},
    }


def _needed(data: bytes, lines: Sequence[TextLine]) -> None:
    """Decode once; the text detector in full size, faces at every halving, plates in two sizes, each line read once."""
    runtime = Runtime()
    picture = Pyramid(Photo.open(data).pixels())
    for tile in tiles(picture.width, picture.height, TILE, OVERLAP):
        TextDetector(runtime).heat(picture.full[tile.y : tile.y2, tile.x : tile.x2])
    crops = [text_recogniser.crop(picture.full, line.polygon) for line in lines if line.polygon]
    text_recogniser.TextRecogniser(runtime).read(crops)
    side = picture.long_side
    while side >= 160:
        shown = picture.at(side)
        for tile in tiles(shown.shape[1], shown.shape[0], TILE, OVERLAP):
            CenterFace(runtime).detect(shown[tile.y : tile.y2, tile.x : tile.x2], 0.25)
        side //= 2
    for side in PLATE_SIDES:
        plate_detector.PlateDetector(runtime).detect(picture.at(min(side, picture.long_side)), 0.5)


if __name__ == "__main__":
    main()
