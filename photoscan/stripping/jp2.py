"""JPEG 2000 (ISO 15444-1, -2, -15): the boxes that say how to show the first codestream, and that codestream.

Everything else goes: metadata, links, labels, rights, further pictures and layers.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from photoscan.stripping import icc
from photoscan.stripping.base import Keep, Removed, Stripped
from photoscan.stripping.boxes import Found, box, boxes
from photoscan.stripping.codestream import Codestream

SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
NOTE = "taken_whole"
_BRANDS = (b"jp2 ", b"jpx ", b"jpxb", b"jph ")
_SRGB, _GREY, _CMYK, _COMPRESSION = 16, 17, 12, 7
_ENUMERATED = 7
"""Bytes of a colour specification that names a colour space by number (I.5.3.3)."""
_MOST_ENUMERATED = 255
_SORTS = (0, 1, 2, 0xFFFF)
"""Of channels: colour, opacity, premultiplied opacity, unspecified (I.5.3.6)."""
_LAB = 14
_LIGHTS = frozenset(
    int.from_bytes(name, "big") for name in (b"D50", b"D65", b"D55", b"SA", b"SC", b"F2", b"F7", b"F11")
)
_PROFILES = (2, 3)
"""Methods of a colour specification that carry a profile: restricted, any (ISO 15444-2, M.11.7.3)."""


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild; ValueError without a codestream, or where it is broken. The picture stays as it is coded."""
    if data.startswith(b"\xff\x4f"):
        coded = Codestream(data, 0, len(data))
        return Stripped(coded.data, tuple(coded.removed), (NOTE,))
    found = boxes(data, 0, len(data))
    removed: list[Removed] = []
    header = picture = brands = b""
    for kind, start, body, stop in found:
        if kind == b"ftyp" and not brands:
            brands = _file_type(data[body:stop])
        elif kind == b"jp2h" and not header:
            header = _header(data, body, stop, _outer_colours(data, found), keep, removed)
        elif kind == b"jp2c" and not picture:
            coded = Codestream(data, body, stop)
            picture = box(kind, coded.data)
            removed += coded.removed
        elif kind != b"jP  ":
            removed.append(Removed(f"box {_name(kind)}", start, stop - start))
    end = found[-1][3] if found else 0
    if not header or not picture:
        raise ValueError("no picture")
    if end < len(data):
        removed.append(Removed("data behind the end of image", end, len(data) - end))
    file_type = brands or box(b"ftyp", b"jp2 \0\0\0\0jp2 ")
    return Stripped(b"".join((SIGNATURE, file_type, header, picture)), tuple(removed), (NOTE,))


def _file_type(content: bytes) -> bytes:
    """Brand and compatible brands, of those that are known; a reader of plain JP2 can read every copy (I.5.2)."""
    brand = content[:4] if content[:4] in _BRANDS else b"jp2 "
    named = {content[at : at + 4] for at in range(8, len(content) - 3, 4)}
    compatible = [known for known in _BRANDS if known in named] or [b"jp2 "]
    return box(b"ftyp", brand, bytes(4), *compatible)


def _header(data: bytes, start: int, end: int, outer: list[Found], keep: Keep, removed: list[Removed]) -> bytes:
    """The JP2 header box: size, depths, colours, palette, channels, resolution (I.5.3)."""
    inner = boxes(data, start, end)
    sizes = next((data[body:stop] for kind, _, body, stop in inner if kind == b"ihdr"), b"")
    if len(sizes) != 14:
        raise ValueError("no image header")
    channels = int.from_bytes(sizes[8:10], "big")
    # Compression is 7 in any JP2; nothing is said of intellectual property, whose box is gone.
    out = [box(b"ihdr", sizes[:11], bytes((_COMPRESSION, sizes[12] & 1, 0)))]
    colours = [row for row in inner if row[0] == b"colr"] or outer
    given = {kind: data[body:stop] for kind, _, body, stop in reversed(inner)}
    written: set[bytes] = set()
    for kind, at, body, stop in inner:
        content = data[body:stop]
        if kind in (b"ihdr", b"colr"):
            continue
        if kind not in written and _sound(kind, content, channels, given):
            written.add(kind)
            out.append(box(kind, content))
        else:
            removed.append(Removed(f"box {_name(kind)}", at, stop - at))
    out[1:1] = _colours(data, colours, channels, keep, removed)
    return box(b"jp2h", *out)


