"""XMP (ISO 16684): properties of a packet, as text.

A packet is read with a scanner for names and values instead of an XML parser: no entity is ever expanded, broken
packets still
tell what they hold, and time is linear.
"""

from __future__ import annotations

import re

from photoscan.metadata.entry import Collector, Role

MAX_PACKET = 8 * 1024 * 1024
_ELEMENT = re.compile(rb"<([A-Za-z_][\w.-]{0,63}):([A-Za-z_][\w.-]{0,63})((?:\s[^<>]{0,65536})?)>([^<]{1,65536})<")
_ATTRIBUTE = re.compile(
    rb"([A-Za-z_][\w.-]{0,63}):([A-Za-z_][\w.-]{0,63})\s*=\s*(?:\"([^\"]{0,65536})\"|'([^']{0,65536})')"
)
_TAG = re.compile(rb"<(/?)([A-Za-z_][\w.-]{0,63}):([A-Za-z_][\w.-]{0,63})([^<>]{0,65536})>([^<]{0,65536})")
_FRAME = frozenset((b"x", b"xmlns", b"xml"))
_LISTS = frozenset((b"Alt", b"Bag", b"Seq", b"li", b"Description", b"RDF"))


def read(packet: bytes, container: str, offset: int, length: int, found: Collector) -> None:
    """Each property as an entry: field 'prefix:Name', or the property that a list item belongs to.

    `offset` and `length` tell where the packet stands in the file; an entry points at its value where that is literal.
    """
    if packet[:2] in (b"\xfe\xff", b"\xff\xfe"):
        packet = packet.decode("utf-16", "replace").encode()
        shift = None
    else:
        shift = offset if length >= len(packet) else None
    owner = b"rdf:li"
    before = len(found.entries)
    for match in _TAG.finditer(packet[:MAX_PACKET]):
        closing, prefix, name, attributes, text = match.groups()
        if (prefix == b"rdf" and name in _LISTS) or prefix in _FRAME:
            pass
        elif not closing:
            owner = prefix + b":" + name
        for a in _ATTRIBUTE.finditer(attributes):
            if a[1] not in _FRAME and a[1] != b"rdf":
                part = 3 if a[3] is not None else 4
                _add(
                    a[1] + b":" + a[2], a[part], match.start(4) + a.start(part), shift, container, offset, length, found
                )
        if not closing and text.strip():
            _add(owner, text.strip(), match.start(5), shift, container, offset, length, found)
    if len(found.entries) == before and packet.strip(b"\0 "):
        found.add(container, "packet", packet[:256], offset, length, Role.UNKNOWN)


def _add(name: bytes, value: bytes, at: int, shift: int | None, container: str, offset: int, length: int,
         found: Collector) -> None:  # fmt: skip
    if not value.strip():
        return
    text = _unescape(value.decode("utf-8", "replace"))
    place = (offset, length) if shift is None else (shift + at, len(value))
    role = Role.IMAGE if name.endswith((b":image", b":Data")) and len(value) > 2000 else Role.TAG
    found.add(container, name.decode(), text, *place, role)


def _unescape(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text
