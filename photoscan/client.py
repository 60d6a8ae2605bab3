"""A client for `photoscan serve`, on nothing but Python's standard library.

client = Client("http://127.0.0.1:8000")
check = client.check("photo.jpg", policy="platform")
if check.decision != "allow": ...
"""

from __future__ import annotations

import http.client
import json
import os
import random
import secrets
import time
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode, urlsplit

from photoscan.errors import NotReadableError, PhotoscanError, UsageError, reason

KEY_VARIABLE = "PHOTOSCAN_API_KEY"
"""The environment variable that holds the API key where none is given."""
AGAIN = ("full", "deadline", "worker_lost", "stopping", "not_ready", "same_key_at_work")
"""Problems that go away by themselves."""
_LONGEST_PAUSE = 30.0
_JITTER = 0.5
"""Share of a pause that may come on top of it."""

PhotoSource = str | os.PathLike[str] | bytes | BinaryIO
_Value = str | list[str] | None
"""Of a parameter of the query; a list gives it several times, None not at all."""


class ServiceError(PhotoscanError):
    """The service could not be reached, or answered with a problem.

    `problem` is its document, empty where it could not be reached; `status` the HTTP status, 0 then; `reason` the
    problem's code, 'unreachable' then.
    """

    code = "service"

    def __init__(self, key: str, /, status: int = 0, problem: Mapping[str, Any] | None = None, **words: object) -> None:
        super().__init__(key, **words)
        self.status = status
        self.problem = dict(problem or {})
        self.reason = str(self.problem.get("code", "unreachable" if not status else "unknown"))

    @property
    def unseen(self) -> bool:
        """Whether nobody has looked at the photo, mostly through no fault of its own: it may wait, or pass unseen."""
        return not self.status or self.status >= 500


