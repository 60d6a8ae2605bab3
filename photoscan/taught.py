"""The languages that Tesseract was taught on this machine."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache

from photoscan.errors import NotInstalledError
from photoscan.readers import LANGUAGE, READERS, TESSERACT

PATIENCE = 20
"""Seconds that a list of a few files may take."""


def check_languages(names: Sequence[str]) -> None:
    """Raise NotInstalledError, with what to do, where Tesseract or one of the languages is not installed."""
    if not names:
        return
    READERS[TESSERACT].check()
    known = languages()
    for name in names:
        if name not in known:
            package = f"tesseract-ocr-{name.rpartition('/')[2].lower().replace('_', '-')}"
            raise NotInstalledError("problem.reader.language", name=name, package=package, known=", ".join(known))


@cache
def languages() -> tuple[str, ...]:
    """Those that Tesseract was taught here, sorted; () where its program is not here or does not answer."""
    program = shutil.which(TESSERACT)
    if program is None:
        return ()
    try:
        done = subprocess.run([program, "--list-langs"], capture_output=True, timeout=PATIENCE, check=True)
    except (subprocess.SubprocessError, OSError):
        return ()
    rows = done.stdout.decode("utf-8", "replace").splitlines()
    return tuple(sorted(row for row in rows if LANGUAGE.fullmatch(row) and row != "osd"))
