"""Where things stand: every part of a block and every entry is found again at its place in the file."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata import Role, sniff
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, is_fill
from photoscan.metadata.ifd import Structure, text
from tests.metadata import containers as c

FILE = bytes(range(200))
"""Each byte says where it stands."""
borders = st.lists(st.integers(0, 200), min_size=2, max_size=9, unique=True).map(sorted)


@given(borders, st.randoms(), st.data())
def test_parts_of_joined_blocks_know_their_places(at: list[int], random: Random, data: st.DataObject) -> None:
    """Pieces of a file in any order: a part's place is the range from its first byte in the file to its last."""
    pieces = list(zip(at[::2], at[1::2], strict=False))
    random.shuffle(pieces)
    block = Block.joined(Block.of(FILE).cut(start, end) for start, end in pieces)
    for _ in range(2):  # a part, and a part of that part
        start = data.draw(st.integers(0, len(block.data) - 1))
        end = data.draw(st.integers(start + 1, len(block.data)))
        part = block.data[start:end]
        assert block.place(start, end) == (min(part), max(part) + 1 - min(part))
        block = block.cut(start, end)
        assert block.data == part


@pytest.mark.parametrize(("start", "end", "part"), [(-5, 3, FILE[:3]), (195, 300, FILE[195:]), (300, 400, b""),
                                                    (5, 2, b""), (7, None, FILE[7:])])  # fmt: skip
def test_parts_are_clipped_to_what_is_there(start: int, end: int | None, part: bytes) -> None:
    for block in (Block.of(FILE), Block.joined([Block.of(FILE[:9]), Block.of(FILE[9:], 9)])):
        assert block.cut(start, end).data == part


def test_what_was_unpacked_stands_where_its_package_does() -> None:
    package = Block.of(FILE).cut(20, 50)
    inner = package.unpacked(b"much longer than before" * 9)
    for block in (inner, inner.cut(3, 9), inner.cut(3, 9).cut(1)):
        assert block.place(0, 1) == (20, 30)
    assert Block.joined([package, inner]).place(0, 5) == (20, 30)


CANARY = b"canary-7731"
PHOTOS: dict[str, tuple[Format, bytes]] = {
    "a comment": (Format.JPEG, c.jpeg(c.segment(0xFE, CANARY))),
    "EXIF, little end first": (Format.JPEG, c.jpeg(c.exif(c.tiff([(0x013B, 2, CANARY.decode())])))),
    "EXIF, big end first": (Format.JPEG, c.jpeg(c.exif(c.tiff([(0x013B, 2, CANARY.decode())], ">")))),
    "EXIF below": (Format.JPEG, c.jpeg(c.exif(c.tiff([], exif=[(0xA430, 2, CANARY.decode())])))),
    "a resource's name": (Format.JPEG, c.jpeg(c.segment(
        0xED, b"Photoshop 3.0\0" + b"8BIM\x03\xed" + bytes([len(CANARY)]) + CANARY + struct.pack(">I", 2) + b"\0\1"))),
    "a resource's name and its padding": (Format.JPEG, c.jpeg(c.segment(
        0xED, b"Photoshop 3.0\0" + b"8BIM\x03\xed" + bytes([len(CANARY) + 1]) + CANARY + b"\0\0"
        + struct.pack(">I", 2) + b"\0\1"))),
    "a later resource": (Format.JPEG, c.jpeg(c.segment(
        0xED, b"Photoshop 3.0\0" + c.resource(0x03ED, b"odd") + c.resource(0x0404, c.dataset(80, CANARY))))),
    "a later dataset": (Format.JPEG, c.jpeg(c.segment(
        0xED, b"Photoshop 3.0\0" + c.resource(0x0404, c.dataset(5, b"x") + c.dataset(80, CANARY))))),
    "XMP": (Format.JPEG, c.jpeg(c.segment(
        0xE1, b"http://ns.adobe.com/xap/1.0/\0" + c.xmp(f"<dc:creator> {CANARY.decode()} </dc:creator>")))),
    "XMP without its sign": (Format.JPEG, c.jpeg(c.segment(0xE1, c.xmp(f"<dc:a>{CANARY.decode()}</dc:a>")))),
    "a text of PNG": (Format.PNG, c.png(c.chunk(b"tEXt", b"Author\0" + CANARY))),
}  # fmt: skip


@pytest.mark.parametrize("name", PHOTOS)
def test_an_entry_is_where_it_says_and_no_longer(name: str) -> None:
    kind, data = PHOTOS[name]
    (entry,) = (entry for entry in metadata.read(data, kind, "photo").entries if CANARY.decode() in entry.text)
    assert data[entry.offset : entry.offset + entry.length].rstrip(b"\0") == CANARY


