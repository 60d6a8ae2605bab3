"""Phone numbers and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine

_DATE = re.compile(
    r"\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}(?!\d)|\d{1,2}/\d{1,2}/\d{2}(?!\d)|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
)
REGIONS = ("MY", "ID", "BR", "SG", "US", "GB")
"""Countries whose national formats are tried where no country code is written."""

_EMAIL = re.compile(
    r"[A-Za-z0-9][\w.+-]{0,63}\s?[@＠]\s?[A-Za-z0-9-]+(?:\s?[.,]\s?[A-Za-z0-9-]+)*\s?[.,]\s?[A-Za-z]{2,12}"
)
_DIGITS = re.compile(r"(?<![\w.,/])[+(]?[\d(][\d ().\-–/]{6,22}\d(?![\w/])")
_LABEL = re.compile(
    r"(?i)\b(?:tel|telp|telepon|phone|ph|mobile|mob|hp|h/p|no\.? hp|whatsapp|wa|call|"
    r"fone|telefone|cel|celular|contact|hubungi)\b"
)
_OTHER = re.compile(
    r"(?i)\b(?:gst|nik|kad pengenalan|ic|invoice|order|ref|tracking|iban|account|acc|cpf|cnpj|nric|ssn|rm|rp|r\$)\b"
)


class ContactDetector(TextDetector):
    """Phones as international numbers, e-mails without the spaces that readers put in."""

    name: ClassVar[str] = "contact"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_PHONE, Kind.TEXT_EMAIL)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Every e-mail address and every number that is valid in its country's numbering plan."""
        for i, line in enumerate(lines):
            for found in _EMAIL.finditer(line.text):
                value = re.sub(r"\s", "", found[0]).replace(",", ".").replace("＠", "@")
                yield TextMatch(Kind.TEXT_EMAIL, (i,), value, 0.95, "the form of an e-mail address")
            yield from _phones(i, line.text)


def _phones(index: int, text: str) -> Iterator[TextMatch]:
    for found in _DIGITS.finditer(text):
        digits = sum(c.isdigit() for c in found[0])
        if not 7 <= digits <= 15 or _DATE.match(found[0].strip()):
            continue
        labelled = bool(_LABEL.search(text[: found.start()]))
        if _OTHER.search(text[: found.start()]) and not labelled:
            continue
        if match := _valid(index, found[0], labelled):
            yield match


def _valid(index: int, written: str, labelled: bool) -> TextMatch | None:
    import phonenumbers

    for region in (None,) if written.strip().startswith("+") else REGIONS:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if not phonenumbers.is_valid_number(number):
            continue
        grouped = bool(re.search(r"\d[ ().\-–]+\d", written))
        # A bare run of digits fits some numbering plan too easily; a plus sign, a label or grouping speak for a phone.
        confidence = 0.95 if region is None or labelled else 0.7 if grouped else 0.35
        value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        country = phonenumbers.region_code_for_number(number)
        return TextMatch(
            Kind.TEXT_PHONE, (index,), value, confidence, f"valid number, {country}", {"country_code": country}
        )
    return (
        TextMatch(Kind.TEXT_PHONE, (index,), written.strip(), 0.6, "a number after a phone label") if labelled else None
    )
