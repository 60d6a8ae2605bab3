"""A drawing is untouched where the same shapes are drawn in the same order with the same attributes, styles and words.

Pixels are not compared: no renderer is asked. Names may differ as long as the same refers to the same.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import deque
from urllib.parse import unquote_to_bytes

from photoscan import formats
from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.cleaning import picture
from photoscan.cleaning.drawing import WORDS, Shape, shapes, standard
from photoscan.errors import Phrase
from photoscan.formats import Format

_NAME = re.compile(r"url\(\s*[\"']?#([^\"')\s]+)[\"']?\s*\)|\b([\w-]+)\.(?=begin|end|click|mouse)|(--[\w-]+)")
MAX_LEVELS = 4
"""Blocks within blocks of a style sheet that are looked into."""
_COMMENTS = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_SOURCES = frozenset(("SourceGraphic", "SourceAlpha", "BackgroundImage", "BackgroundAlpha", "FillPaint", "StrokePaint"))


def proved(before: bytes, after: bytes, format_: Format, pages: int | None) -> tuple[Phrase, ...]:
    """The proof; RefusedError where something else is drawn, or it can't be read."""
    (old, lost), (new, _) = shapes(before), shapes(after)
    if len(old) != len(new):
        raise RefusedError("changed")
    comparison = _Comparison(old, new, lost)
    for one, other in zip(old, new, strict=True):
        comparison.shape(one, other)
    return (clean_phrase("proof.same_drawing_but" if comparison.lost else "proof.same_drawing"),)


