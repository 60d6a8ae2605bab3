"""IPTC's datasets and Photoshop's resources: names, encodings, previews, and what only shows and prints."""

from __future__ import annotations

import pytest

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata import Entry, Role
from tests.metadata import containers as c


def read(*resources: bytes) -> list[Entry]:
    data = c.jpeg(c.segment(0xED, b"Photoshop 3.0\0" + b"".join(resources)))
    return list(metadata.read(data, Format.JPEG, "photo").entries)


def iptc(*datasets: bytes) -> list[Entry]:
    return read(c.resource(0x0404, b"".join(datasets)))


def pascal(*names: bytes) -> bytes:
    return b"".join(bytes((len(name),)) + name for name in names)


UTF8 = c.dataset(90, b"\x1b%G", 1)


@pytest.mark.parametrize(
    ("datasets", "said"),
    [
        ((UTF8, c.dataset(80, "Zoë".encode())), "Zoë"),
        ((c.dataset(80, "Zoë".encode("latin-1")),), "Zoë"),
        ((c.dataset(80, "Zoë".encode()),), "Zoë"),
        ((c.dataset(90, b"\x1b%/I", 1), c.dataset(80, "Zoë".encode())), "Zoë"),
        ((c.dataset(80, b"Zo\0\0"), b"\0\0\0", c.dataset(90, b"Bogor")), "Zo"),
        ((b"\x1c\x02\x50\x80\x04\0\0\0\x03Zoe",), "Zoe"),
    ],
)
def test_names_in_every_encoding(datasets: tuple[bytes, ...], said: str) -> None:
    assert next(entry.text for entry in iptc(*datasets) if entry.field == "By-line") == said


def test_what_stands_behind_padding_is_read() -> None:
    fields = [entry.field for entry in iptc(c.dataset(80, b"Zoe"), b"\0\0\0", c.dataset(90, b"Bogor"))]
    assert fields == ["By-line", "City"]


@pytest.mark.parametrize(("record", "number"), [(3, 20), (7, 10), (2, 135), (2, 8), (1, 60)])
def test_the_layout_of_an_object_tells_nothing(record: int, number: int) -> None:
    assert [entry.role for entry in iptc(c.dataset(number, b"\1\2", record))] == [Role.TECHNICAL]


def test_the_preview_is_a_picture() -> None:
    (entry,) = iptc(c.dataset(202, c.jpeg()))
    assert entry.role is Role.THUMBNAIL


@pytest.mark.parametrize(
    ("number", "content", "said"),
    [
        (0x03EE, pascal(b"Rosa's mask", b"Alpha 1"), "Rosa's mask; Alpha 1"),
        (0x0415, (4).to_bytes(4, "big") + "Rosa".encode("utf-16-be"), "Rosa"),
        (0x041B, (14).to_bytes(4, "big") + "http://x.y/zoë".encode("utf-16-be"), "http://x.y/zoë"),
        (0x043E, (12).to_bytes(4, "big") + "/Users/rosa/".encode("utf-16-be"), "/Users/rosa/"),
        (0x040B, b"https://lima.example/", "https://lima.example/"),
    ],
)
def test_words_in_resources(number: int, content: bytes, said: str) -> None:
    (entry,) = read(c.resource(number, content))
    assert (entry.text, entry.role) == (said, Role.TAG)


@pytest.mark.parametrize(
    ("number", "content"),
    [(0x03EE, pascal(b"Alpha 1", b"Alpha 2")), (0x0435, bytes(13)), (0x0432, b"\0\0\0\1\2"), (0x040A, b"\1")],
)
def test_what_photoshop_writes_by_itself(number: int, content: bytes) -> None:
    assert {entry.role for entry in read(c.resource(number, content))} <= {Role.TECHNICAL}


def test_a_technical_resource_that_is_too_large_is_unknown() -> None:
    (entry,) = read(c.resource(0x0435, b"abcdefgh" * 1000))
    assert entry.role is Role.UNKNOWN
