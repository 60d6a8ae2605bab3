"""What nobody sees goes with the metadata: colours under transparency, slack of every kind; and no copy without it."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from photoscan import Photo, Scanner, ScanOptions, cleaning
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import CleanPlan, CleanResult, hidden, picture
from photoscan.formats import Format
from photoscan.stripping import Keep, flat, flat_tiff, strip
from photoscan.unseen import crop, scan_slack
from tests.cleaning import samples as s
from tests.metadata import containers as c

STRIP = CleanPlan(metadata_only=True)
PLANT = b"".join(struct.pack(">I", 97 * i + 0x43414E41) for i in range(40))
"""160 bytes that no coder would write."""


def erased(mode: str = "RGBA", alpha: int = 0) -> Image.Image:
    """A text drawn on paper, the paper made transparent with the text in it."""
    image = Image.new("RGBA", (160, 96), (200, 220, 240, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 12, 150, 80), fill=(255, 255, 255, alpha))
    for x in range(56, 130, 8):
        draw.rectangle((x, 36, x + 3, 56), fill=(10, 10, 10, alpha))
    return image.convert(mode)


def sticker() -> Image.Image:
    """A round picture with black under its transparency."""
    image = Image.new("RGBA", (160, 96), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((20, 10, 120, 90), fill=(220, 90, 30, 255))
    return image


def indexed() -> bytes:
    """A PNG whose text is one transparent entry of its palette, on the paper of another."""
    image = erased().convert("RGB").quantize(4)
    indices = np.array(image)
    indices[12:81, 30:151] = np.where(np.array(erased())[12:81, 30:151, 0] < 100, 5, 6)
    done = Image.fromarray(indices, "P")
    done.putpalette(list((image.getpalette() or [])[:15]) + [1, 2, 3] * 4)
    return s.coded("PNG", done, transparency=b"\xff\xff\xff\xff\xff\0\0")


def deep(colours: int = 3) -> bytes:
    """A PNG of 16 bits a sample."""
    samples = np.array(erased()).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in samples)
    return png(160, 96, 16, 6, rows)


def png(width: int, height: int, depth: int, colour: int, rows: bytes, interlaced: int = 0, tail: bytes = b"") -> bytes:
    header = c.chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
    stream = c.chunk(b"IDAT", zlib.compress(rows) + tail)
    return b"\x89PNG\r\n\x1a\n" + header + stream + c.chunk(b"IEND", b"")


def interlaced() -> bytes:
    """An interlaced PNG with transparency."""
    samples, rows = np.array(erased()), b""
    for x, y, across, down in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
                               (0, 1, 1, 2)):  # fmt: skip
        rows += b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(samples[y::down, x::across]))
    return png(160, 96, 8, 6, rows, interlaced=1)


def associated() -> bytes:
    """A TIFF that says that its colours are multiplied by its alpha, and holds some where that is zero."""
    data = bytearray(s.coded("TIFF", erased()))
    order = "<" if data[:2] == b"II" else ">"
    (first,) = struct.unpack_from(order + "I", data, 4)
    for row in range(first + 2, first + 2 + 12 * struct.unpack_from(order + "H", data, first)[0], 12):
        if struct.unpack_from(order + "H", data, row)[0] == 0x152:
            struct.pack_into(order + "H", data, row + 8, 1)
            return bytes(data)
    raise AssertionError("no alpha")


MOVING = {"save_all": True, "append_images": [erased().transpose(Image.Transpose.FLIP_LEFT_RIGHT)], "blend": 0}
UNDER: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: s.coded("PNG", erased()),
    "PNG nearly transparent": lambda: s.coded("PNG", erased(alpha=3)),
    "PNG grey": lambda: s.coded("PNG", erased("LA")),
    "PNG with a palette": indexed,
    "PNG of 16 bits": deep,
    "PNG interlaced": interlaced,
    "PNG animated": lambda: s.coded("PNG", erased(), **MOVING),
    "WebP without loss": lambda: s.coded("WEBP", erased(), lossless=True, exact=True),
    "WebP with loss": lambda: s.coded("WEBP", erased(), exact=True, quality=80),
    "TIFF": lambda: s.coded("TIFF", erased(), compression="tiff_lzw"),
    "TIFF grey": lambda: s.coded("TIFF", erased("LA")),
    "TIFF multiplied": associated,
}


def stripped(data: bytes, plan: CleanPlan = STRIP) -> CleanResult:
    return cleaning.clean(Photo.open(data), None, None, plan)


@pytest.mark.parametrize("name", sorted(UNDER))
def test_nothing_is_left_under_transparency_and_what_is_seen_stays(name: str) -> None:
    before = Photo.open(UNDER[name]())
    layers = before.layers()
    assert layers is not None
    assert layers.structured() or name == "PNG with a palette"
    result = stripped(before.data)
    after = Photo.open(result.data)
    left = after.layers()
    assert left is not None
    assert left.uniform()
    limit = 3 if "nearly" in name else 0
    for page in range(before.frames):
        assert np.abs(after.pixels(page).astype(int) - before.pixels(page)).max() <= limit
    keys = {said.key for said in result.receipt.proofs}
    # Of colours that are multiplied by no alpha decoders see nothing.
    assert {"clean.proof.under_transparency", f"clean.proof.{'same' if 'mult' in name else 'seen'}_pixels"} <= keys
    assert flat.COLOURS in {removed.part for removed in result.receipt.removed}
    assert stripped(result.data).data == result.data


@pytest.mark.parametrize("name", sorted(UNDER))
def test_no_copy_where_the_code_that_flattens_is_off(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[strip.__module__], "flattened", lambda data, format_: (data, ()))
    monkeypatch.setattr(flat_tiff, "flatten", lambda samples, top: ())
    with pytest.raises(RefusedError):
        stripped(UNDER[name]())


@pytest.mark.parametrize("format_", ["AVIF", "HEIF"])
def test_what_can_not_be_made_flat_is_refused_with_a_way_out(format_: str) -> None:
    import pillow_heif

    out = io.BytesIO()
    big = erased().resize((640, 384), Image.Resampling.NEAREST)
    if format_ == "HEIF":
        pillow_heif.from_pillow(big).save(out, quality=90)
    else:
        big.save(out, "AVIF", quality=90)
    layers = Photo.open(out.getvalue()).layers()
    assert layers is not None
    assert layers.structured()
    with pytest.raises(RefusedError, match="--to png"):
        stripped(out.getvalue())


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "TIFF"])
def test_a_sticker_keeps_its_bytes_and_costs_no_second_look(format_: str) -> None:
    extra = {"lossless": True} if format_ == "WEBP" else {}
    data = s.coded(format_, sticker(), **extra)
    layers = Photo.open(data).layers()
    assert layers is not None
    assert not layers.structured()
    assert layers.uniform()
    assert {r.part for r in stripped(data).receipt.removed} & {flat.COLOURS, flat.ALPHA} == set()


def test_a_message_in_the_lowest_bits_of_alpha_goes() -> None:
    samples = np.array(s.picture().convert("RGBA"))
    samples[..., 3] -= np.random.default_rng(7).integers(0, 2, samples.shape[:2], dtype=np.uint8)
    data = s.coded("PNG", Image.fromarray(samples))
    layers = Photo.open(data).layers()
    assert layers is not None
    assert layers.noisy()
    result = stripped(data)
    assert np.unique(np.array(Image.open(io.BytesIO(result.data)))[..., 3]).tolist() == [255]
    assert {r.part for r in result.receipt.removed} == {flat.ALPHA}


def test_unused_entries_of_a_palette_go() -> None:
    image = Image.fromarray(np.tile(np.arange(4, dtype=np.uint8), (12, 8)), "P")
    image.putpalette([200, 10, 30, 20, 200, 40, 60, 30, 220, 250, 250, 210, *PLANT[:120]])
    for data in (s.coded("PNG", image, bits=8), s.coded("GIF", image)):
        colours = Image.open(io.BytesIO(data))
        assert bytes((colours.getpalette() or [])[12:60]) == PLANT[:48] or data[:3] == b"GIF"
        result = stripped(data)
        assert PLANT[:24] not in result.data
        assert np.array_equal(Photo.open(result.data).pixels(), Photo.open(data).pixels())


def test_bits_behind_the_rows_of_a_png_go() -> None:
    data = png(3, 2, 1, 0, b"\0\xbf\0\x5f")
    result = stripped(data)
    at = result.data.index(b"IDAT")
    length = int.from_bytes(result.data[at - 4 : at], "big")
    assert zlib.decompress(result.data[at + 4 : at + 4 + length]) == b"\0\xa0\0\x40"


@pytest.mark.parametrize("way", [0, 1])
def test_rows_below_a_png_and_bytes_behind_its_stream_go(way: int) -> None:
    whole = c.chunk(b"IDAT", b"")
    assert len(whole) == 12
    rows = zlib.decompress(_stream(interlaced() if way else s.coded("PNG", s.small())))
    size, colour = ((160, 96), 6) if way else ((32, 24), 2)
    for data in (png(*size, 8, colour, rows + PLANT, way), png(*size, 8, colour, rows, way, PLANT)):
        result = stripped(data)
        stream = _stream(result.data)
        engine = zlib.decompressobj()
        assert PLANT not in engine.decompress(stream) + engine.unused_data
        assert PLANT not in result.data
        assert "slack in the picture's data" in {r.part for r in result.receipt.removed}


def _stream(data: bytes) -> bytes:
    at = data.index(b"IDAT")
    return data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")]


def test_slack_in_the_frames_of_an_animated_png_goes() -> None:
    data = s.coded("PNG", s.small(), save_all=True, append_images=[s.small().rotate(180)])
    at = data.index(b"fdAT")
    length = int.from_bytes(data[at - 4 : at], "big")
    data = data[: at - 4] + c.chunk(b"fdAT", data[at + 4 : at + 4 + length] + PLANT) + data[at + 8 + length :]
    result = stripped(data)
    assert PLANT not in result.data
    for page in (0, 1):
        assert np.array_equal(Photo.open(result.data).pixels(page), Photo.open(data).pixels(page))


def test_chunks_longer_than_they_mean_go() -> None:
    data = s.coded("PNG", s.small())
    data = data[:33] + c.chunk(b"gAMA", b"\0\0\xb1\x8f" + PLANT) + data[33:]
    assert PLANT not in stripped(data).data


def test_slack_of_a_gif_goes() -> None:
    data = s.coded("GIF", s.small().convert("P"))
    end = data.rindex(b"\0;")
    behind = data[:end] + bytes((len(PLANT),)) + PLANT + data[end:]
    result = stripped(behind)
    assert PLANT not in result.data
    assert np.array_equal(Photo.open(result.data).pixels(), Photo.open(data).pixels())


def test_a_frame_larger_than_a_gifs_screen_is_shown_and_so_stays() -> None:
    data = bytearray(s.coded("GIF", s.small().convert("P")))
    data[6:8] = struct.pack("<H", 16)
    assert Photo.open(bytes(data)).pixels().shape == (24, 32, 3)
    assert np.array_equal(Photo.open(stripped(bytes(data)).data).pixels(), Photo.open(bytes(data)).pixels())


def test_a_timing_block_of_a_gif_with_surplus_is_cut() -> None:
    data = s.coded("GIF", s.small().convert("P"), save_all=True, append_images=[s.small().rotate(90)], duration=80)
    at = data.index(b"\x21\xf9\x04") + 7
    result = stripped(data[:at] + bytes((len(PLANT),)) + PLANT + data[at:])
    assert PLANT not in result.data


def test_a_repetition_block_of_a_gif_with_surplus_is_cut() -> None:
    """Of what stands behind the first sub-block decoders take no note."""
    frames = {"save_all": True, "append_images": [s.small().rotate(90)], "duration": 80, "loop": 3}
    data = s.coded("GIF", s.small().convert("P"), **frames)
    at = data.index(b"NETSCAPE2.0\3\1") + 15
    result = stripped(data[:at] + bytes((len(PLANT),)) + PLANT + data[at:])
    assert PLANT not in result.data
    assert b"NETSCAPE2.0\3\1\3\0\0" in result.data


@pytest.mark.parametrize("bits", [24, 16, 32])
def test_padding_and_unused_bits_of_a_bmp_are_zero(bits: int) -> None:
    width, height = 31, 4
    stride = (width * bits + 31) // 32 * 4
    rows = np.full((height, stride), 0xFF, np.uint8)
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, stride * height, 2835, 2835, 0, 0)
    data = b"BM" + struct.pack("<IHHI", 54 + stride * height, 0, 0, 54) + head + rows.tobytes()
    lines = np.frombuffer(strip(data, Format.BMP, Keep()).data[54:], np.uint8).reshape(height, stride)
    used = width * bits // 8
    assert not lines[:, used:].any()
    if bits == 32:
        assert not lines[:, 3::4].any()
        assert lines[:, 0::4].all()
    elif bits == 16:
        assert (lines[:, 1:used:2] == 0x7F).all()
    else:
        assert (lines[:, :used] == 0xFF).all()


JPEGS = {
    "baseline": {},
    "of all colours": {"subsampling": 0},
    "grey": {},
    "with restarts": {"restart_marker_rows": 1},
    "progressive": {"progressive": True},
}


def jpeg(name: str) -> bytes:
    image = s.picture().resize((123, 77)).convert("L" if name == "grey" else "RGB")
    return s.coded("JPEG", image, quality=80, **JPEGS[name])


@pytest.mark.parametrize("name", sorted(JPEGS))
def test_data_behind_the_last_block_of_a_jpeg_go(name: str) -> None:
    plain = jpeg(name)
    plant = PLANT.replace(b"\xff", b"\xfe")
    result = stripped(plain[:-2] + plant + plain[-2:])
    assert plant[8:] not in result.data
    clean = stripped(plain)
    assert result.data == clean.data
    assert flat_part(result) == {"data behind the last block"}
    assert flat_part(clean) == set()
    assert np.array_equal(Photo.open(result.data).pixels(), Photo.open(plain).pixels())
    keys = {said.key for said in (*result.receipt.proofs, *result.receipt.notes)}
    assert ("clean.note.behind_blocks" if name == "progressive" else "clean.proof.behind_blocks") in keys
    assert "clean.proof.same_code_cut" in keys


def flat_part(result: CleanResult) -> set[str]:
    return {r.part for r in result.receipt.removed}


def test_rows_below_the_height_that_a_jpeg_tells_go() -> None:
    """The same as a crop that only the header knows of."""
    data = bytearray(s.coded("JPEG", s.picture(), quality=80))
    at = data.index(b"\xff\xc0")
    struct.pack_into(">H", data, at + 5, 96)
    result = stripped(bytes(data))
    assert len(result.data) < 0.6 * len(data)
    assert np.array_equal(Photo.open(result.data).pixels(), Photo.open(bytes(data)).pixels())


@pytest.mark.parametrize("name", ["baseline", "with restarts"])
def test_no_copy_of_a_jpeg_where_the_code_that_cuts_is_off(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = jpeg(name)
    monkeypatch.setattr(sys.modules[strip.__module__], "flattened", lambda data, format_: (data, ()))
    with pytest.raises(RefusedError):
        stripped(plain[:-2] + PLANT.replace(b"\xff", b"\xfe") + plain[-2:])


def test_a_cut_inside_of_the_blocks_is_no_proof() -> None:
    plain = jpeg("baseline")
    with pytest.raises(RefusedError):
        picture.same(plain, plain[:-300] + plain[-2:], Format.JPEG)


@pytest.mark.parametrize("name", ["baseline", "of all colours", "grey", "with restarts"])
def test_libjpeg_tells_how_much_stands_behind_the_last_block(name: str) -> None:
    plain = jpeg(name)
    assert scan_slack.surplus(plain) == 0
    for length in (100, 5000, 100_000):
        told = scan_slack.surplus(plain[:-2] + b"\x55" * length + plain[-2:])
        assert told is not None
        assert length - 60 <= told <= length


def clap(width: int, height: int) -> bytes:
    """A HEIC of 64 x 64 with a crop of its own."""
    property_ = c.box(b"clap", struct.pack(">8I", width, 1, height, 1, 0, 1, 0, 1))
    item = c.full(b"ispe", struct.pack(">II", 64, 64))
    return c.heif([(b"hvc1", b"", b"x")], b"", item + property_, struct.pack(">I", 1) + b"\0\1\2\1\2")


@pytest.mark.parametrize(("size", "told"), [((32, 64), (32, 0)), ((64, 20), (0, 44)), ((61, 63), None)])
def test_a_crop_that_only_the_container_knows_is_told(size: tuple[int, int], told: tuple[int, int] | None) -> None:
    assert crop.cropped(clap(*size)) == told


def test_a_copy_with_a_crop_of_its_own_is_refused() -> None:
    with pytest.raises(RefusedError, match="--to png"):
        hidden.nothing_unseen(clap(32, 64))


def parts(data: bytes) -> set[tuple[str, str]]:
    report = Scanner(ScanOptions(only=("metadata",))).scan(data)
    return {(f.kind.value, f.location.field) for f in report.findings if hasattr(f.location, "field")}


def test_a_scan_tells_of_what_is_hidden() -> None:
    under = ("metadata.shadow_image", "colours under transparency")
    assert parts(UNDER["PNG"]()) == parts(UNDER["WebP with loss"]()) == {under}
    assert parts(UNDER["TIFF multiplied"]()) >= {under}
    assert parts(s.coded("PNG", sticker())) == set()
    plain = jpeg("baseline")
    slack = plain[:-2] + PLANT.replace(b"\xff", b"\xfe") + plain[-2:]
    behind = ("metadata.trailing", "data behind the last block")
    assert behind in parts(slack)
    assert behind not in parts(plain)


@pytest.mark.parametrize("size", [(32, 24), (100, 20), (50, 300)])
def test_what_a_coder_pads_small_pictures_with_is_no_crop(size: tuple[int, int]) -> None:
    data = heic(s.picture().resize(size))
    assert b"clap" in data
    assert crop.cropped(data) is None


def test_what_stands_in_such_padding_is_a_crop() -> None:
    """A crop of the same size that is no padding: of a picture that fills all 64 pixels, or of its middle."""
    full, padded = heic(s.picture().resize((63, 63)).rotate(90)), heic(s.picture().resize((32, 24)))
    clap_at = full.index(b"clap") + 4
    full = full[:clap_at] + padded[padded.index(b"clap") + 4 :][:32] + full[clap_at + 32 :]
    assert crop.cropped(full) == (32, 40)
    middle = bytearray(padded)
    struct.pack_into(">I", middle, padded.index(b"clap") + 4 + 16, 0)
    assert crop.cropped(bytes(middle)) == (32, 40)


def heic(image: Image.Image) -> bytes:
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=90)
    return out.getvalue()


def soft(kind: str) -> Image.Image:
    """A picture with soft edges, whose colours are those of a coloured pattern everywhere that alpha isn't 0."""
    samples = np.array(s.picture().resize((160, 96)).convert("RGBA"))
    if kind == "gradient":
        samples[..., 3] = np.clip(np.arange(160) * 2 - 20, 0, 255)
    elif kind == "round":
        large = Image.new("L", (1280, 768), 0)
        ImageDraw.Draw(large).ellipse((160, 80, 1000, 700), fill=255)
        samples[..., 3] = np.array(large.resize((160, 96), Image.Resampling.LANCZOS))
    else:
        shade = Image.new("L", (160, 96), 0)
        ImageDraw.Draw(shade).rectangle((40, 30, 110, 60), fill=255)
        samples[..., 3] = np.array(shade.filter(ImageFilter.GaussianBlur(3)))
    samples[samples[..., 3] == 0] = 0
    return Image.fromarray(samples)


