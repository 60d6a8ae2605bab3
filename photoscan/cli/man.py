"""`photoscan man`: pages for `man`, in the user's language."""

from __future__ import annotations

from pathlib import Path

import click

from photoscan.catalog import LANGUAGES, text
from photoscan.cli.help import in_users_language, summary
from photoscan.cli.language import say, spoken
from photoscan.cli.manual import page
from photoscan.cli.pages import Paged
from photoscan.cli.paths import Local
from photoscan.cli.root import COMMANDS, root
from photoscan.errors import NotReadableError, reason
from photoscan.files import write_atomically


@click.command(cls=Paged)
@click.argument("command", required=False, type=click.Choice(tuple(COMMANDS)))
@click.option(
    "-o", "--output", type=Local(file_okay=False, path_type=Path), help="Folder into which all pages are written."
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; by default your system's.")
def man(command: str | None, output: Path | None, lang: str | None) -> None:
    """Print the page of COMMAND for the program man, without it that of photoscan itself; with -o write all of them."""
    if output is None:
        click.echo(_page(command), nl=False)
        return
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotReadableError("problem.unmakeable", path=output, why=reason(error)) from None
    for name in (None, *COMMANDS):
        file = output / f"{'photoscan' if name is None else f'photoscan-{name}'}.1"
        write_atomically(file, _page(name).encode())
    click.echo(text("cli.man.written", lang or spoken(), path=output))


def _page(name: str | None) -> str:
    if name is None:
        return page(in_users_language(root, "help.root"), "photoscan", say("help.root"))
    found = root.get_command(click.Context(root), name)
    assert found is not None
    return page(found, f"photoscan {name}", summary(name, COMMANDS[name]))
