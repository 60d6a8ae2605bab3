"""Pictures of other formats, and what else is not looked at: told by their first bytes, so that a refusal says which.

Signatures as the formats' own specifications and PRONOM give them.
"""

from __future__ import annotations

from photoscan import formats
from photoscan.container import brands
from photoscan.errors import Phrase, phrase

_SIGNS = (
    (b"8BPS", "Photoshop (PSD)"), (b"gimp xcf ", "GIMP (XCF)"), (b"qoif", "QOI"), (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"), (b"#?RGBE", "Radiance HDR"), (b"DDS ", "DDS"), (b"icns", "Apple icon (ICNS)"),
    (b"II\xbc\1", "JPEG XR"), (b"II\xbc\0", "JPEG XR"), (b"BPG\xfb", "BPG"), (b"FLIF", "FLIF"),
    (b"\x8aMNG\r\n\x1a\n", "MNG"), (b"\x8bJNG\r\n\x1a\n", "JNG"), (b"SIMPLE  =", "FITS"), (b"AT&TFORM", "DjVu"),
    (b"EP*\0", "Microsoft MDI"), (b"%!PS-Adobe", "PostScript"), (b"\xc5\xd0\xd3\xc6", "PostScript (EPS)"),
    (b"\xd7\xcd\xc6\x9a", "Windows metafile"), (b"\x01\x00\x00\x00\x6c\0\0\0", "Windows metafile"),
    (b"\x59\xa6\x6a\x95", "Sun raster"), (b"\x01\xda", "SGI"), (b"\xaa\xaa\xaa\xaa", "Softimage"),
    (b"\xabKTX ", "KTX texture"), (b"\x13\xab\xa1\x5c", "ASTC texture"),
)  # fmt: skip
_ICONS = {b"\0\0\1\0": "Windows icon (ICO)", b"\0\0\2\0": "Windows cursor (CUR)"}
"""They count their pictures next; a TGA that begins alike has zeros there."""
_PNM = b"1234567Ff"
_PCX_VERSIONS, _PCX_BITS = (0, 2, 3, 4, 5), (1, 2, 4, 8)
_TGA_TYPES, _TGA_DEPTHS = (1, 2, 3, 9, 10, 11), (8, 15, 16, 24, 32)
_MINIMIZED = frozenset((b"mif3",))
"""Brands of HEIF's low-overhead form, whose one box 'mini' replaces all others (ISO 23008-12, amendment of 2025)."""


_ANY_HEIF = frozenset((b"1pic", b"heif"))
"""Brands of HEIF that tell nothing of how its picture is coded."""


def looks(head: bytes) -> Phrase:
    """What an unknown file looks like, for people."""
    name = named(head)
    return phrase("looks.picture", format=name) if name else phrase(f"looks.{formats.describe(head)}")


def named(head: bytes) -> str:
    """The name of the picture format that a file begins like; empty for none that is known."""
    for sign, name in _SIGNS:
        if head.startswith(sign):
            return name
    if head[:4] in _ICONS and any(head[4:6]):
        return _ICONS[head[:4]]
    if _MINIMIZED.intersection(brands(head)):
        return "HEIF (mini)"
    if _ANY_HEIF.intersection(brands(head)[:1]):
        return "HEIF"
    if head[128:132] == b"DICM":
        return "DICOM"
    if head[:1] == b"P" and len(head) > 2 and head[1] in _PNM and head[2:3].isspace():
        return "PNM"
    if head[:1] == b"\x0a" and len(head) >= 68 and head[1] in _PCX_VERSIONS and head[2] == 1 and head[3] in _PCX_BITS:
        return "PCX"
    return "TGA" if _is_tga(head) else ""


def _is_tga(head: bytes) -> bool:
    """TGA has no signature: its 18 bytes have to make sense (Truevision TGA 2.0)."""
    if len(head) < 18 or head[1] > 1 or head[2] not in _TGA_TYPES or head[16] not in _TGA_DEPTHS:
        return False
    mapped = head[2] in (1, 9)
    palette = head[7] in _TGA_DEPTHS if mapped else head[1] == 1 or not any(head[3:8])
    size = int.from_bytes(head[12:14], "little"), int.from_bytes(head[14:16], "little")
    return palette and mapped <= head[1] and all(0 < side < 1 << 15 for side in size) and head[17] & 0xC0 == 0