def quantized(image: Image.Image, count: int) -> bytes:
    """As a PNG with a palette; averages of nearly opaque colours are opaque again."""
    few = image.quantize(count)
    palette = np.frombuffer(few.palette.getdata()[1], np.uint8).reshape(-1, 4) if few.palette else np.zeros((0, 4))
    alphas = [255 if alpha >= flat.NEARLY else 0 if alpha <= 1 else alpha for alpha in palette[:, 3].tolist()]
    few.putpalette(palette[:, :3].tobytes())
    return s.coded("PNG", few, transparency=bytes(alphas))


SOFT: dict[str, Callable[[Image.Image], bytes]] = {
    "PNG": lambda image: s.coded("PNG", image),
    "PNG with a palette": lambda image: quantized(image, 200),
    "PNG with a full palette": lambda image: quantized(image, 256),
    "PNG of 16 bits": lambda image: png(
        160, 96, 16, 6, b"".join(b"\0" + row.tobytes() for row in np.array(image).astype(">u2") * 257)
    ),
    "WebP without loss": lambda image: s.coded("WEBP", image, lossless=True),
    "TIFF": lambda image: s.coded("TIFF", image, compression="tiff_lzw"),
}


@pytest.mark.parametrize("kind", ["gradient", "round", "blurred"])
@pytest.mark.parametrize("name", sorted(SOFT))
def test_a_soft_edge_keeps_every_pixel_whose_alpha_is_not_none(name: str, kind: str) -> None:
    data = SOFT[name](soft(kind))
    old = np.array(Image.open(io.BytesIO(data)).convert("RGBA"))
    assert ((old[..., 3] > 0) & (old[..., 3] <= flat.FAINT)).any() or "palette" in name
    result = stripped(data)
    new = np.array(Image.open(io.BytesIO(result.data)).convert("RGBA"))
    assert np.array_equal(new[..., 3], old[..., 3])
    assert np.array_equal(new[old[..., 3] > 0], old[old[..., 3] > 0])
    layers = Photo.open(result.data).layers()
    assert layers is not None
    assert layers.uniform()
    assert not layers.structured()
    assert not layers.noisy()


