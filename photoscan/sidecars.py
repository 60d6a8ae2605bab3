"""Files that lie beside a photo and tell about it: their names, which are there, and their bytes within limits.

Nothing is searched: the few names that belong to a photo's name are asked for, so that a folder of a million files
costs no more than one of ten. No link is followed: one may lead to any file that the user can read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from photoscan.patterns import pattern


class Sort(StrEnum):
    """What sort of file it is; the value is a part of the containers that its findings name."""

    XMP = "xmp"
    """Written by RAW developers and catalogues (XMP part 3, section 2: the photo's name with the suffix .xmp)."""
    TAKEOUT = "takeout"
    """Written by Google Takeout and by download programs, named after the whole name of the photo."""
    JSON = "json"
    """Named after the photo without its suffix: it may as well be something else."""
    AAE = "aae"
    """Apple's adjustments."""
    THM = "thm"
    """A camera's small JPEG beside a film or RAW file."""
    PICASA = "picasa"
    """Picasa's one file of a folder."""


MAX_BYTES = {Sort.XMP: 16 << 20, Sort.THM: 16 << 20}
"""What is read of a file; of all others 1 MB, which is a thousand times what they have."""
_MOST = 1 << 20
SUFFIXES = frozenset((".xmp", ".json", ".aae", ".thm", ".ini"))
"""What the names end with, in small letters."""
_INI = (".picasa.ini", "Picasa.ini")

_SUPPLEMENT = ".supplemental-metadata"
_LONGEST = 46
"""To so many characters Takeout cuts the name of its file before '.json'; 'IMG_1.jpg.supplemental-metadata' too."""
_EDITED = (
    "-edited", "-bearbeitet", "-modifi\u00e9", "-editado", "-editada", "-modificato", "-bewerkt", "-redigerad",
    "-redigeret", "-edytowane", "-diedit", "-d\u00fczenlendi", "-upraveno", "-\u7de8\u96c6\u6e08\u307f",
    "-\u5df2\u4fee\u6539", "-\u5df2\u7de8\u8f2f",
)  # fmt: skip
"""What Google Photos adds to the name of an edited copy, in the language of its owner."""
_NUMBERED = pattern(r"(?s)(.+)(\(\d{1,4}\))")
"""'IMG_1(2)': the second of several photos of one name."""
_APPLE = pattern(r"(IMG_)E?(\d{3,6})")
"""Apple's names: IMG_E1.JPG is the edited picture of IMG_1.HEIC, whose adjustments may be called IMG_O1.AAE."""


class Sidecar(NamedTuple):
    """One file. `state`: changes when it does. `problem`: why it is not read: 'link', 'special' or 'large'."""

    path: Path
    sort: Sort
    state: str
    problem: str | None = None


def names(photo: str) -> dict[str, Sort]:
    """The names that files about a photo have, by the photo's own name (without folders)."""
    stem, _, suffix = photo.rpartition(".")
    if not stem:
        return {}
    found = {f"{base}{end}": Sort.XMP for base in (stem, photo) for end in (".xmp", ".XMP")}
    found |= dict.fromkeys(_takeout(stem, suffix), Sort.TAKEOUT)
    for name in (f"{stem}.json", f"{stem}.info.json"):
        found.setdefault(name, Sort.JSON)
    apple = _APPLE.fullmatch(stem) if stem.startswith("IMG_") else None
    bases = (stem, f"{apple[1]}O{apple[2]}", f"{apple[1]}{apple[2]}") if apple else (stem,)
    found |= {f"{base}{end}": Sort.AAE for base in bases for end in (".AAE", ".aae")}
    found |= {f"{stem}{end}": Sort.THM for end in (".THM", ".thm")}
    found |= dict.fromkeys(_INI, Sort.PICASA)
    found.pop(photo, None)
    return found


def _takeout(stem: str, suffix: str) -> Iterator[str]:
    """Takeout's names: 'a.jpg.json', cut where they are long, and with the number of a second 'a.jpg' at the end."""
    numbers = _NUMBERED.fullmatch(stem) if stem.endswith(")") else None
    bases = [(stem, "")]
    if numbers:
        bases.append((numbers[1], numbers[2]))
    for base, number in bases:
        edited = next((base.removesuffix(end) for end in _EDITED if base.endswith(end)), base)
        for title in dict.fromkeys((base, edited)):
            whole = f"{title}.{suffix}"
            yield f"{whole[:_LONGEST]}{number}.json"
            for length in range(1, len(_SUPPLEMENT) + 1):
                yield f"{whole}{_SUPPLEMENT[:length]}{number}.json"


def beside(photo: Path) -> list[Sidecar]:
    """The files about a photo that are there, in the order of their names; folders are none. Raises nothing."""
    found: dict[tuple[int, int], Sidecar] = {}
    folder = str(photo.parent)
    for name, sort in names(photo.name).items():
        try:
            status = os.lstat(os.path.join(folder, name))  # noqa: PTH118 - sixty names a photo: paths would cost more
        except (OSError, ValueError):
            continue
        if stat.S_ISDIR(status.st_mode):
            continue
        state = f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}"
        # Where small and large letters are one, a file answers to several names.
        found.setdefault(
            (status.st_dev, status.st_ino), Sidecar(photo.parent / name, sort, state, _problem(status, sort))
        )
    return sorted(found.values())


def content(sidecar: Sidecar) -> bytes | None:
    """Its bytes; None for what can't be read, is no plain file, or has become too large meanwhile. Raises nothing."""
    if sidecar.problem is not None:
        return None
    # A pipe that took the file's place since must not keep us waiting.
    how = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(sidecar.path, how)
    except (OSError, ValueError):
        return None
    with os.fdopen(handle, "rb") as stream:
        try:
            if _problem(os.fstat(handle), sidecar.sort) is not None:
                return None
            data = stream.read(_room(sidecar.sort) + 1)
        except OSError:
            return None
    return data if len(data) <= _room(sidecar.sort) else None


def _room(sort: Sort) -> int:
    return MAX_BYTES.get(sort, _MOST)


def _problem(status: os.stat_result, sort: Sort) -> str | None:
    if stat.S_ISLNK(status.st_mode):
        return "link"
    if not stat.S_ISREG(status.st_mode):
        return "special"
    return "large" if status.st_size > _room(sort) else None
