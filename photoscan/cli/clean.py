"""`photoscan clean`: make copies that are safe to share."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from photoscan import people
from photoscan.brushes import STYLES
from photoscan.catalog import LANGUAGES, system_language, text
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning.plan import KEPT, TARGETS, CleanPlan, kept, parse_box
from photoscan.cli.answer import lost
from photoscan.cli.choices import engine, from_outside, kinds, plugins
from photoscan.cli.copies import Copies, Extras
from photoscan.cli.ignored import excluding, passed_over
from photoscan.cli.language import say
from photoscan.cli.limits import limiting, taken
from photoscan.cli.paths import STANDARD_INPUT, Local, complain, photos
from photoscan.cli.people import default_file
from photoscan.cli.project import Configured, configured
from photoscan.cli.receipts import place_for, written
from photoscan.cli.root import place
from photoscan.container import COARSENESS, KEEPABLE
from photoscan.errors import PhotoscanError, UsageError
from photoscan.escapes import on_one_line
from photoscan.files import write_atomically
from photoscan.options import PROFILES, Limits, ScanOptions

if TYPE_CHECKING:
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
    type=click.Choice((*KEEPABLE, "nothing")),
    help=f"Keep this as well as {' and '.join(KEPT)}; 'nothing' drops these too.",
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
@click.option(
    "--receipt",
    type=Local(dir_okay=False, path_type=Path),
    help="Write receipts here: JSON, or text for .txt. With --check: read them; what they list as kept is accepted.",
)
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Language; by default the policy's, otherwise your system's."
)
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
    overwrite: bool,
    keep_time: bool,
    drop_extras: bool,
    receipt: Path | None,
    format_: str,
    lang: str | None,
    no_plugins: bool,
    exclude: tuple[str, ...],
    **choices: Any,
) -> None:
    """Make copies that are safe to share. Exit status: 0 if every copy was made and proved, otherwise 2; a photo that
    is refused has no copy.
    """
    from photoscan.risk.policy import Policy

    for wrong, why in (
        (sum((output is not None, in_place, dry_run, check)) != 1, "cli.clean.where"),
        (in_place and choices["to"], "cli.clean.in_place_to"),
        (receipt is not None and dry_run, "cli.clean.no_receipts"),
        (drop_extras and not in_place, "cli.clean.extras"),
    ):
        if wrong:
            raise click.UsageError(say(why))
    _check_time(keep_time, paths, dry_run or check)
    outside = from_outside(no_plugins or choices["metadata_only"] or check)
    chosen = Policy.load(policy)
    language = lang or chosen.language or system_language()
    people = _people_file(choices["keep_faces"], people)
    options = ScanOptions(profile, people=people, language=language, engine=engine, limits=taken(choices))  # type: ignore[arg-type]
    plan = _plan(chosen, choices, people)
    inputs = list(photos(paths, language, passed_over(exclude, paths, language)))
    scanner = None if plan.metadata_only or check else _scanner(options, chosen, outside)
    looked = _looked(options, chosen, outside) if scanner else ()
    copies = None
    if not (dry_run or check):
        extras = Extras(keep_time, drop_extras)
        copies = Copies(paths, inputs, output, plan, overwrite, looked, chosen.names_photos, extras)
        if inputs and not copies.inputs:
            click.echo(text("cli.clean.only_copies", language), err=True)
        inputs = copies.inputs
        if receipt is not None:
            place_for(receipt, copies, overwrite)
    run = _Run(plan, scanner, copies, options, _purpose(plan, receipt if check else None))
    try:
        for path in _progress(inputs, language):
            run.one(path, run.check if check else run.foresee if dry_run else run.clean)
    finally:
        run.end(None if check else receipt, format_, dry_run)
    if run.refused or not inputs:
        sys.exit(2)


def _plan(policy: Policy, choices: dict[str, Any], people: Path | None) -> CleanPlan:
    """What the options and the policy ask for."""
    drop_date = choices.pop("drop_date")
    plan = CleanPlan.by_policy(policy, **_own(choices, people))
    return replace(plan, keep=tuple(part for part in plan.keep if part != "date")) if drop_date else plan


def _check_time(keep_time: bool, paths: tuple[str, ...], no_copies: bool) -> None:
    """Only a copy of a file can have the file's time."""
    if keep_time and no_copies:
        raise click.UsageError(say("cli.clean.time"))
    if keep_time and STANDARD_INPUT in paths:
        raise click.UsageError(say("cli.clean.time_input"))


