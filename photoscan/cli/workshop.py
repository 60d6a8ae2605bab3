"""`photoscan workshop`: a page on this computer, for a class room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from photoscan.catalog import LANGUAGES, system_language, text
from photoscan.cli.handouts import handout_options, written
from photoscan.cli.pages import Paged
from photoscan.options import ScanOptions


@click.command(cls=Paged)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; by default any that is free."
)
@click.option("--no-browser", is_flag=True, help="Do not open the page, only print its address.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; by default your system's; the page can switch.")
@click.option("--policy", default="workshop", show_default=True, help="A shipped policy or a TOML file.")
@handout_options
def workshop(
    port: int, no_browser: bool, lang: str | None, policy: str, handouts: Path | None, **of_handouts: Any
) -> None:
    """Show a class what a photo gives away: a page on this computer, for this computer only. Ctrl-C stops it."""
    if written(handouts, lang, of_handouts):
        return
    from photoscan.workshop.serving import serve

    language = lang or system_language()

    def ready(address: str) -> None:
        click.echo(text("workshop.cli.ready", language, address=address))
        if not no_browser:
            import webbrowser

            webbrowser.open(address)

    serve(ScanOptions(policy=policy, language=language), port, ready)
    click.echo(text("workshop.cli.goodbye", language))
