"""The door: who may ask for what, and what every answer tells the browser to forbid.

The page is for the browser on this computer. Other web sites that are open in it reach the same address, so that each
request has to prove where it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from photoscan.web import PROBLEM
from photoscan.web.origin import is_foreign

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

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
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
        body = refused(*refusal)
        headers = [(b"content-type", PROBLEM.encode()), (b"content-length", str(len(body)).encode())]
        await guarded({"type": "http.response.start", "status": refusal[0], "headers": headers})
        await guarded({"type": "http.response.body", "body": body})

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self.hosts:
            return 421, "This address is not for that host."
        changes = scope["method"] not in ("GET", "HEAD")
        if not changes and not scope["path"].startswith("/api/"):
            return None
        # An address that somebody typed can show things, but never change any.
        if is_foreign(headers) or (changes and headers.get("sec-fetch-site") == "none"):
            return 403, "Another page made this request."
        if changes and headers.get(HEADER) != "workshop":
            return 403, f"The header {HEADER} is missing."
        return None


def refused(status: int, title: str) -> bytes:
    """The problem document for what is turned away at the door."""
    return json.dumps(problem_members(status, "refused", title)).encode()


def problem_members(status: int, code: str, title: str) -> dict[str, Any]:
    """What stands in every problem of the workshop (RFC 9457)."""
    return {"type": "about:blank", "title": title, "status": status, "code": code}
