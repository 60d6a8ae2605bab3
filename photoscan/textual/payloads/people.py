"""Who somebody is and how to reach them: cards of contacts, numbers to call, addresses to write to, dates to keep.

Sources: RFC 6350 (vCard); ZXing's barcode contents (MECARD, BIZCARD, MATMSG, SMSTO, geo); RFC 5545 (events); RFC 5870
(geo:).
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from photoscan.kind import Severity
from photoscan.textual.payloads.base import Payload, add, fields

_CARD_ROWS = (
    ("FN", "name"), ("N", "name"), ("TEL", "phone"), ("EMAIL", "email"), ("ADR", "address"), ("BDAY", "birth_date"),
)  # fmt: skip


def contact(text: str) -> Payload | None:
    """A card with a name, numbers and addresses; its note is searched like any text."""
    if text.upper().startswith("MECARD:"):
        rows = fields(text[7:])
        keys = (("N", "name"), ("TEL", "phone"), ("EMAIL", "email"), ("ADR", "address"), ("BDAY", "birth_date"))
        return Payload(
            "contact", Severity.HIGH, {key: rows[row] for row, key in keys if row in rows}, rows=_note(rows.get("NOTE"))
        )
    if text.upper().startswith("BIZCARD:"):
        rows = fields(text[8:])
        parts = {"name": " ".join(rows[key] for key in ("N", "X") if key in rows)}
        for row, key in (("B", "phone"), ("M", "phone"), ("E", "email"), ("A", "address")):
            if row in rows:
                add(parts, key, rows[row])
        return Payload("contact", Severity.HIGH, {k: v for k, v in parts.items() if v})
    if "BEGIN:VCARD" not in text.upper():
        return None
    parts = {}
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    for name, key in _CARD_ROWS:
        if name == "N" and "name" in parts:
            continue
        for found in re.finditer(rf"(?im)^(?:\w+\.)?{name}(?:;[^:\r\n]*)?:(.+)$", unfolded):
            if value := re.sub(r"\s*;+\s*", ", ", found[1].strip()).strip(", "):
                add(parts, key, value)
    note = re.search(r"(?im)^NOTE(?:;[^:\r\n]*)?:(.+)$", unfolded)
    return Payload("contact", Severity.HIGH, parts, rows=_note(note[1] if note else None))


def _note(text: str | None) -> tuple[str, ...]:
    return tuple(row for row in re.split(r"\\n|[\r\n]", text or "") if row.strip())


_EVENT_ROWS = re.compile(r"(?im)^(SUMMARY|LOCATION|DESCRIPTION|CONTACT|ATTENDEE|ORGANIZER)((?:;[^:\r\n]*)?):(.+)$")


def event(text: str) -> Payload | None:
    """A date to keep; where and with whom is searched like any text."""
    if "BEGIN:VEVENT" not in text.upper():
        return None
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    rows = []
    for _, given, value in _EVENT_ROWS.findall(unfolded):
        if name := re.search(r"(?i)\bCN=\"?([^\";:]+)", given):
            rows.append(f"Name: {name[1]}")
        rows += _note(value.replace("\\,", ",").replace("\\;", ";").removeprefix("mailto:"))
    return Payload("event", None, rows=tuple(rows))


def call(text: str) -> Payload | None:
    """A number to call or to write to, an address to write to, a point to go to."""
    scheme, _, rest = text.partition(":")
    match scheme.strip().lower():
        case "mailto":
            return Payload("email", None, {"email": unquote(rest.partition("?")[0])}, rows=_asked(rest))
        case "matmsg":
            rows = fields(rest)
            return Payload("email", None, {"email": rows.get("TO", "")}, rows=_note(rows.get("BODY")))
        case "tel" | "sms" | "smsto" | "mmsto":
            # A message, its parameters or an extension may follow the number.
            number, _, message = unquote(rest).partition(":")
            parts = {"phone": re.split("[;?]", number, maxsplit=1)[0].strip()}
            said = _note(message) if scheme.lower() in ("smsto", "mmsto") else _asked(rest)
            return Payload("phone", None, parts, rows=said)
        case "geo":
            point = ", ".join(re.split("[?;]", rest, maxsplit=1)[0].split(",")[:2])
            return Payload("place", Severity.HIGH, {"place": rest}, rows=_note(unquote(point)))
    return None


def _asked(rest: str) -> tuple[str, ...]:
    """What a message's subject and text say."""
    asked = parse_qsl(rest.partition("?")[2])
    return tuple(row for key, value in asked if key.lower() in ("subject", "body") for row in _note(value))
