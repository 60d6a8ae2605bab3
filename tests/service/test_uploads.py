"""Bodies that are still coming, bounded by client; and who a client is behind proxies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.errors import UsageError
from photoscan.service import keys
from photoscan.service.problem import ProblemError
from photoscan.service.settings import load_proxies
from photoscan.service.uploads import Coming, Uploads
from photoscan.web.forwarded import UNKNOWN, client_of
from tests.service.stub import photo
from tests.service.test_app import App, problem
from tests.service.test_parts import bearer


async def endless(end: asyncio.Event, size: int = 0) -> AsyncIterator[bytes]:
    yield photo(size=size)
    await end.wait()


async def with_unfinished(app: App, count: int, size: int = 0, **how: str) -> list[httpx.Response]:
    """The answers to a photo while so many bodies are unfinished, and after they were ended."""
    end = asyncio.Event()
    path = "/v1/check"
    open_ = [asyncio.create_task(app.send("POST", path, content=endless(end, size), headers=how)) for _ in range(count)]
    while app.service.uploads.count < count and not all(task.done() for task in open_):
        await asyncio.sleep(0)
    during = await app.send("POST", path, content=photo(), headers=how)
    end.set()
    done = [await task for task in open_]
    return [during, await app.send("POST", path, content=photo(), headers=how), *done]


def test_unfinished_bodies_of_one_client_are_bounded() -> None:
    app = App(uploads=3)
    during, after, *done = asyncio.run(with_unfinished(app, 3))
    problem(during, "uploads")
    assert during.headers["retry-after"] == "1"
    assert during.headers["connection"] == "close"
    assert [answer.status_code for answer in (after, *done)] == [200] * 4
    assert app.service.uploads.count == 0


def test_one_fewer_is_not_too_many() -> None:
    answers = asyncio.run(with_unfinished(App(uploads=3), 2))
    assert [answer.status_code for answer in answers] == [200] * 4


def test_their_bytes_are_bounded_before_the_memory_of_all_is_used_up() -> None:
    app = App(workers=2, queue=0, max_bytes=1000)

    async def three() -> list[httpx.Response]:
        end = asyncio.Event()
        open_ = [asyncio.create_task(app.send("POST", "/v1/check", content=endless(end, 600))) for _ in range(2)]
        done, _ = await asyncio.wait(open_, return_when=asyncio.FIRST_COMPLETED, timeout=10)
        end.set()
        return [await task for task in (*done, *open_)]

    refused, *others = asyncio.run(three())
    problem(refused, "uploads")
    assert sorted(answer.status_code for answer in others) == [200, 429]
    assert app.service.gate.buffered == 0


def test_one_body_alone_may_be_as_long_as_a_photo_may_be() -> None:
    app = App(workers=1, queue=0, max_bytes=1000)
    assert app.check(photo(size=900)).status_code == 200


def test_a_key_is_a_client_wherever_it_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    mine, yours = keys.add(file, "shop"), keys.add(file, "forum")
    app = App(keys=keys.Keys(file), uploads=2)

    async def both() -> tuple[httpx.Response, httpx.Response]:
        end = asyncio.Event()
        open_ = [
            asyncio.create_task(app.send("POST", "/v1/check", content=endless(end), headers=bearer(mine)))
            for _ in range(2)
        ]
        while app.service.uploads.count < 2:
            await asyncio.sleep(0)
        refused = await app.send("POST", "/v1/check", content=photo(), headers=bearer(mine))
        taken = await app.send("POST", "/v1/check", content=photo(), headers=bearer(yours))
        end.set()
        for task in open_:
            await task
        return refused, taken

    refused, taken = asyncio.run(both())
    problem(refused, "uploads")
    assert taken.status_code == 200


def test_a_proxy_that_is_named_tells_clients_apart() -> None:
    for proxies, wanted in (((), 429), (load_proxies(("127.0.0.1",)), 200)):
        app = App(uploads=1, proxies=proxies)

        async def two(app: App = app) -> int:
            end = asyncio.Event()
            first = asyncio.create_task(
                app.send("POST", "/v1/check", content=endless(end), headers={"x-forwarded-for": "192.0.2.1"})
            )
            while app.service.uploads.count < 1:
                await asyncio.sleep(0)
            other = await app.send("POST", "/v1/check", content=photo(), headers={"x-forwarded-for": "192.0.2.2"})
            end.set()
            await first
            return other.status_code

        assert asyncio.run(two()) == wanted


@pytest.mark.parametrize("path", ["/v1/check", "/v1/check/text", "/v1/clean"])
def test_a_body_that_stands_still_is_cut_before_its_time_is_up(path: str) -> None:
    app = App(upload_timeout=4.0)

    async def slow() -> tuple[httpx.Response, float]:
        clock = asyncio.get_running_loop().time
        started = clock()
        return await app.send("POST", path, content=endless(asyncio.Event())), clock() - started

    answer, seconds = asyncio.run(slow())
    problem(answer, "slow_upload")
    assert seconds < 3.5


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["come", "grow", "end"]), st.integers(0, 60))))
def test_nobody_has_more_than_is_allowed(steps: list[tuple[str, str, int]]) -> None:
    uploads = Uploads(3, 100)
    held: dict[str, list[tuple[AbstractContextManager[Coming], Coming]]] = {"a": [], "b": [], "c": []}
    for client, what, count in steps:
        mine = held[client]
        try:
            if what == "come":
                context = uploads.coming(client)
                mine.append((context, context.__enter__()))
            elif mine and what == "grow":
                uploads.grow(client, mine[-1][1], count)
                # One that was alone may be longer than all of several.
                assert len(mine) < 2 or sum(body.bytes for _, body in mine) <= 100
            elif mine:
                mine.pop()[0].__exit__(None, None, None)
        except ProblemError:
            if what == "grow":
                mine.pop()[0].__exit__(None, None, None)
            else:
                assert len(mine) == 3
        assert len(mine) <= 3
        assert uploads.count == sum(map(len, held.values()))


PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1/128"))
CLIENTS = {
    "no proxy": ("192.0.2.9", [], "192.0.2.9"),
    "anybody may write the header": ("192.0.2.9", ["203.0.113.5"], "192.0.2.9"),
    "a named proxy": ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
    "what stood there before is not believed": ("10.0.0.1", ["1.1.1.1, 203.0.113.5"], "203.0.113.5"),
    "two proxies": ("10.0.0.1", ["203.0.113.5, 10.1.1.1"], "203.0.113.5"),
    "in two headers": ("10.0.0.1", ["203.0.113.5", "10.1.1.1"], "203.0.113.5"),
    "with a port": ("10.0.0.1", ["203.0.113.5:4711"], "203.0.113.5"),
    "IPv6 with a port": ("::1", ["[2001:db8::1]:4711"], "2001:db8::1"),
    "IPv4 within IPv6": ("::ffff:10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
    "no header": ("10.0.0.1", [], "10.0.0.1"),
    "no address": ("10.0.0.1", ["Siti, unknown"], "10.0.0.1"),
    "all are proxies": ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
    "a socket without an address": (None, ["203.0.113.5"], UNKNOWN),
    "endless": ("10.0.0.1", ["203.0.113.5," + "10.0.0.2," * 5000 + "10.0.0.3"], "10.0.0.2"),
}


@pytest.mark.parametrize("case", sorted(CLIENTS))
def test_whose_request_it_is(case: str) -> None:
    peer, header, wanted = CLIENTS[case]
    assert client_of(peer, header, PROXIES) == wanted


@given(st.text(max_size=60))
def test_a_header_is_never_more_than_an_address(header: str) -> None:
    assert "," not in client_of("10.0.0.1", [header], PROXIES)


@pytest.mark.parametrize("name", ["", "proxy.example", "10.0.0.1/8", "10.0.0.0/33", "1.2.3"])
def test_proxies_are_addresses(name: str) -> None:
    with pytest.raises(UsageError):
        load_proxies((name,))
