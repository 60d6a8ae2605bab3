"""Passwords, PINs and codes behind a label, codes for one time, recovery codes and phrases, keys of known shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import (
    labels,
    one_time_codes,
    passwords,
    private_keys,
    recovery_phrases,
    settings,
    tokens,
    wrapped,
)
from photoscan.textual.neighbours import follows

_CODE = re.compile(r"^(?:\d{1,2}[.)]\s*)?([a-z0-9]{4,5}[- ]?[a-z0-9]{4,6}(?:[- ][a-z0-9]{4,6}){0,3})$", re.IGNORECASE)
"""Recovery codes: a list of groups such as 'k3xq-81mz'."""
_LISTS = re.compile("code|recovery|kod|codigo|recupera|pemulihan")
"""Labels under which several codes may stand."""
_ONE_TIME = re.compile(r"^\W*(?:[A-Z]-)?(\d{4,8}|\d{3}[- ]\d{3})(?:\W|$)")


class _Secret(NamedTuple):
    start: int
    end: int
    confidence: float
    reason: str


class SecretDetector(TextDetector):
    """The value is the secret alone, without its label."""

    name: ClassVar[str] = "secret"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_SECRET,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Recovery phrases and private keys, keys over several lines, then what each line holds by itself."""
        taken = [bytearray(len(line.text)) for line in lines]
        for match in (*_of_many_lines(lines), *_wrapped(lines)):
            for i in match.lines:
                taken[i][:] = b"x" * len(taken[i])
            yield match
        yield from _line_by_line(lines, taken)


def _of_many_lines(lines: Sequence[TextLine]) -> Iterator[TextMatch]:
    for phrase in recovery_phrases.find(lines):
        yield TextMatch(Kind.TEXT_SECRET, phrase.lines, phrase.words, phrase.confidence, phrase.reason)
    for key in private_keys.blocks(lines):
        yield TextMatch(Kind.TEXT_SECRET, key.lines, key.value, key.confidence, key.reason)


def _wrapped(lines: Sequence[TextLine]) -> Iterator[TextMatch]:
    """Keys that go on in the next lines; every line that holds a part is the finding's."""
    for chain in wrapped.chains(lines):
        taken = bytearray(len(chain.text))
        whole = {token.start for token in tokens.find(lines[chain.lines[0]].text) if token.whole}
        for secret in _shaped(chain.text):
            named_above = secret.start in chain.begins and chain.text[secret.start - 1 : secret.start] in tuple("=:\"'")
            where = chain.lines_of(secret.start - named_above, secret.end)
            if len(where) < 2 or secret.start in whole or any(taken[secret.start : secret.end]):
                continue
            taken[secret.start : secret.end] = b"x" * (secret.end - secret.start)
            value = chain.text[secret.start : secret.end]
            reason = f"{secret.reason}, over several lines"
            yield TextMatch(Kind.TEXT_SECRET, where, value, secret.confidence, reason)


def _line_by_line(lines: Sequence[TextLine], taken: Sequence[bytearray]) -> Iterator[TextMatch]:
    listing = False
    for i, line in enumerate(lines):
        text = line.text
        if listing and (code := _CODE.match(text.strip())) and any(c.isdigit() for c in text):
            yield TextMatch(Kind.TEXT_SECRET, (i,), code[1], 0.8, "in a list of codes")
            continue
        above = [other.text for other in lines[max(0, i - 3) : i]]
        labelled = labels.each("secret", text)
        for secret in _in_line(text, above, labelled):
            if not any(taken[i][secret.start : secret.end]):
                taken[i][secret.start : secret.end] = b"x" * (secret.end - secret.start)
                value = text[secret.start : secret.end]
                yield TextMatch(Kind.TEXT_SECRET, (i,), value, secret.confidence, secret.reason)
        listing = False
        if i + 1 == len(lines) or any(taken[i + 1]) or not follows(line, lines[i + 1]):
            continue
        below = lines[i + 1].text
        if one_time_codes.is_announcement(text) and (once := _ONE_TIME.match(below)):
            taken[i + 1][:] = b"x" * len(below)
            yield TextMatch(Kind.TEXT_SECRET, (i, i + 1), once[1], 0.85, "a code for one time")
            continue
        last = labelled[-1:]
        if last and not last[0].value and not passwords.asks(text):
            value = below.strip()
            listing = bool(_LISTS.search(last[0].label))
            if passwords.is_secret(value) and not listing:
                yield TextMatch(Kind.TEXT_SECRET, (i, i + 1), value, 0.75, "in the line after a label")


def _shaped(text: str) -> Iterator[_Secret]:
    """What is a secret by its own shape or by the setting that it is the value of."""
    for token in tokens.find(text):
        yield _Secret(token.start, token.end, 0.97, f"the shape of a key of {token.service}")
    for key in private_keys.written(text):
        yield _Secret(*key)
    for setting in settings.find(text):
        yield _Secret(*setting)


def _in_line(text: str, above: Sequence[str], labelled: Sequence[labels.Labelled]) -> Iterator[_Secret]:
    yield from _shaped(text)
    yield from (_Secret(*once, 0.85, "a code for one time") for once in one_time_codes.find(text))
    yield from (_Secret(*password) for password in passwords.beside_a_network(text, above))
    keys = [token.start for token in tokens.find(text)]
    yield from (_Secret(*password) for password in passwords.labelled(text, labelled, keys))
