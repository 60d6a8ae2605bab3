"""What the photos of one album say together: combinations that none of them has alone, and what ties them.

Runs in workers, on reports that other workers wrote. Values stay masked in what it tells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from photoscan.catalog import text
from photoscan.finding import Finding
from photoscan.report import FiredRule, PhotoInfo, Report
from photoscan.risk import assess, joined, repeats
from photoscan.risk.policy import Policy
from photoscan.risk.verdict import verdict
from photoscan.service.written import read

MOST = 50
"""Findings of one combination, and things that repeat, that are told."""


def packed(reports: Mapping[int, bytes]) -> bytes:
    """Written reports by the photo's number, as they travel to the worker that puts them together."""
    return json.dumps({number: report.decode() for number, report in reports.items()}).encode()


def together(data: bytes, policy: Policy, language: str) -> dict[str, Any]:
    """What `packed` reports come to under a policy: `decision`, `combinations`, `repeats`, `joined`.

    That photos of one album belong to the same people is likely, not sure: what they give away only together asks for a
    look ('review'), and blocks nothing. What was not seen is for each photo's own decision.
    """
    alone = [_judged(read(report.encode()), int(number), policy) for number, report in json.loads(data).items()]
    findings = tuple(f for report in alone for f in report.findings)
    whole = assess(Report(PhotoInfo("album"), "", findings), policy, language)
    asked = verdict([reason for reason in whole.decision.reasons if reason.code in ("kind", "level")])
    own = {rule.id for report in alone for rule in report.risk.rules}
    new = [rule for rule in whole.risk.rules if rule.id not in own]
    return {
        "decision": "allow" if asked == "allow" else "review",
        "combinations": [_combination(rule, language) for rule in new],
        "repeats": [_repeat(row, language) for row in repeats.find(alone)[:MOST]],
        "joined": [_joined(row, language) for row in joined.find(alone)[:MOST]],
    }


def _judged(report: Report, number: int, policy: Policy) -> Report:
    """The report, its photo called by its number, its findings told from those of other photos."""
    findings = tuple(replace(f, id=f"{number}/{f.id}") for f in report.findings)
    return assess(replace(report, photo=replace(report.photo, path=str(number)), findings=findings), policy)


def _combination(rule: FiredRule, language: str) -> dict[str, Any]:
    pairs = [(int(number), name) for number, _, name in (found.partition("/") for found in rule.findings)]
    return {
        "id": rule.id,
        "message": rule.explained(language),
        "photos": sorted({number for number, _ in pairs}),
        "findings": [{"photo": number, "id": name} for number, name in pairs[:MOST]],
    }


def _repeat(repeat: repeats.Repeat, language: str) -> dict[str, Any]:
    told = (("child", repeat.routine), ("home", repeat.home), ("stay", repeat.stay))
    key = next((f"report.repeats.{name}" for name, is_so in told if is_so), "report.repeats")
    days = len(repeat.mornings if repeat.routine else repeat.nights)
    title, value = _named(repeat.finding, language)
    return {
        "kind": repeat.finding.kind.value,
        "message": text(key, language, title=title, value=value, count=len(repeat.paths), days=days),
        "photos": _numbers(repeat.paths),
    }


def _joined(joint: joined.Joined, language: str) -> dict[str, Any]:
    _, value = _named(joint.place, language)
    count, minutes, beside = len(joint.paths), joint.minutes, joint.beside
    return {
        "beside": int(beside),
        "message": text("report.joined", language, count=count, minutes=minutes, photo=beside, value=value),
        "photos": _numbers(joint.paths),
    }


def _named(finding: Finding, language: str) -> tuple[str, str]:
    """Title and masked value."""
    return text(f"kind.{finding.kind.value}.title", language), " ".join((finding.value_masked or "").split())


def _numbers(paths: Sequence[str]) -> list[int]:
    return sorted(int(path) for path in paths)
