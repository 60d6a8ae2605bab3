"""Problems: what every request that can't be answered gets, as RFC 9457 says; no stack trace and no personal value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.types import Scope

from photoscan.catalog import has, text
from photoscan.errors import Phrase
from photoscan.web import PROBLEM

TYPES = "https://photoscan.invalid/problems/"
"""The head of every problem's type, as that of the report's schema: a name, not an address."""

STATUS = {
    "usage": 400,
    "bad_body": 400,
    "bad_request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "scope": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "slow_upload": 408,
    "same_key_at_work": 409,
    "too_large": 413,
    "unsupported_format": 415,
    "encoded_body": 415,
    "wrong_host": 421,
    "corrupt": 422,
    "not_cleaned": 422,
    "same_key_other_body": 422,
    "quota": 429,
    "uploads": 429,
    "internal": 500,
    "crash": 500,
    "full": 503,
    "deadline": 503,
    "not_ready": 503,
    "stopping": 503,
    "model": 503,
    "worker_lost": 503,
    "timeout": 504,
}
"""Every code that the service answers with, and its HTTP status."""


class ProblemError(Exception):
    """A request that can't be answered. `code` is one of STATUS.

    `detail`: what happened this time, without anything from the photo or the request; a sentence, or one to be told in
    the caller's language. `headers`: what HTTP wants beside it. `extra`: further members of the document.
    """

    def __init__(
        self,
        code: str,
        detail: str | Phrase | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = STATUS[code]
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def to_dict(self, language: str) -> dict[str, Any]:
        """Type, title, status, code and, where there is one, detail, in a language."""
        rows = _members(self.code, language)
        if self.detail:
            rows["detail"] = self.detail.text(language) if isinstance(self.detail, Phrase) else self.detail
        return rows

    def response(self, scope: Scope) -> Response:
        """The answer to the request of an ASGI scope, in its language and with its number; the scope notes the code."""
        state = scope["state"]
        state["problem"] = self.code
        language = state.get("language") or "en"
        rows = self.to_dict(language)
        rows["instance"] = f"urn:uuid:{state['request_id']}"
        body = json.dumps({**rows, **self.extra}, ensure_ascii=False).encode()
        headers = {"content-language": language, **self.headers}
        return Response(body, self.status, headers, PROBLEM)


def malformed() -> bytes:
    """The document for what is not HTTP, so that nothing of it can be known."""
    return json.dumps(_members("bad_request", "en")).encode()


def _members(code: str, language: str) -> dict[str, Any]:
    key = f"serve.problem.{code}"
    title = text(key if has(key) else f"error.{code}", language)
    return {"type": TYPES + code, "title": title[0].upper() + title[1:], "status": STATUS[code], "code": code}


def retry_later(code: str, seconds: int) -> ProblemError:
    """A problem that goes away by itself."""
    return ProblemError(code, headers={"retry-after": str(seconds)})
