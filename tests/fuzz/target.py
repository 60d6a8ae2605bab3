"""What the targets for atheris share: the first byte of an input tells the container, the rest is the file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import atheris

from photoscan.formats import Format
from tests.fuzz.seeds import write_seeds


def fuzz(check: Callable[[bytes, Format], None], formats: Sequence[Format]) -> None:
    """Run as the command line says; seeds are put into the first folder that is named."""
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    for folder in folders[:1]:
        write_seeds(folder, formats)
    atheris.Setup(sys.argv, lambda data: check(data[1:], formats[data[0] % len(formats)]) if data else None)
    atheris.Fuzz()
