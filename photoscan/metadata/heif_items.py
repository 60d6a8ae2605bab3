"""The items of a HEIF file (ISO 23008-12): which there are, where their bytes stand, and how they belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from photoscan.metadata import embedded, exif, jumbf, sniff, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import boxes, find
from photoscan.metadata.entry import Collector, Role

MAX_ITEMS = 20_000
MAX_EXTENTS = 50_000
_ALPHA = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1", b"urn:mpeg:avc:2015:auxid:1")
_AUXILIARY = ((b"hdrgainmap", "gain map"), (b"depth", "depth map"), (b"auxid:2", "depth map"),
              (b"disparity", "depth map"),
              (b"matte", "outline of a person or thing"), (b"mask", "outline of a person or thing"))  # fmt: skip
_GROUPS = {b"ster": "one of a stereo pair", b"brst": "one of a burst", b"pano": "part of a panorama"}
_PICTURES = frozenset(
    (b"hvc1", b"hvt1", b"av01", b"avc1", b"jpeg", b"grid", b"iovl", b"iden", b"tmap", b"vvc1", b"unci")
)


@dataclass(slots=True)
class _Item:
    kind: bytes = b""
    mime: bytes = b""
    name: bytes = b""
    start: int = 0
    end: int = 0
    extents: list[tuple[int, int]] = field(default_factory=list)


class Items:
    """Everything that a `meta` box between two positions lists."""

    def __init__(self, block: Block, start: int, end: int) -> None:
        self.block, self.data = block, block.data
        self.items: dict[int, _Item] = {}
        self.references: list[tuple[bytes, int, list[int]]] = []
        self.auxiliary: dict[int, bytes] = {}
        self.primary = 0
        self.pixels = b""
        self.groups: dict[int, str] = {}
        by_kind = {box.kind: box for box in boxes(self.data, start, end)}
        if box := by_kind.get(b"pitm"):
            self.primary = int.from_bytes(
                self.data[box.body + 4 : box.body + (6 if self.data[box.body] == 0 else 8)], "big"
            )
        if box := by_kind.get(b"iinf"):
            self._types(box.body, box.end)
        if box := by_kind.get(b"iloc"):
            idat = by_kind.get(b"idat")
            self._locations(box.body, box.end, idat.body if idat else 0)
        if box := by_kind.get(b"iref"):
            self._references(box.body, box.end)
        if box := by_kind.get(b"iprp"):
            self._properties(box.body, box.end)
        if box := by_kind.get(b"grpl"):
            self._groups(box.body, box.end)

    def _number(self, at: int, size: int) -> int:
        return int.from_bytes(self.data[at : at + size], "big")

    def _types(self, body: int, end: int) -> None:
        for box in boxes(self.data, body + (6 if self.data[body] == 0 else 8), end):
            at, version = box.body, self.data[box.body]
            if box.kind != b"infe" or version < 2 or len(self.items) > MAX_ITEMS:
                continue
            wide = 4 if version == 3 else 2
            item = self.items.setdefault(self._number(at + 4, wide), _Item())
            at += 6 + wide
            item.kind = self.data[at : at + 4]
            item.name, _, rest = self.data[at + 4 : box.end].partition(b"\0")
            item.mime = rest.partition(b"\0")[0]
            item.start, item.end = box.start, box.end

    def _locations(self, at: int, end: int, idat: int) -> None:
        version = self.data[at]
        sizes = self.data[at + 4], self.data[at + 5]
        offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
        index_size = sizes[1] & 15 if version else 0
        wide = 4 if version == 2 else 2
        count = self._number(at + 6, wide)
        at += 6 + wide
        total = 0
        for _ in range(min(count, MAX_ITEMS)):
            if at + wide + 4 > end:
                return
            item = self.items.setdefault(self._number(at, wide), _Item())
            at += wide
            method = self.data[at + 1] & 15 if version else 0
            at += 4 if version else 2
            base = self._number(at, base_size) + (idat if method == 1 else 0)
            at += base_size
            extents = self._number(at, 2)
            at += 2
            for _ in range(extents):
                total += 1
                if at >= end or total > MAX_EXTENTS:
                    return
                at += index_size
                offset = self._number(at, offset_size)
                length = self._number(at + offset_size, length_size)
                at += offset_size + length_size
                start = min(base + offset, len(self.data))
                item.extents.append((start, min(start + length, len(self.data)) if length else len(self.data)))

    def _references(self, body: int, end: int) -> None:
        wide = 2 if self.data[body] == 0 else 4
        for box in boxes(self.data, body + 4, end):
            count = self._number(box.body + wide, 2)
            first = box.body + wide + 2
            targets = [self._number(at, wide) for at in range(first, min(first + wide * count, box.end), wide)]
            self.references.append((box.kind, self._number(box.body, wide), targets))

    def _properties(self, body: int, end: int) -> None:
        """Which item is auxiliary of what type: the property 'auxC', by the association table."""
        container = find(self.data, (b"ipco",), body, end)
        if container is None:
            return
        kinds = [(box.kind, box.body, box.end) for box in boxes(self.data, container.body, container.end)]
        for box in boxes(self.data, body, end):
            if box.kind != b"ipma":
                continue
            wide = 4 if self.data[box.body] else 2
            large = self.data[box.body + 3] & 1
            at = box.body + 8
            while at + wide < box.end:
                item, count = self._number(at, wide), self.data[at + wide]
                at += wide + 1
                for _ in range(count):
                    index = self._number(at, 2) & 0x7FFF if large else self.data[min(at, box.end - 1)] & 0x7F
                    at += 2 if large else 1
                    if 0 < index <= len(kinds) and kinds[index - 1][0] == b"auxC":
                        _, start, stop = kinds[index - 1]
                        self.auxiliary[item] = self.data[start + 4 : stop].partition(b"\0")[0]

    def _groups(self, body: int, end: int) -> None:
        """What pictures are to one another: the eyes of a stereo pair, moments of a burst."""
        for box in boxes(self.data, body, end):
            if word := _GROUPS.get(box.kind):
                first = box.body + 12
                count = self._number(box.body + 8, 4)
                for at in range(first, min(first + 4 * count, box.end), 4):
                    self.groups[self._number(at, 4)] = word

    def unused(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Ranges between two positions where no item has bytes."""
        at = start
        for first, last in sorted(extent for item in self.items.values() for extent in item.extents):
            if first > at:
                yield at, min(first, end)
            at = max(at, last)
            if at >= end:
                return
        yield at, end

    def _content(self, item: _Item) -> Block:
        total = sum(stop - start for start, stop in item.extents)
        if total > 2 * len(self.data):
            return Block.of(b"")
        return Block.joined(self.block.cut(start, stop) for start, stop in item.extents)

    def tell(self, path: str, found: Collector) -> None:
        """Metadata items read, pictures beside the primary one told."""
        shown = self._parts_of(self.primary)
        self.pixels = b"".join(self._content(self.items[number]).data for number in shown if number in self.items)
        thumbnails = {source for kind, source, _ in self.references if kind == b"thmb"}
        for number, item in self.items.items():
            content = self._content(item)
            with found.guarded(f"{path}/item {number}"):
                if item.kind == b"Exif":
                    exif.read(content.cut(4 + int.from_bytes(content.data[:4], "big")), f"{path}/exif", found)
                elif item.kind == b"mime" and (b"rdf+xml" in item.mime or xmp.looks_like(content.data)):
                    xmp.read(content, f"{path}/xmp", found)
                elif content.data[4:8] == b"jumb":
                    jumbf.read(content, f"{path}/jumbf", found)
                elif item.kind in _PICTURES:
                    if number not in shown and item.extents:
                        self._picture(number, item, content, number in thumbnails, path, found)
                elif item.kind:
                    about = sniff.words(content.data, 0, len(content.data))
                    found.unknown(content, f"{path}/item", item.kind.decode("latin-1"), about=about)

    def _parts_of(self, number: int) -> set[int]:
        """The primary picture, the tiles it is made of, and its transparency."""
        parts, waiting = set(), [number]
        tiles: dict[int, list[int]] = {}
        for kind, source, targets in self.references:
            if kind == b"dimg":
                tiles.setdefault(source, []).extend(targets)
            elif kind == b"auxl" and self.auxiliary.get(source) in _ALPHA:
                for target in targets:
                    tiles.setdefault(target, []).append(source)
        while waiting:
            item = waiting.pop()
            if item not in parts:
                parts.add(item)
                waiting += tiles.get(item, [])
        return parts

    def _picture(self, number: int, item: _Item, content: Block, thumbnail: bool, path: str, found: Collector) -> None:
        kind = self.auxiliary.get(number, b"")
        if any(number in targets for reference, _, targets in self.references if reference == b"dimg"):
            return  # a tile is told with its grid
        if thumbnail:
            field, role, about = "thumbnail", Role.THUMBNAIL, "picture"
        elif kind:
            word = next((word for sign, word in _AUXILIARY if sign in kind), kind.decode("latin-1", "replace"))
            field, role, about = "auxiliary image", Role.IMAGE, word
        elif item.kind == b"tmap":
            field, role, about = "auxiliary image", Role.IMAGE, "gain map for tone mapping"
        else:
            field, role, about = "second image", Role.IMAGE, self.groups.get(number, "picture")
        if item.kind == b"jpeg":
            embedded.part(content, f"{path}/item", field, role, found, about)
        else:
            found.add(content, f"{path}/item", field, content.data[:64], 0, None, role, about)
            size = len(content.data)
            found.unlike(content, range(size // 2, size, max(1, size // 16)), size, self.pixels)
            found.entries[-1] = replace(
                found.entries[-1], item=self._gain_map(number) if item.kind == b"tmap" else number
            )

    def _gain_map(self, number: int) -> int:
        """The picture with the gains of a tone-mapped one, which is derived from the photo and from it."""
        made_of = next(
            (targets for kind, source, targets in self.references if (kind, source) == (b"dimg", number)), []
        )
        return made_of[1] if len(made_of) > 1 else 0
