"""What is to be said of a container, once: the columns of the table in `formats.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Part = Literal["icc", "orientation", "copyright", "date", "position", "pages", "gain-map"]
"""What a copy can carry beside its picture."""
KEEPABLE: tuple[Part, ...] = tuple(part for part in get_args(Part) if part != "position")
"""Parts of a file that can stay as they are: the colour profile, which way is up, the copyright notice, when the photo
was taken, further pages of a TIFF, what an HDR screen adds. (A position stays coarsened alone.)"""
Hiding = Literal["alpha", "blocks", "crop", "palette", "ends"]
"""Where a picture may hold what it does not show: under transparency, behind a JPEG's last block, outside of a crop, in
a palette's unused entries, behind a frame's pixels."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How to see that a stripped file carries a colour profile, and what strippers call its part where it has one.

    `anywhere`: it may stand behind the picture too.
    """

    marks: tuple[bytes, ...]
    part: str | None = None
    anywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One row. Modules are named, not imported: they load where they are used. None: photoscan can't do that with it.

    `title`: how people call it. `sight`: whether a file begins so. `suffixes`: of files, the usual one first. `media`:
    its media type. `header`, `metadata`: modules of these rooms; entries' paths begin with the latter's name.
    `decoder`: a module of `decode`; `pillow`: what Pillow calls it; `turns`: whether that decoder applies the
    orientation by itself; `exact`: whether its coding keeps samples as they were given, None where files differ.
    `stripper`, `flattener`: modules of `stripping`. `proof`: the module of `cleaning` that proves a picture untouched.
    `redactor`: a module of `redaction`. `keeps`: what its copies can carry. `hides`: where to look for the unseen.
    `profile`: None where a file does not tell, or can't have one. `written`: options with which Pillow converts a
    picture to it, None for what is no target.
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


_AVIF = frozenset((b"avif", b"avis"))
_HEVC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"))
_ANY_CODING = frozenset((b"mif1", b"msf1"))


def avif(head: bytes) -> bool:
    """Whether a file says first of all that it holds AV1, or says so and does not say first that it holds HEVC."""
    found = brands(head)
    return bool(_AVIF.intersection(found)) and found[0] not in _HEVC


def heic(head: bytes) -> bool:
    """Whether a file says that it is a HEIF, and not one of AV1 (ISO 23008-12)."""
    return bool((_HEVC | _ANY_CODING).intersection(brands(head))) and not avif(head)


def svg(head: bytes) -> bool:
    """Whether a text begins with an SVG's root, or as XML that names one."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in text)
