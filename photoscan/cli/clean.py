"""`photoscan clean`: make copies that are safe to share."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from photoscan.cleaning.plan import COARSENESS, KEEPABLE, KEPT, STYLES, CleanPlan, parse_box
from photoscan.cli.paths import STANDARD_INPUT, photos
from photoscan.cli.scan import kinds
from photoscan.errors import CleaningError, PhotoscanError, UsageError
from photoscan.files import write_atomically

if TYPE_CHECKING:
    from photoscan.cleaning import CleanResult
    from photoscan.cleaning.plan import Coarseness
    from photoscan.photo import Photo
    from photoscan.scanner import Scanner


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File for one photo, folder for several.")
@click.option("--in-place", is_flag=True, help="Replace the photos themselves.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed; write nothing.")
@click.option("--check", is_flag=True, help="Say whether the metadata of files cleaned elsewhere is gone.")
@click.option("--metadata-only", is_flag=True, help="Leave the picture as it is.")
@click.option(
    "--redact", multiple=True, callback=kinds, metavar="KINDS", help="Hide these kinds only (face, plate, ...)."
)
@click.option("--keep-face", "keep_faces", multiple=True, metavar="NAME", help="Show this known person, who consents.")
@click.option("--people", type=click.Path(dir_okay=False, path_type=Path), help="The file that NAMEs are in.")
@click.option("--style", type=click.Choice(STYLES), default="fill", show_default=True)
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
@click.option("--rename", is_flag=True, help="Give the copies names that tell nothing.")
@click.option("--receipt", type=click.Path(dir_okay=False, path_type=Path), help="Write receipts as JSON.")
def clean(
    paths: tuple[str, ...],
    output: Path | None,
    in_place: bool,
    dry_run: bool,
    check: bool,
    metadata_only: bool,
    redact: tuple[str, ...],
    keep_faces: tuple[str, ...],
    people: Path | None,
    style: str,
    keep: tuple[str, ...],
    coarsen_gps: Coarseness | None,
    drop_date: bool,
    boxes: tuple[str, ...],
    rename: bool,
    receipt: Path | None,
) -> None:
    """Make clean copies of photos. Exit status: 0 cleaned and proved, 2 anything else: then there is no output."""
    if sum((output is not None, in_place, dry_run, check)) != 1:
        raise click.UsageError("say where the copies go: one of -o, --in-place, --dry-run or --check")
    people = _people_file(keep_faces, people)
    plan = CleanPlan(
        metadata_only,
        redact,
        style,  # type: ignore[arg-type]
        _kept(keep, drop_date),
        tuple(parse_box(box) for box in boxes),
        coarsen_gps,
        _known_and_willing(keep_faces, people),
    )
    inputs = list(photos(paths))
    scanner = None if metadata_only or check else _scanner(people)
    given = _identities(inputs)
    receipts = []
    failed = not inputs
    for path in inputs:
        try:
            photo = _open(path)
            if check:
                _check(photo, plan)
                continue
            result = _cleaned(photo, scanner, plan)
            if not dry_run:
                target = _target(photo, paths, output, rename) if output else Path(path)
                if not in_place:
                    _refuse_input(target, given)
                write_atomically(target, result.data)
            receipts.append(result.receipt.to_dict())
            click.echo(("would be cleaned: " if dry_run else "") + result.receipt.summary(), err=True)
        except PhotoscanError as error:
            failed = True
            message = str(error)
            click.echo(f"photoscan: {message if path in message else f'{path}: {message}'}", err=True)
    if receipt is not None:
        write_atomically(receipt, (json.dumps(receipts, indent=2, ensure_ascii=False) + "\n").encode())
    if failed:
        sys.exit(2)


def _kept(keep: tuple[str, ...], drop_date: bool) -> tuple[str, ...]:
    always = () if "nothing" in keep else KEPT
    named = (*always, *(part for part in keep if part != "nothing"))
    return tuple(part for part in dict.fromkeys(named) if not (drop_date and part == "date"))


def _people_file(keep_faces: tuple[str, ...], people: Path | None) -> Path | None:
    if people is None and keep_faces:
        from photoscan.cli.people import default_file

        return default_file()
    return people


def _known_and_willing(names: tuple[str, ...], file: Path | None) -> tuple[str, ...]:
    """The names as they stand in the file of people; UsageError for one who is not in it or does not consent."""
    if not names or file is None:
        return ()
    from photoscan import people

    known = people.read(file)
    found = [known.find(name) for name in names]
    for name, person in zip(names, found, strict=True):
        if person is None:
            raise UsageError(f"--keep-face {name}: nobody of that name is in {file}")
        if not person.consents:
            raise UsageError(f"--keep-face {name}: has not agreed to be shown ('photoscan people add' --consents)")
    return tuple(person.name for person in found if person is not None)


def _scanner(people: Path | None) -> Scanner:
    from photoscan.options import ScanOptions
    from photoscan.scanner import Scanner

    return Scanner(ScanOptions(people=people))


def _open(path: str) -> Photo:
    from photoscan.photo import Photo

    if path == STANDARD_INPUT:
        return Photo.open(sys.stdin.buffer, name="photo")
    return Photo.open(path)


def _cleaned(photo: Photo, scanner: Scanner | None, plan: CleanPlan) -> CleanResult:
    from photoscan import cleaning

    if scanner is None:
        return cleaning.clean(photo, None, None, plan)
    return cleaning.clean(photo, scanner.scan(photo), scanner.scan, plan)


def _check(photo: Photo, plan: CleanPlan) -> None:
    """Verify a file that somebody else cleaned; CleaningError names what is left in it."""
    from photoscan.cleaning import left_over

    if left := left_over(photo, plan):
        more = f" and {len(left) - 8} more" if len(left) > 8 else ""
        raise CleaningError(f"not clean: {', '.join(left[:8])}{more}")
    click.echo(f"{photo.name}: no metadata left")


def _target(photo: Photo, paths: tuple[str, ...], output: Path, rename: bool) -> Path:
    """A file for one photo; in a folder the photo's own name, below the folder that was searched."""
    source = Path(photo.name)
    single = len(paths) == 1 and not Path(paths[0]).is_dir() and not output.is_dir() and output.suffix != ""
    if single:
        return output
    relative = Path(source.name)
    for root in map(Path, paths):
        if root.is_dir() and root in source.parents:
            relative = source.relative_to(root)
    if rename:
        relative = relative.with_name(f"photo-{secrets.token_hex(4)}{source.suffix.lower()}")
    target = output / relative
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{target.parent}: can't be made: {error.strerror}") from None
    return target


def _identities(inputs: list[str]) -> set[tuple[int, int]]:
    """Device and inode of each photo that was given."""
    found = set()
    for path in inputs:
        if path != STANDARD_INPUT and (status := _status(Path(path))):
            found.add((status.st_dev, status.st_ino))
    return found


def _refuse_input(target: Path, given: set[tuple[int, int]]) -> None:
    """Without --in-place no photo that was given may be overwritten, not even by way of a link."""
    status = _status(target)
    if status and (status.st_dev, status.st_ino) in given:
        raise UsageError(f"{target} is a photo that was given: choose another place, or say --in-place")


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None
