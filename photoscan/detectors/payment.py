"""Payment cards and bank accounts, by their check digits or behind a label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind, Severity
from photoscan.textline import TextLine
from photoscan.textual import accounts, card_numbers, labelled_numbers
from photoscan.textual.card_numbers import CardNumber
from photoscan.textual.id_formats import IdNumber
from photoscan.textual.lookalikes import as_digits
from photoscan.textual.neighbours import label_above
from photoscan.textual.unglued import apart

_CARD_WORD = re.compile(
    r"(?i)\b(?:card|kad|kartu|cart[ãa]o|tarjeta|carte|karte|visa|master\s?card|amex|debit|credit|cr[ée]dito|d[ée]bito|pan|"
    r"valid thru|good thru|exp(?:iry|ires)?|cvv2?|cvc2?)\b"
)
_CVV = re.compile(r"(?i)\b(?:cvv2?|cvc2?|cid|security code|c[óo]d(?:igo)?\.? seguran[çc]a)\b\D{0,5}\d{3,4}\b")
_EXPIRY = re.compile(r"(?<!\d)(?:0[1-9]|1[0-2])\s?/\s?(?:20)?[2-4]\d(?!\d)")
_IBAN = re.compile(r"(?<!\w)([A-Z]{2}[\dOIlSBZ]{2}(?:[ ]?[A-Z0-9]){11,30})(?!\w)", re.IGNORECASE)
_NEAR = 6
"""Lines around a card's number that may belong to the card."""


class PaymentDetector(TextDetector):
    """Cards with a scheme's prefix and a valid Luhn digit; accounts with a valid IBAN, or behind a label.

    Attributes of a card: `brand`; `with_cvv` and `with_expiry` where those stand nearby, which makes it worse.
    """

    name: ClassVar[str] = "payment"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_PAYMENT_CARD, Kind.TEXT_BANK_ACCOUNT)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Every number whose check digits hold, look-alikes repaired; local accounts behind their label."""
        lines = apart(lines)
        for i, line in enumerate(lines):
            around = " ".join(other.text for other in lines[max(0, i - _NEAR) : i + _NEAR + 1])
            above = label_above(lines, i)
            ibans = list(_ibans(line.text, above))
            yield from _cards(i, _blanked(line.text, ibans), above, around)
            yield from _accounts(i, line.text, above, ibans)
        for card in card_numbers.under_each_other(lines):
            near = lines[max(0, card.lines[0] - _NEAR) : card.lines[-1] + _NEAR + 1]
            yield from _upright(card, " ".join(line.text for line in near))


def _cards(index: int, text: str, above: str, around: str) -> Iterator[TextMatch]:
    others: list[IdNumber] | None = None
    for card in card_numbers.find(text):
        others = labelled_numbers.find_all(text, above) if others is None else others
        same = [n for n in others if n.start < card.end and card.start < n.end]
        if any(number.labelled and number.confidence >= 0.5 for number in same):
            continue
        # A bare run of sixteen digits passes prefix and check digit too easily to be sure.
        sure = card.grouped or (_CARD_WORD.search(around) and not same)
        yield _found(card, (index,), 0.95 if sure else 0.45, around)


def _upright(card: CardNumber, around: str) -> Iterator[TextMatch]:
    """A number in groups under each other: a list of numbers looks so as well, so more has to speak of a card."""
    spoken = bool(_CARD_WORD.search(around) or _EXPIRY.search(around))
    if spoken or card.alone:
        yield _found(card, card.lines, 0.45 if not spoken else 0.9 if card.alone else 0.6, around)


def _found(card: CardNumber, lines: tuple[int, ...], confidence: float, around: str) -> TextMatch:
    attributes = {
        "brand": card.brand,
        "with_cvv": bool(_CVV.search(around)),
        "with_expiry": bool(_EXPIRY.search(around)),
    }
    reason = f"{card.brand}, valid Luhn digit"
    return TextMatch(Kind.TEXT_PAYMENT_CARD, lines, card.number, confidence, reason, attributes)


class _Iban(NamedTuple):
    start: int
    end: int
    value: str
    valid: bool


def _ibans(text: str, above: str) -> Iterator[_Iban]:
    """Every IBAN with its place: by its check digits, or behind its label."""
    for found in _IBAN.finditer(text):
        if value := _iban(found[1]):
            length = len(value.replace(" ", ""))
            ends = [at + 1 for at, sign in enumerate(found[1]) if sign != " "]
            yield _Iban(found.start(), found.start() + ends[length - 1], value, valid=True)
        elif re.search(r"(?i)\biban\b", text[: found.start()] + " " + above):
            yield _Iban(found.start(), found.end(), found[1], valid=False)


def _blanked(text: str, ibans: Iterable[_Iban]) -> str:
    """The text without its IBANs, whose digits may pass for a card's: four of them would be shown."""
    for iban in ibans:
        text = text[: iban.start] + " " * (iban.end - iban.start) + text[iban.end :]
    return text


def _accounts(index: int, text: str, above: str, ibans: Sequence[_Iban]) -> Iterator[TextMatch]:
    for iban in ibans:
        confidence, reason = (
            (0.97, "IBAN, valid check digits") if iban.valid else (0.45, "IBAN behind a label, check fails")
        )
        yield TextMatch(Kind.TEXT_BANK_ACCOUNT, (index,), iban.value, confidence, reason)
    if ibans:
        return
    for account in accounts.find(text, above):
        severity = Severity.LOW if account.organisation else Severity.MEDIUM
        yield TextMatch(
            Kind.TEXT_BANK_ACCOUNT, (index,), account.value, account.confidence, account.reason, {}, severity
        )


def _iban(text: str) -> str | None:
    """The IBAN at the start of a text (ISO 13616), words behind it cut off; None where the check digits fail."""
    from stdnum import iban

    parts = text.split(" ")
    for end in range(len(parts), 0, -1):
        compact = "".join(parts[:end]).upper()
        for form in _iban_forms(compact):
            if iban.is_valid(form):
                return str(iban.format(form))
    return None


def _iban_forms(compact: str) -> Iterator[str]:
    """The number as read, with digits set right in the check digits, and in all the rest behind a bank's letters."""
    head = compact[:2] + as_digits(compact[2:4])[0]
    yield head + compact[4:]
    letters = len(re.match(r"[A-Z]*", compact[4:])[0])  # type: ignore[index]
    for keep in sorted({0, 1, 4, letters}):
        yield head + compact[4 : 4 + keep] + as_digits(compact[4 + keep :])[0]
