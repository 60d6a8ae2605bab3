"""`photoscan batch`: inspect thousands of photos, and go on where it stopped."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from photoscan.catalog import LANGUAGES, has, text
from photoscan.cli.batch_out import writing
from photoscan.cli.choices import LEVELS, from_outside, looking, plugins
from photoscan.cli.ignored import excluding, passed_over
from photoscan.cli.language import spoken
from photoscan.cli.limits import limiting, taken
from photoscan.cli.project import Configured, configured, used
from photoscan.cli.several import AUTO, HELP, Count
from photoscan.cli.spreading import LOCAL, Spread, spread, spreading
from photoscan.decision import ALL_CLEAR, advised, at_least
from photoscan.kind import only_in_file
from photoscan.options import ScanOptions
from photoscan.risk.policy import Policy

if TYPE_CHECKING:
    from photoscan.batch import Batch, LocalExecutor, LocalLedger, PartsLedger, Progress, Setup, Summary
    from photoscan.batch.executor import Job
    from photoscan.batch.ray import RayExecutor

TIMEOUT = 120.0
"""Seconds for one photo by default: ten times what the largest takes on a slow computer."""
PATIENCE = 1.25
"""So many times that long a process may be at a photo: by then it has left off by itself, if it can."""
_SHOWN = 10
"""Kinds, and photos that were set aside, that the summary names."""
_EVERY = {True: 0.2, False: 30.0}
"""Seconds between two words on the progress: on a terminal, and in a log."""


@click.command(cls=Configured)
@click.argument("source")
@writing
@click.option("--workers", type=Count(1, 256), default=AUTO, show_default=True, metavar="N", help=HELP)
@spreading
@click.option(
    "--shard",
    default="1/1",
    metavar="i/N",
    help="Only shard i of N, for several computers; job/N takes i from the scheduler's variable.",
)
@click.option("--timeout", type=click.FloatRange(1), default=TIMEOUT, show_default=True, help="Seconds for one photo.")
@click.option("--retry", is_flag=True, help="Try again what was not fully inspected.")
@click.option("--policy", default="default", show_default=True, help="A shipped policy or a TOML file.")
@click.option("--fail-on", type=click.Choice(LEVELS), help="Exit with 1 when a photo is at or above this level.")
@click.option(
    "--allow-incomplete",
    is_flag=True,
    help="Photos that could not be fully inspected are no failure: their rows say so.",
)
@looking
@plugins
@excluding
@configured
@limiting
@click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Language; by default the policy's, otherwise your system's."
)
def batch(
    source: str,
    out: Path | str,
    workers: int,
    shard: str,
    timeout: float,
    parquet: bool,
    parts: int | None,
    sink: tuple[str, ...],
    retry: bool,
    policy: str,
    fail_on: str | None,
    lang: str | None,
    no_plugins: bool,
    exclude: tuple[str, ...],
    **choices: Any,
) -> None:
    """Inspect every photo of SOURCE: a folder (at any depth), a pattern in quotes, a file with a path a line, or -.

    The reports lie in --out: a folder, or an object store. The same command goes on after whatever stopped it: no
    photo is lost and none is inspected twice. `batch merge` makes one of what several computers wrote.

    Exit status: 0 all were inspected, 1 one is at or above --fail-on, 2 wrong use, stopped, or a photo that could not
    be wholly inspected.
    """
    from photoscan.batch import Batch, Setup, Shard, Summary
    from photoscan.batch.file_source import source_of
    from photoscan.batch.store import is_store
    from photoscan.batch.writing import Writing
    from photoscan.fingerprint import fingerprint
    from photoscan.scanner import Scanner

    outside = from_outside(no_plugins)
    chosen = Policy.load(policy)
    language = lang or chosen.language or spoken()
    where, lenient = spread(choices), choices.pop("allow_incomplete")
    options = ScanOptions(language=language, limits=taken(choices), seconds=timeout, **choices)
    scanner = Scanner(options, chosen, outside.detectors())  # what makes no sense is told before any process starts
    part = Shard.parse(shard)
    ignored = passed_over(exclude, (source,), language)
    photos = source_of(source, part, options, chosen, ignored, where.executor != LOCAL)
    executor = _executor(where, Setup.of(options, chosen, outside), workers, timeout, is_store(source))
    project = used()
    to = Writing(out, part, parquet, parts, sink, None if project is None else project.to_dict())
    with to.ledger(fingerprint(options, chosen, outside.detectors())) as ledger:
        _tell_begin(ledger, retry, language)
        work = Batch(photos, executor, ledger, scanner.unseen)
        with _stopped_by_signals(work, language):
            _watch(work.run(), language)
        summary = Summary(answered=work.progress.answered, finished=not work.stopping, passed=photos.passed)
        summary.seconds = monotonic() - work.progress.started
        files = to.write(work, ledger, summary)
    _tell(summary, files, getattr(executor, "lost", 0), language)
    # One of many parts may well be empty.
    empty = not summary.photos and part.count == 1
    if empty and summary.finished:
        click.echo(text("cli.no_photos", language, path=source), err=True)
    if not summary.finished:
        click.echo(text("batch.stopped" if to.in_parts else "batch.stopped.whole", language), err=True)
    sys.exit(_exit_code(summary, fail_on, empty, lenient))


def _tell_begin(ledger: LocalLedger | PartsLedger, retry: bool, language: str) -> None:
    """What becomes of earlier answers; with `retry`, those that are partial are forgotten."""
    if ledger.forgotten:
        click.echo(text("batch.masked_anew", language), err=True)
    if ledger.others and not ledger.count():
        click.echo(text("batch.anew", language), err=True)
    if retry and (count := ledger.forget_partial()):
        click.echo(text("batch.retried", language, count=count), err=True)


def _executor(where: Spread, setup: Setup, workers: int, timeout: float, stored: bool) -> LocalExecutor | RayExecutor:
    """As many processes as were asked for, or as this machine or its cluster bears; 0 for the latter. What is `stored`
    elsewhere can't be weighed before it is read."""
    from photoscan.batch import LocalExecutor
    from photoscan.batch.ray import RayExecutor, check_ray, connected
    from photoscan.batch.task import set_up
    from photoscan.weighing import scales
    from photoscan.workers.sizing import sized

    options = setup.options
    found = sized(None, options.profile, asked=workers or None, cheap=only_in_file(options.only))
    if where.executor != LOCAL:
        check_ray()
        size = (workers or None) if where.address else found.count
        return RayExecutor(
            partial(set_up, setup.text), partial(connected, where.address, size), size, PATIENCE * timeout
        )
    weighed = None if stored else scales(found.room, options, _file)
    return LocalExecutor(partial(set_up, setup.text), found.count, PATIENCE * timeout, scales=weighed)


