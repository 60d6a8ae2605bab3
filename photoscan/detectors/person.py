"""Names of people, where a label, a title, a patronymic, an address below or an e-mail address says so.

Their place says so as well: on a badge, a certificate, a ticket or a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from photoscan.detectors.base import TextDetector, TextMatch
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.textual import badges, labels, names, places, rolls, travellers
from photoscan.textual.address_clues import clues, is_quarter
from photoscan.textual.names import NAME as _NAME
from photoscan.textual.names import NAME_WORD as _NAME_WORD
from photoscan.textual.names import PARTICLE as _PARTICLE
from photoscan.textual.neighbours import follows, headed
from photoscan.textual.words import fold, words

_WHOLE = re.compile(rf"^\W*({_NAME})\W*$")
_START = re.compile(rf"^\W*({_NAME})(?=\s*(?:$|[,;|(]|\d))")
_TITLE = (
    r"encik|en|puan|pn|cik|tuan|dato'?|dato sri|datuk|datin|tan sri|haji|hajah|bapak|bpk|ibu|sdr|sdri|mr|mrs|ms|miss|"
    r"tn\.|ny\.|nyonya|dra|mdm|sr|sra|srta|dona|herr|frau|monsieur|madame|mme|señor|señora|signor|signora|sig|sig\.ra|dr|prof|"
    r"cikgu|ustaz|ustazah|ustadz|ustadzah|pak|bu|mak cik|pak cik|kak|abang|mas|mbak|seu|professora?"
)
_TITLED = re.compile(
    rf"\b(?:(?i:{_TITLE}))\.?(?:\s?/\s?(?i:{_TITLE})\.?)?\s+({_NAME_WORD}(?:\s+(?:{_PARTICLE}\b|{_NAME_WORD})){{1,5}})"
)
_ON_BRANDS = re.compile(
    r"(?i)(?:nyonya|dra?|mrs?|ms|miss|prof|mme|madame|sra?|pak|bu|mak cik|pak cik|kak|abang|mas|mbak|seu|professora?)\b"
)
"""Titles that stand on brands and shows as often ('Dr. Oetker Pizza', 'Mrs. Brown'): alone they prove no person."""
_PATRONYMIC = re.compile(
    rf"\b({_NAME_WORD}(?:\s+{_NAME_WORD}){{0,3}}\s+(?i:bin|binti|bte|binte|a/l|a/p|d/o|s/o)\s+{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,3}})"
)
_FAMILY = re.compile(
    rf"^\W*(?:(?i:the|keluarga|fam[íi]lia|familie|famille|famiglia|fam\.?)\s+({_NAME_WORD})|({_NAME_WORD})\s+(?i:family|residence))\W*$"
)
_THE = re.compile(r"(?i)\W*the\s")
_FULL_NAME = re.compile(rf"^\s*([A-ZÀ-Þ][a-zà-ÿ'’]+(?:\s+(?:{_PARTICLE}|[A-ZÀ-Þ][a-zà-ÿ'’]+|[A-ZÀ-Þ]\.?)){{1,5}})\s*$")
_CAPITALS = re.compile(r"^\s*([A-ZÀ-Þ'’]{2,}(?:\s+[A-ZÀ-Þ'’.]+){1,5})\s*$")
_TRADE = re.compile(
    r"(?i)\b(?:sdn|bhd|ltd|inc|llc|gmbh|pt|cv|ltda|s/?a|restaurant|restoran|kedai|toko|shop|store|cafe|café|market|mart|hotel|school|clinic|"
    r"klinik|bank|service|services|centre|center|company|enterprise|trading|pharmacy|bakery|museum|park|house|church|college|university|"
    r"sekolah|escola|hospital|masjid|gereja|express|post|courier|office|department|team|customer|pelanggan|cliente|sir|madam|all|everyone|"
    r"management|manager|pengurusan|pengurus|manajemen|admin|support|semua|pihak|ger[êe]ncia|gerente|dire[çc][ãa]o|direcci[óo]n|direktion|everybody|residents|penduduk|warga|"
    r"moradores|parents|students|visitors|customers|clientes|friends?|today|tomorrow|sale|welcome|open|closed|happy|thank|thanks|food|music|live|new|best|free|call|club|group|studio|salon)\b"
)
"""Words that make a firm, an institution or a greeting of what would be a name."""
_WITHOUT_SIGN = frozenset(("a/n", "a.n", "u/p", "u.p", "atas nama", "attn"))
"""Labels behind which no sign is needed, also in mid-line: 'BCA 1234567890 a/n Budi Santoso'."""
_ACCOUNT = 8
"""Digits of an account, behind which 'an.' is 'in the name of' in Indonesian."""
_SHORT = frozenset(("nom",))
_OF_JOURNEYS = frozenset(("from", "dari", "kepada", "untuk", "up", "an", "to", "dear", "surname", "contact"))
"""Labels that in mid-line stand before places, things and parts of sentences as often."""
_JOURNEY = re.compile(r"(.+?)\s+(?:[Tt][Oo]|[Kk][Ee]|[Pp][Aa][Rr][Aa])\s+(.+)")
"""From one place to another ('KUL To SIN'); names have such a word too (Nguyen To Uyen), so that both ends count."""
_MAIL = re.compile(r"([A-Za-z][\w.+-]{2,63})\s?@\s?[A-Za-z]")


class PersonDetector(TextDetector):
    """Names with the evidence that made them names."""

    name: ClassVar[str] = "person"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_PERSON,)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """At most one name a line; the surest evidence first."""
        mailboxes = [part for line in lines for part in _mailbox(line.text)]
        listed = rolls.listed(lines)
        above = False
        for i, line in enumerate(lines):
            in_list = listed.get(i)
            found = next(_evidence(lines, i, above, mailboxes), None)
            found = found if found and found[1] >= 0.5 else next(_by_place(lines, i), found)
            if in_list and (found is None or found[1] < in_list[1]):
                found = (*in_list, "in a list of people")
            above = found is None and (labels.is_label("person", line.text) or names.is_expected(line.text))
            if found:
                name, confidence, reason = found
                yield TextMatch(Kind.TEXT_PERSON, (i,), name, confidence, reason)


def _evidence(
    lines: Sequence[TextLine], i: int, above: bool, mailboxes: Sequence[str]
) -> Iterator[tuple[str, float, str]]:
    text = lines[i].text
    label = labels.behind("person", text)
    value = labels.alone(label.value) if label else ""
    if label and label.first and label.separated and (name := _name(value)):
        yield name, 0.85, "behind a label"
    if label and not label.first and (name := _inside(text)):
        yield name, 0.75, "behind a label"
    if label and label.first and label.exact and (written := names.east_asian(value)):
        sure, unsure = (0.85, 0.45) if label.separated else (0.6, 0.3)
        yield written[0], sure if written[1] else unsure, "behind a label"
    for name, whole in names.introduced(text):
        if not _TRADE.search(name):
            yield name, 0.8 if whole else 0.4, "in an introduction"
    if (found := _PATRONYMIC.search(text)) and not found[1].startswith("Ich "):  # 'Ich bin' is German for 'I am'
        yield found[1], 0.9, "a patronymic"
    if (
        label
        and label.first
        and label.exact
        and not label.separated
        and (len(label.label) > 3 or label.label in _WITHOUT_SIGN)
        and label.label not in names.folded("needs_sign")
        and (name := _name(value))
    ):
        parts = name.split()
        if len(parts) > 1 or label.label == "dear":
            yield name, 0.6, "behind a label"
    signed = label and label.first and label.exact and label.separated and not label.said and len(label.label) > 3
    if signed and (small := names.small(value)) and not _TRADE.search(small):
        yield small, 0.45, "small letters behind a label"
    if (found := _FAMILY.match(text)) and not (found[1] and _TRADE.search(found[1])):
        # 'The Hendersons' live there; by itself it may be a band, a film or a team as well.
        band = bool(_THE.match(text))
        if not band or found[1].endswith("s"):
            home = any(_is_home(lines, i, j) for j in (i - 1, i + 1))
            yield found[1] or found[2], 0.45 if band and not home else 0.7, "a family's name"
    titled = _TITLED.search(text)
    if titled and fold(titled[1].split()[0]) in names.folded("offices"):
        titled = None
    if titled and not _ON_BRANDS.match(titled[0]) and not _TRADE.search(titled[1]):
        yield titled[1], 0.75, "behind a title"
    if above and headed(lines[i - 1], lines[i]) and (found := _WHOLE.match(text)) and not _no_person(text):
        unsure = labels.is_label("person", lines[i - 1].text) and _shop_word(lines[i - 1].text)
        yield found[1], 0.4 if unsure or " " not in found[1] else 0.75, "in the line after a label"
    if above and follows(lines[i - 1], lines[i]) and (written := names.east_asian(text)):
        yield written[0], 0.75 if written[1] else 0.3, "in the line after a label"
    yield from _beside_others(lines, i, titled[1] if titled else text, mailboxes)
    if titled and not _TRADE.search(titled[1]):
        yield titled[1], 0.45, "behind a title"


def _beside_others(
    lines: Sequence[TextLine], i: int, text: str, mailboxes: Sequence[str]
) -> Iterator[tuple[str, float, str]]:
    """A name that the e-mail address or the address beside it proves."""
    full = _FULL_NAME.match(text) or _CAPITALS.match(text)
    if full is None or _TRADE.search(text) or clues(text).begins:
        return
    if any(_same_person(full[1], mailbox) for mailbox in mailboxes):
        yield full[1], 0.75, "the name of an e-mail address"
    if i + 1 < len(lines) and follows(lines[i], lines[i + 1]) and _begins_address(lines[i + 1].text):
        yield full[1], 0.6 if _FULL_NAME.match(text) else 0.45, "a name above an address"


def _by_place(lines: Sequence[TextLine], i: int) -> Iterator[tuple[str, float, str]]:
    """A name that its place says: on a ticket, a certificate or a badge, above a job or below the end of a letter."""
    text = lines[i].text
    found = travellers.traveller(text)
    labelled = travellers.is_labelled(text) or (i > 0 and travellers.is_labelled(lines[i - 1].text))
    if found and (found[1] or labelled or travellers.signs(line.text for line in lines) >= travellers.SIGNS):
        yield found[0], 0.8 if found[1] else 0.7, "a traveller's name on a ticket"
    if (name := badges.awarded(text)) and not _TRADE.search(name):
        yield name, 0.75, "behind a phrase of certificates"
    if (sole := badges.sole(text)) and not _TRADE.search(text):
        yield sole[0], 0.6 if sole[1] else 0.45, "behind a title"
    if badge := badges.behind_badge(text):
        yield badge, 0.6, "a name on a badge"
    yield from _physician(lines, i)
    full = _FULL_NAME.match(text.strip(" .,")) or _CAPITALS.match(text.strip(" .,"))
    titled = _TITLED.match(text.strip())
    if i and headed(lines[i - 1], lines[i]) and (pair := badges.couple(text, lines[i - 1].text)):
        yield pair, 0.55, "two names below a line of a wedding"
    name = titled[1] if titled else full[1] if full else ""
    if not names.is_plausible(name) or _TRADE.search(name) or badges.is_job(text):
        return
    before = lines[i - 1] if i and headed(lines[i - 1], lines[i]) else None
    after = lines[i + 1] if i + 1 < len(lines) and follows(lines[i], lines[i + 1]) else None
    if before and badges.announces(before.text):
        yield name, 0.6 if badges.is_closing(before.text) else 0.75, "below a phrase of certificates and letters"
    if after and badges.is_job(after.text) and not any(badges.seeks_people(line.text) for line in lines):
        yield name, 0.6, "a name above a job"
    if any(line is not None and badges.is_badge(line.text) for line in (before, after)):
        yield name, 0.55, "a name on a badge"


def _physician(lines: Sequence[TextLine], i: int) -> Iterator[tuple[str, float, str]]:
    """A physician's name, whose field or number stands below or behind it: 'Dra. Helga Brandt', 'Dermatologista'."""
    found = _TITLED.match(lines[i].text.strip())
    if found is None or not re.match(r"(?i)dra?\b", found[0]) or not names.is_plausible(found[1]):
        return
    below = i + 1 < len(lines) and follows(lines[i], lines[i + 1]) and badges.is_physician(lines[i + 1].text)
    if below or badges.is_physician(lines[i].text.strip()[found.end() :]):
        yield found[1], 0.7, "a physician's name"


