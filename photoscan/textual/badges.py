"""Names on badges, certificates and under letters: what stands above, before and below them.

Words are data: `rules/names.toml`.
"""

from __future__ import annotations

import re

from photoscan.textual import names
from photoscan.textual.names import NAME_WORD, PARTICLE
from photoscan.textual.words import fold, words

_BEHIND = re.compile(rf"\W*({NAME_WORD}(?:\s+(?:(?i:{PARTICLE})\s+){{0,2}}{NAME_WORD}){{1,5}})")
_SOLE = re.compile(
    r"^\W*(?P<title>(?:[Mm]ak|[Pp]ak) [Cc]ik|[A-Za-z]+)(?P<dot>\.?)\s+(?P<name>[A-ZÀ-Þ][a-zà-ÿ'’]{2,}|[A-Z]{3,})\W*$"
)
_SOME = rf"{NAME_WORD}(?:\s{NAME_WORD}){{0,4}}"
_COUPLE = re.compile(rf"^\W*{_SOME}\s?(?:&|\+|[Dd]an|[Ee]|[Aa]nd|[Uu]nd)\s?{_SOME}\W*$")
_JOB_LINE = 6
"""Words of a line that names a job, at most."""


def awarded(text: str) -> str | None:
    """The name behind a phrase of certificates in one line: 'This is to certify that Jonathan Price has completed'."""
    end = _award_end(text) or _closing_end(text)
    found = _BEHIND.match(text, end) if end else None
    return found[1].rstrip(".") if found and names.is_plausible(found[1]) else None


def announces(text: str) -> bool:
    """Whether a line ends with a phrase of certificates, or is one that ends letters: a name stands below it."""
    return _award_end(text) == len(text.rstrip(" :.,…")) or is_closing(text)


def is_closing(text: str) -> bool:
    """Whether a line is a phrase above a signature: 'Yours sincerely,'."""
    return bool(names.phrases("signing").exact(_folded(text)))


def couple(text: str, above: str) -> str | None:
    """Two people below a line of a wedding: 'Amirul & Syafiqah'."""
    return text.strip() if _COUPLE.match(text) and names.phrases("weddings").exact(_folded(above)) else None


def is_badge(text: str) -> bool:
    """Whether a line is the one word that badges have beside the name: 'VISITOR'."""
    return bool(names.phrases("badges").exact(_folded(text)))


def behind_badge(text: str) -> str | None:
    """The name behind a word of badges and a dash in one line: 'VOLUNTEER - HELGA BRANDT'."""
    before, *behind = re.split(r"\s*[-–:|]\s+", text.strip(), maxsplit=1)
    if not behind or fold(before) not in names.folded("badges_before"):
        return None
    found = _BEHIND.fullmatch(behind[0].strip())
    return found[1] if found and names.is_plausible(found[1]) else None


def is_physician(text: str) -> bool:
    """Whether a line begins with what a physician is, or the number of one: 'Dermatologista', 'CRM 12345'."""
    return any(word.folded.partition(".")[0] in names.folded("specialties") for word in words(text)[:1])


def is_job(text: str) -> bool:
    """Whether a line is somebody's job: 'Senior Engineer', 'Guru Bahasa Melayu'."""
    parts = words(text)
    if not 0 < len(parts) <= _JOB_LINE or not parts[0].capital or any(w.has_digit or w.apart for w in parts[:3]):
        return False
    ends = (parts[0].folded in names.folded("jobs_first"), parts[-1].folded in names.folded("jobs"))
    first = next((w.folded for w in parts if w.broken_before), "")
    return any(ends) or (bool(first) and any(w.folded in names.folded("jobs") for w in parts[:3]))


def seeks_people(text: str) -> bool:
    """Whether a line offers a job."""
    folded = f" {_folded(text)} "
    return any(f" {phrase} " in folded for phrase in names.folded("hiring"))


def sole(text: str) -> tuple[str, bool] | None:
    """The one name behind a title in a line of its own ('Cikgu Rohana', 'Pn. Zaiton'), and whether it is likely one."""
    found = _SOLE.match(text)
    if found is None or fold(found["name"]) in names.folded("offices") or names.is_ordinary(fold(found["name"])):
        return None
    title = fold(found["title"])
    if title in names.folded("sole_titles"):
        return found["name"], title in ("cikgu", "ustaz", "ustazah", "ustadz", "ustadzah")
    short = title in ("pn", "en", "bpk", "sdr", "sdri", "tn", "ny", "mdm") and bool(found["dot"])
    return (found["name"], True) if short else None


def _award_end(text: str) -> int:
    """Where the last phrase of certificates in a line ends, with the words that link it to a name; 0 for none."""
    parts = words(text)
    known = names.phrases("awards")
    for i in range(len(parts)):
        for last in range(min(len(parts), i + known.longest) - 1, i - 1, -1):
            if known.exact(" ".join(w.folded for w in parts[i : last + 1])):
                while last + 1 < len(parts) and parts[last + 1].folded in names.folded("linking"):
                    last += 1
                return parts[last].end
    return 0


def _closing_end(text: str) -> int:
    """Where a phrase above signatures before a comma ends: 'Best regards, Eleanor Whitfield'; 0 for none."""
    before, comma, _ = text.partition(",")
    return len(before) if comma and is_closing(before) else 0


def _folded(text: str) -> str:
    return " ".join(w.folded for w in words(text))
