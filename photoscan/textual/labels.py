"""Labels before values ('Nama:', 'Wi-Fi password'): `rules/labels.toml`, forgiving of a reader's slips.

A label is found on the borders of words. One letter may be wrong where the label is all that stands before its sign,
or all of its line, and what was read is no ordinary word (`ordinary` in the data file).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from photoscan import shipped
from photoscan.textual.words import Vocabulary, fold, one_letter_apart, skeleton, words

_SEPARATOR = re.compile(
    r"^[.)\]）】]?\s*(?:[(（][^()（）]{1,24}[)）]\s*(?=[:：]))?(?:[:;=>：；＝]|[-–—]+(?=\s|>)|(?P<said>(?:is|adalah|ialah|é|es|ist|est)\s*:?(?=\s)|[是为為は]))"
    r"[\s:=>：]*",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\s(?:for|of|to|on|untuk|para|pour|für|vom|del|do|da|du)(?:\s(?:[^\W\d_]{1,16}|wi-fi)){1,3}?"
    r"(?=\s?[:=：]|\s(?:is|adalah|ialah|é|es|ist|est)\s)",
    re.IGNORECASE,
)
"""What a secret is for, between its label and the sign: 'password for the wifi is'."""
_WHOSE = re.compile(r"(?:\s[^\W\d_]{2,12}){1,2}(?=\s?[:=：])")
"""Whose network it is, behind its name: 'pass wifi kedai: ...'."""
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
"""Scripts whose labels run into what stands beside them: '我的密码是', 'wifi密码'."""
_NEXT_FIELD = re.compile(r"\s[^\W\d_][^\s:=：]{1,20}\s?(?::(?=\s|$)|：)")
"""A word with a colon begins the next value of a line."""

_ROUGH = 7
"""Letters of a rough shape from which one of them may be wrong."""
_GLUED = 8
"""Letters of a label of several words from which it is found where the reader lost the spaces: 'Sandiwifi'."""
_WIDE_GAP = re.compile(r"\t| {2}")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value behind its label. `separated`: a colon or the like stands between; `start` is where the value begins,
    `begin` where the label does."""

    label: str
    value: str = field(repr=False)
    separated: bool
    start: int
    first: bool
    """Whether nothing stands before the label."""
    exact: bool
    """Whether the label was read without a slip."""
    begin: int = 0
    said: bool = False
    """Whether what stands between is a word such as 'is': a sentence, not a form."""


def behind(idea: str, line: str) -> Labelled | None:
    """The value behind the last, longest label of an idea in a line; an empty value where nothing follows."""
    best: Labelled | None = None
    for found in _labels(idea, line):
        if best is None or (found.separated and not best.separated) or (not best.value and found.value):
            best = found
    return best


def each(idea: str, line: str) -> list[Labelled]:
    """Every label of an idea in a line, in order; a value ends where the next label or the next field begins."""
    taken: list[Labelled] = []
    for label in sorted(_labels(idea, line), key=lambda label: (label.begin, -label.start)):
        if not taken or label.begin >= taken[-1].start:
            taken.append(label)
    ends = [*(label.begin for label in taken[1:]), len(line)]
    return [replace(label, value=_field(line[label.start : end])) for label, end in zip(taken, ends, strict=False)]


def alone(value: str) -> str:
    """A value without the fields behind it: 'Sarah Connor' of 'Sarah Connor DOB: 12/05/1990'.

    Labels of birth need a colon or a digit behind them (Max Born has a name), other words a colon.
    """
    births = (label for label in _labels("birth", value) if label.begin and label.exact)
    ends = [label.begin for label in births if label.separated or label.value[:1].isdigit()]
    return _field(_WIDE_GAP.split(value[: min(ends, default=len(value))], maxsplit=1)[0])


def _field(value: str) -> str:
    following = _NEXT_FIELD.search(value)
    return value[: following.start() if following else len(value)].strip()


