"""One end of the pipe between the teacher's program and the process for phones: small documents of JSON.

Two threads do the waiting, so that no event loop ever stands still for the other end.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import Full, Queue
from threading import Thread
from typing import Any

LONGEST = 1 << 20
"""Bytes of one document."""
MOST = 256
"""How many may wait to be sent."""
Document = dict[str, Any]


class Line:
    """`heard` is called, in a thread of its own, with each document that comes, and with None once none will come."""

    def __init__(self, pipe: Connection, heard: Callable[[Document | None], None]) -> None:
        self._pipe = pipe
        self._heard = heard
        self._unsent: Queue[bytes | None] = Queue(MOST)
        self._writer = Thread(target=self._write, name="lan-writer", daemon=True)
        self._reader = Thread(target=self._read, name="lan-reader", daemon=True)

    def start(self) -> None:
        """Begin to hear and to speak."""
        self._writer.start()
        self._reader.start()

    def say(self, document: Document) -> bool:
        """Send a document, soon; False for one that is too long, or where the other end takes none."""
        data = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        if len(data) > LONGEST:
            return False
        with suppress(Full):
            self._unsent.put_nowait(data)
            return True
        return False

    def hang_up(self, seconds: float = 2.0) -> None:
        """Send what is still unsent, within so many seconds, and close this end for sending."""
        with suppress(Full):
            self._unsent.put_nowait(None)
        self._writer.join(seconds)

    def _write(self) -> None:
        with suppress(OSError):
            while (data := self._unsent.get()) is not None:
                self._pipe.send_bytes(data)

    def _read(self) -> None:
        # What is no document ends the line as its end does: nobody but us speaks on it.
        with suppress(EOFError, OSError, ValueError, RecursionError):
            while True:
                document = json.loads(self._pipe.recv_bytes(LONGEST))
                if not isinstance(document, dict):
                    break
                self._heard(document)
        self._heard(None)
