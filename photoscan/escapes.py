"""Text from strangers as it may be shown: what would act on a terminal is written as an escape."""

from __future__ import annotations

from photoscan.patterns import pattern

_UNSEEN = pattern("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but for the end of a line, what turns the direction of writing, and halves of characters."""


def visible(text: str) -> str:
    """The text with characters that would act on a terminal, or can't be written, as escapes: a photo's names and
    values come from strangers."""
    return _UNSEEN.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def on_one_line(text: str) -> str:
    """The same without ends of lines: a file's name may hold some."""
    return visible(text).replace("\n", "\\n")