def carrier(name: str) -> bytes:
    """A soft round picture with steps of alpha far from its edge, in what is opaque and in what isn't there."""
    samples = np.array(soft("round"))
    noise = np.random.default_rng(3).integers(0, 6, (20, 20), dtype=np.uint8)
    samples[40:60, 60:80, 3] = 255 - noise
    samples[0:10, 0:10] = (90, 80, 70, 0)
    samples[0:10, 0:10, 3] = noise[:10, :10]
    return SOFT[name](Image.fromarray(samples))


@pytest.mark.parametrize("name", [name for name in sorted(SOFT) if "palette" not in name])
def test_steps_of_alpha_far_from_soft_edges_go(name: str) -> None:
    data = carrier(name)
    old = np.array(Image.open(io.BytesIO(data)).convert("RGBA"))
    assert (old[40:60, 60:80, 3] < 255).any()
    layers = Photo.open(data).layers()
    assert layers is not None
    assert not layers.uniform()
    result = stripped(data)
    new = np.array(Image.open(io.BytesIO(result.data)).convert("RGBA"))
    assert np.array_equal(np.unique(new[40:60, 60:80, 3]), [255])
    assert not new[0:10, 0:10].any()
    edge = (old[..., 3] > flat.FAINT) & (old[..., 3] < flat.NEARLY)
    assert np.array_equal(new[edge], old[edge])
    assert flat.ALPHA in flat_part(result)


