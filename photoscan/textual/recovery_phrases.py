"""Recovery phrases of wallets: 12 to 24 words of a list of BIP-39, numbered, in columns, under a label or one a line.

A phrase is told by its words. Twelve words of one list in a row are no accident; whoever writes such a row on purpose
writes of one subject, in the order of the alphabet, or in sentences, and what is drawn does none of these. The checksum
inside of the last word proves a phrase where all was read right (BIP-39: one of 16 rows of twelve words has it by
chance). Other lists, and other alphabets, are known by a label and by their form alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from photoscan import shipped
from photoscan.textline import TextLine
from photoscan.textual.phrase_words import checksum_holds, known_word, mended, words_of
from photoscan.textual.words import Vocabulary, fold, words

COUNTS = (12, 15, 18, 21, 24)
"""Words of a phrase, BIP-39."""
_FEWEST, _FEWEST_LABELLED, _MOST = 11, 8, 26
_BREAK = re.compile(r"[\s.,;:()\[\]{}|•·*_#\-–—/\\~=>\"'“”、。，：\u3000]+")
_NUMBERED = re.compile(r"(\d{1,2})([^\W\d_]\w{1,9})$")
_GLUED = re.compile(r"(?:\d{1,2}[^\W\d_]{3,9}){2,}$")
_LABEL_ABOVE, _LABEL_BELOW = 14, 4
"""Lines between a label and the words: an instruction, a warning, the words of a picture beside it."""
_LONG_LABEL = 9
"""Letters of a label from which one of them may be wrong."""
_GAP = 2
"""Words in a row that are no word of the list, at most, inside of a phrase."""
_SUBJECT = 0.4
"""The part of a row's words that one subject has, from which it is a list of such things: two of 1,000 drawn phrases of
twelve words have so many by chance, and these are told as possible where their checksum is right."""
_SENTENCE = 0.25


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a phrase as they were read, the indices of their lines, how sure it is, and why."""

    lines: tuple[int, ...]
    words: str = field(repr=False)
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Token:
    line: int
    word: str
    number: int | None = None


def find(lines: Sequence[TextLine]) -> Iterator[Phrase]:
    """The recovery phrases in lines of text, in order. Raises nothing."""
    labelled = [i for i, line in enumerate(lines) if is_label(line.text)]
    tokens = _tokens(lines, labelled)
    if len(tokens) < (_FEWEST_LABELLED if labelled else _FEWEST):
        return
    found = [phrase for name in _rules()["lists"] for phrase in _of_list(lines, tokens, name, labelled)]
    taken: set[int] = set()
    for phrase in sorted(found, key=lambda phrase: (-phrase.confidence, -len(phrase.words), phrase.lines)):
        if taken.isdisjoint(phrase.lines):
            taken.update(phrase.lines)
            yield phrase
    for label in labelled:
        formed = _by_form(lines, label)
        if formed and taken.isdisjoint(formed.lines):
            taken.update(formed.lines)
            yield formed


@cache
def _label_pattern() -> re.Pattern[str]:
    known = sorted(map(fold, _rules()["labels"]), key=len, reverse=True)
    return re.compile("|".join(rf"(?<![a-z0-9]){re.escape(label)}s?(?![a-z])" for label in known))


def is_label(text: str) -> bool:
    """Whether a line names a recovery phrase."""
    return bool(_label_pattern().search(fold(text)))


def _tokens(lines: Sequence[TextLine], labelled: Sequence[int]) -> list[_Token]:
    """The words of all lines with the numbers before them. Of a line with a label only what stands behind it counts."""
    tokens: list[_Token] = []
    number: int | None = None
    for i, line in enumerate(lines):
        text = line.text
        if i in labelled:
            text = _behind_label(text)
            tokens.append(_Token(i, ""))
            number = None
        for chunk in _BREAK.split(text):
            if not chunk:
                continue
            if chunk.isdecimal():
                number = int(chunk) if len(chunk) <= 2 else None
                continue
            for n, word in _parted(chunk):
                tokens.append(_Token(i, fold(word), n if n is not None else number))
                number = None
    return tokens


def _behind_label(text: str) -> str:
    colon = max(text.find(":"), text.find("："))
    if colon >= 0:
        return text[colon + 1 :]
    folded = fold(text)
    match = _label_pattern().search(folded)
    return text[match.end() :] if match and len(folded) == len(text) else ""


