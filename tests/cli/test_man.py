"""Pages for `man`: every command and option is in them, and nothing in their texts is taken for troff."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.catalog import LANGUAGES
from photoscan.cli.manual import words
from photoscan.cli.pages import EXAMPLES
from photoscan.cli.root import COMMANDS, root
from tests.cli.conftest import Said

MACROS = {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".BR", ".RS", ".RE", ".nf", ".fi", ".ad"}
MEANT = {
    "\\e": "\\", "\\-": "-", "\\(aq": "'", "\\(ga": "`", "\\(ha": "^", "\\(ti": "~", "\\(dq": '"', "\\&": "", "\\:": "",
}  # fmt: skip


def plain(line: str) -> str:
    """What a formatter makes of a line of text, by groff_char(7); an escape that is not known fails."""
    return re.sub(r"\\(?:\(..|.)", lambda m: MEANT[m[0]], line)


@given(st.text())
def test_a_text_is_shown_as_it_stands(text: str) -> None:
    line = words(text)
    assert plain(line) == " ".join(text.split())
    assert not line.startswith((".", "'"))
    assert '"' not in line


def requests(page: str) -> set[str]:
    return {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))}


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_a_page_holds_all_of_its_command(name: str, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    code, page, _ = said("man", *name.split())
    assert code == 0
    assert requests(page) <= MACROS
    shown = plain(page)
    context = click.Context(root)
    command = root.get_command(context, name) if name else root
    assert command is not None
    inner = (
        [command.get_command(context, each) for each in command.list_commands(context)]
        if name and isinstance(command, click.Group)
        else []
    )
    options = [p for c in (command, *inner) if c for p in c.params if isinstance(p, click.Option)]
    assert [word for option in options for word in option.opts if word not in shown] == []
    assert [row for row in EXAMPLES.get(name, ()) if f"photoscan {row}" not in shown] == []
    if not name:
        assert [each for each in COMMANDS if f".B {each}\n" not in shown] == []


needs_groff = pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")


@needs_groff
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_formatter_has_nothing_to_say(language: str, tmp_path: Path, said: Said) -> None:
    code, _, _ = said("man", "-o", str(tmp_path), "--lang", language)
    assert code == 0
    pages = sorted(tmp_path.iterdir())
    assert len(pages) == len(COMMANDS) + 1
    for page in pages:
        command = ["groff", "-man", "-Kutf8", "-Tutf8", "-ww", str(page)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stderr == "", page.name
        assert "photoscan" in done.stdout