def test_a_file_cut_short_anywhere_is_read_to_there() -> None:
    kind, data = PHOTOS["a later dataset"]
    for end in range(2, len(data)):
        for entry in metadata.read(data[:end], kind, "photo").entries:
            assert 0 <= entry.offset <= entry.offset + entry.length <= end


SIGNS = {
    b"PK\x03\x04rest": "ZIP archive", b"%PDF-1.7": "PDF document", b"\x1f\x8b\x08": "gzip data",
    b"bplist00": "property list", b"7z\xbc\xaf": "7-Zip archive", b"Rar!": "RAR archive",
    b"OggS": "Ogg sound or video", b"ID3\x04": "MP3 sound", b"\x1aE\xdf\xa3": "Matroska video", b"<?xml": "XML text",
    b"\x7fELF": "program", b"MZ\x90": "program", b"SQLite format 3\0": "database", b"words of a note": "text",
    b"with\ttabs\r\nand lines": "text", b"\xff\xd8\xff\xe0": "JPEG picture", b"\x89PNG\r\n\x1a\n": "PNG picture",
    c.box(b"ftyp", b"isom\0\0\0\0"): "video", c.box(b"ftyp", b"heic\0\0\0\0"): "HEIC picture", b"": "",
    b"\x01\x02\x03\x04": "", b"BM\0\0\0\0\1\0\0\0": "", b"\xff\x0a\0\0": "",
    b"a" * 19 + b"\0": "text", b"a" * 18 + b"\0" * 2: "",
}  # fmt: skip


@pytest.mark.parametrize("data", SIGNS)
def test_what_unknown_bytes_look_like(data: bytes) -> None:
    assert sniff.words(b"??" + data + b"??", 2, 2 + len(data)) == SIGNS[data]


@pytest.mark.parametrize(
    ("data", "fill"),
    [(b"", True), (b"\0" * 9, True), (b" " * 9, True), (b"\xff" * 9, True), (b"a" * 9, False),
     (b"\0" * 8 + b"a", False), (b"\0" * 5000 + b"a", False), (b"\0" * 5000, True), (b"\0 \0", False)],
)  # fmt: skip
def test_fill(data: bytes, fill: bool) -> None:
    assert is_fill(b"x" + data + b"y", 1, 1 + len(data)) is fill


# Directories


def structure(rows: Sequence[c.Tag], order: str, following: int = 0, behind: bytes = b"") -> tuple[Structure, int]:
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    opened = Structure.opened(Block.of(head + c.ifd(rows, order, 8, following=following) + behind), Collector())
    assert opened
    return opened


@pytest.mark.parametrize("order", "<>")
def test_values_of_every_type(order: str) -> None:
    rows: list[c.Tag] = [
        (1, 2, "abc"), (2, 2, "a longer text"), (3, 3, 65535), (4, 3, (1, 2, 3)), (5, 4, 4_000_000_000),
        (6, 5, ((1, 3), (5, 0))), (7, 7, b"\1\2\3\4\5\6"),
    ]  # fmt: skip
    opened, first = structure(rows, order)
    tags, following = opened.directory(first)
    assert following == 0
    assert opened.found.warnings == []
    assert [opened.value(tag) for tag in tags] == [
        "abc", "a longer text", 65535, (1.0, 2.0, 3.0), 4_000_000_000, (1 / 3, 0.0), b"\1\2\3\4\5\6",
    ]  # fmt: skip
    assert [opened.number(tag) for tag in tags] == [0, 0, 65535, 1, 4_000_000_000, 0, 0]
    assert opened.gaps() == []