def _parted(chunk: str) -> list[tuple[int | None, str]]:
    """A chunk without spaces as words with their numbers: '3north', '1gravity2machine', 'fi1ter'."""
    if _GLUED.match(chunk):
        return [(int(n), word) for n, word in re.findall(r"(\d{1,2})([^\W\d_]{3,9})", chunk)]
    if numbered := _NUMBERED.match(chunk):
        whole = known_word(fold(chunk), "english")
        return [(None, chunk)] if whole else [(int(numbered[1]), numbered[2])]
    return [(None, chunk)]


def _of_list(
    lines: Sequence[TextLine], tokens: Sequence[_Token], name: str, labelled: Sequence[int]
) -> Iterator[Phrase]:
    """The stretches of words of one list, each judged."""
    known = [known_word(token.word, name) for token in tokens]
    start = 0
    while start < len(tokens):
        if not known[start]:
            start += 1
            continue
        end, last = start + 1, start
        while end < len(tokens) and end - last <= _GAP and tokens[end].word:
            last = end if known[end] else last
            end += 1
        stretch = range(start, last + 1)
        start = max(last + 1, start + 1)
        hits = sum(known[i] is not None for i in stretch)
        if hits < _FEWEST_LABELLED - 1 or hits < 0.6 * len(stretch):
            continue
        read = [each for i in stretch for each in _mended_or_parted(tokens[i], known[i], name)]
        labels = labelled or _nearly_labels(lines, tokens[stretch[0]].line, tokens[stretch[-1]].line)
        phrase = _judged([token for token, _ in read], [word for _, word in read], name, labels)
        if phrase is not None:
            yield phrase


def _judged(tokens: list[_Token], read: list[str | None], name: str, labelled: Sequence[int]) -> Phrase | None:
    tokens, read = _trimmed(tokens, read)
    hits = [word for word in read if word]
    first, last = tokens[0].line, tokens[-1].line
    label = any(first - _LABEL_ABOVE <= at <= last + _LABEL_BELOW for at in labelled)
    misses = len(read) - len(hits)
    numbered = _are_numbered(tokens)
    if len(hits) < (_FEWEST_LABELLED if label or numbered else _FEWEST) or len(read) > 2 * _MOST:
        return None
    if misses > len(read) // (4 if label or numbered else 8):
        return None
    ordered = _ordered(tokens, read)
    proved = any(checksum_holds(row, name) for row in _windows(ordered))
    confidence, reason = _sure(tokens, hits, label, proved, numbered, misses)
    if not confidence:
        return None
    return Phrase(
        tuple(dict.fromkeys(token.line for token in tokens)),
        " ".join(token.word for token in tokens),
        confidence,
        reason,
    )


def _sure(
    tokens: Sequence[_Token], hits: list[str], label: bool, proved: bool, numbered: bool, misses: int
) -> tuple[float, str]:
    if label:
        return (0.97 if proved else 0.9), "a recovery phrase under its name"
    if _has_a_reason(tokens, hits, proved):
        return (0.3 if proved else 0), "words as in a recovery phrase, of one subject"
    if proved:
        return 0.95, "a recovery phrase whose checksum is right"
    if numbered and len(hits) + misses in COUNTS and misses <= len(hits) // 8:
        return 0.6, "words of a recovery phrase, numbered"
    return 0.45, "words as in a recovery phrase"


def _has_a_reason(tokens: Sequence[_Token], hits: Sequence[str], proved: bool) -> bool:
    """Whether somebody chose the words: of one subject, in the alphabet's order, as a sentence."""
    sentence = sum(word in _sentences() for word in hits) >= _SENTENCE * len(hits)
    if (sentence and not proved) or len(set(hits)) < 0.6 * len(hits):
        return True
    written = [token.word for token in tokens]
    if written == sorted(written):
        return True
    most = max(sum(word in subject for word in hits) for subject in _subjects())
    return most >= _SUBJECT * len(hits)


