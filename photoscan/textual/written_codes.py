"""Payloads of codes written out as text: 'WIFI:S:home;T:WPA;P:secret;;' in a caption, a printed setup key, a vCard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from photoscan.textual.payloads import Payload, understand

_SCHEME = re.compile(
    r"\s*(?:(?i:WIFI:[A-Z]{1,2}\d?:|MECARD:|MATMSG:|SMSTO:\+?\d|otpauth(?:-migration)?://|upi://)|000201\d\d|HC1:|shc:/"
    r"|M[1-4][A-Z]+/[A-Z]+|(?:bitcoin|ethereum|litecoin|monero):\w{20})"
)
"""Beginnings that are only ever written for machines; 'tel:' and 'geo:' are words of people as well."""
_CARD_BEGINS = re.compile(r"\s*BEGIN:VCARD\s*$", re.IGNORECASE)
_CARD_ROW = re.compile(r"(?:\w+\.)?[A-Z-]+(?:;[^:]*)?:|[ \t]", re.IGNORECASE)
_CARD_PERSONAL = re.compile(r"(?:\w+\.)?(?:BEGIN|VERSION|FN|N|TEL|EMAIL|ADR|BDAY|END)(?:;[^:]*)?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenCode:
    """A payload, the indices of its lines, and its text."""

    lines: tuple[int, ...]
    payload: Payload
    text: str = field(repr=False)


def find(texts: Sequence[str]) -> Iterator[WrittenCode]:
    """The payloads that begin with a line, in order; a contact takes several lines, without those of other rows."""
    i = 0
    while i < len(texts):
        if _CARD_BEGINS.match(texts[i]):
            end = i + 1
            while end < len(texts) and _CARD_ROW.match(texts[end]) and not _CARD_BEGINS.match(texts[end]):
                end += 1
            text = "\n".join(texts[i:end])
            own = tuple(j for j in range(i, end) if _CARD_PERSONAL.match(texts[j]) or j == i)
            yield WrittenCode(own, understand(text), text)
            i = end
            continue
        if _SCHEME.match(texts[i]):
            text = texts[i].strip()
            payload = understand(text)
            if payload.parts or payload.sort == "health_certificate":
                yield WrittenCode((i,), payload, text)
        i += 1
