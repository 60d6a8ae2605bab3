"""The option --jobs: how many photos are looked at at the same time, by default as many as this computer bears."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from photoscan.catalog import text
from photoscan.files import is_special
from photoscan.kind import only_in_file

if TYPE_CHECKING:
    from photoscan.options import ScanOptions
    from photoscan.workers.sizing import Sized

AUTO = "auto"
VARIABLE = "PHOTOSCAN_JOBS"
HELP = "Photos inspected at the same time; auto: as many as this computer can take."


class Count(click.IntRange):
    """A whole number, or 'auto', which is 0: as many as this computer bears."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; click.BadParameter for one out of range."""
        return 0 if value == AUTO else super().convert(value, param, ctx)


jobs = click.option(
    "--jobs",
    type=Count(1, 64),
    default=AUTO,
    show_default=True,
    metavar="N",
    envvar=VARIABLE,
    help=HELP,
)


def size(jobs: int, photos: Sequence[str], options: ScanOptions, cheap: bool = False) -> Sized | None:
    """How many processes for these photos; None where one, this one, is enough, or has to be: a pipe can be read once.

    `jobs`: as the option gives it. `cheap`: no picture is looked at, which may follow from the options as well.
    """
    if jobs == 1 or len(photos) <= 1 or any(is_special(Path(path)) for path in photos):
        return None
    from photoscan.workers.sizing import sized

    cheap = cheap or only_in_file(options.only)
    found = sized(len(photos), options.profile, asked=jobs or None, cheap=cheap)
    return found if found.count > 1 else None


def told(found: Sized | None, language: str) -> str:
    """How many photos at a time, and why not more, in a sentence."""
    if found is None:
        return text("cli.jobs.alone", language)
    return text(f"cli.jobs.{found.why}", language, count=found.count)
