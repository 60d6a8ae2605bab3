"""A place to write to that is pulled away at a chosen write, and what lies there afterwards."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any


class PulledError(BaseException):
    """The plug is pulled: nobody catches this."""


class ModelOutput:
    """An `Output` in memory, which outlives those who write to it. `fuse`: so many more writes, the last of which is
    done or, with `before`, not; then PulledError."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.fuse: int | None = None
        self.before = False

    def address(self, name: str) -> str:
        return f"model://{name}"

    def put(self, name: str, data: bytes) -> None:
        if self.fuse is not None:
            self.fuse -= 1
        burnt = self.fuse is not None and self.fuse < 0
        if not (burnt and self.before):
            self.held[name] = data
        if burnt:
            raise PulledError

    def get(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        for name in names:
            yield name, self.held.get(name)

    def names(self, folder: str) -> list[str]:
        start = f"{folder}/" if folder else ""
        return sorted({name[len(start) :].partition("/")[0] for name in self.held if name.startswith(start)})

    def size(self, name: str) -> int | None:
        return len(self.held[name]) if name in self.held else None

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        stream = io.BytesIO()
        yield stream
        self.put(name, stream.getvalue())

    @contextmanager
    def lines(self, name: str) -> Iterator[Iterator[bytes]]:
        yield iter(io.BytesIO(self.held[name]))

    def rows(self) -> list[dict[str, Any]]:
        """Every row of every object of reports, whether an index speaks of it or not."""
        names = sorted(name for name in self.held if name.startswith("reports/"))
        return [json.loads(line) for name in names for line in self.held[name].split(b"\n") if line]


class ModelSink:
    """Keeps what it was given last, by the name of the part; breaks as its output's fuse does."""

    def __init__(self, output: ModelOutput) -> None:
        self.output = output
        self.closed = 0

    def write(self, part: Any, reports: Any) -> None:
        self.output.put(f"sink/{part.name}", json.dumps(reports).encode())

    def close(self) -> None:
        self.closed += 1

    def rows(self) -> list[dict[str, Any]]:
        names = sorted(name for name in self.output.held if name.startswith("sink/"))
        return [row for name in names for row in json.loads(self.output.held[name])]
