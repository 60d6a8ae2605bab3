"""The door: who may ask for what, and what every answer tells the browser to forbid.

The page is for the browser on this computer. Other web sites that are open in it reach the same address, so that each
request has to prove where it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADER = "x-photoscan"
"""A header that only scripts of the page itself can set: forms and foreign scripts can't, without being asked first."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
ALWAYS = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Guard:
    """ASGI middleware: 421 for a foreign Host, 403 for a request that another page made, and strict headers always."""

    def __init__(self, app: App, hosts: Iterable[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name.encode() for name in ALWAYS}
                kept = [row for row in message.get("headers", ()) if row[0].lower() not in ours]
                message["headers"] = [*kept, *((n.encode(), v.encode()) for n, v in ALWAYS.items())]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self.app(scope, receive, guarded)
            return
        status, title = refusal
        body = json.dumps({"type": "about:blank", "title": title, "status": status, "code": "refused"}).encode()
        headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
        await guarded({"type": "http.response.start", "status": status, "headers": headers})
        await guarded({"type": "http.response.body", "body": body})

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get("host", "").lower() not in self.hosts:
            return 421, "This address is not for that host."
        changes = scope["method"] not in ("GET", "HEAD")
        if not changes and not scope["path"].startswith("/api/"):
            return None
        site = headers.get("sec-fetch-site", "same-origin")
        if site != "same-origin" and (changes or site != "none"):
            return 403, "Another page made this request."
        if changes and headers.get("origin", "").removeprefix("http://").lower() not in {"", *self.hosts}:
            return 403, "Another page made this request."
        if changes and headers.get(HEADER) != "workshop":
            return 403, f"The header {HEADER} is missing."
        return None
