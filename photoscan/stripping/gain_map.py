"""A JPEG's gain map, kept where that is asked for: the map's coded data, and the few numbers that programs need.

It stands behind the picture as a JPEG of its own. Its numbers are read and written anew, in each form in which they
were said: Adobe's XMP with Google's list of items (Ultra HDR 1.1), ISO 21496-1, Apple's XMP; and a multi-picture index
(CIPA DC-007) says where the map is. Nothing else of either picture's metadata is copied.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from photoscan.formats import Format
from photoscan.stripping import jpeg
from photoscan.stripping.base import Keep, Removed, Stripped
from photoscan.stripping.flat import flattened

TAIL = "data behind the end of image"
"""How the stripper calls what stands behind a picture."""
MAX_PICTURES = 16
"""Pictures behind the first that are looked at for a map."""
SAME_SHAPE = 0.05
"""Proportions of map and picture that differ by less are the same: a map of another crop shows what was cut off."""
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_ISO = b"urn:iso:std:iso:ts:21496:-1\0"
_ADOBE, _APPLE = b"http://ns.adobe.com/hdr-gain-map/1.0/", b"http://ns.apple.com/HDRGainMap/1.0/"
_NUMBERS = ("GainMapMin", "GainMapMax", "Gamma", "OffsetSDR", "OffsetHDR", "HDRCapacityMin", "HDRCapacityMax")
_CHANNELS, _COMMON = 0x80, 0x08
"""Flags of ISO 21496-1: three channels, one denominator for all."""
_RDF = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
_DESCRIPTION, _END = '<rdf:Description rdf:about="" ', "</rdf:RDF></x:xmpmeta>"


@dataclass(frozen=True, slots=True)
class Map:
    """A gain map without its metadata. `said`: its numbers as XMP, `iso`: as ISO 21496-1; one of them may be empty.

    `adobe`: whether the XMP is Adobe's, which the primary picture announces as well.
    """

    picture: bytes
    said: bytes
    iso: bytes
    adobe: bool


def kept(data: bytes, bare: Stripped, keep: Keep) -> Stripped:
    """The stripped JPEG with its gain map behind it; as it is when the source has none that can be kept."""
    start = next((row.offset for row in bare.removed if row.part == TAIL), len(data))
    shape = _size(bare.data)
    for picture, end in _pictures(data, start):
        found = _map_of(picture, keep)
        if found and shape and same_shape(shape, _size(found.picture)):
            gone = tuple(row for row in bare.removed if row.part != TAIL)
            rest = [(start, end - len(picture)), (end, len(data))]
            gone += tuple(Removed(TAIL, first, last - first) for first, last in rest if last > first)
            gone += (Removed("names in the gain map", end - len(picture), len(picture)),)
            return Stripped(_joined(bare.data, found), gone, bare.notes)
    return bare


def _pictures(data: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    """JPEGs from a position on, and where each ends."""
    for _ in range(MAX_PICTURES):
        at = data.find(b"\xff\xd8\xff", at)
        if at < 0:
            return
        try:
            rest = jpeg.strip(data[at:], Keep()).removed
        except (ValueError, IndexError):
            at += 3
            continue
        end = next((at + row.offset for row in rest if row.part == TAIL), len(data))
        yield data[at:end], end
        at = end


def _map_of(picture: bytes, keep: Keep) -> Map | None:
    """The gain map that a JPEG is; None for another picture, and for numbers that make no sense."""
    packet = iso = b""
    for marker, content in _segments(picture):
        if marker == 0xE1 and content.startswith(_XMP):
            packet = packet or content[len(_XMP) :]
        elif marker == 0xE2 and content.startswith(_ISO):
            iso = iso or numbers_of(content[len(_ISO) :])
    said, adobe = _adobe(packet), True
    if not said:
        said, adobe = _apple(packet), False
    if not (said or iso):
        return None
    bare = jpeg.strip(picture, Keep(profile=keep.profile, orientation=False)).data
    bare, _ = flattened(bare, Format.JPEG)
    return Map(bare, said, iso, bool(said) and adobe)


def _segments(picture: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of the segments in front of the first scan."""
    at = 2
    while at + 4 <= len(picture) and picture[at] == 0xFF:
        marker, length = picture[at + 1], int.from_bytes(picture[at + 2 : at + 4], "big")
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA or length < 2:
            return
        yield marker, picture[at + 4 : at + 2 + length]
        at += 2 + length


