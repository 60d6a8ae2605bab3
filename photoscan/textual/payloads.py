"""What a machine-readable code says: Wi-Fi, contacts, payments, tickets, licences, keys, personal links.

Sources: ZXing's barcode contents (WIFI, MECARD, geo ...); RFC 6350 (vCard); Google's key URI format (otpauth); EMVCo
merchant-presented QR (also PIX, QRIS, DuitNow, PayNow); EPC069-12 (SEPA) and the Swiss QR bill; IATA resolution 792
(boarding passes); AAMVA DL/ID card design standard (driving licences).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from photoscan.kind import Severity

MATRIX = frozenset({"QRCode", "MicroQRCode", "RMQRCode", "Aztec", "DataMatrix", "PDF417", "MaxiCode"})
"""Symbologies, by zxing's names, that carry free text; all others are bars in one row and carry a number."""


@dataclass(frozen=True, slots=True)
class Payload:
    """The sort of a payload, how harmful it is where that differs from the kind's own, and its named parts."""

    sort: str
    severity: Severity | None = None
    parts: dict[str, str] = field(default_factory=dict, repr=False)
    scheme: str | None = None
    """Of payments: PIX, QRIS, DuitNow ..."""


_PARAMETERS = (
    "token key auth pwd pass password code sig session invite email mail user uid userid name phone tel nome nama id"
)
PERSONAL = frozenset(_PARAMETERS.split())
"""Names of parameters that make a link somebody's own."""
SCHEMES = (
    ("br.gov.bcb.pix", "PIX"),
    ("id.co.qris", "QRIS"),
    ("a0000006150001", "DuitNow"),
    ("my.com.paynet", "DuitNow"),
    ("sg.paynow", "PayNow"),
    ("sg.com.nets", "NETS"),
    ("a000000677", "PromptPay"),
    ("com.p2pqrpay", "QR Ph"),
    ("ph.ppmi", "QR Ph"),
    ("hk.com.hkicl", "FPS"),
)
"""How the account information of an EMV code begins, and the name of its scheme."""


def understand(text: str) -> Payload:
    """The meaning of a payload; 'text' where nothing is known of its form. No text makes it raise."""
    for reader in _READERS:
        if found := reader(text):
            return found
    return Payload("text")


def _fields(text: str) -> dict[str, str]:
    """'S:name;P:secret;' with escaped separators, as in WIFI: and MECARD:. What is said twice is joined by a comma."""
    rows: dict[str, str] = {}
    for row in re.split(r"(?<!\\);", text):
        key, _, value = row.partition(":")
        if value:
            _add(rows, key.strip().upper(), re.sub(r"\\(.)", r"\1", value))
    return rows


def _add(rows: dict[str, str], key: str, value: str) -> None:
    rows[key] = f"{rows[key]}, {value}" if key in rows else value


def _split(link: str) -> SplitResult:
    """The parts of a link. Where its host is malformed ('http://[x'), path and query are still told apart."""
    try:
        return urlsplit(link)
    except ValueError:
        scheme, _, rest = link.partition("://")
        place, _, query = rest.partition("?")
        host, _, path = place.partition("/")
        return SplitResult(scheme, host, f"/{path}", query.partition("#")[0], "")


def _wifi(text: str) -> Payload | None:
    if not text.upper().startswith("WIFI:"):
        return None
    rows = _fields(text[5:])
    parts = {"network": rows.get("S", ""), "password": rows.get("P", "")}
    return Payload("wifi", Severity.CRITICAL if parts["password"] else Severity.LOW, parts)


_CARD_ROWS = (
    ("FN", "name"), ("N", "name"), ("TEL", "phone"), ("EMAIL", "email"), ("ADR", "address"), ("BDAY", "birth_date"),
)  # fmt: skip


def _contact(text: str) -> Payload | None:
    if text.upper().startswith("MECARD:"):
        rows = _fields(text[7:])
        keys = (("N", "name"), ("TEL", "phone"), ("EMAIL", "email"), ("ADR", "address"))
        return Payload("contact", Severity.HIGH, {key: rows[row] for row, key in keys if row in rows})
    if "BEGIN:VCARD" not in text.upper():
        return None
    parts: dict[str, str] = {}
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    for name, key in _CARD_ROWS:
        if name == "N" and "name" in parts:
            continue
        for found in re.finditer(rf"(?im)^(?:\w+\.)?{name}(?:;[^:\r\n]*)?:(.+)$", unfolded):
            if value := re.sub(r"\s*;+\s*", ", ", found[1].strip()).strip(", "):
                _add(parts, key, value)
    return Payload("contact", Severity.HIGH, parts)


def _authenticator(text: str) -> Payload | None:
    if not text.lower().startswith(("otpauth://", "otpauth-migration://")):
        return None
    address = _split(text)
    parts = {"account": unquote(address.path.lstrip("/")), **dict(parse_qsl(address.query))}
    return Payload(
        "authenticator", Severity.CRITICAL, {k: v for k, v in parts.items() if k in ("account", "issuer", "secret")}
    )


