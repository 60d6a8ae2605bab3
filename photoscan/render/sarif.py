"""SARIF 2.1.0 (OASIS standard), for tools that gather findings: code scanning, editors, dashboards."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from photoscan import documentation
from photoscan.finding import SIDECAR, Field, Finding, Region
from photoscan.formats import Format
from photoscan.kind import Kind, Severity
from photoscan.render.base import Renderer, RenderOptions, Words
from photoscan.report import Report, Status
from photoscan.risk import exempt

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "error"}
SCORES = {Severity.LOW: "2.0", Severity.MEDIUM: "5.0", Severity.HIGH: "8.0", Severity.CRITICAL: "9.5"}
"""What code-scanning services sort by (0.0 to 10.0)."""


class SarifRenderer(Renderer):
    """One run for all photos: a rule a kind, a result a finding, a notification for what was not inspected."""

    name = "sarif"

    def __init__(self, options: RenderOptions) -> None:
        super().__init__(options)
        self.words = Words(options)

    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """The whole log as one document."""
        seen = list(reports)
        kinds = sorted({f.kind for report in seen for f in report.findings})
        # A photo named twice is one artifact: the standard wants them unique.
        artifacts = {report.photo: self._artifact(report) for report in seen}
        numbers = {photo: number for number, photo in enumerate(artifacts)}
        run: dict[str, Any] = {
            "tool": {"driver": self._driver(seen, kinds)},
            "columnKind": "unicodeCodePoints",
            "invocations": [
                {
                    "executionSuccessful": all(report.decision.complete for report in seen),
                    "toolExecutionNotifications": [
                        note for report in seen for note in self._notifications(numbers[report.photo], report)
                    ],
                }
            ],
            "artifacts": list(artifacts.values()),
            "results": [
                self._result(numbers[report.photo], report, finding, kinds)
                for report in seen
                for finding in report.findings
            ],
        }
        if self.options.settings:
            run["properties"] = {"settings": self.options.settings.to_dict()}
        if self.options.passed:
            run.setdefault("properties", {})["passedOver"] = self.options.passed.to_dict()
        log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
        yield json.dumps(log, ensure_ascii=False, indent=2) + "\n"

    def _driver(self, reports: list[Report], kinds: list[Kind]) -> dict[str, Any]:
        return {
            "name": "photoscan",
            "version": reports[0].tool_version if reports else "0",
            "language": _language(self.options.language),
            "rules": [self._rule(kind) for kind in kinds],
        }

    def _rule(self, kind: Kind) -> dict[str, Any]:
        """A kind as a rule, with the address of its page in the documentation where that is published."""
        row: dict[str, Any] = {
            "id": kind.value,
            "shortDescription": {"text": self.words.text(f"kind.{kind.value}.title")},
            "fullDescription": {"text": self.words.text(f"kind.{kind.value}.why")},
            "help": {"text": self.words.text(f"kind.{kind.value}.do")},
            "defaultConfiguration": {"level": LEVELS[kind.severity]},
            "properties": {
                "tags": ["privacy", kind.value.split(".")[0]],
                "security-severity": SCORES[kind.severity],
            },
        }
        if page := documentation.page(kind):
            row["helpUri"] = page
        return row

    def _result(self, index: int, report: Report, finding: Finding, kinds: list[Kind]) -> dict[str, Any]:
        value = self.words.value(finding)
        said = f"{self.words.title(finding)}{': ' + value if value else ''}. {self.words.why(finding)}"
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(report.photo.path), "index": index}}
        properties: dict[str, Any] = {"confidence": round(finding.confidence, 3), "detector": finding.detector}
        place = finding.location
        if finding.beside:
            file = PurePath(report.photo.path).with_name(str(finding.attributes.get(SIDECAR) or "sidecar"))
            physical["artifactLocation"] = {"uri": _uri(str(file))}
        if isinstance(place, Field):
            properties["field"] = f"{place.container}:{place.field}"
            if place.offset is not None and place.length:
                physical["region"] = {"byteOffset": place.offset, "byteLength": place.length}
        elif isinstance(place, Region):
            # SARIF regions are of text or bytes: a box in pixels is a property.
            properties["box"] = place.box.as_list()
        row: dict[str, Any] = {
            "ruleId": finding.kind.value,
            "ruleIndex": kinds.index(finding.kind),
            "level": LEVELS[finding.severity] if finding.likely else "note",
            "message": {"text": f"{said} {self.words.advice(finding)}".rstrip()},
            "locations": [{"physicalLocation": physical, "message": {"text": self.words.where(finding, report.photo)}}],
            "rank": round(100 * finding.confidence, 1),
            "partialFingerprints": {"photoscanFinding/v1": f"{report.photo.sha256 or ''}:{finding.id}"},
            "properties": properties,
        }
        if exempt.is_exempt(finding):
            why = str(finding.attributes[exempt.ATTRIBUTE])
            row["suppressions"] = [{"kind": "external", "justification": self.words.text(f"report.exempt.{why}")}]
        return row

    def _artifact(self, report: Report) -> dict[str, Any]:
        """A photo, and what it comes to: results alone say nothing of what was not looked at."""
        decision, words = report.decision, self.words
        headline = f"{words.level(report)}, {words.advised(report)}"
        row: dict[str, Any] = {
            "location": {"uri": _uri(report.photo.path)},
            "roles": ["analysisTarget"],
            "description": {"text": ". ".join(filter(None, (headline, *words.notices(report), words.caveat(report))))},
            "properties": {
                "level": decision.level,
                "verdict": decision.verdict,
                "coverage": decision.coverage,
                "headline": headline,
                "codes": list(decision.advice),
                "notices": [notice.code for notice in decision.notices],
            },
        }
        if decision.scored:
            row["properties"]["score"] = report.risk.score
        if report.photo.bytes is not None:
            row["length"] = report.photo.bytes
        if report.photo.format:
            row["mimeType"] = Format(report.photo.format).row.media
        if report.photo.sha256:
            row["hashes"] = {"sha-256": report.photo.sha256}
        return row

    def _notifications(self, index: int, report: Report) -> Iterator[dict[str, Any]]:
        location = {"physicalLocation": {"artifactLocation": {"uri": _uri(report.photo.path), "index": index}}}
        if report.error is not None:
            yield {"level": "error", "message": {"text": self.words.error(report)}, "locations": [location]}
        for outcome in report.detectors:
            if outcome.status is not Status.OK and outcome.reason != "requested":
                said = f"{self.words.detector(outcome)}: {self.words.reason(outcome)}"
                yield {"level": "warning", "message": {"text": said}, "locations": [location]}


def _uri(path: str) -> str:
    """A path as a URI: relative ones stay relative, as code scanning expects."""
    pure = PurePath(path)
    # As bytes: a name need not be text (PEP 383).
    named = quote(os.fsencode(pure.as_posix()))
    return f"file://{'' if named.startswith('/') else '/'}{named}" if pure.is_absolute() else named


def _language(code: str) -> str:
    """The language as the schema takes it: two letters, and a country if any ('pt-BR'), but no script ('zh-Hans')."""
    language, _, rest = code.partition("-")
    return code if len(rest) == 2 else language
