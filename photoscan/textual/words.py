"""Words of a line as a reader of addresses needs them: folded, and forgiving of a reader's slips.

A reader of photos mixes up characters of one shape (0/O, 5/S, e/c), drops or doubles one, and glues words together.
`fold` removes accents and case; `skeleton` also puts characters of one shape in one class and doubles together, so that
two readings of one word mostly meet. `Vocabulary` looks words up by all of these.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from photoscan.patterns import pattern as late

_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_SHAPE = str.maketrans("aoq0ecnrmuvtf1ilj5s8b9gyhk", "ooooccnnnuuffllllssbbggghh")
"""Letters and digits of one shape, as readers mix them up, in one class each."""
_LOOKALIKE = str.maketrans("01i|58", "olllsb")
_TRIPLED = late(r"([^\W\d_])\1{2,}")
_CHUNK = late(r"[^\s,;:|()\[\]•·，、；：（）【】]+")
_BREAK = late(r"[,;:|()\[\]•·，、；：（）【】]|\s[-–—]\s")
_PART = late(r"[;:|()\[\]；：（）【】]")
_GLUED_NUMBER = late(r"^(\d{4,6})([^\W\d_]{3,}.*)$")
_GLUED_HOUSE = late(
    r"^(\d{2,3}(?:[A-Z](?=[A-ZÀ-Þ][a-zà-ÿ]))?|\d(?=[A-ZÀ-Þ][a-zà-ÿ]))([^\W\d_]{4,}.*)$|^([^\W\d_]{4,})(\d{1,3}[A-Za-z]?)$"
)
_CAMEL = late(r"(?<=[a-zà-ÿ]{3})(?=[A-ZÀ-Þ][a-zà-ÿ]{2})")
_AFTER_DOT = late(r"(?<=[^\W\d_]{2}\.)(?=[^\W_]{2})|(?<=\b[A-Za-z]\.)(?=[^\W\d_]{3})")
_TOWN_DASH_CODE = late(r"(?<=[^\W\d_]{4})[-–](?=\d{3,6}\b)|(?<=^\d{4})[-–](?=[^\W\d_]{4})")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line: as written, folded, where it stands (characters).

    `broken_before`: a comma, a dash or the like stands before it; `apart`: a colon, a bracket or a bar.
    """

    raw: str
    folded: str
    start: int
    end: int
    broken_before: bool = False
    apart: bool = False

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.raw[:1].isupper()

    @property
    def has_digit(self) -> bool:
        """Whether any digit stands in it."""
        return any(c.isdigit() for c in self.raw)

    @property
    def is_name(self) -> bool:
        """Whether it could be a part of a name: letters, with a capital."""
        inner = self.raw[2:] if self.raw[1:2] in "'’" and self.raw[:1].isalpha() else self.raw
        return inner[:1].isupper() and self.folded[:1].isalpha()


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents: 'Straße' and 'STRASSE' become 'strasse'."""
    return _without_accents(_lowered(text))


def fold_all(texts: Iterable[str]) -> list[str]:
    """Each text folded, none of which holds a line's end: tens of thousands at once, in a fifth of the time."""
    return [_without_accents(text) for text in _lowered("\n".join(texts)).split("\n")]


def _lowered(text: str) -> str:
    return _TRIPLED.sub(r"\1\1", text.lower().translate(_SPECIAL))


def _without_accents(lowered: str) -> str:
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def lookalike(folded: str) -> str:
    """A folded text with digits as the letters that they look like, and the few pairs that look as one letter."""
    return folded.replace("rn", "m").replace("vv", "w").translate(_LOOKALIKE)


def skeleton(folded: str) -> str:
    """A folded text with characters of one shape in one class, without spaces, doubles taken once."""
    shaped = folded.replace("rn", "m").replace("vv", "w").translate(_SHAPE)
    return "".join(c for i, c in enumerate(shaped) if c.isalnum() and (not i or shaped[i - 1] != c))


def words(text: str, houses: bool = False) -> list[Word]:
    """The words of a line in order. Numbers glued to names, and names glued to each other, come apart; short numbers
    only for `houses`: '17Station Road'."""
    found: list[Word] = []
    breaks = [m.end() for m in _BREAK.finditer(text)]
    apart = [m.start() for m in _PART.finditer(text)]
    end = 0
    for chunk in _CHUNK.finditer(text):
        for at, part in _parts(chunk[0], houses):
            raw = part.lstrip("/").strip("-–—.'\"’!?*~_+=<>{}")
            if not raw:
                continue
            start = chunk.start() + at + part.index(raw)
            broken = bisect_right(breaks, end) < bisect_right(breaks, start + 1)
            split = bisect_left(apart, end) < bisect_left(apart, start)
            found.append(Word(raw, fold(raw), start, start + len(raw), broken, split))
            end = start + len(raw) - 1
    return found


