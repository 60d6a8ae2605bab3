"""The word lists of BIP-39 (`rules/phrase_words`): which word a reading is, whether a row of them has its checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

from photoscan import shipped
from photoscan.textual.words import fold, lookalike, one_letter_apart


def known_word(folded: str, name: str) -> str | None:
    """The word of a list that a reading is, or looks like."""
    if not 2 <= len(folded) <= 10:
        return None
    known = words_of(name)
    if folded in known:
        return folded
    return None if folded.isalpha() and len(folded) < 4 else _shapes(name).get(lookalike(folded))


def mended(folded: str, name: str) -> str | None:
    """The word of a list that differs in one letter from a reading, where only one does."""
    if len(folded) < 4 or (folded.endswith("s") and folded[:-1] in words_of(name)):
        return None  # a plural is no slip
    ends = (folded[0], folded[-1])
    alike = (
        word
        for word in words_of(name)
        if (word[0], word[-1]) == ends or word[:2] == folded[:2] or word[1:] == folded[1:]
    )
    near = [word for word in alike if one_letter_apart(folded, word, 4)]
    return near[0] if len(near) == 1 else None


@cache
def words_of(name: str) -> dict[str, int]:
    """Each word of a list, folded, and its number."""
    return {fold(word): i for i, word in enumerate(shipped.text(f"rules/phrase_words/{name}.txt").split())}


@cache
def _shapes(name: str) -> dict[str, str]:
    return {lookalike(word): word for word in words_of(name)}


def checksum_holds(words: Sequence[str | None], name: str) -> bool:
    """Whether the bits behind the entropy are the first of its SHA-256 (BIP-39)."""
    index = words_of(name)
    number = 0
    for word in words:
        if word is None:
            return False
        number = number << 11 | index[word]
    bits = len(words) * 11
    checked = bits // 33
    entropy = (number >> checked).to_bytes((bits - checked) // 8, "big")
    return hashlib.sha256(entropy).digest()[0] >> (8 - checked) == number & ((1 << checked) - 1)
