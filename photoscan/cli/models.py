"""`photoscan models`: install, list and verify the weight files."""

from __future__ import annotations

import sys

import click

from photoscan import models as store
from photoscan.cli.language import say, spoken
from photoscan.cli.pages import PagedGroup
from photoscan.taught import languages


@click.group(cls=PagedGroup)
def models() -> None:
    """Install, list or verify the models. Installing is the only thing that needs a network."""


@models.command()
@click.argument("group", default="default")
def install(group: str) -> None:
    """Fetch and prepare the models of GROUP: default, people or easyocr."""
    store.install(group, lambda step: click.echo(step.text(spoken()), err=True))


@models.command(name="list")
def list_() -> None:
    """List every model with its state, group, size and licence, and say which engine runs them."""
    for model in store.known().values():
        size = f"{model.size / 1e6:5.1f} MB"
        click.echo(f"{model.name:20} {_word(store.state(model)):16} {model.group:8} {size}  {model.licence}")
    chosen = store.chosen()
    values = {"name": chosen.engine.name, "precision": chosen.precision, "why": chosen.why.text(spoken())}
    click.echo(say("models.engine", **values), err=True)  # beside the table, which programs read
    known = languages()
    words = {"languages": ", ".join(known)} if known else {}
    click.echo(say("models.languages" if known else "models.no_languages", **words), err=True)


@models.command()
def verify() -> None:
    """Check installed models against their recorded hashes.

    Exits with 2 if one is damaged, or a needed one is missing.
    """
    bad = []
    for model in store.known().values():
        state = store.state(model)
        needed = model.group == "default" and not model.optional
        if state is store.State.MISSING and not needed:
            continue
        click.echo(f"{model.name:20} {_word(state)}")
        if state is not store.State.OK:
            bad.append(model)
    for command in dict.fromkeys(model.command for model in bad):
        click.echo(say("models.repair", command=command), err=True)
    if bad:
        sys.exit(2)


def _word(state: store.State) -> str:
    return say(f"models.state.{state}")