@pytest.mark.parametrize(
    ("kind", "form", "value"),
    [(1, "B", 200), (3, "H", 60000), (4, "I", 3_000_000_000), (6, "b", -5), (8, "h", -300), (9, "i", -70000),
     (11, "f", 0.5), (12, "d", 0.25), (13, "I", 9), (16, "Q", 2**40), (17, "q", -(2**40)), (18, "Q", 77)],
)  # fmt: skip
@pytest.mark.parametrize("order", "<>")
def test_numbers_of_every_type_in_a_large_tiff(order: str, kind: int, form: str, value: float) -> None:
    """BigTIFF: 8-byte offsets and counts; a value of up to 8 bytes stands in its row."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HHHQ", 43, 8, 0, 16)
    raw = struct.pack(order + form, value).ljust(8, b"\0")
    outside = struct.pack(order + "HHQQ", 2, 2, 12, 16 + 8 + 2 * 20 + 8)
    data = (
        head
        + struct.pack(order + "QHHQ", 2, 1, kind, 1)
        + raw
        + outside
        + struct.pack(order + "Q", 5)
        + b"out of line\0"
    )
    opened = Structure.opened(Block.of(data), Collector())
    assert opened
    tags, following = opened[0].directory(opened[1])
    assert ([opened[0].value(tag) for tag in tags], following) == ([value, "out of line"], 5)
    assert opened[0].gaps() == []


def test_what_is_not_understood_is_a_gap() -> None:
    opened, first = structure([(1, 2, "a longer text")], "<", behind=b"remains")
    opened.directory(first)
    size = len(opened.data)
    assert opened.gaps() == [(size - 7, size)]


@pytest.mark.parametrize("data", [b"", b"II*\0\x08\0\0", b"XX*\0\x08\0\0\0"])
def test_no_header_no_structure(data: bytes) -> None:
    assert Structure.opened(Block.of(data), Collector()) is None


def test_a_directory_that_lies_says_so_and_is_read_as_far_as_it_goes() -> None:
    opened, first = structure([(1, 2, "abc"), (2, 2, "far away text")], "<")
    cut = Structure.opened(Block.of(opened.data[: 8 + 2 + 24 + 4]), Collector())
    assert cut
    tags, _ = cut[0].directory(first)
    assert [tag.number for tag in tags] == [1]
    assert cut[0].found.warnings == ["a value lies outside its block"]
    short = Structure.opened(Block.of(opened.data[: 8 + 2 + 12]), Collector())
    assert short
    tags, following = short[0].directory(first)
    assert ([tag.number for tag in tags], following) == ([1], 0)
    assert short[0].found.warnings == ["an image file directory ends early"]
    assert short[0].directory(9000) == ([], 0)
    assert short[0].found.warnings[-1] == "an image file directory lies outside its block"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [(b"abc\0", "abc"), (b" a\0b \0\0", "a b"), (b"Zo\xc3\xab", "Zoë"), (b"Zo\xeb\0x", "Zoë x"), (b"", "")],
)
def test_texts(raw: bytes, shown: str) -> None:
    assert text(raw) == shown


# Behind the end of the image


def samsung(*parts: tuple[int, bytes, bytes]) -> bytes:
    """A trailer of named parts with its directory."""
    body, rows = b"", []
    for kind, name, content in parts:
        rows.append((kind, len(body), 8 + len(name) + len(content)))
        body += struct.pack("<HHI", 0, kind, len(name)) + name + content
    table = b"".join(struct.pack("<HHII", 0, kind, len(body) - at, size) for kind, at, size in rows)
    head = b"SEFH" + struct.pack("<II", 107, len(rows)) + table
    return body + head + struct.pack("<I", len(head)) + b"SEFT"


def test_every_part_of_a_samsung_trailer_is_told() -> None:
    trailer = samsung(
        (0x0A01, b"Image_UTC_Data", b"1771317728000"), (0x0AA1, b"MCC_Data", b"502"),
        (0x0A30, b"MotionPhoto_Data", c.movie()), (0x0B00, b"Secret_Part", b"\1\2\3\4\5"),
        (0x0B01, b"Words_Part", b"a note of many words"),
    )  # fmt: skip
    entries = [e for e in metadata.read(c.jpeg(tail=trailer), Format.JPEG, "photo").entries if "samsung" in e.container]
    told = {(e.field, e.role) for e in entries if e.container == "jpeg/samsung"}
    assert told >= {
        ("SamsungCaptureTime", Role.TAG), ("SamsungCountryCode", Role.TAG), ("MotionPhoto_Data", Role.VIDEO),
        ("Secret_Part", Role.UNKNOWN), ("Words_Part", Role.TAG), ("directory", Role.UNKNOWN),
    }  # fmt: skip
    assert {"1771317728000", "502", "a note of many words"} <= {entry.text for entry in entries}


@pytest.mark.parametrize(
    ("tail", "about"),
    [(bytes(range(1, 9)) + b"IDAT" + bytes(range(90)) + b"IEND\xaeB`\x82", "PNG"),
     (bytes(range(1, 90)) + b"IEND\xaeB`\x82\0\0", "PNG"), (bytes(range(1, 90)) + b"IDAT" + bytes(range(1, 90)), "PNG"),
     (bytes(range(1, 90)) + b"\xff\xd9", "JPEG"), (bytes(range(1, 90)) + b"\xff\xd9\0\0", "JPEG")],
)  # fmt: skip
def test_remains_of_a_larger_picture(tail: bytes, about: str) -> None:
    (entry,) = (e for e in metadata.read(c.jpeg(tail=tail), Format.JPEG, "photo").entries if e.role is Role.TRAILING)
    assert f"the rest of a larger {about} picture" in entry.about
