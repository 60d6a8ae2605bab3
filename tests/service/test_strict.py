"""Requests that two readers could take differently are refused at the head; all others are read as before."""

from __future__ import annotations

from typing import Any

import h11
import pytest

from photoscan.web.strict import StrictConnection

HOST = b"Host: localhost\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
REFUSED = {
    "length, then chunks": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
    "chunks, then length": b"POST / HTTP/1.1\r\n" + HOST + b"tRANSFER-eNCODING: Chunked\r\nCONTENT-LENGTH: 4\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n",
    "HTTP/2.0": b"GET / HTTP/2.0\r\n" + HOST + b"\r\n",
    "HTTP/1.2": b"GET / HTTP/1.2\r\n" + HOST + b"\r\n",
    "HTTP/0.9": b"GET / HTTP/0.9\r\n" + HOST + b"\r\n",
    "preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "LF after the first line": b"GET / HTTP/1.1\n" + HOST + b"\r\n",
    "LF between headers": b"GET / HTTP/1.1\r\nHost: localhost\nX-A: 1\r\n\r\n",
    "LF at the end": b"GET / HTTP/1.1\r\nHost: localhost\r\n\n",
    "LF alone": b"GET / HTTP/1.1\nHost: localhost\n\n",
}
TAKEN = {
    "plain": b"GET / HTTP/1.1\r\n" + HOST + b"\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 15\r\n\r\n\n\nPRI HTTP/2.0\n",
    "chunks": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n6\r\n\n\n1\n2\n\r\n0\r\n\r\n",
}


def events(*pieces: bytes) -> list[Any]:
    """What a server's end makes of the bytes of requests, each of which is answered once it is whole."""
    line, found = StrictConnection(16 * 1024), []
    for piece in pieces:
        line.receive_data(piece)
        while (event := line.next_event()) is not h11.NEED_DATA:
            if event is h11.PAUSED:
                line.send(h11.Response(status_code=204, headers=[]))
                line.send(h11.EndOfMessage())
                if line.our_state is not h11.DONE:
                    return found
                line.start_next_cycle()
                continue
            found.append(event)
            if isinstance(event, h11.EndOfMessage) and line.their_state is h11.MUST_CLOSE:
                return found
    return found


def single(data: bytes) -> list[bytes]:
    return [data[place : place + 1] for place in range(len(data))]


def told(found: list[Any]) -> list[Any]:
    """Requests and the bytes of their bodies, whatever pieces these came in."""
    requests = [event.target for event in found if isinstance(event, h11.Request)]
    return [requests, b"".join(bytes(event.data) for event in found if isinstance(event, h11.Data))]


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("before", [b"", TAKEN["plain"], TAKEN["length"], TAKEN["chunks"]])
def test_what_could_be_read_in_two_ways_is_refused(case: str, before: bytes) -> None:
    data = before + REFUSED[case] + HIDDEN
    for pieces in ([data], single(data), [before, REFUSED[case], HIDDEN]):
        with pytest.raises(h11.RemoteProtocolError):
            events(*(piece for piece in pieces if piece))


@pytest.mark.parametrize("case", TAKEN)
def test_all_else_is_read_as_before_in_whatever_pieces_it_comes(case: str) -> None:
    data = TAKEN[case]
    whole = told(events(data))
    assert whole[0] == [b"/"]
    assert told(events(*single(data))) == whole
    for place in range(1, len(data)):
        assert told(events(data[:place], data[place:])) == whole


def test_requests_that_come_together_are_read_one_after_the_other() -> None:
    data = TAKEN["length"] + TAKEN["chunks"] + TAKEN["plain"]
    expected = [[b"/", b"/", b"/"], b"\n\nPRI HTTP/2.0\n\n\n1\n2\n"]
    assert told(events(data)) == expected
    assert told(events(*single(data))) == expected


def test_of_a_body_nothing_is_kept() -> None:
    line = StrictConnection(16 * 1024)
    line.receive_data(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1000000\r\n\r\n")
    assert isinstance(line.next_event(), h11.Request)
    for _ in range(10):
        line.receive_data(bytes(100_000))
        line.next_event()
    assert line._head == b""
