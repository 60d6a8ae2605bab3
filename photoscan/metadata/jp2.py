"""JPEG 2000 (ISO 15444-1, -2): boxes beside the codestream, and comments inside it."""

from __future__ import annotations

from photoscan.metadata import codestream, embedded, exif, icc, iptc, jumbf, sniff, tail, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box, boxes
from photoscan.metadata.entry import Collector, Role

MAX_DEPTH = 8
"""Boxes within boxes that are looked into."""
_DECODING = frozenset((
    b"jP  ", b"ftyp", b"ihdr", b"bpcc", b"pclr", b"cmap", b"cdef", b"resc", b"resd", b"rreq", b"creg", b"opct",
    b"comp", b"copt", b"inst", b"nlst",
))  # fmt: skip
"""Boxes of numbers: how samples become colours, how layers lie on one another, what labels belong to."""
_OUTER = frozenset((b"jp2h", b"jpch", b"jplh", b"cgrp", b"res ", b"asoc", b"uinf", b"ftbl", b"drep", b"page", b"lobj"))
"""Boxes that hold boxes."""
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_EXIF = b"JpgTiffExif->JP2"
_IPTC = bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38")
_PHOTOSHOP = bytes.fromhex("2c4c0100850440b9a03e562148d6dfeb")
_GEO = bytes.fromhex("b14bf8bd083d4b43a5ae8cd7d5a6ce03")
"""GeoJP2: a GeoTIFF of one pixel that says where the picture lies."""
_WORLD = bytes.fromhex("96a9f1f1dc98402da7aed68e34451809")
"""A world file: the place of a corner and the size of a pixel."""


def walk(block: Block, path: str, found: Collector) -> None:
    """Every box that decoding does not need."""
    if block.data.startswith(b"\xff\x4f"):
        tail.read(block, codestream.read(block, path, found), path, found)
        return
    _Reader(path, found).all(block)


class _Reader:
    def __init__(self, path: str, found: Collector) -> None:
        self.path, self.found = path, found
        self.pictures = 0

    def all(self, block: Block) -> None:
        end = 0
        for box in boxes(block.data):
            end = box.end
            with self.found.guarded(f"{self.path}/{box.name}"):
                self.box(block, box, self.path, 0)
        tail.read(block, end, self.path, self.found)

    def box(self, block: Block, box: Box, path: str, level: int) -> None:
        content = block.cut(box.body, box.end)
        if box.kind in _DECODING:
            return
        if box.kind in _OUTER and level < MAX_DEPTH:
            self.outer(content, box, path, level)
        elif box.kind == b"jp2c":
            self.picture(content, path)
        elif box.kind == b"colr":
            self.colours(content, path)
        elif box.kind == b"uuid":
            self.uuid(content, path)
        elif box.kind in (b"xml ", b"jp2i") and _is_markup(content.data):
            xmp.read(content, f"{path}/{'xml' if box.kind == b'xml ' else 'rights'}", self.found)
        elif box.kind == b"lbl ":
            self.words(content, path, "Label", 0)
        elif box.kind in (b"url ", b"urn "):
            self.words(content, path, "URL", 4)
        elif box.kind == b"dtbl":
            self.addresses(content, path)
        elif box.kind == b"jumb":
            jumbf.read(block.cut(box.start, box.end), f"{path}/jumbf", self.found)
        elif box.kind == b"flst":
            self.found.add(content, path, "fragments", content.data[:64], 0, None, Role.TECHNICAL)
        elif box.kind != b"ulst":
            about = sniff.words(content.data, 0, len(content.data))
            self.found.unknown(content, f"{path}/{box.name}", about=about)

    def outer(self, content: Block, box: Box, path: str, level: int) -> None:
        below = path if box.kind in (b"jp2h", b"cgrp", b"res ") else f"{path}/{box.name}"
        end = 0
        for inner in boxes(content.data):
            end = inner.end
            with self.found.guarded(f"{below}/{inner.name}"):
                self.box(content, inner, below, level + 1)
        self.found.unknown(content, below, "bytes behind a box", end)

    def picture(self, content: Block, path: str) -> None:
        """The first codestream is the picture; further ones are pages or layers of their own."""
        self.pictures += 1
        if self.pictures > 1:
            embedded.part(content, path, "further picture", Role.IMAGE, self.found)
        elif content.data.startswith(b"\xff\x4f"):
            tail.read(content, codestream.read(content, path, self.found), path, self.found)

    def colours(self, content: Block, path: str) -> None:
        """A colour specification (I.5.3.3): a number, a profile, or a maker's own method."""
        method = content.data[:1]
        if method in (b"\2", b"\3"):
            icc.read(content.cut(3), f"{path}/icc", self.found)
        elif method == b"\1":
            parameters = 7 + (28 if content.data[3:7] == b"\0\0\0\x0e" else 0)
            self.found.unknown(content, f"{path}/colr", "bytes behind a box", parameters)
        else:
            self.found.unknown(content, f"{path}/colr")

    def uuid(self, content: Block, path: str) -> None:
        kind, body = content.data[:16], content.cut(16)
        if kind == _XMP:
            xmp.read(body, f"{path}/xmp", self.found)
        elif kind == _EXIF:
            exif.read(body.cut(6 if body.data.startswith(b"Exif\0\0") else 0), f"{path}/exif", self.found)
        elif kind == _IPTC:
            iptc.read(body, f"{path}/iptc", self.found)
        elif kind == _PHOTOSHOP:
            iptc.read_resources(body, f"{path}/photoshop", self.found)
        elif body.data[:4] in (b"II*\0", b"MM\0*"):
            exif.read(body, f"{path}/{'geotiff' if kind == _GEO else 'exif'}", self.found)
        elif body.data[:10] in (b"Exif\0\0II*\0", b"Exif\0\0MM\0*"):
            exif.read(body.cut(6), f"{path}/exif", self.found)
        elif kind == _WORLD:
            about = "a world file, which says where the picture lies"
            self.found.add(content, f"{path}/uuid", "world file", content.data[:64], 0, None, Role.UNKNOWN, about)
        else:
            self.found.unknown(content, f"{path}/uuid", about=sniff.words(body.data, 0, len(body.data)))

    def words(self, content: Block, path: str, field: str, start: int) -> None:
        """A label or an address in UTF-8 (I.7.3.2; ISO 15444-2, M.11.13), behind version and flags."""
        value = content.data[start : start + self.found.MAX_TEXT].decode("utf-8", "replace").strip("\0 ")
        if value:
            self.found.add(content, path, field, value, start)

    def addresses(self, content: Block, path: str) -> None:
        """Data references (ISO 15444-2, M.11.2): files elsewhere that hold parts of the picture."""
        for inner in boxes(content.data, 2):
            self.box(content, inner, f"{path}/dtbl", MAX_DEPTH)


def _is_markup(data: bytes) -> bool:
    return b"<" in data[:4096]
