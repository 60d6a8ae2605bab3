"""A judged report holds keys and parts: whoever tells it says them in his own language, whatever the scan spoke."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.finding import Finding
from photoscan.options import LANGUAGES
from photoscan.render import RenderOptions, renderer
from photoscan.report import Report
from photoscan.risk import assess
from photoscan.risk.policy import SHIPPED, Policy
from photoscan.workshop import view
from tests.properties import share
from tests.risk.reports import INFO, any_finding, finding, made

POLICIES = {name: Policy.load(name) for name in SHIPPED}
known = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["Malaysia", "MY", "Nowhere", ""]),
        "town": st.sampled_from(["Kuala Lumpur", ""]),
        "distance_km": st.sampled_from([0, 2.4]),
        "age_group": st.sampled_from(["child", "adult", "uncertain"]),
        "shows": st.sampled_from(["the same as the photo", "another shape than the photo"]),
        "hidden": st.just("transparency"),
    },
)
findings = st.lists(st.builds(lambda one, more: replace(one, attributes=more), any_finding, known), max_size=5)


@share(0.5)
@given(findings, st.sampled_from(SHIPPED), st.sampled_from(LANGUAGES))
def test_the_language_of_a_scan_changes_no_part(found: list[Finding], name: str, language: str) -> None:
    english, other = (assess(made(*found), POLICIES[name], word) for word in ("en", language))
    assert [finding.says for finding in english.findings] == [finding.says for finding in other.findings]
    assert [rule.says for rule in english.risk.rules] == [rule.says for rule in other.risk.rules]
    assert [f.explained(language) for f in english.findings] == [f.explanation for f in other.findings]
    assert [r.explained(language) for r in english.risk.rules] == [r.explanation for r in other.risk.rules]
    assert all(finding.explanation for finding in other.findings)
    for one in english.findings:
        beyond = [part for part in one.says.rows if part.key != f"kind.{one.kind.value}.why"]
        note = view._said(one, INFO, view.WORDS[language])["note"]
        assert note == " ".join(part.text(language) for part in beyond)


def sample(language: str) -> Report:
    rows: list[dict[str, Any]] = [
        {"kind": "plate", "attributes": {"country": "MY"}},
        {"kind": "metadata.gps", "attributes": {"town": "Kuala Lumpur", "country": "Malaysia", "distance_km": 2}},
        {"kind": "text.address"},
    ]
    found = [replace(finding(row["kind"]), attributes=row.get("attributes", {})) for row in rows]
    return assess(made(*found), POLICIES["default"], language)


@pytest.mark.parametrize("format_", ["text", "html", "sarif"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_format_tells_an_english_scan_in_its_own_language(format_: str, language: str) -> None:
    options = RenderOptions(language=language, verbose=True)
    pages = ["".join(renderer(format_)(options).render([sample(word)])) for word in ("en", language)]
    assert pages[0] == pages[1]
