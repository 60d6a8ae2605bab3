"""`photoscan watch`: clean what arrives in a folder."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from photoscan.catalog import LANGUAGES, system_language, text
from photoscan.cleaning.plan import CleanPlan, kept
from photoscan.cli.answer import lost
from photoscan.cli.arrivals import Arrivals
from photoscan.cli.choices import from_outside, kinds, plugins
from photoscan.cli.copies import Copies
from photoscan.cli.ignored import excluding, passed_over
from photoscan.cli.limits import limiting, taken
from photoscan.cli.outcome import Outcome
from photoscan.cli.paths import Local, complain, identities, tell_left
from photoscan.cli.project import Configured, configured
from photoscan.cli.root import place
from photoscan.errors import PhotoscanError, UsageError
from photoscan.options import PROFILES, ScanOptions
from photoscan.photo import Photo
from photoscan.risk.policy import Policy

if TYPE_CHECKING:
    from photoscan.scanner import Scanner


@click.command(cls=Configured)
@click.argument("folder", type=Local(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=Local(file_okay=False, path_type=Path), help="Folder for the copies."
)
@click.option("--every", type=click.FloatRange(0.01), default=2.0, show_default=True, help="Seconds between two looks.")
@click.option("--once", is_flag=True, help="Clean what is there, then end.")
@click.option("--policy", default="default", show_default=True, help="What to hide and keep: a policy's name or file.")
@click.option("--metadata-only", is_flag=True, help="Leave the picture as it is.")
@click.option(
    "--remove",
    multiple=True,
    callback=kinds,
    metavar="GROUPS",
    help="Remove only these groups from the files (gps, names, ...), and leave the pictures as they are.",
)
@click.option("--keep", multiple=True, callback=kinds, metavar="PARTS", help="Keep this too: like clean --keep.")
@click.option("--profile", type=click.Choice(PROFILES), default="balanced", show_default=True)
@plugins
@excluding
@configured
@limiting
@click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Language; by default the policy's, otherwise your system's."
)
def watch(
    folder: Path,
    output: Path,
    every: float,
    once: bool,
    policy: str,
    metadata_only: bool,
    remove: tuple[str, ...],
    keep: tuple[str, ...],
    profile: str,
    no_plugins: bool,
    exclude: tuple[str, ...],
    lang: str | None,
    **choices: Any,
) -> None:
    """Make a safe copy of every photo that is or arrives in FOLDER, until Ctrl-C. The photos stay as they are.

    A photo is cleaned when it no longer grows, and again when it has changed. Started anew, it goes on where it was.
    Exit status: 0 if every copy was made and proved, otherwise 2.
    """
    _check(folder, output)
    outside = from_outside(no_plugins or metadata_only or bool(remove))
    chosen = Policy.load(policy)
    language = lang or chosen.language or system_language()
    options = ScanOptions(profile=profile, sidecars=False, language=language, limits=taken(choices))  # type: ignore[arg-type]
    own = {"remove": remove or None, "keep": kept(keep) if keep else None}
    plan = CleanPlan.by_policy(chosen, metadata_only=metadata_only, **own)
    looked: tuple[str, ...] = ()
    scanner = None
    if not plan.metadata_only:
        from photoscan.fingerprint import fingerprint
        from photoscan.scanner import Scanner

        scanner = Scanner(options, chosen, outside.detectors())
        # The language of sentences does not matter to a copy: started by a service in another one, it makes none anew.
        looked = (fingerprint(replace(options, language="en"), chosen, outside.detectors()),)
    arrivals = Arrivals(folder, passed_over(exclude, (str(folder),), language))
    copies = _Numbered((str(folder),), [], output, plan, False, looked, chosen.names_photos)
    run = _Run(folder, plan, scanner, copies, options)
    if not once:
        click.echo(text("cli.watch.begin", language, path=folder, output=output), err=True)
    with _until_stopped():
        run.all(arrivals, every, once)
    run.end(once)
    tell_left(arrivals.passed, language, None)
    sys.exit(2 if run.refused else 0)


def _check(folder: Path, output: Path) -> None:
    """UsageError for what is no folder, and for copies that would arrive themselves."""
    if not folder.is_dir():
        raise UsageError("cli.watch.folder", path=folder)
    watched, copies = (Path(os.path.realpath(path)) for path in (folder, output))
    if watched == copies or watched in copies.parents or copies in watched.parents:
        raise UsageError("cli.watch.inside", path=folder, output=output)


@contextmanager
def _until_stopped() -> Iterator[None]:
    """Ctrl-C and SIGTERM end what is done inside; a copy that is not whole is none."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        yield


