"""What reading metadata costs: python -m benchmarks.metadata_cost FOLDER [--plain FILE]

Every file of the folder is read in a process of its own, with all metadata detectors. Milliseconds of CPU are those of
reading alone (the imports are paid before); then the whole process's CPU relative to the plain file's, and its peak.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path

_ONE = """
import json, resource, sys, time
from pathlib import Path
from benchmarks.metadata_finding import findings
findings(Path(sys.argv[2]))
best = 1e9
for _ in range(3):
    start = time.process_time()
    count = len(findings(Path(sys.argv[1])))
    best = min(best, time.process_time() - start)
print(json.dumps([best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, count]))
"""
_WHOLE = """
import sys
from pathlib import Path
from benchmarks.metadata_finding import findings
findings(Path(sys.argv[1]))
"""


def main() -> None:
    """Print one line a file, costliest last, and how the worst compare with the plain one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plain", type=Path, required=True, help="a small file with nothing special")
    arguments = parser.parse_args()
    rows = []
    for path in [arguments.plain, *sorted(p for p in arguments.folder.iterdir() if p.suffix != ".json")]:
        command = [sys.executable, "-c", _ONE, str(path), str(arguments.plain)]
        cpu, peak, count = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        rows.append((cpu, _process(path), peak, count, path.name))
    plain = rows[0]
    for cpu, whole, peak, count, name in sorted(rows[1:]):
        print(f"{cpu * 1000:8.2f} ms, process {whole / plain[1]:4.1f}x {peak:7.1f} MB {count:4} findings  {name}")
    worst, most = max(row[1] for row in rows) / plain[1], max(row[2] for row in rows)
    print(f"plain: {plain[0] * 1000:.2f} ms, process {plain[1] * 1000:.0f} ms; worst {worst:.1f}x, {most:.1f} MB")


def _process(path: Path) -> float:
    """CPU seconds of a whole process that reads one file, the least of three."""
    best = 1e9
    for _ in range(3):
        before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        subprocess.run([sys.executable, "-c", _WHOLE, str(path)], check=True)
        best = min(best, sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before)
    return best


if __name__ == "__main__":
    main()
