"""`photoscan completions`: what makes a shell complete commands, options and their values."""

from __future__ import annotations

import os

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

from photoscan.cli.pages import Paged
from photoscan.cli.root import root

_VARIABLE = "_PHOTOSCAN_COMPLETE"
"""Where click looks for what a shell asks: derived from the program's name."""
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $line, $position)
    $env:COMP_WORDS = $line.ToString().Substring(0, [Math]::Min($position, $line.ToString().Length))
    $env:COMP_INCOMPLETE = $word
    $env:%(complete_var)s = "powershell_complete"
    try {
        %(prog_name)s | ForEach-Object {
            $value, $help = $_ -split "`t", 2
            if (-not $help) { $help = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
        }
    } finally {
        Remove-Item Env:COMP_WORDS, Env:COMP_INCOMPLETE, Env:%(complete_var)s -ErrorAction SilentlyContinue
    }
}
"""


@add_completion_class
class PowerShell(ShellComplete):
    """The protocol by which the script above asks: the line so far and its last word, answered by value and help.

    For paths nothing is answered, so that PowerShell completes them by itself.
    """

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is completed, and that one."""
        incomplete = os.environ.get("COMP_INCOMPLETE", "")
        words = split_arg_string(os.environ.get("COMP_WORDS", ""))[1:]
        if incomplete and words and words[-1] == incomplete:
            words.pop()
        return words, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """Value and help on one line."""
        help_ = " ".join((item.help or "").split())
        return f"{item.value}\t{help_}"

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """What can be offered: no marks for files and folders."""
        return [item for item in super().get_completions(args, incomplete) if item.type == "plain"]


@click.command(cls=Paged)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish", "powershell")))
def completions(shell: str) -> None:
    """Print the script with which SHELL completes commands, options and values."""
    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(root, {}, "photoscan", _VARIABLE).source(), nl=False)
