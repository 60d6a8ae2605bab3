"""PNG: the chunks that decoding needs stay, the picture's compressed bytes are kept up to their own end."""

from __future__ import annotations

import zlib

from photoscan.errors import UnsupportedFormatError
from photoscan.stripping.base import Keep, Removed, Stripped
from photoscan.stripping.icc import MAX_SIZE, cleaned
from photoscan.stripping.turning import Turn, Turns, text

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset((
    b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs",
    b"acTL", b"fcTL", b"fdAT",
))  # fmt: skip
_SIZES = {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4, b"mDCV": 24, b"cLLI": 8, b"pHYs": 9, b"IHDR": 13,
          b"acTL": 8, b"fcTL": 26}  # fmt: skip
MAX_CHUNKS = 1_000_000
MAX_FRAMES = (1 << 31) - 1
_PALETTE = 3
_WINDOW = 1 << 20
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild from signature to IEND; ValueError when a needed part is missing or broken."""
    out: list[bytes] = [SIGNATURE]
    tail: list[bytes] = []
    removed: list[Removed] = []
    pixels: list[bytes] = []
    header = plays = b""
    seen: dict[bytes, int] = {}
    frames, surplus = _counted(data), True
    count = frames.to_bytes(4, "big")
    turns = Turns()
    at = 8
    for _ in range(MAX_CHUNKS):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            # Decoders are content where the rows are there, which is looked at below.
            if kind == b"IDAT":
                pixels.append(data[at + 8 :])
                at = len(data)
            break
        content = _cut(kind, data[at + 8 : end - 4], header)
        if kind == b"IEND":
            at = end
            break
        if kind == b"CgBI":
            raise UnsupportedFormatError("problem.clean.cgbi")
        if kind == b"IDAT":
            pixels.append(content)
        elif (kind == b"fcTL" and frames <= 0) or (kind == b"fdAT" and surplus):
            # A frame that the animation does not count is shown by nobody.
            surplus = True
            removed.append(Removed("frame that is not shown", at, end - at))
        elif kind in _KEPT and _needed_as_it_is(kind, content, header, seen, bool(pixels)):
            if kind == b"IHDR" and header:
                raise ValueError("two headers")
            header = content if kind == b"IHDR" else header
            seen[kind] = seen.get(kind, 0) + len(content)
            frames -= kind == b"fcTL"
            surplus = surplus and kind != b"fcTL"
            if kind == b"acTL":
                content = plays = plays or count + content[4:]
            (tail if pixels else out).append(chunk(kind, content))
        else:
            if kind == b"eXIf":
                turns.exif(content, again=True)
            elif kind in (b"tEXt", b"zTXt", b"iTXt"):
                _turned(turns, *text(content, kind))
            elif kind == b"iCCP" and keep.profile:
                out += _profile(content)
            removed.append(Removed(f"chunk {kind.decode('latin-1')}", at, end - at))
        at = end
    else:
        raise ValueError("too many chunks")
    if at < len(data):
        removed.append(Removed("data behind the end of image", at, len(data) - at))
    stream = _stream(pixels, header, removed)
    out += _written(keep, turns.chosen)
    return Stripped(b"".join([*out, chunk(b"IDAT", stream), *tail, chunk(b"IEND", b"")]), tuple(removed))


def _stream(pixels: list[bytes], header: bytes, removed: list[Removed]) -> bytes:
    """The picture's compressed rows and no more; ValueError where they are not all there."""
    if len(header) != 13 or not pixels:
        raise ValueError("no picture")
    stream, slack = picture(b"".join(pixels), header)
    if slack:
        removed.append(Removed("slack in the picture's data", 0, slack))
    return stream


def _counted(data: bytes) -> int:
    """How many frames the animation has, as it says, but for those that are not there; 0 for a still picture. Some
    decoders take frames in front of the count as well.
    """
    at, there = 8, 0
    announced: int | None = None
    early = True
    for _ in range(MAX_CHUNKS):
        kind = data[at + 4 : at + 8]
        early = early and kind != b"IDAT"
        if kind in (b"IEND", b""):
            break
        if kind == b"acTL" and announced is None and early:
            announced = int.from_bytes(data[at + 8 : at + 12], "big")
        there += kind == b"fcTL"
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    # What is no number of frames makes it a still picture.
    return announced if announced is not None and announced > MAX_FRAMES else min(announced or 0, there)


def _turned(turns: Turns, keyword: bytes, content: bytes) -> None:
    """Note what a text says of how to turn the picture."""
    if keyword == b"XML:com.adobe.xmp":
        turns.xmp(content)
    elif keyword in (b"Raw profile type exif", b"Raw profile type APP1"):
        turns.packed(content, keyword.rpartition(b" ")[2])


