"""PNG (ISO 15948): chunks, slack in the picture's data, and what follows IEND."""

from __future__ import annotations

import zlib

from photoscan.metadata import exif, icc, iptc, jumbf, sniff, tail, xmp
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Role, is_fill
from photoscan.metadata.ifd import text
from photoscan.patterns import pattern

MAX_CHUNKS = 1_000_000
MAX_ROWS = 1 << 32
"""Bytes of decompressed rows up to which the picture's data are checked for slack."""
_WINDOW = 1 << 18
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DECODING = {
    b"IHDR": 13, b"PLTE": 768, b"IEND": 0, b"tRNS": 256, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4, b"sBIT": 4,
    b"bKGD": 6, b"pHYs": 9, b"hIST": 512, b"acTL": 8, b"fcTL": 26, b"mDCV": 24, b"cLLI": 8,
    b"oFFs": 9, b"sTER": 1, b"gIFg": 4, b"iDOT": 28,
}  # fmt: skip
"""Chunks that decoding or showing needs, also of PNG's extensions and Apple's, and how many bytes of them can mean
something."""
_HEX = pattern(rb"\s*\S+\s+\d+\s([0-9A-Fa-f\s]*)")
"""A raw profile: its name, its length in bytes, its bytes in hexadecimal digits and lines."""
_EXIF_FIELD = "exif:"
"""Before the names of EXIF's fields where ImageMagick writes each as a text of its own."""
_XMP = "XML:com.adobe.xmp"
_PACKETS = ("xmp", "xml", "xml:com.adobe.xmp", "com.adobe.xmp", "adobe:xmp")


