"""Phone numbers and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import coordinates
from photoscan.textual.claims import claimed, names_another
from photoscan.textual.likely_country import likely_countries
from photoscan.textual.lookalikes import as_digits
from photoscan.textual.neighbours import label_above
from photoscan.textual.phone_labels import PHONE_LABEL, calls
from photoscan.textual.unglued import unglued

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_DATE = re.compile(
    r"\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}(?!\d)|\d{1,2}/\d{1,2}/\d{2}(?!\d)|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
    r"|(?:0?[1-9]|[12]\d|3[01])\s(?:0?[1-9]|1[0-2])\s(?:19|20)\d{2}$"
)
_INTERNET = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$")
"""An address of the internet protocol, version 4: no numbering plan groups so."""
REGIONS = ("MY", "ID", "BR", "SG", "US", "GB", "DE", "FR", "ES", "IN", "AU", "PH", "PT", "IT", "NL", "CN")
"""Countries whose national formats are tried where no country code is written, after those that the text speaks of."""
TRUNK_ZERO = frozenset(("MY", "ID", "GB", "DE", "FR", "AU", "NL", "IN", "PH"))
"""Countries in which a number written without a country code begins with 0."""

_EMAIL = re.compile(
    r"[A-Za-z0-9][\w.+-]{0,63}\s?(?:[@＠]|[©®](?=\s?[A-Za-z0-9-]{2,}\s?\.)|\s?[\[(](?:at|AT)[\])]\s?)\s?[A-Za-z0-9-]+(?:\s?[.,]\s?[A-Za-z0-9-]+)*\s?[.,]\s?[A-Za-z]{2,12}"
)
_CJK = r"\u3040-\u30ff\u4e00-\u9fff"
"""Characters of a script without spaces: a number may stand right beside them."""
_D = r"[\dOoIl|SB]"
_DIGITS = re.compile(
    rf"(?<![.,/])(?<![^\W{_CJK}])[+(]?(?:[\dOo]|\(\d|(?<=\+){_D}){_D[:-1]} ().\-–/]{{6,22}}{_D}(?![^\W{_CJK}]|/)"
)
_COUNTED = re.compile(
    r"\d{1,2}[.h]\d{2}\s?[-–]\s?\d{1,2}[.h]\d{2}$|(?:1[5-9]|20)\d\d\s?[-–]\s?(?:1[5-9]|20)\d\d$"
    r"|\d{1,3}\.\d{2}(?:\s+\d{1,3}\.\d{2})+$|(?!0\d)\d+\.\d+$"
)
"""Opening hours, years from and to, a row of amounts, a decimal number."""
_PAIRS = re.compile(r"0\d{1,4}(?: \d\d){3,4}$|[1-9]\d{2}(?: \d\d){3}$|\d\d 9 \d{4} \d{4}$")
"""Numbers that people write in more than three groups, whatever their plan says: in pairs,
and Brazil's ninth digit by itself."""
_HIGHEST_BALL = 50
"""The highest number of the lotteries whose draws look like a French telephone number (Loto 49, EuroMillions 50)."""
_POSTCODE = re.compile(r"\d{5}-\d{3}(?!\d)|(?<=[A-Z]{2} )\d{5}-\d{4}")
"""A Brazilian CEP; a ZIP code with its four further digits, behind its state. No numbering plan groups so."""
_CHAT = re.compile(r"(?i)\b(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=)\+?(\d{7,15})(?!\d)")
"""WhatsApp's links to a chat: the number in them is international."""
_LABEL_LINE = re.compile(
    r"(?i)^\W*(?:tel|telp|telepon|phone|mobile|hp|h/p|whatsapp|contact|fone|telefone|celular|hubungi)\b[^\d]{0,12}$"
    r"|^\W*(?:联系|聯繫|联络|聯絡)?(?:电话|電話|手机|手機|热线|熱線)[^\d]{0,12}$"
)
_OTHER = re.compile(
    r"(?i)\b(?:gst|sst|nik|kad pengenalan|ic|invoice|inv|order|ref|tracking|iban|account|acc|cpf|cnpj|nric|ssn|rm|rp|"
    r"ip|dns|gateway|subnet|akaun|conta|rek|norek|ag[êe]ncia|cuenta|konto|rastreio|rastreamento|siri|seri|s[ée]rie|"
    r"serial|s/n|isbn|lot|batch|npwp|cep|zip|plz|pin ?code|poskod|kode pos|rekening|resi|awb|pin|otp|passport|visa|"
    r"pis|pasep|nis|imei|meid|iccid|vin|case|lat|long?|card|total|nhs|medicare|reg|roc|tin|sku|part)\b|r\$"
)


_TWO = re.compile(r"\s/\s|(?<=\d{4})/(?=[0+(]\d)")
"""A stroke between two numbers."""
_BEFORE = 200
"""Characters before a number in which the label of it may stand; a long line has numbers without end."""
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_SMALL = frozenset(
    ("number", "num", "nos", "nombor", "nomor", "numero", "número", "code", "kod", "kode", "date", "bank")
)
"""Words that may stand between what a number is and the number; other words begin something new."""


