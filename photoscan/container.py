"""What photoscan knows about a container: the columns of the table in `formats.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from photoscan.patterns import pattern

Part = Literal["icc", "orientation", "copyright", "date", "position", "pages", "gain-map", "projection"]
"""What a copy can carry besides its picture."""
KEEPABLE: tuple[Part, ...] = tuple(part for part in get_args(Part) if part != "position")
"""Parts of a file that can stay as they are: the colour profile, which way is up, the copyright notice, when the photo
was taken, further pages of a TIFF, what an HDR screen adds, how a panorama lies on a sphere. (A position can stay when
it is rounded, and as part of a group: `groups.py`.)"""
Way = Literal["exif", "xmp", "iptc", "text"]
"""In which a copy can say what it keeps of a file's own words."""
Coarseness = Literal["city", "country"]
COARSENESS: tuple[Coarseness, ...] = get_args(Coarseness)
"""How roughly a position that is kept is told."""
Hiding = Literal["alpha", "blocks", "crop", "palette", "ends", "strips"]
"""Where a picture may hold what it does not show: under transparency, after a JPEG's last block, outside of a crop, in
a palette's unused entries, after a frame's pixels, after the coded rows of a strip."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How a colour profile in a stripped file is recognised.

    `marks`: bytes that one of them begins with. `part`: what strippers call its place in the file. `anywhere`: it may
    also come after the picture.
    """

    marks: tuple[bytes, ...]
    part: str | None = None
    anywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One row. Modules are named, not imported: they load where they are used. None: photoscan can't do that with it.

    `title`: its name for people. `sight`: tells by a file's first bytes whether it is one. `suffixes`: of file names,
    the usual one first. `media`: its media type. `header`, `metadata`: modules of these rooms; entries' paths begin
    with the latter's name. `decoder`: a module of `decode`; `pillow`: what Pillow calls it; `turns`: whether that
    decoder applies the orientation by itself; `exact`: whether its encoding is lossless, None where files differ.
    `stripper`, `flattener`: modules of `stripping`. `proof`: the module of `cleaning` that proves a picture
    untouched. `redactor`: a module of `redaction`. `keeps`: what its copies can carry, `states`: the standards in which
    they can say something. `hides`: where to look for hidden data. `profile`: None where it can't be recognised, or
    there can be none. `written`: options with which Pillow converts a picture to it, None if photoscan does not write
    such files. `raw`: whether it is a camera's RAW format, of whose pictures a preview is what is looked at.
    """

    title: str
    sight: Callable[[bytes], bool]
    suffixes: tuple[str, ...]
    media: str
    header: str
    metadata: str
    decoder: str | None
    pillow: str | None
    turns: bool
    exact: bool | None
    stripper: str | None
    flattener: str | None
    proof: str | None
    redactor: str | None
    keeps: frozenset[Part]
    hides: frozenset[Hiding]
    profile: Profile | None
    written: Mapping[str, Any] | None
    states: frozenset[Way] = frozenset()
    raw: bool = False

    @property
    def film(self) -> bool:
        """Whether it holds moving pictures or sound, of which nothing is looked at."""
        return self.media.startswith("video/")


def camera_raw(
    title: str, sight: Callable[[bytes], bool], suffixes: tuple[str, ...], media: str, metadata: str = "raw_tiff"
) -> Container:
    """The row of a camera's RAW format: read as it is, looked at by its full-size preview, of which a copy is made."""
    return Container(
        title=title, sight=sight, suffixes=suffixes, media=media, header="raw", metadata=metadata,
        decoder="raw", pillow=None, turns=False, exact=False,
        stripper=None, flattener=None, proof=None, redactor=None,
        keeps=frozenset(), hides=frozenset(), profile=None, written=None, raw=True,
    )  # fmt: skip


def moving(title: str, sight: Callable[[bytes], bool], suffixes: tuple[str, ...], media: str) -> Container:
    """The row of a film. Nobody here looks at moving pictures or listens: what the file says is read and left out."""
    return Container(
        title=title, sight=sight, suffixes=suffixes, media=media, header="film", metadata="quicktime",
        decoder=None, pillow=None, turns=False, exact=False,
        stripper="film", flattener=None, proof="same_film", redactor=None,
        keeps=frozenset({"orientation"}), hides=frozenset(), profile=None, written=None,
    )  # fmt: skip


def begins(*signs: bytes) -> Callable[[bytes], bool]:
    """Whether a file begins with one of these."""
    return lambda head: head.startswith(signs)


