"""`photoscan workshop`: a page on this computer, for a class room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from photoscan.catalog import LANGUAGES, system_language, text
from photoscan.cli.pages import Paged
from photoscan.errors import UsageError
from photoscan.options import ScanOptions


@click.command(cls=Paged)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; by default any that is free."
)
@click.option("--no-browser", is_flag=True, help="Do not open the page, only print its address.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; by default your system's; the page can switch.")
@click.option("--policy", default="workshop", show_default=True, help="A shipped policy or a TOML file.")
@click.option("--lan", is_flag=True, help="Let pupils' phones join, by a code, in the same network.")
@click.option("--lan-address", multiple=True, help="Address or name of this computer that phones use; repeatable.")
@click.option(
    "--lan-port", type=click.IntRange(1, 65535), help="Port for phones; by default 8090, or any that is free."
)
@click.option(
    "--lan-certificate", type=click.Path(dir_okay=False), help="Certificate (PEM), for encrypted connections."
)
@click.option(
    "--lan-key", type=click.Path(dir_okay=False), help="Its key (PEM), where the certificate's file has none."
)
def workshop(port: int, no_browser: bool, lang: str | None, policy: str, lan: bool, **phones: Any) -> None:
    """Show a class what a photo gives away: a page on this computer, for this computer only. Ctrl-C stops it."""
    from photoscan.workshop.serving import Lan, serve

    language = lang or system_language()
    if not lan and any(phones.values()):
        raise UsageError("problem.workshop.lan_only")

    def ready(address: str) -> None:
        click.echo(text("workshop.cli.ready", language, address=address))
        if not no_browser:
            import webbrowser

            webbrowser.open(address)

    def joins(door: Mapping[str, Any]) -> None:
        for address in door["addresses"]:
            click.echo(text("workshop.cli.lan", language, address=address, code=door["code"]))
        if not door["secure"]:
            click.echo(text("workshop.cli.lan_plain", language))

    options = ScanOptions(policy=policy, language=language)
    names = {name.removeprefix("lan_"): value for name, value in phones.items()}
    addresses = names.pop("address")
    serve(options, port, ready, Lan(addresses, joins=joins, **names) if lan else None)
    click.echo(text("workshop.cli.goodbye", language))