def _values(packet: bytes, namespace: bytes, name: str) -> list[str]:
    """The values of a property of a namespace, as an attribute, an element or a list."""
    prefix = re.search(rb"xmlns:([\w-]{1,40})\s*=\s*[\"']" + re.escape(namespace), packet)
    if prefix is None:
        return []
    full = re.escape(prefix[1]) + b":" + name.encode()
    if match := re.search(rb"\s" + full + rb"\s*=\s*[\"']([^\"'<>]{0,60})[\"']", packet):
        return [match[1].decode("ascii", "replace").strip()]
    match = re.search(rb"<" + full + rb"(?:\s[^<>]{0,200})?>([^\0]{0,2000}?)</" + full + rb"\s*>", packet)
    if match is None:
        return []
    found = re.findall(rb">([^<>]{1,60})<", b">" + match[1] + b"<")
    return [text for value in found if (text := value.decode("ascii", "replace").strip())]


def _floats(packet: bytes, namespace: bytes, name: str) -> list[str]:
    """One number or three, written anew; empty for anything else."""
    try:
        numbers = [float(value) for value in _values(packet, namespace, name)]
    except ValueError:
        return []
    if len(numbers) not in (1, 3) or not all(math.isfinite(number) and abs(number) < 1e6 for number in numbers):
        return []
    return [format(number, ".7g") for number in numbers]


def _adobe(packet: bytes) -> bytes:
    """Adobe's packet with its numbers alone; empty where there is none or it lacks the map's maximum."""
    found = {name: _floats(packet, _ADOBE, name) for name in _NUMBERS}
    if not _values(packet, _ADOBE, "Version") or not found["GainMapMax"] or not found["HDRCapacityMax"]:
        return b""
    single = "".join(f' hdrgm:{name}="{values[0]}"' for name, values in found.items() if len(values) == 1)
    several = "".join(
        f"<hdrgm:{name}><rdf:Seq>{''.join(f'<rdf:li>{value}</rdf:li>' for value in values)}</rdf:Seq></hdrgm:{name}>"
        for name, values in found.items() if len(values) == 3
    )  # fmt: skip
    base = str(_values(packet, _ADOBE, "BaseRenditionIsHDR") == ["True"])
    head = f'xmlns:hdrgm="{_ADOBE.decode()}" hdrgm:Version="1.0"{single} hdrgm:BaseRenditionIsHDR="{base}">'
    return f"{_RDF}{_DESCRIPTION}{head}{several}</rdf:Description>{_END}".encode()


def _apple(packet: bytes) -> bytes:
    """Apple's packet; empty where the headroom is not in it, which maker notes say else: they are not kept."""
    version, headroom = _values(packet, _APPLE, "HDRGainMapVersion"), _floats(packet, _APPLE, "HDRGainMapHeadroom")
    if len(version) != 1 or not version[0].isdecimal() or len(headroom) != 1:
        return b""
    return (
        f'{_RDF}{_DESCRIPTION}xmlns:apdi="http://ns.apple.com/pixeldatainfo/1.0/" xmlns:HDRGainMap="{_APPLE.decode()}" '
        'apdi:AuxiliaryImageType="urn:com:apple:photo:2020:aux:hdrgainmap" '
        f'HDRGainMap:HDRGainMapVersion="{int(version[0][:9])}" HDRGainMap:HDRGainMapHeadroom="{headroom[0]}"/>{_END}'
    ).encode()