def _written(keep: Keep, turn: Turn) -> list[bytes]:
    """The chunks written anew: what EXIF may say, and which way is up."""
    said = (
        (b"eXIf", keep.exif(turn)),
        (b"tEXt", keep.raw_profile(turn)),
        (b"iTXt", (packet := keep.packet(turn)) and b"XML:com.adobe.xmp\0\0\0\0\0" + packet),
        *((b"iTXt", keyword.encode("latin-1") + bytes(5) + text.encode()) for keyword, text in keep.texts),
    )
    return [chunk(kind, content) for kind, content in said if content]


def _cut(kind: bytes, content: bytes, header: bytes) -> bytes:
    """A chunk's content without what stands behind the colour that it names as transparent."""
    return content[: {0: 2, 2: 6}.get(header[9], len(content))] if kind == b"tRNS" and header else content


def _needed_as_it_is(kind: bytes, content: bytes, header: bytes, seen: dict[bytes, int], late: bool) -> bool:
    """Whether a chunk says how to show the picture and no more (ISO 15948, 5.6 and 11.3): of its length, where decoders
    take note of it. `seen`: the lengths of those before it, `late`: whether it stands behind the picture.
    """
    size = len(content)
    if kind in (b"IHDR", b"fcTL", b"fdAT"):
        return size == _SIZES.get(kind, size)
    if kind == b"acTL" and not late and header:
        # A second count makes it a still picture for some decoders, and says nothing to others.
        return size == _SIZES[kind] and seen.get(kind, 0) < 2 * size
    if kind in seen or late or not header:
        return False
    colour = header[9]
    if kind == b"PLTE":
        # In pictures of other types a palette is a suggestion for screens with few colours.
        return colour == _PALETTE and size <= 3 << header[8]
    entries = seen.get(b"PLTE", 0) // 3
    by_colour: dict[bytes, tuple[int, ...]] = {
        b"tRNS": tuple(range(entries + 1)) if colour == _PALETTE else {0: (2,), 2: (6,)}.get(colour, ()),
        b"bKGD": (1,) if colour == _PALETTE else (2,) if colour in (0, 4) else (6,),
        b"sBIT": (3,) if colour == _PALETTE else (_CHANNELS.get(colour, 0),),
    }
    return size in by_colour.get(kind, (_SIZES.get(kind, size),))


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk with its length and check sum."""
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def _profile(content: bytes) -> list[bytes]:
    packed = content.partition(b"\0")[2][1:]
    try:
        kept = cleaned(zlib.decompressobj().decompress(packed, MAX_SIZE))
    except zlib.error:
        return []
    return [chunk(b"iCCP", b"icc\0\0" + zlib.compress(kept))] if kept else []


def picture(stream: bytes, header: bytes) -> tuple[bytes, int]:
    """The zlib stream up to its end, repacked when it holds more than the rows need; and the bytes that were too
    many. Never holds more than a window of the rows.
    """
    needed = _needed(header)
    engine = zlib.decompressobj()
    feed, rows = stream, 0
    try:
        while feed and not engine.eof and rows < needed:
            rows += len(engine.decompress(feed, min(_WINDOW, needed - rows)))
            feed = engine.unconsumed_tail
        if rows < needed:
            raise ValueError("picture ends early")
        rest = b"" if engine.eof else engine.decompress(feed, 64)
    except zlib.error:
        raise ValueError("broken picture") from None
    if rest or not engine.eof:
        return _repacked(stream, needed), len(rest)
    return stream[: len(stream) - len(engine.unused_data)], len(engine.unused_data)


def _repacked(stream: bytes, needed: int) -> bytes:
    """The rows alone, packed again."""
    engine, packer = zlib.decompressobj(), zlib.compressobj(6)
    feed, out = stream, []
    while needed:
        rows = engine.decompress(feed, min(_WINDOW, needed))
        out.append(packer.compress(rows))
        needed -= len(rows)
        feed = engine.unconsumed_tail
    return b"".join([*out, packer.flush()])


_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""First column and row, and the steps across and down, of each pass of an interlaced picture (ISO 15948, 8.2)."""


def _needed(header: bytes) -> int:
    """Bytes of all rows with their filters."""
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    bits = _CHANNELS.get(header[9], 4) * header[8]
    total = 0
    for x, y, across, down in _ADAM7 if header[12] else ((0, 0, 1, 1),):
        columns, rows = -(-(width - x) // across), -(-(height - y) // down)
        total += max(0, rows) * (1 + (columns * bits + 7) // 8) if columns > 0 else 0
    return total