def _inside(text: str) -> str | None:
    """The name of several words behind a label in mid-line: 'Bed 4  Patient: Margaret Holloway  Ward 3'."""
    for label in labels.each("person", text):
        account = label.label == "an" and sum(c.isdigit() for c in text[: label.begin]) >= _ACCOUNT
        short = account or label.label in _WITHOUT_SIGN
        if not label.begin or not label.exact or label.said or not (label.separated or short):
            continue
        if (len(label.label) > 3 or short or label.label in _SHORT) and (account or label.label not in _OF_JOURNEYS):
            name = _name(labels.alone(label.value))
            if name and names.is_plausible(name):
                return name
    return None


def _shop_word(text: str) -> bool:
    return " ".join(w.folded for w in words(text)) in names.folded("needs_sign")


def _no_person(text: str) -> bool:
    return bool(_TRADE.search(text)) or names.is_heading(text)


def _name(value: str) -> str | None:
    """The name that a value begins with, unless it is a firm or a greeting; one word in capitals is none."""
    found = _START.match(value)
    if not found or _TRADE.search(found[1]) or len(found[1]) < 3 or names.is_heading(found[1]):
        return None
    if _is_journey(found[1]):
        return None
    parts = words(found[1])
    if found.end() < len(value.rstrip()) and len(parts) > 2 and names.is_heading(parts[-1].raw):
        return value[found.start(1) : found.start(1) + parts[-2].end]  # 'Ali Hassan Ward 3': the next field begins
    if all(names.is_ordinary(word.folded) for word in parts):
        return None
    return found[1].strip()


