"""`photoscan integrate`: entries for file managers."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from photoscan.catalog import LANGUAGES, text
from photoscan.cli.language import spoken
from photoscan.cli.menus import DESKTOPS, MARK, entries, places
from photoscan.cli.pages import Paged
from photoscan.errors import NotReadableError, UsageError, reason
from photoscan.escapes import visible
from photoscan.files import write_atomically


@click.command(cls=Paged)
@click.argument("desktop", required=False, type=click.Choice(DESKTOPS))
@click.option("--remove", is_flag=True, help="Remove the entries.")
@click.option("--dry-run", is_flag=True, help="Show what would be written or removed.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the entries; by default your system's.")
def integrate(desktop: str | None, remove: bool, dry_run: bool, lang: str | None) -> None:
    """Write entries for the menus of a file manager: look at photos, and make safe copies beside them.

    DESKTOP is gnome, kde, windows or macos; by default the one that is here.
    """
    language = lang or spoken()
    chosen, home = desktop or here(), Path.home()
    new = {} if remove else {f: (d, e) for e in entries(chosen, home, program(), language) for f, d in e.files.items()}
    roots = {file: entry.root for entry in entries(chosen, home, (), language) for file in entry.files}
    root = next(iter(roots.values()))
    for file in sorted(places(chosen, home) - set(new)):
        _remove(file, root, dry_run, language)
    for file, (data, entry) in new.items():
        _write(file, data, entry.runs, dry_run, language)
    if new and not dry_run:
        click.echo(text(f"cli.integrate.{chosen}", language))


def here() -> str:
    """The file manager of this computer; UsageError where it can't be told."""
    if sys.platform == "win32":
        return "windows"
    if sys.platform == "darwin":
        return "macos"
    desktops = os.environ.get("XDG_CURRENT_DESKTOP", "").lower()
    for word, name in (("kde", "kde"), ("gnome", "gnome"), ("unity", "gnome")):
        if word in desktops.split(":"):
            return name
    raise UsageError("cli.integrate.which", known=", ".join(DESKTOPS))


def program() -> tuple[str, ...]:
    """How photoscan is called from where nobody has a search path: its whole place, else by way of this Python."""
    name = "photoscan.exe" if sys.platform == "win32" else "photoscan"
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.is_file() else shutil.which("photoscan")
    return (os.path.abspath(found),) if found else (sys.executable, "-m", "photoscan")  # noqa: PTH100 - not its target


def _ours(file: Path) -> bool:
    """Whether it was written by this command. Raises NotReadableError."""
    try:
        return MARK in file.read_bytes()
    except OSError as error:
        raise NotReadableError("problem.unreadable", path=file, why=reason(error)) from None


def _write(file: Path, data: bytes, runs: bool, dry_run: bool, language: str) -> None:
    """UsageError where there is a file of somebody else's."""
    if os.path.lexists(file) and not _ours(file):
        raise UsageError("cli.integrate.other", path=file)
    if dry_run:
        click.echo(f"{visible(str(file))}:\n{data.decode('utf-8')}")
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, data)
        file.chmod(0o755 if runs else 0o644)
    except OSError as error:
        raise NotReadableError("problem.unwritable", path=file, why=reason(error)) from None
    click.echo(text("cli.integrate.written", language, path=visible(str(file))))


def _remove(file: Path, root: Path, dry_run: bool, language: str) -> None:
    """The file, and of the folders above it, up to `root`, those that are empty then."""
    if not file.is_file() or not _ours(file):
        return
    if not dry_run:
        try:
            file.unlink()
            for folder in file.parents:
                if folder == root or any(folder.iterdir()):
                    break
                folder.rmdir()
        except OSError as error:
            raise NotReadableError("problem.unwritable", path=file, why=reason(error)) from None
    click.echo(text("cli.integrate.removed", language, path=visible(str(file))))
