"""Phone numbers and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual.lookalikes import as_digits
from photoscan.textual.neighbours import label_above

_DATE = re.compile(
    r"\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}(?!\d)|\d{1,2}/\d{1,2}/\d{2}(?!\d)|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
)
REGIONS = ("MY", "ID", "BR", "SG", "US", "GB", "DE", "FR", "ES", "IN", "AU", "PH", "PT", "IT", "NL")
"""Countries whose national formats are tried where no country code is written, after those that the text speaks of."""
TRUNK_ZERO = frozenset(("MY", "ID", "GB", "DE", "FR", "AU", "NL", "IN", "PH"))
"""Countries in which a number written without a country code begins with 0."""

_EMAIL = re.compile(
    r"[A-Za-z0-9][\w.+-]{0,63}\s?(?:[@＠]|[©®](?=\s?[A-Za-z0-9-]{2,}\s?\.)|\s?[\[(](?:at|AT)[\])]\s?)\s?[A-Za-z0-9-]+(?:\s?[.,]\s?[A-Za-z0-9-]+)*\s?[.,]\s?[A-Za-z]{2,12}"
)
_D = r"[\dOoIl|SB]"
_DIGITS = re.compile(rf"(?<![\w.,/])[+(]?(?:[\dOo]|\(\d|(?<=\+){_D}){_D[:-1]} ().\-–/]{{6,22}}{_D}(?![\w/])")
_LABEL = re.compile(
    r"(?i)\b(?:tel|telp|tlp|telepon|telefon|phone|ph|mobile|mob|mobil|hp|h/p|no\.? hp|whatsapp|whats|"
    r"zap|wa|call|sms|text|fax|fone|telefone|cel|celular|contact|contacto|contato|hubungi|kontak|tél|téléphone|móvil|handy|cellulare|ring)\b"
)
_LABEL_LINE = re.compile(
    r"(?i)^\W*(?:tel|telp|telepon|phone|mobile|hp|h/p|whatsapp|contact|fone|telefone|celular|hubungi)\b[^\d]{0,12}$"
)
_OTHER = re.compile(
    r"(?i)\b(?:gst|sst|nik|kad pengenalan|ic|invoice|inv|order|ref|tracking|iban|account|acc|cpf|cnpj|nric|ssn|rm|rp|"
    r"serial|s/n|isbn|lot|batch|npwp|cep|zip|plz|pin ?code|poskod|kode pos|rekening|resi|awb|pin|otp|passport|visa|"
    r"card|total|reg|roc|tin|sku|part)\b|r\$"
)


class ContactDetector(TextDetector):
    """Phones as international numbers, e-mails without the spaces that readers put in."""

    name: ClassVar[str] = "contact"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_PHONE, Kind.TEXT_EMAIL)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Every e-mail address and every number that is valid in its country's numbering plan."""
        from photoscan.textual.likely_country import likely_countries  # many patterns: only for text

        regions = tuple(dict.fromkeys((*likely_countries([line.text for line in lines]), *REGIONS)))
        for i, line in enumerate(lines):
            for found in _EMAIL.finditer(line.text):
                value = re.sub(r"(?i)[\[(]at[\])]|[＠©®]", "@", re.sub(r"\s", "", found[0])).replace(",", ".")
                yield TextMatch(Kind.TEXT_EMAIL, (i,), value, 0.95, "the form of an e-mail address")
            yield from _phones(i, line.text, bool(_LABEL_LINE.match(label_above(lines, i))), regions)


def _phones(index: int, text: str, labelled_above: bool, regions: Sequence[str]) -> Iterator[TextMatch]:
    label, other = _LABEL.search(text), _OTHER.search(text)
    for found in _DIGITS.finditer(text):
        written, repaired = as_digits(found[0])
        digits = sum(c.isdigit() for c in written)
        if not 7 <= digits <= 15 or 3 * repaired > digits or _DATE.match(written.strip()):
            continue
        labelled = labelled_above or (label is not None and label.end() <= found.start())
        if repaired and not (labelled or written.startswith("+")):
            continue
        if not labelled and other is not None and other.end() <= found.start():
            continue
        if match := _valid(index, written, labelled, regions):
            yield match


def _valid(index: int, written: str, labelled: bool, regions: Sequence[str]) -> TextMatch | None:
    import phonenumbers

    for region in (None,) if written.strip().startswith("+") else regions:
        if region in TRUNK_ZERO and not written.lstrip(" (").startswith("0"):
            continue
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
