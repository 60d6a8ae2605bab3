"""Where reports go and in which format: one run can write several, such as text here and a page to a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from photoscan.catalog import text
from photoscan.cli.paths import answer, aside, identities, identity
from photoscan.cli.stopping import STOPPED, Stopping
from photoscan.errors import UsageError
from photoscan.files import write_atomically
from photoscan.render import REGISTRY, RenderOptions, renderer

if TYPE_CHECKING:
    from photoscan.report import Report

HERE = "-"
"""Standard output, where an output is named."""
_IN_PARTS = ("text", "jsonl")
"""Formats that are told of the photos that were looked at before a run was stopped."""


@dataclass(frozen=True, slots=True)
class Output:
    """One place and its format; standard output where `file` is None."""

    format: str
    file: Path | None = None

    @property
    def colourful(self) -> bool:
        """Whether somebody may see colours there."""
        return self.file is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


HERE_AS_TEXT = Output("text")
"""The report that people read, where they are."""


def outputs(named: Sequence[Path], format_: str | None, photos: Sequence[str]) -> tuple[Output, ...]:
    """Each output that was named, else standard output, which comes first: it shows results early.

    `format_`: for one output, and for whatever has no format in its name; without it that is text. Raises UsageError
    for a file that is one of the photos, for a place that is named twice, and without `format_` for a file whose name
    says that it is something else, such as a picture.
    """
    files = [None if str(path) == HERE else path for path in named] or [None]
    for file in files:
        if file is not None and identity(file) in identities(photos):
            raise UsageError("problem.scan.output", path=file)
        if file is not None and not format_ and _by_name(file) is None and _is_other(file):
            raise UsageError("problem.scan.ending", path=file)
    if len({file if file is None else Path(os.path.abspath(file)) for file in files}) < len(files):  # noqa: PTH100
        raise UsageError("problem.scan.outputs")
    files.sort(key=lambda file: file is not None)
    if len(files) == 1 and format_:
        return (Output(format_, files[0]),)
    return tuple(Output(_by_name(file) or format_ or "text", file) for file in files)


def write(places: Sequence[Output], reports: Iterator[Report], options: RenderOptions, stopping: Stopping) -> None:
    """Write reports to all places; those that were written first need not wait for the others."""
    kept: list[Report] = []
    for number, place in enumerate(places):
        source = _kept(reports, kept) if number == 0 and len(places) > 1 else reports if number == 0 else iter(kept)
        _write(place, source, replace(options, colour=place.colourful), stopping)


def tell_stopped(done: int, total: int, language: str, places: Sequence[Output]) -> int:
    """How far a run came that was stopped, with the report that people read, else beside it; the exit status."""
    said = text("cli.stopped.after", language, done=done, total=total)
    in_report = HERE_AS_TEXT in places
    if in_report:
        answer(said)
    if not in_report or not sys.stdout.isatty():
        aside(said)
    return STOPPED


def _kept(reports: Iterator[Report], kept: list[Report]) -> Iterator[Report]:
    for report in reports:
        kept.append(report)
        yield report


def _by_name(file: Path | None) -> str | None:
    """The format that a file's name asks for by its end; None for any other name, and where there is none."""
    end = "" if file is None else file.suffix[1:].lower()
    return {"htm": "html", "txt": "text"}.get(end, end if end in REGISTRY else None)


def _is_other(file: Path) -> bool:
    """Whether a file's name says that it is no text: who asks for 'safe.jpg' may want a copy of the photo."""
    from mimetypes import MimeTypes  # only names that no format has need it

    told, packed = MimeTypes().guess_type(file.name)
    return packed is not None or (told is not None and not told.startswith("text/"))


def _write(place: Output, reports: Iterator[Report], options: RenderOptions, stopping: Stopping) -> None:
    """Write the report; of a run that was stopped none that is a whole document: it would pass for all."""
    pieces = renderer(place.format)(options).render(reports)
    # Names of files that are no text (PEP 383) must not cost the whole report, nor make it none.
    coded = (piece.encode("utf-8", "backslashreplace") for piece in pieces)
    if place.file is None:
        for piece in coded:
            if not stopping.asked or place.format in _IN_PARTS:
                answer(piece.decode(), end="")
        return
    # A page's first piece comes when all photos were seen; its pictures are written as they are made.
    first = [next(coded, b"")] if place.format == "html" else [b"".join(coded)]
    if not stopping.asked:
        write_atomically(place.file, chain(first, coded))
