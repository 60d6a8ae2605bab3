"""Streets in a line: a street word before, after or at the end of a name, and the house number beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from photoscan.textual.address_rules import context, endings, language, languages, vocabulary
from photoscan.textual.lookalikes import as_digits
from photoscan.textual.places import is_town
from photoscan.textual.words import Vocabulary, Word, skeleton

_NUMBER = re.compile(r"^\d{1,5}[A-Za-z½]{0,2}(?:[-/&+]\d{0,5}[A-Za-z]{0,2}){0,4}$|^[A-Za-z]?\d{1,4}[A-Za-z]?$")
_ORDINAL = re.compile(r"(?i)^\d{1,3}(?:st|nd|rd|th)$")
_CODED = re.compile(r"^(?=.*\d)[A-Za-z]{0,4}-?\d{1,4}[A-Za-z]{0,2}(?:[/.-]\d{1,4}[A-Za-z]{0,3}){0,2}$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_LONGEST = 6
"""Words of a name behind a street word; before one at most four."""


@dataclass(frozen=True, slots=True)
class Street:
    """A street as it is written, from word `first` to word `last`, with its house number where one stands beside it.

    `strong`: the street word is unmistakable and was read without a slip. `whole`: nothing else stands in the line, and
    the street word is more than two bare letters. `languages` are all that have the street word.
    """

    text: str
    first: int
    last: int
    number: str | None
    strong: bool
    whole: bool
    languages: tuple[str, ...]


def is_number(word: Word) -> bool:
    """Whether a word can be a house number: 12, 27a, 16/18, A3, 1O (a reader's slip for 10)."""
    if _NUMBER.match(word.raw):
        return True
    return len(word.raw) <= 5 and word.raw[:1].isdigit() and as_digits(word.raw)[0].isdigit()


def find(line: str, words: Sequence[Word]) -> Street | None:
    """The street that explains most of a line, or None."""
    if not words or any(idiom in skeleton(" ".join(w.folded for w in words)) for idiom in _idioms()):
        return None
    found = [*_named_after(line, words), *_named_before(line, words), *_glued(line, words)]
    return max(found, key=lambda s: (s.number is not None, s.strong, s.last - s.first), default=None)


@cache
def _idioms() -> tuple[str, ...]:
    return tuple(skeleton(idiom) for rules in languages() for idiom in rules.idioms)


def phrases(words: Sequence[Word], at: int, longest: int = 4) -> Iterator[tuple[int, str]]:
    """The phrases that begin at a word, the longest first, as (index of the last word, folded phrase)."""
    for count in range(min(longest, len(words) - at), 0, -1):
        part = words[at : at + count]
        if not any(w.broken_before for w in part[1:]):
            yield at + count - 1, " ".join(w.folded for w in part)


def _named_after(line: str, words: Sequence[Word]) -> Iterator[Street]:
    """'Jalan Kenanga 3', 'Rua das Palmeiras, 231', '8 chemin du Moulin': the name follows the street word."""
    for i in range(len(words)):
        for last, phrase in phrases(words, i, 3):
            strong, spoken = _looked_up("before", phrase)
            if spoken:
                street = _with_name_behind(line, words, i, last, strong, spoken)
                if street:
                    yield street
                break


def _looked_up(role: str, phrase: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a phrase is a strong street word of a role, and the languages that have it; none for no street word."""
    strong, weak = vocabulary(role), vocabulary(role + "_weak")
    if strong.same_shape(phrase):
        return True, _once(strong.tags(phrase))
    if tags := weak.exact(phrase):
        return False, _once(tags)
    if len(phrase) < 5 or is_town(phrase):
        return False, ()
    return False, _once(strong.tags(phrase) or weak.tags(phrase))


def _once(tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))


def is_no_name(phrase: str, names: Sequence[str]) -> bool:
    """Whether a phrase makes a sign or an idiom of a street word of those languages: 'keluar' behind 'jalan'.

    Anything of a long word's rough shape counts: here a slip that goes unseen makes a street of a sign.
    """
    return any(phrase in language(name).not_names for name in names) or (
        len(phrase) >= Vocabulary.LOOSE and any(skeleton(phrase) in _rough_not_names(name) for name in names)
    )


@cache
def _rough_not_names(name: str) -> frozenset[str]:
    return frozenset(skeleton(word) for word in language(name).not_names)


def _with_name_behind(
    line: str, words: Sequence[Word], i: int, word: int, strong: bool, spoken: tuple[str, ...]
) -> Street | None:
    start = word + 1
    if start >= len(words) or words[start].broken_before:
        return None
    if any(is_no_name(phrase, spoken) for _, phrase in phrases(words, start, 2)):
        return None
    cased = not (line.isupper() or line.islower())
    end, names, number, codes = start, 0, None, 0
    while end < len(words) and end - start < _LONGEST and (end == start or not words[end].broken_before):
        w = words[end]
        if (_is_label(w) and names) or (number and len(w.raw) == 1):
            break
        if w.has_digit:
            if not (is_number(w) or _CODED.match(w.raw) or _ORDINAL.match(w.raw)):
                break
            codes += 1
            number = w.raw if names and _is_house(w) else number
        elif w.is_name or (not cased and w.folded[:1].isalpha()):
            if w.folded in context().not_street:
                break
            names += w.folded not in context().particles
            number = None
        elif w.folded not in context().particles:
            break
        end += 1
    if not names and (not codes or (word == i and len(words[i].folded) <= 2)):
        return None
    if line.islower() and not codes:
        strong = False
    if not names and re.fullmatch(r"\d+", words[start].raw):
        if _YEAR.match(words[start].raw):
            return None
        strong = False  # 'Street 4', 'Calle 19': a number alone is a weak name
    if any(words[i].folded in language(name).numbered_names for name in spoken):
        number = None
    beside = _number_beside(words, i, end)
    if end < len(words) and words[end].folded in context().units:
        number = beside = None
    return _street(line, words, i, end - 1, number or beside, strong, spoken)


def _is_label(word: Word) -> bool:
    return bool(vocabulary("number").exact(word.folded)) and len(word.folded) > 1


def _number_beside(words: Sequence[Word], first: int, end: int) -> str | None:
    """The house number before or behind a street, with or without a comma or a label between."""
    if end < len(words) and words[end].folded in context().unnumbered:
        return words[end].raw
    labelled = end < len(words) and _labelled(words, end)
    after = end + labelled
    if (
        after < len(words)
        and (labelled or not words[after].apart)
        and is_number(words[after])
        and not _YEAR.match(words[after].raw)
    ):
        counted = after + 1 < len(words) and words[after + 1].folded in context().units
        return None if counted else words[after].raw
    for back in (1, 2):
        at = first - back
        if words[at + 1].apart:
            return None
        if at >= 0 and _is_house(words[at]):
            if at and words[at - 1].folded in context().numbered:
                return None  # 'Bus 147 Hougang Ave'
            if back == 2 and not _is_tail(words[first - 1]):
                return None
            return words[at].raw
    return None


def _is_house(word: Word) -> bool:
    return is_number(word) and not _YEAR.match(word.raw)


def _labelled(words: Sequence[Word], at: int) -> bool:
    return bool(vocabulary("number").exact(words[at].folded)) or words[at].raw == "#"


def _is_tail(word: Word) -> bool:
    return word.folded in ("bis", "ter", "a", "b", "c", "w", "e", "n", "s", "west", "east", "north", "south")


def _named_before(line: str, words: Sequence[Word]) -> Iterator[Street]:
    """'27 Harcourt Gardens', '7th Avenue', 'Bayildim Caddesi 2': the name stands before the street word."""
    for i in range(1, len(words)):
        strong, spoken = _looked_up("after", words[i].folded)
        if not spoken or words[i].broken_before:
            continue
        first = _start_of_name(line, words, i, spoken)
        if first is None:
            continue
        following = words[i + 1] if i + 1 < len(words) else None
        number = _number_beside(words, first, i + 1)
        open_end = following is None or following.broken_before or following.has_digit or _goes_on(following)
        if not open_end:
            if number is None or (following is not None and following.folded in context().not_street):
                continue
            if words[i - 1].has_digit and not _ORDINAL.match(words[i - 1].raw):
                continue  # 'TR 453 Singapore C7 Gate closed'
            strong = strong and following is not None and following.is_name
        strong = strong or any(_ORDINAL.match(w.raw) for w in words[first:i])
        if number is None and words[first].capital and words[i].raw.islower() and "english" in spoken:
            strong = False  # 'Main road' is a sort of road; English writes the street of that name with two capitals
        yield _street(line, words, first, i, number, strong, spoken)


def _goes_on(word: Word) -> bool:
    return bool(vocabulary("directions").exact(word.folded) or vocabulary("number").exact(word.folded))


def _start_of_name(line: str, words: Sequence[Word], street_word: int, spoken: Sequence[str]) -> int | None:
    """The first word of the name that ends before a street word, or None where no name stands there."""
    cased = not (line.isupper() or line.islower())
    first, names = street_word, 0
    for j in range(street_word - 1, max(-1, street_word - 5), -1):
        w = words[j]
        if is_no_name(w.folded, spoken) or w.folded in context().not_street:
            return None
        named = w.is_name or (not cased and w.folded[:1].isalpha())
        if not (named or _ORDINAL.match(w.raw) or w.folded in context().particles):
            break
        if not w.has_digit and _is_label(w) and not (j and words[j - 1].is_name and not w.broken_before):
            break  # 'Flat 3, Well Lane'; but 'Bomb House Lane'
        first = j
        names += w.folded not in context().particles or (len(w.raw) > 2 and w.capital) or w.has_digit
        if w.broken_before:
            break
    return first if names else None


def _glued(line: str, words: Sequence[Word]) -> Iterator[Street]:
    """'Lindenstraße 27a', 'Eduard-Sueß-Gasse 9', 'Kanolvägen 7': the street word ends the name."""
    for i, w in enumerate(words):
        for ending, weak, name in endings():
            stem = w.folded.removesuffix(ending)
            if stem == w.folded or len(stem) < 3:
                continue
            behind = words[i + 1].folded if i + 1 < len(words) else ""
            if is_no_name(w.folded, (name,)) or is_no_name(behind, (name,)) or not (w.capital or line.islower()):
                break
            first = i
            while first and words[first - 1].is_name and not words[first].broken_before and i - first < 2:
                first -= 1
            number = _number_beside(words, first, i + 1)
            alone = number is None and not (i + 1 == len(words) or words[i + 1].broken_before)
            if not (alone and weak):
                yield _street(line, words, first, i, number, not weak and not alone, (name,))
            break


def _street(
    line: str, words: Sequence[Word], first: int, last: int, number: str | None, strong: bool, spoken: tuple[str, ...]
) -> Street:
    text = line[words[first].start : words[last].end]
    around = [
        w
        for j, w in enumerate(words)
        if not (first <= j <= last or w.raw == number or _labelled(words, j) or (number and len(w.raw) == 1))
    ]
    bare = len(words[first].raw) <= 2 and text[len(words[first].raw) :][:1] not in "./" and "german" not in spoken
    return Street(text, first, last, number, strong, not around and (strong or not bare), spoken)
