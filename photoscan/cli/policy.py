"""`photoscan policy`: show a policy, or check a file of one's own."""

from __future__ import annotations

import click

from photoscan.risk.policy import SHIPPED, Policy


@click.group()
def policy() -> None:
    """Show or check a policy: what findings mean for the verdict."""


@policy.command()
@click.argument("name", default="default")
def show(name: str) -> None:
    """Show the policy NAME: a shipped one, or a TOML file."""
    chosen = Policy.load(name)
    click.echo(f"{chosen.name}, version {chosen.version} (shipped: {', '.join(SHIPPED)})")
    click.echo(f"review from level {chosen.review_from}, block from level {chosen.block_from}")
    click.echo(f"findings count from a confidence of {chosen.minimum_confidence}")
    click.echo(f"detectors that have to run: {', '.join(chosen.required) or 'none'}")
    for prefix, decision in chosen.kinds.items():
        click.echo(f"{prefix}: {decision}")


@policy.command()
@click.argument("path")
def check(path: str) -> None:
    """Check a policy file; exit 2 and say what is wrong with it."""
    click.echo(f"{path}: fine ({Policy.load(path).name})")
