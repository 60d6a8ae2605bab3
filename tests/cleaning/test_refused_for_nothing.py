"""Files that every viewer opens and whose surroundings are odd: each gets its copy, with the same pixels and nothing
else, or a refusal that names why.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from photoscan import Photo, cleaning, metadata
from photoscan.cleaning import CleanPlan, CleanResult
from photoscan.errors import UnsupportedFormatError
from photoscan.stripping import tiff_old_jpeg
from tests.cleaning import samples as s
from tests.metadata import containers as c

SECRET = b"Harbour Lane 4"


def clean(data: bytes) -> CleanResult:
    plan = CleanPlan(metadata_only=True, keep=("icc", "orientation", "pages"))
    return cleaning.clean(Photo.open(data), None, None, plan)


def frames(data: bytes) -> list[bytes]:
    image = Image.open(io.BytesIO(data))
    found = []
    for index in range(getattr(image, "n_frames", 1)):
        image.seek(index)
        found.append(image.convert("RGBA").tobytes())
    return found


def picture() -> Image.Image:
    return s.small().convert("RGB")


# ---- PNG -------------------------------------------------------------------------------------------------------------


def png(*chunks: bytes) -> bytes:
    data = s.coded("PNG", picture())
    return data[:33] + b"".join(chunks) + data[33:]


def moving() -> bytes:
    return s.coded("PNG", picture(), save_all=True, append_images=[picture().rotate(180), picture().rotate(90)])


def counted(count: int, plays: int = 0) -> bytes:
    return c.chunk(b"acTL", struct.pack(">II", count, plays))


def recounted(*counts: bytes) -> bytes:
    data = moving()
    at = data.index(b"acTL") - 4
    return data[:at] + b"".join(counts) + data[at + 20 :]


def count_behind_the_first_frame() -> bytes:
    data = moving()
    at = data.index(b"acTL") - 4
    behind = data[at + 20 :]
    control = behind.index(b"fcTL") - 4
    return data[:at] + behind[control : control + 38] + counted(3) + behind[:control] + behind[control + 38 :]


def twice() -> bytes:
    """The picture's rows, and then the same rows once more."""
    data = s.coded("PNG", picture())
    at = data.index(b"IDAT") - 4
    return data[:-12] + data[at:-12] + data[-12:]


WORDS = c.chunk(b"tEXt", b"Comment\0" + SECRET)
PNGS: dict[str, Callable[[], bytes]] = {
    "a text of 30 MB": lambda: png(c.chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET + bytes(30 << 20), 1))),
    "a profile of 5 MB": lambda: png(c.chunk(b"iCCP", b"icc\0\0" + zlib.compress(SECRET + bytes(5 << 20), 1))),
    "a broken check sum": lambda: png(WORDS[:-4] + b"\1\2\3\4"),
    "no end": lambda: png(WORDS)[:-12],
    "half of its end": lambda: png(WORDS)[:-5],
    "words behind the picture": lambda: (d := png())[:-12] + WORDS + d[-12:],
    "more frames announced than there are": lambda: recounted(counted(9)),
    "far too many frames announced": lambda: recounted(counted(0x80000001)),
    "fewer frames announced": lambda: recounted(counted(2)),
    "no frames announced": lambda: recounted(counted(0)),
    "two counts": lambda: recounted(counted(3), counted(3)),
    "a count behind the first frame": count_behind_the_first_frame,
    "the picture twice": twice,
}


@pytest.mark.parametrize("name", sorted(PNGS))
def test_png(name: str) -> None:
    data = PNGS[name]()
    copy = clean(data).data
    assert SECRET not in copy
    assert Photo.open(copy).frames == Photo.open(data).frames
    try:
        before = frames(data)
    except (OSError, SyntaxError, ValueError):  # Pillow's limits for texts; frames that are not there
        before = frames(moving() if b"acTL" in data else s.coded("PNG", picture()))
    assert frames(copy)[: len(before)] == before


def test_a_frame_that_nobody_shows_goes_even_if_it_is_another_picture() -> None:
    data = recounted(counted(2))
    hidden = data[data.rindex(b"fdAT") + 20 : data.rindex(b"fdAT") + 60]
    assert hidden not in clean(data).data


