"""Options that lift the limits on one photo, written as people write amounts: 400MiB, 64MP."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from photoscan import amounts
from photoscan.options import Limits

if TYPE_CHECKING:
    _Whole = click.ParamType[int]
else:
    _Whole = click.ParamType  # older versions of click take no argument here


class Amount(_Whole):
    """A whole number of at least one, which may be written with a unit."""

    def __init__(self, name: str, example: str, read: Callable[[str], int | None]) -> None:
        self.name, self.example, self.read = name, example, read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; click.BadParameter for what is none."""
        found = self.read(str(value))
        if found is None:
            self.fail(f"{value!r} is no amount", param, ctx)
        return found


BYTES = Amount("bytes", "400MiB", amounts.bytes_of)
PIXELS = Amount("pixels", "64MP", amounts.pixels_of)
_COUNT = Amount("count", "5000", amounts.count_of)
_USUAL = Limits()


_OPTIONS = (
    click.option(
        "--max-bytes",
        type=BYTES,
        default=_USUAL.max_bytes,
        show_default=amounts.in_bytes(_USUAL.max_bytes),
        help="Refuse larger files.",
    ),
    click.option(
        "--max-pixels",
        type=PIXELS,
        default=_USUAL.max_pixels,
        show_default=amounts.in_pixels(_USUAL.max_pixels),
        help="Refuse larger pictures.",
    ),
    click.option(
        "--max-frames",
        type=_COUNT,
        default=_USUAL.max_frames,
        show_default=True,
        help="Refuse files with more frames or pages.",
    ),
)


def limiting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options, which `taken` reads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def taken(choices: dict[str, Any]) -> Limits:
    """The limits that a command was given, out of its other choices."""
    return Limits(**{name: choices.pop(name) for name in ("max_bytes", "max_pixels", "max_frames")}, by_options=True)
