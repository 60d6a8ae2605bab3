"""Passwords, PINs and codes behind a label, recovery codes, and keys of known shapes.

Labels: `rules/labels.toml`; shapes of keys as their issuers publish them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple

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
    r"don'?t share|at least|at most|minimum|min|max|characters|letters|digits|hendaklah|sekurang-kurangnya|"
    r"aksara|minimal|karakter|pelo menos|m[íi]nimo|caracteres|al menos|au moins|caract[èe]res|mindestens|zeichen|"
    r"ask (?:at|the|our|us|staff|reception|counter)|tanya(?:kan)?|pergunte|solicite|pregunt[ae]|demandez|fragen sie)\b"
)
_SHORT = re.compile(r"(?i)^(?:pin|pw|tac|wpa|sandi|clave|token|secret|puk|wep)")
"""Labels that are common words as well: their value needs a colon or a digit."""
_ONE_TIME = re.compile(
    r"(?i)(?:验证码|驗證碼|\b(?:otp|tac|verification code|security code|login code|kod pengesahan|kode verifikasi|"
    r"c[óo]digo de verifica\w+|code de v[ée]rification|best[äa]tigungscode)\b)"
    r"[^\d\n]{0,24}?(?<!\d)(\d{4,8}|\d{3}[- ]\d{3})(?!\d)"
)
"""A code in a message: 'Your OTP is 482913', also where the message warns not to share it."""
_ASSIGNED = re.compile(
    r"(?i)(?<![?&\w-])[\w-]{0,40}?(?:password|passwd|passphrase|pwd|secret|token|api_?key)[\w-]{0,20}"
    r"(?:[\"']\s?[:=]\s?[\"']?|=[\"']?|\s=\s[\"'])([^\s\"',;&]{3,64})"
)
"""A setting in a file or a listing of code: 'DB_PASSWORD=...', '"password": "..."'; no parameter of a web address."""
_PLAIN_NAME = re.compile(r"^[A-Za-z_.]+\W*$")
"""What may be the name of a variable instead of the value of a setting."""
_GAP = re.compile(r"(?i)^(?:[<$%{*]|(?:none|null|nil|true|false|undefined|str|string|getenv|x+)\b)")
"""A gap to be filled in, or no value at all."""
_NETWORK = re.compile(r"(?i)\b(?:wi-?\s?fi|ssid|wlan|network|rangkaian|jaringan|rede)\b")
_NETWORK_KEY = re.compile(r"(?i)^\W*(?:pass|pw|pwd|key|kunci|chave|code|kod|kode)\s*[:=]\s*(\S{6,63})\s*$")
"""Words that label a password only under the name of a network."""
_WORD = re.compile(r"^[^\W\d_]+[.,!?]?$")
_CODE = re.compile(r"^(?:\d{1,2}[.)]\s*)?([a-z0-9]{4,5}[- ]?[a-z0-9]{4,6}(?:[- ][a-z0-9]{4,6}){0,3})$", re.IGNORECASE)
"""Recovery codes: a list of groups such as 'k3xq-81mz'."""


_CALL = re.compile(r"^[a-z_][\w.]*[(\[](?:[)'\"]|$)")
"""A call or an index: a listing of code that asks for a password."""
_INNER_CAPITAL = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")
_PRICE = re.compile(r"(?i)^(?:rm|rp|r\$|s\$|us\$|[$€£¥])\s?\d[\d.,]*\s*$")
"""'Token: RM 1' is what one costs."""
_LOOKS = re.compile(r"(?=.*\d)(?=.*[^\W\d_])(?=.*(?:[A-ZÀ-Þ]|[^\w\s]))\S{8,40}$")
"""Letters with digits, and a capital or a sign: what people choose for passwords."""
_QUOTES = "\"'“”‘’「」 "
_PHRASES = frozenset({"seed phrase", "recovery phrase", "passphrase"})
"""Labels whose values are several plain words."""


class SecretDetector(TextDetector):
    """The value is the secret alone, without its label."""

    name: ClassVar[str] = "secret"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_SECRET,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Secrets behind a label in the same line or in the line after it, and keys of known shapes."""
        listing = False
        for i, line in enumerate(lines):
            text = line.text
            if listing and (code := _CODE.match(text.strip())) and any(c.isdigit() for c in text):
                yield TextMatch(Kind.TEXT_SECRET, (i,), code[1], 0.8, "in a list of codes")
                continue
            above = [other.text for other in lines[max(0, i - 2) : i]]
            labelled = labels.each("secret", text)
            taken = bytearray(len(text))
            for secret in (*_shaped(text, above), *_labelled(text, labelled)):
                if not any(taken[secret.start : secret.end]):
                    taken[secret.start : secret.end] = b"x" * (secret.end - secret.start)
                    value = text[secret.start : secret.end]
                    yield TextMatch(Kind.TEXT_SECRET, (i,), value, secret.confidence, secret.reason)
            last = labelled[-1:]
            listing = False
            if last and not last[0].value and not _ASKING.search(text) and i + 1 < len(lines):
                below = lines[i + 1]
                value = below.text.strip()
                if follows(line, below):
                    listing = "code" in last[0].label or "recovery" in last[0].label
                    if _is_secret(value) and not listing:
                        yield TextMatch(Kind.TEXT_SECRET, (i, i + 1), value, 0.75, "in the line after a label")