def _sound(kind: bytes, content: bytes, channels: int, given: Mapping[bytes, bytes]) -> bool:
    """Whether a box of the header is one that decoding needs, and has the length and values that it has to have.

    `given`: the header's boxes. A palette and its mapping stand together or not at all (I.5.3.4, I.5.3.5). Resolutions
    (I.5.3.7) say how large a print is to be, which no decoder needs.
    """
    palette, mapping = given.get(b"pclr", b""), given.get(b"cmap", b"")
    if kind == b"bpcc":
        return len(content) == channels
    if kind in (b"pclr", b"cmap"):
        return _is_palette(palette) and _maps(mapping, channels, palette[2])
    if kind == b"cdef":
        return _defines(content, len(mapping) // 4 if palette and mapping else channels)
    return False


def _is_palette(content: bytes) -> bool:
    """Whether a palette has as many bytes as its entries need (I.5.3.4)."""
    if len(content) <= 3:
        return False
    entries, columns = int.from_bytes(content[:2], "big"), content[2]
    width = sum(((bits & 0x7F) + 8) // 8 for bits in content[3 : 3 + columns])
    return 0 < entries <= 1024 and len(content) == 3 + columns + entries * width


def _maps(content: bytes, channels: int, columns: int) -> bool:
    """Whether each row names a component, a way to use it and a column that there is (I.5.3.5)."""
    if len(content) % 4 or not 0 < len(content) <= 4 * 255:
        return False
    rows = struct.iter_unpack(">HBB", content)
    return all(component < channels and way <= 1 and column < columns for component, way, column in rows)


def _defines(content: bytes, channels: int) -> bool:
    """Whether each row defines another channel, as one of the sorts that there are (I.5.3.6)."""
    rows = int.from_bytes(content[:2], "big")
    if not 0 < rows <= channels or len(content) != 2 + 6 * rows:
        return False
    told = list(struct.iter_unpack(">HHH", content[2:]))
    sound = all(n < channels and sort in _SORTS and (of <= channels or of == 0xFFFF) for n, sort, of in told)
    return sound and len({n for n, _, _ in told}) == rows


def _colours(data: bytes, found: list[Found], channels: int, keep: Keep, removed: list[Removed]) -> list[bytes]:
    """Colour specifications, profiles cleaned; a plain one where none of them can stay."""
    out: list[bytes] = []
    plain = _SRGB if channels >= 3 else _GREY
    for _, start, body, stop in found:
        content = data[body:stop]
        method = content[0] if content else 0
        if method == 1 and len(content) >= _ENUMERATED:
            space = int.from_bytes(content[3:7], "big")
            if space <= _MOST_ENUMERATED:
                out.append(box(b"colr", b"\1\0\0", content[3:7], _axes(content[7:35]) if space == _LAB else b""))
                continue
        elif method in _PROFILES:
            plain = _CMYK if content[19:23] == b"CMYK" else plain
            profile = icc.cleaned(content[3:]) if keep.profile else None
            if profile:
                out.append(box(b"colr", bytes((method, 0, 0)), profile))
                if profile == content[3:]:
                    continue
        removed.append(Removed("colour profile", start, stop - start))
    return out or [box(b"colr", b"\1\0\0", struct.pack(">I", plain))]


def _axes(parameters: bytes) -> bytes:
    """Sizes and offsets of CIELab's axes, and the light (ISO 15444-2, M.11.7.4); ValueError for anything else."""
    if not parameters:
        return b""
    *sizes, light = struct.unpack(">7I", parameters.ljust(28, b"\xff"))
    known = light in _LIGHTS or light >> 16 == int.from_bytes(b"CT", "big")
    if not known or any(size > 1 << 16 for size in sizes):
        raise ValueError("no axes of colours")
    return parameters


def _outer_colours(data: bytes, found: list[Found]) -> list[Found]:
    """Colours of the first compositing layer of a JPX file, for a header that has none (ISO 15444-2, M.11.7)."""
    for kind, _, body, stop in found:
        if kind == b"jplh":
            groups = [row for row in boxes(data, body, stop) if row[0] == b"cgrp"]
            return [row for _, _, at, end in groups[:1] for row in boxes(data, at, end) if row[0] == b"colr"]
    return []


def _name(kind: bytes) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in kind.decode("latin-1")).strip()
