"""`photoscan policy`: show a policy, check a file of one's own, make a value known to it."""

from __future__ import annotations

import sys

import click

from photoscan.cli.choices import OneKind
from photoscan.cli.language import say as _say
from photoscan.cli.pages import PagedGroup
from photoscan.errors import UsageError
from photoscan.kind import Kind
from photoscan.risk.policy import SHIPPED, Policy, Redaction


@click.group(cls=PagedGroup)
def policy() -> None:
    """Show or check a policy: what findings mean for the verdict."""


@policy.command()
@click.argument("name", default="default")
def show(name: str) -> None:
    """Show the policy NAME: a shipped one, or a TOML file."""
    chosen = Policy.load(name)
    none = _say("cli.policy.none")
    _echo("head", name=chosen.name, version=chosen.version, shipped=", ".join(SHIPPED))
    _echo("levels", review=chosen.review_from, block=chosen.block_from)
    _echo("confidence", confidence=chosen.minimum_confidence)
    _echo("required", names=", ".join(chosen.required) or none)
    if chosen.required_of_file is not None:
        _echo("required_of_file", names=", ".join(chosen.required_of_file) or none)
    if not chosen.samples_suffice:
        _echo("samples")
    for prefix, rule in chosen.rules.items():
        key = "kind" if rule.confidence is None else "kind_from"
        _echo(key, kind=prefix, decision=rule.decision, confidence=rule.confidence)
    if chosen.allow:
        _echo("allow", count=len(chosen.allow))
    for region in chosen.ignore:
        kinds = ", ".join(region.kinds) or _say("cli.policy.all_kinds")
        _echo("ignore", kinds=kinds, box=list(region.box), photos=region.photos)
    redaction = chosen.redaction
    if redaction != Redaction():
        hidden = _say("cli.policy.by_harm") if redaction.kinds is None else ", ".join(redaction.kinds) or none
        _echo("redaction", kinds=hidden)
        if redaction.style is not None:
            _echo("style", style=redaction.style)
        if redaction.coarsen_gps is not None:
            _echo("coarsen", area=redaction.coarsen_gps)
        if redaction.keep is not None:
            _echo("kept", parts=", ".join(redaction.keep) or none)
        if redaction.remove:
            _echo("removed", parts=", ".join(redaction.remove))


@policy.command()
@click.argument("path")
def check(path: str) -> None:
    """Check a policy file, and show every mistake with its line number. Exits with 2 if there are any."""
    from photoscan.scanner import check_policy

    chosen = Policy.load(path)
    check_policy(chosen)
    _echo("fine", path=path, name=chosen.name)


@policy.command()
@click.option("--kind", type=OneKind(), required=True, metavar="KIND")
@click.option("--note", default="", help="A note for yourself, such as 'our car'.")
def allow(kind: str, note: str) -> None:
    """Print the lines that make a value of yours known to a policy, without writing the value down.

    The command asks for the value, or reads it from standard input, so that it does not end up in the shell's history.
    The value is hashed with a key that stays on this computer.
    """
    from photoscan.risk import known

    asked = sys.stdin.isatty()
    value = click.prompt(_say("cli.policy.value"), hide_input=True, err=True) if asked else sys.stdin.readline()
    if any(ord(character) < 32 or character in '"\\' for character in note):
        raise UsageError("problem.value.note")
    found = known.fingerprint(Kind(kind), value.strip(), known.make_key())
    click.echo(f'[[allow]]\nkind = "{kind}"\nhash = "{found}"' + (f'\nnote = "{note}"' if note else ""))


def _echo(key: str, **values: object) -> None:
    click.echo(_say(f"cli.policy.{key}", **values))
