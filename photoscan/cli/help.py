"""Help in the user's language: keys `help.<command>` and `help.<command>.<option>` of the catalogues."""

from __future__ import annotations

from collections.abc import Iterable

import click

from photoscan.catalog import has
from photoscan.cli.language import say


def summary(command: str, default: str) -> str:
    """The one-line help of a command."""
    key = f"help.{command}.summary"
    return say(key) if has(key) else default


class _Formatter(click.HelpFormatter):
    """Click's page in the user's language: the words that click itself puts there are given ours."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{say('help.usage')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading({"Options": say("help.options"), "Commands": say("help.commands")}.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(first, ours(second)) for first, second in rows], col_max, col_spacing)


def ours(line: str) -> str:
    """What click says of an option, with its own words replaced by the catalogue's."""
    whole = {"Show this message and exit.": "help.help", "Show the version and exit.": "help.version"}
    if line in whole:
        return say(whole[line])
    help_, bracket, extra = line.rpartition("  [")
    if not bracket:
        return line
    for word in ("default", "required"):
        extra = extra.replace(word, say(f"help.{word}"), 1)
    return f"{help_}{bracket}{extra}"


class _Context(click.Context):
    formatter_class = _Formatter


def in_users_language(command: click.Command, key: str) -> click.Command:
    """The command with its help, that of its options and of its own commands taken from the catalogue where it is."""
    command.context_class = _Context
    if has(key):
        command.help = say(key)
    for parameter in command.params:
        name = f"{key}.{(parameter.name or '').rstrip('_')}"
        if isinstance(parameter, click.Option) and has(name):
            parameter.help = say(name)
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            in_users_language(inner, f"{key}.{name}")
    return command
