"""The line that moves while somebody waits: one line of a terminal, written over until the answer comes.

Made by hand, since `rich` and `tqdm` take a tenth of a second to import and this line has to be there before that. It
needs nothing but the carriage return and spaces: no escape codes, no hidden cursor, so that it works on every terminal,
Windows' own among them, and leaves nothing behind whatever becomes of the process.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from photoscan.columns import columns, cut

EVERY = 0.15
"""Seconds between two drawings."""
_TURNS = "|/-\\"
_NARROWEST = 10
"""Columns below which nothing can be read."""
_UNKNOWN = 80
"""Columns of a terminal that does not tell."""

Content = Callable[[int], str]
"""What the line says within so many columns."""


class MovingLine:
    """One line of a terminal. Drawn by a thread of its own, so that it moves whatever else is going on.

    `stream`: the terminal. `content`: what it says. Whatever else is written to the terminal has to be written while
    the line is `cleared`.
    """

    def __init__(self, stream: TextIO, content: Content) -> None:
        self.content = content
        self._stream = stream
        self._lock = threading.RLock()
        self._drawn = self._turn = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_moving, name="photoscan-line", daemon=True)

    def start(self) -> None:
        """Draw it, and go on drawing."""
        self.draw()
        self._thread.start()

    def draw(self) -> None:
        """Draw it once, unless it has stopped or the terminal is gone."""
        with self._lock:
            if self._over.is_set():
                return
            width = _width(self._stream) - 1  # some terminals go on to the next line once the last column is filled
            if width < _NARROWEST:
                return
            turn = _TURNS[self._turn % len(_TURNS)]
            self._turn += 1
            said = cut(f"{turn} {_plain(self.content(width - 2), self._stream)}", width)
            taken = columns(said)
            self._write(f"\r{said}{' ' * (min(self._drawn, width) - taken)}\r")
            self._drawn = taken

    @contextmanager
    def cleared(self) -> Iterator[None]:
        """Nothing of it is on the terminal within this."""
        with self._lock:
            self._clear()
            yield

    def stop(self) -> None:
        """Take it away for good."""
        with self._lock:
            self._over.set()
            self._clear()

    def _keep_moving(self) -> None:
        while not self._over.wait(EVERY):
            self.draw()

    def _clear(self) -> None:
        if self._drawn:
            width = max(0, _width(self._stream) - 1)
            # An interrupted user finds his ^C on the line as well.
            self._write(f"\r{' ' * min(max(self._drawn, 2), width)}\r")
            self._drawn = 0

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            # A terminal that is gone is no reason to fail: whoever writes the answer will see.
            self._over.set()


def is_watched(stream: TextIO | None, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether somebody sits before a stream who would see a line move: a terminal, and no build machine's log."""
    if environment.get("CI", "").lower() not in ("", "0", "false") or environment.get("TERM") == "dumb":
        return False
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # it is closed
        return False


_shown: list[MovingLine] = []
"""The line that is on the terminal, if any."""


def begin(content: Content) -> MovingLine | None:
    """Show a line on standard error; the one that is there goes on with this content. None where nobody watches."""
    if _shown:
        _shown[0].content = content
        _shown[0].draw()
    elif is_watched(sys.stderr):
        _shown.append(MovingLine(sys.stderr, content))
        _shown[0].start()
    return _shown[0] if _shown else None


def end() -> None:
    """Take away the line that is shown, if any."""
    while _shown:
        _shown.pop().stop()


@contextmanager
def cleared() -> Iterator[None]:
    """For what is written to the terminal in between: the line that is shown, if any, is away within this."""
    if not _shown:
        yield
        return
    with _shown[0].cleared():
        yield


def _plain(text: str, stream: TextIO) -> str:
    """The text in characters that the terminal's encoding has, so that it takes as many columns as were counted."""
    coding = stream.encoding or "ascii"
    return text.encode(coding, "replace").decode(coding)


def _width(stream: TextIO) -> int:
    """Columns of the terminal as it is now."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or _UNKNOWN
    except (OSError, ValueError, AttributeError):
        return _UNKNOWN
