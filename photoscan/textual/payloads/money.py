"""Payments: who is paid and how, by the codes of shops, bills, banks and coins.

Sources: EMVCo merchant-presented QR, with BCB's Manual de Padrões (PIX), ASPI's QRIS, PayNet's DuitNow, ABS' PayNow and
BOT's PromptPay rules; EPC069-12 (SEPA), the Swiss QR bill, SPAYD (Czechia, Slovakia), GOST R 56042-2014, HUB3
(Croatia), NBS IPS (Serbia), PagoPA; NPCI's UPI linking; BIP-21, BOLT-11, LUD-01, EIP-681 and SLIP-0173 (coins);
FEBRABAN's boletos.
"""

from __future__ import annotations

import re
from itertools import cycle
from urllib.parse import parse_qsl

from photoscan.kind import Severity
from photoscan.textual.payloads.base import Payload, split, tlv

SCHEMES = (
    ("br.gov.bcb.pix", "PIX"),
    ("id.co.", "QRIS"),
    ("com.p2p-id", "QRIS"),
    ("a0000006150001", "DuitNow"),
    ("my.com.paynet", "DuitNow"),
    ("sg.paynow", "PayNow"),
    ("sg.com.nets", "NETS"),
    ("a000000677", "PromptPay"),
    ("a000000727", "VietQR"),
    ("com.p2pqrpay", "QR Ph"),
    ("ph.ppmi", "QR Ph"),
    ("hk.com.hkicl", "FPS"),
    ("a000000524", "Bharat QR"),
)
"""How the account information of an EMV code begins, and the name of its scheme."""
_KEYS = {"PayNow": "21", "DuitNow": "21", "FPS": "342", "PromptPay": "123", "VietQR": "1"}
"""The tags under which a scheme keeps whom it pays, that first which tells most; '12' for all others."""
_TAX = {"PIX": {11: "CPF", 14: "CNPJ"}, "PromptPay": {13: "เลขประจำตัวประชาชน"}}
"""By scheme: how many digits a key has that is a number of a person or of a firm, and what that is called."""


def emv(text: str) -> Payload | None:
    """What a shop's code says: whom it pays, where, and how much."""
    if not text.startswith("000201"):
        return None
    held = tlv(text)
    accounts = [tlv(held[f"{n:02}"]) for n in range(26, 52) if f"{n:02}" in held]
    scheme, key = "EMV", ""
    for account in accounts:
        known = next((name for start, name in SCHEMES if account.get("00", "").lower().startswith(start)), None)
        if known:
            scheme, key = known, _key(known, account)
            break
    parts = {"key": key, "name": held.get("59", ""), "city": held.get("60", ""), "amount": held.get("54", "")}
    said = [*_typed(scheme, key), *(tlv(held.get("62", "")).get(tag, "") for tag in ("08", "02", "03"))]
    return Payload(
        "payment", Severity.HIGH, {k: v for k, v in parts.items() if v}, scheme, tuple(row for row in said if row)
    )


def _key(scheme: str, account: dict[str, str]) -> str:
    key = next((account[f"0{tag}"] for tag in _KEYS.get(scheme, "") + "12" if account.get(f"0{tag}")), "")
    if scheme == "VietQR":
        return tlv(key).get("01", "")
    return f"+{key[2:]}" if scheme == "PromptPay" and re.fullmatch(r"00\d{11}", key) else key


def _typed(scheme: str, key: str) -> list[str]:
    """A key that is a person's number, behind its name; a telephone's is told by its plus sign."""
    name = _TAX.get(scheme, {}).get(len(key)) if key.isdigit() else None
    return [f"{name}: {key}"] if name else []


def paid_to(scheme: str | None, key: str) -> str | None:
    """The name of the part that a payment's key is: 'phone', 'email' or 'account'; None for a number of another sort,
    which the rows of the payload hold, and for that of a firm."""
    if "@" in key and scheme != "UPI":
        return "email"
    if re.fullmatch(r"\+\d{8,15}", key):
        return "phone"
    firm = scheme == "PayNow" and re.fullmatch(r"\d{8,9}[A-Z]|[TSR]\d\d[A-Z]{2}\d{4}[A-Z]", key)
    return None if firm or _typed(scheme or "", key) else "account"


_IBAN = r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}"
_LINKS = {"upi": ("UPI", "pa", "pn"), "bezahlcode": ("BezahlCode", "iban", "name"), "swish": ("Swish", "payee", "")}
"""By the scheme of a link: what it is called, and the parameters with the account and its holder."""


