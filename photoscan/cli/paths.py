"""From the arguments of a command to the photos meant: files as given, folders searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from photoscan.catalog import text
from photoscan.cli.language import spoken
from photoscan.folder import photos_in

STANDARD_INPUT = "-"


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
        for file in photos_in(path):
            found = True
            yield file
        if not found:
            click.echo(text("cli.no_photos", language or spoken(), path=argument), err=True)
