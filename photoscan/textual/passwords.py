"""Passwords, PINs and codes behind a label (`rules/labels.toml`), or beside the name of a network or of a user."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from photoscan.textual import labels, settings

_ASKING = re.compile(
    r"(?i)\b(?:forgot(?:ten)?|reset|change|enter|key in|lupa|masukkan|masukan|esqueceu|esqueci|insira|digite|olvid\w+|"
    r"oublié|vergessen|eingeben|required|protected|incorrect|wrong|salah|show|confirm|strong|weak|never share|jangan|"
    r"don'?t share|at least|at most|minimum|min|max|characters|letters|digits|hendaklah|sekurang-kurangnya|"
    r"aksara|minimal|karakter|pelo menos|m[íi]nimo|caracteres|al menos|au moins|caract[èe]res|mindestens|zeichen|"
    r"ask (?:at|the|our|us|staff|reception|counter)|tanya(?:kan)?|pergunte|solicite|pregunt[ae]|demandez|fragen sie)\b"
)
_SHORT = re.compile(r"(?i)^(?:pin|pw|tac|wpa|sandi|clave|token|secret|puk|wep)")
"""Labels that are common words as well: their value needs a colon or a digit."""
_NETWORK = re.compile(r"(?i)\b(?:wi-?\s?fi|ssid|wlan|network|hotspot|rangkaian|jaringan|rede)\b")
_LOGIN = r"log-?in|user(?:\s?name)?|user ?id|uid|e-?mail|akaun|akun|usu[áa]rio|usuario|pengguna|nama pengguna"
_KEY_WORD = r"pass|pw|pwd|pswd|psw|key|kunci|chave|clave|code|kod|kode"
_NETWORK_KEY = re.compile(rf"(?i)^\W*(?:{_KEY_WORD})\s*[:=]\s*(\S{{6,63}})\s*$")
"""Words that label a password only under the name of a network."""
_BESIDE = re.compile(
    rf"(?i)\b(?:wi-?\s?fi|ssid|wlan|hotspot|{_LOGIN})\b[^\n]{{1,40}}?(?<![^\W\d_])(?:{_KEY_WORD}|pin)(?![^\W\d_])"
    r"(?P<sign>\s*[:=]\s*|\s+)(?P<value>\S{4,63})"
)
"""... or behind it, or behind the name of a user, in one line: 'SSID KedaiKopi PASS mesra1234'."""
_PAIR = re.compile(
    rf"(?i)\b(?:{_LOGIN}|id)\s?/\s?(?:pass(?:word)?|pw|pwd)\s*[:=]?\s+\S{{2,60}}\s?/\s?(?P<value>\S{{3,60}})"
)
_OWNER = re.compile(r"(?i)^\W*(?:admin|administrator|root)\s?[:/]\s?(?P<value>\S{4,60})\s*$")
_MAIL_AND = re.compile(r"\S@\S{1,80}\.[a-z]{2,12}\s*[/|:;,]\s*(?P<value>\S{8,40})\s*$")
_DOOR = re.compile(
    r"(?i)\b(?:door|gate|alarm|lobby|lift|pintu|pagar|porta|port[ãa]o|puerta)\s?:?\s(?P<value>[#*]?\d{3,8}[#*])"
)
"""What opens a door ends with the key that one presses last."""
_SITE = re.compile(r"\.[a-z]{2,}|@|^\+?\d+$")
_KEY_ALONE = re.compile(rf"(?i)^\W*(?:{_KEY_WORD})\W*$")
_WORD = re.compile(r"^[^\W\d_]+[.,!?]?$")
_CALL = re.compile(r"^[a-z_][\w.]*[(\[](?:[)'\"]|$)")
"""A call or an index: a listing of code that asks for a password."""
_INNER_CAPITAL = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")
_PRICE = re.compile(r"(?i)^(?:rm|rp|r\$|s\$|us\$|[$€£¥])\s?\d[\d.,]*\s*$")
"""'Token: RM 1' is what one costs."""
_LOOKS = re.compile(r"(?=.*\d)(?=.*[^\W\d_])(?=.*(?:[A-ZÀ-Þ]|[^\w\s]))\S{8,40}$")
"""Letters with digits, and a capital or a sign: what people choose for passwords."""
_QUOTES = "\"'“”‘’「」 "
_QUEUE = re.compile(r"^[A-Z]{1,2}-?\d{2,4}$")
_QUEUED = frozenset({"senha", "token"})
"""Labels that tickets of a queue bear as well: 'Senha A045'."""
_SEPARATED = frozenset({"kata kunci", "pin code", "access key", "account key", "mnemonic", "lockbox", "digicode"})
"""Labels that mean something else as well: keywords, the postcodes of India. A sign stands behind them."""
_PHRASES = frozenset({"seed phrase", "recovery phrase", "passphrase"})
"""Labels whose values are several plain words."""


class Password(NamedTuple):
    """Where a password stands in a text, how sure it is one, and why."""

    start: int
    end: int
    confidence: float
    reason: str


def asks(text: str) -> bool:
    """Whether a line asks for a password, or speaks of one, instead of giving it."""
    return bool(_ASKING.search(text))


def beside_a_network(text: str, above: Sequence[str]) -> Iterator[Password]:
    """What 'pass', 'key' or 'code' labels beside the name of a network or of a user. `above`: the lines before."""
    if (key := _NETWORK_KEY.match(text)) and any(map(_NETWORK.search, above)):
        yield Password(*key.span(1), 0.85, "under the name of a network")
    if above and _KEY_ALONE.match(above[-1]) and any(map(_NETWORK.search, above)) and _is_chosen(text.strip()):
        value = text.strip()
        start = text.index(value)
        yield Password(start, start + len(value), 0.75, "under the name of a network")
    pairs = (*_BESIDE.finditer(text), *_PAIR.finditer(text))
    asking = bool(pairs) and asks(text)
    for pair in pairs:
        sign = pair.groupdict().get("sign") or ":"
        if not asking and (
            _is_chosen(pair["value"]) or (sign.strip() and pair["value"].isalpha() and len(pair["value"]) >= 6)
        ):
            yield Password(*pair.span("value"), 0.8, "beside the name of a network or a user")
    for pattern, reason in ((_OWNER, "behind the name of who owns it"), (_MAIL_AND, "behind a mail address")):
        found = pattern.search(text)
        if found and _LOOKS.match(found["value"] + "!"[: pattern is _OWNER]) and not _SITE.search(found["value"]):
            yield Password(*found.span("value"), 0.6, reason)
    yield from (Password(*door.span("value"), 0.8, "what opens a door") for door in _DOOR.finditer(text))


def _is_chosen(value: str) -> bool:
    """Whether a word may be a password that somebody chose: letters with digits or signs, or eight digits."""
    if not 4 <= len(value) <= 63 or " " in value or _PRICE.match(value):
        return False
    return (_mixes(value) and any(c.isalpha() for c in value)) or (value.isdigit() and len(value) >= 8)


def labelled(text: str, found: Sequence[labels.Labelled], keys: Sequence[int]) -> Iterator[Password]:
    """The value behind each label. Words that ask for a password make no secret of plain words, but hide no other.

    `keys`: where keys of known shapes begin, in order; no value goes beyond.
    """
    if not found and (rough := labels.roughly("secret", text)) and _LOOKS.match(rough.value):
        yield Password(
            rough.start, rough.start + len(rough.value), 0.3, "what looks like a password behind a blurred word"
        )
    keys = sorted(keys)
    asking = bool(_ASKING.search(text))
    for label in found:
        following = bisect_right(keys, label.start)
        written = label.value[: keys[following] - label.start] if following < len(keys) else label.value
        value, confidence = _judged(label, written, asking)
        if confidence:
            start = text.index(value, label.start)
            yield Password(start, start + len(value), confidence, "behind a label")


def _judged(label: labels.Labelled, written: str, asking: bool) -> tuple[str, float]:
    """What of a text behind a label is the secret, and how surely; 0 for none.

    A token that mixes sorts of characters is a secret in any sentence. Plain words are one behind a sign, if there is
    only one or the label calls for several; else they may be a sentence about passwords.
    """
    value = written.strip(_QUOTES)
    tokens = value.split()
    if not tokens or not any(c.isalnum() for c in value) or _PRICE.match(value):
        return "", 0
    if settings.is_reference(value) or (tokens[0].isupper() and _QUEUE.match(tokens[0]) and label.label in _QUEUED):
        return "", 0
    if _CALL.match(value):
        return value[:64], 0.4
    mixed = next((n for n, token in enumerate(tokens) if not _mixes(token)), len(tokens))
    shown = _cut(value, tokens, mixed) if mixed else value
    digits = any(c.isdigit() for c in value)
    if not label.separated and label.label in _SEPARATED:
        return value, 0.4 if digits else 0
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


def is_secret(value: str) -> bool:
    """Whether a line under a label can be its value: one row of characters that is no word."""
    return (
        3 <= len(value) <= (128 if _mixes(value) else 40)
        and " " not in value
        and not _WORD.match(value.lower().rstrip(":"))
    )
