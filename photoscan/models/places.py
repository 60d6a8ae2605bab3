"""Where models live: a folder of the user's choice, the checkout, the installed wheel, the user's data."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from photoscan.errors import ModelError

ENVIRONMENT = "PHOTOSCAN_MODELS"
"""The environment variable that names the one folder to use instead."""

CACHE = "PHOTOSCAN_CACHE"
"""The environment variable that names another folder for what is kept to start faster; empty: nothing is kept."""


@cache
def packaged() -> Path:
    """The folder of manifest and cards: `_models/` inside an installed wheel, `models/` in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "_models"
    return inside if inside.is_dir() else package.parent / "models"


def places() -> tuple[Path, ...]:
    """The folders in which models are looked for, the one that `models install` writes to first."""
    if chosen := os.environ.get(ENVIRONMENT):
        return (Path(chosen),)
    data = user_data()
    mine = data / "models" if data is not None else None
    in_checkout = packaged().name == "models" and os.access(packaged(), os.W_OK)
    # A wheel's own files belong to the package installer: a repaired copy goes to the user's, and wins.
    order = (packaged(), mine) if in_checkout else (mine, packaged())
    return tuple(place for place in order if place is not None)


def in_wheel(place: Path) -> bool:
    """Whether a folder of models is that of an installed wheel, whose files belong to the package installer."""
    return place == packaged() and place.name == "_models"


def target() -> Path:
    """The folder that `models install` writes to; ModelError when there is none."""
    place = places()[0]
    if in_wheel(place):
        raise ModelError("problem.model.homeless", variable=ENVIRONMENT)
    return place


def user_data() -> Path | None:
    """The user's data folder for photoscan by the platform's convention (on Unix XDG); None without a home."""
    chosen = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_DATA_HOME")
    try:
        home = Path.home()
    except RuntimeError:
        return Path(chosen) / "photoscan" if chosen else None
    conventions = {"win32": home / "AppData/Local", "darwin": home / "Library/Application Support"}
    base = Path(chosen) if chosen else conventions.get(sys.platform, home / ".local/share")
    return base / "photoscan"


def user_cache() -> Path | None:
    """The user's folder for what can be made again (on Unix XDG); None without a home, or where none is wanted."""
    if (named := os.environ.get(CACHE)) is not None:
        return Path(named) if named else None
    chosen = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    try:
        home = Path.home()
    except RuntimeError:
        home = None
    if not chosen and home is None:
        return None
    if sys.platform == "win32":
        return (Path(chosen) if chosen else home / "AppData/Local") / "photoscan" / "cache"  # type: ignore[operator]
    if chosen:
        return Path(chosen) / "photoscan"
    assert home is not None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "photoscan"
