"""Writes all that there is to print into a folder: a folder a language, each with its index."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

from photoscan.errors import NotInstalledError, NotReadableError, UsageError, reason
from photoscan.files import write_atomically
from photoscan.handouts import html
from photoscan.handouts.lessons import languages
from photoscan.handouts.sheets import certificates, sheets, words

NAMED = "certificates"
"""The file of the certificates with names."""
Files = dict[Path, Callable[[], bytes]]
"""Files by their place, and what makes each."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written in a language: its index, how many things there are to print, and how many names the PDF leaves
    a line for, since its letters lack those of the name."""

    language: str
    index: Path
    count: int
    left_free: int = 0


def chosen(language: str | None) -> tuple[str, ...]:
    """The languages to write: all for None; English for a language without texts."""
    if language is None:
        return languages()
    return (language,) if language in languages() else languages()[:1]


def write(
    folder: Path,
    wanted: Sequence[str],
    names: Sequence[str] = (),
    pdf: bool = True,
    overwrite: bool = False,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> list[Written]:
    """Write everything in the languages `wanted`, each of which has texts; with certificates for `names`, if any.

    `pdf`: also as PDF. `told`: how many files are written so far, and of how many. Nothing is written where a file is
    in the way, unless `overwrite`: UsageError. NotInstalledError without the library for PDF, NotReadableError for a
    folder that can't be written to.
    """
    made_by = _library() if pdf else None
    each = {language: _files(folder / language, language, names, made_by) for language in wanted}
    files = {place: made for rows in each.values() for place, made in rows.items()}
    if len(each) > 1:
        files[folder / "index.html"] = partial(html.languages, {name: words(name)["language"] for name in each})
    for place in files:
        if os.path.lexists(place) and not overwrite:
            raise UsageError("problem.handouts.exists", path=place)
    for done, (place, made) in enumerate(files.items(), 1):
        _make(place.parent)
        write_atomically(place, made())
        told(done, len(files))
    left_free = sum(map(made_by.lacks, names)) if made_by else 0
    return [
        Written(language, folder / language / "index.html", sum(file.suffix == ".html" for file in rows) - 1, left_free)
        for language, rows in each.items()
    ]


def _files(folder: Path, language: str, names: Sequence[str], pdf: ModuleType | None) -> Files:
    """All files of a language."""
    files: Files = {}
    pages = sheets(language)
    for sheet in pages:
        files[folder / f"{sheet.name}.html"] = partial(html.page, sheet, language)
        if pdf:
            files[folder / f"{sheet.name}.pdf"] = partial(pdf.page, sheet, language)
        if sheet.certificate and names:
            each = certificates(sheet, names)
            files[folder / f"{NAMED}.html"] = partial(html.certificates, sheet, each, language)
            if pdf:
                files[folder / f"{NAMED}.pdf"] = partial(pdf.certificates, sheet, each, language)
    files[folder / "index.html"] = partial(html.index, pages, NAMED if names else None, pdf is not None, language)
    return files


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotReadableError("problem.unmakeable", path=folder, why=reason(error)) from None


def _library() -> ModuleType:
    """What makes PDFs. NotInstalledError without the library that it needs."""
    try:
        from photoscan.handouts import pdf
    except ImportError:
        raise NotInstalledError("problem.handouts.extra") from None
    return pdf
