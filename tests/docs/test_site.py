"""What the documentation site is generated from is whole: every kind, command, option and public name has its place.

These tests need nothing that the site is rendered with; `make site` renders it and fails for any broken link.
"""

from __future__ import annotations

import inspect
import re
import tomllib
from importlib import metadata
from pathlib import Path

import click
import pytest

import photoscan
from docsite import __main__, commands, kinds, names
from photoscan import documentation
from photoscan.catalog import text
from photoscan.cli.root import COMMANDS, root
from photoscan.errors import UsageError
from photoscan.kind import Kind
from tests.render.test_formats import found, rendered

ROOT = Path(__file__).parent.parent.parent
HEADINGS = (
    "Why it matters",
    "What to do",
    "How it is found",
    "What it misses",
    "How its value is shown",
    "How to suppress it",
)


def test_every_kind_has_a_page_with_all_its_parts() -> None:
    pages = kinds.pages()
    assert set(pages) == {f"kinds/{kind.value}.md" for kind in Kind} | {"kinds/index.md"}
    for kind in Kind:
        page = pages[f"kinds/{kind.value}.md"]
        parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
        assert tuple(parts[1::2]) == HEADINGS
        assert all(part.strip() for part in parts[::2]), kind
        assert text(f"kind.{kind.value}.why", "en") in page
        assert kind.severity.label in parts[0]
        assert f"]({kind.value}.md)" in pages["kinds/index.md"]


def test_texts_that_fit_no_kind_or_lack_a_part_are_told() -> None:
    rows = kinds.document()
    with pytest.raises(ValueError, match=r"\['text.dream'\]"):
        kinds.told(rows + '\n["text.dream"]\nwhat = "a"\nfound = "b"\nmissed = "c"\n')
    with pytest.raises(ValueError, match=r"\['plate'\]"):
        kinds.told(re.sub(r'\["plate"\]\n(.+\n){3}', "", rows))
    with pytest.raises(ValueError, match=r"\['face'\]"):
        kinds.told(rows.replace('["face"]\nwhat = ', '["face"]\nwas = '))
    with pytest.raises(ValueError, match=r"\['face'\]"):
        kinds.told(re.sub(r'(\["face"\]\nwhat = )"[^"]*"', r'\1""', rows))


def every_command(command: click.Command, path: str, context: click.Context) -> list[tuple[str, click.Command]]:
    inner = command.list_commands(context) if isinstance(command, click.Group) else []
    found_ = [(path, command)]
    for name in inner:
        assert isinstance(command, click.Group)
        below = command.get_command(context, name)
        assert below is not None
        found_ += every_command(below, f"{path} {name}", context)
    return found_


def test_every_command_and_option_is_in_the_reference() -> None:
    pages = commands.pages()
    assert set(pages) == {f"commands/{name}.md" for name in (*COMMANDS, "index")}
    for path, command in every_command(root, "photoscan", click.Context(root)):
        if command is root:
            continue
        page = pages[f"commands/{path.split()[1]}.md"]
        section = re.split(rf"^#+ {re.escape(path)}$", page, flags=re.MULTILINE)[1]
        section = re.split(r"^#+ photoscan", section, flags=re.MULTILINE)[0]
        assert (command.help or "").split("\n")[0] in section
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        for option in options:
            row = next(line for line in section.splitlines() if line.startswith("|") and f"`{option.opts[-1]}`" in line)
            assert option.help, (path, option.opts)
            assert row.rstrip(" |").endswith(("|", "`")) is False, (path, option.opts)


def test_bars_and_lines_in_help_break_no_table() -> None:
    option = click.Option(["--way"], type=click.Choice(["a", "b"]), help="One\nor | other.", multiple=True)
    (line,) = [
        x
        for x in commands._told(click.Command("x", params=[option]), click.Context(click.Command("x")), 1)
        if "--way" in x
    ]
    assert line == "| `--way` `[a\\|b]` | One or \\| other. May be repeated. |"


def test_every_public_name_is_in_the_reference_and_says_what_it_is() -> None:
    (page,) = names.pages().values()
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == sorted(photoscan.__all__, key=str.casefold)
    assert re.findall(r":: (\w+)$", page, re.MULTILINE) == ["photoscan", *sorted(photoscan.__all__, key=str.casefold)]
    assert names.undocumented() == []


def test_a_public_name_that_says_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent() -> None: ...

    monkeypatch.setattr(photoscan, "__all__", ["silent"])
    monkeypatch.setattr(photoscan, "silent", silent, raising=False)
    assert not inspect.getdoc(silent)
    assert names.undocumented() == ["silent"]
    assert names.directive(ValueError) == "autoexception"
    assert names.directive(3) == "autodata"


def test_pages_of_an_earlier_run_do_not_outlive_their_kind(tmp_path: Path) -> None:
    old = tmp_path / "kinds" / "text.dream.md"
    old.parent.mkdir()
    old.write_text("gone")
    kept = tmp_path / "risk.md"
    kept.write_text("written by hand")
    assert __main__.write(tmp_path) == sum(1 for _ in tmp_path.rglob("*.md")) - 1
    assert not old.exists()
    assert kept.exists()


def test_sarif_leads_to_the_page_of_the_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    def leads() -> list[str | None]:
        (run,) = json.loads(rendered("sarif", found()))["runs"]
        return [rule.get("helpUri") for rule in run["tool"]["driver"]["rules"]]

    monkeypatch.delenv(documentation.VARIABLE, raising=False)
    monkeypatch.setattr(documentation, "_published", lambda: None)
    assert set(leads()) == {None}
    monkeypatch.setattr(documentation, "_published", lambda: "https://example.org/docs")
    assert "https://example.org/docs/kinds/plate.html" in leads()
    monkeypatch.setenv(documentation.VARIABLE, "https://inside.example/photoscan/docs/")
    assert "https://inside.example/photoscan/docs/kinds/plate.html" in leads()
    monkeypatch.setenv(documentation.VARIABLE, "docs/")
    with pytest.raises(UsageError, match=documentation.VARIABLE):
        leads()


def test_the_address_in_the_packages_metadata_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    from email.message import Message

    rows = Message()
    rows["Project-URL"] = "Source, https://example.org/source"
    rows["Project-URL"] = "Documentation, https://example.org/docs"
    monkeypatch.delenv(documentation.VARIABLE, raising=False)
    monkeypatch.setattr(metadata, "metadata", lambda name: rows)
    assert documentation.page(Kind.TEXT_PHONE) == "https://example.org/docs/kinds/text.phone.html"


def test_where_a_kinds_page_lies_is_where_it_is_written() -> None:
    assert {documentation.path(kind).replace(".html", ".md") for kind in Kind} < set(kinds.pages())


def test_what_renders_the_site_is_locked() -> None:
    wanted = [line for line in (ROOT / "requirements/docs.in").read_text().splitlines() if line and line[0] != "#"]
    locked = (ROOT / "requirements/docs.txt").read_text()
    assert all(f"\n{name}==" in locked for name in wanted)
    assert "docs" not in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
