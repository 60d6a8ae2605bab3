"""Networks opened for running: the one door, whichever engine is behind it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Lock

from photoscan import deadline
from photoscan.engines import AUTO
from photoscan.models.choosing import Choice, chosen
from photoscan.models.network import Network
from photoscan.models.store import path
from photoscan.options import ScanOptions

_networks: dict[tuple[Path, int, str], Network] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Runtime:
    """How networks are run: `threads` is the number of threads inside one run, `engine` one of `engines.CHOICES`.

    Several photos at once are faster as processes of one thread each.
    """

    threads: int = 1
    engine: str = AUTO

    @classmethod
    def of(cls, options: ScanOptions) -> Runtime:
        """As a scan's options say."""
        return cls(options.threads, options.engine)

    def network(self, name: str) -> Network:
        """A model opened for running, once per process and shared: its run() is thread-safe.

        Asked for with each picture: a report names the models that ran for it. Raises ModelError as `path` does, and
        as `choosing.choose` for an engine that isn't here, and OutOfTimeError where there is no time to run it.
        """
        deadline.check()
        choice = chosen(self.engine)
        with _lock:
            key = (path(name), self.threads, str(choice))
            if key not in _networks:
                _networks[key] = _open(key[0], self.threads, choice)
            return _networks[key]


def _open(file: Path, threads: int, choice: Choice) -> Network:
    opened: Network = import_module(choice.engine.opens).open_network(file, threads, choice)
    return opened
