# ruff: noqa: E501 - tables
"""Characters that readers mix up, and how to set them right where only a digit or only a letter can stand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

DIGIT_FOR = {"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "i": "1", "|": "1", "!": "1", "Z": "2", "z": "2",
             "S": "5",              "s": "5", "B": "8", "G": "6", "b": "6", "T": "7", "A": "4", "g": "9", "q": "9"}  # fmt: skip
LETTER_FOR = {"0": "O", "1": "I", "2": "Z", "5": "S", "8": "B", "6": "G", "4": "A", "7": "T"}
DIGITS_FOR = {
    "B": "83",
    "G": "6",
    "b": "6",
    "g": "9",
    "q": "9",
    "T": "7",
    "t": "7",
    "A": "4",
    "U": "0",
    "e": "6",
    "a": "0",
    "n": "0",
}
"""What else a letter may have been where a digit has to stand."""
HEX_FOR = {"O": "0", "I": "1", "L": "1", "S": "5", "Z": "2", "G": "6"}
NEVER_IN_VIN = {"I": "1", "O": "0", "Q": "0"}
"""Letters that ISO 3779 keeps out of a vehicle's number, since they look like digits."""
LETTERS_FOR = {"0": "ODQ", "1": "IL", "2": "Z", "5": "S", "8": "B", "6": "G", "4": "A", "7": "T", "|": "I", "!": "I"}
DIGIT_LIKE = r"[\dOoQDIl|!ZzSsBGbTgqAUea]"
"""A digit, or what a reader may have taken it for; to stand inside a pattern."""
LETTER_LIKE = r"[A-Za-z0125864|!7]"


def as_digits(text: str) -> tuple[str, int]:
    """The text with look-alikes replaced by digits, and how many were replaced."""
    changed = sum(c in DIGIT_FOR for c in text)
    return "".join(DIGIT_FOR.get(c, c) for c in text), changed


def as_letters(text: str) -> tuple[str, int]:
    """The text with look-alikes replaced by letters, and how many were replaced."""
    changed = sum(c in LETTER_FOR for c in text)
    return "".join(LETTER_FOR.get(c, c) for c in text), changed


def repairs(text: str, shape: str, most: int = 3) -> Iterator[tuple[str, int]]:
    """Every text of a shape that this one may have been, and how many characters differ.

    9 is a digit, A a letter, X either, H a hexadecimal digit, V a character of a vehicle's number.

    The text as it stands comes first where it fits; nothing comes where more than `most` characters would differ.
    """
    choices: list[str] = []
    wrong = 0
    for c, kind in zip(text, shape, strict=True):
        if kind == "9" and not c.isdigit():
            choices.append("".join(dict.fromkeys(DIGIT_FOR.get(c, "") + DIGITS_FOR.get(c, ""))))
            wrong += 1
        elif kind == "A" and not (c.isascii() and c.isalpha()):
            choices.append(LETTERS_FOR.get(c, ""))
            wrong += 1
        else:
            other = {"H": HEX_FOR, "V": NEVER_IN_VIN}.get(kind, {}).get(c.upper())
            choices.append(other or c.upper())
            wrong += other is not None
    if wrong > most:
        return
    for option in product(*choices):
        yield "".join(option), wrong
