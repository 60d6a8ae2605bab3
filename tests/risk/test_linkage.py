"""Linkage rules: each fires on all its parts and on no fewer, and stronger ones speak for weaker ones."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from photoscan.errors import UsageError
from photoscan.kind import Kind
from photoscan.risk import assess, linkage
from tests.risk.reports import DEFAULT, report

RULES = {
    "child_with_place": ("face.child", "text.address"),
    "child_with_school": ("face.child", "text.school"),
    "child_routine": ("face.child", "metadata.gps", "metadata.datetime"),
    "child_with_name": ("face.child", "text.person"),
    "pupil_named": ("text.school", "text.person"),
    "home_found": ("text.person", "text.address"),
    "person_at_place": ("metadata.person", "metadata.gps"),
    "face_with_place": ("face", "metadata.gps"),
    "face_with_name": ("face", "text.person"),
    "address_with_contact": ("text.address", "text.phone"),
    "account_with_place": ("text.handle", "metadata.gps"),
    "routine": ("metadata.gps", "metadata.datetime"),
    "empty_home": ("code.boarding_pass", "text.address"),
    "plate_with_address": ("plate", "text.house_number"),
    "vehicle_routine": ("plate", "metadata.gps", "metadata.datetime"),
    "driver_known": ("plate", "text.person"),
    "identity_with_name": ("text.national_id", "text.person"),
    "identity_theft": ("text.national_id", "text.person", "text.birth_date"),
    "identity_with_address": ("text.national_id", "text.address"),
    "account_takeover": ("text.secret", "text.email"),
    "account_recovery": ("text.email", "text.birth_date"),
    "card_misuse": ("text.payment_card", "text.person"),
    "bank_fraud": ("text.bank_account", "text.person"),
    "parcel_diverted": ("text.tracking", "text.address"),
    "patient_named": ("text.medical", "text.person"),
    "device_of_person": ("metadata.serial", "metadata.person"),
    "cover_undone": ("metadata.shadow_image", "face"),
    "seen_and_heard": ("metadata.motion", "face"),
}


def test_every_rule_is_tested() -> None:
    assert {rule.id for rule in linkage.rules()} == set(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_rules_fire_on_all_their_parts_and_on_no_fewer(rule: str) -> None:
    whole = assess(report(*RULES[rule]), DEFAULT)
    (fired,) = [r for r in whole.risk.rules if r.id == rule]
    assert set(fired.findings) == {f.id for f in whole.findings}
    assert fired.explanation
    for missing in RULES[rule]:
        rest = assess(report(*(kind for kind in RULES[rule] if kind != missing)), DEFAULT)
        assert rule not in {r.id for r in rest.risk.rules}
        assert rest.risk.score < whole.risk.score


@pytest.mark.parametrize("rule", sorted(RULES))
def test_an_unlikely_part_is_not_told_but_counts(rule: str) -> None:
    first, *rest = RULES[rule]
    unsure = assess(report(f"{first}@0.3", *rest), DEFAULT)
    assert rule not in {r.id for r in unsure.risk.rules}
    assert unsure.risk.score < assess(report(*RULES[rule]), DEFAULT).risk.score


@pytest.mark.parametrize("rule", linkage.rules(), ids=lambda rule: rule.id)
def test_one_finding_never_fires_a_rule_alone(rule: linkage.Rule) -> None:
    for one, other in combinations(rule.groups, 2):
        shared = [k for k in Kind for a, b in product(one, other) if k.within(a) and k.within(b)]
        assert shared == []


@pytest.mark.parametrize("rule", linkage.rules(), ids=lambda rule: rule.id)
def test_a_rule_only_replaces_what_is_no_worse(rule: linkage.Rule) -> None:
    weaker = {r.id: r for r in linkage.rules()}
    assert all(weaker[name].severity <= rule.severity for name in rule.replaces)


def test_a_stronger_rule_speaks_for_a_weaker_one() -> None:
    ids = [r.id for r in assess(report("face.child", "metadata.gps", "metadata.datetime"), DEFAULT).risk.rules]
    assert ids == ["child_routine"]


ROW = """[groups]
a = ["{kind}"]
[[rule]]
id = "x"
severity = "{severity}"
linddun = "{linddun}"
all = ["{group}"]
"""
FINE = {"kind": "face", "severity": "low", "linddun": "linking", "group": "a"}
WRONG = {
    "unknown group 'roof'": {"group": "roof"},
    "unknown category 'fun'": {"linddun": "fun"},
    "unknown kind 'fase'": {"kind": "fase"},
    "unknown severity 'big'": {"severity": "big"},
}


def test_a_right_table_is_read() -> None:
    (rule,) = linkage.parse(ROW.format(**FINE))
    assert rule.groups == (("face",),)


@pytest.mark.parametrize("message", sorted(WRONG))
def test_a_wrong_table_is_refused(message: str) -> None:
    with pytest.raises(UsageError, match=message):
        linkage.parse(ROW.format(**(FINE | WRONG[message])))
