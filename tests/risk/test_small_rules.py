"""Known values, baselines, laws and rules: their bounds, one by one."""

from __future__ import annotations

import hmac
import json
import string
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from photoscan.errors import UsageError
from photoscan.kind import Kind, Severity
from photoscan.report import ReportError
from photoscan.risk import exempt, known, laws, linkage
from photoscan.risk.baseline import Baseline
from photoscan.risk.linkage import Fired, Rule
from tests.risk.reports import finding, pictured

SECRET = bytes(range(32))


@pytest.mark.parametrize(
    ("found", "same"),
    # cells of .001 degrees and the eight around
    [("10.0000, 20.0000", True), ("10.0014, 20.0014", True), ("10.0016, 20.0000", False), ("10.0000, 20.0016", False),
     ("9.9986, 19.9986", True), ("9.9984, 20.0000", False), ("10.0000, 19.9984", False), ("9.9986, 20.0014", True),
     ("-10.0000, 20.0000", False), ("10.0000, -20.0000", False), ("20.0000, 10.0000", False), ("10, 20", True),
     ("10.0000", False), ("", False)],
)  # fmt: skip
def test_how_near_a_known_place_is(found: str, same: bool) -> None:
    mine = {known.fingerprint(Kind.METADATA_GPS, "10.0000, 20.0000", SECRET)}
    assert known.matches(Kind.METADATA_GPS, found, mine, SECRET) is same


def test_a_hash_is_the_published_one() -> None:
    """HMAC-SHA256 over the kind, a zero byte, and letters and digits in small: shared policies depend on it."""
    assert known.fingerprint(Kind.PLATE, "WAB 1234", SECRET) == known.fingerprint(Kind.PLATE, "ｗａｂ-1234", SECRET)
    expected = hmac.new(SECRET, b"plate\0wab1234", "sha256").hexdigest()
    assert known.fingerprint(Kind.PLATE, "WAB 1234", SECRET) == expected


@pytest.mark.parametrize(("kind", "value"), [(Kind.PLATE, "- -"), (Kind.PLATE, ""), (Kind.METADATA_GPS, "10.0")])
def test_what_has_nothing_to_compare_is_refused(kind: Kind, value: str) -> None:
    with pytest.raises(UsageError):
        known.fingerprint(kind, value, SECRET)
    assert not known.matches(kind, value, set(), SECRET)


def test_where_the_key_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(known.ENVIRONMENT, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert known.key_file() == tmp_path / "photoscan" / "known.key"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert known.key_file() == tmp_path / ".config" / "photoscan" / "known.key"
    monkeypatch.setenv(known.ENVIRONMENT, str(tmp_path / "own"))
    assert known.key_file() == tmp_path / "own"
    known.make_key()
    assert len(bytes.fromhex((tmp_path / "own").read_text())) == 32
    assert set((tmp_path / "own").read_text().strip()) <= set(string.hexdigits)


def test_every_finding_keeps_what_it_was_when_it_is_marked_and_unmarked() -> None:
    plain = replace(finding("plate"), attributes={"country": "MY"})
    marked = exempt.marked(plain, "known")
    assert (exempt.is_exempt(plain), exempt.is_exempt(marked)) == (False, True)
    assert marked.attributes == {"country": "MY", "exempt": "known"}
    assert exempt.unmarked(marked) == plain
    assert exempt.unmarked(marked, "known", "ignored") == plain
    assert exempt.unmarked(marked, "reviewed") == marked
    assert exempt.unmarked(plain) == plain


SHA = "ab" * 32


@pytest.mark.parametrize(
    ("photos", "fine"),
    [({}, True), ({SHA: []}, True), ({SHA: ["a", "b"]}, True), ({SHA[:-1]: []}, False), ({SHA + "a": []}, False),
     ({"g" + SHA[1:]: []}, False), ({SHA.upper(): []}, False), ({SHA: "ab"}, False), ({SHA: [1]}, False), ([], False),
     (None, False)],
)  # fmt: skip
def test_rows_of_a_baseline(photos: object, fine: bool, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps({"photoscan_baseline": 1, "photos": photos}))
    if fine:
        assert {sha: sorted(ids) for sha, ids in Baseline.load(path).photos.items()} == photos
    else:
        with pytest.raises(UsageError, match="not a baseline"):
            Baseline.load(path)


def test_a_baseline_is_written_in_order_and_read_back() -> None:
    first = Baseline({"b" * 64: frozenset("zyx"), "a" * 64: frozenset()})
    rows = json.loads(first.to_json())
    assert list(rows["photos"]) == ["a" * 64, "b" * 64]
    assert rows["photos"]["b" * 64] == ["x", "y", "z"]
    assert first.to_json().endswith("\n")


def test_photos_that_were_not_read_are_not_reviewed() -> None:
    report = pictured("face")
    unread = replace(report, error=ReportError("FormatError", "broken"))
    assert Baseline().with_reports([unread]).photos == {}
    nameless = replace(report, photo=replace(report.photo, sha256=None))
    assert Baseline().with_reports([nameless]).photos == {}
    assert list(Baseline().with_reports([report]).photos) == [report.photo.sha256]


def test_laws_are_of_likely_findings_in_the_table_s_order() -> None:
    table = [law.id for law in laws.known()]
    assert len(table) == len(set(table))
    everything = [finding(kind.value) for kind in Kind]
    assert [law.id for law in laws.engaged(everything)] == table
    assert list(laws.engaged([finding("face@0.49")])) == []
    assert list(laws.engaged(everything, [])) == []
    assert {law.country for law in laws.engaged(everything, ["BR", "MY"])} == {"BR", "MY"}
    assert all((law.kinds or law.personal) and law.since > date(1995, 1, 1) and law.source for law in laws.known())
    assert laws.by_id(table[3]) is laws.known()[3]
    assert laws.by_id("no-law") is None


def rule(name: str, severity: Severity, *replaces: str) -> Rule:
    return Rule(name, severity, "linking", (("face",), ("plate",)), replaces)


def test_rules_are_told_by_harm_then_sureness_then_name() -> None:
    rows = [
        Fired(rule("c", Severity.LOW), (), 0.9), Fired(rule("b", Severity.HIGH), (), 0.6),
        Fired(rule("a", Severity.HIGH), (), 0.6), Fired(rule("d", Severity.HIGH), (), 0.8),
    ]  # fmt: skip
    assert [row.rule.id for row in linkage.likely(rows, 0.5)] == ["d", "a", "b", "c"]
    assert [row.rule.id for row in linkage.likely(rows, 0.6)] == ["d", "a", "b", "c"]
    assert [row.rule.id for row in linkage.likely(rows, 0.61)] == ["d", "c"]


def test_a_rule_that_is_not_told_replaces_none() -> None:
    weak, strong = Fired(rule("weak", Severity.LOW), (), 0.9), Fired(rule("strong", Severity.HIGH, "weak"), (), 0.4)
    assert [row.rule.id for row in linkage.likely([weak, strong], 0.5)] == ["weak"]
    assert [row.rule.id for row in linkage.likely([weak, replace(strong, confidence=0.5)], 0.5)] == ["strong"]