def _labels(idea: str, line: str) -> Iterator[Labelled]:
    """The longest label that begins at each word of a line, then those of scripts without spaces."""
    parts = words(line)
    vocabulary = _vocabulary(idea)
    begun: set[int] = set()
    for i in range(len(parts)):
        for last in range(min(len(parts), i + vocabulary.longest) - 1, i - 1, -1):
            phrase = " ".join(w.folded for w in parts[i : last + 1])
            if not vocabulary.like(phrase) or (len(phrase) > 3 and any(w.apart for w in parts[i + 1 : last + 1])):
                continue
            end = parts[last].end
            if idea == "secret" and (
                purpose := _PURPOSE.match(line, end) or (_of_network(phrase) and _WHOSE.match(line, end))
            ):
                end = purpose.end()
            label = _labelled(line, phrase, parts[i].start, end, i == 0, bool(vocabulary.exact(phrase)))
            if not label.exact and not (label.first and (label.separated or not label.value)):
                continue  # a slip is forgiven in a label that is the whole of what stands before its sign
            if i and f"{parts[i - 1].folded} {phrase}" in ordinary():
                continue  # 'queue token', 'room code'
            begun.add(parts[i].start)
            yield label
            break
    if (pattern := _unspaced(idea)) and _UNSPACED.search(line):
        for match in pattern.finditer(line):
            label = _labelled(line, match[0], match.start(), match.end(), not line[: match.start()].strip(), True)
            if label.separated and match.start() not in begun:
                yield label


def _of_network(phrase: str) -> bool:
    return phrase.endswith(("wifi", "wi-fi", "hotspot", "internet"))


def _labelled(line: str, label: str, begin: int, end: int, first: bool, exact: bool) -> Labelled:
    gap = _SEPARATOR.match(line[end : end + 40])
    start = end + (gap.end() if gap else 0)
    rest = line[start:]
    start += len(rest) - len(rest.lstrip(" .\t"))
    said = gap is not None and gap["said"] is not None
    return Labelled(label, line[start:].strip(), gap is not None, start, first, exact, begin, said)


def is_label(idea: str, line: str) -> bool:
    """Whether a line is nothing but a label of that idea."""
    return bool(_vocabulary(idea).like(" ".join(w.folded for w in words(line))))


def roughly(idea: str, line: str) -> Labelled | None:
    """The value behind what has about the shape of a long label's word, in a line that is label, colon and value.

    So faint a label proves nothing: it makes its value worth a look where that has the looks of one by itself.
    """
    before, colon, value = line.partition(":")
    parts = words(before)
    if not colon or not parts or len(parts) > 3 or parts[-1].folded in ordinary():
        return None
    shape = skeleton(parts[-1].folded)
    if len(shape) < _ROUGH or not any(one_letter_apart(shape, known, _ROUGH) for known in _rough(idea)):
        return None
    start = len(line) - len(value.lstrip())
    return Labelled(parts[-1].folded, value.strip(), True, start, True, exact=False)


@cache
def _rough(idea: str) -> frozenset[str]:
    known = (skeleton(word) for phrase in _rows()[idea]["words"] for word in phrase.split())
    return frozenset(shape for shape in known if len(shape) >= _ROUGH)


def samples() -> Iterator[tuple[str, list[str], list[str]]]:
    """Each idea with lines in which a value has to be found, and lines in which none may be."""
    for idea, rows in _rows().items():
        if idea != "ordinary":
            yield idea, rows["samples"], rows["not_samples"]


@cache
def _rows() -> dict[str, Any]:
    return shipped.rules("rules/labels.toml")


@cache
def _vocabulary(idea: str) -> Vocabulary:
    known = list(_rows()[idea]["words"])
    if idea == "secret":
        known += [glued for word in known if len(glued := word.replace(" ", "")) >= _GLUED and glued != word]
    return Vocabulary(((word, idea) for word in known), ordinary=ordinary())


@cache
def ordinary() -> frozenset[str]:
    """Words and phrases that are no label although they hold one or are one letter away from it."""
    return frozenset(fold(word) for word in _rows()["ordinary"])


@cache
def _unspaced(idea: str) -> re.Pattern[str] | None:
    known = sorted((word for word in _rows()[idea]["words"] if _UNSPACED.search(word)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known))) if known else None
