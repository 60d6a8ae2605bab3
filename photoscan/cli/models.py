"""`photoscan models`: install, list and verify the weight files."""

from __future__ import annotations

import sys

import click

from photoscan import models as store


@click.group()
def models() -> None:
    """Install, list or verify the models. Installing is the only thing that needs a network."""


@models.command()
@click.argument("group", default="default")
def install(group: str) -> None:
    """Fetch and prepare the models of GROUP: default, people or easyocr."""
    store.install(group, lambda line: click.echo(line, err=True))


@models.command(name="list")
def list_() -> None:
    """List every model with its state, licence and size."""
    for model in store.manifest().values():
        click.echo(
            f"{model.name:20} {store.status(model):8} {model.group:8} {model.size / 1e6:6.1f} MB  {model.licence}"
        )


@models.command()
def verify() -> None:
    """Check every installed model against its recorded hash; exit 2 when one is damaged or a needed one missing."""
    bad = False
    for model in store.manifest().values():
        state = store.status(model)
        if state == "damaged" or (state == "missing" and model.group == "default"):
            bad = True
            click.echo(f"{model.name}: {state}", err=True)
        elif state == "ok":
            click.echo(f"{model.name}: ok")
    if bad:
        click.echo(f"run '{store.INSTALL}' to put that right", err=True)
        sys.exit(2)
