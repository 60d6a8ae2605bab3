"""BMP: headers, palette and rows stay; gaps, the padding inside rows, profiles' names and whatever follows go."""

from __future__ import annotations

import struct

import numpy as np

from photoscan.stripping.base import Keep, Removed, Stripped
from photoscan.stripping.icc import cleaned

_HEAD = 14
_CORE = 12
_SIZES = frozenset((_CORE, 40, 52, 56, 64, 108, 124))
_V5 = 124
_EMBEDDED, _LINKED = 0x4D424544, 0x4C494E4B
_SRGB = 0x73524742
_UNCODED, _RLE, _MASKED = (0, 3, 6), (1, 2), {3: 12, 6: 16}


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild; ValueError for headers that make no sense. BMP knows no orientation and holds no statements."""
    (start,) = struct.unpack_from("<I", data, 10)
    (size,) = struct.unpack_from("<I", data, _HEAD)
    if size not in _SIZES or _HEAD + size > len(data):
        raise ValueError("unknown header")
    head = bytearray(data[_HEAD : _HEAD + size])
    if size == _CORE:
        width, height, bits = *struct.unpack_from("<HH", head, 4), struct.unpack_from("<H", head, 10)[0]
        compression = declared = colours = 0
    else:
        width, height, bits, compression, declared = struct.unpack_from("<iixxHII", head, 4)
        (colours,) = struct.unpack_from("<I", head, 32)
    if width < 1 or not height or bits not in (1, 2, 4, 8, 16, 24, 32):
        raise ValueError("no pixels")
    masks = _MASKED.get(compression, 0) if size == 40 else 0
    entries = colours or (1 << bits if bits <= 8 else 0)
    if bits <= 8 and entries > 1 << bits:
        raise ValueError("palette too large")
    front = _HEAD + size + masks + entries * (3 if size == _CORE else 4)
    if start == _HEAD + size and bits <= 8:
        start = front  # careless writers forget the palette
    # Else a palette may reach into the pixels: decoders read these bytes as both.
    if start < _HEAD + size + masks or front > len(data):
        raise ValueError("pixels inside the headers")
    if compression in _UNCODED:
        rows = _meant(_rows(data[start:], width, abs(height), bits), bits, _bits_meant(data, size, bits, compression))
    elif compression in _RLE:
        rows = _run_lengths(data[start : start + declared] if declared else data[start:], width, abs(height), bits)
    else:
        raise ValueError("unknown coding")
    profile = _profile(data, head, keep) if size == _V5 else b""
    tables = data[_HEAD + size : front]
    end = front + len(rows)
    if size != _CORE:
        struct.pack_into("<I", head, 20, len(rows))
    if size == _V5:
        struct.pack_into("<II", head, 112, end - _HEAD if profile else 0, len(profile))
    result = b"".join(
        (b"BM", struct.pack("<IHHI", end + len(profile), 0, 0, front), bytes(head), tables, rows, profile)
    )
    return Stripped(result, _removed(data, front, start, len(rows)))


def _run_lengths(coded: bytes, width: int, height: int, bits: int) -> bytes:
    """RLE4 or RLE8 up to the code that ends the picture, or to its last pixel ([MS-WMF] 3.1.6)."""
    at = x = y = 0
    while at + 2 <= len(coded) and not (y >= height or (y == height - 1 and x >= width and coded[at] != 0)):
        count, value = coded[at], coded[at + 1]
        at += 2
        if count:
            x += count
        elif value == 0:
            x, y = 0, y + 1
        elif value == 1:
            break
        elif value == 2:
            x, y = x + coded[at], y + coded[at + 1]
            at += 2
        else:
            x += value
            held = (value * bits + 7) // 8
            at += held + (held & 1)
    if at > len(coded):
        raise ValueError("rows end early")
    return coded[:at]


def _rows(coded: bytes, width: int, height: int, bits: int) -> bytes:
    """The rows with zeros as padding: nothing shows what stands there."""
    used, stride = width * bits, (width * bits + 31) // 32 * 4
    if stride * height - (stride - (used + 7) // 8) > len(coded):
        raise ValueError("rows end early")
    coded = coded.ljust(stride * height, b"\0")  # the last row's padding need not be there
    whole, odd = divmod(used, 8)
    if not odd and whole == stride:
        return coded[: stride * height]
    pad = bytes(stride - whole - bool(odd))
    last = 0xFF00 >> odd & 0xFF
    lines = (coded[at : at + stride] for at in range(0, stride * height, stride))
    return b"".join(line[:whole] + (bytes((line[whole] & last,)) if odd else b"") + pad for line in lines)


def _bits_meant(data: bytes, size: int, bits: int, compression: int) -> int:
    """The bits of a pixel that mean something: by the masks, or those of 5 or 8 a colour."""
    if compression in _MASKED:
        count = 4 if compression == 6 or size >= 56 else 3
        masks = struct.unpack_from(f"<{count}I", data, _HEAD + 40)
        return int(masks[0] | masks[1] | masks[2] | (masks[3] if count == 4 else 0))
    return {16: 0x7FFF, 32: 0xFFFFFF}.get(bits, -1)


def _meant(rows: bytes, bits: int, mask: int) -> bytes:
    """The rows without bits that no colour has: programs skip them."""
    if bits not in (16, 32) or mask == (1 << bits) - 1:
        return rows
    kind = "<u2" if bits == 16 else "<u4"
    meant = np.frombuffer(rows, kind) & np.array(mask & (1 << bits) - 1, kind)
    return bytes(meant.astype(kind).tobytes())


def _profile(data: bytes, head: bytearray, keep: Keep) -> bytes:
    """The embedded profile, cleaned; where it goes or was only a path, the colours count as sRGB."""
    (space,) = struct.unpack_from("<I", head, 56)
    at, length = struct.unpack_from("<II", head, 112)
    profile = cleaned(data[_HEAD + at : _HEAD + at + length]) if space == _EMBEDDED and keep.profile else None
    if space in (_EMBEDDED, _LINKED) and not profile:
        struct.pack_into("<I", head, 56, _SRGB)
    return profile or b""


def _removed(data: bytes, front: int, start: int, rows: int) -> tuple[Removed, ...]:
    removed = []
    if start > front:
        removed.append(Removed("bytes between headers and pixels", front, start - front))
    if len(data) > start + rows:
        removed.append(Removed("data behind the picture", start + rows, len(data) - start - rows))
    return tuple(removed)
