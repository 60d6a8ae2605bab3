"""Which tags of maker notes tell something: numbers to names, and records with values at fixed places.

Public knowledge, as collected by ExifTool and Exiv2. Numbers about exposure are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

Tags = dict[int, Any]
"""Number to name (with a form behind a bar), to the tags of a directory below, or to records one of which fits."""


class Form:
    """How a value is to be shown, behind a bar in the tag's name."""

    HEX = "hex"
    CANON = "canon"
    FACES = "faces"
    FUJI_FACES = "fuji-faces"
    SWAPPED = "swapped"
    """Eight digits, the last pair first."""
    LENS = "lens"
    """Focal lengths and apertures: four rationals."""
    SERIAL = "serial"
    """Text, or hexadecimal digits where it is none."""
    FIFTH = "fifth"
    """The fifth of several numbers."""
    TOWN = "town"
    """The number of a town in Pentax's list."""
    SEVEN = "seven"
    """A number of seven digits."""


class Value(NamedTuple):
    """A value at a fixed place: bytes from the record's start, its name, its bytes, and how they are read."""

    at: int
    name: str
    size: int
    form: str = "text"
    """'text' in ASCII, 'wide' in UTF-16 of the structure's order, 'hex'."""


@dataclass(frozen=True, slots=True)
class Record:
    """Values at fixed places. `models`: a pattern within the EXIF Model, nothing for any; `not_models`: one that may
    not match. `enciphered`: by Sony's substitution. `sign`: a pattern that its bytes begin with, nothing for any.
    """

    values: tuple[Value, ...]
    models: str = ""
    not_models: str = ""
    enciphered: bool = False
    sign: bytes = b""


_CANON_SERIAL = (
    Record((Value(0, "InternalSerialNumber", 9), Value(9, "InternalSerialNumber", 40)), "EOS 5D"),
)  # fmt: skip
_CANON_CAMERA = (
    Record((Value(0xAC, "OwnerName", 16),), r"EOS 5D$"),
    Record((Value(0x18E, "OwnerName", 32),), r"EOS 5D Mark II$"),
    Record((Value(0x164, "LensSerialNumber", 5, Form.HEX),), r"EOS 5D Mark III$"),
    Record((Value(0x10F, "OwnerName", 32),), r"\b(450D|REBEL XSi|Kiss X2)\b"),
    Record((Value(0x16B, "LensSerialNumber", 5, Form.HEX),), r"EOS 5DS"),
)
CANON: Tags = {
    0x0006: "ImageType", 0x0007: "FirmwareVersion", 0x0009: "OwnerName", 0x000C: "SerialNumber|canon",
    0x000D: _CANON_CAMERA, 0x0028: "ImageUniqueID|hex", 0x0095: "LensModel", 0x0096: _CANON_SERIAL,
    0x4019: (Record((Value(0, "LensSerialNumber", 5, Form.HEX),), sign=rb"(?!\0{4})"),),
}  # fmt: skip

