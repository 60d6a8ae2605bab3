"""A target for atheris: python -m tests.fuzz.fuzz_strippers [CORPUS] [-runs=N]

As `fuzz_readers`, with every container that can be rebuilt: what comes out has to read as clean.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["photoscan.cleaning.strip"]):
    from photoscan.cleaning.strip import MODULES

    for name in MODULES.values():  # loaded on first use otherwise, and then not instrumented
        import_module(f"photoscan.cleaning.strip.{name}")
    from tests.fuzz.test_fuzz_strippers import FORMATS, check

from tests.fuzz.seeds import write_seeds


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
