"""Numbers and dates of which one part is everybody's: a country, a month; and what a receipt shows of a card."""

from __future__ import annotations

import re

from photoscan.masking.marks import HIDDEN, Parts, hidden
from photoscan.patterns import pattern

_DAY = pattern(r"\s*((?:19|20)\d{2})([:\-/.]?)(0[1-9]|1[0-2])\2(?:0[1-9]|[12]\d|3[01])(?!\d)")
_CALLING = pattern(r"(\+\d{1,3}) (?=.)")
_CARD = pattern(r"(?:\d[ -]?){12,18}\d")
_IBAN = pattern(r"(?i)([A-Z]{2})\d{2}(?: ?[A-Z0-9]){11,30}")
_LAST = 4


def month(value: str, parts: Parts) -> str:
    """'2026-07': the month in which a photo was taken tells apart no two people; the day and the hour may."""
    found = _DAY.match(value)
    return f"{found[1]}-{found[3]}" if found else hidden(len(value))


def phone(value: str, parts: Parts) -> str:
    """'+60 ••••••••••' where the numbering plan was recognised; else the length."""
    found = _CALLING.match(value)
    return (
        f"{found[1]} {hidden(len(value) - found.end())}" if found and parts.get("country_code") else hidden(len(value))
    )


def card(value: str, parts: Parts) -> str:
    """'•••• 6467': the last four digits, as receipts show them (PCI DSS v4.0, requirement 3.4.1)."""
    if not _CARD.fullmatch(value):
        return hidden(len(value))
    return f"{HIDDEN * 4} {re.sub(r'[ -]', '', value)[-_LAST:]}"


def account(value: str, parts: Parts) -> str:
    """'DE ••••••••': the country of an IBAN (ISO 13616); of any other account the length."""
    found = _IBAN.fullmatch(value)
    return f"{found[1].upper()} {HIDDEN * 8}" if found else hidden(len(value))
