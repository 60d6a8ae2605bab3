"""SVG: comments, metadata, titles, editors' private attributes, names of layers, paths of files, links, scripts, and
pictures inside; words that are drawn are told as part of the picture."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from photoscan.metadata import embedded, markup
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.svg_names import OWN_PREFIXES, TEXTS, drawing, is_technical, says_nothing, thought_of
from photoscan.patterns import pattern

MAX_EMBEDDED = 32 * 1024 * 1024
MAX_NODES = 3_000_000
_DATA = pattern(rb"(?i)\s*data:([\w/+.-]{0,60})((?:;[\w=\"+./-]{1,100}){0,4}),")
_SCRIPT = pattern(r"(?i)\s*(?:java|vb)script:")
_SPECIAL = frozenset(("display", "style", "id", "class", "href", "from", "to", "by", "values", "begin", "end"))
"""Attributes that may lead somewhere, hide something or run something, although they draw."""
_MOVED = frozenset(("from", "to", "by", "values"))
_LOCAL = pattern(r"(?i)^(?:file:|[a-z]:\\|/(?:home|users|mnt|media|var)/)")
_WORDED = frozenset(("aria-label", "aria-description", "title", "alt", "name"))
_ABOUT = frozenset(("dc:creator", "dc:publisher", "dc:contributor", "dc:rights"))
"""Properties whose value Inkscape writes as an agent with a title."""
_UNNAMED = frozenset(("cc:Agent", "cc:Work", "rdf:RDF", "rdf:Bag", "rdf:Seq", "rdf:Alt", "rdf:li", "rdf:Description"))
_DECLARED = pattern(rb"(?i)<!ENTITY\s+(?:%\s+)?[\w.:-]+\s+[\"'](?:http://(?:www\.w3\.org|ns\.adobe\.com)/[^\"'<]*)")
_PLAIN_DOCTYPE = pattern(rb"(?i)<!DOCTYPE\s+svg(?:\s+PUBLIC\s+[\"']-//W3C//DTD SVG[^\"']*[\"']\s+[\"']http://www\.w3"
                            rb"\.org/[^\"']*[\"'])?\s*[\[>]?")  # fmt: skip
_STYLED_URL = pattern(rb"(?i)url\(\s*[\"']?(?!#|data:)([^)\"']{1,2000})|@import\s+[\"']([^\"']{1,2000})")
_STYLED_DATA = pattern(rb"(?i)url\(\s*[\"']?(data:[^)\"']{20,})")
_STYLE_COMMENT = pattern(rb"/\*(.*?)(?:\*/|\Z)", re.DOTALL)
_ENCODING = pattern(rb"(?i)<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.-]{1,40})")
_PLACES = frozenset(("x", "y", "dy"))
"""Attributes that begin a line."""
_NONE = pattern(rb"(?:^|;)\s*display\s*:\s*none\b")
_PROGRAMS = pattern(
    r"(?:!\s*)?(?:generator\b|created (?:with|using|by|in)\b|uploaded to: svg repo|creator: corel|font awesome"
    r"|svg created with|exported (?:from|by|with)|drawn (?:in|with)|made (?:in|with))",
    re.IGNORECASE,
)
"""How programs sign what they write."""
_LONGEST_SIGN = 250


def walk(block: Block, path: str, found: Collector) -> None:
    """Every comment, word and foreign attribute; no entity is expanded and nothing outside is asked for."""
    block = _in_utf8(block)
    _Reader(block, path, found).all()


def _in_utf8(block: Block) -> Block:
    """The text in UTF-8, by its first bytes or what it declares (XML 1.0, appendix F)."""
    data = block.data
    if data.startswith(b"\xef\xbb\xbf"):
        return block.cut(3)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return block.unpacked(data.decode("utf-16", "replace").removeprefix("\ufeff").encode())
    if data[:4] in (b"<\0?\0", b"\0<\0?"):
        return block.unpacked(data.decode("utf-16-le" if data[0] else "utf-16-be", "replace").encode())
    declared = _ENCODING.match(data[:200])
    name = declared[1].decode("ascii").casefold() if declared else "utf-8"
    if name in ("utf-8", "utf8", "us-ascii", "ascii"):
        return block
    try:
        text = data.decode(name, "replace").encode()
    except LookupError:
        return block
    return block if text == data else block.unpacked(text)


class _Reader:
    def __init__(self, block: Block, path: str, found: Collector) -> None:
        self.block, self.path, self.found = block, path, found
        self.owners: list[str] = []
        self.unshown: list[int] = []
        """How deep the elements stand that say of themselves that they are not displayed."""
        self.line: list[markup.Node] = []
        self.plain = drawing() - _SPECIAL
        self.told: set[tuple[str, str]] = set()
        moved = re.search(rb"attributeName\s*=\s*[\"']display", block.data)
        self.may_show = moved is not None or re.search(rb"<style[^<>]*>[^<]*display", block.data) is not None

    def all(self) -> None:
        for count, node in enumerate(markup.scan(self.block.data, MAX_NODES)):
            if count >= MAX_NODES - 1:
                self.found.warn("more marks than are looked at")
            self.take(node)
        self.end_line()

    def take(self, node: markup.Node) -> None:
        if node.kind == "open":
            self.owners.append(node.name)
        elif node.kind == "close":
            self.close(node)
        elif node.kind == "comment":
            self.comment(node)
        elif node.kind == "text":
            self.text(node)
        elif node.kind == "attribute":
            self.attribute(node)
        else:
            self.declaration(node)

    def close(self, node: markup.Node) -> None:
        if _local(node.name) == "text":
            self.end_line()
        if node.name in self.owners[-64:]:
            while self.owners.pop() != node.name:
                pass
        while self.unshown and self.unshown[-1] > len(self.owners):
            self.unshown.pop()

    def say(self, field: str, node: markup.Node, below: str = "", role: Role = Role.TAG, about: str = "") -> None:
        raw = self.block.data[node.start : min(node.end, node.start + self.found.MAX_TEXT)]
        if value := markup.decoded(raw):
            path = f"{self.path}/{below}" if below else self.path
            self.found.add(self.block, path, field, value, node.start, node.end, role, about)

    def comment(self, node: markup.Node) -> None:
        words = markup.decoded(self.block.data[node.start : min(node.end, node.start + _LONGEST_SIGN + 1)])
        signed = _PROGRAMS.match(words) is not None and len(words) <= _LONGEST_SIGN
        self.say("Software" if signed else "comment", node)

    def text(self, node: markup.Node) -> None:
        owner = self.owners[-1] if self.owners else "words"
        name = _local(owner)
        if any(_local(row) == "metadata" for row in self.owners[-64:]):
            self.say(_property(self.owners[-64:]), node, "metadata")
        elif name in TEXTS or (name == "a" and any(_local(row) in TEXTS for row in self.owners[-8:])):
            if self.unshown and not self.may_show:
                self.say("hidden text", node)
            else:
                self.line.append(node)
        elif name == "style":
            self.style(node.start, node.end)
        elif name == "script":
            self.found.unknown(self.block, self.path, "script", node.start, node.end, "a script")
        else:
            self.say(owner if ":" in owner else name, node)

    def end_line(self) -> None:
        """Tell the words of a line, which tspans may cut in pieces."""
        parts = (self.block.data[node.start : min(node.end, node.start + 4096)] for node in self.line)
        words = " ".join("".join(_spaced(part) for part in parts).split())
        if words:
            first, last = self.line[0], self.line[-1]
            self.found.add(self.block, self.path, "text", words, first.start, last.end, Role.DRAWN)
        self.line = []

    def style(self, start: int, end: int) -> None:
        """What a style sheet says beside its rules: comments, addresses, files inside of it."""
        data = self.block.data
        for match in _STYLE_COMMENT.finditer(data, start, end):
            self.say("comment", markup.Node("comment", "", match.start(1), match.end(1)))
        for match in _STYLED_URL.finditer(data, start, end):
            part = 1 if match[1] is not None else 2
            self.say("link", markup.Node("text", "", match.start(part), match.end(part)))
        for match in _STYLED_DATA.finditer(data, start, end):
            self.file(match.start(1), match.end(1))

    def attribute(self, node: markup.Node) -> None:
        owner = self.owners[-1] if self.owners else ""
        if node.name in self.plain and ":" not in owner:
            if node.name in _PLACES and owner in ("tspan", "text"):
                self.end_line()
            if self.block.data.find(b"url(", node.start, node.end) >= 0:
                self.style(node.start, node.end)
            return
        prefix, _, name = node.name.rpartition(":")
        prefix = prefix or self.foreign()
        raw = self.block.data[node.start : min(node.end, node.start + 1000)]
        if prefix == "xmlns" or node.name == "xmlns":
            return
        if name in _PLACES and _local(owner) in ("tspan", "text"):
            self.end_line()
        hides = raw.strip() == b"none" if name == "display" else name == "style" and _NONE.search(raw)
        if hides and prefix in ("", "svg"):
            self.unshown.append(len(self.owners))
        if name in ("href", "src") and _DATA.match(raw):
            self.file(node.start, node.end)
        elif name == "style" and prefix in ("", "svg"):
            self.style(node.start, node.end)
        else:
            self.statement(prefix, name, markup.decoded(raw), node)

    def statement(self, prefix: str, name: str, value: str, node: markup.Node) -> None:
        leads = name in ("href", "src", "base", "absref") or (name in _MOVED and "//" in value)
        if leads or _LOCAL.match(value):
            if not value.startswith("#"):
                self.say(node.name, node)
        elif prefix in OWN_PREFIXES and name in ("id", "class"):
            if thought_of(value):
                self.say(name, node)
        elif prefix in OWN_PREFIXES and (name.startswith("on") or _SCRIPT.match(value)):
            self.found.unknown(self.block, self.path, "script", node.start, node.end, "a script")
        elif prefix in OWN_PREFIXES and name not in _WORDED and says_nothing(name):
            if b"url(" in self.block.data[node.start : node.end]:
                self.style(node.start, node.end)
        else:
            technical = is_technical(prefix, name, value[:500])
            # What stands at each of a thousand shapes is told once.
            told = node.name, "" if technical else value
            if told not in self.told:
                self.told.add(told)
                below = prefix if prefix not in OWN_PREFIXES else ""
                self.say(node.name, node, below, Role.TECHNICAL if technical else Role.TAG)

    def foreign(self) -> str:
        """The prefix of the element that an attribute stands in, where it is none of SVG's own."""
        prefix = self.owners[-1].rpartition(":")[0] if self.owners else ""
        return prefix if prefix not in OWN_PREFIXES else ""

    def declaration(self, node: markup.Node) -> None:
        data = self.block.data
        head = data[node.start : min(node.end, node.start + 4096)]
        if head[:9].upper() == b"<!DOCTYPE":
            plain = _PLAIN_DOCTYPE.match(head)
            rest = head[plain.end() :] if plain else head
            entity = rest.find(b"<!ENTITY")
            if entity >= 0:
                self.entity(node, rest[entity:])
            elif rest.strip(b" \t\r\n[]>"):
                self.found.unknown(self.block, self.path, "declaration", node.start, node.end, "a document type")
        elif head[:8] == b"<!ENTITY":
            self.entity(node, head)
        elif head[:2] == b"<?" and not head[2:].startswith((b"xml ", b"xml\t", b"xml\n", b"xml\r", b"xpacket")):
            self.say("processing instruction", markup.Node(node.kind, "", node.start + 2, node.end))
        elif head[:2] == b"<!" and len(head) > 12:
            self.found.unknown(self.block, self.path, "declaration", node.start, node.end, "XML declarations")

    def entity(self, node: markup.Node, head: bytes) -> None:
        """An entity, never expanded; programs give such names to the namespaces that they use."""
        if not _DECLARED.match(head):
            self.found.warn("entity declarations, which are never expanded")
            self.found.unknown(self.block, self.path, "declaration", node.start, node.end, "entity declarations")

    def file(self, start: int, end: int) -> None:
        """What an address holds (RFC 2397): a picture is part of the drawing, a font or anything else is not known."""
        carrier = self.block.cut(start, end)
        match = _DATA.match(carrier.data[:1000])
        body = carrier.data[match.end() : match.end() + MAX_EMBEDDED] if match else b""
        if not match:
            return
        if b"base64" in match[2].lower():
            body = unquote_to_bytes(body) if b"%" in body else body
            try:
                packed = b"".join(body.split())
                body = base64.b64decode(packed[: len(packed) // 4 * 4])
            except binascii.Error:
                self.found.unknown(carrier, self.path, "embedded data")
                return
        else:
            body = unquote_to_bytes(markup.decoded(body).encode())
        inner = carrier.unpacked(body)
        kind = match[1].lower()
        if kind.startswith(b"image/") or embedded.describe(inner, None).endswith("picture"):
            embedded.part(inner, self.path, "embedded picture", Role.DRAWN, self.found)
        else:
            about = "a font" if b"font" in kind or body[:4] in (b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0") else ""
            self.found.unknown(inner, self.path, "embedded data", about=about)


def _spaced(raw: bytes) -> str:
    """A piece of a line as text, with the blanks at its ends."""
    return " " * raw[:1].isspace() + markup.decoded(raw) + " " * raw[-1:].isspace()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _property(owners: list[str]) -> str:
    """The property that a word in a metadata element is the value of."""
    about = next((name for name in owners if name in _ABOUT), None)
    names = [name for name in owners if name not in _UNNAMED and not name.startswith("rdf:")]
    return about or (names[-1] if names else owners[-1])
