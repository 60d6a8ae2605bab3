"""The root command: a table of commands, each loaded from its own module when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

import photoscan
from photoscan.cli import moving
from photoscan.cli.answer import ReaderGoneError, answered
from photoscan.cli.complaints import tell
from photoscan.cli.help import in_users_language, summary
from photoscan.cli.language import say, spoken
from photoscan.cli.stopping import STOPPED
from photoscan.errors import PhotoscanError

COMMANDS = {
    "scan": "Say what photos give away.",
    "clean": "Make copies that are safe to share.",
    "watch": "Clean what arrives in a folder.",
    "read": "Print the text that a machine can read in photos.",
    "batch": "Inspect thousands of photos, and continue where it stopped.",
    "batch-merge": "Make one file of what several computers wrote in a batch.",
    "people": "Add, list or remove people who asked to be recognised.",
    "models": "Install, list or verify the models.",
    "policy": "Show or check a policy.",
    "kinds": "List what is looked for, or explain one kind.",
    "integrate": "Write entries for file managers.",
    "completions": "Print what makes a shell complete photoscan's commands.",
    "man": "Print or write the pages for the program man.",
    "serve": "Check photos over HTTP before they are uploaded.",
    "workshop": "Open a page that shows a class what a photo gives away.",
}
"""Name and one-line help of each command; its code is `photoscan.cli.<name>:<name>`."""
_TWO_WORDS = {("batch", "merge"): "batch-merge"}
"""What people say for a command whose name has a hyphen. A source of that name is `./merge`."""
_PACKAGE = Path(photoscan.__file__).parent


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        own = cmd_name.replace("-", "_")
        command = getattr(import_module(f"photoscan.cli.{own}"), own)
        assert isinstance(command, click.Command)
        return in_users_language(command, f"help.{cmd_name}")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = _TWO_WORDS.get((args[0], args[1])) if len(args) > 1 else None
        return super().resolve_command(ctx, args if name is None else [name, *args[2:]])

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with answered():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with answered():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary(name, line)) for name, line in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(photoscan.__version__, prog_name="photoscan")
def root() -> None:
    """Before you share a photo, know what it gives away. Nothing leaves this computer."""


def main() -> None:
    """Run the command line; a known problem becomes one line on standard error and its own exit code."""
    try:
        if os.environ.get("_PHOTOSCAN_COMPLETE", "").startswith("powershell"):
            import_module("photoscan.cli.completions")  # brings the shell that click does not know
        # Outside standalone mode click gives back the code of ctx.exit, and whatever a command returns.
        code = in_users_language(root, "help.root").main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.Abort as error:
        moving.end()
        click.echo(say("cli.stopped"), err=True)
        # Click makes the same of Ctrl-C and of an end of input where a question was asked.
        sys.exit(STOPPED if isinstance(error.__context__, KeyboardInterrupt) else 2)
    except click.ClickException as error:
        moving.end()
        tell(error)
        sys.exit(2)
    except PhotoscanError as error:
        moving.end()
        click.echo(f"photoscan: {error.text(spoken())}", err=True)
        sys.exit(error.exit_code)
    except ReaderGoneError:
        # 0 and 1 would be answers, and this was not the whole one.
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - the message of an error nobody foresaw may quote what was read
        moving.end()
        click.echo(f"photoscan: {say('cli.crash', what=place(error))}", err=True)
        sys.exit(2)


def place(error: Exception) -> str:
    """Type of an error and where it happened, without its message: 'ValueError, cli/scan.py:84'."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if _PACKAGE in file.parents:
            place = f", {file.relative_to(_PACKAGE).as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"