class _Numbered(Copies):
    """Copies of which none replaces another: a camera counts from 1 again, and its next photo has the name of an older
    one, whose copy may be all that is left of it.
    """

    def _name(self, photo: Photo) -> Path:
        """The first name that is free, or that this very photo's copy has: 'a.jpg', 'a-2.jpg', ..."""
        assert self.output is not None
        assert self.ledger is not None
        first, key = super()._name(photo), self._key(photo)
        for number in count(1):
            name = first if number == 1 else first.with_stem(f"{first.stem}-{number}")
            if not os.path.lexists(self.output / name) or self.ledger.find(key, name.as_posix()):
                return name
        raise AssertionError


class _Run:
    """What became of the photos of a folder since the start."""

    def __init__(
        self, folder: Path, plan: CleanPlan, scanner: Scanner | None, copies: Copies, options: ScanOptions
    ) -> None:
        self.folder, self.plan, self.scanner, self.copies = folder, plan, scanner, copies
        self.language, self.limits = options.language, options.limits
        self.cleaned = self.skipped = self.refused = 0

    def all(self, arrivals: Arrivals, every: float, once: bool) -> None:
        """Look, and look again; with `once` a second time only, to see what still grows."""
        list(arrivals.look())  # Nothing has settled yet.
        while not once or arrivals.waiting:
            time.sleep(every)
            ready = list(arrivals.look())
            self.copies.given |= identities(arrivals.known)
            for path in ready:
                self.one(path)
            if once:
                return

    def one(self, path: str) -> None:
        """Clean a photo; what goes wrong is told and stops nothing."""
        try:
            self._clean(path)
        except PhotoscanError as error:
            self._refuse(path, error.text(self.language))
        except MemoryError:
            raise
        except Exception as error:
            if lost(error):
                raise
            self._refuse(path, text("clean.refused.crash", self.language, error=place(error)))

    def _clean(self, path: str) -> None:
        from photoscan.safe_copy import make_safe_copy

        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.folder)):
            # Who may only put files here would get a copy of any photo that its owner can read.
            raise UsageError("cli.watch.link", path=path)
        photo = Photo.open(path, self.limits)
        if self.copies.done(photo) is not None:
            self.skipped += 1
            return
        result = make_safe_copy(photo, self.scanner, self.plan)
        target = self.copies.write(photo, result)
        self.cleaned += 1
        Outcome(self.language, self.plan, 1).copied(photo, result.receipt)
        try:
            self.copies.note(photo, result, target)
        except PhotoscanError as error:
            # The copy is there and proved: only the next start will not know it.
            click.echo(f"photoscan: {error.text(self.language)}", err=True)

    def _refuse(self, path: str, message: str) -> None:
        self.refused += 1
        complain(path, message)

    def end(self, once: bool) -> None:
        """What was done, and where the copies are."""
        counts = {"cleaned": self.cleaned, "skipped": self.skipped, "refused": self.refused}
        told = text("cli.clean.summary", self.language, **counts)
        key = "cli.watch.done" if once else "cli.watch.stopped"
        click.echo(text(key, self.language, counts=told, path=self.copies.output), err=True)