class ContactDetector(TextDetector):
    """Phones as international numbers, e-mails without the spaces that readers put in."""

    name: ClassVar[str] = "contact"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_PHONE, Kind.TEXT_EMAIL)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Every e-mail address and every number that is valid in its country's numbering plan."""
        told = likely_countries([line.text for line in lines])
        texts = coordinates.without([line.text for line in lines])
        for i, line in enumerate(lines):
            for found in _EMAIL.finditer(line.text):
                value = re.sub(r"(?i)[\[(]at[\])]|[＠©®]", "@", re.sub(r"\s", "", found[0])).replace(",", ".")
                yield TextMatch(Kind.TEXT_EMAIL, (i,), value, 0.95, "the form of an e-mail address")
            for chat in _CHAT.finditer(line.text):
                if match := _valid(i, f"+{chat[1]}", True, ()):
                    yield match
            rest = _CHAT.sub(lambda chat: " " * len(chat[0]), texts[i])
            yield from _phones(i, _TWO.sub(" ; ", unglued(rest)), label_above(lines, i), told)


def _phones(index: int, text: str, above: str, told: Sequence[str]) -> Iterator[TextMatch]:
    labelled_above = bool(_LABEL_LINE.match(above))
    others: list[tuple[int, int]] | None = None
    label = PHONE_LABEL.search(text)
    for found in _DIGITS.finditer(text):
        written, repaired = as_digits(found[0])
        digits = sum(c.isdigit() for c in written)
        if (
            not 7 <= digits <= 15
            or 3 * repaired > digits
            or _DATE.match(written.strip())
            or _INTERNET.match(written.strip())
        ):
            continue
        labelled = labelled_above or (label is not None and label.end() <= found.start())
        if repaired and not (labelled or written.startswith("+")):
            continue
        if not labelled and _is_other(text[: found.start()]):
            continue
        if not labelled and (code := _POSTCODE.match(text, found.start())) and code.end() == found.end():
            continue
        if match := _valid(index, written.strip(), labelled, told):
            others = claimed(text, above) if others is None else others
            begins = [a for a, b in others if a < found.end() and found.start() < b]
            label_is_part = any(a < found.start() and text[a : found.start()].strip() for a in begins)  # 'PH10234567'
            if not begins or (calls(text[: found.start()]) and not label_is_part):
                yield match


def _is_other(before: str) -> bool:
    """Whether the text before a number says that it is something else; what stands before another number does not."""
    before = before[-_BEFORE:]
    ends = [label.end() for label in _OTHER.finditer(before)]
    if not ends:
        return names_another(before)
    between = before[ends[-1] :]
    words = {word.lower() for word in _LONG_WORD.findall(between)} - _SMALL
    return (sum(c.isdigit() for c in between) < 5 and not words) or names_another(before)


def _valid(index: int, written: str, labelled: bool, told: Sequence[str]) -> TextMatch | None:
    """A number that is valid in the plan of the country that it names or that the text tells of, else in any plan.

    Where several plans fit and nothing tells the country, the number stays as it is written, and all are named.
    """
    import phonenumbers

    international = written.startswith("+")
    at_home = [] if international else _fits(written, told)
    fits = _fits(written, (None,)) if international else at_home[:1] or _fits(written, REGIONS)
    if not fits:
        reason = "a number after a phone label"
        return TextMatch(Kind.TEXT_PHONE, (index,), written, 0.6, reason) if labelled else None
    # A country groups digits in its own way: '06 12 34 56 78' is written so in France, not in Indonesia.
    usual = [number for number in fits if _grouped_as(number, written)]
    fits = usual or fits
    grouped = bool(re.search(r"\d[ ().\-–]+\d", written))
    # A bare run of digits fits some numbering plan too easily; a plus sign, a label or grouping speak for a phone.
    counted = not international and not labelled and _is_row(written, bool(usual))
    # A digit by itself at the end is a check digit.
    # Who groups digits in an unusual way at least begins as telephone numbers do, or writes where the country is known.
    checked = re.search(r"[-–/]\d$", written)
    known = bool(usual) or written[0] in "0(" or bool(_PAIRS.match(written)) or bool(at_home)
    likely = grouped and not counted and not checked and known
    confidence = 0.95 if international or labelled else 0.7 if likely else 0.35
    countries = list(dict.fromkeys(str(phonenumbers.region_code_for_number(number)) for number in fits))
    if len(countries) > 1:
        reason = f"fits the numbering plans of {', '.join(countries)}"
        return TextMatch(Kind.TEXT_PHONE, (index,), written, confidence, reason, {"country_codes": countries})
    value = phonenumbers.format_number(fits[0], phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    country = countries[0]
    return TextMatch(
        Kind.TEXT_PHONE, (index,), value, confidence, f"valid number, {country}", {"country_code": country}
    )


def _is_row(written: str, usual: bool) -> bool:
    """Whether digits are more likely a row of numbers than one: a scale, a calendar, a lottery's draw, hours.

    `usual`: some plan groups them so.
    """
    if _COUNTED.match(written):
        return True
    groups = written.split()
    if len(groups) < 3 or not written.replace(" ", "").isdigit():
        return False
    values = [int(group) for group in groups]
    even = len({b - a for a, b in pairwise(values)}) == 1
    if groups[0] == "0" or (even and groups[0][0] != "0"):
        return True
    if len(groups) < 4:
        return False
    rising = all(a < b for a, b in pairwise(values))
    if rising and max(map(len, groups)) <= 2 and values[-1] <= _HIGHEST_BALL:
        return True
    return not usual and not _PAIRS.match(written)


def _fits(written: str, regions: Sequence[str | None]) -> list[PhoneNumber]:
    """The number as each plan reads it in which it is valid."""
    import phonenumbers

    found = []
    for region in regions:
        if region in TRUNK_ZERO and not written.lstrip(" (").startswith("0"):
            continue
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            found.append(number)
    return found


def _grouped_as(number: PhoneNumber, written: str) -> bool:
    import phonenumbers

    usual = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return re.findall(r"\d+", usual) == re.findall(r"\d+", written)
