"""What is kept in the user's cache folder so that the next start is faster: never needed, and never a photo's.

What lies there is run or believed, so a file counts only where nobody but this user can have written it (or the
system's own account, which may do anything). Nothing here raises: where nothing can be kept, each start works anew.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from photoscan.models.places import user_cache

LONG = 60 * 24 * 3600


def folder(name: str) -> Path | None:
    """A folder of that name (parts with '/') inside the cache, made if it is not there; None where it can't be used."""
    base = user_cache()
    if base is None:
        return None
    place = base / name
    try:
        base.parent.mkdir(parents=True, exist_ok=True)
        for part in (*(parent for parent in reversed(place.parents) if parent.is_relative_to(base)), place):
            part.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return place if _safe(base, place) and os.access(place, os.W_OK) else None


def trusted(name: str) -> Path | None:
    """The file of that name (parts with '/') inside the cache; None where it isn't there, or others could write it."""
    base = user_cache()
    if base is None:
        return None
    file = base / name
    return file if _safe(base, file) and file.is_file() else None


def write(name: str, data: bytes) -> None:
    """Keep data under that name, whole or not at all."""
    place = folder(name.rpartition("/")[0])
    if place is None:
        return
    with suppress(OSError):
        descriptor, partial = tempfile.mkstemp(dir=place)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
            Path(partial).replace(place / name.rpartition("/")[2])
        except OSError:  # the disk is full
            Path(partial).unlink()


def sweep(place: Path) -> None:
    """Remove what was written to a folder more than LONG seconds ago: files of older versions, as a rule, and folders
    of processes that were killed at work.
    """
    with suppress(OSError):
        for found in place.iterdir():
            if found.lstat().st_mtime >= time.time() - LONG:
                continue
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found, ignore_errors=True)
            else:
                found.unlink(missing_ok=True)


def drop(name: str) -> None:
    """Forget what lies under that name."""
    base = user_cache()
    if base is not None:
        with suppress(OSError):
            (base / name).unlink()


def _safe(base: Path, path: Path) -> bool:
    """Whether this user owns it and all folders up to the cache, none is a link, and none can be written by others."""
    for part in (path, *(parent for parent in path.parents if parent.is_relative_to(base))):
        try:
            found = part.lstat()
        except OSError:
            return False
        if stat.S_ISLNK(found.st_mode) and part != base:
            return False
        # On Windows the folder's own rules hold: what lies in a profile is its user's.
        if hasattr(os, "geteuid") and (found.st_uid != os.geteuid() or found.st_mode & 0o022):
            return False
    return True