def _file(job: Job) -> str:
    """The file of a photo that is one."""
    return job.path


@contextmanager
def _stopped_by_signals(work: Batch, language: str) -> Iterator[None]:
    """The first SIGINT or SIGTERM lets the running photos finish, the second ends everything."""

    def heard(number: int, frame: FrameType | None) -> None:
        if work.stopping:
            raise KeyboardInterrupt
        work.stop()
        # Straight to the file: the stream may be in use by what the signal has interrupted.
        os.write(sys.stderr.fileno(), f"\n{text('batch.stopping', language)}\n".encode())

    old = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def _watch(steps: Iterator[Progress], language: str) -> None:
    """A line that is written over on a terminal; in a log one every half minute."""
    watched = sys.stderr.isatty()
    said = monotonic() - (_EVERY[True] if watched else 0)
    width = 0
    for progress in steps:
        if monotonic() - said < _EVERY[watched]:
            continue
        said = monotonic()
        line = _progress(progress, language)
        width = max(width, len(line))
        click.echo(f"\r{line:{width}}\r" if watched else line, nl=not watched, err=True)
    if watched and width:
        click.echo(f"\r{'':{width}}\r", nl=False, err=True)


def _progress(progress: Progress, language: str) -> str:
    rate = f"{progress.rate:.1f}" if progress.rate < 100 else f"{progress.rate:.0f}"
    left = progress.seconds_left
    if progress.total is None or left is None:
        return text("batch.progress.uncounted", language, done=progress.done, rate=rate)
    return text("batch.progress", language, done=progress.done, total=progress.total, rate=rate, left=_time(left))


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _tell(summary: Summary, files: list[str], lost: int, language: str) -> None:
    """What the batch came to. `lost`: machines' workers that had to be replaced."""
    from photoscan.batch.table import shown

    def say(key: str, **values: object) -> None:
        click.echo(text(key, language, **values), err=True)

    say("batch.photos", photos=summary.photos, answered=summary.answered, time=_time(summary.seconds))
    if summary.headlines:
        rows = (f"{count} {advised(codes, language, ', ')}" for codes, count in summary.headlines.most_common())
        say("batch.verdicts", counts="; ".join(rows))
        if any(set(codes) & ALL_CLEAR for codes in summary.headlines):
            say("headline.caveat")
    if summary.kinds:
        rows = (f"{text(f'kind.{kind}.title', language)} {n}" for kind, n in summary.kinds.most_common(_SHOWN))
        say("batch.kinds", counts=", ".join(rows))
    if summary.beside:
        what = ", ".join(text(f"kind.{kind}.title", language) for kind in summary.beside_kinds)
        say("report.sidecars", count=summary.beside, what=what)
    if summary.incomplete:
        say("batch.incomplete", count=summary.incomplete)
    for path, code in summary.set_aside[:_SHOWN]:
        key = f"error.{code}" if has(f"error.{code}") else "error.error"
        say("batch.set_aside", path=shown(path), reason=text(key, language))
    told = next(file for file in files if file.endswith(".json"))
    if (rest := summary.given_up - min(_SHOWN, len(summary.set_aside))) > 0:
        say("batch.set_aside.more", count=rest, file=told)
    if lost:
        say("batch.ray.lost", count=lost)
    say("batch.written", files=", ".join(files))
    for line in summary.passed.lines(language, named=told.rpartition(os.sep)[2].rpartition("/")[2]):
        click.echo(line, err=True)


def _exit_code(summary: Summary, fail_on: str | None, empty: bool, lenient: bool) -> int:
    """`lenient`: whoever starts parts by the thousand would otherwise start each again that holds one broken file."""
    if not summary.finished or (summary.incomplete and not lenient) or empty:
        return 2
    return int(fail_on is not None and any(at_least(level, fail_on) for level in summary.levels))