def walk(block: Block, path: str, found: Collector) -> None:
    """Every chunk that is not needed to show the picture, and every byte that no chunk needs."""
    data, at = block.data, 8
    pixels: list[Block] = []
    header = data[16:29]
    shown = [0, 0]
    unseen: list[tuple[int, int, int]] = []
    frames: list[bytes] = []
    for _ in range(MAX_CHUNKS):
        if at + 12 > len(data):
            found.warn("no end of image")
            found.unknown(block, path, start=at)
            break
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body, end = at + 8, at + 8 + length
        if end + 4 > len(data):
            found.warn("a chunk is longer than the file")
            found.unknown(block, path, start=at)
            break
        if kind == b"IDAT":
            pixels.append(block.cut(body, end))
        elif not _counted(kind, shown) and kind == b"fdAT":
            before = len(found.entries)
            found.unknown(block, path, "frame that is not shown", body + 4, end)
            unseen += [(before, body + 4, end)] if len(found.entries) > before else []
        elif kind in _DECODING:
            means = _meant(kind, header, bool(pixels))
            found.unknown(block, f"{path}/{kind.decode()}", "surplus", body + means, end)
            if kind == b"acTL":
                # Frames in front of the count belong to it; a second one says nothing.
                shown = shown if shown[1] else [shown[0] + int.from_bytes(data[body : body + 4], "big"), 1]
        elif kind == b"fdAT":
            frames.append(data[body + 4 : end])
        else:
            with found.guarded(path):
                _chunk(kind, block.cut(body, end), path, found)
        at = end + 4
        if kind == b"IEND":
            tail.read(block, at, path, found)
            break
    else:
        found.warn("too many chunks")
    if unseen:
        seen = b"".join([*(part.data for part in pixels), *frames])
        for index, start, stop in unseen:
            found.unlike(block, range(start, stop, max(1, (stop - start) // 8)), stop, seen, index)
    if pixels and len(header) == 13:
        _slack(Block.joined(pixels), header, path, found)


def _counted(kind: bytes, shown: list[int]) -> bool:
    """Whether a chunk belongs to one of the frames that the animation counts.

    `shown`: how many are to come, less than none from the first on that it does not count; whether it has counted.
    """
    shown[0] -= kind == b"fcTL"
    return shown[0] >= 0


def _meant(kind: bytes, header: bytes, late: bool) -> int:
    """How many bytes of a chunk can mean something in a picture of this type; `late`: it stands behind the picture."""
    colour = header[9] if len(header) == 13 else 3
    if kind == b"PLTE" and (late or colour != 3):
        return 0
    return {0: 2, 2: 6}.get(colour, 256) if kind == b"tRNS" else _DECODING[kind]


def _chunk(kind: bytes, content: Block, path: str, found: Collector) -> None:
    data = content.data
    name = f"{path}/{kind.decode('latin-1')}"
    if kind in (b"eXIf", b"exIf"):
        exif.read(content.cut(6 if data.startswith(b"Exif\0\0") else 0), f"{path}/exif", found)
    elif kind == b"iCCP":
        _profile(content, path, found)
    elif kind == b"tIME" and len(data) == 7:
        stamp = "{:04}:{:02}:{:02} {:02}:{:02}:{:02}".format(int.from_bytes(data[:2], "big"), *data[2:])
        found.add(content, name, "ModifyDate", stamp)
    elif kind in (b"tEXt", b"zTXt", b"iTXt"):
        _text(kind, content, name, path, found)
    elif kind == b"caBX":
        jumbf.read(content, f"{path}/jumbf", found)
    else:
        found.unknown(content, name, about=sniff.words(data, 0, len(data)))


def _profile(content: Block, path: str, found: Collector) -> None:
    name, _, _ = content.data.partition(b"\0")
    before = len(found.entries)
    icc.read(found.inflate(content.cut(len(name) + 2)), f"{path}/icc", found)
    if len(found.entries) > before and name:
        # The chunk's own name repeats a profile's that is not a common one.
        found.add(content, f"{path}/icc", "ProfileName", text(name), 0, len(name), Role.PROFILE)


def _text(kind: bytes, content: Block, name: str, path: str, found: Collector) -> None:
    """tEXt: keyword, text. zTXt: packed. iTXt: flags, language and translated keyword first, then UTF-8."""
    keyword, _, rest = content.data.partition(b"\0")
    start = len(keyword) + 1
    if kind == b"zTXt":
        value = found.inflate(content.cut(start + 1))
    elif kind == b"iTXt":
        language, _, behind = rest[2:].partition(b"\0")
        translated = behind.partition(b"\0")[0]
        start += 2 + len(language) + 1 + len(translated) + 1
        value = content.cut(start)
        if rest[:1] == b"\1":
            value = found.inflate(value)
        if translated.strip():
            found.add(content, name, "translated keyword", text(translated), start - 1 - len(translated), start - 1)
    else:
        value = content.cut(start)
    label = text(keyword)
    if label == _XMP or (label.casefold() in _PACKETS and xmp.looks_like(value.data)):
        xmp.read(value, f"{path}/xmp", found)
    elif label.casefold().startswith("raw profile type"):
        _raw_profile(value, label.rpartition(" ")[2], name, path, found)
    elif not is_fill(value.data, 0, len(value.data)):
        raw = value.data[: found.MAX_TEXT]
        shown = raw.decode("utf-8", "replace").strip("\0 ") if kind == b"iTXt" else text(raw)
        field = label.removeprefix(_EXIF_FIELD)
        found.add(value, name if field == label else f"{path}/exif", field or "text", shown)
    elif label:
        found.add(content, name, "keyword", label, 0, len(keyword))


def _raw_profile(value: Block, kind: str, name: str, path: str, found: Collector) -> None:
    """ImageMagick's way of carrying other standards: a name, a size, then hex digits."""
    written = _HEX.match(value.data)
    digits = b"".join(written[1].split()) if written else b""
    if not written or len(digits) < 2:
        found.unknown(value, name, f"Raw profile type {kind}")
        return
    if value.data[written.end() :].strip(b"\0"):
        found.unknown(value, name, "bytes behind the profile", written.end())
    raw = value.unpacked(bytes.fromhex(digits[: len(digits) & ~1].decode("ascii")))
    if raw.data.startswith((b"Exif\0\0", b"II*\0", b"MM\0*")):
        exif.read(raw.cut(6 if raw.data.startswith(b"Exif") else 0), f"{path}/exif", found)
    elif raw.data.startswith(b"8BIM"):
        iptc.read_resources(raw, f"{path}/photoshop", found)
    elif raw.data.startswith(b"\x1c"):
        iptc.read(raw, f"{path}/iptc", found)
    elif xmp.looks_like(raw.data) or kind == "xmp":
        xmp.read(raw, f"{path}/xmp", found)
    elif raw.data[36:40] == b"acsp":
        icc.read(raw, f"{path}/icc", found)
    else:
        found.unknown(raw, name, f"Raw profile type {kind}")


def _slack(stream: Block, header: bytes, path: str, found: Collector) -> None:
    """Bytes behind the compressed stream's end, and rows past the picture's last: nothing shows them."""
    needed = _needed(header)
    if not needed:
        return
    if needed > MAX_ROWS:
        found.warn("the picture's data are too large to be checked for slack")
        return
    engine = zlib.decompressobj()
    rows, fed, surplus = 0, 0, b""
    try:
        while rows <= needed and not engine.eof:
            feed = engine.unconsumed_tail or stream.data[fed : fed + _WINDOW]
            if not engine.unconsumed_tail:
                fed += len(feed)
            out = engine.decompress(feed, _WINDOW)
            rows += len(out)
            if rows > needed:
                surplus = out[needed - rows :]
            if not feed and not out:
                break
    except zlib.error:
        found.warn("the picture's data are broken")
        return
    if surplus.strip(b"\0"):
        found.unknown(stream.unpacked(surplus), f"{path}/IDAT", "rows below the picture")
    if engine.eof:
        end = fed - len(engine.unused_data)
        before = len(found.entries)
        found.unknown(stream, f"{path}/IDAT", "bytes behind the picture's data", end)
        if len(found.entries) > before:
            # Careless programs write the same picture twice.
            size = len(stream.data)
            found.unlike(stream, range(end, size, max(1, (size - end) // 8)), size, stream.data[:end])


def _needed(header: bytes) -> int:
    """Bytes of all rows with their filter bytes, also when they come in Adam7's seven passes."""
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    bits = _CHANNELS.get(header[9], 4) * header[8]
    if not header[12]:
        return height * (1 + (width * bits + 7) // 8)
    total = 0
    for x, y, dx, dy in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        columns, rows = max(0, -(-(width - x) // dx)), max(0, -(-(height - y) // dy))
        total += rows * (1 + (columns * bits + 7) // 8) if columns else 0
    return total
