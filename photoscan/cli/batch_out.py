"""The options that say where and how `photoscan batch` writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from photoscan.cli.paths import Local

MOST_ROWS = 100_000
"""Of a part, which is held in memory until it is written."""


class Where(Local):
    """A folder, or the address of an object store; any other web address is refused by name."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A path, or the address as a text."""
        from photoscan.batch.store import is_store

        return value if is_store(str(value)) else super().convert(value, param, ctx)


def writing(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say where and how reports are written."""
    for option in reversed(
        (
            click.option(
                "--out", required=True, type=Where(), metavar="WHERE", help="Folder or object store for the reports."
            ),
            click.option("--parquet", is_flag=True, help="Write a table for data tools as well (needs pyarrow)."),
            click.option(
                "--parts",
                type=click.IntRange(1, MOST_ROWS),
                metavar="N",
                help="Write reports in parts of N as they come; in an object store 1000 by default.",
            ),
            click.option(
                "--sink", multiple=True, metavar="NAME=ADDRESS", help="Hand each part to an installed sink as well."
            ),
        )
    ):
        command = option(command)
    return command
