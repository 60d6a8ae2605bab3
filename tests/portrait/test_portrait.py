"""What a stranger would write: never invented, masked, whole sentences, for every photo and in every language."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.catalog import LANGUAGES, has, rows
from photoscan.finding import Finding
from photoscan.kind import Kind, Severity, named
from photoscan.portrait import Paragraph, write
from photoscan.portrait.rules import rules
from photoscan.portrait.told import told
from photoscan.report import Report
from photoscan.risk import assess, exempt, linkage
from photoscan.risk.folding import is_folded
from tests.portrait.photos import PHOTOS, found, report
from tests.properties import share
from tests.risk.reports import DEFAULT, any_finding, made

GOLDEN = tomllib.loads(Path(__file__).with_name("golden.toml").read_text("utf-8"))
READ = [language for language in LANGUAGES if language in GOLDEN["nothing"]]
"""Languages in which somebody has read the golden table; others may join it."""
STOPS = (".", "。")
PLACEHOLDER = re.compile(r"{\w*}|\ue000")


def judged(*findings: Finding) -> Report:
    return assess(made(*findings), DEFAULT)


def sentences(said: Paragraph) -> list[str]:
    """Its sentences: phrases up to the one that ends with a stop."""
    whole, begun = [], ""
    for phrase in said.phrases:
        begun += phrase.before + phrase.text
        if phrase.text.endswith(STOPS):
            whole.append(begun.strip())
            begun = ""
    assert not begun, "a sentence without an end"
    return whole


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("language", READ)
def test_typical_photos_are_told_as_people_read_them(name: str, language: str) -> None:
    assert write(report(name), language).text == GOLDEN[name][language]


@pytest.mark.parametrize("name", PHOTOS)
def test_with_values_shown(name: str) -> None:
    assert write(report(name), "en", clear=True).text == GOLDEN[name]["clear"]


def test_the_golden_table_has_these_photos_and_no_others() -> None:
    assert list(GOLDEN) == list(PHOTOS)
    assert {"en", "ms", "id", "pt-BR"} <= set(READ)


@pytest.mark.parametrize("clause", rules().clauses, ids=lambda clause: clause.id)
def test_every_rule_tells_of_its_sample(clause: object) -> None:
    (clause,) = [row for row in rules().clauses if row is clause]
    attributes = {clause.attribute: "Kajang"} if clause.attribute else {}
    for word in clause.sample:
        value = {"time": "2026-07-17", "device": "Apple iPhone 13"}.get(clause.id, "value")
        paragraph = write(judged(found(word, value, **attributes)), "en")
        wanted = rows("en")[f"portrait.say.{clause.id}"].partition("{")[0].strip(" (")
        assert wanted.casefold() in paragraph.text.casefold()


@pytest.mark.parametrize("clause", [row for row in rules().clauses if row.several], ids=lambda clause: clause.id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_more_of_a_kind_are_counted_once_each(clause: object, language: str) -> None:
    (clause,) = [row for row in rules().clauses if row is clause]
    attributes = {clause.attribute: "Kajang"} if clause.attribute else {}
    values = ("one", "two", "TWO ", "three")
    said = write(judged(*(found(clause.sample[0], value, **attributes) for value in values)), language).text
    assert "3" in said


def test_every_kind_is_told_or_left_out_for_a_reason() -> None:
    asked = rules()
    other = asked.clauses[-1]
    assert other.id == "other"
    known = (*asked.who, *asked.untold, *(kind for row in asked.clauses[:-1] for kind in row.kinds))
    assert [kind for kind in Kind if not named(kind, known)] == []
    assert all(asked.untold.values())


def test_every_combination_says_what_could_be_done() -> None:
    assert set(rules().next) == {rule.id for rule in linkage.rules()}
    assert [name for name in rules().next.values() if not has(f"portrait.next.{name}")] == []


def test_every_text_of_a_paragraph_is_said_somewhere() -> None:
    said = {f"portrait.next.{name}" for name in rules().next.values()}
    for row in rules().clauses:
        said |= {f"portrait.say.{row.id}"} | ({f"portrait.say.{row.id}.many"} if row.several else set())
    ours = {key for key in rows() if key.startswith(("portrait.next.", "portrait.say."))}
    assert ours == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_clauses_are_written_to_be_joined_and_sentences_are_whole(language: str) -> None:
    texts = {key: line for key, line in rows(language).items() if key.startswith("portrait.")}
    clauses = {key: line for key, line in texts.items() if key.startswith("portrait.say.")}
    whole = ("who", "next", "close", "nothing", "missed")
    ended = {key: line for key, line in texts.items() if key.split(".")[1] in whole}
    assert [key for key, line in clauses.items() if line.endswith(STOPS) or len(line) > 160] == []
    assert [key for key, line in ended.items() if not line.endswith(STOPS) or len(line) > 240] == []


person = st.sampled_from(["face", "face.child", "face.known", "person"])
likely_one = st.builds(found, st.one_of(st.sampled_from([kind.value for kind in Kind]), person), st.none())
valued = st.builds(
    found,
    st.sampled_from([kind.value for kind in Kind]),
    st.sampled_from(["Xq7 Zw9 Kv4", "+60 19-876 5432", "ex{count}ample", "2031-11-29 23:58:00", "a\nb\u202ec"]),
)
many = st.lists(st.one_of(any_finding, likely_one, valued), max_size=14)


@share(1)
@given(many, st.sampled_from(LANGUAGES), st.booleans())
def test_whatever_was_found_the_paragraph_holds(findings: list[Finding], language: str, clear: bool) -> None:
    photo = judged(*findings)
    said = write(photo, language, clear)
    known = {finding.id: finding for finding in photo.findings}
    rested = [known[name] for phrase in said.phrases for name in phrase.findings]
    assert not [f for f in rested if exempt.is_exempt(f) or is_folded(f)]
    assert not PLACEHOLDER.search(said.text.replace("ex{count}ample", ""))
    rows = sentences(said)
    assert 2 <= len(rows) <= 6
    assert len(set(rows)) == len(rows)
    assert all(row[0].upper() == row[0] and not row.endswith(("..", ",.")) and "  " not in row for row in rows)
    assert "\u202e" not in said.text
    assert "\n" not in said.text
    for phrase in said.phrases:
        assert {part.finding for part in phrase.parts if part.finding} <= set(phrase.findings)
        assert all(part.text for part in phrase.parts)
    if told(photo):
        assert any(phrase.findings for phrase in said.phrases) or not _sayable(photo)


def _sayable(photo: Report) -> list[Finding]:
    """Findings that some clause takes, or who is seen."""
    return [f for f in told(photo) if f.likely and f.kind not in (Kind.METADATA_DATETIME, Kind.METADATA_DEVICE)]


@share(1)
@given(many, st.sampled_from(LANGUAGES))
def test_a_masked_paragraph_holds_no_value_and_only_what_the_report_shows(
    findings: list[Finding], language: str
) -> None:
    photo = judged(*findings)
    said = write(photo, language)
    known = {finding.id: finding for finding in photo.findings}
    for finding in photo.findings:
        if finding.value and finding.value != finding.value_masked:
            assert finding.value not in said.text
    for part in (part for phrase in said.phrases for part in phrase.parts if part.finding):
        if part.text != "•••" and known[str(part.finding)].kind is not Kind.METADATA_DATETIME:
            masked = " ".join((known[str(part.finding)].value_masked or "").split())
            assert part.text.rstrip("…") in masked


@share(0.5)
@given(many, st.sampled_from(LANGUAGES))
def test_both_forms_say_the_same_of_the_same(findings: list[Finding], language: str) -> None:
    photo = judged(*findings)
    masked, clear = write(photo, language), write(photo, language, clear=True)
    assert [phrase.findings for phrase in masked.phrases] == [phrase.findings for phrase in clear.phrases]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_only_possible_is_said_as_perhaps(language: str) -> None:
    perhaps = max((word.strip() for word in rows(language)["portrait.perhaps"].split("{said}")), key=len)
    sure = write(judged(found("text.secret", "abc")), language)
    unsure = write(judged(found("text.secret@0.4", "abc")), language)
    assert perhaps.casefold() not in sure.text.casefold()
    assert perhaps.casefold() in unsure.text.casefold()
    assert [phrase.likely for phrase in unsure.phrases] == [True, False, False]


def test_what_does_not_count_and_what_is_folded_is_not_written() -> None:
    counted = judged(found("plate", "BQU 5613"))
    passed = replace(counted, findings=tuple(exempt.marked(f, "reviewed") for f in counted.findings))
    nothing = GOLDEN["nothing"]["en"]
    assert write(passed, "en").text == nothing
    assert write(judged(found("plate@0.3", "BQU 5613")), "en").text == nothing
    little = replace(found("code.barcode", "9556001"), severity_override=Severity.LOW)
    assert write(judged(little), "en").text == nothing


def test_nobody_is_called_absent_where_not_all_was_looked_at() -> None:
    for language in LANGUAGES:
        said = write(report("nothing yet"), language).text
        assert rows(language)["portrait.nothing.whole"] not in said
    cut = report("nothing yet")
    with_face = replace(cut, findings=judged(found("face")).findings)
    assert rows("en")["portrait.missed.more"] in write(with_face, "en").text


def test_a_report_that_was_read_again_says_the_same_masked() -> None:
    for name in PHOTOS:
        again = Report.from_dict(report(name).to_dict())
        assert write(again, "en").text == GOLDEN[name]["en"]
        assert write(again, "en", clear=True).text.count("Sofea") == 0


def test_a_stop_is_never_doubled() -> None:
    ends = Counter(
        text[-2:] for name in PHOTOS for language in LANGUAGES if (text := write(report(name), language).text)
    )
    assert not [end for end in ends if end == ".."]
