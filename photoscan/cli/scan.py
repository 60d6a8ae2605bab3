"""`photoscan scan`: say what photos give away."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from photoscan.catalog import LANGUAGES, system_language, text
from photoscan.cli.choices import LEVELS, from_outside, kinds, looking, plugins
from photoscan.cli.ignored import excluding, passed_over
from photoscan.cli.limits import limiting, taken
from photoscan.cli.outputs import HERE_AS_TEXT, outputs, tell_stopped, write
from photoscan.cli.paths import STANDARD_INPUT, Local, aside, complain, searched, tell_passed
from photoscan.cli.progress import Progress
from photoscan.cli.project import Configured, configured, used
from photoscan.cli.several import jobs, size, told
from photoscan.cli.stopping import Stopping
from photoscan.container import COARSENESS, Coarseness
from photoscan.errors import PhotoscanError, UsageError
from photoscan.escapes import visible
from photoscan.files import write_atomically
from photoscan.kind import only_in_file
from photoscan.options import Limits, ScanOptions
from photoscan.passed import Passed
from photoscan.render import REGISTRY, RenderOptions
from photoscan.render.base import Settings, Words
from photoscan.risk import assess
from photoscan.risk.baseline import Baseline
from photoscan.risk.policy import Policy

if TYPE_CHECKING:
    from photoscan.on_purpose import Purpose
    from photoscan.outside.chosen import Chosen
    from photoscan.photo import Photo
    from photoscan.report import Report
    from photoscan.workers.sizing import Sized

STANDARD_INPUT_NAME = "<standard input>"


@click.command(cls=Configured)
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "--format",
    "format_",
    type=click.Choice(tuple(REGISTRY)),
    help="By default what the name of the output ends with, otherwise text.",
)
@click.option(
    "-o",
    "--output",
    multiple=True,
    type=Local(dir_okay=False, allow_dash=True, path_type=Path),
    help="Write the report to a file, or to several; - for what else stands here.",
)
@click.option("--policy", default="default", show_default=True, help="A shipped policy or a TOML file.")
@click.option(
    "--fail-on", type=click.Choice(LEVELS), help="Exit with 1 from this level on, whatever the policy decides."
)
@looking
@plugins
@excluding
@configured
@limiting
@click.option("--caption", help="Text that will be shared with the photo: it is searched as well.")
@click.option("--show-values", is_flag=True, help="Show values unmasked.")
@click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Language; by default the policy's, otherwise your system's."
)
@click.option(
    "--baseline",
    type=Local(dir_okay=False, path_type=Path),
    help="Findings that were reviewed before: they do not count.",
)
@click.option("--update-baseline", is_flag=True, help="Note all findings in the baseline as reviewed.")
@click.option(
    "--receipt",
    type=Local(dir_okay=False, path_type=Path),
    help="Receipts of clean copies: what was kept on purpose according to them does not count.",
)
@click.option(
    "--keep",
    multiple=True,
    callback=kinds,
    metavar="PARTS",
    help="Like --receipt, for something kept with this choice.",
)
@click.option(
    "--coarsen-gps", type=click.Choice(COARSENESS), help="Like --receipt, for a position that was rounded this way."
)
@jobs
@click.option("-v", "--verbose", is_flag=True, help="Show every finding and how sure it is.")
@click.option("-q", "--quiet", is_flag=True, help="Show one line for each photo.")
def scan(
    paths: tuple[str, ...],
    format_: str | None,
    output: tuple[Path, ...],
    policy: str,
    fail_on: str | None,
    show_values: bool,
    lang: str | None,
    baseline: Path | None,
    update_baseline: bool,
    receipt: Path | None,
    keep: tuple[str, ...],
    coarsen_gps: Coarseness | None,
    jobs: int,
    verbose: bool,
    quiet: bool,
    no_plugins: bool,
    exclude: tuple[str, ...],
    **choices: Any,
) -> None:
    """Say what photos give away: PATHs are files, folders (searched at any depth) or - for standard input.

    Exit status: 1 for a photo of risk 'high' or more, or one that the policy blocks; with --fail-on, from that level
    alone. 2 for wrong use, or a photo that could not be wholly inspected. Else 0.
    """
    if update_baseline and baseline is None:
        raise UsageError("problem.baseline.unnamed")
    if verbose and quiet:
        raise UsageError("problem.scan.quiet")
    outside = from_outside(no_plugins)
    chosen = Policy.load(policy)
    language = lang or chosen.language or system_language()
    options = ScanOptions(language=language, limits=taken(choices), **choices)
    reviewed = _Reviewed(baseline, update_baseline, chosen, language)
    sources = _Sources(options.limits)
    meant = _Meant(receipt, keep, coarsen_gps, chosen, language, sources)
    given, passed = searched(paths, language, passed_over(exclude, paths, language), options.sidecars)
    places = outputs(output, format_, given)
    progress, stopping = Progress(language, len(given)).begin(quiet), Stopping()
    worst = _Worst(fail_on, language, HERE_AS_TEXT in places, quiet)
    several = _several(jobs, given, options, verbose)
    scanned = stopping.until(_scanned(given, options, chosen, outside, several, sources, progress))
    reports = worst.watch(progress.reports(reviewed.watch(meant.watch(scanned))))
    shown = RenderOptions(
        *(show_values, verbose, language),
        width=min(100, shutil.get_terminal_size((80, 24)).columns),
        picture=sources.picture,
        only_metadata=only_in_file(options.only),
        brief=quiet,
        named=paths,
        policy=policy,
        settings=_settings(),
        passed=passed,
    )
    write(places, reports, shown, stopping)
    if stopping.asked:
        sys.exit(tell_stopped(worst.count, len(given), language, places))
    worst.tell(passed, verbose)
    reviewed.write()
    sys.exit(worst.exit_code)


class _Worst:
    """Keeps the worst exit status of the photos' decisions while reports pass by, and tells what could not be seen.

    `in_report`: the report that people read tells it, so that it need not be said twice; a `brief` one tells only why
    a photo could not be opened.
    """

    def __init__(self, fail_on: str | None, language: str, in_report: bool = False, brief: bool = False) -> None:
        self.fail_on = fail_on
        self.language = language
        self.in_report, self.in_brief = in_report, in_report and brief
        self.brief = brief
        self.statuses: set[int] = set()
        self.count = 0

    def watch(self, reports: Iterator[Report]) -> Iterator[Report]:
        for report in reports:
            self.count += 1
            self.statuses.add(report.decision.exit_status(self.fail_on))
            if not report.decision.complete and not (report.error if self.in_brief else self.in_report):
                for problem in _problems(report, self.language):
                    aside(f"photoscan: {problem}")
            yield report

    def tell(self, passed: Passed, verbose: bool) -> None:
        """Say what was passed over in folders where no report says it that people read."""
        if self.brief or not (self.in_report and self.count):
            tell_passed(passed, self.language, verbose)

    @property
    def exit_code(self) -> int:
        return max(self.statuses, default=2)


def _problems(report: Report, language: str) -> list[str]:
    """One line for a photo that could not be opened, or the distinct reasons why parts of it were not inspected."""
    path = visible(report.photo.path)
    words = Words(RenderOptions(language=language))
    if report.error is not None and path in report.error.message:
        return [report.error.message]
    return [
        words.text("cli.problem", path=path, names=names, reason=why) if names else f"{path}: {why}"
        for names, why in words.problems(report)
    ]


class _Reviewed:
    """The baseline: marks what was reviewed before while reports pass by, and notes them afterwards if asked."""

    def __init__(self, path: Path | None, update: bool, policy: Policy, language: str) -> None:
        self.path = path
        self.update = update
        self.policy = policy
        self.language = language
        self.seen: list[Report] = []
        self.baseline = Baseline.load(path) if path and (path.exists() or not update) else Baseline()

    def watch(self, reports: Iterator[Report]) -> Iterator[Report]:
        for report in reports:
            marked = assess(self.baseline.mark(report), self.policy, self.language) if self.path else report
            if self.update:
                self.seen.append(marked)
            yield marked

    def write(self) -> None:
        if self.path is None or not self.update:
            return
        write_atomically(self.path, self.baseline.with_reports(self.seen).to_json().encode())
        count = sum(len(report.findings) for report in self.seen)
        findings = text("report.count.findings", self.language, count=count)
        photos = text("report.count.photos", self.language, count=len(self.seen))
        said = text("cli.baseline.written", self.language, path=self.path, findings=findings, photos=photos)
        aside(said)


class _Meant:
    """What clean copies hold on purpose: marks it while reports pass by. Does nothing where nobody said so."""

    def __init__(
        self,
        receipt: Path | None,
        keep: tuple[str, ...],
        coarsen_gps: Coarseness | None,
        policy: Policy,
        language: str,
        sources: _Sources,
    ) -> None:
        self.policy, self.language, self.sources = policy, language, sources
        self.purpose: Purpose | None = None
        if receipt is not None or keep or coarsen_gps:
            from photoscan.cleaning import CleanPlan
            from photoscan.cleaning.plan import kept
            from photoscan.on_purpose import Purpose

            plan = CleanPlan(metadata_only=True, keep=kept(keep), coarsen_gps=coarsen_gps)
            self.purpose = Purpose(plan) if receipt is None else Purpose.read(receipt, plan)

    def watch(self, reports: Iterator[Report]) -> Iterator[Report]:
        for report in reports:
            yield report if self.purpose is None else self._marked(report, self.purpose)

    def _marked(self, report: Report, purpose: Purpose) -> Report:
        try:
            photo = self.sources.photo(report)
        except PhotoscanError:
            # The report says already that it could not be opened.
            return report
        if purpose.receipts and not purpose.knows(photo):
            complain(report.photo.path, text("cli.no_receipt", self.language))
        return assess(purpose.mark(report, photo), self.policy, self.language)


class _Sources:
    """Where photos come from: standard input is kept, since it can be read only once."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.standard_input: bytes | None = None

    def stdin(self) -> bytes:
        """The bytes of standard input, at most one more than the limit allows."""
        if self.standard_input is None:
            self.standard_input = sys.stdin.buffer.read(self.limits.max_bytes + 1)
        return self.standard_input

    def picture(self, report: Report, longest: int) -> bytes | None:
        """A report's photo as a small JPEG for pages; None where it can't be decoded."""
        from photoscan import preview

        try:
            return preview.jpeg(self.photo(report), longest)
        except PhotoscanError:
            return None

    def photo(self, report: Report) -> Photo:
        """A report's photo, opened again; PhotoscanError where it can't be."""
        from photoscan.photo import Photo

        source = self.stdin() if report.photo.path == STANDARD_INPUT_NAME else report.photo.path
        return Photo.open(source, self.limits)


def _several(jobs: int, given: Sequence[str], options: ScanOptions, verbose: bool) -> Sized | None:
    """How many processes; told to who wants to know all. None for this one alone."""
    found = size(jobs, given, options)
    if verbose and len(given) > 1:
        aside(told(found, options.language))
    return found


def _scanned(
    paths: Sequence[str],
    options: ScanOptions,
    policy: Policy,
    outside: Chosen,
    several: Sized | None,
    sources: _Sources,
    progress: Progress,
) -> Iterator[Report]:
    from photoscan.scanner import Scanner

    # A wrong policy is told before any process starts.
    scanner = Scanner(options, policy, outside.detectors())
    photos = ((sources.stdin(), STANDARD_INPUT_NAME) if path == STANDARD_INPUT else (path, path) for path in paths)
    if several is None:
        for source, name in photos:
            progress.started(name)
            report = scanner.scan(source, name=name, progress=progress.found, stage=progress.stage)
            progress.finished(name)
            yield report
        return
    from photoscan.cli.jobs import reports

    yield from reports(list(photos), scanner, several, outside, progress.finished)


def _settings() -> Settings | None:
    """What the project's file settled, as reports tell it."""
    project = used()
    return None if project is None else Settings(str(project.project.file), project.keys)
