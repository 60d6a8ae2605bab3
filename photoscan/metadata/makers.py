"""Who writes maker notes how: signs, where directories begin, what offsets count from, and the telling tags.

Public knowledge, as collected by the authors of ExifTool and Exiv2. Numbers about exposure are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class Form:
    """How a value is to be shown, behind a bar in the tag's name."""

    HEX = "hex"
    CANON = "canon"
    FACES = "faces"
    SWAPPED = "swapped"
    """Eight digits, the last pair first."""


@dataclass(frozen=True, slots=True)
class Maker:
    """One layout. `first`: bytes from the block's start to its directory (or to the pointer to it).

    `relative`: offsets count from `base` bytes behind the block's start, else from the EXIF block's. `header`: a TIFF
    header stands at `base`. `order`: '<' or '>' where it is fixed; `order_at`: where in the block the order is
    written. `tags`: number to name, or to the tags of a directory below.
    """

    name: str
    sign: bytes
    tags: dict[int, Any]
    first: int = 0
    relative: bool = False
    base: int = 0
    header: bool = False
    pointer: bool = False
    order: str = ""
    order_at: int = 0


_CANON = {
    0x0006: "ImageType", 0x0007: "FirmwareVersion", 0x0009: "OwnerName", 0x000C: "SerialNumber|canon",
    0x0028: "ImageUniqueID|hex", 0x0095: "LensModel", 0x0096: "InternalSerialNumber",
}  # fmt: skip
_NIKON = {
    0x001D: "SerialNumber", 0x00A0: "SerialNumber", 0x0039: "LocationInfo", 0x00A7: "ShutterCount",
    0x003E: "ImageAuthentication",
}  # fmt: skip
_SONY = {0x2031: "SerialNumber|swapped", 0x9050: "EncipheredSerialNumber|hex"}
_FUJIFILM = {0x0010: "InternalSerialNumber", 0x8007: "FileOwner"}
_EQUIPMENT = {
    0x0101: "SerialNumber", 0x0102: "InternalSerialNumber", 0x0202: "LensSerialNumber", 0x0302: "ExtenderSerialNumber",
    0x1003: "FlashSerialNumber",
}  # fmt: skip
_OLYMPUS = {0x0404: "SerialNumber", 0x2010: _EQUIPMENT}
_PANASONIC = {
    0x0025: "InternalSerialNumber", 0x0033: "BabyAge", 0x0052: "LensSerialNumber", 0x0054: "AccessorySerialNumber",
    0x0061: "RecognizedFaces|faces", 0x0065: "Title", 0x0066: "BabyName", 0x0067: "Location", 0x0069: "Country",
    0x006B: "State", 0x006D: "City", 0x006F: "Landmark", 0x8010: "BabyAge",
}  # fmt: skip
_APPLE = {
    0x000B: "BurstUUID", 0x0011: "ContentIdentifier", 0x0015: "ImageUniqueID", 0x0020: "ImageCaptureRequestID",
    0x002B: "PhotoIdentifier",
}  # fmt: skip
_SAMSUNG = {
    0x0030: "LocalLocationName", 0x0031: "LocationName", 0xA002: "SerialNumber", 0xA005: "InternalLensSerialNumber",
}  # fmt: skip
_PENTAX = {0x0229: "SerialNumber", 0x022E: "Artist", 0x022F: "Copyright"}

MAKERS: tuple[Maker, ...] = (
    Maker("Nikon", b"Nikon\0\x02", _NIKON, relative=True, base=10, header=True),
    Maker("Nikon", b"Nikon\0\x01", _NIKON, first=8),
    Maker("Sony", b"SONY DSC ", _SONY, first=12),
    Maker("Sony", b"SONY CAM ", _SONY, first=12),
    Maker("Sony", b"SONY MOBILE", _SONY, first=12),
    Maker("Sony", b"\0\0SONY PIC\0", _SONY, first=12),
    Maker("Sony", b"VHAB     \0", _SONY, first=12),
    Maker("Fujifilm", b"FUJIFILM", _FUJIFILM, first=8, relative=True, pointer=True, order="<"),
    Maker("Fujifilm", b"GENERALE", _FUJIFILM, first=8, relative=True, pointer=True, order="<"),
    Maker("Olympus", b"OLYMPUS\0", _OLYMPUS, first=12, relative=True, order_at=8),
    Maker("Olympus", b"OM SYSTEM\0", _OLYMPUS, first=16, relative=True, order_at=12),
    Maker("Olympus", b"OLYMP\0", _OLYMPUS, first=8),
    Maker("Panasonic", b"Panasonic\0", _PANASONIC, first=12),
    Maker("Apple", b"Apple iOS\0", _APPLE, first=14, relative=True, order=">"),
    Maker("Pentax", b"PENTAX \0", _PENTAX, first=10, relative=True, order_at=8),
    Maker("Pentax", b"AOC\0", _PENTAX, first=6, order_at=4),
    Maker("Google", b"HDRP", {}),
    Maker("Samsung", b"STMN", {}),
    Maker("Canon", b"", _CANON),
    Maker("Nikon", b"", _NIKON),
    Maker("Sony", b"", _SONY),
    Maker("Samsung", b"", _SAMSUNG, relative=True),
)
"""Layouts in the order in which they are tried; those without a sign are chosen by the EXIF Make."""

BY_MAKE = {
    "canon": "Canon", "nikon": "Nikon", "sony": "Sony", "samsung": "Samsung", "google": "Google",
    "motorola": "Motorola",
       "hewlett-packard": "Hewlett-Packard", "eastman": "Kodak", "kodak": "Kodak", "casio": "Casio", "ricoh": "Ricoh",
    "leica": "Leica", "dji": "DJI", "gopro": "GoPro", "xiaomi": "Xiaomi", "huawei": "Huawei", "oneplus": "OnePlus",
    "lge": "LG", "htc": "HTC", "nokia": "Nokia", "sigma": "Sigma", "minolta": "Minolta", "sanyo": "Sanyo",
    "hasselblad": "Hasselblad", "vivo": "Vivo", "oppo": "Oppo", "asus": "Asus", "zte": "ZTE",
}  # fmt: skip
"""First word of the EXIF Make, folded, to maker."""
