"""Options that several commands have alike: how to look at photos."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from photoscan.cli.paths import Local
from photoscan.engines import AUTO, CHOICES, VARIABLE
from photoscan.errors import UsageError
from photoscan.kind import Kind
from photoscan.options import FACE_BACKENDS, PROFILES
from photoscan.readers import DEFAULT, READERS

if TYPE_CHECKING:
    from photoscan.outside.chosen import Chosen

    _Named = click.ParamType[str]
    _Choice = click.Choice[str]
else:
    _Named, _Choice = click.ParamType, click.Choice  # older versions of click take no argument here

LEVELS = ("low", "medium", "high", "critical")
"""Levels of risk that --fail-on takes, the least first."""


def kinds(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds, or languages, given by repeating the option, or separated by commas."""
    return tuple(kind.strip() for part in value for kind in part.split(",") if kind.strip())


class OneKind(_Named):
    """A whole kind by its name, also one that an installed package brings: kinds are counted when a value is given."""

    name = "kind"

    @property
    def choices(self) -> tuple[str, ...]:
        """The names of all kinds."""
        from_outside(no_plugins=False)
        return tuple(kind.value for kind in Kind)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as it is; click.BadParameter for one that no kind has."""
        if value not in self.choices:
            self.fail(f"{value!r} is no kind", param, ctx)
        return value


class _Engine(_Choice):
    """What runs the networks. Elsewhere the word names what spreads jobs over machines: who says so is told."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name; UsageError for a cluster's."""
        if value == "ray":
            raise UsageError("problem.ray.engine")
        return str(super().convert(value, param, ctx))


engine = click.option(
    "--engine",
    type=_Engine(CHOICES),
    default=AUTO,
    envvar=VARIABLE,
    show_default=True,
    help="What runs the models.",
)

languages = click.option(
    "--ocr-languages",
    multiple=True,
    callback=kinds,
    metavar="LANGUAGES",
    help="Languages of Tesseract that read what is left unread (ara,tam,tha).",
)

_LOOKING = (
    click.option(
        "--only", multiple=True, callback=kinds, metavar="KINDS", help="Look for these kinds only (metadata, ...)."
    ),
    click.option("--skip", multiple=True, callback=kinds, metavar="KINDS", help="Do not look for these kinds."),
    click.option("--profile", type=click.Choice(PROFILES), default="balanced", show_default=True),
    click.option("--ocr", type=click.Choice(tuple(READERS)), default=DEFAULT, show_default=True),
    languages,
    click.option("--face-backend", type=click.Choice(FACE_BACKENDS), default="centerface", show_default=True),
    engine,
    click.option("--people", type=Local(dir_okay=False, path_type=Path), help="Recognise the people in this file."),
    click.option(
        "--sidecars/--no-sidecars",
        default=True,
        show_default=True,
        help="Also read the files beside a photo that tell about it (.xmp, .json, .aae, ...).",
    ),
    click.option("--nudity", is_flag=True, help="Also look for explicit nudity, with a model of its own."),
)

plugins = click.option("--no-plugins", is_flag=True, help="Use no detectors from other packages.")


def from_outside(no_plugins: bool) -> Chosen:
    """The detectors from outside that a command uses, loaded: policies and options may name their kinds."""
    from photoscan.outside.chosen import Chosen

    chosen = Chosen(() if no_plugins else None)
    chosen.detectors()
    return chosen


def looking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a scan, by the names of `ScanOptions`' fields."""
    for option in reversed(_LOOKING):
        command = option(command)
    return command
