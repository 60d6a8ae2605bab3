"""What a policy may say, setting by setting; edges of regions, levels and confidences; what is told of a finding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from photoscan.catalog import text
from photoscan.errors import UsageError
from photoscan.finding import Region
from photoscan.geometry import Box
from photoscan.risk import assess, explain, policy_rows
from photoscan.risk.policy import Policy
from photoscan.risk.score import level
from tests.risk.reports import finding, made, report

SHORT: dict[str, Any] = {"name": "x", "version": "1"}
HASH = "0" * 64
MINE = {"kind": "plate", "hash": HASH}
ALL = {"box": [0, 0, 1, 1]}

PROBLEMS: list[tuple[dict[str, Any], list[str]]] = [
    # rows beside name and version, and the settings that are complained of, once each
    ({"allow": "plate"}, ["allow"]),
    ({"allow": [MINE, "plate"]}, ["allow"]),
    ({"allow": [MINE, MINE | {"note": "our car"}]}, []),
    ({"allow": [MINE | {"until": "2030"}]}, ["until"]),
    ({"allow": [{"kind": "plate"}]}, ["hash"]),
    ({"allow": [MINE | {"hash": 7}]}, ["hash"]),
    ({"allow": [MINE | {"hash": HASH[1:]}]}, ["hash"]),
    ({"allow": [MINE | {"hash": HASH + "0"}]}, ["hash"]),
    ({"allow": [MINE | {"hash": "A" * 64}]}, ["hash"]),
    ({"allow": [{"hash": HASH}, MINE | {"kind": "nothing"}]}, ["allow", "allow"]),
    ({"ignore": ALL}, ["ignore"]),
    ({"ignore": [7]}, ["ignore"]),
    ({"ignore": [ALL, ALL | {"kinds": ["face"], "photos": "*.jpg", "reason": "a poster"}]}, []),
    ({"ignore": [ALL | {"kind": "face"}]}, ["kind"]),
    ({"ignore": [{}]}, ["box"]),
    ({"ignore": [{"box": [0, 0, 1]}, {"box": [0, 0, 1, 1, 1]}, {"box": "0 0 1 1"}]}, ["box", "box", "box"]),
    ({"ignore": [{"box": [0, 0, 1, 1.01]}, {"box": [-0.01, 0, 1, 1]}, {"box": [0, 0, 1, True]}]}, ["box"] * 3),
    ({"ignore": [ALL | {"kinds": "face"}]}, ["kinds"]),
    ({"ignore": [ALL | {"kinds": ["face", "nothing"]}]}, ["kinds"]),
    ({"ignore": [ALL | {"photos": 7}, ALL | {"reason": 7}]}, ["photos", "reason"]),
    ({"redaction": "fill"}, ["redaction"]),
    ({"redaction": {"kinds": ["face"], "style": "fill", "keep": [], "coarsen_gps": "city"}}, []),
    ({"redaction": {"colour": "black"}}, ["colour"]),
    ({"redaction": {"kinds": ["metadata"]}}, ["kinds"]),
    ({"redaction": {"kinds": ["metadata.gps"]}}, ["kinds"]),
    ({"redaction": {"kinds": "face"}}, ["kinds"]),
    ({"redaction": {"keep": ["icc", "everything"]}}, ["keep"]),
    ({"redaction": {"keep": "icc"}}, ["keep"]),
    ({"redaction": {"coarsen_gps": "street"}}, ["coarsen_gps"]),
    ({"required_of_file": []}, []),
    ({"required_of_file": "gps"}, ["required_of_file"]),
    ({"required_of_file": [7]}, ["required_of_file"]),
    ({"kinds": ["face"]}, ["kinds"]),
    ({"kinds": {"text": {"phone": "block"}}}, ["text"]),
    ({"kinds": {"face": {"decision": "block", "from_confidence": 1}}}, []),
    ({"kinds": {"face": {"from_confidence": 0.5}}}, ["face"]),
]


@pytest.mark.parametrize("row", range(len(PROBLEMS)))
def test_every_setting_is_looked_at(row: int) -> None:
    rows, expected = PROBLEMS[row]
    assert [problem.key for problem in policy_rows.problems(SHORT | rows)] == expected


@pytest.mark.parametrize("kept", ["icc", "orientation", "copyright", "date", "pages", "gain-map"])
def test_everything_that_the_documents_name_can_be_kept(kept: str) -> None:
    assert kept in Policy.parse(SHORT | {"redaction": {"keep": [kept]}}).redaction.keep


def test_a_slip_in_the_notation_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("name = 'x'\nversion = '1'\nreview_from = low\n")
    with pytest.raises(UsageError, match="line 3"):
        Policy.load(str(path))


EDGES = [
    # a region's box as shares of 1000 x 800, and whether a finding at 500, 400 of 100 x 100 counts for nothing
    ((0.4, 0.4, 0.3, 0.3), True),
    ((0.5, 0.5, 0.1, 0.125), True),
    ((0.51, 0.5, 0.3, 0.3), True),  # nine tenths, less a little at the left
    ((0.515, 0.5, 0.3, 0.3), False),
    ((0.5, 0.51, 0.3, 0.3), True),
    ((0.5, 0.52, 0.3, 0.3), False),
    ((0.4, 0.4, 0.18, 0.3), False),
    ((0.4, 0.4, 0.3, 0.2), False),
    ((0.7, 0.1, 0.2, 0.8), False),
    ((0.1, 0.7, 0.8, 0.2), False),
    ((0.0, 0.0, 0.3, 0.3), False),
]


@pytest.mark.parametrize(("region", "ignored"), EDGES)
def test_each_edge_of_a_region(region: tuple[float, ...], ignored: bool) -> None:
    found = replace(finding("text.phone"), location=Region(Box(500, 400, 100, 100)))
    judged = assess(made(found), Policy.parse(SHORT | {"ignore": [{"box": list(region)}]}))
    assert (judged.risk.score == 0) is ignored


def test_what_is_not_in_the_picture_is_in_no_region() -> None:
    judged = assess(made(finding("text.phone")), Policy.parse(SHORT | {"ignore": [ALL]}))
    assert judged.risk.score > 0


def at_level(level: str) -> list[str]:
    """Findings whose risk together is of this level."""
    severity = {"low": "low", "medium": "medium", "high": "high", "critical": "critical"}.get(level)
    return [f"text.phone!{severity}"] if severity else []


@pytest.mark.parametrize(
    ("level", "advice"),
    [("none", "allow"), ("low", "allow"), ("medium", "by_policy"), ("high", "by_policy"), ("critical", "by_policy")],
)
def test_a_policy_that_asks_for_nothing_makes_no_high_risk_fine(level: str, advice: str) -> None:
    content = Policy.parse(SHORT | {"review_from": "never", "block_from": "never"})
    judged = assess(report(*at_level(level)), content)
    assert judged.risk.level == level
    assert judged.decision.advice == (advice,)
    assert judged.decision.verdict == "allow"


STARTS = [(0, "none"), (1, "low"), (19, "low"), (20, "medium"), (44, "medium"), (45, "high"), (74, "high"),
          (75, "critical"), (100, "critical")]  # fmt: skip


@pytest.mark.parametrize(("score", "word"), STARTS)
def test_where_each_level_begins(score: int, word: str) -> None:
    assert level(score) == word


@pytest.mark.parametrize(("confidence", "blocked"), [(0.79, False), (0.8, True), (0.81, True)])
def test_a_kind_decides_from_its_confidence_on(confidence: float, blocked: bool) -> None:
    rows = {"review_from": "never", "kinds": {"plate": {"decision": "block", "from_confidence": 0.8}}}
    judged = assess(report(f"plate@{confidence}"), Policy.parse(SHORT | rows))
    assert (judged.decision.verdict == "block") is blocked


@pytest.mark.parametrize("country", ["MY", "ID", "BR", "EU", "US", "GB"])
def test_every_country_with_laws_can_be_named(country: str) -> None:
    assert policy_rows.problems(SHORT | {"countries": [country]}) == []


@pytest.mark.parametrize(
    ("shows", "word"),
    [("the same as the photo", "same"), ("something else than the photo", "other"),
     ("another shape than the photo", "shape"), ("", None), ("7", None)],
)  # fmt: skip
def test_what_a_preview_shows_is_told(shows: str, word: str | None) -> None:
    found = replace(finding("metadata.thumbnail"), attributes={"shows": shows})
    assert explain.shows(found) == word
    keys = [f"detail.preview.{word}", f"detail.preview.{word}.why"] if word else ["kind.metadata.thumbnail.why"]
    assert explain.explain(found, "en") == " ".join(text(key, "en") for key in keys)


@pytest.mark.parametrize(
    ("kind", "value", "group", "told"),
    [("face.child", None, "child", "child"), ("face.child", "Aina", "child", "stated"),
     ("face", None, "possible minor", "possible minor"), ("face", "Aina", "possible minor", "possible minor"),
     ("face", None, "unknown", "unknown"), ("face", None, "adult", None), ("face", None, None, None),
     ("face.known", "Aina", "child", None)],
)  # fmt: skip
def test_what_is_known_of_an_age_is_told(kind: str, value: str | None, group: str | None, told: str | None) -> None:
    found = replace(finding(kind), value=value, attributes={"age_group": group})
    said = explain.explain(found, "en")
    for one in ("child", "stated", "possible minor", "unknown"):
        assert (text(f"detail.age.{one}", "en") in said) is (one == told)
