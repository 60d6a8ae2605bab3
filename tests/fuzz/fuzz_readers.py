"""A target for atheris: python -m tests.fuzz.fuzz_readers [CORPUS] [-runs=N]

The first byte chooses the container, the rest is the file. Mutations are guided by the coverage of photoscan.metadata.
Run with -rss_limit_mb=200 -timeout=5 to find what is too large or too slow.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["photoscan.metadata"]):
    from photoscan.metadata.embedded import READERS

    for name in (*READERS.values(), "quicktime"):  # loaded on first use otherwise, and then not instrumented
        import_module(f"photoscan.metadata.{name}")
    from tests.fuzz.test_fuzz_readers import check

from photoscan.formats import Format
from tests.fuzz.seeds import write_seeds

FORMATS = list(Format)


def one(data: bytes) -> None:
    """One execution."""
    if data:
        check(data[1:], FORMATS[data[0] % len(FORMATS)])


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    for folder in folders[:1]:
        write_seeds(folder, FORMATS)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
