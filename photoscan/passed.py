"""What a search of folders passes over: files that are no photos, by kind, so that nobody takes them for inspected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

from photoscan import sidecars
from photoscan.catalog import text
from photoscan.escapes import on_one_line

MAX_LISTED = 10_000
"""Files that are named; beyond that they are only counted."""

_SUFFIXES = {
    "film": "mov mp4 m4v avi mkv webm 3gp 3g2 mts m2ts mpg mpeg wmv flv ogv insv lrv",
    "raw": "cr2 cr3 crw nef nrw arw srf sr2 raf rw2 orf pef srw x3f dng 3fr iiq rwl kdc dcr mrw erf mef mos gpr",
    "pdf": "pdf",
    "picture": "psd psb xcf ai eps kra afphoto clip cdr jp2 j2k jpx jxr wdp hdp ico tga exr hdr pcx dcm svgz",
    "document": "doc docx odt rtf txt md pages tex epub ppt pptx odp key xls xlsx ods numbers htm html eml msg",
    "archive": "zip rar 7z tar gz tgz bz2 xz zst cbz cbr dmg iso",
    "sound": "wav mp3 m4a aac ogg opus oga flac wma amr aiff caf",
    "notes": "json xmp aae thm pp3 dop xml csv tsv ini gpx kml kmz geojson photo-edit cos cop nksc on1 vcf",
}
"""Kinds by the ends of names; anything else is 'other'. What begins like a photo is one, whatever its name."""
KINDS = (*_SUFFIXES, "other")
"""In the order in which they are told."""
_KIND_OF = {f".{suffix}": kind for kind, row in _SUFFIXES.items() for suffix in row.split()}
_SYSTEM = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "@eadir", "$recycle.bin"))
"""Files and folders of operating systems, which nobody put there."""


@dataclass
class Passed:
    """`files`: path and kind of each; `counts` of all, also of those that are not listed.

    `apart`: whether files that belong to photos and tell about them stand apart, since they are read with these:
    `sidecars` is how many, `ends` what their names end with. What is hidden and what operating systems leave behind is
    not counted: nobody put it there.
    """

    apart: bool = True
    files: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    sidecars: int = 0
    ends: Counter[str] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.counts)

    def add(self, top: Path, folder: Path, photos: Iterable[str], others: Iterable[str]) -> None:
        """Take in what one folder at or below `top` holds: the names of its photos, and of what is none."""
        left = sorted(others)
        belonging = self._belonging(photos, left) if self.apart else set()
        self.add_sidecars(belonging)
        below = folder.relative_to(top).parts if folder.is_relative_to(top) else ()
        if any(_is_unmeant(part) for part in below):
            return
        for name in left:
            if name in belonging or _is_unmeant(name):
                continue
            kind = _KIND_OF.get(PurePath(name).suffix.lower(), "other")
            self.counts[kind] += 1
            if len(self.files) < MAX_LISTED:
                self.files.append((str(folder / name), kind))

    def add_sidecars(self, named: Iterable[str]) -> None:
        """Count files that belong to photos."""
        for name in named:
            self.sidecars += 1
            self.ends[PurePath(name).suffix.lower() or name] += 1

    def only(self, wanted: Callable[[str], bool]) -> Passed:
        """The listed files whose path is wanted, and what they come to."""
        files = [(path, kind) for path, kind in self.files if wanted(path)]
        return replace(self, files=files, counts=Counter(kind for _, kind in files))

    def told(self, language: str) -> str:
        """'Passed over: 3 PDF documents, 2 films.'"""
        kinds = ", ".join(
            text(f"passed.{kind}", language, count=self.counts[kind]) for kind in KINDS if self.counts[kind]
        )
        return text("passed", language, kinds=kinds)

    def lines(self, language: str, verbose: bool | None = False, named: str = "") -> list[str]:
        """The same, and where it is `verbose` a line for each file; nothing where nothing was passed over.

        `verbose`: None where there is no such choice. `named`: the file that names them, where it is another.
        """
        if not self:
            return []
        if verbose is None:
            return [self.told(language)]
        if named or not verbose:
            where = text("passed.file", language, file=named) if named else text("passed.verbose", language)
            return [f"{self.told(language)} {where}"]
        more = [f"  {text('passed.more', language, count=self.unlisted())}"] if self.unlisted() else []
        return [self.told(language), *(f"  {on_one_line(path)}" for path, _ in self.files), *more]

    def unlisted(self) -> int:
        """How many there are more than are listed."""
        return self.counts.total() - len(self.files)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "count": self.counts.total(),
            "kinds": {kind: self.counts[kind] for kind in KINDS if self.counts[kind]},
            "files": [{"path": path, "kind": kind} for path, kind in self.files],
        }

    @staticmethod
    def _belonging(photos: Iterable[str], left: Iterable[str]) -> set[str]:
        """Those names that files about one of the photos have."""
        likely = {name for name in left if PurePath(name).suffix.lower() in sidecars.SUFFIXES or name == ".picasa.ini"}
        return {name for photo in photos if likely for name in likely & sidecars.names(photo).keys()}


def _is_unmeant(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _SYSTEM
