"""Lines for a terminal: nothing is lost, nothing is wider than the room, and styles don't change what is said."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.columns import columns
from photoscan.render.terminal import STYLES, Run, Terminal, broken
from photoscan.render.text import _STYLES

TEXTS = st.text(st.sampled_from("ab dé 家族 e\u0301.-  \n"), max_size=60)
RUNS = st.lists(st.tuples(TEXTS, st.sampled_from(["", "bold", "bold, red"])), max_size=4)


@given(RUNS, st.integers(2, 30))
def test_rows_hold_all_but_blanks_and_are_no_wider_than_asked(runs: list[Run], width: int) -> None:
    rows = broken(runs, width)
    assert all(columns("".join(text for text, _ in row)) <= width for row in rows)
    said = "".join(text for row in rows for text, _ in row)
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", "".join(text for text, _ in runs))


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("", 5, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("one  two ", 20, ["one  two"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("a abcdefgh", 4, ["a", "abcd", "efgh"]),
        ("家族写真", 5, ["家族", "写真"]),
        (" 家", 2, ["家"]),
        ("one\n\ntwo", 9, ["one", "", "two"]),
        ("a, b", 3, ["a,", "b"]),
    ],
)
def test_where_lines_are_broken(text: str, width: int, rows: list[str]) -> None:
    assert ["".join(t for t, _ in row) for row in broken([(text, "")], width)] == rows


def test_a_word_of_two_styles_is_not_broken_between_them() -> None:
    runs = [("one Face", "bold"), (": Jane", "")]
    assert broken(runs, 10) == [[("one Face", "bold"), (":", "")], [("Jane", "")]]
    assert broken(runs, 8) == [[("one", "bold")], [("Face", "bold"), (":", "")], [("Jane", "")]]


def drawn(colour: bool = False, width: int = 24) -> Terminal:
    return Terminal(width, colour)


def test_a_bullet_goes_on_under_its_own_beginning() -> None:
    terminal = drawn()
    terminal.line(("one two three four five six", ""), indent=2, lead="• ")
    terminal.line(("copied whole, however long it is", ""), indent=2, wrap=False)
    terminal.line()
    assert terminal.text == "  • one two three four\n    five six\n  copied whole, however long it is\n\n"


def test_a_table_gives_the_wider_column_what_the_other_does_not_need() -> None:
    terminal = drawn(width=30)
    terminal.table([("Where", "one two three four", "jpeg"), ("", "five", "exif")], ("bold", "", "dim"), indent=2)
    assert terminal.text.splitlines() == [
        "  Where  one two three  jpeg",
        "         four",
        "         five           exif",
    ]


def test_a_word_that_would_fill_a_table_is_cut() -> None:
    terminal = drawn(width=30)
    terminal.table([("Who", "x" * 500, "jpeg")], ("bold", "", "dim"), indent=2)
    assert len(terminal.text.splitlines()) == 3
    assert "..." in terminal.text


def test_colours_are_written_only_where_they_are_wanted() -> None:
    plain, coloured = drawn(), drawn(colour=True)
    for terminal in (plain, coloured):
        terminal.line(("bad", "bold, white, on red"), (" and plain", ""))
    assert plain.text == "bad and plain\n"
    assert coloured.text == "\x1b[1;37;41mbad\x1b[0m and plain\n"


def test_every_style_that_reports_use_is_known() -> None:
    assert {word for style in _STYLES.values() for word in style.split(", ")} <= set(STYLES)
