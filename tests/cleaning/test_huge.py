"""Photos that are too large to be decoded: their metadata are read and taken out all the same, and the picture is
proved by what it is coded in.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

import photoscan
from photoscan import Photo, ScanOptions, TooLargeError, cleaning
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import CleanPlan, picture, same_coded
from photoscan.formats import Format
from photoscan.options import Limits
from tests.cleaning import samples as s
from tests.cleaning.test_refused_for_nothing import RGB, SECRET, moving, page, tiff
from tests.metadata import containers as c

LIMITS = Limits(max_pixels=10)
FILE_ALONE = ScanOptions(only=("metadata",), limits=LIMITS)


def png(image: Image.Image) -> bytes:
    data = s.coded("PNG", image)
    return data[:33] + c.chunk(b"tEXt", b"Comment\0" + SECRET) + data[33:]


def jpeg() -> bytes:
    data = s.coded("JPEG", s.small())
    return data[:2] + c.segment(0xFE, SECRET) + data[2:]


def deflated(**changes: object) -> bytes:
    packed = zlib.compress(RGB) + SECRET
    return tiff(page(packed, t259=(3, (8,)), **changes), packed)


PHOTOS = {
    "png": png(s.small().convert("RGB")),
    "animated png": moving(),
    "jpeg": jpeg(),
    "tiff": tiff(page(RGB), RGB),
    "deflated tiff": deflated(),
    "heic": s.heic(),
    "avif": s.coded("AVIF", s.small()),
    "jxl": s.jxl(),
}


def clean(data: bytes) -> cleaning.CleanResult:
    return cleaning.clean(Photo.open(data, LIMITS, decodes=False), None, None, CleanPlan(metadata_only=True))


@pytest.mark.parametrize("name", sorted(PHOTOS))
def test_nothing_is_decoded_for_metadata(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(*_: object, **__: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(Image, "open", decoded)
    for module in ("photoscan.cleaning.same_pixels.decoded", "photoscan.stripping.flattened"):
        monkeypatch.setattr(module, decoded)
    report = photoscan.scan(PHOTOS[name], options=FILE_ALONE)
    assert report.error is None
    result = clean(PHOTOS[name])
    assert SECRET not in result.data
    assert "clean.proof.same_code" in {proof.key for proof in result.receipt.proofs}


def test_a_look_at_the_picture_has_its_limit_and_says_so() -> None:
    report = photoscan.scan(PHOTOS["png"], options=ScanOptions(limits=LIMITS, only=("face",)))
    assert report.error is not None
    assert report.error.code == "too_large"
    with pytest.raises(TooLargeError):
        Photo.open(PHOTOS["png"], LIMITS)
    huge = Photo.open(PHOTOS["png"], LIMITS, decodes=False)
    assert huge.huge
    for look in (huge.pixels, huge.layers):
        with pytest.raises(TooLargeError):
            look()


@pytest.mark.parametrize("data", [
    png(s.small().convert("RGBA")), png(s.small().convert("RGB").quantize(8)), s.coded("WEBP", s.small()),
    tiff(page(bytes(128), t258=(3, (8,) * 4), t277=(3, (4,)), t338=(3, (2,))), bytes(128)),
])  # fmt: skip
def test_where_only_decoding_would_tell_there_is_no_copy(data: bytes) -> None:
    with pytest.raises((TooLargeError, RefusedError)):
        clean(data)


def tampered(data: bytes, format_: Format) -> bytes:
    """The same file with another picture in it."""
    if format_ is Format.PNG:
        return s.coded("PNG", s.small().convert("RGB").rotate(180))
    if format_ is Format.TIFF:
        return tiff(page(RGB[::-1]), RGB[::-1])
    if format_ is Format.JPEG:
        return s.coded("JPEG", s.small().rotate(180))
    if format_ is Format.AVIF:
        return s.coded("AVIF", s.small().rotate(180))
    return s.heic(s.small().rotate(180))


@pytest.mark.parametrize("name", ["png", "tiff", "jpeg", "heic", "avif"])
def test_the_proof_sees_another_picture(name: str) -> None:
    format_ = Photo.open(PHOTOS[name]).format
    picture.same(PHOTOS[name], clean(PHOTOS[name]).data, format_, decode=False)
    with pytest.raises(RefusedError):
        picture.same(PHOTOS[name], tampered(PHOTOS[name], format_), format_, decode=False)


@pytest.mark.parametrize("number", [256, 257, 259, 262, 277])
def test_the_proof_sees_a_page_that_is_to_be_decoded_in_another_way(number: int) -> None:
    data = tiff(page(RGB), RGB)
    other = tiff([(n, k, (7,) if n == number else v) for n, k, v in page(RGB)], RGB)
    with pytest.raises(RefusedError):
        same_coded.proved(data, other, Format.TIFF, None)


def test_the_proof_sees_a_turn_of_a_heic() -> None:
    data = s.heic()
    turned = data.replace(b"irot\0", b"irot\1") if b"irot" in data else data.replace(b"ispe", b"ispx")
    with pytest.raises(RefusedError):
        same_coded.proved(data, turned, Format.HEIC, None)


@pytest.mark.skipif(sys.platform != "linux", reason="a process's peak is read from /proc")
def test_a_huge_png_takes_little_memory(tmp_path: Path) -> None:
    """48 million pixels above a lowered limit, 144 MB of rows; less than 100 MB are taken."""
    packer, row = zlib.compressobj(1), bytes(24_001)
    rows = b"".join([*(packer.compress(row) for _ in range(6_000)), packer.flush()])
    header = c.chunk(b"IHDR", (8_000).to_bytes(4, "big") + (6_000).to_bytes(4, "big") + b"\x08\2\0\0\0")
    words = c.chunk(b"tEXt", b"Comment\0" + SECRET)
    path = tmp_path / "huge.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + words + c.chunk(b"IDAT", rows) + c.chunk(b"IEND", b""))
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from photoscan import Photo, cleaning\nfrom photoscan.options import Limits\n"
        "photo = Photo.open(sys.argv[1], Limits(max_pixels=10_000_000), decodes=False)\n"
        "plan = cleaning.CleanPlan(metadata_only=True)\n"
        "copy = cleaning.clean(photo, None, None, plan).data\n"
        "assert b'Harbour' not in copy\n"
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100 * 1024


def test_what_the_hash_is_of() -> None:
    """Rows that are packed in another way are the same rows."""
    data = PHOTOS["deflated tiff"]
    assert same_coded._inflated(zlib.compress(RGB, 9)) == (hashlib.sha256(RGB).digest(), len(RGB))
    assert replace(FILE_ALONE, limits=Limits()).limits.max_pixels > Photo.open(data).width
