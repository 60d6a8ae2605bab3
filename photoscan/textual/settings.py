"""Settings that hold a secret: 'DB_PASSWORD=...', 'client_secret: ...', 'Authorization: Bearer ...', a login in a URL.

Names are compared by shape, since readers take O for 0 and l for 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from photoscan import shipped
from photoscan.textual.words import fold, lookalike, one_letter_apart


class Setting(NamedTuple):
    """Where a secret value stands in a text, how sure it is that it is one, and why."""

    start: int
    end: int
    confidence: float
    reason: str


_LONG_NAMES = ("password", "passwd", "passphrase", "secret", "apikey", "credential")
_PARTS = re.compile(r"[A-Z]?[a-zà-ÿ0-9]+|[A-Z0-9]+")
_NAME = r"[A-Za-z][\w.-]{1,60}"
_ASSIGNED = re.compile(
    rf"(?<![?&\w./-])(?P<name>{_NAME})(?P<sign>[\"']?\]?\s?(?:=>|:=|[:=])\s?[\"'`]|\s?=\s?|\s?:\s)"
    r"(?P<value>[^\s\"'`;&<,]{3,2000})"
)
_ELEMENT = re.compile(rf"<(?P<name>{_NAME})>(?P<value>[^<>\s]{{3,400}})</")
_AUTHORIZATION = re.compile(
    r"(?i)(?:auth[o0]r[il1]zat[il1][o0]n[\"']?\s?[:=]\s?[\"']?(?:(?:bearer|basic|token|digest|apikey|key)\b\s?)?|\bbearer\s+)"
    r"([A-Za-z0-9._~+/=-]{12,2000})"
)
"""RFC 9110, section 11.6.2; RFC 6750."""
_COOKIE = re.compile(r"(?i)\bcookie[\"']?\s?[:=].{0,40}?[\w-]{2,30}=([A-Za-z0-9%._+/=-]{16,2000})")
_COMMAND = re.compile(
    r"(?:\bcurl\b.{0,300}?\s(?:-u|--user)[\s=]?[\"']?[^\s:\"']{1,60}:|\bsshpass\s+-p\s?[\"']?|\bmysql(?:dump)?\b.{0,300}?\s-p(?=\S)"
    r"|\s--password[\s=][\"']?)([^\s\"']{3,80})"
)
_LOGIN_URL = re.compile(r"(?i)\b[a-z][a-z+]{2,12}://[^\s/:@]*:([^\s/@]{3,})@")
_CALL = re.compile(r"^[a-zA-Z_][\w.]*[(\[](?:[)'\"]|$)")
_PLAIN = re.compile(r"^[A-Za-z_.]+\W*$")
"""What may be the name of a variable instead of a value."""
_REFERENCE = re.compile(
    r"^(?:process\.env|os\.|env[.(:]|config\.|settings\.|secrets?\.|vars?\.|self\.|this\.|args\.|data\.|request\.|\w+\.get\b|vault:)"
)
_GAP = re.compile(
    r"(?i)^(?:[<$%{*\[]|(?:none|null|nil|true|false|undefined|str|string|int|bool|getenv|redacted|hidden|masked|x+)\b"
    r"|(?:your|insert|replace|enter|put)[_\- ]|change[_-]?me|x{3}|\.{3}|•)"
)
"""A gap to be filled in, or no value at all."""
_SAID_LATER = re.compile(r"(?i)^(?:required|optional|incorrect|wrong|invalid|empty|password|secret|text|hidden)$")


def find(text: str) -> Iterator[Setting]:
    """The secret values in a line of settings, of code or of a command. Raises nothing."""
    yield from (Setting(*login.span(1), 0.95, "a password in a web address") for login in _LOGIN_URL.finditer(text))
    for given in (*_ASSIGNED.finditer(text), *_ELEMENT.finditer(text)):
        if (confidence := _confidence(given)) is not None:
            yield Setting(*given.span("value"), confidence, "a setting")
    for pattern, reason in (
        (_AUTHORIZATION, "behind an authorization header"),
        (_COOKIE, "a session's cookie"),
        (_COMMAND, "a password in a command"),
    ):
        for sent in pattern.finditer(text):
            if mixes(sent[1]) and not _GAP.match(sent[1]):
                yield Setting(*sent.span(1), 0.9, reason)


def _confidence(given: re.Match[str]) -> float | None:
    """How surely a value is a secret; None where it is none."""
    name, value = given["name"], given["value"]
    parts = holds_secret(name)
    if not parts and mixes(value) and len(value) >= 6 and _nearly_holds_secret(name) and not is_gap(value):
        return 0.6
    if not parts or is_gap(value):
        return None
    sign = given.groupdict().get("sign") or "<"
    if sign[-1] in "\"'`<" or sign == "<":
        return 0.9 if not value.isalpha() or len(value) >= 4 else 0.4
    if _PLAIN.match(value):
        return 0.4 if sign.strip() == "=" else None
    if sign == "=":
        return 0.9
    behind = given.string[given.end() :]
    ends = behind[:1] in "\"'" or not behind.strip(" ,;")
    if not ends or not mixes(value) or (parts < 2 and sign.strip() == ":"):
        return None
    return 0.9 if len(value) >= 6 else 0.4


class _Names(NamedTuple):
    whole: frozenset[str]
    inside: re.Pattern[str]
    harmless_end: frozenset[str]


@cache
def _names() -> _Names:
    """What names of settings hold, by shape, so that a slip of the reader is none here."""
    rows = shipped.rules("rules/secrets.toml")["settings"]
    inside = "|".join(word if "(" in word else lookalike(word) for word in rows["inside"])
    return _Names(_shapes(rows["whole"]), re.compile(inside), _shapes(rows["harmless_end"]))


def _shapes(words: str) -> frozenset[str]:
    return frozenset(lookalike(word) for word in words.split())


def is_gap(value: str) -> bool:
    """Whether a value is none: a gap to fill in, a call, the name of a place, or a word about a password."""
    return any(pattern.match(value) for pattern in (_CALL, _GAP, _REFERENCE, _SAID_LATER))


def is_reference(value: str) -> bool:
    """Whether a value only names where the secret comes from: 'process.env.API_KEY'."""
    return bool(_REFERENCE.match(value))


def holds_secret(name: str) -> int:
    """Of how many parts a name is that says that it holds a secret; 0 where it says no such thing."""
    names = _names()
    parts = [lookalike(fold(part)) for piece in re.split(r"[_.\-]+", name) for part in _PARTS.findall(piece)]
    pieces = [lookalike(fold(piece)) for piece in re.split(r"[_.\-]+", name) if piece]
    if not pieces or pieces[-1] in names.harmless_end or parts[-1:] == [] or parts[-1] in names.harmless_end:
        return 0
    found = any(p in names.whole for p in (*parts, *pieces)) or names.inside.search("".join(pieces))
    return max(len(parts), len(pieces)) if found else 0


def _nearly_holds_secret(name: str) -> bool:
    """Whether one letter of such a word is wrong in a name: 'MYSQL_PASSWORO'."""
    pieces = [fold(piece) for piece in re.split(r"[_.\-]+", name)]
    return any(one_letter_apart(piece, known, 6) for piece in pieces for known in _LONG_NAMES if piece != f"{known}s")


def mixes(value: str) -> bool:
    """Whether a value holds a digit with a letter or a sign, or a capital behind a small letter: no plain word."""
    letters, digits = any(c.isalpha() for c in value), any(c.isdigit() for c in value)
    if letters and digits:
        return True
    signs = any(not c.isalnum() and c not in "-–'’./" for c in value.strip(".,;:!?()"))
    return signs or any(a.islower() and b.isupper() for a, b in pairwise(value))
