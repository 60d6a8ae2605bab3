"""Files that hold more than the picture that is shown: pairs, maps, bursts, films, and cameras' RAW layouts."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image

from tests.cleaning import samples as s
from tests.metadata import containers as c

# ---------------------------------------------------------------- TIFF: pages, sub-pictures, RAW


@dataclass
class Directory:
    """One directory: a picture of `size` in one strip, further tags, directories below by the tag that names them.

    `preview`: a JPEG that JPEGInterchangeFormat points at. `behind`: the directory that this one is chained to.
    """

    size: tuple[int, int] = (0, 0)
    tags: list[c.Tag] = field(default_factory=list)
    below: dict[int, list[Directory]] = field(default_factory=dict)
    preview: bytes = b""
    coded: bytes = b""
    behind: Directory | None = None


def page(width: int, height: int, *tags: c.Tag, **more: object) -> Directory:
    """A grey picture; tags given here outrank the ordinary ones."""
    return Directory((width, height), list(tags), **more)  # type: ignore[arg-type]


REDUCED = (0xFE, 4, 1)
CFA = (0x106, 3, 32803)
NIKON = (0x10F, 2, "NIKON CORPORATION")


def tiff(*chain: Directory, order: str = "<", head: bytes = b"") -> bytes:
    """A TIFF file of a chain of directories; `head` stands behind its header of eight bytes."""
    out = bytearray((b"II*\0" if order == "<" else b"MM\0*") + bytes(4) + head)

    def place(content: bytes) -> int:
        out.extend(b"\0" * (len(out) & 1))
        at = len(out)
        out.extend(content)
        return at

    def write(directory: Directory, following: int) -> int:
        width, height = directory.size
        tags: dict[int, c.Tag] = {}
        if width:
            pixels = directory.coded or bytes((7 * i + width) % 251 for i in range(width * height))
            rows = [(0x100, 3, width), (0x101, 3, height), (0x102, 3, 8), (0x103, 3, 1), (0x106, 3, 1), (0x115, 3, 1),
                    (0x111, 4, place(pixels)), (0x116, 3, height), (0x117, 4, len(pixels))]  # fmt: skip
            tags |= {row[0]: row for row in rows}
        if directory.preview:
            tags |= {0x201: (0x201, 4, place(directory.preview)), 0x202: (0x202, 4, len(directory.preview))}
        tags |= {tag[0]: tag for tag in directory.tags}
        for number, below in directory.below.items():
            tags[number] = (
                number,
                4,
                tuple(write(inner, write(inner.behind, 0) if inner.behind else 0) for inner in below),
            )
        at = len(out) + (len(out) & 1)
        return place(c.ifd([tags[number] for number in sorted(tags)], order, at, following=following))

    following = 0
    for directory in reversed(chain):
        following = write(directory, following)
    struct.pack_into(order + "I", out, 4, following)
    return bytes(out)


def _photo(width: int, height: int) -> bytes:
    return s.coded("JPEG", s.picture().resize((width, height)))


_SENSOR = page(240, 160, CFA)
_NEF, _OLD_JPEG = (0x103, 3, 34713), (0x103, 3, 6)
_TAKEN = Directory(tags=[(0x9003, 2, "2026:01:02 03:04:05")])
_BIG = _photo(320, 240)
RAW: dict[str, bytes] = {
    "NEF": tiff(page(32, 24, REDUCED, NIKON, below={0x14A: [page(1, 1, preview=_BIG), page(240, 160, CFA, _NEF)]})),
    "NEF, big-endian": tiff(page(32, 24, REDUCED, NIKON, below={0x14A: [_SENSOR]}), order=">"),
    "NEF whose thumbnail does not say so": tiff(page(32, 24, NIKON, below={0x14A: [_SENSOR]})),
    "DNG": tiff(page(32, 24, REDUCED, (0xC612, 1, b"\1\4\0\0"), below={0x14A: [_SENSOR, page(64, 48, REDUCED)]})),
    "DNG with the sensor first": tiff(page(240, 160, CFA, (0xC612, 1, b"\1\4\0\0"))),
    "linear DNG without its sign": tiff(page(32, 24, below={0x14A: [page(240, 160, (0x106, 3, 34892))]})),
    "CR2": tiff(
        page(160, 120, _OLD_JPEG, coded=_photo(160, 120)), page(32, 24), page(64, 48), page(240, 160, _OLD_JPEG),
        head=b"CR\2\0" + bytes(4),
    ),
    "ARW": tiff(
        page(32, 24, REDUCED, preview=_BIG, below={0x14A: [page(240, 160, CFA, (0x103, 3, 32767))]}),
        page(16, 12, REDUCED),
    ),
    "SRW": tiff(page(32, 24, REDUCED, below={0x14A: [page(240, 160, (0x103, 3, 32770))]})),
    "PEF": tiff(page(240, 160, CFA, (0x103, 3, 65535)), page(32, 24, REDUCED, preview=_photo(64, 48))),
    "the sensor in a second directory": tiff(page(32, 24), page(240, 160, CFA)),
    "the sensor in a fourth directory": tiff(page(64, 48), page(32, 24, REDUCED), page(32, 24, REDUCED), _SENSOR),
    "the sensor below a sub-picture": tiff(page(32, 24, below={0x14A: [page(16, 12, below={0x14A: [_SENSOR]})]})),
    "the sensor chained to a sub-picture": tiff(page(32, 24, below={0x14A: [page(16, 12, REDUCED, behind=_SENSOR)]})),
    "KDC": tiff(page(32, 24, below={0xFE00: [page(240, 160, (0x103, 3, 65000))]})),
    "a maker's directory with a larger picture": tiff(page(32, 24, NIKON, below={0xC7D1: [page(240, 160)]})),
    "the same in EXIF": tiff(page(32, 24, NIKON, below={0x8769: [page(0, 0, below={0xC7D1: [page(240, 160)]})]})),
    "a block that only its maker knows": tiff(page(32, 24, NIKON, (0xC634, 7, bytes(range(256)) * 300))),
    "a preview that is larger than the picture": tiff(page(32, 24, preview=_BIG)),
    "a larger JPEG in a maker note": tiff(page(32, 24, (0x927C, 7, b"Maker\0\0\0" + _BIG))),
    "a larger JPEG that no tag names": tiff(page(32, 24)) + _BIG,
    "Phase One": tiff(page(32, 24, (0x927C, 7, b"IIIITwaR" + bytes(64)))),
    "only a reduced picture first": tiff(page(32, 24, REDUCED), page(240, 160)),
    "a reduced picture alone": tiff(page(32, 24, REDUCED)),
    "a reduced picture, then a smaller one": tiff(page(32, 24, REDUCED), page(16, 12)),
    "reduced in the old way": tiff(page(32, 24, (0xFF, 3, 2)), page(240, 160)),
    "a larger later page": tiff(page(32, 24), page(240, 160)),
    "a larger sub-picture": tiff(page(32, 24, below={0x14A: [page(240, 160)]})),
}  # fmt: skip
"""Files of which a copy would be a preview."""

ORDINARY: dict[str, bytes] = {
    "a page": tiff(page(32, 24)),
    "a page and its thumbnail": tiff(page(32, 24, NIKON), page(16, 12, REDUCED, preview=_photo(16, 12))),
    "a pyramid": tiff(page(64, 48, below={0x14A: [page(32, 24, REDUCED), page(16, 12, REDUCED)]})),
    "two pages": tiff(page(32, 24), page(32, 24)),
    "a smaller page": tiff(page(32, 24), page(16, 12)),
    "EXIF and a maker note": tiff(page(32, 24, NIKON, (0x927C, 7, bytes(range(200))), below={0x8769: [_TAKEN]})),
    "pixels that begin with CR": tiff(page(8, 6, coded=b"CR\2\0" * 12)),
    "layers with a large picture": tiff(page(32, 24, (0x935C, 7, b"Adobe Photoshop Document Data Block\0" + _BIG))),
}  # fmt: skip
"""Files of which a copy is the photo."""

# ---------------------------------------------------------------- JPEG: MPO, Ultra HDR, 360 degrees


def mpo(*pictures: tuple[int, bytes], order: str = ">", front: Sequence[bytes] = ()) -> bytes:
    """JPEGs one behind the other with a multi-picture index (CIPA DC-007) of (type, picture)."""
    primary = pictures[0][1]
    inner = b"".join(front) + primary[2:]
    index_length = 4 + 8 + 2 + 3 * 12 + 4 + 16 * len(pictures)
    begin = 2 + 4 + 4 + sum(map(len, front))
    at = 2 + 4 + index_length + len(inner)
    rows = struct.pack(order + "IIIHH", pictures[0][0], at, 0, 0, 0)
    for kind, picture in pictures[1:]:
        rows += struct.pack(order + "IIIHH", kind, len(picture), at - begin, 0, 0)
        at += len(picture)
    tags = [(0xB000, 7, b"0100"), (0xB001, 4, len(pictures)), (0xB002, 7, rows)]
    index = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8) + c.ifd(tags, order, 8)
    segment = c.segment(0xE2, b"MPF\0" + index)
    return b"\xff\xd8" + b"".join(front) + segment + primary[2:] + b"".join(picture for _, picture in pictures[1:])


FIRST, STEREO, PREVIEW, PANORAMA = 0x030000, 0x020002, 0x010002, 0x020001
_HDRGM = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"'


def packet(body: str, namespaces: str) -> bytes:
    """An XMP segment."""
    return c.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + c.xmp(body, namespaces))


def fractions(*pairs: tuple[int, int]) -> bytes:
    """A gain map's numbers in ISO 21496-1's binary form: signed or unsigned numerators and their denominators."""
    return b"".join(struct.pack(">iI", *pair) for pair in pairs)


ISO = b"urn:iso:std:iso:ts:21496:-1\0"
ISO_MAP = ISO + bytes((0, 0, 0, 0, 0x40)) + fractions(
    (0, 1), (3, 1), (0, 1), (3, 1), (1, 1), (1, 64), (1, 64)
)  # fmt: skip
"""Version, flags (the base's colours), headrooms, then for one channel minimum, maximum, gamma and both offsets."""


NUMBERS = (
    "<hdrgm:Version>1.0</hdrgm:Version><hdrgm:GainMapMin>0.0</hdrgm:GainMapMin><hdrgm:GainMapMax>3.0"
    "</hdrgm:GainMapMax><hdrgm:Gamma>1.0</hdrgm:Gamma><hdrgm:OffsetSDR>0.015625</hdrgm:OffsetSDR>"
    "<hdrgm:OffsetHDR>0.015625</hdrgm:OffsetHDR><hdrgm:HDRCapacityMin>0.0</hdrgm:HDRCapacityMin>"
    "<hdrgm:HDRCapacityMax>3.0</hdrgm:HDRCapacityMax><hdrgm:BaseRenditionIsHDR>False</hdrgm:BaseRenditionIsHDR>"
)


def ultra_hdr(
    primary: bytes,
    gain: bytes,
    iso: bytes = ISO_MAP,
    numbers: str = NUMBERS,
    planted: str = "",
    listed: bool = True,
    between: bytes = b"",
) -> bytes:
    """A JPEG with a gain map behind it: Adobe's XMP and Google's container, ISO 21496-1, and a multi-picture index.

    `planted` stands in the XMP and EXIF of both pictures, `between` in front of the map. `listed`: with the index.
    """
    extra = f"<dc:creator>{planted}</dc:creator>" if planted else ""
    names = _HDRGM + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    inner = []
    if planted:
        inner.append(c.exif(c.tiff([(0x13B, 2, planted)])))
    if numbers:
        inner.append(packet(numbers + extra, names))
    if iso:
        inner.append(c.segment(0xE2, iso))
    gain = b"\xff\xd8" + b"".join(inner) + gain[2:]
    container = (
        "<hdrgm:Version>1.0</hdrgm:Version><Container:Directory><rdf:Seq>"
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>'
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" '
        f'Item:Length="{len(gain)}"/></rdf:li></rdf:Seq></Container:Directory>{extra}'
    )
    names += ' xmlns:Container="http://ns.google.com/photos/1.0/container/"'
    names += ' xmlns:Item="http://ns.google.com/photos/1.0/container/item/"'
    front = []
    if planted:
        front.append(c.exif(c.tiff([(0x13B, 2, planted)])))
    if numbers:
        front.append(packet(container, names))
    if iso:
        front.append(c.segment(0xE2, ISO + bytes(4)))
    if listed:
        others = [(PREVIEW, between)] if between else []
        return mpo((FIRST, primary), *others, (0, gain), front=front)
    return b"\xff\xd8" + b"".join(front) + primary[2:] + between + gain


APPLE_MAP = (
    "<apdi:AuxiliaryImageType>urn:com:apple:photo:2020:aux:hdrgainmap</apdi:AuxiliaryImageType>"
    "<HDRGainMap:HDRGainMapVersion>131072</HDRGainMap:HDRGainMapVersion>"
)
APPLE_NAMES = (
    'xmlns:apdi="http://ns.apple.com/pixeldatainfo/1.0/" xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/"'
)


def projected(prefix: str = "GPano") -> bytes:
    """A JPEG that says to be a sphere."""
    body = f"<{prefix}:ProjectionType>equirectangular</{prefix}:ProjectionType>"
    return (
        b"\xff\xd8" + packet(body, f'xmlns:{prefix}="http://ns.google.com/photos/1.0/panorama/"') + _photo(64, 32)[2:]
    )


# ---------------------------------------------------------------- HEIC with several items

_AUX = {
    "gain": b"urn:com:apple:photo:2020:aux:hdrgainmap", "depth": b"urn:mpeg:hevc:2015:auxid:2",
    "matte": b"urn:com:apple:photo:2018:aux:portraiteffectsmatte", "alpha": b"urn:mpeg:hevc:2015:auxid:1",
}  # fmt: skip


def heic(*others: str, grouped: bytes = b"", tone_mapped: bytes = b"", same: bool = False) -> bytes:
    """A HEIC with items beside its first: 'picture', 'thumbnail' or a sort of auxiliary picture.

    `grouped`: the kind of a group over all full pictures. `tone_mapped`: the numbers of a gain map, which the second
    picture is. `same`: the others are coded alike to the last byte.
    """
    first, configuration, size = s._coded_item(s._one_heic(s.picture().resize((64, 64))))
    items, references, rows = [(b"hvc1", b"", first)], b"", [(1, b"\1\2")]
    properties = configuration + size + b"".join(c.full(b"auxC", name + b"\0") for name in _AUX.values())
    for number, other in enumerate(others, 2):
        turned = s.picture().rotate(17 * number).resize((64, 64))
        coded = first if same else s._coded_item(s._one_heic(turned))[0]
        items.append((b"hvc1", b"", coded))
        if other in _AUX:
            references += c.box(b"auxl", struct.pack(">HHH", number, 1, 1))
        elif other == "thumbnail":
            references += c.box(b"thmb", struct.pack(">HHH", number, 1, 1))
        rows.append((number, b"\1\2" + (bytes((3 + list(_AUX).index(other),)) if other in _AUX else b"")))
    if tone_mapped:
        items.append((b"tmap", b"", b"\0" + tone_mapped[len(ISO) :]))
        references += c.box(b"dimg", struct.pack(">HHHH", len(items), 2, 1, 2))
        rows.append((len(items), b"\2"))
    table = associated(rows)
    pictures = [1, *(number for number, other in enumerate(others, 2) if other == "picture")]
    group = c.full(grouped, struct.pack(f">II{len(pictures)}I", 9, len(pictures), *pictures))
    groups = c.box(b"grpl", group) if grouped else b""
    return c.heif(items, references, properties, table, groups=groups)


def associated(rows: Sequence[tuple[int, bytes]]) -> bytes:
    """The content of an association box from item numbers and the places of their properties."""
    table = b"".join(struct.pack(">HB", number, len(links)) + links for number, links in rows)
    return struct.pack(">I", len(rows)) + table


def avif(gain_size: tuple[int, int] = (32, 24), numbers: bytes = ISO_MAP, planted: bytes = b"") -> bytes:
    """An AVIF with a tone-mapped picture derived from its own and a gain map, as libavif writes it."""

    def coded(image: Image.Image) -> tuple[bytes, bytes]:
        data = s.coded("AVIF", image)
        properties = b""
        for name in (b"ispe", b"pixi", b"av1C"):
            at = data.index(name) - 4
            properties += data[at : at + int.from_bytes(data[at : at + 4], "big")]
        at = data.index(b"mdat") - 4
        return data[at + 8 : at + int.from_bytes(data[at : at + 4], "big")], properties

    first, shown = coded(s.picture().resize((64, 48)))
    gain, applied = coded(s.picture().convert("L").resize(gain_size))
    colours = c.box(b"colr", b"nclx" + struct.pack(">HHHB", 9, 16, 9, 0x80))
    items = [(b"av01", b"", first), (b"tmap", b"", b"\0" + numbers[len(ISO) :]), (b"av01", b"", gain)]
    references = c.box(b"dimg", struct.pack(">HHHH", 2, 2, 1, 3))
    if planted:
        items.append((b"Exif", b"", bytes(4) + c.tiff([(0x13B, 2, planted.decode())])))
        references += c.box(b"cdsc", struct.pack(">HHH", 4, 1, 1))
    table = associated([(1, b"\1\2\x83"), (2, b"\1\2\7"), (3, b"\4\5\x86")])
    groups = c.box(b"grpl", c.full(b"altr", struct.pack(">IIII", 9, 2, 2, 1)))
    brands = b"avif" + bytes(4) + b"avifmif1miaftmap"
    return c.heif(items, references, shown + applied + colours, table, groups=groups, brands=brands)
