"""The table of containers. A file is recognised by its first bytes, never by its name.

A new container is its modules and a row here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from photoscan import raw_sights
from photoscan.container import (
    Container,
    Part,
    Profile,
    Way,
    avif,
    begins,
    camera_raw,
    film,
    heic,
    jp2,
    moving,
    quicktime,
    riff,
    svg,
)

HEAD = 4096
"""How many bytes `detect` wants to see."""
_SHOWN: frozenset[Part] = frozenset(("icc", "orientation"))
_STATED: frozenset[Part] = frozenset((*_SHOWN, "copyright", "date", "position", "projection"))
_EXIF_AND_XMP: frozenset[Way] = frozenset(("exif", "xmp"))


class Format(StrEnum):
    """The containers that photoscan recognises, each with its `row`. All are read for metadata."""

    row: Container

    def __new__(cls, value: str, row: Container | None = None) -> Self:
        """A member is its name and its row."""
        if row is None:
            raise TypeError(f"the container {value!r} has no row")
        member = str.__new__(cls, value)
        member._value_ = value
        member.row = row
        return member

    JPEG = "jpeg", Container(
        title="JPEG", sight=begins(b"\xff\xd8\xff"), suffixes=(".jpg", ".jpeg", ".jpe", ".jfif"), media="image/jpeg",
        header="jpeg", metadata="jpeg",
        decoder="opencv", pillow="JPEG", turns=False, exact=False,
        stripper="jpeg", flattener="flat_jpeg", proof="same_jpeg", redactor="jpeg",
        keeps=_STATED | {"gain-map"}, states=_EXIF_AND_XMP | {"iptc", "text"}, hides=frozenset({"blocks"}),
        profile=Profile((b"ICC_PROFILE\0",), part="colour profile"),
        # A quality at which no loss is seen, at a fair size.
        written={"quality": 92, "optimize": True},
    )  # fmt: skip
    PNG = "png", Container(
        title="PNG", sight=begins(b"\x89PNG\r\n\x1a\n"), suffixes=(".png", ".apng"), media="image/png",
        header="png", metadata="png",
        # OpenCV's reader writes warnings to standard error by itself.
        decoder="pillow", pillow="PNG", turns=False, exact=True,
        stripper="png", flattener="flat_png", proof="same_pixels", redactor="still",
        keeps=_STATED, states=_EXIF_AND_XMP | {"text"}, hides=frozenset({"alpha", "palette"}),
        profile=Profile((b"iCCP",), part="chunk iCCP"),
        written={},
    )  # fmt: skip
    WEBP = "webp", Container(
        title="WebP", sight=riff(b"WEBP"), suffixes=(".webp",), media="image/webp",
        header="webp", metadata="webp",
        decoder="opencv", pillow="WEBP", turns=False, exact=None,
        stripper="webp", flattener="flat_webp", proof="same_pixels", redactor="still",
        keeps=_STATED, states=_EXIF_AND_XMP, hides=frozenset({"alpha", "ends"}),
        profile=Profile((b"ICCP",), part="chunk ICCP"),
        written=None,
    )  # fmt: skip
    GIF = "gif", Container(
        title="GIF", sight=begins(b"GIF87a", b"GIF89a"), suffixes=(".gif",), media="image/gif",
        header="gif", metadata="gif",
        decoder="pillow", pillow="GIF", turns=False, exact=True,
        stripper="gif", flattener="flat_gif", proof="same_pixels", redactor="gif",
        # It has no place for statements, and neither a profile nor an orientation that is generally read.
        keeps=_SHOWN, hides=frozenset(), profile=None,
        written=None,
    )  # fmt: skip
    TIFF = "tiff", Container(
        title="TIFF", sight=raw_sights.tiff, suffixes=(".tif", ".tiff"), media="image/tiff",
        header="tiff", metadata="tiff",
        decoder="pillow", pillow="TIFF", turns=True, exact=True,
        # Each page is made flat as it is written. Of camera RAW files that no row below tells there is no copy.
        stripper="tiff", flattener=None, proof="same_pixels", redactor="still",
        keeps=_STATED | {"pages"}, states=_EXIF_AND_XMP | {"iptc"}, hides=frozenset({"alpha", "strips"}),
        profile=Profile((b"acsp",), anywhere=True),
        written=None,
    )  # fmt: skip
    DNG = "dng", camera_raw("DNG", raw_sights.raw("dng"), (".dng", ".gpr"), "image/x-adobe-dng")
    CR3 = "cr3", camera_raw("Canon RAW (CR3)", raw_sights.cr3, (".cr3",), "image/x-canon-cr3", "cr3")
    CR2 = "cr2", camera_raw("Canon RAW (CR2)", raw_sights.raw("cr2"), (".cr2",), "image/x-canon-cr2")
    CRW = "crw", camera_raw("Canon RAW (CRW)", raw_sights.crw, (".crw",), "image/x-canon-crw", "crw")
    NEF = "nef", camera_raw("Nikon RAW (NEF)", raw_sights.raw("nef"), (".nef", ".nrw"), "image/x-nikon-nef")
    ARW = "arw", camera_raw("Sony RAW (ARW)", raw_sights.raw("arw"), (".arw", ".sr2", ".srf"), "image/x-sony-arw")
    RAF = "raf", camera_raw(
        "Fujifilm RAW (RAF)", begins(b"FUJIFILMCCD-RAW"), (".raf",), "image/x-fuji-raf", "raf"
    )  # fmt: skip
    RW2 = "rw2", camera_raw("Panasonic RAW (RW2)", begins(b"IIU\0"), (".rw2", ".rwl"), "image/x-panasonic-rw2")
    ORF = "orf", camera_raw(
        "Olympus RAW (ORF)", begins(b"IIRO", b"IIRS", b"MMOR"), (".orf", ".ori"), "image/x-olympus-orf"
    )  # fmt: skip
    PEF = "pef", camera_raw("Pentax RAW (PEF)", raw_sights.raw("pef"), (".pef",), "image/x-pentax-pef")
    SRW = "srw", camera_raw("Samsung RAW (SRW)", raw_sights.raw("srw"), (".srw",), "image/x-samsung-srw")
    HASSELBLAD = "3fr", camera_raw("Hasselblad RAW (3FR)", raw_sights.raw("3fr"), (".3fr",), "image/x-hasselblad-3fr")
    IIQ = "iiq", camera_raw("Phase One RAW (IIQ)", raw_sights.raw("iiq"), (".iiq",), "image/x-phaseone-iiq")
    X3F = "x3f", camera_raw("Sigma RAW (X3F)", raw_sights.x3f, (".x3f",), "image/x-sigma-x3f", "x3f")
    MRW = "mrw", camera_raw("Minolta RAW (MRW)", raw_sights.mrw, (".mrw",), "image/x-minolta-mrw", "mrw")
    ERF = "erf", camera_raw("Epson RAW (ERF)", raw_sights.raw("erf"), (".erf",), "image/x-epson-erf")
    DCR = "dcr", camera_raw("Kodak RAW (DCR)", raw_sights.raw("dcr"), (".dcr", ".kdc"), "image/x-kodak-dcr")
    MOS = "mos", camera_raw("Leaf RAW (MOS)", raw_sights.raw("mos"), (".mos",), "image/x-leaf-mos")
    BMP = "bmp", Container(
        title="BMP", sight=begins(b"BM"), suffixes=(".bmp",), media="image/bmp",
        header="bmp", metadata="bmp",
        decoder="pillow", pillow="BMP", turns=False, exact=True,
        stripper="bmp", flattener=None, proof="same_pixels", redactor="still",
        keeps=_SHOWN, hides=frozenset(), profile=Profile((b"acsp",)),
        written=None,
    )  # fmt: skip
    HEIC = "heic", Container(
        title="HEIC", sight=heic, suffixes=(".heic", ".heif", ".hif"), media="image/heic",
        header="heif", metadata="isobmff",
        decoder="heif", pillow=None, turns=True, exact=False,
        # It can't be made flat without coding it again: the proof refuses it where it hides something.
        stripper="heif", flattener=None, proof="same_pixels", redactor="heif",
        keeps=_STATED | {"gain-map"}, states=_EXIF_AND_XMP, hides=frozenset({"alpha", "crop"}),
        profile=Profile((b"colrprof", b"colrrICC")),
        written=None,
    )  # fmt: skip
    AVIF = "avif", Container(
        title="AVIF", sight=avif, suffixes=(".avif",), media="image/avif",
        header="heif", metadata="isobmff",
        decoder="avif", pillow="AVIF", turns=True, exact=False,
        stripper="heif", flattener=None, proof="same_pixels", redactor="still",
        keeps=_STATED | {"gain-map"}, states=_EXIF_AND_XMP, hides=frozenset({"alpha", "crop"}),
        profile=Profile((b"colrprof", b"colrrICC")),
        written=None,
    )  # fmt: skip
    JXL = "jxl", Container(
        title="JPEG XL", sight=begins(b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"), suffixes=(".jxl",),
        media="image/jxl",
        header="jxl", metadata="jxl",
        decoder=None, pillow=None, turns=False, exact=None,
        stripper="jxl", flattener=None, proof="same_jxl", redactor=None,
        # It has its profile in the coded picture, which nothing is told of.
        keeps=_STATED, states=_EXIF_AND_XMP, hides=frozenset(), profile=None,
        written=None,
    )  # fmt: skip
    JP2 = "jp2", Container(
        title="JPEG 2000", sight=jp2, suffixes=(".jp2", ".j2k", ".j2c", ".jpc", ".jpx", ".jpf", ".jph", ".jhc"),
        media="image/jp2",
        header="jp2", metadata="jp2",
        decoder="pillow", pillow="JPEG2000", turns=False, exact=None,
        stripper="jp2", flattener=None, proof="same_pixels", redactor="still",
        # It has no place for statements that is generally read, nor for an orientation.
        keeps=_SHOWN, hides=frozenset({"alpha"}),
        profile=Profile((b"colr\2\0\0", b"colr\3\0\0"), part="colour profile"),
        written=None,
    )  # fmt: skip
    SVG = "svg", Container(
        title="SVG", sight=svg, suffixes=(".svg",), media="image/svg+xml",
        header="svg", metadata="svg",
        decoder=None, pillow=None, turns=False, exact=True,
        stripper="svg", flattener=None, proof="same_svg", redactor=None,
        keeps=frozenset(), hides=frozenset(), profile=None,
        written=None,
    )  # fmt: skip
    MOV = "mov", moving("QuickTime film", quicktime, (".mov", ".qt"), "video/quicktime")
    MP4 = (
        "mp4",
        moving(
            "MP4 film", lambda head: film(head) and not quicktime(head), (".mp4", ".m4v", ".3gp", ".3g2"), "video/mp4"
        ),
    )

    @property
    def decodable(self) -> bool:
        """Whether photoscan can decode the pixels."""
        return self.row.decoder is not None

    @property
    def strippable(self) -> bool:
        """Whether a copy without metadata can be made, the picture untouched. (Of TIFF, camera RAW files can't.)"""
        return self.row.stripper is not None


def detect(head: bytes) -> Format | None:
    """The format of a file that begins with these bytes; None when it is no photo that we know."""
    return next((format_ for format_ in Format if format_.row.sight(head[:HEAD])), None)


def of(data: bytes) -> Format | None:
    """The format of a whole file: some RAW files tell whose they are at their end only."""
    found = detect(data[:HEAD])
    return Format(raw_sights.kind(data) or found) if found is Format.TIFF else found


def is_raw(name: str | None) -> bool:
    """Whether a format, by its name as reports have it, is a camera's RAW."""
    return any(format_.value == name and format_.row.raw for format_ in Format)


def targets() -> tuple[str, ...]:
    """The names of the formats that a copy can be converted to."""
    return tuple(format_.value for format_ in Format if format_.row.written is not None)


def by_media(media: str) -> Format:
    """The format of a media type in the table; KeyError for any other."""
    for format_ in Format:
        if format_.row.media == media:
            return format_
    raise KeyError(media)


def describe(head: bytes) -> str:
    """What an unknown file looks like: a key of the catalogues below 'looks.'."""
    if not head:
        return "empty"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head[4:8] == b"ftyp" or head[20:24] in (b"mjp2", b"mj2s"):
        return "video"
    if head[20:24] == b"jpm ":
        return "paper"
    if head.startswith(b"\x1f\x8b\x08"):
        return "packed"
    if head.lstrip()[:15].lower().startswith((b"<!doctype", b"<html")):
        return "page"
    printable = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in head)
    return "text" if printable == len(head) else "unknown"
