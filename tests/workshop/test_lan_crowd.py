"""Connections that say nothing keep nobody out: the address that has most of them loses one."""

from __future__ import annotations

import http.client
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
import uvicorn

from photoscan.workshop.lan import crowd
from photoscan.workshop.lan.crowd import PhoneConnection

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs two addresses of loopback")
PHONE, OTHER = "127.0.0.1", "127.0.0.2"
MOST = 8


async def app(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@contextmanager
def serving() -> Iterator[int]:
    """A server of such connections; its port."""
    http_ = partial(PhoneConnection, patience=60.0, malformed=b"{}")
    config = uvicorn.Config(app, http=http_, lifespan="off", log_config=None, ws="none")  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)


def line(port: int, of: str) -> socket.socket:
    """A connection from an address, on which nothing is said."""
    return socket.create_connection(("127.0.0.1", port), 10, source_address=(of, 0))


def asked(phone: http.client.HTTPConnection) -> bytes:
    phone.request("GET", "/")
    return phone.getresponse().read()


def is_cut(one: socket.socket) -> bool:
    one.settimeout(0.05)
    try:
        return one.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_silent_lines_of_another_cost_no_phone_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "MOST", MOST)
    with serving() as port, ExitStack() as held:
        phones = [http.client.HTTPConnection("127.0.0.1", port, 10, source_address=(PHONE, 0)) for _ in range(2)]
        assert [asked(one) for one in phones] == [b"ok"] * 2
        mine = [one.sock for one in phones]
        silent = [held.enter_context(line(port, OTHER)) for _ in range(4 * MOST)]
        assert [asked(one) for one in phones] == [b"ok"] * 2
        assert [one.sock for one in phones] == mine, "none had to come anew"
        end = monotonic() + 10
        while sum(map(is_cut, silent)) < 4 * MOST - 6 and monotonic() < end:
            sleep(0.05)
        assert [is_cut(one) for one in silent] == [True] * (4 * MOST - 6) + [False] * 6, "the oldest go first"
        late = http.client.HTTPConnection("127.0.0.1", port, 10, source_address=(PHONE, 0))
        assert asked(late) == b"ok"
        for one in (*phones, late):
            one.close()


def test_of_one_address_those_go_first_on_which_nothing_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "MOST", MOST)
    with serving() as port, ExitStack() as held:
        phone = http.client.HTTPConnection("127.0.0.1", port, 10)
        assert asked(phone) == b"ok"
        mine = phone.sock
        for _ in range(3 * MOST):
            held.enter_context(line(port, PHONE))
        assert asked(phone) == b"ok"
        assert phone.sock is mine
        phone.close()