def _trimmed(tokens: list[_Token], words: list[str | None]) -> tuple[list[_Token], list[str | None]]:
    """Without the words around a numbered phrase that bear no number: its title, the button below."""
    numbers = [i for i, token in enumerate(tokens) if token.number is not None and 1 <= token.number <= _MOST]
    if len(numbers) < 0.6 * len(tokens):
        return tokens, words
    return tokens[numbers[0] : numbers[-1] + 1], words[numbers[0] : numbers[-1] + 1]


def _are_numbered(tokens: Sequence[_Token]) -> bool:
    """Whether the words bear numbers from 1 on, nearly all of them, in whatever order."""
    numbers = {token.number for token in tokens if token.number is not None}
    return len(numbers & set(range(1, len(tokens) + 1))) >= 0.8 * len(tokens)


def _ordered(tokens: Sequence[_Token], words: Sequence[str | None]) -> list[str | None]:
    numbers = [token.number for token in tokens]
    if None in numbers or len(set(numbers)) < len(numbers):
        return list(words)
    return [word for _, word in sorted(zip(numbers, words, strict=True), key=lambda pair: pair[0] or 0)]


def _windows(words: Sequence[str | None]) -> Iterator[Sequence[str | None]]:
    """The rows that may be whole phrases: all words, or as many at either end as a phrase has."""
    for count in COUNTS:
        if count <= len(words) <= count + 2:
            for start in range(len(words) - count + 1):
                yield words[start : start + count]


def _by_form(lines: Sequence[TextLine], label: int) -> Phrase | None:
    """Twelve and more single words under a label, numbered or in rows of as many, of whatever list."""
    tokens: list[_Token] = []
    for token in _tokens(lines[label : label + 30], [0])[1:]:
        tokens.append(_Token(token.line + label, token.word, token.number))
    numbered = [token for token in tokens if token.number is not None and 1 <= token.number <= _MOST and token.word]
    counted = {token.number for token in numbered}
    if len(counted) >= COUNTS[0] - 1 and counted >= set(range(1, len(counted))):
        return _formed(numbered, 0.8)
    rows: dict[int, list[_Token]] = {}
    for token in tokens:
        rows.setdefault(token.line, []).append(token)
    run = _even_rows(list(rows.values()))
    return _formed(run, 0.45) if len(run) in COUNTS else None


def _even_rows(rows: list[list[_Token]]) -> list[_Token]:
    """The first rows under each other that have as many words, whose words together are as many as a phrase has."""
    for start in range(min(4, len(rows))):
        size = len(rows[start])
        run: list[_Token] = []
        for row in rows[start:]:
            if len(row) != size:
                break
            run += row
        if len(run) in COUNTS and size <= 6 and all(token.word.isalpha() for token in run):
            return run
    return []


def _formed(tokens: Sequence[_Token], confidence: float) -> Phrase:
    where = tuple(dict.fromkeys(token.line for token in tokens))
    return Phrase(
        where, " ".join(token.word for token in tokens), confidence, "words under the name of a recovery phrase"
    )


def _mended_or_parted(token: _Token, known: str | None, name: str) -> list[tuple[_Token, str | None]]:
    """A token with its word; two of them where the reader lost the space between two words."""
    if known or (slip := mended(token.word, name)):
        return [(token, known or slip)]
    index = words_of(name)
    for cut in range(3, len(token.word) - 2):
        if token.word[:cut] in index and token.word[cut:] in index:
            return [(replace(token, word=word), word) for word in (token.word[:cut], token.word[cut:])]
    return [(token, None)]


def _nearly_labels(lines: Sequence[TextLine], first: int, last: int) -> list[int]:
    """The lines around some words that name a phrase with a letter wrong."""
    found = []
    for i in range(max(0, first - _LABEL_ABOVE), min(len(lines), last + _LABEL_BELOW + 1)):
        row = [word.folded for word in words(lines[i].text)]
        windows = (" ".join(row[a:b]) for a in range(len(row)) for b in range(a + 1, min(a + 4, len(row)) + 1))
        if any(map(_vocabulary().like, windows)):
            found.append(i)
    return found


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary((label, "") for label in _rules()["labels"] if len(label) >= _LONG_LABEL)


@cache
def _rules() -> dict[str, Any]:
    return shipped.rules("rules/phrases.toml")


@cache
def _sentences() -> frozenset[str]:
    return frozenset(_rules()["sentences"])


@cache
def _subjects() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(words.split()) for words in _rules()["subjects"].values())
