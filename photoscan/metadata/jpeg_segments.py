"""What JPEG's application segments and comments carry; parts that span several segments are put together first."""

from __future__ import annotations

from photoscan.metadata import app_texts, embedded, exif, flir, icc, iptc, jumbf, maker_segments, sniff, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role
from photoscan.metadata.ifd import Structure, text

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP = (b"Photoshop 3.0\0", b"Adobe_Photoshop2.5:")
_GAIN_MAP = b"urn:iso:std:iso:ts:21496:-1\0"
_JFIF, _ADOBE, _COLOUR_MANAGED = 14, 12, 14
"""Bytes of these segments that mean something."""
_THERMAL = 8
"""Bytes in front of FLIR's data: its sign, the number of this piece, and that of the last."""
_SHOWN = {1: {1: "large preview", 2: "large preview"}, 2: {1: "part of a panorama", 2: "stereo", 3: "another angle"}}
"""What the individual attributes of a multi-picture index say of a picture (CIPA DC-007, table 4)."""
_DUCKY = {1: "Quality", 2: "Comment", 3: "Copyright"}


class Segments:
    """Takes one segment after the other; `finish` reads what had to be gathered."""

    def __init__(self, block: Block, path: str, found: Collector) -> None:
        self.block, self.path, self.found = block, path, found
        self.profile: list[tuple[int, Block]] = []
        self.extended: dict[bytes, list[tuple[int, Block]]] = {}
        self.resources: list[Block] = []
        self.jumbf: dict[bytes, list[tuple[int, Block]]] = {}
        self.thermal: list[tuple[int, Block]] = []

    def take(self, marker: int, start: int, end: int) -> None:
        """A segment that is not about coding, by its marker's second byte and its content's range."""
        content = self.block.cut(start, end)
        data = content.data
        path = f"{self.path}/APP{marker - 0xE0}" if 0xE0 <= marker <= 0xEF else f"{self.path}/{marker:#x}"
        if marker == 0xFE:
            if data.strip(b"\0 "):
                self.found.add(content, f"{self.path}/COM", "Comment", text(data))
        elif marker == 0xE0 and data.startswith(b"JFIF\0"):
            self._surplus(content, path, "JFIF thumbnail", _JFIF)
        elif marker == 0xE0 and data.startswith(b"JFXX\0"):
            embedded.part(content.cut(6), path, "JFXX thumbnail", Role.THUMBNAIL, self.found)
        elif marker == 0xE1:
            self._app1(content, path)
        elif marker == 0xE2 and data.startswith(b"ICC_PROFILE\0") and len(data) > 14:
            self.profile.append((data[12], content.cut(14)))
        elif marker == 0xE2 and data.startswith(b"MPF\0"):
            with self.found.guarded(path):
                _multi_picture(content.cut(4), f"{self.path}/mpf", self.found)
        elif marker == 0xE2 and data.startswith(_GAIN_MAP):
            self.found.add(content, path, "GainMapMetadata", data[:64], 0, None, Role.TECHNICAL)
        elif marker == 0xEA and data.startswith(b"UNICODE\0"):
            self.found.add(content, path, "Comment", data[8:].decode("utf-16-be", "replace"), 8)
        elif marker == 0xEB and data.startswith(b"JP") and len(data) > 16:
            self.jumbf.setdefault(data[2:4], []).append((int.from_bytes(data[4:8], "big"), content.cut(8)))
        elif marker == 0xEC and data.startswith(b"Ducky"):
            self._ducky(content, path)
        elif marker == 0xED and data.startswith(_PHOTOSHOP):
            self.resources.append(content.cut(next(len(sign) for sign in _PHOTOSHOP if data.startswith(sign))))
        elif marker == 0xEE and data.startswith(b"Adobe"):
            self._surplus(content, path, "surplus of the Adobe segment", _ADOBE)
        elif marker == 0xED and data.startswith(b"Adobe_CM") and len(data) <= _COLOUR_MANAGED:
            self.found.add(content, path, "ColourManaged", data, 0, None, Role.TECHNICAL)
        elif marker == 0xEB or not (0xE0 <= marker <= 0xEF and app_texts.read(content, path, self.found)):
            look = sniff.words(data, 0, len(data))
            self.found.unknown(content, path, about=look)
            maker_segments.read(marker, content, path, self.found)

    def _app1(self, content: Block, path: str) -> None:
        data = content.data
        if data.startswith(b"Exif\0"):
            with self.found.guarded(f"{self.path}/exif"):
                exif.read(content.cut(6), f"{self.path}/exif", self.found)
        elif data.startswith(_XMP):
            xmp.read(content.cut(len(_XMP)), f"{self.path}/xmp", self.found)
        elif data.startswith(_EXTENDED) and len(data) >= len(_EXTENDED) + 40:
            head = len(_EXTENDED)
            offset = int.from_bytes(data[head + 36 : head + 40], "big")
            self.extended.setdefault(data[head : head + 32], []).append((offset, content.cut(head + 40)))
        elif data.startswith(b"FLIR\0") and len(data) > _THERMAL:
            self.thermal.append((data[6], content.cut(_THERMAL)))
        elif xmp.looks_like(data):
            xmp.read(content.cut(max(0, data.find(b"<", 0, 400))), f"{self.path}/xmp", self.found)
        else:
            self.found.unknown(content, path, about=sniff.words(data, 0, len(data)))

    def _surplus(self, content: Block, path: str, field: str, needed: int) -> None:
        if len(content.data) > needed:
            role = Role.THUMBNAIL if field.endswith("thumbnail") else Role.UNKNOWN
            self.found.add(content, path, field, content.data[needed : needed + 64], needed, None, role)

    def _ducky(self, content: Block, path: str) -> None:
        """Photoshop's 'Save for Web': quality, and sometimes a comment and a copyright."""
        at = 5
        while at + 4 <= len(content.data):
            number, size = content.data[at + 1], int.from_bytes(content.data[at + 2 : at + 4], "big")
            if not number:
                break
            value = content.data[at + 4 : at + 4 + size]
            if number == 1:
                self.found.add(content, path, "Quality", value, at + 4, at + 4 + size, Role.TECHNICAL)
            else:
                words = value[4:].decode("utf-16-be", "replace").strip("\0 ")
                self.found.add(content, path, _DUCKY.get(number, f"Ducky {number}"), words, at + 4, at + 4 + size)
            at += 4 + size
        self.found.unknown(content, path, start=min(at, len(content.data)))

    def finish(self) -> None:
        """Read the parts that came in several segments, in the order in which they say they belong."""
        if self.profile:
            profile = Block.joined(part for _, part in sorted(self.profile, key=lambda row: row[0]))
            with self.found.guarded(f"{self.path}/icc"):
                icc.read(profile, f"{self.path}/icc", self.found)
        for parts in self.extended.values():
            packet = Block.joined(part for _, part in sorted(parts, key=lambda row: row[0]))
            xmp.read(packet, f"{self.path}/xmp-extended", self.found)
        if self.thermal:
            thermal = Block.joined(part for _, part in sorted(self.thermal, key=lambda row: row[0]))
            with self.found.guarded(f"{self.path}/flir"):
                flir.read(thermal, f"{self.path}/flir", self.found)
        if self.resources:
            with self.found.guarded(f"{self.path}/photoshop"):
                iptc.read_resources(Block.joined(self.resources), f"{self.path}/photoshop", self.found)
        for boxes in self.jumbf.values():
            # Every segment repeats the superbox's header of eight bytes.
            ordered = [part for _, part in sorted(boxes, key=lambda row: row[0])]
            store = Block.joined([ordered[0], *(part.cut(8) for part in ordered[1:])])
            with self.found.guarded(f"{self.path}/jumbf"):
                jumbf.read(store, f"{self.path}/jumbf", self.found)


