"""The outermost layer: who may ask, under which name, what every answer carries, and one line of log for each request.

Nothing gets past it as an exception: whoever prints a stack trace prints what is on the stack.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from photoscan.catalog import LANGUAGES
from photoscan.errors import phrase
from photoscan.service.keys import ApiKey, Keys
from photoscan.service.language import negotiated
from photoscan.service.metrics import Metrics
from photoscan.service.problem import ProblemError
from photoscan.service.quota import Header, Quotas
from photoscan.service.settings import Settings, is_loopback
from photoscan.web.forwarded import client_of
from photoscan.web.origin import is_foreign

if TYPE_CHECKING:
    from photoscan.service.traces import OpenTelemetry

log = logging.getLogger("photoscan.service")

PROBES = ("/healthz", "/readyz")
"""Asked by machines that know no key and no name: they tell nothing but that the service lives."""
CLIENT_GONE = 499
"""In logs and metrics: nobody was there any more to be answered (nginx's number)."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PORT = re.compile(r":[0-9]*\Z")
OPEN = (*PROBES, "/openapi.json")
SCOPE = {
    "/v1/check": "check",
    "/v1/check/text": "check",
    "/v1/album": "check",
    "/v1/gate": "check",
    "/v1/clean": "clean",
    "/metrics": "metrics",
}
"""What a key has to be good for, by route; a copy that comes with a check takes 'clean' as well."""
UNCOUNTED = (*OPEN, "/metrics")
"""Asked by machines that watch the service: no key's quota is spent on them."""
UNSEEN = frozenset({"full", "uploads", "not_ready", "stopping", "model"})
"""Problems of a service that has not looked at what was sent: no quota is spent on them."""
EVERY_ANSWER = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """ASGI middleware around the whole application. `routes` are the paths that logs and metrics name.

    While the service is `stopping` each answer ends its connection, so that the next request goes elsewhere.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        keys: Keys | None,
        metrics: Metrics,
        routes: frozenset[str],
        stopping: Callable[[], bool] = bool,
        traces: OpenTelemetry | None = None,
    ) -> None:
        self.app = app
        self.settings = settings
        self.keys = keys
        self.metrics = metrics
        self.routes = routes
        self.quotas = Quotas()
        self.stopping = stopping
        self.traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        exchange = _Exchange(receive, send)
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state.update(request_id=str(uuid.uuid4()), caller=None, problem=None, language=_language(scope, headers))
        state.update(key=None, use=None, client=self._client(scope, headers))
        if self.traces is None or self._route(scope) in UNCOUNTED:
            await self._handle(scope, headers, exchange)
            return
        with self.traces.request(headers, _method(scope), self._route(scope)) as span:
            try:
                await self._handle(scope, headers, exchange)
            finally:
                status = exchange.status or CLIENT_GONE
                self.traces.answered(span, status, state["problem"], state["request_id"])

    async def _handle(self, scope: Scope, headers: Headers, exchange: _Exchange) -> None:
        state = scope["state"]

        async def refuse(problem: ProblemError) -> None:
            if exchange.status is None:
                await problem.response(scope)(scope, exchange.receive, exchange.send)

        if self.stopping():
            exchange.headers.append((b"connection", b"close"))
        exchange.headers.append((b"x-request-id", state["request_id"].encode()))
        try:
            self._check(scope, headers)
            await self._answer(scope, exchange)
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
            raise ProblemError("wrong_host", phrase("serve.detail.wrong_host"))
        # Without keys the address is the only lock, and any page in this computer's browser could send a form here.
        if self.keys is None and is_foreign(headers):
            raise ProblemError("forbidden", phrase("serve.detail.forbidden"))
        if self.keys is None:
            return
        scheme, _, presented = headers.get("authorization", "").partition(" ")
        key = self.keys.find(presented.strip()) if scheme.lower() == "bearer" else None
        if key is not None:
            scope["state"].update(caller=key.name, key=key, client=f"key {key.name}")
        elif path not in OPEN:
            asked = {"www-authenticate": 'Bearer realm="photoscan"'}
            raise ProblemError("unauthorized", phrase("serve.detail.unauthorized"), asked)
        # A router takes more for a route than its path (one with a line's end behind it): it would lack its scope here.
        if path not in self.routes:
            raise ProblemError("not_found")
        if path in SCOPE:
            require(key, SCOPE[path])

    async def _answer(self, scope: Scope, exchange: _Exchange) -> None:
        """Hand on, within the quotas of the key."""
        key = scope["state"]["key"]
        if key is None or scope["path"] in UNCOUNTED:
            await self.app(scope, exchange.receive, exchange.send)
            return
        use = scope["state"]["use"] = self.quotas.of(key)
        exchange.more = use.headers
        with use:
            await self.app(scope, exchange.receive, exchange.send)
            if scope["state"]["problem"] in UNSEEN:
                use.give_back()

    def _client(self, scope: Scope, headers: Headers) -> str:
        """Who asks, as far as an address says it."""
        peer = (scope.get("client") or (None,))[0]
        return client_of(peer, headers.getlist("x-forwarded-for"), self.settings.proxies)

    def _rightly_named(self, host: str) -> bool:
        """Whether the Host header is one of ours: a page elsewhere that resolves to this address names another one."""
        name = _PORT.sub("", host).lower()
        if name in (self.settings.host.lower(), f"[{self.settings.host.lower()}]", *self.settings.hosts):
            return True
        if self.settings.loopback:
            return is_loopback(name)
        # Elsewhere names are checked where they were given; the key is the lock.
        return not self.settings.hosts

    def _route(self, scope: Scope) -> str:
        # Never the path itself: people put names into addresses.
        return scope["path"] if scope["path"] in self.routes else "other"

    def _note(self, scope: Scope, exchange: _Exchange) -> None:
        seconds = perf_counter() - exchange.started
        route = self._route(scope)
        status = exchange.status or CLIENT_GONE
        state = scope["state"]
        self.metrics.answered(route, status, seconds, state["caller"])
        if state["problem"]:
            self.metrics.problems.labels(state["problem"]).inc()
        if route in PROBES or route == "/metrics":
            return
        row = {
            "event": "request",
            "method": _method(scope),
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


def require(key: ApiKey | None, scope: str) -> None:
    """The problem 'scope' for a key that is not good for this; without keys everybody may do everything."""
    if key is not None and scope not in key.scopes:
        raise ProblemError("scope", phrase("serve.detail.scope", scope=scope))


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"


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
        self.more: Callable[[], list[Header]] = list
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
            message = {**message, "headers": [*message["headers"], *self.headers, *self.more()]}
        self.bytes_out += len(message.get("body", b""))
        await self._send(message)
