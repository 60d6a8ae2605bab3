"""SVG: what draws, written anew by allow-list (SVG 2). Read by expat with all entities of other files refused.

Read twice: first to see what refers to what, then to write. Ids, classes and other names are given anew; pictures
inside are stripped like any other, and what comes from elsewhere is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from photoscan.stripping.base import LOST, Keep, Removed, Stripped
from photoscan.stripping.svg_pictures import stripped_picture
from photoscan.stripping.svg_sheet import movements, sheet
from photoscan.stripping.svg_values import Names, attribute, declarations, style
from photoscan.stripping.svg_words import ATTRIBUTES, ELEMENTS, TEXTS

MAX_DEPTH, MAX_ELEMENTS, MAX_ATTRIBUTES = 256, 1_000_000, 500
MAX_ENTITIES, LONGEST_ENTITY, MAX_EXPANDED = 200, 1000, 1 << 20
"""Entities that a file may declare for itself, as some programs do with names of namespaces; and what they may make."""
SVG, XLINK, XML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
HTML = "http://www.w3.org/1999/xhtml"
_DRAWN_ELSEWHERE = frozenset(("use", "image", "feImage", "tref", "linearGradient", "radialGradient", "pattern",
                              "filter", "textPath", "mpath"))  # fmt: skip
"""Elements that draw what their reference names."""
_MOVES = frozenset(("animate", "set", "animateTransform", "animateColor"))
Attributes = Mapping[str, str]


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild; ValueError where it is no well-formed SVG, or more than the limits."""
    survey = _Survey()
    _parse(data, survey)
    writer = _Writer(survey, keep)
    _parse(data, writer)
    notes = tuple(f"{LOST}{name}" for name in sorted(writer.lost))
    removed = tuple(Removed(part, 0, size) for part, size in sorted(writer.removed.items()))
    return Stripped("".join(writer.out).encode(), removed, notes)


