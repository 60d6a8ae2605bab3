"""Codes printed on papers: boarding passes, licences, identity cards, certificates of health, invoices.

Sources: IATA resolution 792 (boarding passes); AAMVA DL/ID card design standard (driving licences); UIDAI's secure QR
code specification (Aadhaar); PSA's PhilSys QR; eHealth Network's HC1 and SMART's shc:/ (health); SEFAZ' Manual de
Orientação do Contribuinte (NF-e, NFC-e); Portaria 195/2020 (Portugal); ZATCA's e-invoicing (Saudi Arabia).
"""

from __future__ import annotations

import base64
import binascii
import re
from itertools import cycle

from photoscan.kind import Severity
from photoscan.textual.payloads.base import Payload
from photoscan.textual.payloads.plain import rows


def boarding_pass(text: str) -> Payload | None:
    """Format code M, number of legs, a 20-character name; then booking, route, flight, day of the year, class, seat."""
    if len(text) < 58 or not re.match(r"M[1-4][A-Z ,.'/-]{20}[E ][A-Z0-9 ]{7}[A-Z]{6}", text):
        return None
    parts = {
        "name": text[2:22].strip(),
        "booking": text[23:30].strip(),
        "route": f"{text[30:33]}-{text[33:36]}",
        "flight": f"{text[36:39].strip()} {text[39:44].strip()}",
        "seat": text[48:52].strip(),
    }
    return Payload("boarding_pass", None, parts)


def licence(text: str) -> Payload | None:
    """A North American driving licence or identity card, with all that is printed on it."""
    if not re.search(r"(?:ANSI ?|AAMVA)\d{6}", text[:60]):
        return None
    tags = {
        "DAQ": "number",
        "DCS": "surname",
        "DAC": "name",
        "DBB": "birth_date",
        "DAG": "address",
        "DAI": "city",
        "DAK": "postcode",
    }
    parts = {name: found[1].strip() for tag, name in tags.items() if (found := re.search(rf"{tag}([^\r\n]+)", text))}
    return Payload("driving_licence", Severity.CRITICAL, parts)


SECURE = re.compile(r"\d{300,}")
"""Aadhaar's secure code: one number of hundreds of digits, which holds name, birth date, address and a photo."""
_PHILSYS = re.compile(r'"(?:PCN|lName)"\s*:')


def identity(text: str) -> Payload | None:
    """An identity card's code: Aadhaar (old and secure) and PhilSys."""
    if "PrintLetterBarcodeData" in text:
        found = dict(re.findall(r'(\w+)="([^"]*)"', text))
        said = (f"Aadhaar: {found['uid']}",) if found.get("uid") else ()
        parts = {k: found[k] for k in ("uid", "name", "dob") if k in found}
        return Payload("identity", Severity.CRITICAL, parts, rows=said)
    if SECURE.fullmatch(text.strip()):
        return Payload("identity", Severity.CRITICAL)
    if text.lstrip().startswith("{") and _PHILSYS.search(text):
        held = dict(re.findall(r'"(fName|mName|lName|DOB|PCN)"\s*:\s*"([^"]*)"', text))
        name = " ".join(held[part] for part in ("fName", "mName", "lName") if held.get(part))
        parts = {"name": name, "dob": held.get("DOB", ""), "uid": held.get("PCN", "")}
        return Payload("identity", Severity.CRITICAL, {k: v for k, v in parts.items() if v})
    return None


_HEALTH = ("HC1:", "LT1:", "shc:/", "shclink:/", "NZCP:/")
"""Beginnings of certificates: of the European Union, Switzerland, SMART and New Zealand."""


def health(text: str) -> Payload | None:
    """A certificate of vaccination, test or recovery, or a patient's record."""
    return Payload("health_certificate", Severity.HIGH) if text.startswith(_HEALTH) else None


_ACCESS_KEY = re.compile(r"(?:CFe|NFe)?([1-5]\d{43})(?!\d)(?:\|.*)?", re.DOTALL)
_PORTUGAL = re.compile(r"A:\d{9}\*B:([A-Z0-9]{5,20})\*C:[A-Z]{2}\*D:[A-Z]{2}\*")
_NOBODY = "999999990"
"""Portugal's number for a buyer who gave none."""
_STATES = frozenset(map(str, [*range(11, 18), *range(21, 30), *range(31, 34), 35, *range(41, 44), *range(50, 54)]))
"""Brazil's states by their numbers (IBGE), with which an access key begins."""
_MODELS = frozenset(("55", "57", "58", "59", "62", "63", "65", "66", "67"))
"""What an access key may be of: goods, freight, a till's receipt, energy, tickets."""


def access_key(text: str) -> bool:
    """Whether 44 digits are the key of a Brazilian invoice: state, month, model and check digit (modulo 11)."""
    if not re.fullmatch(r"[0-9]{44}", text) or text[:2] not in _STATES or text[20:22] not in _MODELS:
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(text[42::-1], cycle(range(2, 10)), strict=False))
    return 1 <= int(text[4:6]) <= 12 and int(text[43]) == (11 - weighted % 11) % 11 % 10


def invoice(text: str) -> Payload | None:
    """What was bought, where and when; of some the buyer's number too."""
    text = text.strip()
    if (found := _ACCESS_KEY.fullmatch(text)) and access_key(found[1]):
        return Payload("invoice", Severity.MEDIUM, {}, "NF-e", buyer(text))
    if found := _PORTUGAL.match(text):
        held = () if found[1] == _NOBODY else (f"NIF: {found[1]}",)
        return Payload("invoice", Severity.MEDIUM, {}, "AT", held)
    if _zatca(text):
        return Payload("invoice", Severity.LOW, {}, "ZATCA")
    return None


def buyer(text: str) -> tuple[str, ...]:
    """The buyer's number in the fields of a receipt's code: the seventh of a SAT's, 'cDest' of an older NFC-e's."""
    found = re.search(r"(?:cDest=|^(?:CFe)?\d{44}\|\d{14}\|[\d.]+\|)(\d{11})(?!\d)", text)
    return (f"CPF: {found[1]}",) if found else ()


def _zatca(text: str) -> bool:
    """Base64 of a seller's name (1), tax number of fifteen digits (2) and time (3), each with its length."""
    if not re.fullmatch(r"AQ[A-Za-z0-9+/]{40,}={0,2}", text):
        return False
    try:
        held = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    at = 2 + held[1]
    return held[at : at + 2] == b"\x02\x0f" and held[at + 2 : at + 17].isdigit()


PRODUCT = re.compile(r"\]?(?:d2|Q3|C1|e0)?\(?01\)?\d{14}")


def product(text: str) -> Payload | None:
    """A number of goods (GTIN) in GS1's form, as on a box of medicine: what was bought, with its batch."""
    return Payload("product", Severity.LOW) if PRODUCT.match(text) and len(rows(text)) <= 3 else None
