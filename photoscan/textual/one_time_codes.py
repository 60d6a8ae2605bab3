"""Codes for one time, in the messages that carry them: 'Kod TAC anda ialah 839201', '482913 is your login code'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from photoscan import shipped
from photoscan.textual.lookalikes import DIGIT_FOR

_CODE = (
    r"(?<![\d.,:/#$€£+-])(?<!rm)(?<!rp)(?:[A-Z]-)?(?P<code>\d{4,8}|\d{3}[- ]\d{3}|\d{4}[- ]\d{4})"
    r"(?![\d%/]|[- ]\d|[.,:]\d)"
)
"""The digits alone: no price, date, time, part of a telephone number or of an address."""
_CHUNK = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans("01589", "olsbg")
_WORD_BEFORE, _WORD_AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_KEEP = r"(?:jangan|janganlah|do not|don'?t|never|não|nunca|no)\b[^\d\n]{0,14}\b"


def find(text: str) -> Iterator[tuple[int, int]]:
    """Where the codes of a message stand in it. Raises nothing."""
    if sum(c.isdigit() for c in text) < 3:
        return
    plain = cleared(text)
    for pattern in _words().patterns:
        for match in pattern.finditer(plain):
            if not _excluded().search(match["gap"]) and not _is_year(match):
                yield match.span("code")


def is_announcement(text: str) -> bool:
    """Whether a line ends with the announcement of a code that the next one gives: 'Kod TAC anda ialah'."""
    text = cleared(text)
    return not any(c.isdigit() for c in text) and bool(_announcing().search(text)) and not _excluded().search(text)


def _is_year(match: re.Match[str]) -> bool:
    """'OTP Conference 2024': a code that looks like a year is one only where a sign or a verb stands before it."""
    said = re.search(r"(?i)[:=]|\b(?:is|ialah|adalah|é|es|est|ist|anda|kamu)\b", match["gap"])
    return bool(re.fullmatch(r"(?:19|20)\d\d", match["code"])) and not said


def cleared(text: str) -> str:
    """A text of the same length, with digits among letters as the letters they look like, and the other way round."""
    return _CHUNK.sub(lambda chunk: _as_most(chunk[0]), text)


def _as_most(chunk: str) -> str:
    digits = sum(c.isdecimal() for c in chunk)
    if 0 < digits < len(chunk) / 2:
        return chunk.translate(_LETTERS)
    if len(chunk) >= 3 and digits > len(chunk) / 2:
        return "".join(DIGIT_FOR.get(c, c) for c in chunk)
    return chunk


def _blurred(pattern: str) -> str:
    """A pattern of words that forgives i for l, e for c, and a space that the reader lost."""
    forgiven = {"i": "[il]", "l": "[il]", "e": "[ec]", "c": "[ec]", " ": " ?"}
    parts = re.split(r"(\\.|\[[^\]]*\]|\(\?:| \?)", pattern)
    return "".join(part if i % 2 else "".join(forgiven.get(c, c) for c in part) for i, part in enumerate(parts))


class _Words(NamedTuple):
    name: str
    excluded: str
    patterns: tuple[re.Pattern[str], ...]


@cache
def _words() -> _Words:
    """What a code is called, what speaks against one, and the sentences that give one (`rules/secrets.toml`)."""
    rows = shipped.rules("rules/secrets.toml")["one_time"]
    service, hand_on, enter, names = (
        _blurred("|".join(rows[key])) for key in ("services", "hand_on", "to_enter", "names")
    )
    code = _blurred(r"(?:code|kode?|c[óo]digo)")
    name = f"(?:{names}|(?:{service}) {code}|{code} (?:(?:do|da|de|del) )?(?:{service}))"
    named = rf"{_WORD_BEFORE}{name}{_WORD_AFTER}"
    told = rf"{_KEEP}(?:{hand_on})\b[^\d\n]{{0,24}}\b(?:{code}|otp|tac|pin)\b"
    forms = (
        rf"{named}(?P<gap>[^\d\n]{{0,48}}?){_CODE}",
        rf"(?:{'|'.join(rows['unspaced'])})(?P<gap>[^\d\n]{{0,16}}?){_CODE}",
        (
            rf"{_CODE} (?:is|adalah|ialah|é|es|est|ist|untuk|as|als|como) "
            r"(?:your|the|an?|my|kode?|seu|sua|o|tu|su|votre|le|ihr|dein|uw)?"
            rf"(?P<gap>[^\d\n]{{0,40}}?){_WORD_BEFORE}(?:{name}|{code}){_WORD_AFTER}"
        ),
        (
            rf"{_WORD_BEFORE}(?:use|enter|type|guna(?:kan)?|masukkan|masukan|use|digite|insira|informe|usa|utilice|introduce|ingresa)"
            rf" (?:the |o |el |this )?(?:{code}|tac|otp|token|pin)(?: (?:the|ini|berikut|tac|otp))?:? ?(?P<gap>){_CODE}"
            rf"(?=[^\d\n]{{0,12}}(?:to|untuk|para|bagi|for|em|no|na)\b[^\d\n]{{0,40}}\b(?:{enter})\b)"
        ),
        rf"{_WORD_BEFORE}{told}(?P<gap>[^\d\n]{{0,40}}?){_CODE}",
        rf"{_CODE}[.,!:]? ?(?P<gap>)(?={told})",
    )
    excluded = rf"(?i)\b(?:{'|'.join(rows['not_between'])})\b"
    return _Words(named, excluded, tuple(re.compile(f"(?i){form}") for form in forms))


@cache
def _excluded() -> re.Pattern[str]:
    return re.compile(_words().excluded)


@cache
def _announcing() -> re.Pattern[str]:
    return re.compile(
        rf"(?i){_words().name}(?: (?:anda|kamu|you|your account|shopee|akaun anda))?"
        r"(?: (?:ialah|adalah|is|é|es|est|ist|lautet))?\s?[:：]?\s*$"
    )
