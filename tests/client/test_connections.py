"""Connections of both clients: kept, found ended, lost, given up."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from photoscan.client import Client, ServiceError
from photoscan.client.aio import AsyncClient
from photoscan.client.terms import KEPT
from tests.client.script import CHECKED, Script, Turn, problem, reply
from tests.service.stub import Service, photo, running, stub_command

Connect = Callable[..., Any]
WHOLE = reply(200, CHECKED)
LOST = Turn(close=True)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {"workers": 1, "queue": 1, "timeout": 60.0, "max_bytes": 1_000_000}
    with running(tmp_path_factory.mktemp("service"), stub_command(**settings)) as found:
        yield found


def test_a_connection_is_kept(script: Script, connect: Connect) -> None:
    client = connect(script.url)
    script.turns = [WHOLE, problem("corrupt", 422), WHOLE]
    client.check(b"photo")
    with pytest.raises(ServiceError):
        client.check(b"photo")
    client.check(b"photo")
    client.check_text("hello")
    assert [asked.line for asked in script.asked] == [1, 1, 1, 1]


@pytest.mark.parametrize("turn", [reply(200, CHECKED, connection="close"), reply(200, CHECKED, close=True)])
def test_one_that_the_service_ends_is_not_used_again(turn: Turn, script: Script, connect: Connect) -> None:
    client = connect(script.url)
    script.turns = [turn]
    client.check(b"photo")
    time.sleep(0.1)
    client.check(b"photo")
    assert [asked.line for asked in script.asked] == [1, 2]


def test_what_came_unasked_is_no_answer(script: Script) -> None:
    # httpx takes it for one: it reads on where the answer before has ended.
    script.turns = [Turn(WHOLE.said + reply(200, {**CHECKED, "decision": "allow"}).said), WHOLE]
    with Client(script.url) as client:
        assert client.check(b"photo").decision == "review"
        time.sleep(0.1)
        assert client.check(b"photo").decision == "review"


def test_a_connection_that_ends_as_it_is_used_is_tried_once_more(
    script: Script, connect: Connect, pauses: list[float]
) -> None:
    client = connect(script.url)
    script.turns = [WHOLE, LOST, WHOLE]
    client.check(b"photo")
    assert client.check(b"photo").decision == "review"
    assert [asked.line for asked in script.asked] == [1, 1, 2]
    assert [asked.body for asked in script.asked] == [b"photo"] * 3
    assert pauses == []


def test_one_that_was_found_ended_is_no_attempt(script: Script, connect: Connect) -> None:
    client = connect(script.url)
    script.turns = [reply(200, CHECKED, close=True), LOST, WHOLE]
    client.check(b"photo")
    time.sleep(0.1)
    assert client.check(b"photo").decision == "review"
    assert [asked.line for asked in script.asked] == [1, 2, 3]


def test_and_no_more_than_once(script: Script, connect: Connect, pauses: list[float]) -> None:
    script.turns = [LOST]
    with pytest.raises(ServiceError) as caught:
        connect(script.url).check(b"photo")
    assert (caught.value.reason, caught.value.unseen, len(script.asked), pauses) == ("unreachable", True, 2, [])


def test_an_answer_that_breaks_off_is_not_asked_for_again(script: Script, connect: Connect) -> None:
    script.turns = [Turn(WHOLE.said[:-3], close=True)]
    with pytest.raises(ServiceError) as caught:
        connect(script.url).check(b"photo")
    assert (caught.value.reason, len(script.asked)) == ("unreachable", 1)


@pytest.mark.parametrize("said", [b"", WHOLE.said[:-3]], ids=["nothing", "half"])
def test_a_service_without_a_sign_of_life_is_given_up(said: bytes, script: Script, connect: Connect) -> None:
    script.turns = [Turn(said, hold=True)]
    with pytest.raises(ServiceError, match="timed out") as caught:
        connect(script.url, timeout=0.2).check(b"photo")
    assert (caught.value.reason, len(script.asked)) == ("unreachable", 1)
    assert script.gone.wait(10)


def test_a_refusal_on_a_line_that_is_cut_is_read(script: Script) -> None:
    # asyncio reads no more once it can't write: who is cut off then is unreachable for the client that is awaited.
    script.turns = [Turn(problem("too_large", 413).said, early=True)]
    with Client(script.url) as client, pytest.raises(ServiceError) as caught:
        client.check(bytes(20_000_000))
    assert caught.value.reason == "too_large"


def test_a_refusal_before_all_has_come_is_read(connect: Connect, service: Service) -> None:
    client = connect(service.url)
    for _ in range(3):
        with pytest.raises(ServiceError) as caught:
            client.check(photo(size=20_000_000))
        assert caught.value.reason == "too_large"
    assert client.check(photo()).decision == "block"


def test_nobody_waits_for_another_s_connection(script: Script) -> None:
    """More at a time than are kept: each has one, and those that are too many are closed."""
    script.turns = [WHOLE]
    many = KEPT + 8
    together = threading.Barrier(many)
    with Client(script.url) as client, ThreadPoolExecutor(many) as crowd:
        send = client._connections.send

        def all_at_once(request: Any) -> Any:
            together.wait(20)
            return send(request)

        client._connections.send = all_at_once  # type: ignore[method-assign]
        found = list(crowd.map(lambda _: client.check(b"photo").decision, range(many)))
        assert found == ["review"] * many
        assert len(client._connections._idle) <= KEPT
    assert len(client._connections._idle) == 0


def test_threads_share_a_client_and_get_their_own_answers(script: Script) -> None:
    script.turns = [reply(200, {**CHECKED, "tier": str(number)}) for number in range(400)]
    with Client(script.url) as client, ThreadPoolExecutor(8) as crowd:
        tiers = list(crowd.map(lambda _: client.check(b"photo").tier, range(400)))
    assert sorted(map(int, filter(None, tiers))) == [*range(400)]
    assert script.lines <= 8


def test_a_client_that_is_closed_or_forgotten_leaves_no_connection(script: Script) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Client(script.url) as client:
            client.check(b"photo")
            assert len(client._connections._idle) == 1
        assert len(client._connections._idle) == 0
        client.check(b"photo")
        kept = client._connections._idle
        connection = kept[0]
        del client
        gc.collect()
        assert len(kept) == 0
        assert connection.sock is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_speaks_on_connections_of_its_own(script: Script, tmp_path: Path) -> None:
    with Client(script.url) as client:
        client.check(b"photo")
        with warnings.catch_warnings():
            # This process has threads, of which the other needs none.
            warnings.simplefilter("ignore")
            pid = os.fork()
        if pid == 0:
            try:
                (tmp_path / "said").write_text(client.check(b"photo").decision)
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        client.check(b"photo")
    assert (tmp_path / "said").read_text() == "review"
    assert [asked.line for asked in script.asked] == [1, 2, 1]


# Awaited


def test_many_are_awaited_at_a_time(script: Script) -> None:
    script.turns = [Turn(hold=True)]

    async def ask() -> None:
        async with AsyncClient(script.url) as client:
            asked = asyncio.gather(*(client.check(b"photo") for _ in range(KEPT + 8)))
            end = time.monotonic() + 30
            while len(script.asked) < KEPT + 8:
                assert time.monotonic() < end
                await asyncio.sleep(0.01)
            asked.cancel()

    asyncio.run(ask())


def test_the_loop_goes_on_while_a_file_is_read(script: Script) -> None:
    class Slow:
        def read(self) -> bytes:
            time.sleep(0.5)
            return b"photo"

    async def ask() -> float:
        async with AsyncClient(script.url) as client:
            asked = asyncio.ensure_future(client.check(Slow()))  # type: ignore[arg-type]
            started = time.monotonic()
            await asyncio.sleep(0.01)
            turned = time.monotonic() - started
            await asked
            return turned

    assert asyncio.run(ask()) < 0.3


@pytest.mark.parametrize("said", [b"", WHOLE.said[:-3]], ids=["nothing", "half"])
def test_a_call_that_is_cancelled_closes_its_connection(said: bytes, script: Script) -> None:
    script.turns = [Turn(said, hold=True)]

    async def ask() -> None:
        async with AsyncClient(script.url) as client:
            asked = asyncio.ensure_future(client.check(b"photo"))
            while not script.asked:
                await asyncio.sleep(0.01)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            assert await asyncio.to_thread(script.gone.wait, 10)

    asyncio.run(ask())


def test_the_service_stops_its_work_for_a_call_that_is_cancelled(service: Service) -> None:
    async def ask() -> None:
        async with AsyncClient(service.url) as client:
            asked = asyncio.ensure_future(client.check(photo("sleep 50")))
            await taken(1)
            asked.cancel()
            await taken(0)
            assert (await client.check(photo())).decision == "block"

    async def taken(slots: int) -> None:
        end = time.monotonic() + 30
        while f"photoscan_slots_taken {slots}.0" not in service.http.get("/metrics").text:
            assert time.monotonic() < end
            await asyncio.sleep(0.05)

    asyncio.run(ask())


def test_a_proxy_of_the_environment_gets_no_photo(
    script: Script, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{free.getsockname()[1]}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        assert connect(script.url).check(b"photo").decision == "review"
