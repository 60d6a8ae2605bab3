"""What all tests of one run remember together, in files that both of its processes read: work is done once.

A network's answer is a function of its weights and its input alone. Nine tenths of a scan's time are answers, and the
tests scan the same few photos again and again: by the library, the command line, in each format. What stands around the
networks is done anew each time, and that is what those tests are about.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SPACE = 5_000_000_000
"""Bytes of answers that are kept on disk, some 70 million a photo; what was not asked for longest goes first."""
LEAST = {"text-recogniser": 1e-6}
"""Of a softmax over 18,710 characters for each column only what is likelier is kept: nobody looks at less."""


def once(folder: Path, make: Callable[[Path], None], patience: float = 600) -> Path:
    """The folder as `make` makes it, by whichever process comes first; the others wait, at most so many seconds."""
    done = folder.with_name(f"{folder.name}.done")
    try:
        folder.with_name(f"{folder.name}.begun").touch(exist_ok=False)
    except FileExistsError:
        end = time.monotonic() + patience
        while not done.exists():
            if time.monotonic() > end:
                raise TimeoutError(f"nobody has finished {folder.name}") from None
            time.sleep(0.1)
        return folder
    make(folder)
    done.touch()
    return folder


class Memory:
    """Answers by the hash of what was asked, in one folder."""

    def __init__(self, folder: Path, space: int = SPACE) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.space = folder, space
        self._written = 0

    def recall(self, key: str) -> list[Any] | None:
        """The arrays of that answer, which may be written to, or None."""
        path = self.folder / f"{key}.npz"
        try:
            with np.load(path) as found:
                parts = [found[name] for name in found.files]
            os.utime(path)
        except OSError:
            return None
        return parts

    def keep(self, key: str, parts: list[Any]) -> None:
        """Write an answer whole or not at all, and make room now and then."""
        partial = self.folder / f"{key}.{os.getpid()}"
        with partial.open("wb") as file:
            np.savez(file, *parts)
        partial.replace(self.folder / f"{key}.npz")
        self._written += sum(part.nbytes for part in parts)
        if self._written > self.space / 10:
            self._written = 0
            self._make_room()

    def _make_room(self) -> None:
        rows = []
        for path in self.folder.glob("*.npz"):
            try:
                seen = path.stat()
            except FileNotFoundError:  # the other process made room as well
                continue
            rows.append((seen.st_mtime, seen.st_size, path))
        total = sum(size for _, size, _ in rows)
        for _, size, path in sorted(rows):
            if total <= self.space * 0.9:
                return
            path.unlink(missing_ok=True)
            total -= size


class Session:
    """A network that remembers; all else is the real session's."""

    def __init__(self, real: Any, weights: Path, how: str, memory: Memory) -> None:
        self._real, self._memory = real, memory
        self._least = LEAST.get(weights.parent.name)
        # Other weights under the same name answer otherwise, and so may another order of adding up.
        self._asked = f"{weights} {weights.stat().st_mtime_ns} {how}"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def run(self, batch: Any) -> dict[str, Any]:
        """As a network's `run`."""
        key = self._key(batch)
        parts = self._memory.recall(key)
        if parts is None:
            answer = list(self._real.run(batch).values())
            parts = answer if self._least is None else thinned(answer, self._least)
            self._memory.keep(key, parts)
        answer = parts if self._least is None else whole(parts)
        return dict(zip(self._real.outputs, answer, strict=True))

    def _key(self, batch: Any) -> str:
        told = hashlib.blake2b(f"{self._asked} {batch.shape} {batch.dtype} ".encode(), digest_size=20)
        told.update(np.ascontiguousarray(batch).data)
        return told.hexdigest()


def thinned(answer: list[Any], least: float) -> list[Any]:
    """Shape, places and values of what is at least that, one after the other for each array."""
    parts: list[Any] = []
    for part in answer:
        places = np.flatnonzero(part >= least)
        parts += [np.array(part.shape), places, part.ravel()[places]]
    return parts


def whole(parts: list[Any]) -> list[Any]:
    """The arrays of `thinned`, with 0 where less was."""
    answer = []
    for shape, places, values in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        part = np.zeros(tuple(shape), values.dtype)
        part.ravel()[places] = values
        answer.append(part)
    return answer
