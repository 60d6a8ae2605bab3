"""Options that say where a batch's photos are looked at: on this computer, or on the machines of a cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click
from click.core import ParameterSource

from photoscan.errors import UsageError

LOCAL, RAY = "local", "ray"

_OPTIONS = (
    click.option(
        "--executor",
        type=click.Choice((LOCAL, RAY)),
        default=LOCAL,
        show_default=True,
        help="Where photos are inspected: local, or on a cluster of Ray.",
    ),
    click.option(
        "--address",
        envvar="RAY_ADDRESS",
        help="Address of Ray (auto, host:port); without it Ray is started on this computer.",
    ),
)


@dataclass(frozen=True, slots=True)
class Spread:
    """What runs a batch's jobs, and the address of its cluster; None for one of our own."""

    executor: str
    address: str | None


def spreading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def spread(choices: dict[str, Any]) -> Spread:
    """What was chosen, taken out of a command's options; UsageError for an address of nothing."""
    found = Spread(choices.pop("executor"), choices.pop("address") or None)
    given = click.get_current_context().get_parameter_source("address")
    # The variable may be there for other programs.
    if found.executor == LOCAL and given is ParameterSource.COMMANDLINE:
        raise UsageError("problem.ray.address_alone")
    return found