def _emv(text: str) -> Payload | None:
    if not text.startswith("000201"):
        return None
    rows = _tlv(text)
    accounts = [_tlv(rows[f"{n:02}"]) for n in range(26, 52) if f"{n:02}" in rows]
    scheme, key = "EMV", ""
    for account in accounts:
        known = next((name for start, name in SCHEMES if account.get("00", "").lower().startswith(start)), None)
        if known:
            scheme, key = known, account.get("01") or account.get("02") or ""
            break
    parts = {"key": key, "name": rows.get("59", ""), "city": rows.get("60", ""), "amount": rows.get("54", "")}
    return Payload("payment", Severity.HIGH, {k: v for k, v in parts.items() if v}, scheme)


def _tlv(text: str) -> dict[str, str]:
    """Tag, length and value, two digits each for the first two; a broken rest is left out."""
    rows: dict[str, str] = {}
    at = 0
    while at + 4 <= len(text) and re.fullmatch("[0-9]{2}", text[at + 2 : at + 4]):
        length = int(text[at + 2 : at + 4])
        rows.setdefault(text[at : at + 2], text[at + 4 : at + 4 + length])
        at += 4 + length
    return rows


def _bank(text: str) -> Payload | None:
    rows = text.splitlines()
    if text.startswith("BCD") and len(rows) >= 7:
        return Payload("payment", Severity.HIGH, {"name": rows[5], "account": rows[6]}, "SEPA")
    if text.startswith("SPC") and len(rows) >= 6:
        return Payload("payment", Severity.HIGH, {"account": rows[3], "name": rows[5]}, "Swiss QR bill")
    if text.lower().startswith("upi:"):
        asked = dict(parse_qsl(_split(text).query))
        return Payload(
            "payment", Severity.HIGH, {k: asked[q] for q, k in (("pa", "key"), ("pn", "name")) if q in asked}, "UPI"
        )
    if found := re.match(r"(?i)(bitcoin|ethereum|litecoin|monero|lightning):([\w]+)", text):
        return Payload("payment", Severity.MEDIUM, {"key": found[2]}, found[1].lower())
    return None


def _boarding_pass(text: str) -> Payload | None:
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


def _licence(text: str) -> Payload | None:
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


def _other(text: str) -> Payload | None:
    if "PrintLetterBarcodeData" in text:
        found = dict(re.findall(r'(\w+)="([^"]*)"', text))
        return Payload("identity", Severity.CRITICAL, {k: found[k] for k in ("uid", "name", "dob") if k in found})
    if text.startswith(("HC1:", "shc:/")):
        return Payload("health_certificate", Severity.HIGH)
    if "BEGIN:VEVENT" in text.upper():
        return Payload("event", None)
    scheme, _, rest = text.partition(":")
    match scheme.lower():
        case "mailto":
            return Payload("email", None, {"email": unquote(rest.partition("?")[0])})
        case "matmsg":
            return Payload("email", None, {"email": _fields(rest).get("TO", "")})
        case "tel" | "sms" | "smsto":
            # A message, its parameters or an extension may follow the number.
            return Payload("phone", None, {"phone": re.split("[:;?]", unquote(rest), maxsplit=1)[0].strip()})
        case "geo":
            return Payload("place", Severity.HIGH, {"place": rest})
    return None


_WHATSAPP = re.compile(r"(?i)(?:.+[.@])?(?:wa\.me|api\.whatsapp\.com)")
_TELEGRAM = re.compile(r"(?i)(?:.+[.@])?t\.me")


def _link(text: str) -> Payload | None:
    if not re.match(r"(?i)(?:https?://|www\.)\S+$", text.strip()):
        return None
    address = _split(text.strip())
    asked = {k: v for k, v in parse_qsl(address.query) if k.lower() in PERSONAL or "@" in v}
    whom = address.path.strip("/").removeprefix("+")
    whatsapp, telegram = _WHATSAPP.fullmatch(address.netloc), _TELEGRAM.fullmatch(address.netloc)
    chat = whatsapp or telegram
    if whatsapp and re.fullmatch(r"[0-9]{7,15}", whom):
        asked["phone"] = f"+{whom}"
    elif telegram and re.fullmatch(r"\w{3,40}", whom):
        asked["account"] = f"@{whom}"
    # A link to a plain page says no more than a sign; one with somebody's key, name or chat in it does.
    return Payload("link" if asked or chat else "url", None if asked or chat else Severity.LOW, asked)


_READERS: tuple[Callable[[str], Payload | None], ...] = (
    _wifi, _contact, _authenticator, _emv, _bank, _boarding_pass, _licence, _other, _link,
)  # fmt: skip
