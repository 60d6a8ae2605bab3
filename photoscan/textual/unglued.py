"""Labels that a reader glued to their number or to each other, taken apart: 'KWSP12345678', 'PassportNo.'.

Only what is a known label is taken apart, so that part numbers, plates and words stay as they were read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from photoscan.textline import TextLine
from photoscan.textual import id_formats, labelled_numbers
from photoscan.textual.words import fold

_OTHERS = (
    "tel", "telp", "tlp", "telepon", "telefon", "phone", "mobile", "hp", "whatsapp", "wa", "fax", "fone", "telefone",
    "celular", "cel", "hubungi", "contact", "no tel", "no hp", "tel no", "no telefon", "phone no", "contact no",
    "mobile no", "no akaun", "nombor akaun", "akaun", "no rek", "no rekening", "nomor rekening", "rekening",
    "account no", "account number", "acc no", "acc", "conta", "conta corrente", "agência", "iban", "ag", "maybank",
    "cimb", "bca", "bri", "bni", "mandiri", "bradesco", "nubank", "dbs", "posb", "ocbc", "uob", "rhb",
)  # fmt: skip
"""Labels of telephone numbers and accounts, and names of banks."""
_CHUNK = re.compile(r"(?<![^\W_])([^\W\d_]{2,}(?:[./-][^\W\d_]{1,12})*)([.º°]?)(?=(\d[\dA-Za-z .\-/:]{0,60})?)")
"""A row of letters, and what stands behind it as far as a number reaches: each chunk of a long line looks on."""
_NUMBERED = re.compile(r"^(?i:no|nomor|nombor)(?i:[a-z]{3})|(?i:no|nr|number|id)$|[a-z][A-Z]")
"""What glued labels look like: a word for numbers at one end, or a capital inside."""
_REGION = re.compile(r"[/-][A-Z]{2}$")
"""A Brazilian state behind the name of a register: 'CRM/SP'."""
_LETTERS = 3
"""Letters with which a number may begin."""
_DIGITS = 5
"""The least digits of a number that is glued to its label; to one of two letters more."""
_MANY = 9


def apart(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    """The lines, each unglued; the very same where nothing was."""
    return [line if (text := unglued(line.text)) == line.text else replace(line, text=text) for line in lines]


def unglued(line: str) -> str:
    """The line with glued labels taken apart; the same text where none is."""
    if not any(c.isdigit() for c in line) and len(line) > 60:
        return line
    return _CHUNK.sub(_apart, line)


def _apart(match: re.Match[str]) -> str:
    letters, dot, behind = match[1], match[2], match[3]
    if not behind:
        spaced = _spaced(_compact(letters)) if _NUMBERED.search(letters) else None
        return spaced + dot if spaced and " " in spaced else match[0]
    digits = sum(c.isdigit() for c in behind)
    if digits < _DIGITS:
        return match[0]
    for kept in (0,) if dot else range(_LETTERS + 1):
        head, tail = letters[: len(letters) - kept], letters[len(letters) - kept :]
        label = _compact(head)
        if (tail and not tail.isupper()) or digits < (_DIGITS if len(label) > 2 else _MANY):
            continue
        if len(label) > 1 and (spaced := _spaced(label)):
            return f"{spaced}{dot} {tail}"
        region = _REGION.sub("", head)
        if (region != head and _compact(region) in _labels()) or _ends_label(match.string[: match.start()], label):
            return f"{head}{dot} {tail}"
    return match[0]


def _ends_label(before: str, word: str) -> bool:
    """Whether a word is the last of a label whose other words stand before it."""
    wholes = _last_words().get(word, ())
    text = _compact(before[-60:]) + word if wholes else ""
    return any(text.endswith(whole) for whole in wholes)


def _spaced(label: str) -> str | None:
    """The label that a row of letters is, with its spaces; 'no' and the like may be glued to its end."""
    known = _labels()
    if label in known:
        return known[label]
    for word in ("no", "nr", "number"):
        stem = label.removesuffix(word)
        if stem != label and len(stem) > 2 and stem in known:
            return f"{known[stem]} {word}"
    return None


def _compact(text: str) -> str:
    lowered = text.lower()
    return "".join(c for c in (lowered if lowered.isascii() else fold(lowered)) if c.isalnum())


@cache
def _last_words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for whole, phrase in _labels().items():
        if " " in phrase:
            found.setdefault(_compact(phrase.rpartition(" ")[2]), []).append(whole)
    return found


@cache
def _labels() -> dict[str, str]:
    """Every label without its spaces, and as it is written."""
    phrases = {label for fmt in id_formats.formats() for label in fmt.labels}
    phrases.update(label for sort in labelled_numbers.sorts() for label in sort.labels)
    phrases = {phrase for phrase in (*phrases, *_OTHERS) if "#" not in phrase}
    return {_compact(phrase): phrase.lower() for phrase in sorted(phrases, key=lambda p: (-len(p), p))}
