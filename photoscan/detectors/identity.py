"""National identity numbers: MyKad (Malaysia), NIK (Indonesia), CPF (Brazil), SSN (United States)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual.lookalikes import as_digits

_D = r"[\dOoQDIl|ZSB]"
_MYKAD = re.compile(rf"(?<![\w-])({_D}{{6}})\s?([-–—]?)\s?({_D}{{2}})\s?([-–—]?)\s?({_D}{{4}})(?![\w-])")
_NIK = re.compile(rf"(?<!\w)({_D}{{16}})(?!\w)")
_CPF = re.compile(rf"(?<!\w)({_D}{{3}})[. ]?({_D}{{3}})[. ]?({_D}{{3}})\s?[-–]\s?({_D}{{2}})(?!\w)")
_MYKAD_LABEL = re.compile(r"(?i)\b(?:kad pengenalan|mykad|no\.? ?k/?p|i\.?c\.?|nric|identity card|ic no)\b")
_SSN = re.compile(r"(?<![\w-])(\d{3})[- ]?(\d{2})[- ]?(\d{4})(?![\w-])")
_SSN_LABEL = re.compile(r"(?i)\b(?:ssn|social security)\b")
_NIK_LABEL = re.compile(r"(?i)\b(?:nik|ktp|nomor induk)\b")
BIRTH_PLACES = (
    frozenset(range(1, 17))
    | frozenset(range(21, 60))
    | frozenset((*range(60, 69), 71, 72, *range(74, 80), *range(82, 94), 98, 99))
)
"""MyKad's place-of-birth codes that are in use (National Registration Department of Malaysia)."""
PROVINCES = frozenset(
    (*range(11, 22), *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98))
)
"""First two digits of a NIK: provinces (Kemendagri's region codes)."""


class IdentityDetector(TextDetector):
    """One finding for each number that passes the checks of its country; attribute `country_code` and `document`."""

    name: ClassVar[str] = "identity"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_NATIONAL_ID,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Numbers of each line; a label may stand in the line before."""
        for i, line in enumerate(lines):
            context = (lines[i - 1].text + " " if i else "") + line.text
            yield from _mykad(i, line.text, bool(_MYKAD_LABEL.search(context)))
            yield from _nik(i, line.text, bool(_NIK_LABEL.search(context)))
            yield from _cpf(i, line.text)
            yield from _ssn(i, line.text, bool(_SSN_LABEL.search(context)))


def _mykad(index: int, text: str, labelled: bool) -> Iterable[TextMatch]:
    for found in _MYKAD.finditer(text):
        # MyKad has no check digit: without dashes or a label any twelve digits with a date would do.
        if not labelled and not (found[2] and found[4]):
            continue
        digits, repaired = as_digits(found[1] + found[3] + found[5])
        if repaired > 3 or not _is_date(digits[:2], digits[2:4], digits[4:6]) or int(digits[6:8]) not in BIRTH_PLACES:
            continue
        value = f"{digits[:6]}-{digits[6:8]}-{digits[8:]}"
        yield _match(index, value, 0.95 if labelled else 0.85, "MyKad: valid date and place of birth", "MY", "MyKad")


def _nik(index: int, text: str, labelled: bool) -> Iterable[TextMatch]:
    for found in _NIK.finditer(text):
        digits, repaired = as_digits(found[1])
        day = int(digits[6:8])
        day -= 40 if day > 40 else 0  # women's days are written plus 40
        if repaired > 3 or int(digits[:2]) not in PROVINCES or not _is_date(digits[10:12], digits[8:10], f"{day:02}"):
            continue
        yield _match(index, digits, 0.95 if labelled else 0.8, "NIK: valid province and date", "ID", "NIK")


def _cpf(index: int, text: str) -> Iterable[TextMatch]:
    from stdnum.br import cpf

    for found in _CPF.finditer(text):
        digits, _ = as_digits("".join(found.groups()))
        if cpf.is_valid(digits):
            yield _match(index, cpf.format(digits), 0.97, "CPF: valid check digits", "BR", "CPF")


def _ssn(index: int, text: str, labelled: bool) -> Iterable[TextMatch]:
    """SSNs have no check digit, so a label has to say it; areas 000, 666 and 9xx were never given out (SSA)."""
    for found in _SSN.finditer(text) if labelled else ():
        if found[1] not in ("000", "666") and found[1][0] != "9" and found[2] != "00" and found[3] != "0000":
            yield _match(index, "-".join(found.groups()), 0.9, "SSN behind a label", "US", "SSN")


def _match(index: int, value: str, confidence: float, reason: str, country: str, document: str) -> TextMatch:
    attributes = {"country_code": country, "document": document}
    return TextMatch(Kind.TEXT_NATIONAL_ID, (index,), value, confidence, reason, attributes)


def _is_date(year: str, month: str, day: str) -> bool:
    """Whether two-digit parts make a date in one of the two centuries that living people were born in."""
    try:
        date(2000 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True
