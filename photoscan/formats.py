"""What kind of file is this? Told by its first bytes, never by its name."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """Containers that photoscan knows by sight. All are read for metadata; not all can be decoded or stripped."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    TIFF = "tiff"
    BMP = "bmp"
    HEIC = "heic"
    AVIF = "avif"
    JXL = "jxl"
    JP2 = "jp2"
    SVG = "svg"

    @property
    def decodable(self) -> bool:
        """Whether photoscan can look at the pixels."""
        return self not in (Format.JXL, Format.JP2, Format.SVG)

    @property
    def strippable(self) -> bool:
        """Whether a copy without metadata can be made, the picture untouched. (Of TIFF, camera RAW files can't.)"""
        return self not in (Format.JP2, Format.SVG)


HEAD = 4096
"""How many bytes `detect` wants to see."""

_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"II*\0", Format.TIFF),
    (b"MM\0*", Format.TIFF),
    (b"II+\0", Format.TIFF),
    (b"MM\0+", Format.TIFF),
    (b"BM", Format.BMP),
    (b"\xff\x0a", Format.JXL),
    (b"\0\0\0\x0cJXL \r\n\x87\n", Format.JXL),
    (b"\0\0\0\x0cjP  \r\n\x87\n", Format.JP2),
    (b"\xff\x4f\xff\x51", Format.JP2),
)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def detect(head: bytes) -> Format | None:
    """The format of a file that begins with these bytes; None when it is no photo that we know."""
    for magic, format_ in _MAGIC:
        if head.startswith(magic):
            return format_
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp":
        return _by_brands(head)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:HEAD].lower()
    if text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in text):
        return Format.SVG
    return None


def _by_brands(head: bytes) -> Format | None:
    """HEIF's major brand, then its compatible brands (ISO 14496-12, 23008-12)."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[i : i + 4] for i in range(16, end - 3, 4))]
    if brands[0] in _AVIF_BRANDS or (brands[0] not in _HEIC_BRANDS - {b"mif1", b"msf1"} and _AVIF_BRANDS & set(brands)):
        return Format.AVIF
    return Format.HEIC if _HEIC_BRANDS & set(brands) else None


_RAW = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"\0MRM", b"FOVb")
"""How cameras' RAW files begin that are no plain TIFF: RAF, ORF, RW2, MRW, X3F."""


def describe(head: bytes) -> str:
    """What an unknown file looks like: a key of the catalogues below 'looks.'."""
    if not head:
        return "empty"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head[4:12] == b"ftypcrx " or head.startswith(_RAW):
        return "raw"
    if head[4:8] == b"ftyp":
        return "video"
    if head.lstrip()[:15].lower().startswith((b"<!doctype", b"<html")):
        return "page"
    printable = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in head)
    return "text" if printable == len(head) else "unknown"
