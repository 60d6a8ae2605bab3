"""What an SVG draws, in order: a reader of its own for the proof, which shares no code with the stripper."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from xml.etree import ElementTree

from photoscan import shipped
from photoscan.clean_phrases import RefusedError
from photoscan.patterns import pattern

MAX_SHAPES, MAX_DEPTH = 1_000_000, 256
_NAMESPACES = frozenset(("", "http://www.w3.org/2000/svg"))
_HREF = "{http://www.w3.org/1999/xlink}href"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MOVES = frozenset(("animate", "set", "animateTransform", "animateColor"))
WORDS = pattern(r"(?<![\w#-])-?[A-Za-z_][\w-]+")
_NESTED = pattern(rb"<!ENTITY[^<>]*[\"'][^\"'<>]*[&%<]|<!ENTITY\s+%|<!ENTITY\s+\S+\s+(?:SYSTEM|PUBLIC)", re.IGNORECASE)


@dataclass(slots=True)
class Shape:
    """One element that draws, or that others refer to: its name, its attributes as they stand, its words, and how deep
    it stands."""

    name: str
    level: int
    values: dict[str, str]
    words: list[str] = field(default_factory=list)


@cache
def standard(name: str) -> frozenset[str]:
    """A list of the standards' names (`rules/svg.toml`)."""
    return frozenset(tomllib.loads(shipped.text("rules/svg.toml"))[name].split())


def shapes(data: bytes) -> tuple[list[Shape], set[str]]:
    """The shapes of a drawing, and what of it no copy has ('html'). RefusedError where it can't be read."""
    if _NESTED.search(data):
        raise RefusedError("undecodable", error="entities")
    reader = _Reader()
    parser = ElementTree.XMLParser(target=reader)
    try:
        parser.feed(data)
        parser.close()
    except ElementTree.ParseError:
        raise RefusedError("undecodable", error="ParseError") from None
    return list(_displayed(reader.shapes)), reader.lost


class _Reader:
    """Takes what a parser tells. Elements of other namespaces, and those that draw nothing, count with all inside."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.lost: set[str] = set()
        self._level = self._outside = 0
        self._open: list[Shape] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition("}")
        self._level += 1
        if self._level > MAX_DEPTH or len(self.shapes) > MAX_SHAPES:
            raise RefusedError("undecodable", error="size")
        asks = bool(attributes.get("requiredExtensions", "").strip())
        if name in _MOVES:
            asks = asks or not _draws(attributes.get("attributeName", "").strip())
        if self._outside or space.removeprefix("{") not in _NAMESPACES or name not in standard("elements") or asks:
            if not self._outside and name == "foreignObject" and not asks and space.removeprefix("{") in _NAMESPACES:
                self.lost.add("html")
            self._outside += 1
            return
        shape = Shape(name, self._level, dict(_drawing(name, attributes)))
        self.shapes.append(shape)
        self._open.append(shape)

    def end(self, tag: str) -> None:
        self._level -= 1
        if self._outside:
            self._outside -= 1
        else:
            self._open.pop()

    def data(self, words: str) -> None:
        if not self._outside and self._open and (self._open[-1].name == "style" or self._in_text()):
            self._open[-1].words.append(words)

    def _in_text(self) -> bool:
        shape = self._open[-1]
        return shape.name in standard("texts") or (
            shape.name == "a" and any(outer.name in standard("texts") for outer in self._open)
        )

    def close(self) -> None:
        pass


def _draws(name: str) -> bool:
    """Whether an attribute draws."""
    return name in standard("attributes") or name in standard("properties") - standard("not_attributes")


def _drawing(element: str, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The attributes that draw, or by which styles and references know an element."""
    for name, value in attributes.items():
        if name in (_HREF, "href"):
            yield "href", value
        elif name == _SPACE and value in ("default", "preserve"):
            yield "space", value
        elif name in ("id", "class", "style"):
            yield name, value
        elif element == "style":
            if name == "media":
                yield name, value
        elif _draws(name):
            yield name, value


def _displayed(found: list[Shape]) -> Iterator[Shape]:
    """Without what says of itself that it is not displayed, unless something refers into it or may show it."""
    referred = {name for shape in found for name in references(shape)}
    shown = any("display" in "".join(s.words) or s.values.get("attributeName") == "display" for s in found)
    at = 0
    while at < len(found):
        shape = found[at]
        end = at + 1
        while end < len(found) and found[end].level > shape.level:
            end += 1
        inside = {row.values["id"].strip() for row in found[at:end] if "id" in row.values}
        if not shown and _undisplayed(shape) and referred.isdisjoint(inside):
            at = end
        else:
            yield shape
            at += 1


def _undisplayed(shape: Shape) -> bool:
    said = re.findall(r"(?:^|;)\s*display\s*:\s*([^;]*)", shape.values.get("style", ""))
    return (said[-1] if said else shape.values.get("display", "")).strip().casefold() == "none"


def references(shape: Shape) -> Iterator[str]:
    """The ids that a shape refers to."""
    for name, value in shape.values.items():
        if name == "href" and value.strip().startswith("#"):
            yield value.strip()[1:]
        if "url(" in value:
            yield from re.findall(r"url\(\s*[\"']?#([^\"')\s]+)", value)
        if name in ("begin", "end"):
            yield from re.findall(r"(?<![\w-])([\w-]+)\.(?:begin|end|click|mouse)", value)
    if shape.name == "style":
        yield from re.findall(r"#([A-Za-z_][\w-]*)", "".join(shape.words))
        yield from re.findall(r"url\(\s*[\"']?#([^\"')\s]+)", "".join(shape.words))


def residue(data: bytes) -> bytes:
    """What of a copy could still carry a value: pictures inside, and words that are none of the standards'. Words that
    are drawn are part of the picture, numbers and paths are its shapes."""
    known = standard("words") | standard("colours") | standard("functions") | standard("properties")
    kept = []
    for shape in shapes(data)[0]:
        values = [value for name, value in shape.values.items() if name not in ("d", "points", "href")]
        values += ["".join(shape.words)] if shape.name == "style" else []
        kept += [value for name, value in shape.values.items() if name == "href"]
        kept += [word for value in values for word in WORDS.findall(value) if word not in known]
        kept += [value for name, value in shape.values.items() if "font" in name]
    return "\n".join(kept).encode()
