"""What reading and stripping metadata cost: python -m benchmarks.metadata_cost FOLDER --plain FILE

Every file of the folder is given to `photoscan scan --only metadata` and to `photoscan clean --metadata-only`, each in
a process of its own, in turn with the plain file: CPU relative to the plain file's (medians), and peak memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 3
COMMANDS = {
    "scan": ("scan", "--only", "metadata", "--format", "jsonl"),
    "clean": ("clean", "--metadata-only"),
}


def main() -> None:
    """Print one line a file and command, costliest last, and the worst of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plain", type=Path, required=True, help="a small file with nothing special")
    arguments = parser.parse_args()
    for name in COMMANDS:
        rows = []
        for path in sorted(p for p in arguments.folder.iterdir() if p.suffix != ".json"):
            runs = [(measured(name, arguments.plain), measured(name, path)) for _ in range(ROUNDS)]
            ratio = statistics.median(cost[0] / plain[0] for plain, cost in runs)
            rows.append((ratio, max(cost[1] for _, cost in runs), path.name))
        for ratio, peak, file in sorted(rows):
            print(f"{name:6} {ratio:5.2f}x {peak:7.1f} MB  {file}")
        print(f"{name}: worst {max(r[0] for r in rows):.2f}x of a plain file, {max(r[1] for r in rows):.1f} MB")


def measured(name: str, path: Path) -> tuple[float, float]:
    """CPU seconds and peak megabytes of a whole process."""
    with tempfile.TemporaryDirectory() as folder:
        target = ("-o", f"{folder}/out{path.suffix}") if name == "clean" else ()
        command, *options = COMMANDS[name]
        process = subprocess.Popen(
            [sys.executable, "-m", "photoscan", command, str(path), *options, *target],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
