"""`photoscan workshop --handouts`: what is printed for a lesson, written into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from photoscan.catalog import system_language, text
from photoscan.cli import moving
from photoscan.cli.paths import Local, answer, aside
from photoscan.columns import cut
from photoscan.errors import UsageError
from photoscan.escapes import visible

_OPTIONS = (
    click.option(
        "--handouts",
        type=Local(file_okay=False, path_type=Path),
        help="Write all that is printed for a lesson into this folder, in all languages or in that of --lang.",
    ),
    click.option(
        "--names",
        type=Local(dir_okay=False, path_type=Path),
        help="With --handouts: a file with a name on each line, for certificates.",
    ),
    click.option("--no-pdf", is_flag=True, help="With --handouts: pages of HTML alone."),
    click.option("--overwrite", is_flag=True, help="With --handouts: replace files that are already there."),
)
OF_HANDOUTS = ("names", "no_pdf", "overwrite")
"""Options that mean nothing without --handouts."""


def handout_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of handouts."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def written(folder: Path | None, lang: str | None, given: dict[str, Any]) -> bool:
    """Whether handouts were asked for; if so, they are written, and it was told where.

    `given`: the values of the other options by their names. UsageError where these came without --handouts.
    """
    if folder is None:
        if any(given.values()):
            raise UsageError("problem.handouts.alone")
        return False
    from photoscan.handouts import names, writing

    language = lang or system_language()
    wanted = writing.chosen(lang)
    listed = names.names(given["names"]) if given["names"] else ()
    progress = {"done": 0, "total": 0}

    def told(done: int, total: int) -> None:
        progress.update(done=done, total=total)

    moving.begin(lambda width: cut(text("cli.handouts.writing", language, **progress), width))
    try:
        rows = writing.write(folder, wanted, listed, not given["no_pdf"], given["overwrite"], told)
    finally:
        moving.end()
    for row in rows:
        answer(text("cli.handouts.written", row.language, count=row.count, path=visible(str(row.index))))
    if lang is not None and lang not in wanted:
        aside(text("cli.handouts.english", language))
    if rows[0].left_free:
        aside(text("cli.handouts.left_free", language, count=rows[0].left_free))
    return True
