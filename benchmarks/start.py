"""What starting costs: CPU seconds of light commands as multiples of `python -c pass` in the same run.

Run it with `python -m benchmarks.start`. The photo is drawn; medians over ROUNDS rounds in turn.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from fixtures.scenes import files

ROUNDS = 11


def main() -> None:
    """Print a row for each command."""
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "holiday.jpg"
        photo.write_bytes(next(files.draw())[0])
        own = [sys.executable, "-m", "photoscan"]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "photoscan --help": [*own, "--help"],
            "scan --only metadata": [*own, "scan", "--only", "metadata", str(photo)],
            "scan --only metadata --format jsonl": [
                *own,
                "scan",
                "--only",
                "metadata",
                "--format",
                "jsonl",
                str(photo),
            ],
            "clean --metadata-only": [*own, "clean", "--metadata-only", str(photo), "-o", str(Path(folder) / "c.jpg")],
        }
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                seconds[name].append(_cpu(command))
    base = statistics.median(seconds["python -c pass"])
    for name, values in seconds.items():
        median = statistics.median(values)
        print(f"{name:38} {median * 1000:6.0f} ms CPU {median / base:6.1f} x")


def _cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
