"""The command line's reference, from the commands themselves: no option can be forgotten or outlive its removal."""

from __future__ import annotations

from collections.abc import Iterator

import click

from photoscan.cli.help import in_users_language
from photoscan.cli.pages import EXAMPLES
from photoscan.cli.root import COMMANDS, root


def pages() -> dict[str, str]:
    """The Markdown of each page by its path below `docs/`: one a command of the first level, and their table."""
    context = click.Context(in_users_language(root, "help.root"), info_name="photoscan")
    made = {}
    rows = []
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        made[f"commands/{name}.md"] = "\n".join(_told(command, click.Context(command, context, name), 1))
        rows.append(f"| [`photoscan {name}`]({name}.md) | {command.get_short_help_str(200)} |")
    tree = "\n".join(COMMANDS)
    made["commands/index.md"] = "\n".join(
        [
            "# Command line",
            "",
            "Generated from the program: what `photoscan COMMAND --help` says.",
            "",
            "| command | |",
            "| --- | --- |",
            *rows,
            "",
            f"```{{toctree}}\n:hidden:\n\n{tree}\n```",
            "",
        ]
    )
    return made


def _told(command: click.Command, context: click.Context, depth: int) -> Iterator[str]:
    """One command and all below it, as lines of Markdown."""
    yield f"{'#' * depth} {context.command_path}"
    yield ""
    yield (command.help or "").strip()
    yield ""
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"```console\n$ {usage}\n```"
    yield ""
    if examples := EXAMPLES.get(command.name or "") if depth == 1 else None:
        yield "\n".join(["```console", *(f"$ photoscan {example}" for example in examples), "```"])
        yield ""
    options = [p for p in command.get_params(context) if isinstance(p, click.Option) and not p.hidden]
    if options:
        yield "| option | |"
        yield "| --- | --- |"
        yield from (_row(option, context) for option in options)
        yield ""
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _told(inner, click.Context(inner, context, name), depth + 1)


def _row(option: click.Option, context: click.Context) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    takes = "" if option.is_flag or option.count else f" `{option.make_metavar(context)}`"
    said = [(option.help or "").strip()]
    if option.show_default and option.default is not None and not option.is_flag:
        said.append(f"By default `{option.default}`.")
    if option.required:
        said.append("Required.")
    if isinstance(option.type, click.IntRange):
        said.append(f"From {option.type.min} to {option.type.max}.")
    if option.multiple:
        said.append("May be repeated.")
    return "| " + _cell(names + takes) + " | " + _cell(" ".join(filter(None, said))) + " |"


def _cell(text: str) -> str:
    """A text inside a table: bars would end the cell, and line breaks the row."""
    return " ".join(text.split()).replace("|", "\\|")
