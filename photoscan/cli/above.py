"""Files of the user's own that a command finds by itself: from the working folder upwards, never beside the photos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def nearest(name: str) -> Path | None:
    """The first file of that name in the working folder or above it; None where there is none."""
    return next((folder / name for folder in folders() if (folder / name).is_file()), None)


def folders() -> Iterator[Path]:
    """The working folder, and those above it up to a repository's root or the user's home.

    Outside of both, the working folder alone: what lies above may belong to anybody, as in a folder for all.
    """
    try:
        here = Path.cwd()
        home = Path.home()
    except (OSError, RuntimeError):
        return
    rows = (here, *here.parents)
    last = next((number for number, row in enumerate(rows) if row == home or (row / ".git").exists()), 0)
    yield from rows[: last + 1]
