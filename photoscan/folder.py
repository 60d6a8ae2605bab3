"""The photos in a folder, at any depth, one after the other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from photoscan.files import is_special
from photoscan.formats import HEAD, Format, detect
from photoscan.ignoring import NOTHING, Ignored
from photoscan.passed import Passed

SUFFIXES = frozenset(suffix for format_ in Format for suffix in format_.row.suffixes)
"""Files so named count as photos in a folder even when their content says otherwise: then the report says so."""


def photos_in(folder: Path, ignored: Ignored = NOTHING, passed: Passed | None = None) -> Iterator[str]:
    """The path of whatever is named or looks like a photo, sorted within each folder; pipes and devices hold none.

    A folder that can't be read is given back itself: it may hold photos, and may not be passed over in silence. What
    is `ignored` is not looked into. `passed` takes in what is no photo.
    """
    unreadable: list[str] = []
    for base, folders, files in os.walk(folder, onerror=lambda error: unreadable.append(error.filename)):
        yield from unreadable
        unreadable.clear()
        here = Path(base)
        folders[:] = sorted(name for name in folders if not ignored.passes_over(folder, here / name, True))
        photos, others = [], []
        for name in sorted(files):
            file = here / name
            if ignored.passes_over(folder, file, False):
                continue
            if _is_photo(file):
                photos.append(name)
                yield str(file)
            else:
                others.append(name)
        if passed is not None:
            passed.add(folder, here, photos, others)
    yield from unreadable


def unsorted_photos_in(folder: Path, ignored: Ignored = NOTHING) -> Iterator[str]:
    """The same paths as those of `photos_in`, in no order: nothing is held of a folder of a million files."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    file = here / entry.name
                    is_folder = entry.is_dir()
                    if ignored.passes_over(folder, file, is_folder):
                        continue
                    if is_folder and not entry.is_symlink():
                        waiting.append(file)
                    elif not is_folder and _is_photo(file):
                        yield str(file)
        except OSError:
            yield str(here)


def _is_photo(file: Path) -> bool:
    """Whether a file is named like a photo and is no pipe or device, or begins like one."""
    return not is_special(file) if file.suffix.lower() in SUFFIXES else looks_like_photo(file)


def looks_like_photo(file: Path) -> bool:
    """Whether a file begins like a photo; False for one that can't be read, and for what is no plain file."""
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            return detect(stream.read(HEAD)) is not None
    except OSError:
        return False