def split_palette(entries: int) -> bytes:
    """A PNG with a palette whose nearly opaque and faint entries stand both at a soft edge and far from it."""
    indices = np.full((40, 120), 4, np.uint8)
    indices[:, :30], indices[:, 30:60], indices[:, 60], indices[:, 61:] = 3, 0, 2, 1
    indices[0, : entries - 5] = np.arange(5, entries) if entries > 5 else 0
    image = Image.fromarray(indices, "P")
    colours = np.random.default_rng(5).integers(40, 250, (256, 3), dtype=np.uint8)
    image.putpalette(colours[:entries].tobytes())
    return s.coded("PNG", image, transparency=bytes((3, 252, 128, 3)) + b"\xff" * (entries - 4))


@pytest.mark.parametrize("entries", [5, 119, 124])
def test_an_entry_of_a_palette_is_split_where_it_is_seen_and_not(entries: int) -> None:
    data = split_palette(entries)
    old = np.array(Image.open(io.BytesIO(data)).convert("RGBA"))
    result = stripped(data)
    new = np.array(Image.open(io.BytesIO(result.data)).convert("RGBA"))
    assert np.array_equal(new[1:, 52:69], old[1:, 52:69])
    assert not new[1:, :51].any()
    assert (new[1:, 70:, 3] == 255).all()
    assert np.array_equal(new[1:, 70:, :3], old[1:, 70:, :3])


def test_without_room_in_the_palette_each_pixel_has_its_own_colour() -> None:
    """Two entries stand both at the edge and far from it; all of 16 are used."""
    indices = np.zeros((40, 120), np.uint8)
    indices[:, 60], indices[:, 61:] = 2, 1
    indices[0, 62:75] = np.arange(3, 16)
    image = Image.fromarray(indices, "P")
    image.putpalette(bytes(range(40, 88)))
    data = s.coded("PNG", image, bits=4, transparency=bytes((3, 252, 128)))
    assert data[24:26] == bytes((4, 3))
    result = stripped(data)
    assert result.data[24:26] == bytes((8, 6))
    old, new = (np.array(Image.open(io.BytesIO(d)).convert("RGBA")) for d in (data, result.data))
    assert np.array_equal(new[1:, 52:69], old[1:, 52:69])
    assert not new[:, :51].any()
    assert (new[:, 70:, 3] == 255).all()