def riff(kind: bytes) -> Callable[[bytes], bool]:
    """Whether a file is a RIFF of that kind."""
    return lambda head: head[:4] == b"RIFF" and head[8:12] == kind


def brands(head: bytes) -> list[bytes]:
    """An ISO media file's major brand, then its compatible brands (ISO 14496-12); none for another file."""
    if head[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12], *(head[i : i + 4] for i in range(16, end - 3, 4))]


_AVIF = frozenset((b"avif", b"avis", b"avio", b"MA1A", b"MA1B"))
_HEVC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_ANY_CODING = frozenset((
    b"mif1", b"mif2", b"msf1", b"miaf", b"MiHB", b"MiHE", b"MiHA", b"MiPr", b"jpeg", b"jpgs", b"avci", b"avcs", b"vvic",
    b"vvis", b"evbi", b"evmi", b"unif", b"j2ki", b"j2is",
))  # fmt: skip
"""Brands of HEIF for any coding, or for JPEG, H.264, H.266, EVC, JPEG 2000 and no coding at all (ISO 23008-12, annexes;
ISO 23000-22; ISO 23001-17)."""


def avif(head: bytes) -> bool:
    """Whether a file's brands name AV1 (AVIF 1.1, section 6), and its major brand does not name HEVC."""
    found = brands(head)
    if found and found[0] in _HEVC:
        return False
    # Where the brands name no coding, the picture's item does.
    unnamed = bool(_ANY_CODING.intersection(found)) and not _HEVC.intersection(found)
    return bool(_AVIF.intersection(found)) or (unnamed and b"av01" in head and b"hvc1" not in head)


def heic(head: bytes) -> bool:
    """Whether the brands of a file name HEIF (ISO 23008-12), and it does not hold AV1."""
    return bool((_HEVC | _ANY_CODING).intersection(brands(head))) and not avif(head)


_BARE = frozenset((b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"))
"""Boxes that a QuickTime film without a file type box begins with (QuickTime File Format, "Overview")."""
MOST_BARE = 1 << 27
"""Bytes of such a first box: a text's first four characters amount to more."""
_NO_FILM = frozenset((b"crx ", b"jp2 ", b"jpx ", b"jpm ", b"jph ", b"jxl ", b"mif3", b"1pic", b"heif"))
"""Brands of pictures: Canon's RAW, JPEG 2000 and XL, and HEIF whose coding nobody here knows."""


def film(head: bytes) -> bool:
    """Whether a file is an ISO base media file (ISO 14496-12) or a QuickTime film, and no picture."""
    if named := brands(head):
        return not heic(head) and not avif(head) and named[0] not in _NO_FILM
    length = int.from_bytes(head[:4], "big")
    return head[4:8] in _BARE and (length <= 1 or 8 <= length < MOST_BARE or (head[4:8] == b"mdat" and head[0] < 9))


def quicktime(head: bytes) -> bool:
    """Whether a film is one of QuickTime's own: by its major brand, or since it names none."""
    return film(head) and brands(head)[:1] in ([], [b"qt  "])


_OTHER_JPEG_2000 = frozenset((b"jpm ", b"mjp2", b"mj2s"))
"""Brands of files that begin like JPEG 2000: papers in layers (ISO 15444-6), films (ISO 15444-3)."""


def jp2(head: bytes) -> bool:
    """Whether a file is JPEG 2000 (ISO 15444-1, -2, -15): in boxes, or a codestream by itself."""
    if head.startswith(b"\0\0\0\x0cjP  \r\n\x87\n"):
        return head[20:24] not in _OTHER_JPEG_2000
    return head.startswith(b"\xff\x4f\xff\x51")


_PROLOGUE = pattern(
    r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s[^\[>]*(?:\[(?:[^\]\"']|\"[^\"]*\"|'[^']*')*\]\s*)?>",
    re.DOTALL | re.IGNORECASE,
)
_ROOT = pattern(r"<(?:[\w.-]+:)?svg(?![\w.:-])", re.IGNORECASE)


def svg(head: bytes) -> bool:
    """Whether a text begins with an SVG's root element behind declarations and comments (XML 1.0, 2.8).

    Where these fill all that is seen, any such element counts.
    """
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        return False
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:4]
    order = "utf-16-be" if head[:1] in (b"\xfe", b"\0") else "utf-16-le"
    text = head.decode(order if wide else "latin-1", "replace").lstrip("\ufeff\xef\xbb\xbf")
    at = 0
    while match := _PROLOGUE.match(text, at):
        at = match.end()
    if _ROOT.match(text, at):
        return True
    return text.startswith("<!", at) and "<svg" in text[at:]
