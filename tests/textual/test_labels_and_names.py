"""Labels before values, names that people say, and payloads written out: what is taken, and where it ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.textual import labels, names, written_codes

BEHIND = {
    # (idea, line): (label, value, separated, said, whether nothing stands before)
    ("secret", "Wi-Fi password: mango#Kite47"): ("wi-fi password", "mango#Kite47", True, False, True),
    ("secret", "password for the wifi is mango#Kite47"): ("password", "mango#Kite47", True, True, True),
    ("secret", "我的密码是hunter22"): ("密码", "hunter22", True, True, False),
    ("secret", "PIN (4 digits): 4821"): ("pin", "4821", True, False, True),
    ("secret", "Enter your PIN"): ("pin", "", False, False, False),
    ("person", "Nama: Siti Hajar"): ("nama", "Siti Hajar", True, False, True),
}


@pytest.mark.parametrize("case", BEHIND, ids=str)
def test_the_value_behind_a_label(case: tuple[str, str]) -> None:
    found = labels.behind(*case)
    assert found is not None
    assert (found.label, found.value, found.separated, found.said, found.first) == BEHIND[case]
    assert case[1][found.start :].strip() == found.value
    assert found.value == "" or found.value not in repr(found)


@pytest.mark.parametrize(("idea", "line"), [("secret", "Sunset over the bay"), ("birth", ""), ("person", "Leeds")])
def test_no_label(idea: str, line: str) -> None:
    assert labels.behind(idea, line) is None
    assert labels.each(idea, line) == []


def test_several_labels_end_each_other_and_so_does_the_next_field() -> None:
    assert [(row.label, row.value) for row in labels.each("secret", "PIN: 1234 PUK: 5678")] == [
        ("pin", "1234"), ("puk", "5678"),
    ]  # fmt: skip
    rows = labels.each("birth", "DOB: 1 May 1990 Born: 2 June 1991 Place: Leeds")
    assert [row.value for row in rows] == ["1 May 1990", "2 June 1991"]


@pytest.mark.parametrize(
    ("value", "name"),
    [("Sarah Connor DOB: 12/05/1990", "Sarah Connor"), ("Max Born", "Max Born"), ("Ana", "Ana"), ("", ""),
     ("Sarah Connor Place: Leeds", "Sarah Connor"), ("Sarah Connor  Leeds", "Sarah Connor"),
     ("Sarah Connor\tLeeds", "Sarah Connor"), ("Sarah Connor Born 1990", "Sarah Connor")],
)  # fmt: skip
def test_a_value_without_the_fields_behind_it(value: str, name: str) -> None:
    assert labels.alone(value) == name


def test_a_line_that_is_a_label_alone() -> None:
    assert labels.is_label("person", "Nama Penuh")
    assert labels.is_label("person", "nama penuh:")
    assert not labels.is_label("person", "Nama Penuh Siti")


@pytest.mark.parametrize("idea", [idea for idea, _, _ in labels.samples()])
def test_every_sample_has_its_label(idea: str) -> None:
    (found,) = (must for name, must, _ in labels.samples() if name == idea)
    assert [line for line in found if not labels.each(idea, line)] == []


INTRODUCED = {
    "My name is Sarah Connor": [("Sarah Connor", True)],
    "Hi, my name is Sarah Connor!": [("Sarah Connor", True)],
    "Je m’appelle Marie Dupont.": [("Marie Dupont", True)],
    "Nama saya Siti": [("Siti", False)],
    "My Name Is Red": [("Red", False)],
    "my name is sarah connor": [("sarah connor", False)],
    "I am Sarah Connor": [("Sarah Connor", False)],
    "我叫王小明": [("王小明", True)],
    "我的名字是欧阳明月": [("欧阳明月", True)],
    "I am Sarah": [],
    "i am sarah connor": [],
    "my name is": [],
    "我叫他来": [],
    "hello": [],
    "": [],
}


@pytest.mark.parametrize("said", INTRODUCED)
def test_who_introduces_themselves(said: str) -> None:
    assert list(names.introduced(said)) == INTRODUCED[said]


@pytest.mark.parametrize(
    ("value", "name"),
    [("张伟", ("张伟", True)), ("欧阳明月", ("欧阳明月", True)),
     ("北京", ("北京", False)), ("김철수", ("김철수", True)),
     ("本人", None), ("王小明先生", None), ("张三李四王", None), ("Siti", None), ("", None)],
)  # fmt: skip
def test_names_in_east_asian_scripts(value: str, name: tuple[str, bool] | None) -> None:
    assert names.east_asian(value) == name


@pytest.mark.parametrize(
    ("value", "name"),
    [("sarah connor", "sarah connor"), ("sarah jane connor, leeds", "sarah jane connor"),
     ("sarah connor.", "sarah connor"),
     ("Sarah connor", None), ("sarah", None), ("sarah jane connor smith", None), ("a b", None), ("", None)],
)  # fmt: skip
def test_names_without_capitals(value: str, name: str | None) -> None:
    assert names.small(value) == name


WRITTEN: dict[tuple[str, ...], list[tuple[tuple[int, ...], str]]] = {
    ("WIFI:S:home;T:WPA;P:secret;;",): [((0,), "wifi")],
    ("hello", "BEGIN:VCARD", "VERSION:3.0", "FN:Ana Lima", "NOTE:x", "TEL;TYPE=CELL:+55", "END:VCARD", "bye"): [
        ((1, 2, 3, 5, 6), "contact")
    ],
    ("begin:vcard", "FN:A", "BEGIN:VCARD", "FN:B"): [((0, 1), "contact"), ((2, 3), "contact")],
    ("MECARD:N:A;;", "otpauth://totp/x?secret=ABC"): [((0,), "contact"), ((1,), "authenticator")],
    ("HC1:6BF",): [((0,), "health_certificate")],
    ("WIFI:nothing",): [],
    ("tel:+60", "geo:1,2", "my wifi: home"): [],
    (): [],
}


@pytest.mark.parametrize("texts", WRITTEN, ids=str)
def test_payloads_that_are_written_out(texts: tuple[str, ...]) -> None:
    found = list(written_codes.find(texts))
    assert [(code.lines, code.payload.sort) for code in found] == WRITTEN[texts]
    assert [code.text for code in found if code.text in repr(code)] == []


@given(st.lists(st.text("nama:pin isBEGINVCARD WIFI我叫王是;T", max_size=40), max_size=5))
def test_anything_is_survived(texts: list[str]) -> None:
    whole = " ".join(texts)
    for idea, _, _ in labels.samples():
        for row in labels.each(idea, whole):
            assert row.value in whole
    for name, _ in names.introduced(whole):
        assert name in whole
    for code in written_codes.find(texts):
        assert set(code.lines) <= set(range(len(texts)))