@dataclass(frozen=True, slots=True)
class Album:
    """What the service decided about several photos: the gravest decision; a row for each photo; and what they say
    together."""

    decision: str
    policy: dict[str, str]
    photos: list[dict[str, Any]] = field(repr=False)
    together: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A copy that is safe to share, its media type, and its receipt; `preview`: a small JPEG of it, from a check."""

    data: bytes = field(repr=False)
    media_type: str
    receipt: dict[str, Any] = field(repr=False)
    preview: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Check:
    """What the service decided: 'allow', 'review', 'block' or 'incomplete'; why; and the report (schema 1.0).

    `notices`: questions to the photo's owner, which decide nothing; empty from a service that knows none. `tier`: how
    far a look in steps went. `kinds`, `copy` and `no_copy` where a copy was asked for: words for each kind that was
    found (title, why, do), the safe copy where one is needed, or why there can be none.
    """

    decision: str
    reasons: list[dict[str, Any]]
    policy: dict[str, str]
    report: dict[str, Any] = field(repr=False)
    notices: list[dict[str, Any]] = field(default_factory=list)
    tier: str | None = None
    kinds: dict[str, dict[str, str]] = field(default_factory=dict)
    copy: Cleaned | None = None
    no_copy: str | None = None


class Client:
    """Speaks to one service. Thread-safe: it holds no connection."""

    def __init__(self, url: str, key: str | None = None, *, timeout: float = 120.0, retries: int = 3) -> None:
        """`key`: the API key, by default that of PHOTOSCAN_API_KEY. `timeout`: seconds without any sign of life.

        `retries`: how often to send a photo again when the service says that it is full or lost a worker. Raises
        UsageError for an address or a key that can't be one.
        """
        try:
            parts = urlsplit(url)
            self._port = parts.port
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError("problem.client.address", example="http://127.0.0.1:8000", url=url)
        key = key if key is not None else os.environ.get(KEY_VARIABLE)
        self._connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._host, self._path = parts.hostname, parts.path.rstrip("/")
        # A key that was read from a file often ends with its line.
        self._key = _header("key", key.strip()) if key else None
        self._timeout = timeout
        self._retries = retries

    def check(
        self,
        photo: PhotoSource,
        *,
        policy: str | None = None,
        language: str | None = None,
        name: str | None = None,
        caption: str | None = None,
        profile: str | None = None,
        only: str | None = None,
        tiers: bool | None = None,
        copy: bool = False,
        idempotency_key: str | None = None,
    ) -> Check:
        """What a photo gives away and what the policy says.

        `profile`: how thoroughly to look ('fast', ...). `only`: kinds, separated by commas ('metadata'). `tiers`: look
        in steps, as far as the decision needs. `copy`: bring a safe copy where the decision is not to allow.
        `name`: the file's, by default that of a path: a name can be telling, too. Raises ServiceError; a photo that is
        none, is broken or too large is one as well (its `reason`: 'unsupported_format', 'corrupt', 'too_large').
        """
        body, media_type = _body(photo, name, caption)
        headers = {
            "content-type": media_type,
            **({"idempotency-key": _header("idempotency_key", idempotency_key)} if idempotency_key else {}),
        }
        query: dict[str, _Value] = {"policy": policy, "lang": language, "profile": profile, "only": only}
        query["tiers"] = None if tiers is None else str(tiers).lower()
        query["copy"] = "true" if copy else None
        return self._check("/v1/check", query, body, headers)

    def album(
        self,
        photos: Sequence[PhotoSource],
        *,
        policy: str | None = None,
        language: str | None = None,
        caption: str | None = None,
    ) -> Album:
        """What several photos give away, each and together. `caption`: what will be shared with them.

        Raises ServiceError; a photo that can't be looked at has a `problem` in its row instead.
        """
        taken = [_taken(photo) for photo in photos]
        body, media_type = _form(taken, caption)
        row = self._ask("/v1/album", {"policy": policy, "lang": language}, body, {"content-type": media_type})
        try:
            return Album(row["decision"], row["policy"], row["photos"], row["together"])
        except KeyError:
            raise self._stranger(200) from None

    def check_text(self, text: str, *, policy: str | None = None, language: str | None = None) -> Check:
        """What a text gives away by itself."""
        headers = {"content-type": "text/plain; charset=utf-8"}
        return self._check("/v1/check/text", {"policy": policy, "lang": language}, _utf8(text), headers)

    def clean(
        self,
        photo: PhotoSource,
        *,
        policy: str | None = None,
        metadata_only: bool = False,
        redact: str | None = None,
        redact_possible: bool = False,
        style: str | None = None,
        keep: str | None = None,
        remove: str | None = None,
        coarsen_gps: str | None = None,
        to: str | None = None,
        boxes: Sequence[tuple[int, int, int, int]] = (),
        language: str | None = None,
        name: str | None = None,
    ) -> Cleaned:
        """A copy that is safe to share; ServiceError when there can be none. Choices as on the command line.

        `boxes`: further regions to hide: x, y, width and height in pixels of the upright photo.
        `name`: the file's, by default that of a path: a policy may ignore a region in photos of certain names.
        """
        body, media_type = _body(photo, name, None)
        query: dict[str, _Value] = {
            "policy": policy, "lang": language, "redact": redact, "style": style, "keep": keep, "remove": remove,
            "coarsen_gps": coarsen_gps, "to": to, "box": [",".join(map(str, box)) for box in boxes],
        }  # fmt: skip
        query["metadata_only"] = "true" if metadata_only else None
        query["redact_possible"] = "true" if redact_possible else None
        row = self._ask("/v1/clean", query, body, {"content-type": media_type, "accept": "application/json"})
        try:
            return _cleaned(row)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self._stranger(200) from None

    def ready(self) -> bool:
        """Whether the service answers and has its models loaded."""
        try:
            return self._once("GET", "/readyz", b"", {})[0] == 200
        except ServiceError:
            return False

    def _check(self, path: str, query: Mapping[str, _Value], body: bytes, headers: Mapping[str, str]) -> Check:
        row = self._ask(path, query, body, headers)
        try:
            copy = _cleaned(row["copy"]) if row.get("copy") else None
            more = {name: row[name] for name in ("notices", "tier", "kinds", "no_copy") if name in row}
            return Check(row["decision"], row["reasons"], row["policy"], row["report"], copy=copy, **more)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self._stranger(200) from None

    def _stranger(self, status: int) -> ServiceError:
        """For an answer that no photoscan gives."""
        return ServiceError("problem.client.stranger", status, host=self._host)

    def _ask(self, path: str, query: Mapping[str, _Value], body: bytes, headers: Mapping[str, str]) -> Any:
        asked = urlencode({name: value for name, value in query.items() if value is not None}, doseq=True)
        for attempt in range(self._retries + 1):
            status, found, pause = self._once("POST", f"{path}?{asked}", body, headers)
            if status == 200:
                return found
            if found.get("code") not in AGAIN or attempt == self._retries:
                break
            # Clients that were refused together shall not come back together.
            time.sleep(min(pause * (1 + random.uniform(0, _JITTER)), _LONGEST_PAUSE))
        raise ServiceError(_told(found, status), status, found)

    def _once(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any, float]:
        """Status, document, and the seconds after which to ask again."""
        sent = {"accept": "application/json", **headers}
        if self._key:
            sent["authorization"] = f"Bearer {self._key}"
        connection = self._connect(self._host, self._port, timeout=self._timeout)
        try:
            connection.request(method, self._path + path, body, sent)
            answer = connection.getresponse()
            found = answer.read()
        except (OSError, http.client.HTTPException, UnicodeEncodeError) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise ServiceError("problem.client.unreachable", host=self._host, why=why) from None
        finally:
            connection.close()
        try:
            document = json.loads(found)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise self._stranger(answer.status)
        pause = answer.headers.get("retry-after", "1")
        return answer.status, document, float(pause) if pause.isdecimal() else 1.0


def _cleaned(row: Mapping[str, Any]) -> Cleaned:
    preview = row.get("preview")
    shown = None if preview is None else b64decode(preview, validate=True)
    return Cleaned(b64decode(row["photo"], validate=True), row["media_type"], row["receipt"], shown)


def _told(problem: Mapping[str, Any], status: int) -> str:
    words = [str(problem[name]) for name in ("title", "detail") if problem.get(name)]
    return f"{status}: {': '.join(words) or 'no reason given'}"


def _header(name: str, value: str) -> str:
    """A value that can stand in a header; UsageError, which does not quote it: it may be the key."""
    if not (value.isascii() and value.isprintable()):
        raise UsageError("problem.client.header", name=name)
    return value


def _utf8(text: str) -> bytes:
    """As UTF-8; names of files can hold bytes that are none (PEP 383)."""
    return text.encode("utf-8", "replace")


def _body(photo: PhotoSource, name: str | None, caption: str | None) -> tuple[bytes, str]:
    """The request's body and media type: the bytes alone, or a form where there is more to tell."""
    data, found = _taken(photo)
    name = name or found
    if name is None and caption is None:
        return data, "application/octet-stream"
    return _form([(data, name)], caption)


def _form(photos: Sequence[tuple[bytes, str | None]], caption: str | None) -> tuple[bytes, str]:
    """A form with photos, by name where they have one, and a caption; and its media type."""
    boundary = secrets.token_hex(16)
    pieces: list[bytes] = []
    for data, name in photos:
        shown = (name or "").translate({ord('"'): "%22", ord("\r"): "%0D", ord("\n"): "%0A"})
        known = f'; filename="{shown}"' if name else ""
        head = f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="photo"{known}\r\n\r\n'
        pieces += [_utf8(head if pieces else head.lstrip()), data]
    if caption is not None:
        head = f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="caption"\r\n\r\n'
        pieces.append(_utf8(head + caption))
    pieces.append(f"\r\n--{boundary}--\r\n".encode())
    return b"".join(pieces), f"multipart/form-data; boundary={boundary}"


def _taken(photo: PhotoSource) -> tuple[bytes, str | None]:
    if isinstance(photo, bytes):
        return photo, None
    if isinstance(photo, (str, os.PathLike)):
        path = Path(photo)
        try:
            return path.read_bytes(), path.name
        except OSError as error:
            raise NotReadableError("problem.unreadable", path=path, why=reason(error)) from None
    return photo.read(), None
