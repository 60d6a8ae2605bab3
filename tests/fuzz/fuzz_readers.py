"""A target for atheris: python -m tests.fuzz.fuzz_readers [CORPUS] [-runs=N]

The first byte chooses the container, the rest is the file. Mutations are guided by the coverage of photoscan.metadata.
Run with -rss_limit_mb=200 -timeout=5 to find what is too large or too slow.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["photoscan.metadata"]):
    from photoscan import metadata  # noqa: F401 - instrumented before the check imports it
    from tests.fuzz.test_fuzz_readers import check

from photoscan.formats import Format
from tests.fuzz.seeds import SEEDS

FORMATS = list(Format)


def one(data: bytes) -> None:
    """One execution."""
    if data:
        check(data[1:], FORMATS[data[0] % len(FORMATS)])


def write_seeds(folder: Path) -> None:
    """Put the seeds where the fuzzer begins."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (format_, data) in enumerate(SEEDS.values()):
        (folder / f"seed{number:03}").write_bytes(bytes((FORMATS.index(format_),)) + data)


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    for folder in folders[:1]:
        write_seeds(folder)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
