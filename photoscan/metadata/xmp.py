"""XMP (ISO 16684): properties of a packet, with names as the standards write them whatever prefix the file uses."""

from __future__ import annotations

import base64
import binascii
import re

from photoscan.metadata import embedded, markup
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role

MAX_PACKET = 64 * 1024 * 1024
MAX_EMBEDDED = 16 * 1024 * 1024
"""Bytes of a packet, and of one picture in it, that are looked at."""

_PREFIXES = {
    "http://ns.adobe.com/xap/1.0/": "xmp", "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/tiff/1.0/": "tiff", "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop", "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights", "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/aux/": "aux", "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt", "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://ns.microsoft.com/photo/1.2/": "MP", "http://ns.microsoft.com/photo/1.2/t/Region#": "MPReg",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto", "http://ns.google.com/photos/1.0/image/": "GImage",
    "http://ns.google.com/photos/1.0/camera/": "GCamera", "http://ns.google.com/photos/1.0/depthmap/": "GDepth",
    "http://ns.google.com/photos/1.0/audio/": "GAudio", "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef", "http://ns.adobe.com/xap/1.0/g/img/": "xmpGImg",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs", "http://ns.adobe.com/xmp/note/": "xmpNote",
    "http://ns.google.com/photos/1.0/panorama/": "GPano",
    "http://ns.adobe.com/hdr-gain-map/1.0/": "hdrgm", "http://ns.apple.com/HDRGainMap/1.0/": "HDRGainMap",
    "http://www.digikam.org/ns/1.0/": "digiKam", "http://www.dji.com/drone-dji/1.0/": "drone-dji",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf", "adobe:ns:meta/": "x",
    "http://ns.apple.com/faceinfo/1.0/": "apple-fi", "http://ns.apple.com/pixeldatainfo/1.0/": "apdi",
    "http://ns.adobe.com/pdf/1.3/": "pdf", "http://ns.acdsee.com/iptc/1.0/": "acdsee",
    "http://ns.google.com/photos/1.0/container/": "Container",
    "http://ns.google.com/photos/1.0/container/item/": "Item",
}  # fmt: skip
"""Namespace to the prefix that its standard uses."""

_LISTS = frozenset(("rdf:Alt", "rdf:Bag", "rdf:Seq", "rdf:li", "rdf:Description", "rdf:RDF", "rdf:value"))
_PICTURES = {
    "xmpGImg:image": (Role.THUMBNAIL, "preview"), "GImage:Data": (Role.IMAGE, "Google's original picture"),
    "GDepth:Data": (Role.IMAGE, "depth map"), "GAudio:Data": (Role.VIDEO, "sound"),
    "GCamera:HdrPlusMakernote": (Role.UNKNOWN, "private data of Google"),
    "GCamera:hdrp_makernote": (Role.UNKNOWN, "private data of Google"),
    "GCamera:shot_log_data": (Role.UNKNOWN, "private data of Google"),
}  # fmt: skip
"""Properties whose value is a file, in base 64."""
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{2000}")
_SPACE = re.compile(rb"\s+")


def read(block: Block, path: str, found: Collector) -> None:
    """Each property as an entry: field 'prefix:Name', or the property that a list item belongs to."""
    data = block.data[:MAX_PACKET]
    if data[:2] in (b"\xfe\xff", b"\xff\xfe") or data[1:2] == b"\0":
        wide = "utf-16" if data[1:2] != b"\0" else "utf-16-le"
        block = block.unpacked(data.decode(wide, "replace").encode())
        data = block.data
    before = len(found.entries)
    reader = _Reader(block, path, found)
    for node in markup.scan(data):
        reader.take(node)
    if len(found.entries) == before and data.strip(b"\0 \r\n\t"):
        found.unknown(block, path, "packet", about="an XMP packet without properties")


class _Reader:
    def __init__(self, block: Block, path: str, found: Collector) -> None:
        self.block, self.path, self.found = block, path, found
        self.prefixes: dict[str, str] = {}
        self.owners: list[str] = []

    def take(self, node: markup.Node) -> None:
        if node.kind == "open":
            self.owners.append(node.name)
        elif node.kind == "close":
            if node.name in self.owners[-64:]:
                while self.owners.pop() != node.name:
                    pass
        elif node.kind == "attribute":
            self.attribute(node)
        elif node.kind == "text":
            names = (self.canonical(name) for name in reversed(self.owners[-64:]))
            self.tell(next((name for name in names if name not in _LISTS), "text"), node)
        elif node.kind == "comment":
            self.tell("comment", node)
        elif self.block.data.startswith((b"<!DOCTYPE", b"<!ENTITY"), node.start):
            self.found.unknown(self.block, self.path, "declaration", node.start, node.end, "XML declarations")

    def attribute(self, node: markup.Node) -> None:
        prefix, _, name = node.name.partition(":")
        if prefix == "xmlns":
            uri = self.block.data[node.start : node.end].decode("latin-1")
            self.prefixes[name] = _PREFIXES.get(uri, name)
        elif node.name == "x:xmptk" or (
            name and prefix not in ("xml", "x") and self.canonical(node.name)[:4] != "rdf:"
        ):
            self.tell(self.canonical(node.name), node)
        elif name in ("resource", "about") and node.end > node.start:
            owner = self.canonical(self.owners[-1]) if self.owners else "rdf:about"
            if owner != "rdf:Description" or b"uuid" not in self.block.data[node.start : node.end]:
                self.tell(owner, node)

    def canonical(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return f"{self.prefixes.get(prefix, prefix)}:{local}" if colon else name

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