def _multi_picture(block: Block, path: str, found: Collector) -> None:
    """CIPA DC-007: an index of the pictures that stand behind this one, and what each of them is."""
    opened = Structure.opened(block, found)
    if opened is None:
        found.unknown(block, path)
        return
    structure, offset = opened
    tags, following = structure.directory(offset)
    # What the index says of this picture itself stands in a second directory.
    for tag in (*tags, *(structure.directory(following)[0] if following else ())):
        names = {0xB000: "MPFVersion", 0xB001: "NumberOfImages", 0xB002: "MPImageList", 0xB003: "ImageUIDList"}
        value = structure.bytes(tag)[:64]
        role = Role.TAG if tag.number == 0xB003 else Role.TECHNICAL
        found.add(block, path, names.get(tag.number, f"tag {tag.number:#06x}"), value, tag.start, tag.end, role)
        if tag.number == 0xB002:
            for at in range(tag.start, tag.end - 15, 16):
                kind, _, place = structure.unpack("III", at)
                if place and (word := _SHOWN.get(kind >> 16 & 0xFF, {}).get(kind & 0xFF, "")):
                    found.announced[block.place(0, 0)[0] + place] = word
    for start, end in structure.gaps():
        if end - start >= exif.SMALLEST_GAP:
            found.unknown(block, path, "bytes between values", start, end)
