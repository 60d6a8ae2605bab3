"""Names of people, where a label or a title says so, and dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual.neighbours import near

_NAME_WORD = r"[A-ZÀ-Þ][\w'’-]*\.?"
_PARTICLE = r"(?:bin|binti|bt|bte|a/l|a/p|d/o|s/o|da|de|do|dos|das|van|von|der|den|al|el|di|du|la)"
_NAME = rf"{_NAME_WORD}(?:\s+(?:{_PARTICLE}|{_NAME_WORD})){{0,6}}"
_LABEL = (
    r"(?:nama(?: penuh)?|name|full name|nome(?: completo)?|kepada|penerima|"
    r"to|deliver to|ship to|recipient|consignee|destinat[áa]rio|remetente|from|sender|pengirim|"
    r"dari|attn|u/p|an|empf[äa]nger)"
)
_LABELLED = re.compile(rf"(?i:^\W*{_LABEL})\s*[:;.]\s*({_NAME})\s*$")
_ONLY_LABEL = re.compile(rf"(?i)^\W*{_LABEL}\s*[:;]?\s*$")
_TITLED = re.compile(
    rf"\b(?:(?i:encik|puan|cik|tuan|dato'?|datin|bapak|ibu|sdr|sdri|mr|mrs|ms|miss|sr|sra|dona|herr|frau))\.?\s+({_NAME_WORD}(?:\s+(?:{_PARTICLE}|{_NAME_WORD})){{1,5}})"
)
_PATRONYMIC = re.compile(
    rf"({_NAME_WORD}(?:\s+{_NAME_WORD}){{0,3}}\s+(?i:bin|binti|bte|a/l|a/p|d/o|s/o)\s+{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,3}})"
)
_FAMILY = re.compile(
    rf"^\W*(?:(?i:the|keluarga|fam[íi]lia|familie|fam\.?)\s+({_NAME_WORD})|({_NAME_WORD})\s+(?i:family|residence))\W*$"
)
_STREET_HINT = re.compile(
    r"(?i)(?:\b(?:jalan|jln|jl|ji|lorong|taman|rua|av|avenida|travessa|street|st|road|rd|ave|avenue|lane|drive|close|gardens)\b|"
    r"(?:straße|strasse|str\.|\wweg\b|\wplatz\b|\wallee\b|\wgasse\b)).*\d|^\s*(?:no\.?\s*)?\d+\w?,?\s+(?:jalan|[A-Z])"
)
"""What the line under a name on a letter or parcel begins an address with."""
_FULL_NAME = re.compile(rf"^\s*([A-ZÀ-Þ][a-zà-ÿ'’]+(?:\s+(?:{_PARTICLE}|[A-ZÀ-Þ][a-zà-ÿ'’]+|[A-ZÀ-Þ]\.?)){{1,5}})\s*$")
_TRADE = re.compile(
    r"(?i)\b(?:sdn|bhd|ltd|inc|llc|gmbh|pt|cv|ltda|restaurant|restoran|kedai|toko|shop|store|cafe|café|market|mart|hotel|school|clinic|"
    r"klinik|bank|service|services|centre|center|company|enterprise|trading|pharmacy|bakery|museum|park|house|church|college|university)\b"
)
"""Words that make a firm or an institution of what would be a name."""
_WHOLE = re.compile(rf"^\s*({_NAME})\s*$")
_BIRTH = re.compile(
    r"(?i)\b(?:date of birth|d\.?o\.?b\.?|birth\s?date|born|tarikh lahir|tgl\.?\s*lahir|tanggal lahir|"
    r"tempat/tgl lahir|lahir|data de nascimento|nascimento|nascido em|"
    r"geburtsdatum|geboren)\b"
    r"[^\d]{0,24}(\d{1,2}\s?[-/. ]\s?(?:\d{1,2}|[A-Za-z]{3,9})\s?[-/. ]\s?\d{2,4}|\d{4}-\d{2}-\d{2})"
)


class PersonDetector(TextDetector):
    """Names with the evidence that made them names; birth dates behind their label."""

    name: ClassVar[str] = "person"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_PERSON, Kind.TEXT_BIRTH_DATE)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Names behind labels, titles and patronymics; birth dates behind labels."""
        for i, line in enumerate(lines):
            if found := _BIRTH.search(line.text):
                yield TextMatch(Kind.TEXT_BIRTH_DATE, (i,), found[1], 0.95, "a date behind a label of birth")
            if found := _LABELLED.match(line.text):
                yield TextMatch(Kind.TEXT_PERSON, (i,), found[1], 0.85, "behind a label")
            elif found := _PATRONYMIC.search(line.text):
                yield TextMatch(Kind.TEXT_PERSON, (i,), found[1], 0.9, "a patronymic")
            elif found := _FAMILY.match(line.text):
                yield TextMatch(Kind.TEXT_PERSON, (i,), found[1] or found[2], 0.7, "a family's name")
            elif found := _TITLED.search(line.text):
                yield TextMatch(Kind.TEXT_PERSON, (i,), found[1], 0.75, "behind a title")
            elif i + 1 < len(lines) and _addressed(line, lines[i + 1]):
                yield TextMatch(Kind.TEXT_PERSON, (i,), line.text.strip(), 0.6, "a name above an address")
            elif _ONLY_LABEL.match(line.text) and i + 1 < len(lines):
                below = lines[i + 1]
                named = _WHOLE.match(below.text)
                if named and (line.polygon is None or below.polygon is None or near(line, below)):
                    yield TextMatch(Kind.TEXT_PERSON, (i + 1,), named[1], 0.75, "in the line after a label")


def _addressed(line: TextLine, below: TextLine) -> bool:
    """Whether a line is a full name that stands above the beginning of an address."""
    if not _FULL_NAME.match(line.text) or _TRADE.search(line.text) or not _STREET_HINT.search(below.text):
        return False
    return line.polygon is None or below.polygon is None or near(line, below)