class _Run:
    """All photos of one call: what became of each, told in the user's language."""

    def __init__(
        self, plan: CleanPlan, scanner: Scanner | None, copies: Copies | None, options: ScanOptions, purpose: Purpose
    ) -> None:
        self.plan, self.scanner, self.copies, self.purpose = plan, scanner, copies, purpose
        self.language, self.limits = options.language, options.limits
        self.cleaned = self.skipped = self.refused = 0
        self.told: list[Any] = []
        self.kept: list[tuple[str, str]] = []

    def one(self, path: str, task: Any) -> None:
        """Do a task with one photo; what goes wrong is told and does not stop the others."""
        try:
            task(_open(path, self.limits))
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
        from photoscan.safe_copy import make_safe_copy

        assert self.copies is not None
        copy = self.copies.done(photo)
        if copy is not None:
            self.kept.append((photo.sha256, copy))
            self.skipped += 1
            click.echo(text("cli.clean.skipped", self.language, path=on_one_line(photo.name)), err=True)
            return
        result = make_safe_copy(photo, self.scanner, self.plan)
        for aside in result.receipt.asides(self.language):
            click.echo(f"{on_one_line(photo.name)}: {aside}", err=True)
        others = self.copies.other_names(photo)
        target = self.copies.write(photo, result)
        self.cleaned += 1
        self.told.append(result.receipt)
        click.echo(result.receipt.summary(self.language), err=True)
        if others:
            told = text("cli.clean.other_names", self.language, path=on_one_line(photo.name), count=others)
            click.echo(told, err=True)
        try:
            self.copies.note(photo, result, target)
        except PhotoscanError as error:
            # The copy is there and proved: only the next run will not know it.
            click.echo(f"photoscan: {error.text(self.language)}", err=True)

    def foresee(self, photo: Photo) -> None:
        """Say what would be done."""
        from photoscan.safe_copy import foresee_safe_copy

        self.told.append(foresee_safe_copy(photo, self.scanner, self.plan))

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
            click.echo(text("cli.clean.checked_kept", self.language, path=on_one_line(photo.name), what=what))
        else:
            click.echo(text("cli.clean.checked", self.language, path=on_one_line(photo.name)))

    def end(self, receipt: Path | None, format_: str, dry_run: bool) -> None:
        """Print plans, write receipts, tell the totals."""
        if dry_run:
            if format_ == "json":
                click.echo(
                    json.dumps([plan.to_dict(self.language) for plan in self.told], indent=2, ensure_ascii=False)
                )
            else:
                click.echo("\n\n".join(plan.text(self.language) for plan in self.told))
        elif receipt is not None:
            # Names of files that are no text (PEP 383) must not cost all receipts.
            whole = written(receipt, self.told, self.kept, self.language)
            write_atomically(receipt, whole.encode("utf-8", "backslashreplace"))
        if self.copies is not None and self.cleaned + self.skipped + self.refused > 1:
            counts = {"cleaned": self.cleaned, "skipped": self.skipped, "refused": self.refused}
            click.echo(text("cli.clean.summary", self.language, **counts), err=True)
            if self.copies.output is not None and self.cleaned + self.skipped:
                said = {"count": self.cleaned + self.skipped, "path": self.copies.output}
                click.echo(text("cli.clean.lie", self.language, **said), err=True)


def _purpose(plan: CleanPlan, receipt: Path | None) -> Purpose:
    """What files that are checked may hold: by their receipts, else by the choices."""
    from photoscan.on_purpose import Purpose

    return Purpose(plan) if receipt is None else Purpose.read(receipt, plan)


def _own(choices: dict[str, Any], people: Path | None) -> dict[str, Any]:
    """What the caller chose for himself, None for what he left to the policy."""
    keep, boxes, possible = choices.pop("keep"), choices.pop("boxes"), choices.pop("redact_possible")
    return {
        **choices,
        "redact": choices["redact"] or None,
        "possible_from": 0.0 if possible else None,
        "keep": kept(keep) if keep else None,
        "boxes": tuple(parse_box(box) for box in boxes),
        "keep_faces": _known_and_willing(choices["keep_faces"], people),
        "to": choices["to"],
    }


def _people_file(keep_faces: tuple[str, ...], people: Path | None) -> Path | None:
    if people is None and keep_faces:
        return default_file()
    return people


def _known_and_willing(names: tuple[str, ...], file: Path | None) -> tuple[str, ...]:
    """The names as they stand in the file of people; UsageError for one who is not in it or does not consent."""
    if not names or file is None:
        return ()
    known = people.read(file)
    found = [known.find(name) for name in names]
    for name, person in zip(names, found, strict=True):
        if person is None:
            raise UsageError("problem.clean.nobody", name=name, path=file)
        if not person.consents:
            raise UsageError("problem.clean.unwilling", name=name)
    return tuple(person.name for person in found if person is not None)


def _scanner(options: ScanOptions, policy: Policy, outside: Chosen) -> Scanner:
    from photoscan.scanner import Scanner

    return Scanner(options, policy, outside.detectors())


def _looked(options: ScanOptions, policy: Policy, outside: Chosen) -> tuple[str, ...]:
    """What the scans depend on; the language of their sentences does not matter to a copy."""
    from photoscan.fingerprint import fingerprint

    return (fingerprint(replace(options, language="en"), policy, outside.detectors()),)


def _open(path: str, limits: Limits) -> Photo:
    from photoscan.photo import Photo

    if path == STANDARD_INPUT:
        return Photo.open(sys.stdin.buffer, limits, name="photo")
    return Photo.open(path, limits)


def _progress(inputs: list[str], language: str) -> Iterator[str]:
    """The photos one after the other, with a bar on the terminal while somebody is watching."""
    if len(inputs) < 2 or not sys.stderr.isatty():
        yield from inputs
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(inputs, text("cli.clean.progress", language), console=Console(stderr=True), transient=True)
