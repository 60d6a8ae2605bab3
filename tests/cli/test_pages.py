"""Help in groups, with examples that can be typed as they stand."""

from __future__ import annotations

import shlex

import click
import pytest

from photoscan.cli.help import in_users_language
from photoscan.cli.pages import EXAMPLES, GROUPS, group
from photoscan.cli.root import root

COMMANDS = sorted(EXAMPLES)


def command(name: str) -> click.Command:
    found = root.get_command(click.Context(root), name)
    assert found is not None
    return found


def test_every_named_option_is_one_of_some_command() -> None:
    known = {parameter.name for name in COMMANDS for parameter in command(name).params}
    assert [name for names in GROUPS.values() for name in names if name not in known] == []
    assert group("nothing_of_the_kind") == "more"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_every_option_once_and_three_examples(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    context = click.Context(in_users_language(command(name), f"help.{name}"), info_name=name)
    page = command(name).get_help(context)
    first = [line.strip().partition("  ")[0] for line in page.splitlines() if line.startswith("  -")]
    names = [word for column in first for word in column.replace(",", " ").replace("/", " ").split()]
    options = [p for p in command(name).params if isinstance(p, click.Option)]
    assert [option.opts for option in options if names.count(option.opts[-1]) != 1] == []
    shown = [line.strip() for line in page.splitlines() if line.strip().startswith("photoscan ")]
    assert shown == [f"photoscan {example}" for example in EXAMPLES[name]]
    assert len(shown) == 3


@pytest.mark.parametrize("example", [example for rows in EXAMPLES.values() for example in rows])
def test_examples_are_understood(example: str) -> None:
    name, found, arguments = root.resolve_command(click.Context(root), shlex.split(example))
    assert found is not None
    found.make_context(name, arguments)
