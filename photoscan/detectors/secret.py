"""Passwords, PINs and codes behind a label, recovery codes, and keys of known shapes.

Labels: `rules/labels.toml`; shapes of keys as their issuers publish them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import labels
from photoscan.textual.neighbours import follows

_KEYS = re.compile(
    r"\b(?:A(?:KIA|SIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,}|glpat-[\w-]{20}|sk-[A-Za-z0-9_-]{20,}"
    r"|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{35}|[rs]k_live_[0-9A-Za-z]{16,}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z]{30,}"
    r"|SG\.[\w-]{22}\.[\w-]{43}|ya29\.[\w-]{20,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*)"
)
"""AWS, GitHub, GitLab, OpenAI, Slack, Google, Stripe, npm, Hugging Face, SendGrid; JSON web tokens (RFC 7519)."""
_PRIVATE = re.compile(r"-{2,5}\s?BEGIN (?:[A-Z]+ )?PRIVATE KEY")
_LOGIN_URL = re.compile(r"(?i)\b[a-z][a-z+]{2,12}://[^\s/:@]+:([^\s/@]{3,})@")
_ASKING = re.compile(
    r"(?i)\b(?:forgot(?:ten)?|reset|change|enter|key in|lupa|masukkan|masukan|esqueceu|esqueci|insira|digite|olvid\w+|"
    r"oublié|vergessen|eingeben|required|protected|incorrect|wrong|salah|show|confirm|strong|weak|never share|jangan|"
    r"don'?t share)\b"
)
_SHORT = re.compile(r"(?i)^(?:pin|pw|tac|wpa|sandi|clave|token|secret|puk|wep)")
"""Labels that are common words as well: their value needs a colon or a digit."""
_ONE_TIME = re.compile(
    r"(?i)\b(?:otp|tac|verification code|security code|login code|kod pengesahan|kode verifikasi|"
    r"c[óo]digo de verifica\w+|code de v[ée]rification|best[äa]tigungscode)\b"
    r"[^\d\n]{0,24}?(?<!\d)(\d{4,8}|\d{3}[- ]\d{3})(?!\d)"
)
"""A code in a message: 'Your OTP is 482913', also where the message warns not to share it."""
_NETWORK = re.compile(r"(?i)\b(?:wi-?\s?fi|ssid|wlan|network|rangkaian|jaringan|rede)\b")
_NETWORK_KEY = re.compile(r"(?i)^\W*(?:pass|pw|pwd|key|kunci|chave|code|kod|kode)\s*[:=]\s*(\S{6,63})\s*$")
"""Words that label a password only under the name of a network."""
_WORD = re.compile(r"^[^\W\d_]+[.,!?]?$")
_CODE = re.compile(r"^(?:\d{1,2}[.)]\s*)?([a-z0-9]{4,5}[- ]?[a-z0-9]{4,6}(?:[- ][a-z0-9]{4,6}){0,3})$", re.IGNORECASE)
"""Recovery codes: a list of groups such as 'k3xq-81mz'."""


class SecretDetector(TextDetector):
    """The value is the secret alone, without its label."""

    name: ClassVar[str] = "secret"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_SECRET,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Secrets behind a label in the same line or in the line after it, and keys of known shapes."""
        listing = False
        for i, line in enumerate(lines):
            text = line.text
            if key := _KEYS.search(text) or _PRIVATE.search(text):
                yield TextMatch(Kind.TEXT_SECRET, (i,), key[0], 0.97, "the shape of a key")
                continue
            if login := _LOGIN_URL.search(text):
                yield TextMatch(Kind.TEXT_SECRET, (i,), login[1], 0.95, "a password in a web address")
                continue
            if listing and (code := _CODE.match(text.strip())) and any(c.isdigit() for c in text):
                yield TextMatch(Kind.TEXT_SECRET, (i,), code[1], 0.8, "in a list of codes")
                continue
            listing = False
            if once := _ONE_TIME.search(text):
                yield TextMatch(Kind.TEXT_SECRET, (i,), once[1], 0.85, "a code for one time")
                continue
            above = [other.text for other in lines[max(0, i - 2) : i]]
            if (key := _NETWORK_KEY.match(text)) and any(map(_NETWORK.search, above)):
                yield TextMatch(Kind.TEXT_SECRET, (i,), key[1], 0.85, "under the name of a network")
                continue
            if _ASKING.search(text):
                continue
            label = labels.behind("secret", text)
            if label and label.value:
                yield from _beside(i, label)
            elif label and i + 1 < len(lines) and follows(line, lines[i + 1]):
                listing = "code" in label.label or "recovery" in label.label
                value = lines[i + 1].text.strip()
                if _is_secret(value) and not listing:
                    yield TextMatch(Kind.TEXT_SECRET, (i, i + 1), value, 0.75, "in the line after a label")


def _beside(index: int, label: labels.Labelled) -> Iterator[TextMatch]:
    value = label.value.strip("\"'“”")
    has_digit = any(c.isdigit() for c in value)
    if label.separated and 3 <= len(value) <= 64 and not (_SHORT.match(label.label) and _WORD.match(value)):
        yield TextMatch(Kind.TEXT_SECRET, (index,), value, 0.9, "behind a label")
    elif not label.separated and has_digit and 4 <= len(value) <= 40 and (label.first or " " not in value):
        yield TextMatch(Kind.TEXT_SECRET, (index,), value, 0.7, "behind a label")


def _is_secret(value: str) -> bool:
    return 3 <= len(value) <= 40 and " " not in value and not _WORD.match(value.lower().rstrip(":"))
