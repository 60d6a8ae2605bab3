"""What names of people look like, and the phrases with which people say them: `rules/names.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from photoscan import shipped
from photoscan.textual import places
from photoscan.textual.words import Vocabulary, fold, words

NAME_WORD = r"[A-ZÀ-Þ][\w'’-]{0,40}\.?"
"""No name has more letters: without a bound, every hyphen of a long row looks on to its end."""
PARTICLE = r"(?:bin|binti|bt|bte|binte|a/l|a/p|d/o|s/o|da|de|do|dos|das|van|von|der|den|al|el|di|du|la|e|y|del|ibn)"
NAME = rf"{NAME_WORD}(?:\s+(?:(?i:{PARTICLE})\b|{NAME_WORD})){{0,6}}"
PARTICLES = frozenset(PARTICLE[3:-1].split("|"))
_SAID = re.compile(rf"\W*({NAME_WORD}(?:\s+(?:{PARTICLE}\s+){{0,2}}{NAME_WORD}){{0,5}})")
_SMALL = re.compile(r"\W*([^\W\d_]{2,}(?:\s+[^\W\d_]{2,}){1,2})\s*(?=[.!]?\s*$|[,;|(])")
_HANGUL = re.compile(r"\W*([\uac00-\ud7af]{2,4}(?:\s[\uac00-\ud7af]{1,3})?)(?![\uac00-\ud7af])")
_HAN = re.compile(r"\W*([\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff])")


def introduced(text: str) -> Iterator[tuple[str, bool]]:
    """Each name behind a phrase such as 'my name is', and whether it is one for sure.

    A single word may be a title or a joke ('My Name Is Red'), and a first name alone tells little. What follows 'I am'
    may be anything; of that only several words are a name at all.
    """
    parts = words(text.replace("’", "'"))
    phrases = _phrases()
    end = 0
    for i in range(len(parts)):
        for last in range(min(len(parts), i + phrases.longest) - 1, i - 1, -1):
            if parts[i].start < end or not phrases.same_shape(" ".join(w.folded for w in parts[i : last + 1])):
                continue
            copula = last + 1 < len(parts) and parts[last + 1].folded in folded("is")
            end = parts[last + copula].end
            weak = phrases.tags(" ".join(w.folded for w in parts[i : last + 1]))[0] == "perhaps"
            if found := _SAID.match(text, end):
                several = " " in found[1]
                if several or not weak:
                    yield found[1].rstrip("."), several and not weak
            elif copula and not weak and text.islower() and (name := small(text[end:])):
                yield name, False
            break
    for match in _unspaced().finditer(text):
        yield match[1], True


def is_expected(text: str) -> bool:
    """Whether a line ends with a phrase that a name follows: 'HELLO my name is', as badges have it above the name."""
    parts = [w.folded for w in words(text.replace("’", "'"))]
    if phrases("greetings").exact(" ".join(parts)):
        return True
    if parts and parts[-1] in folded("is"):
        parts.pop()
    ends = (" ".join(parts[-count:]) for count in range(1, min(len(parts), _phrases().longest) + 1))
    return any("perhaps" not in tags for end in ends if (tags := _phrases().exact(end)))


def east_asian(value: str) -> tuple[str, bool] | None:
    """The Chinese, Japanese or Korean name that a value is, and whether it is a name for sure."""
    if (found := _HAN.match(value)) and not any(word in found[1] for word in _rules()["not_names"]):
        return found[1], len(found[1]) <= 2 + len(_surname(found[1])) and bool(_surname(found[1]))
    if found := _HANGUL.match(value):
        return found[1], True
    return None


def is_heading(value: str) -> bool:
    """Whether all words of a value head the fields or columns of a form: 'Tanggal Lahir', 'Qty Price'."""
    return bool(parts := words(value)) and all(w.folded in folded("fields") for w in parts)


def is_ordinary(folded: str) -> bool:
    """Whether a folded word is one of headings, shops, menus and screens, which alone makes no name."""
    return folded in folded_words()


def is_plausible(text: str) -> bool:
    """Whether two to six words could be a name by themselves: none is a word of headings or shops, all are no place."""
    parts = words(text.rstrip(". "))
    if not 1 < len(parts) <= 8 or any(w.has_digit for w in parts) or sum(len(w.folded) > 1 for w in parts) < 2:
        return False
    if any(is_ordinary(w.folded) and w.folded not in PARTICLES for w in parts):
        return False
    if all(w.folded in folded("also_names") or w.folded in PARTICLES for w in parts):
        return False
    return not places.is_known(" ".join(w.folded for w in parts))


def small(value: str) -> str | None:
    """The two or three words of a value without any capital, which may be a name: 'sarah connor'."""
    found = _SMALL.match(value)
    return found[1] if found and found[1].islower() else None


def _surname(name: str) -> str:
    return next((surname for surname in _rules()["surnames"].split() if name.startswith(surname)), "")


@cache
def _rules() -> dict[str, Any]:
    return shipped.rules("rules/names.toml")


@cache
def folded(key: str) -> frozenset[str]:
    """The words of one list of `rules/names.toml`, folded."""
    return frozenset(fold(word) for word in _rules()[key])


@cache
def folded_words() -> frozenset[str]:
    """Ordinary words, jobs and words of badges, which are no part of a name that only its place makes one."""
    return folded("ordinary") | folded("fields") | folded("jobs") | folded("badges")


@cache
def phrases(key: str) -> Vocabulary:
    """The phrases of one list of `rules/names.toml`, found as they stand."""
    return Vocabulary(((phrase, key) for phrase in _rules()[key]), loose=False)


@cache
def _phrases() -> Vocabulary:
    roles = ("introductions", "perhaps")
    return Vocabulary(((phrase, role) for role in roles for phrase in _rules()[role]), loose=False)


@cache
def _unspaced() -> re.Pattern[str]:
    """A phrase and a name behind it: a known family name, then one or two characters."""
    phrases = "|".join(_rules()["unspaced"])
    surnames = "|".join(_rules()["surnames"].split())
    return re.compile(rf"(?:{phrases})[:：\s]*((?:{surnames})[\u4e00-\u9fff]{{1,2}})")