class _Walker:
    """What both readings share: which elements are in the copy, as far as the file has been read."""

    def __init__(self) -> None:
        self.names = Names()
        self.stack: list[str] = []
        self.skipped = 0
        self.count = 0
        self.custom: frozenset[str] = frozenset()
        self.moved: set[str] = set()
        self.sheets: list[str] = []
        self._sheet: list[str] = []
        self.lost: set[str] = set()

    def start(self, name: str, flat: list[str]) -> None:
        if len(self.stack) + self.skipped >= MAX_DEPTH or self.count >= MAX_ELEMENTS or len(flat) > 2 * MAX_ATTRIBUTES:
            raise ValueError("deeper or larger than is looked at")
        self.count += 1
        space, _, local = name.rpartition(" ")
        attributes = dict(zip(flat[::2], flat[1::2], strict=True))
        if not self.stack and not self.skipped and (local != "svg" or space not in ("", SVG)):
            raise ValueError("no SVG")
        if self.skipped or space not in ("", SVG) or not self.opens(local, attributes):
            self.skipped += 1
            self.left_out(name, local, attributes)
            return
        self.stack.append(local)
        if local == "style":
            self._sheet = []
        self.opened(local, attributes)

    def end(self, name: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        local = self.stack.pop()
        if local == "style":
            self.sheets.append("".join(self._sheet))
        self.closed(local)

    def text(self, words: str) -> None:
        if self.skipped or not self.stack:
            self.unseen(words)
        elif self.stack[-1] == "style":
            self._sheet.append(words)
        elif self.stack[-1] in TEXTS or (self.stack[-1] == "a" and not TEXTS.isdisjoint(self.stack)):
            self.drawn(words)
        else:
            self.unseen(words)

    def opens(self, local: str, attributes: Attributes) -> bool:
        """Whether an element is in the copy."""
        if local not in ELEMENTS or attributes.get("requiredExtensions", "").strip():
            return False
        if local == "style" and attributes.get("type", "text/css").strip().casefold() not in ("", "text/css"):
            return False
        # A movement of something that is no part of a drawing, such as where a link leads, is none.
        moved = attributes.get("attributeName", "").strip()
        return local not in _MOVES or attribute("attributeName", moved, self.names) is not None

    def left_out(self, name: str, local: str, attributes: Attributes) -> None: ...
    def opened(self, local: str, attributes: Attributes) -> None: ...
    def closed(self, local: str) -> None: ...
    def drawn(self, words: str) -> None: ...
    def unseen(self, words: str) -> None: ...
    def aside(self, part: str, words: str) -> None: ...


class _Survey(_Walker):
    """The first reading: what refers to what, which movements there are, and what is not displayed."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[int, set[str]] = {}
        self._open: list[int] = []
        self._levels: list[int] = []

    def opened(self, local: str, attributes: Attributes) -> None:
        if undisplayed(attributes):
            self.hidden[self.count] = set()
            self._open.append(self.count)
            self._levels.append(len(self.stack))
        for inside in self._open:
            self.hidden[inside] |= {attributes["id"]} if "id" in attributes else set()
        for name, value in attributes.items():
            if name in ("href", f"{XLINK} href") and value.strip().startswith("#"):
                self.names.needed.add(value.strip()[1:])
            if "url(" in value:
                self.names.needed.update(re.findall(r"url\(\s*[\"']?#([^\"')\s]+)", value))
            if name in ("begin", "end"):
                self.names.needed.update(re.findall(r"(?<![\w-])([\w-]+)\.(?:begin|end|click|mouse)", value))
            if name == "attributeName":
                self.moved.add(value.strip())

    def closed(self, local: str) -> None:
        if local == "style":
            text = self.sheets[-1]
            self.custom |= movements(text)
            self.names.needed.update(re.findall(r"#([A-Za-z_][\w-]*)", text))
        if self._levels and self._levels[-1] > len(self.stack):
            self._levels.pop()
            self._open.pop()


def undisplayed(attributes: Attributes) -> bool:
    """Whether an element says of itself that it is not displayed."""
    given = dict(declarations(attributes.get("style", "")))
    return given.get("display", attributes.get("display", "")).strip().casefold() == "none"


class _Writer(_Walker):
    """The second reading, which writes."""

    def __init__(self, survey: _Survey, keep: Keep) -> None:
        super().__init__()
        self.survey, self.keep = survey, keep
        self.custom = survey.custom
        self.names.needed = set(survey.names.needed)
        self.styled = bool(survey.sheets)
        self._shown = "display" in survey.moved or any("display" in text for text in survey.sheets)
        self.out: list[str] = []
        self.removed: dict[str, int] = {}
        self.classes = {name for text in survey.sheets for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", text)}
        self._bare = True

    def take(self, part: str, size: int = 1) -> None:
        self.removed[part] = self.removed.get(part, 0) + size

    def opens(self, local: str, attributes: Attributes) -> bool:
        if not super().opens(local, attributes):
            return False
        ids = self.survey.hidden.get(self.count)
        # What is not displayed draws only where something refers to it, or a movement or a sheet shows it.
        return ids is None or self._shown or not ids.isdisjoint(self.survey.names.needed)

    def left_out(self, name: str, local: str, attributes: Attributes) -> None:
        space = name.rpartition(" ")[0]
        if local == "foreignObject" and space in ("", SVG) and not attributes.get("requiredExtensions", "").strip():
            self.lost.add("html")
        self.take(f"element {local}" if local in _NAMED else "other elements")

    def opened(self, local: str, attributes: Attributes) -> None:
        self._close_bracket()
        rows = []
        if len(self.stack) == 1:
            rows.append(f' xmlns="{SVG}" xmlns:xlink="{XLINK}"')
        for name, value in attributes.items():
            written = self._attribute(local, name, value)
            if written is None:
                self.take("attributes that draw nothing", len(name) + len(value))
            else:
                rows.append(f' {written[0]}="{_quoted(written[1])}"')
        self.out.append(f"<{local}{''.join(rows)}")
        self._bare = False

    def _close_bracket(self) -> None:
        if not self._bare:
            self.out.append(">")
            self._bare = True

    def _attribute(self, local: str, name: str, value: str) -> tuple[str, str] | None:
        """A name and value as they are written; None where they are not."""
        space, _, plain = name.rpartition(" ")
        if plain == "href" and space in ("", XLINK):
            written = self._reference(local, value.strip())
            return (f"xlink:{plain}" if space else plain, written) if written is not None else None
        if space == XML and plain == "space" and value in ("default", "preserve"):
            return "xml:space", value
        if space:
            return None
        if plain == "id":
            return (plain, self.names.of("id", value.strip())) if value.strip() in self.names.needed else None
        if plain == "class":
            known = [self.names.of("class", word) for word in value.split() if word in self.classes]
            return (plain, " ".join(known)) if known else None
        if plain == "style":
            rows = style(value, self.names, self.custom)
            if "url(" in value and "url(" not in rows:
                self.lost.add("elsewhere")
            return (plain, rows) if rows else None
        if plain not in ATTRIBUTES or (plain == "media" and local != "style"):
            return None
        if local == "style" and plain != "media":
            return None
        given = attribute(plain, value, self.names)
        if given is None and "url(" in value and "#" not in value:
            self.lost.add("elsewhere")
        return (plain, given) if given is not None else None

    def _reference(self, local: str, value: str) -> str | None:
        """What an element refers to: a part of this file, or a picture inside of it."""
        if value.startswith("#"):
            return f"#{self.names.refer(value[1:])}" if local != "a" else None
        if local not in _DRAWN_ELSEWHERE or not value:
            return None
        if local in ("image", "feImage") and value[:5].casefold() == "data:":
            picture = stripped_picture(value, self.keep)
            if picture is None:
                self.lost.add("undrawable")
            elif picture != value:
                self.take("what pictures inside say")
            return picture
        self.lost.add("elsewhere")
        return None

    def closed(self, local: str) -> None:
        if local == "style":
            written = sheet(self.sheets[-1], self.names, self.custom, self.lost)
            if written:
                self._close_bracket()
                self.out.append(_escaped(written))
        self.out.append(f"</{local}>" if self._bare else "/>")
        self._bare = True

    def drawn(self, words: str) -> None:
        self._close_bracket()
        self.out.append(_escaped(words))

    def unseen(self, words: str) -> None:
        if words.strip():
            self.take("words that are not drawn", len(words))

    def aside(self, part: str, words: str) -> None:
        self.take(part, len(words))


_NAMED = frozenset(
    ("metadata", "title", "desc", "script", "foreignObject", "namedview", "view", "cursor", "font", "flowRoot")
)
"""Elements that a receipt names; others could have any name."""


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(value: str) -> str:
    value = _escaped(value).replace('"', "&quot;")
    return value.replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


def _parse(data: bytes, walker: _Walker) -> None:
    """Read a file; ValueError where it is broken, or has entities that are more than short names."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    entities: dict[str, str] = {}

    def declared(name: str, parameter: int, value: str | None, base: object, system: str | None, public: str | None,
                 notation: str | None) -> None:  # fmt: skip
        nested = value is None or "&" in value or "%" in value or "<" in value
        if parameter or nested or len(value or "") > LONGEST_ENTITY or len(entities) >= MAX_ENTITIES:
            raise ValueError("an entity that is no short text")
        entities[name] = value or ""
        used = data.count(b"&" + name.encode() + b";")
        if used * len(value or "") > MAX_EXPANDED:
            raise ValueError("entities that make more than they are")
        walker.aside("declarations", f"{name}{value}")

    parser.EntityDeclHandler = declared
    parser.StartElementHandler = walker.start
    parser.EndElementHandler = walker.end
    parser.CharacterDataHandler = walker.text
    parser.CommentHandler = lambda words: walker.aside("comment", words)
    parser.ProcessingInstructionHandler = lambda target, words: walker.aside("processing instruction", words)
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError):
        raise ValueError("no well-formed XML") from None
