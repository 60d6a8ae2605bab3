"""Whatever is handed over as a photo: what can be one is looked at, and all else gets a report that says so."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import photoscan
from photoscan import Photo, PhotoscanError, Report, Scanner, ScanOptions
from photoscan.addresses import refuse_address
from photoscan.errors import NotReadableError, UsageError
from photoscan.options import Limits

SCANNER = Scanner(ScanOptions(only=("metadata",)))


def png(**extra: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), (200, 30, 30)).save(out, "PNG", **extra)
    return out.getvalue()


def drawn(mode: str) -> Image.Image:
    """Dark on the left, bright on the right."""
    row = np.repeat(np.array([[10, 240]], np.uint8), 4, axis=1)
    image = Image.fromarray(np.repeat(row, 6, axis=0))
    if mode in ("PA", "La"):
        return image.convert("LA").convert(mode) if mode == "La" else image.convert("P").convert("PA")
    if mode.startswith("I;16"):
        wide = image.convert("I").point(lambda value: value * 257)
        return wide.convert("I;16") if mode == "I;16" else Image.frombytes(mode, image.size, _sixteen(mode))
    if mode in ("LAB", "HSV", "RGBa"):
        return image.convert("RGBA" if mode == "RGBa" else "RGB").convert(mode)
    return image.convert("RGB").convert(mode) if mode in ("CMYK", "YCbCr", "RGBX") else image.convert(mode)


def _sixteen(mode: str) -> bytes:
    row = np.repeat(np.array([[10 * 257, 240 * 257]], ">u2" if mode.endswith("B") else "<u2"), 4, axis=1)
    return np.repeat(row, 6, axis=0).tobytes()


MODES = (
    "1",
    "L",
    "LA",
    "La",
    "P",
    "PA",
    "RGB",
    "RGBA",
    "RGBa",
    "RGBX",
    "CMYK",
    "YCbCr",
    "HSV",
    "I",
    "F",
    "I;16",
    "I;16B",
)


@pytest.mark.parametrize("mode", MODES)
def test_pictures_of_every_mode_are_seen_as_they_are(mode: str) -> None:
    image = drawn(mode)
    assert image.mode == mode
    assert SCANNER.scan(image).error is None
    pixels = Photo.open(image).pixels()
    assert pixels.shape == (6, 8, 3)
    assert int(pixels[3, 1].max()) < 60
    assert int(pixels[3, 6].min()) > 200


ARRAYS = {
    "grey": np.full((5, 7), 200, np.uint8),
    "colours": np.full((5, 7, 3), 200, np.uint8),
    "with alpha": np.full((5, 7, 4), 255, np.uint8),
    "every other column": np.full((5, 14, 3), 200, np.uint8)[:, ::2],
    "16 bit": np.full((5, 7), 60000, np.uint16),
    "yes and no": np.ones((5, 7), bool),
    "fractions": np.ones((5, 7), np.float32),
    "doubles": np.ones((5, 7)),
}


@pytest.mark.parametrize("name", sorted(ARRAYS))
def test_arrays_are_pictures(name: str) -> None:
    photo = Photo.open(ARRAYS[name])
    assert (photo.width, photo.height) == (7, 5)
    assert int(photo.pixels().min()) > 150


class Named:
    """A path that is not pathlib's."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


