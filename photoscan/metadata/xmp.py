"""XMP (ISO 16684): properties of a packet, with names as the standards write them whatever prefix the file uses."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from photoscan.metadata import embedded, markup
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.namespaces import prefix_of, usual
from photoscan.patterns import pattern

MAX_PACKET = 64 * 1024 * 1024
MAX_EMBEDDED = 16 * 1024 * 1024
"""Bytes of a packet, and of one picture in it, that are looked at."""

_LISTS = frozenset(("rdf:Alt", "rdf:Bag", "rdf:Seq", "rdf:li", "rdf:Description", "rdf:RDF", "rdf:value"))
_SYNTAX = frozenset(("rdf:ID", "rdf:nodeID", "rdf:datatype", "rdf:parseType", "rdf:lang", "rdf:bagID"))
_ADDRESSES = frozenset(("rdf:about", "rdf:resource"))
_DECLARED = (b"<?xpacket", b"<?xml", b"<?adobe", b"</")
_ANY = frozenset(("name", "identifier", "id", "value", "text", "label", "title"))
"""Names of properties that say nothing without the structure that they stand in."""
_OWN = frozenset(
    ("mwg-rs", "acdsee-rs", "apple-fi", "crs", "stJob", "xmpG", "dc", "xmp", "MPReg", "svg", "xmpDM", "pdf")
)
"""Prefixes whose properties of such names are known as they are."""
_PICTURES = {
    "xmpGImg:image": (Role.THUMBNAIL, "preview"), "GImage:Data": (Role.IMAGE, "Google's original picture"),
    "GDepth:Data": (Role.IMAGE, "depth map"), "GAudio:Data": (Role.VIDEO, "sound"),
    "GCamera:HdrPlusMakernote": (Role.UNKNOWN, "private data of Google"),
    "GCamera:hdrp_makernote": (Role.UNKNOWN, "private data of Google"),
    "GCamera:shot_log_data": (Role.UNKNOWN, "private data of Google"),
}  # fmt: skip
"""Properties whose value is a file, in base 64."""
_BASE64 = pattern(r"[A-Za-z0-9+/\s]{2000}")
_SPACE = pattern(rb"\s+")


def read(block: Block, path: str, found: Collector) -> None:
    """Each property as an entry: field 'prefix:Name', or the property that a list item belongs to."""
    data = block.data[:MAX_PACKET]
    if wide := encoding_of(data):
        whole = data + bytes(-len(data) % (4 if "32" in wide else 2))
        block = block.unpacked(whole.decode(wide, "replace").encode())
        data = block.data
    before = len(found.entries)
    reader = _Reader(block, path, found)
    for node in markup.scan(data):
        reader.take(node)
    reader.end()
    if not reader.tags and len(found.entries) == before and data.strip(b"\0 \r\n\t"):
        found.unknown(block, path, "packet", about="an XMP packet without properties")


def looks_like(data: bytes) -> bool:
    """Whether bytes begin as a packet does, in whatever encoding."""
    head = data[:1600].replace(b"\0", b"")
    return any(sign in head for sign in (b"<x:xmpmeta", b"<?xpacket", b"<x:xapmeta", b"<rdf:RDF"))


def encoding_of(data: bytes) -> str:
    """The encoding of a packet in wide characters, by its first tag (ISO 16684-1, 7.2); empty for UTF-8."""
    at = data.find(b"<", 0, 64)
    if at < 0 or b"\0" not in data[at + 1 : at + 4]:
        return ""
    if data[at + 1 : at + 4] == bytes(3):
        return "utf-32-be" if at % 4 == 3 else "utf-32-le"
    if data[at + 1 : at + 2] == b"\0" and data[at + 3 : at + 4] == b"\0":
        return "utf-16-le" if at % 2 == 0 else "utf-16-be"
    return "utf-16-be" if at % 2 and data[at - 1 : at] == b"\0" else ""


class _Reader:
    def __init__(self, block: Block, path: str, found: Collector) -> None:
        self.block, self.path, self.found = block, path, found
        self.prefixes: dict[str, str] = {}
        self.owners: list[str] = []
        self.attributes: list[markup.Node] = []
        self.tags = 0

    def take(self, node: markup.Node) -> None:
        if node.kind == "attribute":
            self.declare(node)
            return
        self.end()
        if node.kind == "open":
            self.tags += 1
            self.owners.append(node.name)
        elif node.kind == "close":
            if node.name in self.owners[-64:]:
                while self.owners.pop() != node.name:
                    pass
        elif node.kind == "text":
            self.tell(self.property(), node)
        elif node.kind == "comment":
            self.tell("comment", node)
        elif not self.block.data.startswith(_DECLARED, node.start):
            self.found.unknown(self.block, self.path, "declaration", node.start, node.end, "XML declarations")

    def declare(self, node: markup.Node) -> None:
        """Note the namespace that an attribute declares; others wait, since a prefix may be declared behind its use."""
        prefix, _, name = node.name.partition(":")
        if prefix == "xmlns":
            uri = self.block.data[node.start : node.end].decode("latin-1")
            self.prefixes[name] = prefix_of(uri, name)
        else:
            self.attributes.append(node)

    def end(self) -> None:
        """Tell the attributes of the tag that has ended."""
        for node in self.attributes:
            self.attribute(node)
        self.attributes.clear()

    def attribute(self, node: markup.Node) -> None:
        prefix, colon, _ = node.name.partition(":")
        known = self.canonical(node.name) if colon else f"rdf:{prefix}"
        if known in _SYNTAX or prefix == "xml":
            return
        if known not in _ADDRESSES:
            self.tell(self.within(known if colon else prefix, self.properties()), node)
        elif node.end > node.start:
            owner = self.property() if known == "rdf:resource" else self.canonical(self.owners[-1])
            if owner != "rdf:Description" or b"uuid" not in self.block.data[node.start : node.end]:
                self.tell(owner, node)

    def properties(self) -> list[str]:
        """The properties around this place, the innermost first."""
        names = (self.canonical(name) for name in reversed(self.owners[-64:]))
        return [name for name in names if name not in _LISTS]

    def property(self) -> str:
        """The innermost property around this place."""
        names = self.properties()
        return self.within(names[0], names[1:]) if names else "text"

    def within(self, name: str, around: Sequence[str]) -> str:
        """A property's name; with the one around it in front where its own is any name's."""
        prefix, colon, local = name.rpartition(":")
        above = around[0].rpartition(":")[2] if around else "xmpmeta"
        if local.casefold() not in _ANY or prefix in _OWN or above in ("xmpmeta", "xapmeta"):
            return name
        return f"{prefix}{colon}{above}{local[:1].upper()}{local[1:]}"

    def canonical(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        if colon:
            return f"{self.prefixes.get(prefix) or usual(prefix)}:{local}"
        return f"{self.prefixes['']}:{name}" if self.prefixes.get("") else name

    def tell(self, name: str, node: markup.Node) -> None:
        raw = self.block.data[node.start : node.end]
        if not raw.strip():
            return
        role, about = _PICTURES.get(name, (Role.TAG, ""))
        if role is not Role.TAG or (len(raw) > 2000 and _BASE64.match(raw[:2000].decode("latin-1"))):
            self.file(name, node, raw, role if role is not Role.TAG else Role.UNKNOWN, about)
            return
        lead = len(raw) - len(raw.lstrip())
        value = markup.decoded(raw[: self.found.MAX_TEXT * 2])
        end = node.end if lead == 0 else node.start + len(raw.rstrip())
        self.found.add(self.block, self.path, name, value, node.start + lead, end)

    def file(self, name: str, node: markup.Node, raw: bytes, role: Role, about: str) -> None:
        carrier = self.block.cut(node.start, node.end)
        try:
            packed = _SPACE.sub(b"", raw[:MAX_EMBEDDED].replace(b"&#xA;", b""))
            inner = carrier.unpacked(base64.b64decode(packed[: len(packed) // 4 * 4]))
        except binascii.Error:
            self.found.unknown(carrier, self.path, name, about=about)
            return
        if role is Role.UNKNOWN and embedded.describe(inner, None).endswith("picture"):
            role = Role.IMAGE
        embedded.part(inner, self.path, name, role, self.found, about)
