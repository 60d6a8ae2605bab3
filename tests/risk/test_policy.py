"""Policies: what is refused and how it is said, what decides, what does not count."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.brushes import STYLES
from photoscan.cleaning.plan import COARSENESS
from photoscan.container import KEEPABLE
from photoscan.detectors import REGISTRY
from photoscan.errors import UsageError
from photoscan.finding import Field, Finding, Region, with_ids
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.report import DetectorOutcome, Report, ReportError, Status
from photoscan.risk import assess, exempt, known, laws, policy_rows
from photoscan.risk.baseline import Baseline
from photoscan.risk.policy import SHIPPED, Policy
from photoscan.scanner import Scanner
from tests.risk.reports import ALL_DONE, DEFAULT, finding, made, pictured, report

SCHEMA = json.loads(resources.files("photoscan").joinpath("schema/policy-v1.json").read_text("utf-8"))
SHORT = {"name": "x", "version": "1"}

VERDICTS = [
    # findings, outcomes, verdict by the default policy
    ((), ALL_DONE, "allow"),
    (("metadata.device",), ALL_DONE, "allow"),
    (("face",), ALL_DONE, "allow"),
    (("face", "text.person"), ALL_DONE, "review"),
    (("face.child",), ALL_DONE, "review"),
    (("face@0.3",), ALL_DONE, "allow"),
    (("text.secret",), ALL_DONE, "block"),
    (("document.boarding_pass",), ALL_DONE, "review"),
    (("document.passport",), ALL_DONE, "block"),
    ((), (), "incomplete"),
    (("face",), (), "incomplete"),
    (("text.secret",), (), "block"),
]


@pytest.mark.parametrize(("found", "outcomes", "verdict"), VERDICTS)
def test_verdicts(found: tuple[str, ...], outcomes: tuple[DetectorOutcome, ...], verdict: str) -> None:
    assert assess(report(*found, outcomes=outcomes), DEFAULT).verdict == verdict


@pytest.mark.parametrize("reason", ["crash: ValueError", "budget"])
def test_a_failure_or_a_cut_is_never_allow(reason: str) -> None:
    status = Status.SKIPPED if reason == "budget" else Status.FAILED
    done = (*ALL_DONE, DetectorOutcome("other", status, reason))
    assert assess(report(outcomes=done), DEFAULT).verdict == "incomplete"


def test_a_photo_that_could_not_be_opened_is_never_allow() -> None:
    broken = replace(report(), error=ReportError("corrupt", "broken"))
    assert assess(broken, DEFAULT).verdict == "incomplete"


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_policies_load_fit_the_schema_and_name_real_detectors(name: str) -> None:
    text = resources.files("photoscan").joinpath(f"policies/{name}.toml").read_text("utf-8")
    jsonschema.validate(tomllib.loads(text), SCHEMA)
    assert set(Policy.load(name).required) <= {detector.name for detector in REGISTRY}


KINDS = "name = 'x'\nversion = '1'\n[kinds]\n"
WRONG = {
    "name = 'x'": "'version' is missing",
    "name = 'x'\nversion = 1": "'version' is missing or not a text",
    "name = 'x'\nversion = '1'\ncolour = 'red'": "line 3: unknown setting 'colour'",
    "name = 'x'\nversion = '1'\n\nreview_form = 'low'": "line 4: .*'review_form'; did you mean 'review_from'",
    "name = 'x'\nversion = '1'\nreview_from = 'hihg'": "one of low, .*; did you mean 'high'",
    "name = 'x'\nversion = '1'\nminimum_confidence = 3": "line 3: 'minimum_confidence' has to be a number from 0 to 1",
    "name = 'x'\nversion = '1'\nminimum_confidence = true": "'minimum_confidence' has to be a number",
    "name = 'x'\nversion = '1'\nrequired = 'face'": "'required' has to be a list of texts",
    "name = 'x'\nversion = '1'\nlanguage = 'fr'": "'language' has to be one of en, ms",
    "name = 'x'\nversion = '1'\ncountries = ['FR']": "'countries' has to be a list of MY",
    KINDS + "'text.fone' = 'block'": "line 4: unknown kind 'text.fone'.*did you mean 'text.phone'",
    KINDS + "text.phone = 'block'": 'write a dotted kind in quotes: "text.phone"',
    KINDS + "plate = 'blok'": "'plate' has to be one of allow, review, block; did you mean 'block'",
    KINDS + "plate = { decision = 'block', from = 0.5 }": "unknown setting of 'plate': 'from'",
    KINDS + "plate = { decision = 'block', from_confidence = 5 }": "'from_confidence' of 'plate'",
    "name = 'x'\nversion = '1'\n[[allow]]\nkind = 'plate'\nhash = 'BQU 5613'": "line 5: 'hash' has to be what",
    "name = 'x'\nversion = '1'\n[[allow]]\nkind = 'text'\nhash = '" + "0" * 64 + "'": "needs a kind such as 'plate'",
    "name = 'x'\nversion = '1'\n[allow]\nplate = 'mine'": "'allow' has to be a list of tables",
    "name = 'x'\nversion = '1'\n[[ignore]]\nbox = [0, 0, 640, 480]": "'box' has to be .* share of the picture",
    "name = 'x'\nversion = '1'\n[redaction]\nstyle = 'pixel'": "'style' has to be one of .*; did you mean 'pixelate'",
    "name = 'x'\nversion = '1'\n[redaction]\nkinds = ['faces']": "unknown kind 'faces'.*did you mean 'face'",
    "name =": "not valid TOML",
}


@pytest.mark.parametrize("text", sorted(WRONG))
def test_a_wrong_policy_is_refused_with_help(text: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=WRONG[text]):
        Policy.load(str(path))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("name = 'x'\nversion = '1'\nblock_from = 'x'\nrequired = 3\n[kinds]\nplate = 'x'")
    with pytest.raises(UsageError) as caught:
        Policy.load(str(path))
    assert [line.split(": ")[0].rpartition(", ")[2] for line in str(caught.value).splitlines()] == [
        "line 3", "line 4", "line 6"
    ]  # fmt: skip


def test_a_name_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(UsageError, match="did you mean 'strict'"):
        Policy.load("strikt")


values = st.one_of(st.none(), st.booleans(), st.integers(-1, 2), st.text(max_size=4), st.lists(st.integers(0, 1)))
settings_of = st.dictionaries(
    st.sampled_from(policy_rows.SETTINGS),
    st.one_of(
        values,
        st.sampled_from(["low", "never", "en", ["MY"], ["face"], 0.5, {}, []]),
        st.dictionaries(st.sampled_from(["face", "plate", "style"]), st.sampled_from(["block", "fill", 1])),
    ),
)


@given(settings_of)
def test_words_and_schema_agree_about_what_is_fine(rows: dict[str, Any]) -> None:
    fine = jsonschema.Draft202012Validator(SCHEMA).is_valid(rows)
    assert (not policy_rows.problems(rows)) is fine, policy_rows.problems(rows)


def test_the_choices_are_those_of_the_rest_of_the_house() -> None:
    assert policy_rows.STYLES == STYLES
    assert policy_rows.KEEPABLE == KEEPABLE
    assert policy_rows.COARSE == COARSENESS
    assert {law.country for law in laws.known()} == set(policy_rows.COUNTRIES)


def test_a_required_detector_that_is_none_is_told_before_any_scan() -> None:
    with pytest.raises(UsageError, match="detector 'faces'"):
        Scanner(policy=Policy.parse(SHORT | {"required": ["faces"]}))


def decided(rows: dict[str, Any], *words: str) -> str:
    return assess(report(*words), Policy.parse(SHORT | rows)).verdict


def test_what_is_allowed_does_not_decide_but_counts() -> None:
    rows = {"kinds": {"text.phone": "allow"}, "review_from": "low"}
    assert decided(rows, "text.phone") == "allow"
    assert decided(rows, "text.phone", "plate") == "review"
    assert assess(report("text.phone"), Policy.parse(SHORT | rows)).risk.level == "medium"


def test_the_longest_prefix_wins() -> None:
    rows = {"kinds": {"text": "block", "text.phone": "allow"}, "review_from": "never", "block_from": "never"}
    assert decided(rows, "text.phone") == "allow"
    assert decided(rows, "text.email") == "block"


def test_a_kind_has_a_confidence_of_its_own() -> None:
    rows = {"kinds": {"plate": {"decision": "block", "from_confidence": 0.2}}}
    assert decided(rows, "plate@0.3") == "block"
    assert decided(rows, "plate@0.1") == "allow"


# Known values


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setenv(known.ENVIRONMENT, str(tmp_path / "folder" / "known.key"))
    return known.make_key()


def allowing(kind: Kind, value: str, key: bytes) -> Policy:
    return Policy.parse(SHORT | {"allow": [{"kind": kind.value, "hash": known.fingerprint(kind, value, key)}]})


SAME = [
    (Kind.PLATE, "BQU 5613", "bqu-5613", True),
    (Kind.PLATE, "BQU 5613", "BQU 5618", False),
    (Kind.TEXT_ADDRESS, "12, Jalan Melati", "12 JALAN MELATI", True),
    (Kind.METADATA_GPS, "3.139012, 101.686900", "3.139511, 101.687400", True),
    (Kind.METADATA_GPS, "3.139012, 101.686900", "3.149012, 101.686900", False),
    (Kind.METADATA_GPS, "-0.0004, 0.0004", "0.0004, -0.0004", True),
]


@pytest.mark.parametrize(("kind", "mine", "found", "same"), SAME)
def test_a_known_value_counts_for_nothing(kind: Kind, mine: str, found: str, same: bool, key: bytes) -> None:
    judged = assess(made(finding(kind.value, found)), allowing(kind, mine, key))
    assert exempt.is_exempt(judged.findings[0]) is same
    assert (judged.risk.score == 0) is same
    assert (judged.verdict == "allow") is same


def test_a_hash_is_of_one_kind_and_one_key(key: bytes) -> None:
    assert known.fingerprint(Kind.PLATE, "A1", key) != known.fingerprint(Kind.TEXT_HANDLE, "A1", key)
    assert known.fingerprint(Kind.PLATE, "A1", key) != known.fingerprint(Kind.PLATE, "A1", bytes(32))


def test_the_key_is_private_and_stays(key: bytes) -> None:
    assert known.key_file().stat().st_mode & 0o077 == 0
    assert known.make_key() == key


def test_hashes_without_their_key_are_told_before_any_scan(key: bytes) -> None:
    policy = allowing(Kind.PLATE, "BQU 5613", key)
    known.key_file().unlink()
    with pytest.raises(UsageError, match="their key is not in"):
        Scanner(policy=policy)


@pytest.mark.parametrize("broken", ["", "zz", "00" * 31])
def test_a_broken_key_is_refused(broken: str, key: bytes) -> None:
    known.key_file().write_text(broken)
    with pytest.raises(UsageError, match="key"):
        known.make_key()


# Regions


def boxed(box: tuple[int, int, int, int], kind: str = "text.phone") -> Finding:
    return replace(finding(kind), location=Region(Box(*box)))


REGIONS = [
    # box in a photo of 1000 x 800, ignored region, ignored?
    ((10, 700, 200, 60), {"box": [0, 0.85, 1, 0.15]}, True),
    ((10, 100, 200, 60), {"box": [0, 0.85, 1, 0.15]}, False),
    ((10, 650, 200, 60), {"box": [0, 0.85, 1, 0.15]}, False),
    # Boxes vary by a few pixels: nine tenths have to lie inside, across and down together.
    ((10, 672, 200, 100), {"box": [0, 0.85, 1, 0.15]}, True),
    ((10, 688, 200, 100), {"box": [0, 0.85, 1, 0.13]}, True),
    ((10, 665, 200, 100), {"box": [0, 0.85, 1, 0.15]}, False),
    ((500, 300, 100, 100), {"box": [0, 0, 0.585, 1]}, False),
    ((500, 300, 100, 100), {"box": [0, 0, 0.592, 1]}, True),
    ((500, 300, 100, 100), {"box": [0, 0, 0.593, 0.493]}, False),
    ((10, 700, 200, 60), {"box": [0, 0.85, 1, 0.15], "kinds": ["face"]}, False),
    ((10, 700, 200, 60), {"box": [0, 0.85, 1, 0.15], "kinds": ["text"], "photos": "photo.*"}, True),
    ((10, 700, 200, 60), {"box": [0, 0.85, 1, 0.15], "photos": "webcam-*"}, False),
]


@pytest.mark.parametrize(("box", "region", "ignored"), REGIONS)
def test_ignored_regions(box: tuple[int, int, int, int], region: dict[str, Any], ignored: bool) -> None:
    judged = assess(made(boxed(box)), Policy.parse(SHORT | {"ignore": [region]}))
    assert (judged.risk.score == 0) is ignored


# Baselines


def test_a_baseline_leaves_only_news(tmp_path: Path) -> None:
    path = tmp_path / "reviewed.json"
    first = assess(pictured("face", "plate"), DEFAULT)
    path.write_text(Baseline().with_reports([first]).to_json())
    text = path.read_text()
    assert "photo.jpg" not in text
    assert "value" not in text
    again = assess(Baseline.load(path).mark(pictured("face", "plate", "text.secret")), DEFAULT)
    assert [f.kind.value for f in again.findings if not exempt.is_exempt(f)] == ["text.secret"]
    nothing = assess(Baseline.load(path).mark(pictured("face", "plate")), DEFAULT)
    assert (nothing.risk.score, nothing.verdict) == (0, "allow")


def named(path: str, *words: str) -> Report:
    """A report of the same bytes under a name that tells something, at a place in the file."""
    found = replace(finding("metadata.filename"), location=Field("file", "name", 0))
    whole = pictured(*words)
    return replace(whole, photo=replace(whole.photo, path=path), findings=with_ids((*whole.findings, found)))


def news(baseline: Baseline, report: Report) -> list[str]:
    return [f.kind.value for f in baseline.mark(report).findings if not exempt.is_exempt(f)]


def test_what_a_caption_or_another_name_tells_is_news() -> None:
    assert news(Baseline().with_reports([report("text.phone")]), report("text.phone")) == ["text.phone"]
    reviewed = Baseline().with_reports([named("a/IMG_20240506.jpg", "face")])
    assert news(reviewed, named("b/IMG_20240506.jpg", "face")) == []
    assert news(reviewed, named("a/IMG_20251231.jpg", "face")) == ["metadata.filename"]


def test_the_same_photo_under_two_names_is_known_by_both() -> None:
    both = [named("IMG_20240506.jpg", "face"), named("zz.jpg", "face")]
    reviewed = Baseline().with_reports(both)
    assert [news(reviewed, one) for one in both] == [[], []]
    # A later review takes the place of an earlier one.
    assert news(reviewed.with_reports([pictured("plate")]), pictured("plate", "face")) == ["face"]


def test_a_photo_that_changed_is_looked_at_anew() -> None:
    first = assess(pictured("face"), DEFAULT)
    other = pictured("face")
    other = replace(other, photo=replace(other.photo, sha256="1" * 64))
    assert Baseline().with_reports([first]).mark(other) == other


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"photoscan_baseline": 2}', '{"photoscan_baseline": 1, "photos": {"x": []}}']
)
def test_a_wrong_baseline_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="not a baseline"):
        Baseline.load(path)


def test_a_missing_baseline_is_told_with_help(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--update-baseline"):
        Baseline.load(tmp_path / "none.json")


# Laws


def test_laws_follow_findings_and_countries() -> None:
    assert assess(report("metadata.device"), DEFAULT).risk.laws == ()
    child = assess(report("face.child"), DEFAULT).risk.laws
    assert {"us-coppa", "gb-childrens-code", "br-eca-digital", "my-online-safety", "id-pp-tunas"} <= set(child)
    ill = assess(report("text.medical"), DEFAULT).risk.laws
    assert {"us-ca-ccpa", "id-pdp"} <= set(ill)
    adult = assess(report("face"), DEFAULT).risk.laws
    assert {"my-pdpa", "id-pdp", "br-lgpd", "eu-gdpr", "gb-uk-gdpr"} == set(adult)
    only = assess(report("face.child"), Policy.parse(SHORT | {"countries": ["MY"]})).risk.laws
    assert set(only) == {"my-pdpa", "my-online-safety"}
    assert assess(report("face.child@0.4"), DEFAULT).risk.laws == ()


# Documentation

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_example_in_the_documentation_is_fine() -> None:
    example = (DOCS / "policies.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
    rows = tomllib.loads(example.replace('"5d1f..."', f'"{"0" * 64}"'))
    assert policy_rows.problems(rows) == []
    jsonschema.validate(rows, SCHEMA)
    assert set(rows) == set(policy_rows.SETTINGS)


WORKED = {
    13: ("face",),
    59: ("plate", "plate", "plate", "plate@0.8", "plate@0.4"),
    65: ("text.address@0.97", "text.person@0.85", "text.phone@0.96", "text.tracking@0.9"),
    80: ("text.secret@0.9",),
    70: ("text.national_id@0.35",),
    19: ("plate@0.1",),
    87: ("face.child@0.8", "metadata.gps@0.99", "metadata.datetime@0.99"),
}


@pytest.mark.parametrize("score", sorted(WORKED))
def test_the_worked_examples_are_true(score: int) -> None:
    assert assess(report(*WORKED[score]), DEFAULT).risk.score == score
    assert f", {score}" in (DOCS / "risk.md").read_text("utf-8")


@pytest.mark.parametrize("row", ["required", "required_of_file"])
def test_a_detector_that_does_not_exist_can_not_be_required(row: str) -> None:
    policy = Policy.parse({"name": "p", "version": "1", row: ["gps", "gsp"]})
    with pytest.raises(UsageError, match="gsp"):
        Scanner(policy=policy)
