"""`photoscan serve`: the check before an upload, over HTTP; and the keys of those who may use it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from photoscan.amounts import MEBIBYTE
from photoscan.catalog import text
from photoscan.cli import several
from photoscan.cli.language import spoken
from photoscan.cli.limits import BYTES, PIXELS
from photoscan.cli.pages import PagedGroup
from photoscan.cli.paths import Local
from photoscan.cli.several import HELP, Count
from photoscan.engines import AUTO, CHOICES
from photoscan.errors import NotInstalledError, UsageError
from photoscan.options import PROFILES, Profile

if TYPE_CHECKING:
    from photoscan.service.keys import ApiKey

PREFIX = "PHOTOSCAN_SERVE"
KEYS_VARIABLE = f"{PREFIX}_KEYS"
KEYS = Local(dir_okay=False, path_type=Path)


@click.group(cls=PagedGroup, invoke_without_command=True, context_settings={"auto_envvar_prefix": PREFIX})
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; needs --keys elsewhere.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 for any that is free.",
)
@click.option("--workers", type=Count(1, 256), default=several.AUTO, show_default=True, metavar="N", help=HELP)
@click.option("--queue", type=click.IntRange(0, 10000), default=8, show_default=True, help="Photos that may wait.")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    envvar="PHOTOSCAN_SERVE_POLICY",
    help="A shipped policy or a TOML file; the first one is the default.",
)
@click.option(
    "--detector",
    "detectors",
    multiple=True,
    envvar="PHOTOSCAN_SERVE_DETECTOR",
    metavar="NAME",
    help="A detector from an installed package; none is used unless it is named.",
)
@click.option("--max-bytes", type=BYTES, default=32 * MEBIBYTE, show_default="32 MiB", help="Of one photo.")
@click.option("--max-pixels", type=PIXELS, default=64_000_000, show_default="64 MP", help="Of one photo.")
@click.option(
    "--max-findings",
    "findings",
    envvar="PHOTOSCAN_SERVE_MAX_FINDINGS",
    type=click.IntRange(50, 1_000_000),
    default=500,
    show_default=True,
    metavar="N",
    help="Findings of one photo that an answer tells.",
)
@click.option("--timeout", type=click.FloatRange(0.1), default=60.0, show_default=True, help="Seconds for one photo.")
@click.option(
    "--deadline",
    type=click.FloatRange(0.1),
    help="Seconds for one photo from its last byte on, waiting included; past them the answer is 503.",
)
@click.option(
    "--remember",
    type=click.FloatRange(0.0, 3600.0),
    default=300.0,
    show_default=True,
    help="Seconds for which a check is kept in memory for a clean of the same photo; 0 for not at all.",
)
@click.option(
    "--drain",
    type=click.FloatRange(0.0, 3600.0),
    default=0.0,
    show_default=True,
    help="Seconds between a stop and the end of listening, in which /readyz says so.",
)
@click.option(
    "--grace", type=click.FloatRange(1.0), default=60.0, show_default=True, help="Seconds to answer after a stop."
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    envvar="PHOTOSCAN_SERVE_ALLOW_HOST",
    metavar="NAME",
    help="A host name to which the service answers.",
)
@click.option(
    "--uploads",
    type=click.IntRange(1, 100_000),
    default=64,
    show_default=True,
    metavar="N",
    help="Bodies of one client that may be coming at a time.",
)
@click.option(
    "--trust-proxy",
    "proxies",
    multiple=True,
    envvar="PHOTOSCAN_SERVE_TRUST_PROXY",
    metavar="ADDRESS",
    help="A proxy that is believed when it says whose request it hands on.",
)
@click.option(
    "--keys", type=KEYS, envvar=KEYS_VARIABLE, help="File of API keys; without a valid key nobody gets an answer."
)
@click.option(
    "--key-metrics/--no-key-metrics",
    default=True,
    show_default=True,
    help="Count requests by the name of their key.",
)
@click.option("--otel", is_flag=True, help="Make spans for OpenTelemetry.")
@click.option(
    "--profile", type=click.Choice(PROFILES), default="balanced", show_default=True, help="How thoroughly to look."
)
@click.option(
    "--tiers", is_flag=True, help="Look in steps, as far as a decision needs, where a request does not say it."
)
@click.option("--engine", type=click.Choice(CHOICES), default=AUTO, show_default=True, help="What runs the models.")
@click.pass_context
def serve(
    ctx: click.Context,
    /,
    host: str,
    workers: int,
    policies: tuple[str, ...],
    detectors: tuple[str, ...],
    max_pixels: int,
    hosts: tuple[str, ...],
    proxies: tuple[str, ...],
    keys: Path | None,
    profile: Profile,
    **others: Any,
) -> None:
    """Check photos over HTTP before they are uploaded. Every option can be set as PHOTOSCAN_SERVE_<OPTION>, too."""
    if ctx.invoked_subcommand is not None:
        return
    _check_environment(ctx.command)
    try:
        from photoscan.service import server
    except ModuleNotFoundError as error:
        raise NotInstalledError("problem.serve.extra", package=error.name) from None
    from photoscan.outside.chosen import Chosen
    from photoscan.service.keys import Keys
    from photoscan.service.settings import DEFAULT_POLICY, Settings, load_policies, load_proxies
    from photoscan.workers.sizing import sized

    # Loaded before the policies, which may name their kinds.
    outside = Chosen(detectors)
    outside.usable()
    # Whatever comes has to fit beside whatever comes: the photos are not known, but their limit is.
    workers = sized(None, profile, asked=workers or None, pixels=max_pixels).count
    settings = Settings(
        outside=outside,
        profile=profile,
        host=host,
        workers=workers,
        max_pixels=max_pixels,
        policies=load_policies(policies or (DEFAULT_POLICY,)),
        hosts=tuple(name.lower() for name in hosts),
        proxies=load_proxies(proxies),
        **others,
    )
    if keys is None and not settings.loopback:
        command = "photoscan serve add-key NAME --keys FILE"
        raise UsageError("problem.serve.open", host=host, command=command, option="--keys FILE")
    say = _Say(settings.default_policy, workers)
    sys.exit(server.run(settings, Keys(keys) if keys else None, say))


def _check_environment(command: click.Command) -> None:
    """UsageError for a mistyped setting, without which a weaker policy would judge."""
    options = [option for option in command.params if isinstance(option, click.Option) and option.name]
    known = {str(option.envvar or f"{PREFIX}_{option.name}").upper() for option in options}
    if unknown := sorted(name for name in os.environ if name.startswith(f"{PREFIX}_") and name not in known):
        raise UsageError("problem.serve.environment", names=", ".join(unknown), known=", ".join(sorted(known)))


class _Say:
    """What the terminal shows beside the log."""

    def __init__(self, policy: str, workers: int) -> None:
        self.known = {"policy": policy, "workers": workers}

    def __call__(self, event: str, **words: object) -> None:
        # A full disk behind the log must not keep the service from starting, nor from answering what is open at a stop.
        with suppress(OSError):
            click.echo(text(f"serve.{event}", spoken(), **self.known, **words), err=True)


_SCOPES = ("check", "clean", "metrics")
"""As `photoscan.service.keys.SCOPES`, which help need not load."""
_KEYS = click.option("--keys", type=KEYS, envvar=KEYS_VARIABLE, required=True, help="The file that keeps its hash.")


def _of_a_key(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what a key is good for."""
    for option in (
        click.option("--share", type=click.IntRange(1, 1000), help="Its part of a full service."),
        click.option("--at-once", type=click.IntRange(0, 1_000_000), metavar="N", help="Requests at a time."),
        click.option("--per-minute", type=click.IntRange(0, 1_000_000), metavar="N", help="Photos and texts a minute."),
        click.option("--scope", "scopes", multiple=True, type=click.Choice(_SCOPES), help="What it is good for."),
    ):
        command = option(command)
    return command


