"""Streets in a line: a street word before, after or at the end of a name, and the house number beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from photoscan.textual.address_rules import context, endings, language, languages, vocabulary
from photoscan.textual.places import is_town
from photoscan.textual.street_names import Standing, is_idiom, is_title, phrases, standing
from photoscan.textual.street_numbers import YEAR, is_house, is_label, is_number, is_postcode, labelled, number_beside
from photoscan.textual.words import Vocabulary, Word, fold, segments

_ORDINAL = re.compile(r"(?i)^\d{1,3}(?:st|nd|rd|th)$")
_CODED = re.compile(r"^(?=.*\d)[A-Za-z]{0,4}-?\d{1,4}[A-Za-z]{0,2}(?:[/.-]\d{1,4}[A-Za-z]{0,3}){0,2}$")
_HOUR = re.compile(r"^\d{1,2}[hH]\d{0,2}$")
_MISREAD = re.compile(r"^[^\W\d_]+[0135689][^\W\d_]+$")
"""A name with a digit that a reader took for a letter inside it: 'Fl0res'."""
_LONGEST = 6
"""Words of a name behind a street word; before one at most four."""


@dataclass(frozen=True, slots=True)
class Street:
    """A street as it is written, from word `first` to word `last`, with its house number where one stands beside it.

    `strong`: the street word is unmistakable and was read without a slip. `whole`: nothing else stands in the line, and
    the street word is more than two bare letters. `fills`: nothing else stands between its commas. `languages` are all
    that have the street word. `standing`: how well the words beside it name a street; as 'sign' only with a number.
    `loose`: where the street word is written like this, a number is as often none of a house ('Green Curry 45').
    """

    text: str
    first: int
    last: int
    number: str | None
    strong: bool
    whole: bool
    languages: tuple[str, ...]
    standing: Standing = "name"
    fills: bool = False
    loose: bool = False


def find(line: str, words: Sequence[Word]) -> Street | None:
    """The street that explains most of a line, or None."""
    if not words:
        return None
    found = [*_named_after(line, words), *_named_before(line, words), *_glued(line, words)]
    if not found:
        found = list(_slipped(line, words))
    if found and is_idiom(words):
        found = [replace(s, strong=False, standing="sign") for s in found]
    found = [s for s in found if s.number or not (s.standing == "sign" or is_title(fold(s.text)))]
    order = ("sign", "slip", "plain", "name")
    return max(
        found, key=lambda s: (s.number is not None, order.index(s.standing), s.strong, s.last - s.first), default=None
    )


class _Slips(Vocabulary):
    """Street words of four and more letters, one of which may be wrong or missing."""

    SHAPED = 3
    LOOSE = 4


@cache
def _slips(role: str) -> _Slips:
    return _Slips((word, rules.name) for rules in languages() for word in rules.roles[role])


def _slipped(line: str, words: Sequence[Word]) -> Iterator[Street]:
    """'12 Mill Lare', 'Jalar Kenanga 3': a street word with one letter wrong, in a name between two commas.

    Many other words are as near, so that only a number, a town or a postcode makes a street of it.
    """
    for segment in segments(words):
        first = words.index(segment[0])
        inner = [w for w in segment if not w.has_digit]
        if not 2 <= len(inner) <= 4 or len(segment) > 6 or not all(w.is_name for w in inner):
            continue
        digits = [i for i, w in enumerate(segment) if w.has_digit]
        if any(0 < i < len(segment) - 1 for i in digits):
            continue
        number = next((segment[i].raw for i in digits if is_house(segment[i])), None)
        start = first + (0 in digits)
        last = start + len(inner) - 1
        for role, word in (("after", inner[-1]), ("before", inner[0])):
            if len(word.folded) < 4 - (role == "after") or is_town(" ".join(w.folded for w in inner)):
                continue
            if spoken := _once(_slips(role).tags(word.folded)):
                yield _street(line, words, start, last, number, False, spoken, "slip")
                return


def _named_after(line: str, words: Sequence[Word]) -> Iterator[Street]:
    """'Jalan Kenanga 3', 'Rua das Palmeiras, 231', '8 chemin du Moulin': the name follows the street word."""
    for i in range(len(words)):
        for last, phrase in phrases(words, i, 3):
            strong, spoken = _looked_up("before", phrase)
            if spoken:
                strong = strong or (line[words[last].end :][:1] == "." and bool(vocabulary("dotted").exact(phrase)))
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


def _with_name_behind(
    line: str, words: Sequence[Word], i: int, word: int, strong: bool, spoken: tuple[str, ...]
) -> Street | None:
    start = word + 1
    if start >= len(words) or words[start].broken_before:
        return None
    rank = _rank(words, start, spoken)
    if rank == "never":
        return None
    end, names, number, codes = _name_behind(line, words, start, spoken)
    if not names and (not codes or (word == i and len(words[i].folded) <= 2)):
        return None
    if names and set(spoken) == {"english"}:
        return None  # English names a street before the word, and numbers it behind: 'Street 4', 'Street Workout 3'
    counted = end < len(words) and words[end - 1].raw.isdigit() and words[end].folded in context().units
    if counted:
        codes, end, number = codes - 1, end - 1, None
    if end == start:
        return None
    if line.islower() and not (codes or (end < len(words) and labelled(words, end))):
        strong = False
    if not names and re.fullmatch(r"\d+", words[start].raw):
        if YEAR.match(words[start].raw):
            return None
        strong = False  # 'Street 4', 'Calle 19': a number alone is a weak name
    if any(words[i].folded in language(name).numbered_names for name in spoken):
        number = None
    number = number or (None if counted else number_beside(words, i, end))
    if rank == "plain" and (names > 1 or (codes and not number)):
        rank = "name"  # 'Jalan Raya Bogor', 'Jalan Utama 3'
    if rank != "name":
        strong = False
        if not (number or (rank == "plain" and words[start].capital)):
            return None
    english = any("english" in vocabulary(role).exact(words[i].folded) for role in ("after", "after_weak"))
    fronted = bool(i) and words[i - 1].raw == number
    return _street(line, words, i, end - 1, number, strong, spoken, rank, bare=english and not fronted)


def _rank(words: Sequence[Word], start: int, spoken: Sequence[str]) -> Standing:
    """How well the words behind a street word name it; 'Jalan Raya sesak' is as little a street as 'Jalan sesak'."""
    ranks = {standing(phrase, spoken) for _, phrase in phrases(words, start, 2)}
    if ranks == {"plain"} or ranks == {"plain", "name"}:
        ranks |= {standing(w.folded, spoken) for w in words[start + 1 : start + 2] if not w.broken_before}
    order: tuple[Standing, ...] = ("never", "sign", "plain")
    return next((rank for rank in order if rank in ranks), "name")


def _name_behind(
    line: str, words: Sequence[Word], start: int, spoken: Sequence[str]
) -> tuple[int, int, str | None, int]:
    """Where the name behind a street word ends, its words, a number at its end, and how many words are numbers."""
    cased = not (line.isupper() or line.islower() or _written_small(words, start - 1))
    end, names, number, codes = start, 0, None, 0
    while end < len(words) and end - start < _LONGEST and (end == start or not words[end].broken_before):
        w = words[end]
        if (is_label(w) and names) or (number and len(w.raw) == 1):
            break
        if w.has_digit and not (len(w.raw) > 4 and _MISREAD.match(w.raw)):
            if not (is_number(w) or _CODED.match(w.raw) or _ORDINAL.match(w.raw)) or _HOUR.match(w.raw):
                break
            if names and len(w.raw) > 4 and is_postcode(words, end):
                break
            codes += 1
            number = w.raw if names and is_house(w) else number
        elif w.is_name or (not cased and w.folded[:1].isalpha()) or (w.raw.isupper() and line[w.end :][:1] == "."):
            counted = end > start and words[end - 1].raw.isdigit() and w.folded in context().units
            said = w.raw.islower() and any(w.folded in language(s).never for s in spoken)
            if counted or said or w.folded in context().not_street:
                break
            names += w.folded not in context().particles
            number = None
        elif w.folded not in context().particles:
            break
        end += 1
    return end, names, number, codes


def _written_small(words: Sequence[Word], street_word: int) -> bool:
    """Whether a street is written in small letters behind its labelled number, as in a chat: 'no 12 jalan kenari 3'."""
    numbered = street_word >= 2 and is_house(words[street_word - 1]) and labelled(words, street_word - 2)
    return numbered and words[street_word].raw.islower()


def _named_before(line: str, words: Sequence[Word]) -> Iterator[Street]:
    """'27 Harcourt Gardens', '7th Avenue', 'Bayildim Caddesi 2': the name stands before the street word."""
    for i in range(1, len(words)):
        strong, spoken = _looked_up("after", words[i].folded)
        if not spoken or words[i].broken_before:
            continue
        first, rank = _start_of_name(line, words, i, spoken)
        if first is None:
            continue
        following = words[i + 1] if i + 1 < len(words) else None
        number = number_beside(words, first, i + 1)
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
        if rank != "name":
            strong = False
            if number is None and not (rank == "plain" and words[i - 1].capital and words[i].capital):
                continue
            if line.islower():
                rank = "sign"
        if number is None and words[first].folded == "the":
            continue  # 'turn left at the second street'
        if number is None and first and words[first - 1].folded == "of" and not words[first].broken_before:
            continue  # 'The Wolf of Wall Street'
        behind = number is not None and not (first and words[first - 1].raw == number)
        yield _street(line, words, first, i, number, strong, spoken, rank, bare=behind and "english" in spoken)


def _goes_on(word: Word) -> bool:
    return bool(vocabulary("directions").exact(word.folded) or vocabulary("number").exact(word.folded))


def _start_of_name(
    line: str, words: Sequence[Word], street_word: int, spoken: Sequence[str]
) -> tuple[int | None, Standing]:
    """The first word of the name that ends before a street word, or None where no name stands there, and its rank."""
    cased = not (line.isupper() or line.islower())
    first, names = street_word, 0
    ranks: list[Standing] = []
    for j in range(street_word - 1, max(-1, street_word - 5), -1):
        w = words[j]
        if w.folded in context().not_street:
            return None, "never"
        rank = standing(w.folded, spoken)
        if rank == "never":
            if not names:
                return None, "never"
            break
        misread = len(w.raw) > 4 and w.capital and _MISREAD.match(w.raw)
        named = w.is_name or misread or (not cased and w.folded[:1].isalpha())
        if not (named or _ORDINAL.match(w.raw) or w.folded in context().particles):
            break
        if not w.has_digit and is_label(w) and not (j and words[j - 1].is_name and not w.broken_before):
            break  # 'Flat 3, Well Lane'; but 'Bomb House Lane'
        first = j
        ranks.append(rank)
        names += w.folded not in context().particles or (len(w.raw) > 2 and w.capital) or w.has_digit
        if w.broken_before:
            break
    whole: Standing = "sign" if "sign" in ranks else "plain" if names == 1 and "plain" in ranks else "name"
    return (first if names else None), whole


def _glued(line: str, words: Sequence[Word]) -> Iterator[Street]:
    """'Lindenstraße 27a', 'Eduard-Sueß-Gasse 9', 'Kanolvägen 7': the street word ends the name."""
    for i, w in enumerate(words):
        for ending, tier, name in endings():
            stem = w.folded.removesuffix(ending)
            if stem == w.folded or len(stem) < 3:
                continue
            behind = words[i + 1].folded if i + 1 < len(words) else ""
            told = standing(w.folded, (name,)) == "name" and standing(behind, (name,)) == "name"
            if not (told and (w.capital or line.islower())):
                break
            first = i
            while first and words[first - 1].is_name and not words[first].broken_before and i - first < 2:
                first -= 1
            number = number_beside(words, first, i + 1)
            alone = number is None and not (i + 1 == len(words) or words[i + 1].broken_before)
            if tier == 2:
                yield _street(line, words, first, i, number, False, (name,), "sign")
            elif not (alone and tier):
                yield _street(line, words, first, i, number, not tier and not alone, (name,))
            break


def _street(
    line: str,
    words: Sequence[Word],
    first: int,
    last: int,
    number: str | None,
    strong: bool,
    spoken: tuple[str, ...],
    rank: Standing = "name",
    bare: bool = False,
) -> Street:
    text = line[words[first].start : words[last].end]
    around = [
        j
        for j, w in enumerate(words)
        if not (first <= j <= last or w.raw == number or labelled(words, j) or (number and len(w.raw) == 1))
    ]
    left = max((j for j in range(first + 1) if words[j].broken_before), default=0)
    right = next((j for j in range(last + 1, len(words)) if words[j].broken_before), len(words))
    fills = not any(left <= j < right for j in around)
    if bare and number and any(w.raw == number and j and labelled(words, j - 1) for j, w in enumerate(words)):
        bare = False
    numbered = first > 0 and words[first - 1].raw == number and len(words[first].raw) == 2
    dotted = text[len(words[first].raw) :][:1] in "./" or "german" in spoken
    short = len(words[first].raw) <= 2 and not numbered and not dotted
    short = short or (len(words[first].raw) == 1 and words[last].has_digit)  # 'C. Ronaldo 7'
    whole = not around and (strong or not short)
    return Street(text, first, last, number, strong, whole, spoken, rank, fills and (strong or not short), bare)
