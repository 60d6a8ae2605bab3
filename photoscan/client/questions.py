"""What a service can be asked, and how its answer is read. Every client has these as its methods, as they stand here.

Each question sends a photo or a text and changes nothing: it may be sent again without harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from photoscan.client.answers import Album, Check, Cleaned, Gated, checked, cleaned, gathered
from photoscan.client.bodies import PhotoSource, body, form, taken, utf8
from photoscan.client.exchange import Reply
from photoscan.errors import UsageError

Answer = TypeVar("Answer")
_Value = str | bool | list[str] | None
"""Of a parameter of the query; a list gives it several times, None not at all."""
_Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    """One request, and who reads its reply: by its document, empty where it has no body.

    `good`: the HTTP statuses of an answer; whatever else comes is a problem.
    """

    path: str
    read: Callable[[Reply, _Document], Answer]
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    good: tuple[int, ...] = (200,)


def check(
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
) -> Question[Check]:
    """What a photo gives away and what the policy says.

    `profile`: how thoroughly to look ('fast', ...). `only`: kinds, separated by commas ('metadata'). `tiers`: look
    in steps, as far as the decision needs. `copy`: bring a safe copy where the decision is not to allow.
    `name`: the file's, by default that of a path: a name can be telling, too. Raises ServiceError; a photo that is
    none, is broken or too large is one as well (its `reason`: 'unsupported_format', 'corrupt', 'too_large').
    """
    query: dict[str, _Value] = {"policy": policy, "lang": language, "profile": profile, "only": only}
    query |= {"tiers": tiers, "copy": copy or None}
    return _question("/v1/check", query, body(photo, name, caption), _check, _once(idempotency_key))


def gate(
    photo: PhotoSource,
    *,
    policy: str | None = None,
    language: str | None = None,
    name: str | None = None,
    caption: str | None = None,
    profile: str | None = None,
    only: str | None = None,
    tiers: bool | None = None,
    review: str | None = None,
) -> Question[Gated]:
    """Whether a photo may pass, by the answer's status alone. `review`: 'pass' lets pass what somebody should look at.

    Everything else as for a check. Raises ServiceError.
    """
    query: dict[str, _Value] = {"policy": policy, "lang": language, "profile": profile, "only": only}
    query |= {"tiers": tiers, "review": review}
    return _question("/v1/gate", query, body(photo, name, caption), _gated, good=(204, 406, 409))


def album(
    photos: Sequence[PhotoSource],
    *,
    policy: str | None = None,
    language: str | None = None,
    caption: str | None = None,
) -> Question[Album]:
    """What several photos give away, each and together. `caption`: what will be shared with them.

    Raises ServiceError; a photo that can't be looked at has a `problem` in its row instead.
    """
    sent = form([taken(photo) for photo in photos], caption)
    return _question("/v1/album", {"policy": policy, "lang": language}, sent, lambda _, row: gathered(row))


def check_text(
    text: str, *, policy: str | None = None, language: str | None = None, idempotency_key: str | None = None
) -> Question[Check]:
    """What a text gives away by itself. Raises ServiceError."""
    sent = utf8(text), "text/plain; charset=utf-8"
    return _question("/v1/check/text", {"policy": policy, "lang": language}, sent, _check, _once(idempotency_key))


def clean(
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
    caption: str | None = None,
) -> Question[Cleaned]:
    """A copy that is safe to share; ServiceError when there can be none. Choices as on the command line.

    `boxes`: further regions to hide: x, y, width and height in pixels of the upright photo.
    `name`: the file's, by default that of a path: a policy may ignore a region in photos of certain names.
    `caption`: that of the check before, if there was one: what it saw is then not looked for again.
    """
    query: dict[str, _Value] = {
        "policy": policy, "lang": language, "redact": redact, "style": style, "keep": keep, "remove": remove,
        "coarsen_gps": coarsen_gps, "to": to, "box": [",".join(map(str, box)) for box in boxes],
        "metadata_only": metadata_only or None, "redact_possible": redact_possible or None,
    }  # fmt: skip
    return _question("/v1/clean", query, body(photo, name, caption), lambda _, row: cleaned(row))


def header(name: str, value: str) -> str:
    """A value that can stand in a header; UsageError, which does not quote it: it may be the key."""
    if not (value.isascii() and value.isprintable()):
        raise UsageError("problem.client.header", name=name)
    return value


def _question(
    path: str,
    query: Mapping[str, _Value],
    sent: tuple[bytes, str],
    read: Callable[[Reply, _Document], Answer],
    headers: Mapping[str, str] | None = None,
    good: tuple[int, ...] = (200,),
) -> Question[Answer]:
    words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
    asked = urlencode({name: value for name, value in words.items() if value is not None}, doseq=True)
    data, media_type = sent
    return Question(f"{path}?{asked}", read, data, {"content-type": media_type, **(headers or {})}, good)


def _once(key: str | None) -> dict[str, str]:
    return {"idempotency-key": header("idempotency_key", key)} if key else {}


def _check(reply: Reply, row: _Document) -> Check:
    return checked(row)


def _gated(reply: Reply, row: _Document) -> Gated:
    passes = reply.status == 204
    return Gated(passes, reply.headers["photoscan-decision"], None if passes else checked(row))
