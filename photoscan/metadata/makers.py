"""Who writes maker notes how: signs, where directories begin, and what their offsets count from.

Public knowledge, as collected by ExifTool and Exiv2. Which tags tell something, `maker_tags` says.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from photoscan.metadata import maker_tags as tags
from photoscan.metadata.maker_tags import Record, Tags


@dataclass(frozen=True, slots=True)
class Maker:
    """One layout. `first`: bytes from the block's start to its directory (or to the pointer to it).

    `signs`: what its block begins with, nothing for a block that the EXIF Make alone tells. `make`: the beginning of
    that Make, folded, nothing for any. `models`: a pattern within the EXIF Model, nothing for any. `relative`: offsets
    count from `base` bytes behind the block's start, else from the EXIF block's. `header`: a TIFF header stands at
    `base`. `pointer`: at `first` stands where the directory is. `order`: '<' or '>' where it is fixed; `order_at`:
    where in the block it is written. `tags`: what its directory tells. `records`: what stands at fixed places instead.
    """

    name: str
    signs: tuple[bytes, ...] = ()
    tags: Tags = field(default_factory=dict)
    first: int = 0
    make: str = ""
    models: str = ""
    relative: bool = False
    base: int = 0
    header: bool = False
    pointer: bool = False
    order: str = ""
    order_at: int = 0
    records: tuple[Record, ...] = ()


MAKERS: tuple[Maker, ...] = (
    Maker("Nikon", (b"Nikon\0\x02",), tags.NIKON, relative=True, base=10, header=True),
    Maker("Nikon", (b"Nikon\0\x01",), {}, first=8),
    Maker("Sony", (b"SONY DSC ", b"SONY CAM ", b"SONY MOBILE", b"\0\0SONY PIC\0", b"VHAB     \0"), tags.SONY, 12),
    Maker("Sony", (b"SONY PI\0",), tags.OLYMPUS, 12),
    Maker("Sony", (b"PREMI\0",), tags.OLYMPUS, 8),
    Maker("Sony Ericsson", (b"SEMC MS\0",), {}),
    Maker("Fujifilm", (b"FUJIFILM", b"GENERALE"), tags.FUJIFILM, 8, relative=True, pointer=True, order="<"),
    Maker("Olympus", (b"OLYMPUS\0",), tags.OLYMPUS, 12, relative=True, order_at=8),
    Maker("Olympus", (b"OM SYSTEM\0",), tags.OLYMPUS, 16, relative=True, order_at=12),
    Maker("Olympus", (b"OLYMP\0",), tags.OLYMPUS, 8),
    Maker("Epson", (b"EPSON\0",), tags.OLYMPUS, 8),
    Maker("Minolta", (b"MINOL\0", b"CAMER\0"), tags.OLYMPUS, 8),
    Maker("Panasonic", (b"Panasonic\0",), tags.PANASONIC, 12),
    Maker("Leica", (b"LEICA CAMERA AG\0",), tags.PANASONIC, 18),
    Maker("Leica", (b"LEICA",), tags.PANASONIC, 8, make="leica\0"),
    Maker("Leica", (b"LEICA0",), tags.LEICA, 8, relative=True),
    Maker("Leica", (b"LEICA\0\0\0",), tags.LEICA, 8, relative=True, base=8),
    Maker("Leica", (b"LEICA\0\x01\0", b"LEICA\0\x04\0", b"LEICA\0\x05\0", b"LEICA\0\x06\0", b"LEICA\0\x07\0",
                    b"LEICA\0\x10\0", b"LEICA\0\x1a\0"), tags.LEICA_X, 8, relative=True),
    Maker("Leica", (b"LEICA\0\x08\0", b"LEICA\0\x09\0", b"LEICA\0\x0a\0"), tags.LEICA_X, 8),
    Maker("Leica", (b"LEICA\0\x02\0",), {}, 8),
    Maker("Leica", (b"LEICA\0",), tags.LEICA_S, 8),
    Maker("Apple", (b"Apple iOS\0",), tags.APPLE, 14, relative=True, order=">"),
    Maker("Pentax", (b"PENTAX \0",), tags.PENTAX, 10, relative=True, order_at=8),
    Maker("Pentax", (b"AOC\0",), tags.PENTAX, 6, order_at=4),
    Maker("Pentax", (), tags.CASIO, make="asahi"),
    Maker("Pentax", (b"S1\0\0\0\0\0\0\x0c\0\0\0",), {}),
    Maker("Ricoh", (b"RICOH\0II", b"RICOH\0MM"), tags.PENTAX, 8, relative=True, order_at=6),
    Maker("Ricoh", (b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"), tags.RICOH, make="ricoh", relative=True, header=True),
    Maker("Ricoh", (b"Ricoh", b"RICOH", b"      "), tags.RICOH, 8, make="ricoh"),
    Maker("Ricoh", (b"Ricoh", b"RICOH", b"      "), tags.RICOH, 8, make="pentax ricoh"),
    Maker("Sigma", (b"SIGMA\0", b"FOVEON\0"), tags.SIGMA, 10),
    Maker("Motorola", (b"MOT\0",), tags.MOTOROLA, 8, relative=True),
    Maker("Reconyx", (b"RECONYXUF\0",), records=(tags.ULTRAFIRE,)),
    Maker("Reconyx", (b"RECONYXH2\0",), records=(tags.HYPERFIRE_2,)),
    Maker("Reconyx", (b"RECONYXMF\0",), records=(tags.MICROFIRE,)),
    Maker("Reconyx", (b"RECONYXHF4K\0",), records=(tags.HYPERFIRE_4K,)),
    Maker("Reconyx", (b"\x01\xf1\x02\0", b"\x01\xf1\x03\0"), records=(tags.HYPERFIRE,)),
    Maker("Reconyx", (b"\x01\xf1",), make="reconyx", records=(tags.HYPERFIRE,)),
    Maker("Hewlett-Packard", (b"IIII\x04\0", b"IIII\x05\0"), records=(tags.HP_4,)),
    Maker("Hewlett-Packard", (b"IIII\x06\0",), records=(tags.HP_6,)),
    Maker("Casio", (b"QVC\0", b"DCI\0"), tags.CASIO, 6),
    Maker("Kodak", (b"KDK",), {}),
    Maker("Kodak", (b"IIII\x02\0", b"IIII\x03\0"), make="eastman kodak", records=(tags.KODAK_9,)),
    Maker("Kodak", (b"IIII\x02\0", b"IIII\x03\0"), make="kodak", records=(tags.KODAK_9,)),
    Maker("Kodak", (b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"), tags.KODAK, make="eastman kodak", relative=True,
          header=True),
    Maker("Kodak", (b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"), tags.KODAK_PIXPRO, models="(?i)kodak|pixpro",
          relative=True, header=True),
    Maker("Kodak", (b"C", b"K"), make="eastman kodak", records=(tags.KODAK_7,)),
    Maker("Kodak", (b"C", b"K"), make="kodak", records=(tags.KODAK_7,)),
    Maker("Kodak", (), tags.KODAK, make="eastman kodak"),
    Maker("Kodak", (), tags.KODAK, make="kodak"),
    Maker("Google", (b"HDRP",), {}),
    Maker("Samsung", (b"STMN",), {}),
    Maker("Canon", (), tags.CANON, make="canon"),
    Maker("Nikon", (), tags.NIKON, make="nikon"),
    Maker("Sony", (), tags.SONY, make="sony"),
    Maker("Sony", (), tags.SONY, make="hasselblad", models="HV|Stellar|Lusso|Lunar"),
    Maker("Samsung", (), tags.SAMSUNG, make="samsung", relative=True),
    Maker("Leica", (), tags.LEICA_R, make="leica camera ag"),
    Maker("Nintendo", (), tags.NINTENDO, make="nintendo"),
)  # fmt: skip
"""Layouts in the order in which they are tried. A Make that ends in NUL has to be the whole of it."""

BY_MAKE = {
    "canon": "Canon", "nikon": "Nikon", "sony": "Sony", "samsung": "Samsung", "google": "Google",
    "motorola": "Motorola", "hewlett-packard": "Hewlett-Packard", "eastman": "Kodak", "kodak": "Kodak",
    "casio": "Casio", "ricoh": "Ricoh",
    "leica": "Leica", "dji": "DJI", "gopro": "GoPro", "xiaomi": "Xiaomi", "huawei": "Huawei", "oneplus": "OnePlus",
    "lge": "LG", "htc": "HTC", "nokia": "Nokia", "sigma": "Sigma", "minolta": "Minolta", "sanyo": "Sanyo",
    "hasselblad": "Hasselblad", "vivo": "Vivo", "oppo": "Oppo", "asus": "Asus", "zte": "ZTE", "konica": "Minolta",
    "flir": "FLIR", "teledyne": "FLIR", "phase": "Phase One", "jvc": "JVC", "victor": "JVC", "olympus": "Olympus",
    "pentax": "Pentax", "asahi": "Pentax", "panasonic": "Panasonic", "fujifilm": "Fujifilm", "apple": "Apple",
    "reconyx": "Reconyx", "parrot": "Parrot", "nintendo": "Nintendo", "leaf": "Leaf", "epson": "Epson",
}  # fmt: skip
"""First word of the EXIF Make, folded, to maker."""