class _Comparison:
    """Goes through both drawings and remembers which name of the one is which of the other."""

    def __init__(self, old: list[Shape], new: list[Shape], lost: set[str]) -> None:
        self.lost = lost
        self.names: dict[tuple[str, str], str] = {}
        self.taken: dict[tuple[str, str], str] = {}
        sheets = [_COMMENTS.sub(" ", "".join(s.words)) for s in old if s.name == "style"]
        self.styled = frozenset(name for text in sheets for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", text))

    def shape(self, one: Shape, other: Shape) -> None:
        same = one.name == other.name and one.level - other.level == 0
        _demand(same)
        if one.name == "style":
            self.sheet("".join(one.words), "".join(other.words))
        else:
            _demand(one.words == other.words or "".join(one.words) == "".join(other.words))
        for name in {**one.values, **other.values}:
            self.attribute(one.name, name, one.values.get(name), other.values.get(name))

    def attribute(self, element: str, name: str, old: str | None, new: str | None) -> None:
        if name == "id":
            _demand(new is None or (old is not None and self.same("id", old.strip(), new)))
        elif name == "class":
            known = [word for word in (old or "").split() if word in self.styled]
            written = (new or "").split()
            _demand(len(known) == len(written))
            _demand(all(self.same("class", a, b) for a, b in zip(known, written, strict=True)))
        elif name == "style":
            self.declarations(old or "", new or "")
        elif name == "href":
            self.reference(element, (old or "").strip(), new)
        elif new is None:
            _demand(old is None or self.may_go(old))
        elif name in ("in", "in2", "result"):
            _demand(old is not None and (old.strip() == new or self.same("result", old.strip(), new)))
        else:
            # When an animation begins may be told by another's name.
            _demand(old is not None and self.value(old, new, name in ("begin", "end")))

    def same(self, sort: str, old: str, new: str) -> bool:
        """Whether a name stands for the same thing as before: none has two others."""
        return self.names.setdefault((sort, old), new) == new and self.taken.setdefault((sort, new), old) == old

    def value(self, old: str, new: str, named: bool = False) -> bool:
        """Whether two values are the same but for names."""
        if not named and "url(" not in old and "--" not in old:
            return old == new or _plain(old) == _plain(new)
        pairs = list(zip(_NAME.finditer(old), _NAME.finditer(new), strict=False))
        if _plain(_NAME.sub("\0", old)) != _plain(_NAME.sub("\0", new)):
            return False
        return all(self.same("variable" if a[3] else "id", a[a.lastindex or 0], b[b.lastindex or 0]) for a, b in pairs)

    def may_go(self, value: str) -> bool:
        """Whether a value may be missing: a renderer ignores what is no value, and what is elsewhere is lost."""
        if "url(" in value and "#" not in value:
            self.lost.add("elsewhere")
            return True
        known = standard("words") | standard("colours") | standard("functions") | standard("properties")
        return any(word not in known and word.casefold() not in known for word in WORDS.findall(value))

    def reference(self, element: str, old: str, new: str | None) -> None:
        if new is None or (not new and not old):
            if old and element != "a":
                self.lost.add("elsewhere")
            _demand(not old.startswith("#") or element == "a")
        elif new.startswith("#"):
            _demand(old.startswith("#") and self.same("id", old[1:], new[1:]))
        else:
            before, after = _content(old), _content(new)
            found = formats.detect(before[: formats.HEAD])
            _demand(found is not None and formats.detect(after[: formats.HEAD]) is found)
            if found is not None:
                picture.same(before, after, found)

    def declarations(self, old: str, new: str) -> None:
        """Whether all declarations of a copy's style are those of before, in their order, and none is missing that
        counts."""
        rows = deque(row for row in _declared(_COMMENTS.sub(" ", old)) if _counts(row[0]))
        for name, value in _declared(new):
            while rows and (rows[0][0] != name or not self.value(rows[0][1], value)):
                _demand(self.may_go(rows.popleft()[1]))
            _demand(bool(rows))
            rows.popleft()
        _demand(all(self.may_go(value) for _, value in rows))

    def sheet(self, old: str, new: str) -> None:
        """Whether a copy's rules are rules of before, in their order. Which of these are missing is told as lost."""
        rows = deque(_flat(_COMMENTS.sub(" ", old)))
        for prelude, body in _flat(new):
            while rows and not self.rule(rows[0], (prelude, body)):
                self.lost.add("rules")
                rows.popleft()
            _demand(bool(rows))
            rows.popleft()
        if any(body.strip() for _, body in rows):
            self.lost.add("rules")

    def rule(self, old: tuple[str, str], new: tuple[str, str]) -> bool:
        """Whether a rule has the same form; its names and values are held against those of before."""
        if _form(old[0]) != _form(new[0]) and not set(_form(new[0]).split(",")) <= set(_form(old[0]).split(",")):
            return False
        wanted = [name for name, _ in _declared(new[1])]
        there = [name for name, _ in _declared(old[1]) if _counts(name)]
        if not set(wanted) <= {re.sub(r"^--.*", "--", name) for name in there} | set(there) | {
            name for name in wanted if name.startswith("--")
        }:
            return False
        values = {_plain(_anonymous(value)) for _, value in _declared(old[1])}
        return all(_plain(_anonymous(value)) in values for _, value in _declared(new[1]))


def _anonymous(value: str) -> str:
    """A value without names of movements and other things of the file's own."""
    known = standard("words") | standard("colours") | standard("functions") | standard("properties")
    return WORDS.sub(lambda m: m[0] if m[0] in known else "\0", _NAME.sub("\0", value))


def _form(prelude: str) -> str:
    """A rule's selectors without names: elements, marks and joints."""
    plain = re.sub(r"([.#])-?[\w-]+", r"\1", prelude)
    plain = re.sub(r"(@\S*keyframes)\s+\S+", r"\1", plain)
    return re.sub(r"\s*([>+~,:(){};])\s*|\s+", lambda m: m[1] or " ", plain).strip()


def _flat(text: str, around: str = "") -> list[tuple[str, str]]:
    """Each rule with what stands around it, blocks within blocks laid side by side."""
    rows, at = [], 0
    while (start := text.find("{", at)) >= 0:
        prelude = text[at:start].rpartition(";")[2]
        depth, end = 1, start + 1
        while end < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        body = text[start + 1 : end - 1 if not depth else end]
        if "{" in body and around.count("|") < MAX_LEVELS:
            rows += _flat(body, f"{around}{prelude.strip()}|")
        else:
            rows.append((f"{around}{prelude.strip()}", body))
        at = end
    return rows


def _declared(style: str) -> list[tuple[str, str]]:
    """Names and values of declarations, as far as semicolons tell them apart outside of brackets and quotes."""
    parts = re.findall(r"(?:\([^)]*\)|\"[^\"]*\"|'[^']*'|[^;])+", style)
    rows = [part.partition(":") for part in parts if ":" in part]
    return [(name.strip().casefold(), value.strip()) for name, _, value in rows]


def _counts(name: str) -> bool:
    bare = re.sub(r"^-(?:webkit|moz|ms|o)-", "", name)
    return bare in standard("properties") or name.startswith("--")


def _plain(value: str) -> str:
    return re.sub(r"\s*([,():;!])\s*", r"\1", " ".join(value.split()))


def _content(address: str) -> bytes:
    head, _, body = address.partition(",")
    try:
        raw = unquote_to_bytes(body)
        if not head.casefold().endswith("base64"):
            return raw
        packed = b"".join(raw.split())
        return base64.b64decode(packed + b"=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        raise RefusedError("changed") from None


def _demand(proved: bool) -> None:
    if not proved:
        raise RefusedError("changed")