def numbers_of(content: bytes) -> bytes:
    """ISO 21496-1's binary form written anew: fractions in lowest terms; empty for what has another length."""
    if len(content) < 5 or content[:2] != b"\0\0":
        return b""
    flags = content[4]
    channels = 3 if flags & _CHANNELS else 1
    signs = "II" + "iiIii" * channels
    form = ">" + ("I" + signs if flags & _COMMON else "".join(sign + "I" for sign in signs))
    if len(content) != 5 + struct.calcsize(form):
        return b""
    numbers = struct.unpack_from(form, content, 5)
    if flags & _COMMON:
        pairs = [(number, numbers[0]) for number in numbers[1:]]
    else:
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    if not all(below for _, below in pairs):
        return b""
    reduced = [(above // math.gcd(above, below), below // math.gcd(above, below)) for above, below in pairs]
    rows = b"".join(struct.pack(f">{sign}I", *pair) for sign, pair in zip(signs, reduced, strict=True))
    return bytes(4) + bytes((flags & ~_COMMON,)) + rows


def _joined(primary: bytes, gain: Map) -> bytes:
    """Both pictures, each with what is said of the map, and the index between."""
    inner = (_packet(gain.said) if gain.said else b"") + (_segment(0xE2, _ISO + gain.iso) if gain.iso else b"")
    second = gain.picture[:2] + inner + gain.picture[2:]
    front = _packet(_container(len(second))) if gain.adobe else b""
    front += _segment(0xE2, _ISO + bytes(4)) if gain.iso else b""
    at = _behind_head(primary)
    index = at + len(front) + 8  # what offsets count from: behind marker, length and sign
    whole = len(primary) + len(front) + len(_index(0, 0, 0))
    return b"".join((primary[:at], front, _index(whole, len(second), whole - index), primary[at:], second))


def _container(length: int) -> bytes:
    """The primary picture's packet: that a gain map of so many bytes follows."""
    google = "http://ns.google.com/photos/1.0/container/"
    return (
        f'{_RDF}{_DESCRIPTION}xmlns:hdrgm="{_ADOBE.decode()}" xmlns:Container="{google}" xmlns:Item="{google}item/" '
        'hdrgm:Version="1.0"><Container:Directory><rdf:Seq>'
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>'
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" '
        f'Item:Length="{length}"/></rdf:li></rdf:Seq></Container:Directory></rdf:Description>{_END}'
    ).encode()


def _index(first: int, second: int, offset: int) -> bytes:
    """A multi-picture index of two pictures: their lengths, and where the second begins."""
    rows = struct.pack(">IIIHHIIIHH", 0x030000, first, 0, 0, 0, 0, second, offset, 0, 0)
    tags = struct.pack(">HHI4s", 0xB000, 7, 4, b"0100") + struct.pack(">HHII", 0xB001, 4, 1, 2)
    tags += struct.pack(">HHII", 0xB002, 7, len(rows), 8 + 2 + 36 + 4)
    return _segment(0xE2, b"MPF\0MM\0\x2a" + struct.pack(">IH", 8, 3) + tags + bytes(4) + rows)


def _packet(said: bytes) -> bytes:
    return _segment(0xE1, _XMP + said)


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def _behind_head(picture: bytes) -> int:
    """Where the segments of JFIF, Adobe and EXIF end."""
    at = 2
    while picture[at] == 0xFF and picture[at + 1] in (0xE0, 0xE1, 0xEE):
        at += 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
    return at


def _size(picture: bytes) -> tuple[int, int] | None:
    """Width and height in the frame header."""
    for marker, content in _segments(picture):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and len(content) >= 5:
            height, width = struct.unpack_from(">HH", content, 1)
            return width, height
    return None


def same_shape(one: tuple[int, int], other: tuple[int, int] | None) -> bool:
    """Whether two pictures have the same proportions, as far as whole pixels let them."""
    if other is None or not (all(one) and all(other)):
        return False
    return abs(one[0] * other[1] / (one[1] * other[0]) - 1) < SAME_SHAPE