def segments(parts: Sequence[Word]) -> list[list[Word]]:
    """The words between commas and dashes."""
    found: list[list[Word]] = []
    for word in parts:
        if word.broken_before or not found:
            found.append([])
        found[-1].append(word)
    return found


def _parts(chunk: str, houses: bool) -> Iterator[tuple[int, str]]:
    """Where a chunk without spaces falls apart: '66849Landstuhl', 'PantonStreet', 'Jl.Melati', 'Bangalore-560'."""
    cuts = {0}
    if glued := _GLUED_NUMBER.match(chunk):
        cuts.add(glued.start(2))
    elif houses and (glued := _GLUED_HOUSE.match(chunk)):
        cuts.add(max(glued.start(2), glued.start(4)))
    for pattern in (_CAMEL, _AFTER_DOT, _TOWN_DASH_CODE):
        cuts |= {m.end() for m in pattern.finditer(chunk)}
    places = [*sorted(cuts), len(chunk)]
    for start, stop in pairwise(places):
        yield start, chunk[start:stop]


class Vocabulary:
    """Known words and phrases, each with a tag, found as they stand, by their shape, or with one letter wrong.

    A reader's slips are forgiven one way or the other, never both: either characters that look alike are put in one
    class (`lookalike`), or one letter of one long word may be missing, added or another. The number of words is the
    same; short words are only found as they stand, for three letters resemble too many others. `ordinary` words are
    no slip of any other word: 'barcode' is not 'passcode'.
    """

    SHAPED = 5
    """Letters from which a word is found by its shape."""
    LOOSE = 6
    """Letters of a word from which one of them may be missing, added or wrong."""

    def __init__(
        self, entries: Iterable[tuple[str, str]], loose: bool = True, ordinary: frozenset[str] = frozenset()
    ) -> None:
        self._exact: dict[str, list[str]] = {}
        self._shape: dict[str, str] = {}
        self._gap: dict[str, list[str]] = {}
        self._ordinary = ordinary
        self._widest = 0
        self.longest = 1
        for phrase, tag in entries:
            folded = " ".join(word.folded for word in words(phrase))
            known = folded in self._exact
            self._exact.setdefault(folded, []).append(tag)
            self.longest = max(self.longest, folded.count(" ") + 1)
            if known or len(folded) < self.SHAPED:
                continue
            self._shape.setdefault(lookalike(folded), folded)
            if loose and max(map(len, folded.split(" "))) >= self.LOOSE:
                self._widest = max(self._widest, len(folded))
                for variant in {folded, *_without_one(folded)}:
                    self._gap.setdefault(variant, []).append(folded)

    def exact(self, folded: str) -> list[str]:
        """The tags of a folded phrase, [] for none."""
        return self._exact.get(folded, [])

    def like(self, folded: str) -> str | None:
        """The known phrase that a folded phrase is, or is nearly."""
        if folded in self._exact:
            return folded
        if len(folded) < self.SHAPED or not self._ordinary.isdisjoint(folded.split(" ")):
            return None
        return self._shape.get(lookalike(folded)) or self._one_off(folded)

    def _one_off(self, folded: str) -> str | None:
        if not self._gap or len(folded) > self._widest + 1:
            return None
        for variant in (folded, *_without_one(folded)):
            for known in self._gap.get(variant, ()):
                if one_letter_apart(folded, known, self.LOOSE):
                    return known
        return None

    def same_shape(self, folded: str) -> bool:
        """Whether a phrase is known as it stands, or is long and has the very shape of a known one: 'bou1evard'."""
        return folded in self._exact or (len(folded) >= self.LOOSE and lookalike(folded) in self._shape)

    def tags(self, folded: str) -> list[str]:
        """The tags of the known phrase that this one is or is nearly."""
        known = self.like(folded)
        return self._exact[known] if known else []


def one_letter_apart(folded: str, known: str, least: int) -> bool:
    """Whether two phrases have the same words but for one letter of one word, which has at least so many letters."""
    ours, theirs = folded.split(" "), known.split(" ")
    if len(ours) != len(theirs):
        return False
    apart = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    if len(apart) != 1 or len(apart[0][1]) < least:
        return False
    short, long = sorted(apart[0], key=len)
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return len(long) - len(short) <= 1 and long[same + 1 :] == short[same + (len(short) == len(long)) :]


def _without_one(text: str) -> Iterator[str]:
    return (text[:i] + text[i + 1 :] for i in range(len(text)))
