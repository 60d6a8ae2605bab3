"""A server on loopback that follows a script, and notes what it was asked and on which connection."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

PROBLEM = "application/problem+json"
CHECKED: dict[str, Any] = {"decision": "review", "reasons": [], "policy": {}, "report": {}}


@dataclass(frozen=True)
class Turn:
    """What is written when a whole request has come, and whether the line is closed then or held in silence.

    `early`: it is written and the line closed as soon as the head of a request is there.
    """

    said: bytes = b""
    close: bool = False
    hold: bool = False
    early: bool = False


def reply(status: int, document: object = None, *, close: bool = False, **headers: str) -> Turn:
    """A whole answer; a header's name is written with '_' for '-'."""
    body = document if isinstance(document, bytes) else b"" if status == 204 else json.dumps(document).encode()
    rows = {"content-type": "application/json", "content-length": str(len(body))}
    rows |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in rows.items())
    return Turn(f"HTTP/1.1 {status} As written\r\n{head}\r\n".encode() + body, close)


def problem(code: str, status: int = 503, **headers: str) -> Turn:
    return reply(status, {"code": code, "title": code}, content_type=PROBLEM, **headers)


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    line: int
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Script:
    """Answers one after the other; the last one for ever."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.turns: list[Turn] = [reply(200, CHECKED)]
        self.asked: list[Asked] = []
        self.lines = 0
        self.gone = threading.Event()
        """Set when a client has ended a line that was held."""
        self.lock = threading.Lock()

    def turn(self) -> Turn:
        with self.lock:
            return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        script: Script = self.server.script  # type: ignore[attr-defined]
        with script.lock:
            script.lines += 1
            line = script.lines
        try:
            while self._one(script, line):
                pass
        except OSError:
            pass

    def _one(self, script: Script, line: int) -> bool:
        words = self.rfile.readline().decode("latin-1").split()
        if len(words) != 3:
            return False
        headers = {}
        while row := self.rfile.readline().strip():
            name, _, value = row.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        turn = script.turn()
        body = b"" if turn.early else self.rfile.read(int(headers.get("content-length", 0)))
        with script.lock:
            script.asked.append(Asked(line, words[0], words[1], headers, body))
        self.wfile.write(turn.said)
        if turn.hold:
            # Nothing more is sent: this ends with the line, in whatever way.
            with suppress(OSError):
                self.rfile.read(1)
            script.gone.set()
        return not (turn.close or turn.hold or turn.early)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


@contextmanager
def scripted() -> Iterator[Script]:
    with _Server(("127.0.0.1", 0), _Line) as server:
        script = Script(f"http://127.0.0.1:{server.server_address[1]}")
        server.script = script  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield script
        server.shutdown()
        thread.join()
