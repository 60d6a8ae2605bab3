"""`photoscan scan`: say what photos give away."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from photoscan.cli.paths import STANDARD_INPUT, photos
from photoscan.options import FACE_BACKENDS, LANGUAGES, OCR_ENGINES, PROFILES, ScanOptions

if TYPE_CHECKING:
    from photoscan.report import Report

FORMATS = ("text", "json", "jsonl")
LEVELS = ("low", "medium", "high", "critical")


def kinds(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds given by repeating the option, or separated by commas."""
    return tuple(kind.strip() for part in value for kind in part.split(",") if kind.strip())


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a file.")
@click.option("--policy", default="default", show_default=True, help="A shipped policy or a TOML file.")
@click.option("--fail-on", type=click.Choice(LEVELS), default="high", show_default=True, help="Exit 1 from this level.")
@click.option(
    "--only", multiple=True, callback=kinds, metavar="KINDS", help="Look for these kinds only (metadata, ...)."
)
@click.option("--skip", multiple=True, callback=kinds, metavar="KINDS", help="Do not look for these kinds.")
@click.option("--profile", type=click.Choice(PROFILES), default="balanced", show_default=True)
@click.option("--ocr", type=click.Choice(OCR_ENGINES), default="ppocr", show_default=True)
@click.option("--face-backend", type=click.Choice(FACE_BACKENDS), default="centerface", show_default=True)
@click.option("--people", type=click.Path(dir_okay=False, path_type=Path), help="Know the people in this file.")
@click.option("--caption", help="Text that will be shared with the photo: it is searched as well.")
@click.option("--show-values", is_flag=True, help="Show what was read in clear.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Photos scanned at a time.")
@click.option("-v", "--verbose", is_flag=True, help="Show every finding and how sure it is.")
def scan(
    paths: tuple[str, ...],
    format_: str,
    output: Path | None,
    policy: str,
    fail_on: str,
    show_values: bool,
    lang: str,
    jobs: int,
    verbose: bool,
    **choices: object,
) -> None:
    """Say what photos give away: PATHs are files, folders (searched at any depth) or - for standard input.

    Exit status: 0 nothing at or above the level of --fail-on, 1 something is, 2 wrong use, or a photo that could not be
    wholly inspected.
    """
    options = ScanOptions(policy=policy, language=lang, **choices)  # type: ignore[arg-type]
    worst = _Worst(fail_on)
    reports = worst.watch(_progress(_scanned(list(photos(paths)), options, jobs)))
    only_metadata = bool(options.only) and all(kind.split(".")[0] == "metadata" for kind in options.only)
    _write(reports, format_, output, show_values, verbose, lang, only_metadata)
    sys.exit(worst.exit_code)


class _Worst:
    """Keeps the exit code while reports pass by."""

    def __init__(self, fail_on: str) -> None:
        self.levels = LEVELS[LEVELS.index(fail_on) :]
        self.incomplete = False
        self.failing = False
        self.count = 0

    def watch(self, reports: Iterator[Report]) -> Iterator[Report]:
        for report in reports:
            self.count += 1
            self.failing = self.failing or report.risk.level in self.levels
            for problem in _problems(report):
                self.incomplete = True
                click.echo(f"photoscan: {problem}", err=True)
            yield report

    @property
    def exit_code(self) -> int:
        return 2 if self.incomplete or not self.count else int(self.failing)


def _problems(report: Report) -> list[str]:
    """One line for a photo that could not be opened, or the distinct reasons why parts of it were not inspected."""
    path = report.photo.path
    if report.error is not None:
        return [report.error.message if path in report.error.message else f"{path}: {report.error.message}"]
    reasons: dict[str, list[str]] = {}
    for outcome in report.detectors:
        if outcome.status.value == "failed" or outcome.reason in ("budget", "not_installed"):
            reasons.setdefault(outcome.reason or "failed", []).append(outcome.name)
    return [f"{path}: not wholly inspected ({', '.join(names)}): {reason}" for reason, names in reasons.items()]


def _scanned(paths: Sequence[str], options: ScanOptions, jobs: int) -> Iterator[Report]:
    from photoscan.scanner import Scanner

    if jobs == 1 or len(paths) == 1:
        scanner = Scanner(options)
        for path in paths:
            yield _one(scanner, path)
        return
    Scanner(options)  # a wrong policy is told before any process starts
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(min(jobs, len(paths)), get_context("spawn"), _start, (options,)) as pool:
        yield from pool.map(_in_worker, paths)


def _one(scanner: object, path: str) -> Report:
    from photoscan.scanner import Scanner

    assert isinstance(scanner, Scanner)
    if path == STANDARD_INPUT:
        return scanner.scan(sys.stdin.buffer, name="<standard input>")
    return scanner.scan(path)


_worker: list[object] = []


def _start(options: ScanOptions) -> None:
    from photoscan.scanner import Scanner

    _worker.append(Scanner(replace(options)))


def _in_worker(path: str) -> Report:
    return _one(_worker[0], path)


def _progress(reports: Iterator[Report]) -> Iterator[Report]:
    """A count on the terminal's last line while somebody is watching; nothing where nobody is."""
    if not sys.stderr.isatty():
        yield from reports
        return
    for count, report in enumerate(reports, 1):
        click.echo(f"\r{count} scanned\r", nl=False, err=True)
        yield report


def _write(
    reports: Iterator[Report],
    format_: str,
    output: Path | None,
    show_values: bool,
    verbose: bool,
    lang: str,
    only_metadata: bool,
) -> None:
    from photoscan.render import REGISTRY, RenderOptions

    colour = output is None and sys.stdout.isatty()
    width = min(100, shutil.get_terminal_size((80, 24)).columns)
    renderer = next(r for r in REGISTRY if r.name == format_)
    pieces = renderer(RenderOptions(show_values, verbose, lang, width, colour, only_metadata)).render(reports)
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    from photoscan.files import write_atomically

    write_atomically(output, "".join(pieces).encode())
