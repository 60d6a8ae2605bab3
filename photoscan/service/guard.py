"""The outermost layer: who may ask, under which name, what every answer carries, and one line of log for each request.

Nothing gets past it as an exception: whoever prints a stack trace prints what is on the stack.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from time import perf_counter

from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from photoscan.catalog import LANGUAGES
from photoscan.service.keys import Keys
from photoscan.service.language import negotiated
from photoscan.service.metrics import Metrics
from photoscan.service.problem import ProblemError
from photoscan.service.settings import Settings, is_loopback
from photoscan.web.origin import is_foreign

log = logging.getLogger("photoscan.service")

PROBES = ("/healthz", "/readyz")
"""Asked by machines that know no key and no name: they tell nothing but that the service lives."""
CLIENT_GONE = 499
"""In logs and metrics: nobody was there any more to be answered (nginx's number)."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PORT = re.compile(r":[0-9]*\Z")
OPEN = (*PROBES, "/openapi.json")
EVERY_ANSWER = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """ASGI middleware around the whole application. `routes` are the paths that logs and metrics name."""

    def __init__(
        self, app: ASGIApp, settings: Settings, keys: Keys | None, metrics: Metrics, routes: frozenset[str]
    ) -> None:
        self.app = app
        self.settings = settings
        self.keys = keys
        self.metrics = metrics
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        exchange = _Exchange(receive, send)
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state.update(request_id=str(uuid.uuid4()), caller=None, problem=None, language=_language(scope, headers))

        async def refuse(problem: ProblemError) -> None:
            if exchange.status is None:
                await problem.response(scope)(scope, exchange.receive, exchange.send)

        exchange.headers.append((b"x-request-id", state["request_id"].encode()))
        try:
            self._check(scope, headers)
            await self.app(scope, exchange.receive, exchange.send)
        except ProblemError as problem:
            await refuse(problem)
        except asyncio.CancelledError:
            await refuse(ProblemError("stopping", headers={"retry-after": "5"}))
            raise
        except Exception as error:  # noqa: BLE001 - see above; only the type is told
            log.error("event=crash id=%s error=%s", state["request_id"], type(error).__name__)
            await refuse(ProblemError("internal"))
        finally:
            self._note(scope, exchange)

    def _check(self, scope: Scope, headers: Headers) -> None:
        path = scope["path"]
        if path not in PROBES and not self._rightly_named(headers.get("host", "")):
            raise ProblemError("wrong_host")
        # Without keys the address is the only lock, and any page in this computer's browser could send a form here.
        if self.keys is None and is_foreign(headers):
            raise ProblemError("forbidden")
        if self.keys is not None and path not in OPEN:
            scheme, _, key = headers.get("authorization", "").partition(" ")
            owner = self.keys.owner(key.strip()) if scheme.lower() == "bearer" else None
            if owner is None:
                raise ProblemError("unauthorized", headers={"www-authenticate": 'Bearer realm="photoscan"'})
            scope["state"]["caller"] = owner

    def _rightly_named(self, host: str) -> bool:
        """Whether the Host header is one of ours: a page elsewhere that resolves to this address names another one."""
        name = _PORT.sub("", host).lower()
        if name in (self.settings.host.lower(), f"[{self.settings.host.lower()}]", *self.settings.hosts):
            return True
        if self.settings.loopback:
            return is_loopback(name)
        # Elsewhere names are checked where they were given; the key is the lock.
        return not self.settings.hosts

    def _note(self, scope: Scope, exchange: _Exchange) -> None:
        seconds = perf_counter() - exchange.started
        # Never the path itself: people put names into addresses.
        route = scope["path"] if scope["path"] in self.routes else "other"
        status = exchange.status or CLIENT_GONE
        state = scope["state"]
        self.metrics.answered(route, status, seconds)
        if state["problem"]:
            self.metrics.problems.labels(state["problem"]).inc()
        if route in PROBES or route == "/metrics":
            return
        row = {
            "event": "request",
            "method": scope["method"] if scope["method"] in _METHODS else "other",
            "route": route,
            "status": status,
            "problem": state["problem"] or "-",
            "in": exchange.bytes_in,
            "out": exchange.bytes_out,
            "ms": round(seconds * 1000),
            "caller": state["caller"] or "-",
            "id": state["request_id"],
        }
        log.info(" ".join(f"{name}={value}" for name, value in row.items()))


def _language(scope: Scope, headers: Headers) -> str | None:
    """The language that was asked for, None where none was."""
    named = QueryParams(scope["query_string"]).get("lang")
    return named if named in LANGUAGES else negotiated(headers.get("accept-language"))


class _Exchange:
    """One request and its answer, as they pass."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.started = perf_counter()
        self.status: int | None = None
        self.headers = [*EVERY_ANSWER]
        self.bytes_in = 0
        self.bytes_out = 0
        self._receive = receive
        self._send = send

    async def receive(self) -> Message:
        message = await self._receive()
        self.bytes_in += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message["headers"], *self.headers]}
        self.bytes_out += len(message.get("body", b""))
        await self._send(message)