def transfer(text: str) -> Payload | None:
    """A transfer to an account, or the bill that asks for one."""
    rows = [row.strip() for row in text.splitlines()]
    if text.startswith("BCD") and len(rows) >= 7:
        return _to(rows[6], rows[5], "SEPA", rows[9:12])
    if text.startswith("SPC") and len(rows) >= 6:
        return _to(rows[3], rows[5], "Swiss QR bill", (), rows[21] if len(rows) > 21 else "")
    if text.startswith("HRVHUB30") and len(rows) >= 10:
        return _to(rows[9], rows[6], "HUB3", (), rows[3])
    if text.startswith("UPNQR") and len(rows) >= 17:
        return _to(rows[14], rows[16], "UPN QR", (), rows[5])
    named = split(text) if re.match(rf"(?i)(?:{'|'.join(_LINKS)}):", text) else None
    if named is not None:
        scheme, account, holder = _LINKS[named.scheme.lower()]
        asked = dict(parse_qsl(named.query))
        parts = {"key" if scheme == "UPI" else "account": asked.get(account, ""), "name": asked.get(holder, "")}
        return Payload("payment", Severity.HIGH, {k: v for k, v in parts.items() if v}, scheme)
    if found := re.match(rf"SPD\*\d\.\d\*(?:.*\*)?ACC:({_IBAN})", text):
        return _to(found[1], "", "SPAYD")
    if re.match(r"ST0001\d\|", text):
        said = dict(row.partition("=")[::2] for row in text.split("|")[1:])
        payer = " ".join(said[name] for name in ("LastName", "FirstName", "MiddleName") if said.get(name))
        return _to(said.get("PersonalAcc", ""), said.get("Name", ""), "GOST R 56042", (), payer)
    if found := re.match(r"K:P[RTKE]\|V:\d\d\|C:1\|R:(\d{18})\|N:([^|]*)", text):
        return _to(found[1], found[2].splitlines()[0] if found[2] else "", "NBS IPS")
    if re.match(r"PAGOPA\|\d{3}\|\d{18}\|\d{11}\|", text):
        return Payload("payment", Severity.HIGH, {}, "PagoPA")
    return _boleto(text.strip())


def _to(account: str, name: str, scheme: str, said: list[str] | tuple[()] = (), payer: str = "") -> Payload:
    """`payer`: who has to pay, on a bill that names them; a person, as the holder of the account need not be."""
    parts = {"name": name, "account": account, "payer": payer}
    return Payload("payment", Severity.HIGH, {k: v for k, v in parts.items() if v}, scheme, tuple(filter(None, said)))


def _boleto(text: str) -> Payload | None:
    """44 digits: bank, currency 9, check digit (modulo 11), due date, amount and the bank's own field."""
    if not re.fullmatch(r"[0-9]{3}9[1-9][0-9]{39}", text):
        return None
    rest = text[:4] + text[5:]
    weighted = sum(int(digit) * weight for digit, weight in zip(reversed(rest), cycle(range(2, 10)), strict=False))
    check = 11 - weighted % 11
    return Payload("payment", Severity.HIGH, {}, "Boleto") if text[4] == str(1 if check > 9 else check) else None


_COIN = re.compile(
    r"(?i)(bitcoin|bitcoincash|ethereum|litecoin|monero|lightning|dogecoin|solana|cardano|ripple|tron|ton|zcash|dash|stellar"
    r"|tezos|nano|polygon):(?://)?(?:pay-|transfer/)?([\w:]+)"
)
_BARE = (
    ("bitcoin", re.compile(r"bc1[02-9ac-hj-np-z]{39,59}|BC1[02-9AC-HJ-NP-Z]{39,59}")),
    ("bitcoin", re.compile(r"[13][1-9A-HJ-NP-Za-km-z]{25,34}")),
    ("ethereum", re.compile(r"0x[0-9a-fA-F]{40}")),
    ("litecoin", re.compile(r"ltc1[02-9ac-hj-np-z]{39,59}")),
    ("tron", re.compile(r"T[1-9A-HJ-NP-Za-km-z]{33}")),
    ("monero", re.compile(r"[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}")),
    ("cardano", re.compile(r"addr1[02-9ac-hj-np-z]{50,100}")),
    ("lightning", re.compile(r"(?i:lnbc|lntb)[0-9]*[munp]?1[02-9ac-hj-np-zA-Z]{50,}")),
    ("lightning", re.compile(r"(?i:lnurl1)[02-9ac-hj-np-zA-Z]{30,}")),
)


def coin(text: str) -> Payload | None:
    """An address of a coin: all that was ever paid to it is public."""
    if found := _COIN.match(text):
        return Payload("payment", Severity.MEDIUM, {"key": found[2]}, found[1].lower())
    text = text.strip()
    name = next((name for name, form in _BARE if form.fullmatch(text)), None)
    if name is None or (text[0] in "13T" and not _mixed(text)):
        return None
    return Payload("payment", Severity.MEDIUM, {"key": text}, name)


def _mixed(text: str) -> bool:
    """Whether it has digits and letters of both sizes, as what is written to base 58 has."""
    return any(c.isdigit() for c in text) and any(c.islower() for c in text) and any(c.isupper() for c in text)
