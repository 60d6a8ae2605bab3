"""A target for atheris: python -m tests.fuzz.fuzz_strippers [CORPUS] [-runs=N]

As `fuzz_readers`, with every container that can be rebuilt: what comes out has to read as clean.
"""

from __future__ import annotations

from importlib import import_module

import atheris

with atheris.instrument_imports(include=["photoscan.stripping"]):
    from photoscan.formats import Format

    for format_ in Format:  # loaded on first use otherwise, and then not instrumented
        if format_.strippable:
            import_module(f"photoscan.stripping.{format_.row.stripper}")
    from tests.fuzz.test_fuzz_strippers import FORMATS, check

from tests.fuzz.target import fuzz

if __name__ == "__main__":
    fuzz(check, FORMATS)