def test_apples_own_png_is_refused_by_its_name() -> None:
    data = png()
    with pytest.raises(UnsupportedFormatError, match="CgBI"):
        clean(data[:8] + c.chunk(b"CgBI", b"\x50\0\x20\6") + data[8:])


# ---- JPEG ------------------------------------------------------------------------------------------------------------


def jpeg(*segments: bytes, **options: object) -> bytes:
    data = s.coded("JPEG", picture(), **options)
    return data[:2] + b"".join(segments) + data[2:]


COMMENT = c.segment(0xFE, SECRET)
JPEGS: dict[str, Callable[[], bytes]] = {
    "100,000 comments": lambda: jpeg(COMMENT * 100_000),
    "60,000 application segments": lambda: jpeg(*(c.segment(0xE0 + i % 16, SECRET) for i in range(60_000))),
    "a fill byte in front of a segment": lambda: jpeg(b"\xff\xff" + COMMENT),
    "fill bytes behind the scan": lambda: jpeg()[:-2] + b"\xff\xff\xff\xd9",
    "words between scans": lambda: jpeg(progressive=True).replace(b"\xff\xda", COMMENT + b"\xff\xda"),
    "bytes between tables": lambda: jpeg(progressive=True).replace(b"\xff\xc4", b"\0\0\xff\xc4"),
    "an Adobe segment that is a byte too short": lambda: jpeg(c.segment(0xEE, b"Adobe\0d@\0\0\0")),
    "zeros behind": lambda: jpeg(COMMENT) + bytes(3000),
    "restart markers": lambda: jpeg(COMMENT, restart_marker_rows=1),
    "four inks": lambda: jpeg(COMMENT) and s.coded("JPEG", picture().convert("CMYK")),
}


@pytest.mark.parametrize("name", sorted(JPEGS))
def test_jpeg(name: str) -> None:
    data = JPEGS[name]()
    copy = clean(data).data
    assert SECRET not in copy
    assert frames(copy) == frames(data)


# ---- GIF and BMP -----------------------------------------------------------------------------------------------------


def gif() -> bytes:
    return s.coded("GIF", picture().quantize(32), save_all=True, append_images=[picture().rotate(180).quantize(32)])


def bmp(rows: bytes, bits: int, packing: int, palette: bytes = b"", size: int | None = None, width: int = 16,
        height: int = 4, at: int = 0) -> bytes:  # fmt: skip
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, packing, len(rows) if size is None else size, 0, 0,
                       len(palette) // 4, 0)  # fmt: skip
    start = at or 54 + len(palette)
    return b"BM" + struct.pack("<IHHI", 54 + len(palette) + len(rows), 0, 0, start) + head + palette + rows