def _is_journey(text: str) -> bool:
    """Whether it leads from one airport's code or known place to another."""
    found = _JOURNEY.fullmatch(text.strip())
    return found is not None and all(
        re.fullmatch("[A-Z]{3}", end) or places.is_known(fold(end)) for end in found.groups()
    )


def _begins_address(text: str) -> bool:
    """Whether the line under a name on a letter or parcel begins an address."""
    c = clues(text)
    if c.form or c.box or (c.street and (c.street.strong or c.street.number)):
        return True
    # A floor by itself ('Piso 2', 'Lantai 3') is a shop's as well: another word of a quarter has to stand beside it.
    return bool(c.labels) and (c.street is not None or is_quarter(text) or (c.areas > 0 and len(c.labels) > 1))


def _is_home(lines: Sequence[TextLine], i: int, j: int) -> bool:
    """Whether line j stands beside line i and begins an address with a number or is one."""
    if not 0 <= j < len(lines) or not follows(lines[min(i, j)], lines[max(i, j)]):
        return False
    return bool(re.fullmatch(r"(?i)\W*(?:no\.?\s*)?\d{1,4}[a-z]?\W*", lines[j].text)) or (
        any(c.isdigit() for c in lines[j].text) and _begins_address(lines[j].text)
    )


def _mailbox(text: str) -> list[str]:
    return [fold(found[1]) for found in _MAIL.finditer(text)]


def _same_person(name: str, mailbox: str) -> bool:
    """Whether an e-mail's local part is made of a name: 'joao.silva' of João Pereira da Silva, 'mary.t' of Mary T."""
    names = [fold(word).strip(".'’") for word in name.split() if len(word) > 2]
    parts = [part for part in re.split(r"[\W\d_]+", mailbox) if part]
    if len(names) < 2 or not parts:
        return False
    if len(parts) == 1:
        return any(a != b and parts[0] in (a + b, a[0] + b, a + b[0]) for a in names for b in names)
    return all(any(n == part or (len(part) == 1 and n[0] == part) for n in names) for part in parts) and any(
        len(part) > 2 for part in parts
    )