def _chosen(scopes: tuple[str, ...], share: int | None, **bounds: int | None) -> dict[str, Any]:
    """What was said of a key, by the names of `ApiKey`; a bound of 0 is none."""
    found: dict[str, Any] = {name: bound or None for name, bound in bounds.items() if bound is not None}
    return found | ({"scopes": scopes} if scopes else {}) | ({"share": share} if share else {})


@serve.command("add-key")
@click.argument("name")
@click.option(
    "--keys",
    type=KEYS,
    envvar=KEYS_VARIABLE,
    required=True,
    help="The file that keeps its hash; made when it is not there.",
)
@_of_a_key
def add_key(name: str, keys: Path, **said: Any) -> None:
    """Make an API key for NAME and print it: it is shown only now."""
    from photoscan.service import keys as store

    key = store.add(keys, name, **_chosen(**said))
    click.echo(text("serve.key.made", spoken(), name=name, file=keys), err=True)
    click.echo(key)


@serve.command("change-key")
@click.argument("name")
@_KEYS
@_of_a_key
def change_key(name: str, keys: Path, **said: Any) -> None:
    """Change what the API key of NAME is good for; a running service notices."""
    from photoscan.service import keys as store

    key = store.change(keys, name, **_chosen(**said))
    click.echo(text("serve.key.changed", spoken(), name=name), err=True)
    click.echo(_row(key))


@serve.command("remove-key")
@click.argument("name")
@_KEYS
def remove_key(name: str, keys: Path) -> None:
    """Take back the API key of NAME; a running service notices."""
    from photoscan.service import keys as store

    store.remove(keys, name)
    click.echo(text("serve.key.removed", spoken(), name=name), err=True)


@serve.command("list-keys")
@click.option("--keys", type=KEYS, envvar=KEYS_VARIABLE, required=True, help="The file of hashes.")
def list_keys(keys: Path) -> None:
    """List the names that have an API key, and what each is good for."""
    from photoscan.service import keys as store

    for key in store.read(keys):
        click.echo(_row(key))


def _row(key: ApiKey) -> str:
    any_ = text("serve.key.unbounded", spoken())
    bounds = {"per_minute": key.per_minute or any_, "at_once": key.at_once or any_}
    scopes = ", ".join(key.scopes)
    return text("serve.key.row", spoken(), name=key.name, made=key.made, scopes=scopes, share=key.share, **bounds)
