"""A target for atheris: python -m tests.fuzz.fuzz_readers [CORPUS] [-runs=N]

Mutations are guided by the coverage of photoscan.metadata.
Run with -rss_limit_mb=200 -timeout=5 to find what is too large or too slow.
"""

from __future__ import annotations

from importlib import import_module

import atheris

with atheris.instrument_imports(include=["photoscan.metadata"]):
    from photoscan.formats import Format

    for name in (
        *(f.row.metadata for f in Format),
        "quicktime",
    ):  # loaded on first use otherwise, and then not instrumented
        import_module(f"photoscan.metadata.{name}")
    from tests.fuzz.test_fuzz_readers import check

from photoscan.formats import Format
from tests.fuzz.target import fuzz

if __name__ == "__main__":
    fuzz(check, list(Format))
