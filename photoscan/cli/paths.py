"""From the arguments of a command to the photos meant: files as given, folders searched."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from photoscan.catalog import text
from photoscan.cli.language import spoken
from photoscan.formats import HEAD, detect

STANDARD_INPUT = "-"
SUFFIXES = frozenset(
    [
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".apng",
        ".webp",
        ".gif",
        ".tif",
        ".tiff",
        ".bmp",
        ".heic",
        ".heif",
        ".hif",
        ".avif",
        ".jxl",
        ".jp2",
        ".svg",
    ]
)
"""Files so named count as photos in a folder even when their content says otherwise: then the report says so."""


def photos(arguments: Sequence[str], language: str | None = None) -> Iterator[str]:
    """Each photo's path, '-' for standard input; in folders, at any depth, whatever is named or looks like a photo.

    A file named as an argument is always given back, whatever it is: it may not be passed over in silence.
    """
    for argument in arguments:
        path = Path(argument)
        if argument == STANDARD_INPUT or not path.is_dir():
            yield argument
            continue
        found = False
        for file in _files(path):
            if file.suffix.lower() in SUFFIXES or _looks_like_photo(file):
                found = True
                yield str(file)
        if not found:
            click.echo(text("cli.no_photos", language or spoken(), path=argument), err=True)


def _files(folder: Path) -> Iterator[Path]:
    for base, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(base) / name for name in sorted(files))


def _looks_like_photo(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return detect(stream.read(HEAD)) is not None
    except OSError:
        return False
