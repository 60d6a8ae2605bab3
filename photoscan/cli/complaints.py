"""What is wrong with a command line, in the user's language: click's own words stay out of it."""

from __future__ import annotations

from collections.abc import Iterable

import click

from photoscan.cli.language import say, spoken
from photoscan.given import nearest
from photoscan.patterns import pattern

_HELP: type[click.ClickException] | tuple[()] = getattr(click.exceptions, "NoArgsIsHelpError", ())
"""What click 8.2 and later raise for a command that was given nothing: the help, which is in the user's language."""


def tell(error: click.ClickException) -> None:
    """Usage, where help is to be had, and what is wrong, on standard error."""
    if isinstance(error, _HELP):
        click.echo(error.format_message(), err=True)
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        click.echo(context.get_usage(), err=True)
        click.echo(say("usage.try", command=f"{context.command_path} --help"), err=True)
    click.echo(f"photoscan: {_message(error)}", err=True)


def _message(error: click.ClickException) -> str:
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return say(f"usage.missing.{error.param.param_type_name}", name=_name(error.param))
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _bad(error, error.param)
    if isinstance(error, click.NoSuchOption):
        return say("usage.option", name=error.option_name, close=_close(error.possibilities))
    if isinstance(error, click.BadOptionUsage):
        flag = error.option_name in _flags(error.ctx)
        return say("usage.no_value" if flag else "usage.value", name=error.option_name)
    if isinstance(error, click.UsageError) and error.ctx is not None and isinstance(error.ctx.command, click.Group):
        known = error.ctx.command.list_commands(error.ctx)
        return say("usage.command", known=", ".join(known), close=_nearest(error, known))
    return error.format_message()


def _bad(error: click.BadParameter, parameter: click.Parameter) -> str:
    """A value that is not of its type: the types that photoscan's commands have."""
    name, kind = _name(parameter), parameter.type
    # click's own type and those of photoscan's commands, whose module only some commands need.
    if (choices := getattr(kind, "choices", None)) is not None:
        known = tuple(map(str, choices))
        return say("usage.choice", name=name, known=", ".join(known), close=_nearest(error, known))
    if (example := getattr(kind, "example", None)) is not None:
        return say("usage.amount", name=name, example=example)
    if isinstance(kind, click.IntRange):
        return say("usage.range", name=name, low=kind.min, high=kind.max)
    if isinstance(kind, click.Path):
        return say("usage.file", name=name)
    if isinstance(kind, click.types.IntParamType):
        return say("usage.number", name=name)
    return say("usage.bad", name=name, what=error.message)


def _name(parameter: click.Parameter) -> str:
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name.upper()


_QUOTED = pattern(r"'((?:[^'\\]|\\.)*)'")
"""The word that was wrong, as click quotes it: not all versions keep it beside their message."""


def _nearest(error: click.UsageError, known: Iterable[str]) -> str:
    quoted = _QUOTED.search(error.message)
    close = nearest(quoted[1], known) if quoted else ""
    return close if isinstance(close, str) else close.text(spoken())


def _close(possibilities: list[str] | None) -> str:
    return say("usage.nearest", words=", ".join(sorted(possibilities))) if possibilities else ""


def _flags(context: click.Context | None) -> set[str]:
    parameters = context.command.params if context is not None else []
    return {
        name for p in parameters if isinstance(p, click.Option) and p.is_flag for name in (*p.opts, *p.secondary_opts)
    }
