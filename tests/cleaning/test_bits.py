"""The smallest parts of a copy's proof and of repainted JPEGs: bits, codes, and secrets that are looked for."""

from __future__ import annotations

import base64
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.cleaning import search
from photoscan.coded.bits import CHUNK, BitReader, BitWriter
from photoscan.coded.huffman import LONGEST, Table
from photoscan.coded.refusal import NotCodableError


def bits(data: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in data)


copied = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda row: (min(row), max(row)))
written = st.tuples(st.integers(0, 2**20), st.integers(1, 16))


@given(st.binary(min_size=50, max_size=50), st.lists(st.one_of(copied.map(list), written), max_size=12))
def test_bits_come_out_as_they_were_copied_and_written(data: bytes, rows: list[tuple[int, int] | list[int]]) -> None:
    source = BitReader(data.replace(b"\xff", b"\xff\x00"), [])
    assert (source.data, source.end) == (data, 400)
    sink, expected = BitWriter(source), ""
    for row in rows:
        if isinstance(row, list):
            sink.copy(row[0], row[1])
            expected += bits(data)[row[0] : row[1]]
        else:
            value, count = row
            sink.write(value, count)
            expected += f"{value:032b}"[-count:]
    expected += "1" * (-len(expected) % 8)
    out = sink.bytes()
    assert bits(out.replace(b"\xff\x00", b"\xff")) == expected
    assert out.count(b"\xff") == out.count(b"\xff\x00")


def test_many_written_bits_are_kept_in_order() -> None:
    sink = BitWriter(BitReader(b"\0", []))
    for number in range(3000):
        sink.write(number, 13)
    assert bits(sink.bytes().replace(b"\xff\x00", b"\xff")) == "".join(f"{number:013b}" for number in range(3000))


