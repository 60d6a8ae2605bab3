"""From the arguments of a command to the photos meant: files as given, folders searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from photoscan import sidecars
from photoscan.addresses import refuse_address
from photoscan.catalog import text
from photoscan.cli import moving
from photoscan.cli.language import spoken
from photoscan.escapes import on_one_line
from photoscan.folder import photos_in
from photoscan.ignoring import NOTHING, Ignored
from photoscan.passed import Passed

STANDARD_INPUT = "-"


class Local(click.Path):
    """A path on this computer: web addresses are refused by name."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; NotReadableError for a web address."""
        refuse_address(value)
        return super().convert(value, param, ctx)


def photos(
    arguments: Sequence[str],
    language: str | None = None,
    ignored: Ignored = NOTHING,
    passed: Passed | None = None,
) -> Iterator[str]:
    """Each photo's path, '-' for standard input; in folders, at any depth, whatever is named or looks like a photo.

    A file named as an argument is always given back, whatever it is: it may not be passed over in silence.
    In folders, what is `ignored` is. `passed` takes in what lies there and is no photo.
    """
    for argument in arguments:
        path = Path(argument)
        if argument == STANDARD_INPUT or not path.is_dir():
            if passed is not None and argument != STANDARD_INPUT:
                passed.add_sidecars(one.path.name for one in sidecars.beside(path))
            yield argument
            continue
        found = False
        for file in photos_in(path, ignored, passed):
            found = True
            yield file
        if not found:
            aside(text("cli.no_photos", language or spoken(), path=argument))


def searched(arguments: Sequence[str], language: str, ignored: Ignored, apart: bool = True) -> tuple[list[str], Passed]:
    """All that `photos` gives, and what it passes over. `apart`: files that belong to photos are read with these."""
    passed = Passed(apart)
    return list(photos(arguments, language, ignored, passed)), passed


def identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of what lies at a path, behind any links; None where there is nothing."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def identities(found: Iterable[str]) -> set[tuple[int, int]]:
    """The identity of each photo that `photos` gave."""
    return {own for path in found if path != STANDARD_INPUT and (own := identity(Path(path)))}


def aside(said: str) -> None:
    """Say something on standard error beside the answer, where the line that moves may be."""
    with moving.cleared():
        click.echo(said, err=True)


def tell_passed(passed: Passed, language: str, verbose: bool | None = False) -> None:
    """Say on standard error what was passed over in folders; nothing where nothing was."""
    for line in passed.lines(language, verbose):
        aside(line)


def tell_left(passed: Passed | None, language: str, verbose: bool | None = False) -> None:
    """Say on standard error of what there is no copy: what was passed over, and the files about the photos."""
    if passed is None:
        return
    if passed.sidecars:
        ends = ", ".join(sorted(passed.ends))
        aside(text("cli.clean.sidecars", language, count=passed.sidecars, ends=on_one_line(ends)))
    tell_passed(passed, language, verbose)


def answer(said: str, end: str = "\n") -> None:
    """Say something on standard output, which may be the terminal where the line that moves is."""
    with moving.cleared():
        click.echo(f"{said}{end}", nl=False)


def complain(path: str, message: str) -> None:
    """Say on standard error what went wrong with a photo, which the message may name already."""
    named = on_one_line(path)
    aside(f"photoscan: {message if named in message else f'{named}: {message}'}")
