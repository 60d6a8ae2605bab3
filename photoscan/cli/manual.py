"""Pages for `man`, made of the same texts as help: troff with the macros of man(7), one page a command."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import click

import photoscan
from photoscan.cli.help import ours, summary
from photoscan.cli.language import say
from photoscan.cli.pages import EXAMPLES, GROUPS, group
from photoscan.cli.root import COMMANDS, root
from photoscan.columns import columns

_ESCAPES = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti", '"': "\\(dq"}
"""groff_char(7): what would become a typographer's sign, or be taken for an escape."""
_BREAK = "\\:"


def page(command: click.Command, name: str, short: str) -> str:
    """The page of a command that is in the user's language. `name`: its words, 'photoscan scan'; `short`: its line in
    the list of commands.
    """
    context = click.Context(command, info_name=name)
    title = name.replace(" ", "-")
    lines = [
        f'.TH "{words(title.upper())}" 1 "" "photoscan {words(photoscan.__version__)}"',
        *_section("man.name", [f"{words(title)} \\- {words(short.rstrip('.'))}"]),
        *_section("man.synopsis", [f".B {words(name)}", words(_usage(command, context))]),
        *_section("man.description", list(_prose(command.help or ""))),
        *_section("help.options", list(_options(command, context))),
    ]
    if isinstance(command, click.Group):
        lines += _section("help.commands", list(_commands(command, context)))
    examples = [f"photoscan {words(row)}" for row in EXAMPLES.get(name.partition(" ")[2], ())]
    lines += _section("help.examples", [".nf", *examples, ".fi"] if examples else [])
    lines += _section("man.see", [".BR photoscan (1)"] if " " in name else [])
    if any(_BREAK in line for line in lines):
        lines.insert(1, ".ad l")  # without spaces there is nothing to stretch
    return "\n".join(lines) + "\n"


def words(text: str) -> str:
    """A line of text as it stands: nothing in it is a request or an escape."""
    plain = " ".join(text.split())
    escaped = "".join(_ESCAPES.get(c, c) + _break(plain[at : at + 2]) for at, c in enumerate(plain))
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


def _break(pair: str) -> str:
    """Where a line may end between two characters of a script without spaces; groff(7) needs to be told."""
    if len(pair) < 2 or " " in pair or columns(pair[0]) < 2:
        return ""
    closes = unicodedata.category(pair[1]) in ("Pe", "Pf", "Po")
    opens = unicodedata.category(pair[0]) in ("Ps", "Pi")
    return "" if opens or closes else _BREAK


def _section(heading: str, lines: list[str]) -> list[str]:
    return [f'.SH "{words(say(heading).rstrip(":").upper())}"', *lines] if lines else []


def _usage(command: click.Command, context: click.Context) -> str:
    return " ".join(command.collect_usage_pieces(context))


def _prose(text: str) -> Iterator[str]:
    """Paragraphs, of which the first has no sign before it."""
    for number, part in enumerate(part for part in re.split(r"\n\s*\n", text.replace("\b", "")) if part.strip()):
        if number:
            yield ".PP"
        yield words(part)


def _options(command: click.Command, context: click.Context, inside: bool = False) -> Iterator[str]:
    """Each option with its words, below the headings that help gives them; `inside` of another list without headings,
    and without the one for help.
    """
    rows: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and isinstance(parameter, click.Option) and not (inside and parameter.name == "help"):
            rows.setdefault(group(parameter.name or ""), []).append(record)
    for name in (*GROUPS, "more"):
        if name in rows and len(rows) > 1 and not inside:
            yield f'.SS "{words(say(f"help.group.{name}"))}"'
        for first, second in rows.get(name, ()):
            yield from (".TP", f".B {words(first)}", words(ours(second)) or "\\&")


def _commands(command: click.Group, context: click.Context) -> Iterator[str]:
    """The commands of a group, with their options; those that have pages of their own by their line alone."""
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is None:
            continue
        own = command is root
        inner = click.Context(found, info_name=name, parent=context)
        line = summary(name, COMMANDS[name]) if own else found.help or ""
        yield from (".TP", f".B {words(name if own else f'{name} {_usage(found, inner)}')}", words(line) or "\\&")
        if not own and (options := list(_options(found, inner, inside=True))):
            yield from (".RS", *options, ".RE")
