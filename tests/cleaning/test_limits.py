"""What would cost too much is refused: each limit of the strippers and of the proofs has its file."""

from __future__ import annotations

import struct
import zlib

import pytest

from photoscan import Photo
from photoscan.cleaning import CleanPlan, clean, search
from photoscan.errors import CleaningError, CorruptPhotoError
from photoscan.formats import Format
from photoscan.stripping import Keep, strip
from photoscan.stripping import boxes as stripper_boxes
from photoscan.stripping.heif_sequence import MAX_SAMPLES
from photoscan.stripping.tiff import MAX_PAGES
from photoscan.stripping.tiff_directory import MAX_TAGS
from tests.cleaning import samples as s
from tests.metadata import containers as c

PAGE = [(0x100, 3, 8), (0x101, 3, 4), (0x102, 3, 8), (0x106, 3, 1)]


def overlapping_strips() -> bytes:
    tags = [*PAGE, (0x103, 3, 8), (0x111, 4, (8,) * 400), (0x116, 3, 1), (0x117, 4, (4000,) * 400)]
    return c.tiff(tags) + bytes(4000)


def many_pages() -> bytes:
    head, pages, at = b"II*\0" + struct.pack("<I", 8), b"", 8
    for _ in range(MAX_PAGES + 2):
        tags = [*PAGE, (0x111, 4, 8), (0x117, 4, 0)]
        at += len(c.ifd(tags, "<", at))
        pages += c.ifd(tags, "<", at, following=at)
    return head + pages


def many_tags() -> bytes:
    return b"II*\0" + struct.pack("<IH", 8, MAX_TAGS + 1) + bytes(12 * (MAX_TAGS + 2))


def deflated_bomb() -> bytes:
    packed = zlib.compress(bytes(40_000_000))
    tags = [*PAGE, (0x103, 3, 8), (0x111, 4, 0), (0x116, 3, 4), (0x117, 4, len(packed))]
    head = len(c.tiff(tags))
    return c.tiff([t if t[0] != 0x111 else (0x111, 4, head) for t in tags]) + packed


def interlaced_bomb() -> bytes:
    header = c.chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 0, 0, 0, 1))
    rows = c.chunk(b"IDAT", zlib.compress(bytes(40_000_000)))
    return b"\x89PNG\r\n\x1a\n" + header + rows + c.chunk(b"IEND", b"")


def many_boxes() -> bytes:
    return s.coded("AVIF", s.small()) + c.box(b"free") * (stripper_boxes.MAX_BOXES + 1)


def endless_samples() -> bytes:
    data = s.coded("AVIF", s.small(), save_all=True, append_images=[s.small().rotate(180)])
    at = data.index(b"stsz") + 12
    return data[:at] + struct.pack(">I", MAX_SAMPLES + 1) + data[at + 4 :]


def item_of_many_extents() -> bytes:
    """One item that names the same bytes again and again."""
    data = s.coded("AVIF", s.small())
    at = data.index(b"iloc") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    extents = struct.pack(">II", 0, len(data) - 1) * 3000
    body = b"\x44\0" + struct.pack(">HHHH", 1, 1, 0, 3000) + extents
    return data[:at] + c.full(b"iloc", body) + data[at + size :]


LIMITS = {
    "strips that overlap": (Format.TIFF, overlapping_strips),
    "more pages than the limit": (Format.TIFF, many_pages),
    "more tags than the limit": (Format.TIFF, many_tags),
    "a strip that inflates without end": (Format.TIFF, deflated_bomb),
    "more boxes than the limit": (Format.AVIF, many_boxes),
    "more samples than the limit": (Format.AVIF, endless_samples),
    "extents that overlap": (Format.AVIF, item_of_many_extents),
}


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_what_exceeds_a_limit_is_refused(name: str) -> None:
    format_, make = LIMITS[name]
    with pytest.raises(CorruptPhotoError):
        strip(make(), format_, Keep())


def test_rows_that_inflate_without_end_are_cut_where_the_picture_ends() -> None:
    done = strip(interlaced_bomb(), Format.PNG, Keep())
    assert len(done.data) < 200
    assert "slack in the picture's data" in {row.part for row in done.removed}
    rows = zlib.decompress(done.data[done.data.index(b"IDAT") + 4 : -16])
    assert len(rows) < 100


def test_many_secrets_in_a_large_file() -> None:
    secrets = [b"secret-%06d" % n for n in range(3000)]
    haystack = bytes(range(256)) * 2000
    assert len(secrets) * len(haystack) > search.PLAIN_WORK
    assert not search.found(secrets, haystack + b"secret-00000")
    for place in range(9):
        assert search.found(secrets, haystack + bytes(place) + secrets[-1])
        assert search.found(secrets, bytes(place) + secrets[0] + haystack)


def paged(width: int) -> bytes:
    """A TIFF whose second page says to be that wide and high, with alpha."""
    head, pages, at = b"II*\0" + struct.pack("<I", 8), b"", 8
    coded = zlib.compress(bytes(64))
    for size in (8, width):
        tags = [(0x100, 4, size), (0x101, 4, size), (0x102, 3, (8, 8, 8, 8)), (0x103, 3, 8), (0x106, 3, 2),
                (0x111, 4, 8), (0x115, 3, 4), (0x116, 4, size), (0x117, 4, len(coded)), (0x152, 3, 2)]  # fmt: skip
        place = at + len(c.ifd(tags, "<", at))
        tags[5] = (0x111, 4, place)
        following = place + len(coded) if size == 8 else 0
        page = c.ifd(tags, "<", at, following=following) + coded
        pages, at = pages + page, at + len(page)
    return head + pages


def test_a_later_page_that_is_too_large_is_not_decoded() -> None:
    """The proof, which decodes it again, refuses it."""
    with pytest.raises(CleaningError):
        clean(Photo.open(paged(60_000)), None, None, CleanPlan(metadata_only=True, keep=("pages",)))


def test_strips_of_no_rows_are_a_broken_file() -> None:
    tags = [(0x100, 3, 8), (0x101, 3, 0), (0x102, 3, 8), (0x103, 3, 1), (0x106, 3, 1), (0x111, 4, 8), (0x116, 3, 0),
            (0x117, 4, 32)]  # fmt: skip
    with pytest.raises(CorruptPhotoError):
        strip(c.tiff(tags) + bytes(40), Format.TIFF, Keep())
