"""Known words in what a reader saw: one slip is forgiven, and never a second one on top."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import scan_text
from photoscan.textual import labels
from photoscan.textual.places import place
from photoscan.textual.words import Vocabulary, fold, fold_all, one_letter_apart

KNOWN = Vocabulary(
    [("password", "p"), ("kata laluan", "k"), ("order no", "o"), ("pin", "n")], ordinary=frozenset({"passwords"})
)


@pytest.mark.parametrize(
    ("read", "known"),
    [("password", "password"), ("passw0rd", "password"), ("pasword", "password"), ("passward", "password"),
     ("passwoord", "password"), ("kata lauan", "kata laluan"), ("pin", "pin"),
     ("pasw0rd", None), ("pasward", None), ("passwords", None), ("katalaluan", None), ("older no", None), ("pan", None),
     ("", None), ("a" * 5000, None)],
)  # fmt: skip
def test_one_slip_is_forgiven_in_long_words(read: str, known: str | None) -> None:
    assert KNOWN.like(read) == known


def test_one_letter_apart() -> None:
    assert one_letter_apart("trackng no", "tracking no", 6)
    assert not one_letter_apart("tracking no", "tracking no", 6)
    assert not one_letter_apart("tracking mo", "tracking no", 6)
    assert not one_letter_apart("rtacking no", "tracking no", 6)


@pytest.mark.parametrize("word", sorted(labels.ordinary()))
def test_ordinary_words_label_nothing(word: str) -> None:
    for idea, _, _ in labels.samples():
        for line in (word.capitalize(), f"{word}: 20481234", f"{word.upper()} 12"):
            assert labels.behind(idea, line) is None, (idea, line)


@pytest.mark.parametrize("phrase", ["bal rm", "mill hil", "kentt"])
def test_a_rough_shape_is_no_place(phrase: str) -> None:
    assert place(phrase) is None


def test_a_long_place_may_have_a_wrong_letter() -> None:
    found = place("aix-er-provence")
    assert found is not None
    assert found.countries == ("FR",)


NO_ADDRESS = [
    "AVAIL BAL RM 1,234.00", "Nama: Siti Hajar\nGaji bersih: RM 4,812.50", "Court Summons\nCase No. 12-345/2024",
    "TABLE 12", "Order No. 12345", "Monitor 27", "Invoice No 4471", "Meja No. 12",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_balances_cases_and_tables_are_no_addresses(text: str) -> None:
    assert not [f for f in scan_text(text) if f.kind.value in ("text.address", "text.street", "text.house_number")]


@pytest.mark.parametrize("text", ["192.168.10.254", "06 06 2008", "PIS/PASEP 120.56874.10-7"])
def test_other_numbers_are_no_telephones(text: str) -> None:
    assert not [f for f in scan_text(text) if f.kind.value == "text.phone" and f.likely]


def test_a_password_behind_a_blurred_word_is_possible() -> None:
    (found,) = scan_text("wfl passwcnd: mamgo15/Kite")
    assert found.kind.value == "text.secret"
    assert not found.likely
    for line in ("wfl passwcnd: mango", "Passport: A48215093x", "Camera: mamgo15/Kite", "barcode: mamgo15/Kite"):
        assert not [f for f in scan_text(line) if f.kind.value == "text.secret"]


@given(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))), min_size=1))
def test_many_texts_are_folded_as_each_is(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]
