"""What stands behind the coded rows of a TIFF's strips and tiles, where no decoder looks (TIFF 6.0, sections 9, 13)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.metadata.ifd import Structure, Tag
from photoscan.patterns import pattern

MOST = 1 << 20
"""Bytes of a file whose strips are walked."""
MAX_STRIPS, MAX_PAGES = 200_000, 2_000
_LZW, _PACKBITS = 5, 32773
_ENDED = (1, 7, 8, 32946)
"""Codings whose end is found elsewhere: none, JPEG, deflate."""
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _COLOURS, _FILL = 0x100, 0x101, 0x102, 0x103, 0x106, 0x10A
_SAMPLES, _ROWS, _PLANAR, _SUBSAMPLING = 0x115, 0x116, 0x11C, 0x212
_PLACES = ((0x144, 0x145), (0x111, 0x117))
_MANY = 10
"""Different letters of a text: rows of dots repeat a few."""
_TEXT = pattern(rb"[A-Za-z0-9 .,:;@'()+/-]{24,}")


class Strip(NamedTuple):
    """Where a strip begins, where its coded rows end (None: nobody can tell), and where it ends."""

    start: int
    end: int | None
    stop: int


def strips(data: bytes) -> Iterator[Strip]:
    """Those of every page, but for codings whose end is found elsewhere. ValueError or struct.error where broken."""
    opened = Structure.opened(Block.of(data), Collector())
    if opened is None:
        return
    structure, at = opened
    seen: set[int] = set()
    left = 2 * MOST if len(data) <= MOST else len(data) * 2
    while at and at not in seen and len(seen) < MAX_PAGES:
        seen.add(at)
        tags, at = structure.directory(at)
        for strip in of_page(structure, {tag.number: tag for tag in reversed(tags)}):
            left -= strip.stop - strip.start
            yield strip
            if left < 0:
                raise ValueError("strips overlap")


def of_page(structure: Structure, tags: dict[int, Tag]) -> Iterator[Strip]:
    """Those of one page."""
    coding = _one(structure, tags, _COMPRESSION, 1)
    pair = next((pair for pair in _PLACES if pair[0] in tags and pair[1] in tags), None)
    if coding in _ENDED or pair is None:
        return
    data = structure.data
    starts, sizes = ([int(n) for n in structure.numbers(tags[number], MAX_STRIPS)] for number in pair)
    walked = coding in (_LZW, _PACKBITS) and len(data) <= MOST
    ordered = sorted(starts)
    for index, (start, size) in enumerate(zip(starts, sizes, strict=False)):
        # A size that reaches into other strips hides nothing.
        behind = bisect_right(ordered, start)
        stop = min(start + size, len(data), ordered[behind] if behind < len(ordered) else len(data))
        if stop <= start:
            continue
        length = None
        if walked:
            raw = data[start:stop]
            if _one(structure, tags, _FILL, 1) == 2:
                raw = raw.translate(_mirrored())
            rows = _row_bytes(structure, tags, index, len(starts), pair == _PLACES[0])
            length = _lzw(raw, rows) if coding == _LZW else _packbits(raw, rows)
        yield Strip(start, None if length is None else start + length, stop)


def unseen(data: bytes) -> bool | None:
    """Whether bytes stand behind the rows of any strip, or look like a text there; None where nobody can tell."""
    unsure = False
    for start, end, stop in strips(data):
        if end is not None and end < stop:
            return True
        if end is None:
            unsure = True
            found = _TEXT.finditer(data, start, stop)
            if any(len(set(match.group())) >= _MANY for match in found):
                return True
    return None if unsure else False


def _one(structure: Structure, tags: dict[int, Tag], number: int, usual: int) -> int:
    return structure.number(tags[number]) if number in tags else usual


def _row_bytes(structure: Structure, tags: dict[int, Tag], index: int, count: int, tiled: bool) -> int:
    """Bytes that a strip's rows have when decoded; 0 where that can't be told."""
    if _SUBSAMPLING in tags or _one(structure, tags, _COLOURS, 0) == 6:
        return 0
    samples = _one(structure, tags, _SAMPLES, 1)
    depths = [int(bits) for bits in structure.numbers(tags[_BITS])] if _BITS in tags else [1]
    wide, high = _one(structure, tags, _WIDTH, 0), _one(structure, tags, _HEIGHT, 0)
    apart = _one(structure, tags, _PLANAR, 1) == 2
    each = count // samples if apart and samples else count
    if apart:
        bits = depths[index // max(1, each) % len(depths)]
    else:
        bits = sum(depths) if len(depths) == samples else depths[0] * samples
    if tiled:
        return (_one(structure, tags, 0x142, 0) * bits + 7) // 8 * _one(structure, tags, 0x143, 0)
    rows = min(_one(structure, tags, _ROWS, high), high) or high
    if not rows or each * rows < high or (each - 1) * rows >= high or (apart and each * samples != count):
        return 0
    return (wide * bits + 7) // 8 * min(rows, high - rows * (index % each))


def _packbits(raw: bytes, rows: int) -> int | None:
    """Where the packet that completes the rows ends, or the byte in it; None where the rows' bytes are not known."""
    if not rows:
        return None
    made = place = 0
    while made < rows:
        if place >= len(raw):
            return len(raw)
        count = raw[place] + 1 if raw[place] < 128 else 257 - raw[place]
        if raw[place] < 128:
            place += 1 + min(count, rows - made)
        else:
            place += 1 if raw[place] == 128 else 2
        made += 0 if count == 129 else count
    return min(place, len(raw))


def _lzw(raw: bytes, rows: int) -> int | None:
    """Where the codes end: behind the end code, or behind the one that completes the rows; None for a broken strip."""
    bits = _Bits(raw)
    sizes = [1] * 256 + [0, 0]
    last, made, width = 0, 0, 9
    while (code := bits.take(width)) >= 0:
        if code == 257:
            return bits.used
        if code == 256:
            last, width = 0, 9
            del sizes[258:]
            continue
        if last and len(sizes) < 4096:
            sizes.append(last + 1)
        if code >= len(sizes) or (not last and code > 255):
            return None
        last = sizes[code]
        made += last
        if len(sizes) + (not bits.old) >= 1 << width and width < 12:
            width += 1
        if rows and made >= rows:
            here = bits.used
            after = bits.take(width)
            if after == 256:
                after = bits.take(9)
            return bits.used if after == 257 else here
    return len(raw)


class _Bits:
    """Numbers of any width out of bytes. `old`: the lowest bit of each byte comes first, as before TIFF 6.0; then the
    first two bytes hold a clear code the other way round."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.read, self.held, self.count = raw, 0, 0, 0
        self.old = raw[:1] == b"\0" and raw[1:2] != b"" and raw[1] & 1 == 1

    @property
    def used(self) -> int:
        """Bytes of which something was taken."""
        return self.read - self.count // 8

    def take(self, width: int) -> int:
        """The next number; -1 where too few bits are left."""
        if self.count < width:
            more = self.raw[self.read : self.read + 6]
            self.read += len(more)
            if self.old:
                self.held |= int.from_bytes(more, "little") << self.count
            else:
                self.held = self.held << 8 * len(more) | int.from_bytes(more)
            self.count += 8 * len(more)
            if self.count < width:
                return -1
        self.count -= width
        if self.old:
            found, self.held = self.held & ((1 << width) - 1), self.held >> width
        else:
            found = self.held >> self.count
            self.held &= (1 << self.count) - 1
        return found


def _mirrored() -> bytes:
    return bytes(sum((byte >> bit & 1) << (7 - bit) for bit in range(8)) for byte in range(256))
