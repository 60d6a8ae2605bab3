"""Lines in application segments, trailers of picture desks, and texts in encodings that nobody names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import metadata
from photoscan.formats import Format
from photoscan.metadata import Entry, Role
from photoscan.metadata.ifd import text
from photoscan.metadata.telling import meaning
from tests.metadata import containers as c
from tests.properties import share


def read(data: bytes, format_: Format = Format.JPEG) -> list[Entry]:
    return list(metadata.read(data, format_, "photo").entries)


def told(*segments: bytes) -> dict[str, tuple[str, str]]:
    rows = [entry for entry in read(c.jpeg(*segments)) if entry.role is Role.TAG]
    return {entry.field: (entry.text, (meaning(entry) or "").removeprefix("metadata.")) for entry in rows}


LINES = (
    b"OLYMPUS OPTICAL CO.,LTD.\0[picture info]\r\nResolution=3\r\nSerial#=#0077\r\nOwner: Rosa Lima\r\n[end]\r\n\0\0"
)


@pytest.mark.parametrize("marker", [0xEC, 0xE7])
def test_lines_of_a_segment_are_told_by_their_names(marker: int) -> None:
    said = told(c.segment(marker, LINES))
    assert said["Serial#"] == ("#0077", "serial")
    assert said["Owner"] == ("Rosa Lima", "person")
    assert set(said) == {"Resolution", "Serial#", "Owner"}


def test_a_text_without_names_stays_unknown() -> None:
    (entry,) = read(c.jpeg(c.segment(0xE7, b"a secret")))
    assert entry.role is Role.UNKNOWN


def test_more_lines_than_anybody_reads_are_unknown() -> None:
    rows = read(c.jpeg(c.segment(0xEC, b"[info]\n" + b"a=bcd\n" * 600)))
    assert len([entry for entry in rows if entry.role is Role.TAG]) < 600
    assert rows[-1].role is Role.UNKNOWN


def test_the_comment_of_a_stereoscopic_picture() -> None:
    body = b"_JPSJPS_\0\4\0\0\0\1\0\4Rosa"
    assert told(c.segment(0xE3, body))["Comment"] == ("Rosa", "comment")


def afcp(sign: bytes, order: str, front: int) -> bytes:
    """A trailer that stands behind `front` bytes."""

    def number(value: int, size: int = 4) -> bytes:
        return value.to_bytes(size, "big" if order == ">" else "little")

    iptc = c.dataset(80, b"Rosa Lima")
    rows = [(b"IPTC", iptc), (b"Nail", c.jpeg()), (b"TEXT", b"our garden"), (b"%QQQ", b"abcdef123")]
    body, directory, at = b"", sign + number(1, 2) + number(len(rows), 2) + bytes(4), front
    for name, content in rows:
        directory += name + number(len(content)) + number(at + len(body))
        body += content
    return body + directory + sign + number(front + len(body)) + bytes(4)


@pytest.mark.parametrize(("sign", "order"), [(b"AXS!", ">"), (b"AXS*", "<")])
def test_the_trailer_of_a_picture_desk(sign: bytes, order: str) -> None:
    plain = c.jpeg()
    rows = {entry.field: entry for entry in read(plain + afcp(sign, order, len(plain)))}
    assert rows["By-line"].text == "Rosa Lima"
    assert rows["By-line"].container == "jpeg/trailer/iptc"
    assert rows["Comment"].text == "our garden"
    assert rows["Preview"].role is Role.THUMBNAIL
    assert rows["%QQQ"].role is rows["directory"].role is Role.UNKNOWN
    assert not any(entry.role is Role.TRAILING for entry in rows.values())


DATASETS = c.dataset(80, b"Rosa Lima")
FOTO_STATION = b"our garden 77" + b"\0\2" + (23).to_bytes(4, "big") + b"\xa1\xb2\xc3\xd4"
FOTO_STATION += DATASETS + b"\0\1" + (10 + len(DATASETS)).to_bytes(4, "big") + b"\xa1\xb2\xc3\xd4"
PHOTO_MECHANIC = DATASETS + len(DATASETS).to_bytes(4, "big") + b"cbipcbbl"


@pytest.mark.parametrize("tail", [FOTO_STATION, PHOTO_MECHANIC, FOTO_STATION + PHOTO_MECHANIC])
def test_datasets_behind_the_end(tail: bytes) -> None:
    rows = read(c.jpeg() + tail)
    assert {entry.text for entry in rows if entry.field == "By-line"} == {"Rosa Lima"}
    assert ("part 2" in {entry.field for entry in rows}) == tail.startswith(FOTO_STATION)
    assert not any(entry.role is Role.TRAILING for entry in rows)


@given(st.data())
@share(0.3)
def test_a_damaged_trailer_becomes_unknown_bytes(data: st.DataObject) -> None:
    plain = c.jpeg()
    tail = bytearray(afcp(b"AXS!", ">", len(plain)))
    for _ in range(data.draw(st.integers(1, 4))):
        tail[data.draw(st.integers(0, len(tail) - 1))] = data.draw(st.integers(0, 255))
    assert read(plain + bytes(tail))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"Rosa\0\0\0", "Rosa"),
        (b"Rosa\0Lima\0", "Rosa Lima"),
        ("Zoë".encode("latin-1"), "Zoë"),
        ("“Zoë”".encode("cp1252"), "\x93Zoë\x94"),
        ("山田太郎".encode("cp932") + b"\0", "山田太郎"),
        ("Rosa Lima".encode("utf-16"), "Rosa Lima"),
        ("Rosa Lima".encode("utf-16-le"), "Rosa Lima"),
        ("Rosa Lima\0".encode("utf-16-be"), "Rosa Lima"),
        (b"\xef\xbb\xbfRosa", "Rosa"),
        (b"A\0B\0", "A B"),
        (b"", ""),
    ],
)
def test_texts_in_encodings_that_nobody_names(raw: bytes, said: str) -> None:
    assert text(raw) == said
    if said and "\0Lima" not in raw.decode("latin-1") and len(said) > 3:
        assert told(c.segment(0xFE, raw))["Comment"][0] == said


def test_the_number_that_follows_a_picture() -> None:
    number = "FBMD0a000a6f01000000aa11"
    block = c.resource(0x0404, c.dataset(40, number.encode()))
    assert told(c.segment(0xED, b"Photoshop 3.0\0" + block))["SpecialInstructions"] == (number, "identifier")


def test_what_gif_carries_of_other_standards() -> None:
    iptc = c.dataset(80, b"Rosa Lima")
    block = b"\x21\xff\x0bMGKIPTC0000" + bytes((len(iptc),)) + iptc + b"\0"
    assert [entry.text for entry in read(c.gif(block), Format.GIF) if entry.field == "By-line"] == ["Rosa Lima"]


def exif(*tags: c.Tag) -> dict[str, str]:
    return {entry.field: entry.text for entry in read(c.jpeg(c.exif(c.tiff(list(tags)))))}


@pytest.mark.parametrize("kind", [1, 2, 6, 7, 129])
def test_text_in_any_type(kind: int) -> None:
    assert exif((0x013B, kind, b"Rosa Lima\0"))["Artist"] == "Rosa Lima"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"ASCII\0\0\0our garden", "our garden"),
        (b"ASCII   our garden", "our garden"),
        (b"Unicode\0" + "our garden".encode("utf-16-be"), "our garden"),
        (b"\0\0\0\0\0\0\0\0our garden", "our garden"),
        (b"our garden", "our garden"),
    ],
)
@pytest.mark.parametrize("kind", [2, 7])
def test_comments_behind_the_name_of_their_code(raw: bytes, said: str, kind: int) -> None:
    assert exif((0x9286, kind, raw))["UserComment"] == said


@pytest.mark.parametrize("kind", [3, 4, 7, 8, 9, 13])
def test_a_pointer_may_be_any_whole_number(kind: int) -> None:
    gps = c.tiff([], gps=[(1, 2, b"N\0")])
    at = gps.index((0x8825).to_bytes(2, "little"))
    count = 4 if kind == 7 else 2 if kind in (3, 8) else 1
    block = bytearray(gps)
    block[at + 2 : at + 4] = kind.to_bytes(2, "little")
    block[at + 4 : at + 8] = count.to_bytes(4, "little")
    assert "GPSLatitudeRef" in {entry.field for entry in read(c.jpeg(c.exif(bytes(block))))}


def test_padding_of_windows_says_nothing() -> None:
    assert exif((0xEA1C, 7, b"\x1c\xea" + bytes(2060))) == {}
    assert "Padding" in exif((0xEA1C, 7, b"\x1c\xea" + b"secret" + bytes(2060)))


def test_digests_are_numbers() -> None:
    assert exif((0xC65D, 1, bytes(range(16))))["RawDataUniqueID"] == bytes(range(16)).hex()
