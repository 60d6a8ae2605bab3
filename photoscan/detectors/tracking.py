"""Numbers of parcels, orders and bookings: with them a stranger looks up a name and an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind, Severity
from photoscan.textline import TextLine
from photoscan.textual import labels
from photoscan.textual.lookalikes import repairs
from photoscan.textual.neighbours import follows

_S10 = re.compile(r"(?<![A-Za-z\d])([A-Z]{2})\s?([\dOIl|SBZ ]{9,11})\s?([A-Z]{2})(?![A-Za-z\d])")
"""Postal items between countries: Universal Postal Union, standard S10."""
_UPS = re.compile(r"(?<![A-Za-z\d])1Z[\dA-Z ]{16,24}(?![A-Za-z\d])")
_CODE = re.compile(r"(?=(?:\D*\d){3})[A-Z\d](?:[A-Z\d]|[ -/.](?=[A-Z\d])){4,29}", re.IGNORECASE)
_BOOKING = re.compile(r"[A-Z\d]{6}")
_BOOKING_LABEL = re.compile(r"booking|pnr|reserv|localizador|buchung|confirmation")


class TrackingDetector(TextDetector):
    """Postal numbers by their check digit; others behind a label."""

    name: ClassVar[str] = "tracking"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_TRACKING,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """One finding a line."""
        for i, line in enumerate(lines):
            if found := _by_form(line.text):
                yield TextMatch(Kind.TEXT_TRACKING, (i,), found, 0.95, "a postal number, valid check digit")
                continue
            for idea, confidence in (("tracking", 0.85), ("reference", 0.6)):
                label = labels.behind(idea, line.text)
                if label is None:
                    continue
                holder: tuple[int, ...] = (i,)
                value = label.value.lstrip("#: ")
                if not value and i + 1 < len(lines) and follows(line, lines[i + 1]):
                    holder, value = (i, i + 1), lines[i + 1].text.strip().lstrip("#: ")
                if code := _value(value, label.label):
                    severity = None if idea == "tracking" else Severity.LOW
                    severity = None if _BOOKING_LABEL.search(label.label) else severity
                    yield TextMatch(
                        Kind.TEXT_TRACKING, holder, code, confidence, f"behind a label ({idea})", severity=severity
                    )
                    break


def _value(text: str, label: str) -> str | None:
    found = _CODE.match(text)
    if found and sum(c.isalnum() for c in found[0]) >= 6 and not re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", found[0]):
        return found[0].strip()
    if _BOOKING_LABEL.search(label) and (short := _BOOKING.match(text)) and not short[0].isalpha():
        return short[0]
    return None


def _by_form(text: str) -> str | None:
    for found in _S10.finditer(text):
        digits = re.sub(r"\s", "", found[2])
        if len(digits) != 9:
            continue
        for number, _ in repairs(digits, "9" * 9):
            total = sum(int(d) * w for d, w in zip(number[:8], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
            if {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11) == int(number[8]):
                return f"{found[1]}{number}{found[3]}"
    for found in _UPS.finditer(text):
        compact = re.sub(r"\s", "", found[0])
        if len(compact) == 18 and _ups_valid(compact):
            return compact
    return None


def _ups_valid(number: str) -> bool:
    """The last digit checks the 15 characters behind '1Z'; letters count as their place in the alphabet plus 2."""
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:]]
    total = sum(v * (1 + i % 2) for i, v in enumerate(values[:15]))
    return -total % 10 == values[15] and number[17].isdigit()
