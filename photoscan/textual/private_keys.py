"""Private keys as they are written out: PEM and its relatives with all their lines, WIF, keys of disks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from photoscan.textline import TextLine
from photoscan.textual.neighbours import follows

_PRIVATE = r"(?:PR[I1l!]VATE|SECRET)\s?KEY"
_BEGIN = re.compile(rf"(?P<dashes>[-–—]\s?)?BEG[I1l!]N\s?(?:[A-Z0-9]+\s?){{0,2}}{_PRIVATE}|^\s*PuTTY-User-Key-File-\d")
_END = re.compile(rf"\bEND\s?(?:[A-Z0-9]+\s?){{0,2}}{_PRIVATE}|^\s*Private-MAC:")
_HEADER = re.compile(
    r"^\s*(?:Proc-Type|DEK-Info|Version|Comment|Encryption|Public-Lines|Private-Lines|Key-Derivation|Argon2-\w+): ?"
)
_BODY = re.compile(r"^\s*[A-Za-z0-9+/=_\\-]{4,}\s*$")
"""A line of base64; RFC 7468 gives it 64 characters, readers break one in two."""
_FEW_GAPS = re.compile(r"^\s*[A-Za-z0-9+/=]{12,}(?: [A-Za-z0-9+/=]{2,}){0,3}\s*$")
_KNOWN_BODY = re.compile(
    r"\b(?:M[I1l]{2}[A-Za-z0-9+/]{2,3}[I1l][BCA]A(?:AKC|DANBgkqhk)[A-Za-z0-9+/]"
    r"|b3BlbnNzaC1rZXktdj|M[CFHI][A-Za-z0-9+/]{1,2}AgEAM[A-Za-z0-9]|MHcCAQEE[I1l]|MC4CAQAwBQYDK2V)"
)
"""How the base64 of a private key begins: RFC 8017 (version 0), RFC 5958, OpenSSH's key of version 1, RFC 5915."""
_MOST = 120

_B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_WIF = re.compile(
    r"(?<![A-Za-z0-9])(?:[59S][A-Za-z0-9]{50}|[KLc][A-Za-z0-9]{51}|[xyztuv]prv[A-Za-z0-9]{107})(?![A-Za-z0-9])"
)
"""A key of Bitcoin in wallet import format (51 or 52 signs), or one that others are derived from (BIP-32, 111)."""
_SLIPS = {"0": "oDQ", "O": "oDQ", "I": "1iL", "l": "1iL", "S": "S5"}
_WIF_VERSIONS = frozenset({0x80, 0xEF})
_ENCRYPTED = re.compile(r"(?<![A-Za-z0-9])6P[A-Za-z0-9]{56}(?![A-Za-z0-9])")
"""BIP-38: encrypted by a passphrase."""
_DISK = re.compile(r"(?<!\d)\d{6}(?:\s?[-–—]\s?\d{6}){7}(?!\d)")
"""The recovery key of a BitLocker drive: eight groups of six digits, each a multiple of 11 below 720,896."""


class PrivateKey(NamedTuple):
    """A private key over whole lines, or in one of them between two characters."""

    lines: tuple[int, ...]
    value: str
    confidence: float
    reason: str


def blocks(lines: Sequence[TextLine]) -> Iterator[PrivateKey]:
    """The private keys in PEM, of OpenSSH, PGP and PuTTY, each with all of its lines, also where its ends are cut."""
    i = 0
    while i < len(lines):
        text = lines[i].text
        begin = _BEGIN.search(text)
        if not begin and not _KNOWN_BODY.search(text):
            if _END.search(text) and (top := _upwards(lines, i)) < i:
                yield _block(lines, top, i + 1, 0.97)
            i += 1
            continue
        end, closed = _downwards(lines, i)
        if end > i + 1 or closed or not begin or begin["dashes"] or text.lstrip().startswith("PuTTY"):
            yield _block(lines, i, end, 0.97)
        i = end


def _block(lines: Sequence[TextLine], start: int, end: int, confidence: float) -> PrivateKey:
    value = "\n".join(line.text.strip() for line in lines[start:end])
    return PrivateKey(tuple(range(start, end)), value, confidence, "a private key")


def _downwards(lines: Sequence[TextLine], start: int) -> tuple[int, bool]:
    """Behind the last line of the key that begins at `start`, and whether its end was seen."""
    if _END.search(lines[start].text):
        return start + 1, True
    end = start + 1
    while end < min(len(lines), start + _MOST):
        text = lines[end].text
        if not follows(lines[end - 1], lines[end]):
            break
        if _END.search(text):
            return end + 1, True
        blank = not text.strip() and end + 1 < len(lines) and bool(_of_a_key(lines[end + 1].text))
        if not blank and not _of_a_key(text):
            break
        end += 1
    return end, False


def _upwards(lines: Sequence[TextLine], end: int) -> int:
    top = end
    while top and end - top < _MOST and _of_a_key(lines[top - 1].text) and follows(lines[top - 1], lines[top]):
        top -= 1
    return top


def _of_a_key(text: str) -> bool:
    """Whether a line can stand inside of a key: base64 that is no word, or a header."""
    if _HEADER.match(text):
        return True
    if not (_BODY.match(text) or _FEW_GAPS.match(text)):
        return False
    bare = text.strip()
    return len(bare) <= 8 or any(c.isdigit() or c in "+/=" for c in bare) or len(bare) > 40


def written(text: str) -> Iterator[tuple[int, int, float, str]]:
    """Keys inside of a line that prove themselves: where from and to, how sure, and why."""
    for match in _WIF.finditer(text):
        if is_base58_key(match[0]):
            yield *match.span(), 0.97, "a private key of Bitcoin"
        elif _without_slips(match[0]):
            yield *match.span(), 0.9, "a private key of Bitcoin, with a slip of the reader"
    for match in _ENCRYPTED.finditer(text):
        if _payload(match[0], 43) is not None:
            yield *match.span(), 0.95, "an encrypted private key of Bitcoin"
    for match in _DISK.finditer(text):
        groups = [int(group) for group in re.findall(r"\d{6}", match[0])]
        good = sum(group % 11 == 0 and group < 720_896 for group in groups)
        if good >= 6:
            yield *match.span(), 0.97 if good == 8 else 0.8, "the recovery key of a disk"


def is_base58_key(text: str) -> bool:
    """Whether a text is a private key in base58 whose checksum (the first four bytes of two SHA-256) is right."""
    if text[1:4] == "prv":
        return _payload(text, 82) is not None
    payload = _payload(text, 38 if len(text) == 52 else 37)
    return payload is not None and payload[0] in _WIF_VERSIONS


def _without_slips(text: str) -> bool:
    """Whether a key comes out right where signs that base58 lacks are taken for those that they look like."""
    wrong = [i for i, c in enumerate(text) if c not in _B58]
    if not wrong or len(wrong) > 4:
        return False
    for choice in product(*(_SLIPS.get(text[i], "") for i in wrong)):
        repaired = list(text)
        for i, c in zip(wrong, choice, strict=True):
            repaired[i] = c
        if is_base58_key("".join(repaired)):
            return True
    return False


def _payload(text: str, size: int) -> bytes | None:
    """What a text in base58 says in `size` bytes, without its checksum; None where that is wrong."""
    number = 0
    for c in text:
        digit = _B58.find(c)
        if digit < 0:
            return None
        number = number * 58 + digit
    if number.bit_length() > size * 8:
        return None
    raw = number.to_bytes(size, "big")
    body, check = raw[:-4], raw[-4:]
    return body if hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == check else None
