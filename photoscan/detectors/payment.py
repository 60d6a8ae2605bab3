"""Payment cards and bank accounts, by their check digits or behind a label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind, Severity
from photoscan.textline import TextLine
from photoscan.textual.checks import luhn
from photoscan.textual.lookalikes import DIGIT_LIKE as _D
from photoscan.textual.lookalikes import as_digits, repairs
from photoscan.textual.neighbours import label_above

_GROUPED = re.compile(
    rf"(?<![\w-])(?:{_D}{{4}}([ -]){_D}{{4}}\1{_D}{{4}}\1{_D}{{4}}|3[47]{_D}{{2}}([ -]){_D}{{6}}\2{_D}{{5}}|"
    rf"3[0689]{_D}{{2}}([ -]){_D}{{6}}\3{_D}{{4}})(?![\w-])"
)
_RUN = re.compile(rf"(?<![\w.,-]){_D}{{15,16}}(?![\w-])")
_BRANDS = (
    ("Elo", re.compile(r"(?:4011(?:78|79)|438935|45763[12]|504175|5067\d\d|5090\d\d|627780|636297|6363\d\d)\d{10}$")),
    ("Visa", re.compile(r"4\d{15}$")),
    ("Mastercard", re.compile(r"(?:5[1-5]\d{2}|2(?:22[1-9]|2[3-9]\d|[3-6]\d{2}|7[01]\d|720))\d{12}$")),
    ("American Express", re.compile(r"3[47]\d{13}$")),
    ("Discover", re.compile(r"6(?:011|4[4-9]\d|5\d\d)\d{12}$")),
    ("UnionPay", re.compile(r"62\d{14}$")),
    ("JCB", re.compile(r"35(?:2[89]|[3-8]\d)\d{12}$")),
    ("Maestro", re.compile(r"(?:50|5[6-9]|6[0-9])\d{14}$")),
    ("Diners Club", re.compile(r"3(?:0[0-5]|[68]\d)\d{11,13}$")),
)
"""Issuer ranges as the schemes publish them (ISO/IEC 7812), narrow ones that lie in wider ones first."""
_CARD_WORD = re.compile(
    r"(?i)\b(?:card|kad|kartu|cart[ãa]o|tarjeta|carte|karte|visa|master\s?card|amex|debit|credit|cr[ée]dito|d[ée]bito|pan|"
    r"valid thru|good thru|exp(?:iry|ires)?|cvv2?|cvc2?)\b"
)
_CVV = re.compile(r"(?i)\b(?:cvv2?|cvc2?|cid|security code|c[óo]d(?:igo)?\.? seguran[çc]a)\b\D{0,5}\d{3,4}\b")
_EXPIRY = re.compile(r"(?<!\d)(?:0[1-9]|1[0-2])\s?/\s?(?:20)?[2-4]\d(?!\d)")
_IBAN = re.compile(r"(?<!\w)([A-Z]{2}[\dOIlSBZ]{2}(?:[ ]?[A-Z0-9]){11,30})(?!\w)", re.IGNORECASE)
_ACCOUNT_LABEL = re.compile(
    r"(?i)\b(?:iban|account (?:no|number)|acc(?:ount)?\.? ?(?:no|number)|a/c(?: no)?|acct\.?|no\.? (?:akaun|rekening)|"
    r"nombor akaun|nomor rekening|rekening|norek|no\.? rek\.?|akaun|conta(?: corrente| poupan[çc]a)?|ag[êe]ncia|"
    r"kontonummer|konto-?nr\.?|cuenta|num[ée]ro de compte|sort code|routing(?: number)?|bsb|clabe|ifsc)\b"
    r"[^\d]{0,24}((?:\d[ .-]?){5,20}(?:-?[\dXx])?)"
)
_BANK = re.compile(
    r"(?i)\b(?:bank|maybank|cimb|bca|bri|bni|mandiri|bsn|rhb|itau|ita[úu]|bradesco|nubank|dbs|ocbc|uob)\b"
)
_NAMED_BANK = re.compile(
    r"(?i)\b(?:maybank|cimb|public bank|hong leong|rhb|bca|bri|bni|mandiri|ita[úu]|bradesco|nubank|dbs|posb|ocbc|uob)\b"
)
_HOTLINE = re.compile(r"1[38]00|0[38]00|0|15\d{2}(?!\d)")
"""Beginnings of a bank's telephone numbers, which stand beside its name as well."""
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
        for i, line in enumerate(lines):
            around = " ".join(other.text for other in lines[max(0, i - _NEAR) : i + _NEAR + 1])
            above = label_above(lines, i)
            ibans = list(_ibans(line.text, above))
            yield from _cards(i, _blanked(line.text, ibans), around)
            yield from _accounts(i, line.text, above, ibans)


def _cards(index: int, text: str, around: str) -> Iterator[TextMatch]:
    for pattern, grouped in ((_GROUPED, True), (_RUN, False)):
        for found in pattern.finditer(text):
            written = re.sub(r"[ -]", "", found[0])
            if number := next((n for n, _ in repairs(written, "9" * len(written), 4) if _brand(n) and luhn(n)), None):
                brand = _brand(number) or ""
                # A bare run of sixteen digits passes prefix and check digit too easily to be sure.
                confidence = 0.95 if grouped or _CARD_WORD.search(around) else 0.45
                attributes = {
                    "brand": brand,
                    "with_cvv": bool(_CVV.search(around)),
                    "with_expiry": bool(_EXPIRY.search(around)),
                }
                yield TextMatch(
                    Kind.TEXT_PAYMENT_CARD, (index,), number, confidence, f"{brand}, valid Luhn digit", attributes
                )


def _brand(number: str) -> str | None:
    return next((name for name, pattern in _BRANDS if pattern.match(number)), None)


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
    if label := _ACCOUNT_LABEL.search(text):
        yield _local(index, label[1], 0.75)
    elif not re.search(r"[^\W\d_]{3}", text) and (label := _ACCOUNT_LABEL.search(f"{above} {text}")):
        yield _local(index, label[1], 0.7)
    elif _BANK.search(above + " " + text) and (run := re.search(r"(?<![\w+.-])(\d(?:[ -]?\d){8,15})(?![\w-])", text)):
        named = _NAMED_BANK.search(above + " " + text) and not _HOTLINE.match(run[1])
        yield _local(index, run[1], 0.6 if named else 0.45)


def _local(index: int, number: str, confidence: float) -> TextMatch:
    reason = "an account number behind a label" if confidence > 0.65 else "a number beside a bank's name"
    return TextMatch(Kind.TEXT_BANK_ACCOUNT, (index,), number.strip(" .-"), confidence, reason, {}, Severity.MEDIUM)


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
