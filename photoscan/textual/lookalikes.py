# ruff: noqa: E501 - tables
"""Characters that readers mix up, and how to set them right where only a digit or only a letter can stand."""

DIGIT_FOR = {"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "i": "1", "|": "1", "!": "1", "Z": "2", "z": "2",
             "S": "5",              "s": "5", "B": "8", "G": "6", "b": "6", "T": "7", "A": "4", "g": "9", "q": "9"}  # fmt: skip
LETTER_FOR = {"0": "O", "1": "I", "2": "Z", "5": "S", "8": "B", "6": "G", "4": "A", "7": "T"}


def as_digits(text: str) -> tuple[str, int]:
    """The text with look-alikes replaced by digits, and how many were replaced."""
    changed = sum(c in DIGIT_FOR for c in text)
    return "".join(DIGIT_FOR.get(c, c) for c in text), changed


def as_letters(text: str) -> tuple[str, int]:
    """The text with look-alikes replaced by letters, and how many were replaced."""
    changed = sum(c in LETTER_FOR for c in text)
    return "".join(LETTER_FOR.get(c, c) for c in text), changed