COLOURS = bytes(range(64))
PACKED = b"".join(b"\x10" + bytes((colour,)) + b"\0\0" for colour in (3, 5, 7)) + b"\x08\1\0\x08" + bytes(range(8))
OTHERS: dict[str, Callable[[], bytes]] = {
    "zeros between a GIF's blocks": lambda: gif().replace(b"\x21\xf9", bytes(5) + b"\x21\xf9"),
    "words between a GIF's blocks": lambda: (d := gif())[:-1] + SECRET + d[-1:],
    "a GIF without its end": lambda: gif()[:-1],
    "a grey GIF with levels that no pixel has": lambda: s.coded("GIF", picture().convert("L").point(lambda v: v & 240)),
    "run lengths without a size": lambda: bmp(PACKED + b"\0\1", 8, 1, COLOURS, size=0),
    "run lengths without an end": lambda: bmp(PACKED, 8, 1, COLOURS),
    "words behind run lengths": lambda: bmp(PACKED + b"\0\1" + SECRET + b"\0\1", 8, 1, COLOURS),
    "run lengths of four bits": lambda: bmp((b"\x10\x12\0\0" * 4)[:-2] + b"\0\1", 4, 2, COLOURS),
    "a palette that the start forgets": lambda: bmp(bytes(range(64)), 8, 0, COLOURS, at=54),
    "a last row without its padding": lambda: bmp(bytes(15 * 3 * 4 + 3 * 3), 24, 0, width=15),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_gif_and_bmp(name: str) -> None:
    data = OTHERS[name]()
    result = clean(data)
    assert SECRET not in result.data
    assert frames(result.data) == frames(data)


@pytest.mark.parametrize("name", ["words between a GIF's blocks", "words behind run lengths"])
def test_what_stands_there_is_told(name: str) -> None:
    photo = Photo.open(OTHERS[name]())
    said = metadata.read(photo.data, photo.format, "photo").entries
    assert any(SECRET[:8] in (entry.raw or b"") for entry in said)


# ---- TIFF ------------------------------------------------------------------------------------------------------------

Row = tuple[int, int, tuple[int, ...] | bytes]


def tiff(rows: list[Row], pixels: bytes, order: str = "<", big: bool = False) -> bytes:
    """A TIFF or BigTIFF of one page whose strip stands behind the header; 0 of tag 273 is where it is."""
    head = 16 if big else 8
    at = head + len(pixels) + len(pixels) % 2
    step, room, form = (20, 8, "Q") if big else (12, 4, "I")
    values, listed = b"", b""
    behind = at + (8 if big else 2) + step * len(rows) + room
    for number, kind, value in rows:
        value = (head,) if number == 273 and value == (0,) else value
        raw = value if isinstance(value, bytes) else b"".join(
            struct.pack(order + {1: "B", 3: "H", 4: "I", 16: "Q"}[kind], v) for v in value)  # fmt: skip
        listed += struct.pack(order + "HH" + form, number, kind, len(value))
        if len(raw) <= room:
            listed += raw.ljust(room, b"\0")
        else:
            listed += struct.pack(order + form, behind + len(values))
            values += raw + bytes(len(raw) % 2)
    front = b"II" if order == "<" else b"MM"
    front += struct.pack(order + "HHHQ", 43, 8, 0, at) if big else struct.pack(order + "HI", 42, at)
    count = struct.pack(order + ("Q" if big else "H"), len(rows))
    return front + pixels + bytes(len(pixels) % 2) + count + listed + bytes(room) + values


def page(pixels: bytes, kind: int = 4, **changes: object) -> list[Row]:
    """Tags of 8 x 4 pixels, RGB, 8 bits, with a description."""
    tags: dict[int, tuple[int, object]] = {
        256: (kind, (8,)), 257: (kind, (4,)), 258: (3, (8, 8, 8)), 259: (3, (1,)), 262: (3, (2,)),
        270: (2, SECRET + b"\0"),
        273: (kind, (0,)), 277: (3, (3,)), 278: (kind, (4,)), 279: (kind, (len(pixels),)),
    }  # fmt: skip
    tags |= {int(name[1:]): value for name, value in changes.items()}  # type: ignore[misc]
    return [(number, *tags[number]) for number in sorted(tags) if tags[number][1] is not None]  # type: ignore[misc]


RGB = bytes(range(96))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", [4, 16])
def test_a_bigtiff_becomes_an_ordinary_one(order: str, kind: int) -> None:
    data = tiff(page(RGB, kind), RGB, order, big=True)
    assert (Photo.open(data).width, Photo.open(data).height) == (8, 4)
    copy = clean(data).data
    assert copy[:4] in (b"II*\0", b"MM\0*")
    assert SECRET not in copy
    # Pillow does not open those of big-endian order.
    assert frames(copy) == frames(tiff(page(RGB), RGB))


def test_a_larger_picture_in_a_bigtiff_is_not_lost() -> None:
    """Its directories are looked through as those of others."""
    inner = s.coded("JPEG", picture())
    data = tiff(page(RGB, t700=(7, inner)), RGB, big=True)
    with pytest.raises(UnsupportedFormatError):
        clean(data)


@pytest.mark.parametrize("changed", [
    {"t262": (3, None)}, {"t279": (4, (5000,))}, {"t278": (4, (0xFFFFFFFF,))}, {"t274": (2, SECRET)},
])  # fmt: skip
def test_tags_that_are_missing_or_odd(changed: dict[str, object]) -> None:
    grey = {"t258": (3, (8,)), "t262": (3, (1,)), "t277": (3, (1,))} | changed
    data = tiff(page(RGB[:32], **grey), RGB[:32])
    copy = clean(data).data
    assert SECRET not in copy
    assert frames(copy) == frames(data)


def old_jpeg() -> bytes:
    """Compression 6 around a whole JPEG file, as the first writers did it (TIFF 6.0, section 22)."""
    coded = s.coded("JPEG", picture(), subsampling=0)
    width, height = picture().size
    rows = page(coded, t256=(3, (width,)), t257=(3, (height,)), t259=(3, (6,)), t262=(3, (6,)), t278=(4, (height,)),
                t513=(4, (8,)), t514=(4, (len(coded),)), t530=(3, (1, 1)))  # fmt: skip
    return tiff(rows, coded)


def test_old_style_jpeg_is_packed_anew_with_the_same_pixels() -> None:
    data = old_jpeg()
    result = clean(data)
    assert SECRET not in result.data
    assert frames(result.data) == frames(data)
    assert "clean.note.old_jpeg" in {note.key for note in result.receipt.notes}


def test_many_pages_of_old_style_jpeg_cost_no_more_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoscan.stripping.tiff.MAX_REPACKED", 10)
    monkeypatch.setattr(tiff_old_jpeg, "repacked", lambda *_: pytest.fail("decoded"))
    with pytest.raises(Exception, match="rebuilt"):
        clean(old_jpeg())


# ---- HEIF ------------------------------------------------------------------------------------------------------------


def test_a_sequence_that_names_no_still_picture() -> None:
    whole = s.coded("AVIF", picture(), save_all=True, append_images=[picture().rotate(180)], duration=100)
    at, front, rest = 0, b"", b""
    while at < len(whole):
        size = int.from_bytes(whole[at : at + 4], "big")
        kind = whole[at + 4 : at + 8]
        if kind != b"meta":
            rest += whole[at : at + size] if kind != b"ftyp" else b""
        else:
            gone = size
        at += size
    front = c.box(b"ftyp", b"avis" + bytes(4) + b"avis" + b"msf1" + b"iso8")
    gone = len(whole) - len(front) - len(rest)
    data = front + c.box(b"free", SECRET.ljust(gone - 8, b"\0")) + rest
    assert frames(clean(data).data) == frames(data) == frames(whole)
    assert SECRET not in clean(data).data


def test_a_brand_that_announces_a_picture_which_is_missing() -> None:
    data = s.coded("AVIF", picture())
    at = data.index(b"mif1")
    announced = data[:at] + b"tmap" + data[at + 4 :]
    assert frames(clean(announced).data) == frames(data)


def test_pixels_are_the_same_as_arrays() -> None:
    data = tiff(page(RGB), RGB)
    assert np.array_equal(Photo.open(clean(data).data).pixels(), Photo.open(data).pixels())


def test_a_palette_with_transparency_becomes_colours_of_their_own() -> None:
    """What stands under it could not be told apart by palette alone."""
    samples = np.zeros((4, 8, 2), np.uint8)
    samples[..., 0] = np.arange(32).reshape(4, 8)
    samples[:, 4:, 1] = 255
    colours = b"".join(struct.pack("<256H", *(257 * (v * k % 256) for v in range(256))) for k in (3, 5, 7))
    values = struct.unpack("<768H", colours)
    tags = {"t258": (3, (8, 8)), "t262": (3, (3,)), "t277": (3, (2,)), "t320": (3, values), "t338": (3, (2,))}
    data = tiff(page(samples.tobytes(), **tags), samples.tobytes())
    copy = clean(data).data
    seen = np.array(Image.open(io.BytesIO(copy)).convert("RGBA"))
    assert np.array_equal(seen[:, 4:], np.array(Image.open(io.BytesIO(data)).convert("RGBA"))[:, 4:])
    assert not seen[:, :4].any()
