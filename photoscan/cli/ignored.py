"""What a command passes over in folders: `--exclude`, the project's settings, and a file `.photoscanignore`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from photoscan.catalog import text
from photoscan.cli.above import nearest
from photoscan.cli.paths import aside
from photoscan.cli.project import used
from photoscan.errors import NotReadableError, reason
from photoscan.ignoring import Ignored, Patterns

NAME = ".photoscanignore"

excluding = click.option(
    "--exclude", multiple=True, metavar="PATTERN", help="Pass over this in folders, as a .gitignore would name it."
)


def passed_over(exclude: Sequence[str], arguments: Sequence[str], language: str) -> Ignored:
    """What the option, the project's settings and the nearest file say. The file is told of on standard error when a
    folder is searched.

    Raises UsageError for a pattern that can't be read, NotReadableError for such a file.
    """
    below, project = Patterns.of(exclude), used()
    rows = () if project is None else ((project.project.file.parent, Patterns.of(project.patterns)),)
    file = nearest(NAME) if any(Path(argument).is_dir() for argument in arguments) else None
    if file is None:
        return Ignored(below, rows)
    try:
        patterns = Patterns.of(file.read_text("utf-8-sig").splitlines())
    except (OSError, ValueError) as error:
        raise NotReadableError("problem.unreadable", path=file, why=reason(error)) from None
    aside(f"photoscan: {text('cli.ignored', language, path=file)}")
    return Ignored(below, (*rows, (file.parent, patterns)))
