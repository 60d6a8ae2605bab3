"""What a machine-readable code says: Wi-Fi, contacts, payments, tickets, licences, keys, log-ins, links.

Each module knows some forms, with their sources; `understand` asks one after the other.
"""

from __future__ import annotations

from collections.abc import Callable

from photoscan.kind import Severity
from photoscan.textual.payloads import keys, links, money, papers, people
from photoscan.textual.payloads.base import Payload
from photoscan.textual.payloads.plain import rows

__all__ = ["MATRIX", "RETAIL", "Payload", "read", "understand"]

MATRIX = frozenset({"QRCode", "MicroQRCode", "RMQRCode", "Aztec", "DataMatrix", "PDF417", "MaxiCode"})
"""Symbologies, by zxing's names, that carry free text; all others are bars in one row and carry a number."""
RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE", "EANUPC", "ISBN"})
"""Symbologies of goods in a shop: they tell what was bought, not who."""


def read(symbology: str, text: str) -> Payload:
    """The meaning of a code. `symbology`: zxing's name of it. No text makes it raise."""
    if symbology in MATRIX:
        return understand(text)
    if symbology in RETAIL:
        return Payload("number", Severity.LOW)
    found = papers.invoice(text) or money.transfer(text) or papers.product(text)
    return found or Payload("number", rows=(text,) if text.strip() else ())


def understand(text: str) -> Payload:
    """The meaning of a payload; 'text' where nothing is known of its form. No text makes it raise."""
    for reader in _READERS:
        if found := reader(text):
            return found
    return Payload("text", rows=rows(text))


_READERS: tuple[Callable[[str], Payload | None], ...] = (
    keys.wifi, people.contact, keys.authenticator, money.emv, money.transfer, money.coin, papers.boarding_pass,
    papers.licence, keys.log_in, keys.esim, keys.device, papers.identity, papers.health, papers.invoice, papers.product,
    people.event, people.call, links.link,
)  # fmt: skip