class Slow(io.BytesIO):
    """Gives three bytes at a time, as pipes and sockets may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(3)


def test_every_form_of_bytes_is_the_same_photo(tmp_path: Path) -> None:
    data = png()
    file = tmp_path / "a.png"
    file.write_bytes(data)
    forms = (
        data, bytearray(data), memoryview(data), memoryview(data * 2)[: len(data)], np.frombuffer(data, np.uint8),
        io.BytesIO(data), Slow(data), file, str(file), Named(file),
    )  # fmt: skip
    assert {Photo.open(form).sha256 for form in forms} == {Photo.open(data).sha256}
    with file.open("rb", buffering=0) as raw:
        assert Photo.open(raw).data == data  # type: ignore[arg-type]
    assert SCANNER.scan(Named(file)).photo.path == str(file)  # type: ignore[arg-type]


class Fails(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise RuntimeError("secret words")


class Disk(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


class Lies:
    def __getattr__(self, name: str) -> Any:
        raise ZeroDivisionError(name)


class Numbers:
    def read(self, size: int) -> int:
        return size


class Later:
    async def read(self, size: int) -> bytes:
        return b""


class NoPath:
    def __fspath__(self) -> str:
        raise KeyError("secret words")


class HalfArray:
    __array_interface__ = "nonsense"


def closed() -> io.BytesIO:
    stream = io.BytesIO(png())
    stream.close()
    return stream


def shut() -> Image.Image:
    image = Image.open(io.BytesIO(png()))
    image.close()
    return image


def hostile() -> Iterator[Any]:
    yield from (None, 3, 2.5, True, object(), [], {}, (1, 2), print, Image, Lies(), Numbers(), Later(), NoPath())
    yield from (HalfArray(), io.StringIO("text"), Fails(png()), Disk(png()), closed(), shut(), "", "\0", "a" * 5000)
    yield from (
        "https://example.org/a.jpg",
        Path("s3://a/b.jpg"),
        "file:///etc/hostname",
        "data:image/png;base64,iVBOR",
    )
    yield from (b"", bytearray(), memoryview(b""), Image.new("RGB", (0, 0)), np.zeros((0, 4, 3), np.uint8))
    yield from (np.zeros((2, 3, 9), np.uint8), np.zeros((2, 2), "U4"), np.array(None), np.zeros((2, 2), complex))
    yield from (".", Path("/"), Path("no/such/file"))


@pytest.mark.parametrize("source", [pytest.param(source, id=str(i)) for i, source in enumerate(hostile())])
def test_what_can_be_no_photo_gets_a_report_that_says_so(source: Any) -> None:
    report = SCANNER.scan(source)
    assert report.error is not None
    assert report.error.code in ("not_readable", "unsupported_format", "too_large")
    assert report.verdict in ("incomplete", "block", "review")
    assert "secret words" not in report.error.message
    for way in (Photo.open, photoscan.clean):
        with pytest.raises(PhotoscanError):
            way(source)
    assert isinstance(photoscan.scan(source, SCANNER.options), Report)


@given(st.one_of(st.binary(max_size=60), st.text(max_size=30), st.integers(), st.lists(st.binary(max_size=3))))
def test_scan_never_raises(source: Any) -> None:
    assert SCANNER.scan(source).to_dict()["photo"]


def test_pictures_and_arrays_have_limits() -> None:
    small = Limits(max_bytes=40, max_pixels=10)
    for source in (
        Image.new("RGB", (8, 6)),
        np.zeros((8, 6), np.uint8),
        bytearray(41),
        memoryview(bytes(41)),
        Slow(bytes(50)),
    ):
        with pytest.raises(photoscan.PhotoscanError) as caught:
            Photo.open(source, small)  # type: ignore[arg-type]
        assert caught.value.code == "too_large"


@pytest.mark.parametrize("text", [None, 3, b"bytes", [None], object(), ["a", b"b"]])
def test_what_is_no_text_is_a_usage_error(text: Any) -> None:
    with pytest.raises(UsageError, match="not a text"):
        photoscan.scan_text(text)
    with pytest.raises(UsageError, match="not a text"):
        SCANNER.scan_text(text)


ADDRESSES = (
    "http://a/b",
    "HTTPS://A",
    "s3://bucket/x",
    "s3:/bucket",
    "gs://x",
    "file:///x",
    "ftp://x",
    "data:image/png;base64,AA",
)
PATHS = ("a.jpg", "C:/photos", "c:\\x", "./s3:/x", "/s3://x", "a b:/c", "-", "1:2", "photo:1.jpg", "", "data:1")


@pytest.mark.parametrize("address", ADDRESSES)
def test_web_addresses_are_told(address: str) -> None:
    with pytest.raises(NotReadableError, match="web address"):
        refuse_address(address)


@pytest.mark.parametrize("path", PATHS)
def test_paths_are_no_addresses(path: str) -> None:
    refuse_address(path)


def test_no_log_of_a_library_quotes_a_photo(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    exif = Image.Exif()
    exif[0x013B] = "Canary Kite"
    image = Image.new("RGB", (8, 6))
    for format_ in ("JPEG", "PNG", "WEBP", "TIFF"):
        file = tmp_path / f"a.{format_.lower()}"
        image.save(file, format_, exif=exif)
        # Only what is said from here on is photoscan's.
        caplog.clear()
        assert any(f.value == "Canary Kite" for f in SCANNER.scan(file).findings)
        Photo.open(file).pixels()
        assert "Canary" not in caplog.text


def test_a_report_names_the_models_of_its_own_scan() -> None:
    faces = Scanner(ScanOptions(only=("face",)))
    blank = Image.new("RGB", (64, 64), (120, 130, 140))
    assert [model.name for model in faces.scan(blank).models] == ["face-detector"]
    # The process has opened it by now, but this scan did not ask for it.
    assert SCANNER.scan(blank).models == ()
    assert SCANNER.scan(None).models == ()  # type: ignore[arg-type]
    assert faces.scan_text("Wi-Fi password: mango#Kite47").models == ()
    assert [model.name for model in faces.scan(blank).models] == ["face-detector"]
    with ThreadPoolExecutor(4) as pool:
        many = list(pool.map(lambda n: (faces, SCANNER)[n % 2].scan(blank).models, range(8)))
    assert [len(models) for models in many] == [1, 0] * 4
