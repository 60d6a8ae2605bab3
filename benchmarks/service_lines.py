"""Heads and bodies that are no HTTP, or two things at once."""

from __future__ import annotations

from benchmarks.service_load import CANARY


def head(*rows: str, line: str = "POST /v1/check HTTP/1.1", host: bool = True) -> bytes:
    """A request's line and header."""
    return "\r\n".join([line, *(["Host: localhost"] if host else []), *rows, "", ""]).encode("latin-1")


FORM = "multipart/form-data; boundary=xx"
CHUNKED = "Transfer-Encoding: chunked"
LINES: dict[str, bytes] = {
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(64),
    "words": b"hello there\r\n\r\n",
    "a value": f"{CANARY} {CANARY}\r\n{CANARY}\r\n\r\n".encode(),
    "a value in the path": head(line=f"GET /{CANARY}?{CANARY}={CANARY} HTTP/1.1"),
    "a value in headers": head(f"{CANARY}: {CANARY}", f"X-Request-Id: {CANARY}", f"Authorization: Bearer {CANARY}"),
    "nothing": b"\r\n\r\n",
    "zeros": bytes(4096),
    "no host": head(line="GET /healthz HTTP/1.1", host=False),
    "another host": head("Host: example.org", "Content-Length: 0", host=False),
    "two hosts": head("Host: example.org", "Content-Length: 0"),
    "HTTP/0.9": b"GET /healthz\r\n\r\n",
    "HTTP/1.0": head(line="GET /healthz HTTP/1.0"),
    "HTTP/2.0": head(line="GET /healthz HTTP/2.0"),
    "HTTP/1.10": head(line="GET /healthz HTTP/1.10"),
    "two lengths": head("Content-Length: 3", "Content-Length: 4") + b"abcd",
    "equal lengths": head("Content-Length: 4", "Content-Length: 4") + b"abcd",
    "a list of lengths": head("Content-Length: 4, 4") + b"abcd",
    "negative length": head("Content-Length: -1"),
    "signed length": head("Content-Length: +4") + b"abcd",
    "length with words": head("Content-Length: 4 bytes") + b"abcd",
    "length in hexadecimal": head("Content-Length: 0x4") + b"abcd",
    "enormous length": head(f"Content-Length: {'9' * 400}"),
    "length and chunks": head("Content-Length: 4", CHUNKED) + b"0\r\n\r\n",
    "chunks and length": head(CHUNKED, "Content-Length: 4") + b"0\r\n\r\n",
    "chunks twice": head(CHUNKED, CHUNKED) + b"0\r\n\r\n",
    "chunks of another coding": head("Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
    "chunks by a tab": head("Transfer-Encoding:\tchunked") + b"0\r\n\r\n",
    "chunks and a space": head("Transfer-Encoding : chunked") + b"0\r\n\r\n",
    "bad chunks": head(CHUNKED) + b"zz\r\n\xff\xd8\xff\r\n",
    "endless chunk": head(CHUNKED) + b"f" * 400 + b"\r\n",
    "negative chunk": head(CHUNKED) + b"-1\r\n\r\n",
    "chunk with an extension": head(CHUNKED) + b"3;" + b"a" * 5000 + b"\r\n\xff\xd8\xff\r\n0\r\n\r\n",
    "chunks without end": head(CHUNKED) + b"3\r\n\xff\xd8\xff\r\n" * 500,
    "a trailer": head(CHUNKED) + b"0\r\nHost: example.org\r\n\r\n",
    "bare line feeds": b"GET /healthz HTTP/1.1\nHost: localhost\n\n",
    "bare carriage returns": b"GET /healthz HTTP/1.1\rHost: localhost\r\r",
    "a folded header": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
    "a header without a name": head(": x"),
    "a header with a zero": head("Bad Header\x00: x"),
    "a header in Latin-1": head("X-Name: \xe4\xff"),
    "endless header": head("X: " + "a" * 200_000),
    "endless line": b"GET /" + b"a" * 200_000,
    "thousands of headers": head(*(f"X-{n}: {n}" for n in range(5000))),
    "path that is no text": b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "path in percents": head(line="GET /%ff%fe%00%0d%0a HTTP/1.1"),
    "path upwards": head(line="GET /../../etc/passwd HTTP/1.1"),
    "a whole address": head(line="GET http://example.org/healthz HTTP/1.1"),
    "a tunnel": head(line="CONNECT example.org:443 HTTP/1.1"),
    "a trace": head(line="TRACE / HTTP/1.1"),
    "an unknown method": head(line="FROBNICATE /v1/check HTTP/1.1"),
    "an endless method": head(line="A" * 5000 + " /v1/check HTTP/1.1"),
    "a websocket": head("Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: YQ==", line="GET / HTTP/1.1"),
    "an upgrade to HTTP/2": head("Connection: Upgrade", "Upgrade: h2c", "HTTP2-Settings: AAMA", line="GET / HTTP/1.1"),
    "expects what nobody knows": head("Expect: 200-maybe", "Content-Length: 0"),
    "expects to be refused": head("Expect: 100-continue", "Content-Length: 50000000"),
    "a coded body": head("Content-Encoding: gzip", "Content-Length: 3") + b"abc",
    "an unknown form": head("Content-Type: multipart/form-data", "Content-Length: 3") + b"abc",
    "an endless boundary": head(f"Content-Type: {FORM}{'x' * 5000}", "Content-Length: 3") + b"abc",
    "two requests at once": 2 * (head("Content-Length: 3") + b"abc"),
    "many requests at once": 50 * head(line="GET /openapi.json HTTP/1.1"),
    "a request and garbage": head("Content-Length: 3") + b"abc" + bytes(100),
}