NIKON: Tags = {
    0x001D: "SerialNumber", 0x0084: "Lens|lens", 0x00A0: "SerialNumber", 0x00A7: "ShutterCount",
    0x003E: "ImageAuthentication",
    0x0039: (Record((Value(5, "CountryCode", 3), Value(9, "LocationName", 70, "nikon"))),),
}  # fmt: skip
_SONY_9050 = (
    Record((Value(0x88, "InternalSerialNumber", 6, Form.HEX),),
           r"^(ILCE-(6100|6300|6400|6500|6600|7C$|7M3|7RM2|7RM3|7RM4|7SM2|9$|9M2)|ILCA-99M2|ZV-E10$)", "", True),
    Record((Value(0x88, "InternalSerialNumber", 6, Form.HEX),), r"^(ILCE-(7M4|7RM5|7SM3)|ILME-FX3)", "", True),
    Record((Value(0x8A, "InternalSerialNumber", 6, Form.HEX),), r"^ILCE-1\b(?!M)", "", True),
    Record((Value(0x38, "InternalSerialNumber", 6, Form.HEX),), r"^(ILCE-(6700|7CM2|7CR)|ILME-FX2|ZV-E1$)", "", True),
    Record((Value(0xF0, "InternalSerialNumber", 5, Form.HEX),), r"^(SLT-|HV|ILCA-)", r"^ILCA-99M2", True),
    Record((Value(0x7C, "InternalSerialNumber", 4, Form.HEX),), r"^(NEX-|ILCE-(3\d00|5\d00|6000|7$|7R$|7S$|7M2|QX1))",
           r"^NEX-(5N|7$|VG20E)", True),
)  # fmt: skip
_WHITE_BALANCE_A100 = (Record((Value(0x49DC, "InternalSerialNumber", 12),), r"DSLR-A100"),)
SONY: Tags = {0x2031: "SerialNumber|swapped", 0x9050: _SONY_9050, 0x0020: _WHITE_BALANCE_A100}
FUJIFILM: Tags = {0x0010: "InternalSerialNumber", 0x4282: "RecognizedFaces|fuji-faces", 0x8007: "FileOwner"}
_EQUIPMENT: Tags = {
    0x0101: "SerialNumber", 0x0102: "InternalSerialNumber", 0x0202: "LensSerialNumber", 0x0302: "ExtenderSerialNumber",
    0x1003: "FlashSerialNumber",
}  # fmt: skip
OLYMPUS: Tags = {0x0404: "SerialNumber", 0x101A: "SerialNumber", 0x2010: _EQUIPMENT}
PANASONIC: Tags = {
    0x0025: "InternalSerialNumber|serial", 0x0033: "BabyAge", 0x0052: "LensSerialNumber",
    0x0054: "AccessorySerialNumber", 0x0061: "RecognizedFaces|faces", 0x0065: "Title", 0x0066: "BabyName",
    0x0067: "Location", 0x0069: "Country", 0x006B: "State", 0x006D: "City", 0x006F: "Landmark", 0x0080: "City",
    0x8010: "BabyAge",
}  # fmt: skip
LEICA: Tags = {0x0303: "SerialNumber|seven", 0x0340: "ImageUniqueID", 0x3103: "SerialNumber", 0x3109: "FirmwareVersion"}
LEICA_X: Tags = {
    0x0305: "SerialNumber|seven", 0x0407: "OriginalFileName", 0x0408: "OriginalDirectory",
    0x0500: "InternalSerialNumber|serial",
}  # fmt: skip
LEICA_S: Tags = {0x0321: "LensSerialNumber|canon"}
LEICA_R: Tags = {0x000B: (Record((Value(4, "SerialNumber", 8),)),), **LEICA_S}
APPLE: Tags = {
    0x000B: "BurstUUID", 0x0011: "ContentIdentifier", 0x0015: "ImageUniqueID", 0x0020: "ImageCaptureRequestID",
    0x002B: "PhotoIdentifier",
}  # fmt: skip
SAMSUNG: Tags = {
    0x0030: "LocalLocationName", 0x0031: "LocationName", 0x0123: "RecognizedFaceName", 0xA001: "FirmwareVersion",
    0xA002: "SerialNumber", 0xA005: "InternalLensSerialNumber",
}  # fmt: skip
PENTAX: Tags = {
    0x0023: "HometownCity|town", 0x0024: "DestinationCity|town", 0x0215: "InternalSerialNumber|fifth",
    0x0229: "SerialNumber", 0x022E: "Artist", 0x022F: "Copyright",
}  # fmt: skip
CASIO: Tags = {0x3006: "HometownCity"}
TOWNS = (
    "Pago Pago", "Honolulu", "Anchorage", "Vancouver", "San Francisco", "Los Angeles", "Calgary", "Denver",
    "Mexico City", "Chicago", "Miami", "Toronto", "New York", "Santiago", "Caracas", "Halifax", "Buenos Aires",
    "Sao Paulo", "Rio de Janeiro", "Madrid", "London", "Paris", "Milan", "Rome", "Berlin", "Johannesburg", "Istanbul",
    "Cairo", "Jerusalem", "Moscow", "Jeddah", "Tehran", "Dubai", "Karachi", "Kabul", "Male", "Delhi", "Colombo",
    "Kathmandu", "Dacca", "Yangon", "Bangkok", "Kuala Lumpur", "Vientiane", "Singapore", "Phnom Penh", "Ho Chi Minh",
    "Jakarta", "Hong Kong", "Perth", "Beijing", "Shanghai", "Manila", "Taipei", "Seoul", "Adelaide", "Tokyo", "Guam",
    "Sydney", "Noumea", "Wellington", "Auckland", "Lima", "Dakar", "Algiers", "Helsinki", "Athens", "Nairobi",
    "Amsterdam", "Stockholm", "Lisbon", "Copenhagen", "Warsaw", "Prague", "Budapest",
)  # fmt: skip
"""Those between which Pentax's world clock can be set."""
_GXR = Record((Value(16, "BodySerialNumber", 16), Value(48, "LensSerialNumber", 16)), sign=rb"R[A-Z0-9 ]{3}:")
RICOH: Tags = {0x0002: "FirmwareVersion", 0x0005: "SerialNumber|serial", 0x2001: {0x002C: (_GXR,)}}
SIGMA: Tags = {0x0002: "SerialNumber"}
MOTOROLA: Tags = {0x5500: "FirmwareVersion", 0x5501: "SerialNumber"}
KODAK: Tags = {
    0xFC00: {0xFA19: "SerialNumber"}, 0xFCFF: {0xFA19: "SerialNumber"}, 0xFF00: {0xFA04: "SerialNumber"},
}  # fmt: skip
KODAK_PIXPRO: Tags = {0x0104: "FirmwareVersion", 0x0308: "LensSerialNumber"}
NINTENDO: Tags = {0x1101: (Record((Value(0x18, "InternalSerialNumber", 4, Form.HEX),)),)}

HYPERFIRE = Record((Value(0x2A, "SerialNumber", 30, "wide"), Value(0x56, "UserLabel", 22)))
ULTRAFIRE = Record((Value(0x4B, "SerialNumber", 15), Value(0x5A, "UserLabel", 21)))
HYPERFIRE_2 = Record((Value(0x68, "UserLabel", 22), Value(0x7E, "SerialNumber", 30, "wide")))
MICROFIRE = Record((Value(0x76, "UserLabel", 22), Value(0x8C, "SerialNumber", 30, "wide")))
HYPERFIRE_4K = Record((Value(0x51, "UserLabel", 51), Value(0x84, "SerialNumber", 15)))
HP_4 = Record((Value(0x5C, "SerialNumber", 26, "behind-colon"),))
HP_6 = Record((Value(0x58, "SerialNumber", 26, "behind-colon"),))
KODAK_7 = Record((Value(0, "SerialNumber", 16),), sign=rb"[CK][A-Z\d]{3} ?[A-Z\d]{1,2}\d{2}[A-Z\d]\d{4}[ \0]")
KODAK_9 = Record((Value(0x57, "FirmwareVersion", 16),))
