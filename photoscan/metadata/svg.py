"""SVG: comments, metadata, texts, editors' private attributes, paths of files, and pictures inside."""

from __future__ import annotations

import base64
import binascii
import re

from photoscan.metadata import embedded, markup
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role

MAX_EMBEDDED = 8 * 1024 * 1024
_OWN = frozenset(("xlink", "xml", "xmlns", "svg", ""))
_WORDS = frozenset(("title", "desc", "text", "tspan", "textPath", "a"))
_SILENT = frozenset(("style", "script"))
_DATA = re.compile(rb"\s*data:([\w/+.-]*)[^,]{0,200};base64,")
_LOCAL = re.compile(r"(?i)^(?:file:|[a-z]:\\|/(?:home|users|mnt|media|var)/)")


def walk(block: Block, path: str, found: Collector) -> None:
    """Every comment, word and foreign attribute; no entity is expanded and nothing outside is asked for."""
    owners: list[str] = []
    for node in markup.scan(block.data):
        if node.kind == "open":
            owners.append(node.name)
        elif node.kind == "close":
            if node.name in owners[-64:]:
                while owners.pop() != node.name:
                    pass
        elif node.kind == "comment":
            _say(block, path, "comment", node, found)
        elif node.kind == "text":
            _text(block, path, owners[-64:], node, found)
        elif node.kind == "attribute":
            _attribute(block, path, node, found)
        elif (
            block.data.startswith((b"<!DOCTYPE", b"<!ENTITY"), node.start)
            and b"<!ENTITY" in block.data[node.start : node.end + 4096]
        ):
            found.warn("entity declarations, which are never expanded")
            found.unknown(block, path, "declaration", node.start, node.end, "entity declarations")


def _say(block: Block, path: str, field: str, node: markup.Node, found: Collector) -> None:
    value = markup.decoded(block.data[node.start : min(node.end, node.start + found.MAX_TEXT)])
    if value:
        found.add(block, path, field, value, node.start, node.end)


def _text(block: Block, path: str, owners: list[str], node: markup.Node, found: Collector) -> None:
    owner = owners[-1] if owners else "text"
    if any(name.endswith("metadata") for name in owners):
        names = [name for name in owners if not name.startswith("rdf:") and name not in ("cc:Agent", "cc:Work")]
        _say(block, f"{path}/metadata", names[-1] if names else owner, node, found)
    elif owner.rpartition(":")[2] in _WORDS:
        _say(block, path, owner.rpartition(":")[2], node, found)
    elif owner.rpartition(":")[2] not in _SILENT:
        _say(block, path, owner, node, found)


def _attribute(block: Block, path: str, node: markup.Node, found: Collector) -> None:
    prefix = node.name.partition(":")[0] if ":" in node.name else ""
    name = node.name.rpartition(":")[2]
    raw = block.data[node.start : min(node.end, node.start + 300)]
    if name in ("href", "src") and (match := _DATA.match(raw)):
        _picture(block.cut(node.start + match.end(), node.end), path, found)
    elif name in ("href", "src", "base", "absref") or _LOCAL.match(markup.decoded(raw)):
        if not raw.startswith(b"#") and prefix != "xmlns":
            _say(block, path, node.name, node, found)
    elif prefix not in _OWN:
        _say(block, f"{path}/{prefix}", node.name, node, found)
    elif name in ("aria-label", "title", "alt"):
        _say(block, path, node.name, node, found)


def _picture(carrier: Block, path: str, found: Collector) -> None:
    packed = b"".join(carrier.data[:MAX_EMBEDDED].split())
    try:
        inner = carrier.unpacked(base64.b64decode(packed[: len(packed) // 4 * 4]))
    except binascii.Error:
        found.unknown(carrier, path, "embedded data")
        return
    embedded.part(inner, path, "embedded picture", Role.IMAGE, found)
