"""`photoscan clean`: make copies that are safe to share."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import click

from photoscan.brushes import STYLES
from photoscan.catalog import LANGUAGES, system_language, text
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning.plan import KEPT, TARGETS, CleanPlan
from photoscan.cli.answer import lost
from photoscan.cli.choices import engine, from_outside, kinds, plugins
from photoscan.cli.copies import Copies, Extras
from photoscan.cli.ignored import excluding, passed_over
from photoscan.cli.language import say
from photoscan.cli.limits import limiting, taken
from photoscan.cli.outcome import Outcome
from photoscan.cli.paths import STANDARD_INPUT, Local, answer, aside, complain, searched, tell_left
from photoscan.cli.planning import people_file, wanted
from photoscan.cli.progress import Progress
from photoscan.cli.project import Configured, configured
from photoscan.cli.receipts import place_for, written
from photoscan.cli.root import place
from photoscan.cli.several import jobs, size
from photoscan.cli.stopping import STOPPED, Stopping
from photoscan.container import COARSENESS
from photoscan.errors import PhotoscanError
from photoscan.escapes import on_one_line
from photoscan.files import write_atomically
from photoscan.options import PROFILES, Limits, ScanOptions

if TYPE_CHECKING:
    from photoscan.cleaning import CleanResult
    from photoscan.cleaning.outlook import Foresight
    from photoscan.cli.hands import Hands, Here, Several
    from photoscan.on_purpose import Purpose
    from photoscan.outside.chosen import Chosen
    from photoscan.photo import Photo
    from photoscan.risk.policy import Policy
    from photoscan.scanner import Scanner


@click.command(cls=Configured)
@click.argument("paths", nargs=-1, required=True)
@click.option("-o", "--output", type=Local(path_type=Path), help="File for one photo, folder for several.")
@click.option("--in-place", is_flag=True, help="Replace the photos themselves.")
@click.option("--dry-run", is_flag=True, help="Show what would be removed, hidden and kept, and why; write nothing.")
@click.option("--check", is_flag=True, help="Check whether files that were cleaned elsewhere still hold metadata.")
@click.option("--policy", default="default", show_default=True, help="What to hide and keep: a policy's name or file.")
@click.option("--metadata-only", is_flag=True, help="Leave the picture as it is.")
@click.option(
    "--redact", multiple=True, callback=kinds, metavar="KINDS", help="Hide these kinds only (all, face, plate, ...)."
)
@click.option(
    "--redact-possible",
    is_flag=True,
    help="Also hide findings that are only possible (confidence below .5), however unsure.",
)
@click.option("--keep-face", "keep_faces", multiple=True, metavar="NAME", help="Show this known person, who consents.")
@click.option(
    "--people", type=Local(dir_okay=False, path_type=Path), help="The file with the people that --keep-face names."
)
@click.option("--style", type=click.Choice(STYLES), help="How to hide; by default the policy's, else fill.")
@click.option(
    "--keep",
    multiple=True,
    callback=kinds,
    metavar="PARTS",
    help=f"Keep this as well as {' and '.join(KEPT)}: copyright, date, pages, gain-map, projection, or groups of what "
    "the file says (names, device, time, ...); 'nothing' drops these too.",
)
@click.option(
    "--remove",
    multiple=True,
    callback=kinds,
    metavar="GROUPS",
    help="Remove only these groups (gps, names, device, time, text, settings) or kinds from the file. Nothing in the "
    "picture is hidden, unless --redact or --box asks for it.",
)
@click.option(
    "--coarsen-gps", type=click.Choice(COARSENESS), help="Keep a rounded position: within 8 km, or within 80 km."
)
@click.option("--drop-date", is_flag=True, help="Keep no date, whatever --keep says.")
@click.option("--box", "boxes", multiple=True, metavar="X,Y,W,H", help="Hide this region as well.")
@click.option("--to", "to", type=click.Choice(TARGETS), help="Write the copies in this format.")
@click.option("--rename", is_flag=True, help="Give the copies names that give nothing away.")
@click.option("--keep-time", is_flag=True, help="Give each copy the time at which its photo was last changed.")
@click.option(
    "--drop-extras",
    is_flag=True,
    help="With --in-place: replace a photo even where further pictures, movement, HDR or a projection are lost.",
)
@click.option("--overwrite", is_flag=True, help="Replace files that are already there.")
@plugins
@excluding
@configured
@limiting
@click.option("--profile", type=click.Choice(PROFILES), default="balanced", show_default=True)
@engine
@jobs
@click.option(
    "--receipt",
    type=Local(dir_okay=False, path_type=Path),
    help="Write receipts here: JSON, or text for .txt. With --check: read them; what they list as kept is accepted.",
)
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Language; by default the policy's, otherwise your system's."
)
@click.option("-v", "--verbose", is_flag=True, help="Tell everything about each copy, and how it was proved.")
@click.option("-q", "--quiet", is_flag=True, help="Tell one line for each photo.")
def clean(
    paths: tuple[str, ...],
    output: Path | None,
    in_place: bool,
    dry_run: bool,
    check: bool,
    policy: str,
    people: Path | None,
    profile: str,
    engine: str,
    jobs: int,
    overwrite: bool,
    keep_time: bool,
    drop_extras: bool,
    receipt: Path | None,
    format_: str,
    lang: str | None,
    verbose: bool,
    quiet: bool,
    no_plugins: bool,
    exclude: tuple[str, ...],
    **choices: Any,
) -> None:
    """Make copies that are safe to share. Exit status: 0 if every copy was made and proved, otherwise 2; a photo that
    is refused has no copy.
    """
    from photoscan.risk.policy import Policy

    _refuse(
        (_unclear((output is not None, in_place, check), dry_run), "cli.clean.where"),
        (verbose and quiet, "problem.scan.quiet"),
        (in_place and choices["to"], "cli.clean.in_place_to"),
        (receipt is not None and dry_run, "cli.clean.no_receipts"),
        (drop_extras and not in_place, "cli.clean.extras"),
        (keep_time and (dry_run or check), "cli.clean.time"),  # only a copy of a file can have the file's time
        (keep_time and STANDARD_INPUT in paths, "cli.clean.time_input"),
    )
    outside, chosen = from_outside(no_plugins or choices["metadata_only"] or check), Policy.load(policy)
    language, people = lang or chosen.language or system_language(), people_file(choices["keep_faces"], people)
    options = ScanOptions(profile, people=people, language=language, engine=engine, limits=taken(choices))  # type: ignore[arg-type]
    plan = wanted(chosen, choices, people)
    inputs, passed = searched(paths, language, passed_over(exclude, paths, language))
    scanner = None if plan.metadata_only or check else _scanner(options, chosen, outside)
    looked = _looked(options, chosen, outside) if scanner else ()
    copies = None
    if not (dry_run or check):
        copies = Copies(
            paths, inputs, output, plan, overwrite, looked, chosen.names_photos, Extras(keep_time, drop_extras)
        )
        inputs = _places(copies, inputs, receipt, overwrite, language)
    outcome = Outcome(language, plan, len(inputs), verbose, quiet)
    work = _Work(plan, scanner, (outside, options, chosen if scanner else None), dry_run)
    hands = work.hands(1 if check else jobs, inputs, copies)
    run = _Run(hands, copies, options, outcome, _purpose(plan, receipt if check else None))
    try:
        run.all(inputs, run.check if check else run.foresee if dry_run else run.clean)
    finally:
        run.end(None if check else receipt, format_, dry_run)
    tell_left(None if check else passed, language, verbose)
    sys.exit(STOPPED if run.stopping.asked else 2 if run.refused or not inputs else 0)


def _unclear(where: tuple[bool, ...], dry_run: bool) -> bool:
    """Whether nothing or too much is said of where copies go; without writing them it need not be said."""
    return sum(where) > 1 or (dry_run and where[-1]) or not (dry_run or any(where))


def _refuse(*wrong: tuple[Any, str]) -> None:
    """UsageError for the first of what does not go together."""
    for so, why in wrong:
        if so:
            raise click.UsageError(say(why))


def _places(copies: Copies, given: list[str], receipt: Path | None, overwrite: bool, language: str) -> list[str]:
    """The photos of which there are to be copies; each copy, and the receipts, have a place to go."""
    if given and not copies.inputs:
        aside(text("cli.clean.only_copies", language))
    if receipt is not None:
        place_for(receipt, copies, overwrite)
    return copies.inputs


class _Work(NamedTuple):
    """What is done with each photo, and what other processes make their scanner of: no policy where nobody looks."""

    plan: CleanPlan
    scanner: Scanner | None
    chosen: tuple[Chosen, ScanOptions, Policy | None]
    dry_run: bool

    def hands(self, jobs: int, inputs: list[str], copies: Copies | None) -> Here | Several:
        """Who does it: this process, or as many as there are to be."""
        from photoscan.cli.hands import Here, Several, copied, foreseen

        work = foreseen if self.dry_run else copied
        found = size(jobs, inputs, self.chosen[1], cheap=self.scanner is None)
        if found is None:
            return Here(work, self.scanner, self.plan)

        def done(path: str) -> bool:
            return copies is not None and copies.seems_done(path, self.chosen[1].limits)

        return Several(work, self.chosen, self.plan, found, inputs, done)


class _Run:
    """All photos of one call: what became of each, told in the user's language."""

    def __init__(
        self,
        hands: Hands,
        copies: Copies | None,
        options: ScanOptions,
        outcome: Outcome,
        purpose: Purpose,
    ) -> None:
        self.hands, self.copies, self.purpose = hands, copies, purpose
        self.language, self.limits, self.outcome = options.language, options.limits, outcome
        self.progress, self.stopping = Progress(options.language, outcome.total), Stopping()
        self.cleaned = self.skipped = self.refused = 0
        self.told: list[Any] = []
        self.kept: list[tuple[str, str]] = []
        self.copy: Path | None = None

    def all(self, paths: list[str], task: Any) -> None:
        """Do a task with each photo, until the user stops it; while somebody watches he sees how far it is."""
        self.progress.begin(self.outcome.quiet)
        for _ in self.stopping.until(self._each(paths, task)):
            pass
        self.progress.end()

    def _each(self, paths: list[str], task: Any) -> Iterator[str]:
        with self.hands:
            for path in paths:
                self.progress.started(path)
                self.hands.turn(path)
                self.one(path, task)
                self.progress.finished(path)
                yield path

    def one(self, path: str, task: Any) -> None:
        """Do a task with one photo; what goes wrong is told and does not stop the others."""
        try:
            task(_open(path, self.limits, not self.outcome.plan.metadata_only))
        except PhotoscanError as error:
            self.refuse(path, error.text(self.language))
        except MemoryError:
            raise
        except Exception as error:
            if lost(error):
                raise
            self.refuse(path, text("clean.refused.crash", self.language, error=place(error)))

    def refuse(self, path: str, message: str) -> None:
        """Count and tell a photo of which there is no copy."""
        self.refused += 1
        complain(path, message)

    def clean(self, photo: Photo) -> None:
        """Make the copy and write it."""
        assert self.copies is not None
        copy = self.copies.done(photo)
        if copy is not None:
            self.kept.append((photo.sha256, copy))
            self.skipped += 1
            if self.outcome.verbose or not self.outcome.several:
                aside(text("cli.clean.skipped", self.language, path=on_one_line(photo.name)))
            return
        result = cast("CleanResult", self.hands.made(photo, self.progress.found, self.progress.stage))
        others = self.copies.other_names(photo)
        target = self.copies.write(photo, result)
        self.cleaned, self.copy = self.cleaned + 1, target
        self.told.append(result.receipt)
        self.outcome.copied(photo, result.receipt)
        if others:
            told = text("cli.clean.other_names", self.language, path=on_one_line(photo.name), count=others)
            aside(told)
        try:
            self.copies.note(photo, result, target)
        except PhotoscanError as error:
            # The copy is there and proved: only the next run will not know it.
            aside(f"photoscan: {error.text(self.language)}")

    def foresee(self, photo: Photo) -> None:
        """Say what would be done."""
        self.told.append(self.outcome.foreseen(photo, cast("Foresight", self.hands.made(photo))))

    def check(self, photo: Photo) -> None:
        """Verify a file that somebody else cleaned; RefusedError names what is left in it."""
        from photoscan.cleaning import kept_in, left_over

        if self.purpose.receipts and not self.purpose.knows(photo):
            complain(photo.name, text("cli.no_receipt", self.language))
        plan = self.purpose.of(photo)
        if left := left_over(photo, plan):
            raise RefusedError("not_clean", names=", ".join(left[:8]), count=len(left))
        if kept := kept_in(photo, plan):
            what = ", ".join(row.text(self.language) for row in kept)
            answer(text("cli.clean.checked_kept", self.language, path=on_one_line(photo.name), what=what))
        else:
            answer(text("cli.clean.checked", self.language, path=on_one_line(photo.name)))

    def end(self, receipt: Path | None, format_: str, dry_run: bool) -> None:
        """Print plans, write receipts, tell the totals."""
        if dry_run:
            if format_ == "json" and not self.stopping.asked:  # a document of a part would pass for all
                answer(json.dumps([plan.to_dict(self.language) for plan in self.told], indent=2, ensure_ascii=False))
            elif format_ != "json":
                answer("\n\n".join(plan.text(self.language) for plan in self.told))
                aside(text("cli.clean.foreseen", self.language))
        elif receipt is not None:
            # Names of files that are no text (PEP 383) must not cost all receipts.
            whole = written(receipt, self.told, self.kept, self.language)
            write_atomically(receipt, whole.encode("utf-8", "backslashreplace"))
        if self.copies is not None:
            self.outcome.end()
            if self.outcome.several and not self.outcome.quiet and self.count:
                counts = {"cleaned": self.cleaned, "skipped": self.skipped, "refused": self.refused}
                aside(text("cli.clean.summary", self.language, **counts))
            if self.stopping.asked:
                done = self.count
                aside(text("cli.clean.stopped", self.language, done=done, total=self.outcome.total))
            self.outcome.lie(self.cleaned + self.skipped, self.copies.output, self.copy)
        elif self.stopping.asked:
            aside(text("cli.stopped.after", self.language, done=self.progress.done, total=self.outcome.total))

    @property
    def count(self) -> int:
        """Photos of which something became."""
        return self.cleaned + self.skipped + self.refused


def _purpose(plan: CleanPlan, receipt: Path | None) -> Purpose:
    """What files that are checked may hold: by their receipts, else by the choices."""
    from photoscan.on_purpose import Purpose

    return Purpose(plan) if receipt is None else Purpose.read(receipt, plan)


def _scanner(options: ScanOptions, policy: Policy, outside: Chosen) -> Scanner:
    from photoscan.scanner import Scanner

    return Scanner(options, policy, outside.detectors())


def _looked(options: ScanOptions, policy: Policy, outside: Chosen) -> tuple[str, ...]:
    """What the scans depend on; the language of their sentences does not matter to a copy."""
    from photoscan.fingerprint import fingerprint

    return (fingerprint(replace(options, language="en"), policy, outside.detectors()),)


def _open(path: str, limits: Limits, decodes: bool) -> Photo:
    from photoscan.photo import Photo

    if path == STANDARD_INPUT:
        return Photo.open(sys.stdin.buffer, limits, name="photo", decodes=decodes)
    return Photo.open(path, limits, decodes=decodes)
