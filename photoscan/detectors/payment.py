"""Payment cards and bank accounts, by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual.lookalikes import as_digits

_D = r"[\dOoQIl|SBZ]"
_CARD = re.compile(
    rf"(?<![\w-])({_D}{{4}}([ -]?){_D}{{4}}\2{_D}{{4}}\2{_D}{{1,7}}|3[47]\d{{2}}[ -]?\d{{6}}[ -]?\d{{5}})(?![\w-])"
)
_IBAN = re.compile(r"(?<!\w)([A-Z]{2}[\dOIl]{2}(?:[ ]?[A-Z0-9]){11,30})(?!\w)")
_BRANDS = (
    ("Visa", re.compile(r"4\d{12}(?:\d{3}){0,2}$")),
    ("Mastercard", re.compile(r"(?:5[1-5]\d{2}|2(?:22[1-9]|2[3-9]\d|[3-6]\d{2}|7[01]\d|720))\d{12}$")),
    ("American Express", re.compile(r"3[47]\d{13}$")),
    ("UnionPay", re.compile(r"62\d{14,17}$")),
    ("JCB", re.compile(r"35(?:2[89]|[3-8]\d)\d{12}$")),
)
"""Issuer ranges as the schemes publish them (ISO/IEC 7812)."""


class PaymentDetector(TextDetector):
    """Cards with a scheme's prefix and a valid Luhn digit; accounts with a valid IBAN."""

    name: ClassVar[str] = "payment"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_PAYMENT_CARD, Kind.TEXT_BANK_ACCOUNT)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Every number whose check digits hold, look-alikes repaired."""
        for i, line in enumerate(lines):
            for found in _CARD.finditer(line.text):
                digits, _ = as_digits(re.sub(r"[ -]", "", found[1]))
                brand = next((name for name, pattern in _BRANDS if pattern.match(digits)), None)
                if brand and luhn(digits):
                    yield TextMatch(
                        Kind.TEXT_PAYMENT_CARD, (i,), digits, 0.95, f"{brand}, valid Luhn digit", {"brand": brand}
                    )
            for found in _IBAN.finditer(line.text):
                if value := _iban(found[1]):
                    yield TextMatch(Kind.TEXT_BANK_ACCOUNT, (i,), value, 0.97, "IBAN, valid check digits")


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _iban(text: str) -> str | None:
    """The IBAN at the start of a text (ISO 13616), words behind it cut off; None where the check digits fail."""
    from stdnum import iban

    parts = text.split(" ")
    for end in range(len(parts), 0, -1):
        compact = "".join(parts[:end])
        compact = compact[:2] + as_digits(compact[2:4])[0] + compact[4:]
        if iban.is_valid(compact):
            return str(iban.format(compact))
    return None