class _Secret(NamedTuple):
    start: int
    end: int
    confidence: float
    reason: str


def _shaped(text: str, above: Sequence[str]) -> Iterator[_Secret]:
    """What is a secret by its own shape or by the message around it."""
    for pattern in (_KEYS, _PRIVATE):
        yield from (_Secret(*key.span(), 0.97, "the shape of a key") for key in pattern.finditer(text))
    yield from (_Secret(*login.span(1), 0.95, "a password in a web address") for login in _LOGIN_URL.finditer(text))
    yield from (_Secret(*once.span(1), 0.85, "a code for one time") for once in _ONE_TIME.finditer(text))
    for given in _ASSIGNED.finditer(text):
        if not _CALL.match(given[1]) and not _GAP.match(given[1]):
            yield _Secret(*given.span(1), 0.4 if _PLAIN_NAME.match(given[1]) else 0.9, "a setting")
    if (key := _NETWORK_KEY.match(text)) and any(map(_NETWORK.search, above)):
        yield _Secret(*key.span(1), 0.85, "under the name of a network")


def _labelled(text: str, found: Sequence[labels.Labelled]) -> Iterator[_Secret]:
    """The value behind each label. Words that ask for a password make no secret of plain words, but hide no other."""
    if not found and (rough := labels.roughly("secret", text)) and _LOOKS.match(rough.value):
        yield _Secret(
            rough.start, rough.start + len(rough.value), 0.3, "what looks like a password behind a blurred word"
        )
    keys = [key.start() for key in _KEYS.finditer(text)]
    asking = bool(_ASKING.search(text))
    for label in found:
        following = bisect_right(keys, label.start)
        written = label.value[: keys[following] - label.start] if following < len(keys) else label.value
        value, confidence = _judged(label, written, asking)
        if confidence:
            start = text.index(value, label.start)
            yield _Secret(start, start + len(value), confidence, "behind a label")


def _judged(label: labels.Labelled, written: str, asking: bool) -> tuple[str, float]:
    """What of a text behind a label is the secret, and how surely; 0 for none.

    A token that mixes sorts of characters is a secret in any sentence. Plain words are one behind a sign, if there is
    only one or the label calls for several; else they may be a sentence about passwords.
    """
    value = written.strip(_QUOTES)
    tokens = value.split()
    if not tokens or not any(c.isalnum() for c in value) or _PRICE.match(value):
        return "", 0
    if _CALL.match(value):
        return value[:64], 0.4
    mixed = next((n for n, token in enumerate(tokens) if not _mixes(token)), len(tokens))
    shown = _cut(value, tokens, mixed) if mixed else value
    digits = any(c.isdigit() for c in value)
    if not label.separated:
        shown = " ".join(tokens[:mixed]).rstrip(",;.")
        if digits and shown in value and 4 <= len(shown) <= 40 and (label.first or mixed == 1):
            return shown, 0.7
        unsure = label.first and (digits or mixed == len(tokens)) and not asking and len(value) <= 40
        return value, 0.4 if unsure else 0
    if len(shown) < 3:
        return "", 0
    if " " in shown and len(shown) > 64 and label.label not in _PHRASES:
        return shown[:64].rstrip(), 0 if asking else 0.4
    if mixed:
        counted = mixed < len(shown.split()) and len("".join(tokens[:mixed])) < 4  # '12 bar', '9 recipes'
        return shown, 0.4 if counted else 0.9
    if asking or (_SHORT.match(label.label) and _WORD.match(value)):
        return "", 0
    if label.said:
        return value, 0.4
    if len(tokens) == 1 or label.label in _PHRASES:
        return value, 0.9
    return value, 0.6 if any(map(_mixes, tokens)) else 0.4


def _cut(value: str, tokens: Sequence[str], mixed: int) -> str:
    """A value without the remark behind it: 'mango#Kite47 (do not share)', '7731, change it in May'.

    Without a mark before the remark all is kept: a password may hold spaces.
    """
    end = 0
    for n, token in enumerate(tokens):
        begin = value.index(token, end)
        if n and n >= mixed and (token[0] in "([{（-–—" or value[end - 1] in ",;.，；。"):
            return value[:end].rstrip(",;.，；。 ").strip(_QUOTES)
        end = begin + len(token)
    return value


def _mixes(token: str) -> bool:
    """Whether a token is no plain word: it holds a digit, a symbol inside, or a capital behind a small letter."""
    inner = token.strip(".,;:!?()[]{}\"'“”（），。；")
    if any(c.isdigit() for c in inner) or _INNER_CAPITAL.search(inner):
        return True
    return any(not c.isalnum() and c not in "-–'’./" for c in inner)


def _is_secret(value: str) -> bool:
    return 3 <= len(value) <= 40 and " " not in value and not _WORD.match(value.lower().rstrip(":"))
