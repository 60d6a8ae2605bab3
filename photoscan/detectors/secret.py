"""Passwords, PINs and codes behind a label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual.neighbours import near

_LABEL = (
    r"(?:wi-?fi\s*(?:password|pass|pw|key|code)|pass\s?word|pass\s?code|passwort|pwd|passwd|pw|kata\s?laluan|kata\s?sandi|sandi|senha|"
    r"contrase[nñ]a|mot de passe|pin|otp|tac|kod\s?pin|secret(?: key)?|"
    r"recovery code|security code|access code|api[ _-]?key|token)"
)
_SAME_LINE = re.compile(rf"(?i)\b{_LABEL}\b(?:\s*(?:code|no|number|wi-?fi|is|adalah|é))?\s*[:=;>\-–]+\s*(\S.{{2,63}})$")
_ONLY_LABEL = re.compile(rf"(?i)^\W*(?:wi-?fi\s*)?{_LABEL}\s*[:=]?\s*$")
_SPACED = re.compile(rf"(?i)\b{_LABEL}\s+(?=\S*\d)([A-Za-z0-9!@#$%&*_.-]{{4,32}})$")
_KEYS = re.compile(
    r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|sk-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{35})\b"
)
"""Published shapes of keys: AWS, GitHub, OpenAI, Slack, Google."""
_PRIVATE = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")
_QUESTION = re.compile(r"(?i)\b(?:forgot|reset|change|enter|lupa|esqueceu|required|protected)\b")


class SecretDetector(TextDetector):
    """The value is the secret alone, without its label."""

    name: ClassVar[str] = "secret"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_SECRET,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Secrets behind a label in the same line or in the line after it, and keys of known shapes."""
        for i, line in enumerate(lines):
            if key := _KEYS.search(line.text) or _PRIVATE.search(line.text):
                yield TextMatch(Kind.TEXT_SECRET, (i,), key[0], 0.97, "the shape of a key")
            elif _QUESTION.search(line.text):
                continue
            elif found := _SAME_LINE.search(line.text):
                yield TextMatch(Kind.TEXT_SECRET, (i,), found[1].strip(), 0.9, "behind a label")
            elif found := _SPACED.search(line.text):
                yield TextMatch(Kind.TEXT_SECRET, (i,), found[1], 0.7, "behind a label")
            elif _ONLY_LABEL.match(line.text) and i + 1 < len(lines) and _follows(line, lines[i + 1]):
                value = lines[i + 1].text.strip()
                if 3 <= len(value) <= 40 and " " not in value:
                    yield TextMatch(Kind.TEXT_SECRET, (i, i + 1), value, 0.75, "in the line after a label")


def _follows(label: TextLine, value: TextLine) -> bool:
    return label.polygon is None or value.polygon is None or near(label, value)