@pytest.mark.parametrize("at", [0, 1, 7, 8, 777, 8 * CHUNK - 1, 8 * CHUNK, 8 * CHUNK + 3, 16 * CHUNK + 5])
def test_windows_show_sixteen_bits_wherever_they_begin(at: int) -> None:
    data = bytes((number * 7 + number // 251) % 255 for number in range(2 * CHUNK + 100))
    source = BitReader(data, [])
    inside = source.advance(at)
    window = source.windows[inside]
    shown = bits(data[at // 8 : at // 8 + 3])[at % 8 : at % 8 + 16]
    assert f"{window:016b}" == shown


def test_behind_the_end_there_are_ones() -> None:
    source = BitReader(b"\0\0", [])
    assert [f"{source.windows[i]:016b}" for i in (0, 1, 15, 16, 40)] == [
        "0" * 16, "0" * 15 + "1", "0" + "1" * 15, "1" * 16, "1" * 16,
    ]  # fmt: skip


# Codes

LUMINANCE = Table((0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0), bytes(range(12)))
"""ITU-T T.81, table K.3."""
CODES = {0: "00", 1: "010", 2: "011", 3: "100", 4: "101", 5: "110", 6: "1110", 7: "11110", 8: "111110", 9: "1111110",
         10: "11111110", 11: "111111110"}  # fmt: skip


def test_codes_are_those_of_the_standard() -> None:
    assert {symbol: f"{code:0{length}b}" for symbol, (code, length) in LUMINANCE.codes.items()} == CODES


def test_a_table_is_looked_up_by_what_comes_next() -> None:
    lengths, symbols = LUMINANCE.lookup()
    for symbol, code in CODES.items():
        for rest in ("0", "1"):
            window = int(code.ljust(LONGEST, rest), 2)
            assert (lengths[window], symbols[window]) == (len(code), symbol)
    assert lengths[0xFFFF] == 0


def test_added_symbols_move_no_other_and_never_take_the_code_of_ones() -> None:
    wider = LUMINANCE.with_symbols({3, 200, 100, 150})
    codes = {symbol: f"{code:0{length}b}" for symbol, (code, length) in wider.codes.items()}
    assert {symbol: codes[symbol] for symbol in CODES} == CODES
    assert {s: codes[s] for s in (100, 150, 200)} == {100: "1" * 9 + "0", 150: "1" * 10 + "0", 200: "1" * 11 + "0"}


def test_a_table_with_room_is_filled_to_sixteen_bits_and_no_further() -> None:
    full = LUMINANCE.with_symbols({100, 101, 102, 103, 104, 105, 106})
    assert max(length for _, length in full.codes.values()) == LONGEST
    with pytest.raises(NotCodableError, match="no room"):
        full.with_symbols({107})


def test_a_segment_defines_the_table() -> None:
    assert LUMINANCE.written(1, 2) == b"\xff\xc4\0\x1f\x12" + bytes(LUMINANCE.counts) + LUMINANCE.symbols


@pytest.mark.parametrize(
    ("counts", "symbols"),
    [((1,) * 15, bytes(15)), ((0,) * 16, b""), ((1,) + (0,) * 15, b"ab"), ((2,) + (0,) * 15, b"a")],
)
def test_a_broken_table_is_refused(counts: tuple[int, ...], symbols: bytes) -> None:
    with pytest.raises(NotCodableError):
        Table(counts, symbols)


def test_more_codes_than_there_are_is_refused() -> None:
    assert len(Table((2,) + (0,) * 15, b"ab").codes) == 2
    with pytest.raises(NotCodableError, match="too many"):
        _ = Table((3,) + (0,) * 15, b"abc").codes


# Secrets

SECRET = "Aina Rahmän".encode()


@pytest.mark.parametrize("limit", [0, 1 << 29])
@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 250])
@pytest.mark.parametrize("at", range(9))
def test_a_secret_is_found_wherever_it_stands(limit: int, size: int, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PLAIN_WORK", limit)
    others = [f"other secret {number}".encode() for number in range(9)]
    data = b"." * at + SECRET + b"," * size
    assert search.found([*others, SECRET], data)
    assert not search.found([*others, SECRET], data.replace(b"Rah", b"rah"))
    assert not search.found([*others, SECRET + b"!"], data)
    assert search.found([SECRET + b"!", SECRET[:6]], data)  # one beginning, two secrets
    assert not search.found([SECRET], data[: at + len(SECRET) - 1])


FORMS = {
    "as it stands": SECRET, "UTF-16, little end first": "Aina Rahmän".encode("utf-16-le"),
    "UTF-16, big end first": "Aina Rahmän".encode("utf-16-be"),
    **{f"Base64 behind {n} bytes": base64.b64encode(b"abc"[:n] + SECRET + b"behind it") for n in range(4)},
    **{f"Base64 of UTF-16 behind {n} bytes": base64.b64encode(b"abc"[:n] + "Aina Rahmän".encode("utf-16-le") + b"z")
       for n in range(3)},
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("held", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_text_is_looked_for_in_every_form_whatever_form_it_was_read_in(name: str, held: str) -> None:
    forms = search.disguised(["Aina Rahmän".encode(held)])
    assert any(form in b"<<" + FORMS[name] + b">>" for form in forms)
    assert all(len(form) >= search.ANCHOR for form in forms)


def test_a_text_that_was_cut_within_a_character_is_looked_for_as_well() -> None:
    forms = search.disguised(["Rahmän".encode()[:5], "Zürich ä".encode()[:-1]])
    assert "Zürich".encode("utf-16-le") in forms


def test_bytes_that_are_no_text_are_looked_for_as_they_stand() -> None:
    raw = bytes((0xFE, 0x80, 0x81, 0x90, 0xC0, 0xFF, 0x85))
    assert raw in search.disguised([raw])
    assert base64.b64encode(raw)[:9] in search.disguised([raw])


@pytest.mark.parametrize("level", [0, 1, 6, 9])
@pytest.mark.parametrize("how", ["zlib", "gzip"])
@pytest.mark.parametrize("before", [b"", b"x", b"\x78\x01\x78\xda"])
def test_compressed_streams_are_opened_wherever_they_begin(level: int, how: str, before: bytes) -> None:
    packed = zlib.compress(SECRET * 9, level) if how == "zlib" else gzip.compress(SECRET * 9, level)
    assert SECRET * 9 in list(search.inflated(before + packed + b"behind"))


def test_a_stream_that_never_ends_is_opened_as_far_as_the_limit() -> None:
    (text,) = search.inflated(zlib.compress(bytes(search.MOST_INFLATED + 9)))
    assert len(text) == search.MOST_INFLATED


def test_streams_are_opened_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_STREAMS", 3)
    assert len(list(search.inflated(zlib.compress(b"x") * 5))) == 3
