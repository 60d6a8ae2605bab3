"""The text readers that there are: one row each. Options, help, checks, reports and fingerprints follow from it.

A new reader is one module with a class that follows `photoscan.vision.reader.Reader`, and one row here.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from photoscan.errors import NotInstalledError, UsageError
from photoscan.patterns import pattern


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a reader before it is opened, so that nobody loads it to ask.

    `opens` is its class, as 'module:name'. `models` are the weight files that it runs (names of the manifest),
    `scripts` those that it reads (names of ISO 15924; empty where that depends on what its program was taught).
    It may need an extra of ours, which has the name of its package, or a program, which the system installs as
    `program_package`.
    """

    name: str
    opens: str
    models: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    extra: str | None = None
    program: str | None = None
    program_package: str | None = None

    def check(self) -> None:
        """Raise NotInstalledError, with what to do, where its package or program is not here."""
        if self.extra is not None and importlib.util.find_spec(self.extra) is None:
            raise NotInstalledError("problem.reader.extra", name=self.name, extra=self.extra)
        if self.program is not None and shutil.which(self.program) is None:
            package = self.program_package or self.program
            raise NotInstalledError("problem.reader.program", name=self.name, program=self.program, package=package)


_TABLE = {
    row.name: row
    for row in (
        Row(
            "ppocr",
            "photoscan.vision.ppocr:PpOcr",
            models=("text-detector", "text-recogniser"),
            scripts=("Latin", "Greek", "Han", "Kana"),
        ),
        Row(
            "easyocr",
            "photoscan.vision.easyocr_engine:EasyOcr",
            models=("easyocr-detector", "easyocr-recogniser"),
            scripts=("Latin",),
            extra="easyocr",
        ),
        Row(
            "tesseract",
            "photoscan.vision.tesseract_engine:Tesseract",
            program="tesseract",
            program_package="tesseract-ocr",
        ),
    )
}
READERS: Mapping[str, Row] = MappingProxyType(_TABLE)
"""By the name that a caller chooses them by; the first is the one that is taken where nothing is said."""
DEFAULT = next(iter(READERS))

TESSERACT = "tesseract"
LANGUAGE = pattern(r"[A-Za-z][A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)?")
"""As Tesseract names its files: 'ara', 'chi_sim_vert', 'script/Tamil'."""


def check_language_name(name: str) -> None:
    """Raise UsageError for what can't be the name of one of Tesseract's languages: it goes to a command line."""
    if not LANGUAGE.fullmatch(name):
        raise UsageError("problem.reader.language_name", word=name)
