"""What arrives in a folder: files that are looked at again and again until they no longer change. Asks no system for
events, so that it works alike on every one, and on shares that send none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from photoscan.folder import photos_in
from photoscan.ignoring import Ignored
from photoscan.passed import Passed

UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp")
"""How browsers and copying programs name what they have not finished."""
State = tuple[int, ...]


class Arrivals:
    """The photos in a folder, at any depth, each given once, and again when it has changed.

    One that is hidden or named as unfinished is left alone until it has its name. What can't be looked at has no state.
    """

    def __init__(self, folder: Path, ignored: Ignored) -> None:
        self.folder, self.ignored = folder, ignored
        self.passed = Passed()
        """What the last look passed over."""
        self._seen: dict[str, State | None] = {}
        self._given: dict[str, State | None] = {}

    @property
    def waiting(self) -> bool:
        """Whether something was there in the last look that was not given yet."""
        return any(path not in self._given or self._given[path] != state for path, state in self._seen.items())

    @property
    def known(self) -> list[str]:
        """Everything that the last look saw."""
        return list(self._seen)

    def look(self) -> Iterator[str]:
        """What is as it was in the look before, and was not given in this state."""
        before, self._seen = self._seen, {path: _state(path) for path in self._found()}
        self._given = {path: state for path, state in self._given.items() if path in self._seen}
        for path, state in self._seen.items():
            settled = path in before and before[path] == state
            if settled and (path not in self._given or self._given[path] != state):
                self._given[path] = state
                yield path

    def _found(self) -> Iterator[str]:
        passed = Passed()
        for path in photos_in(self.folder, self.ignored, passed):
            name = Path(path).name
            if not name.startswith(".") and not name.lower().endswith(UNFINISHED):
                yield path
        self.passed = passed


def _state(path: str) -> State | None:
    """What changes when a file is written to."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino
