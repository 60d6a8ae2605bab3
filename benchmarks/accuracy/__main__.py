"""The command line: choose a subject, print its tables as they come, keep them as a page where one is named.

The pages in benchmarks/results also say how they were measured, so that none is replaced unasked.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

import photoscan

SUBJECTS = {
    "faces": "faces by size and turn, false faces, children by age, people who are known",
    "text": "addresses by source, identity numbers in noise, lines by kind of photo",
    "plates": "number plates by region and as drawn: covered, read, false ones",
    "calibration": "whether confidences are what they say, by reports of labelled photos",
    "decisions": "what each policy makes of photos, by their reports",
}


def main() -> None:
    """Measure one subject on labelled photos."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    subjects = parser.add_subparsers(dest="subject", required=True)
    for name, line in SUBJECTS.items():
        own = subjects.add_parser(name, help=line)
        subject = import_module(f"benchmarks.accuracy.{name}")
        if getattr(subject, "SEVERAL", False):
            own.add_argument("data", type=Path, nargs="+", help="files of reports, one a line")
        else:
            own.add_argument("data", type=Path, help="a folder with labelled photos")
        own.add_argument("-o", "--output", type=Path, help="a page to keep the tables in")
        subject.add_arguments(own)
    arguments = parser.parse_args()
    pieces = [f"# Accuracy: {arguments.subject}\n\nphotoscan {photoscan.__version__}\n"]
    for table in import_module(f"benchmarks.accuracy.{arguments.subject}").measure(arguments):
        print(table.text(), flush=True)
        pieces.append(table.markdown())
        if arguments.output is not None:
            # Written anew after every table: a run that is stopped keeps what it has measured.
            arguments.output.write_text("\n".join(pieces), "utf-8")


if __name__ == "__main__":
    main()
