"""Help in the user's language: keys `help.<command>` and `help.<command>.<option>` of the catalogues."""

from __future__ import annotations

import click

from photoscan.catalog import has, system_language, text


def summary(command: str, default: str) -> str:
    """The one-line help of a command."""
    key = f"help.{command}.summary"
    return text(key, system_language()) if has(key) else default


def in_users_language(command: click.Command, key: str) -> click.Command:
    """The command with its help, that of its options and of its own commands taken from the catalogue where it is."""
    language = system_language()
    if has(key):
        command.help = text(key, language)
    for parameter in command.params:
        name = f"{key}.{parameter.name}"
        if isinstance(parameter, click.Option) and has(name):
            parameter.help = text(name, language)
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            in_users_language(inner, f"{key}.{name}")
    return command
