"""The report of one photo: what was found, what was looked at and what was not, and the verdict.

`Report` is plain data. `to_dict` speaks schema version 1.0 (`schema/report-v1.json`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from photoscan.decision import LEVELS, Decision, Verdict
from photoscan.errors import Phrase, UsageError
from photoscan.finding import Finding
from photoscan.parts import Part

SCHEMA_VERSION = "1.0"


class Status(StrEnum):
    """What became of a detector."""

    OK = "ok"
    SKIPPED = "skipped"
    FAILED = "failed"


SAMPLED = "sampled"
"""The reason of an outcome for frames of an animation that were passed over between those that were looked at. Whether
that is enough is for the policy to say."""
PREVIEW = "preview"
"""The reason of the outcome that a camera's RAW file was looked at by the full-size preview in it."""
SkipReason = Literal["requested", "not_applicable", "not_installed", "budget", "deadline", "sampled", "preview"]


@dataclass(frozen=True, slots=True)
class DetectorOutcome:
    """What one detector did. `reason` is a SkipReason, or the failure's code; `seconds` is wall time in seconds.

    `source`: the part of a photo that it looks at ('metadata', 'pixels', 'text'); empty where that is not known.
    `partly`: it ran, but not all that it finds was asked for.
    """

    name: str
    status: Status
    reason: str | None = None
    seconds: float = 0.0
    source: str = ""
    partly: bool = False

    @property
    def unseen(self) -> bool:
        """Whether something stayed unseen that was asked for and applies: decisions and clean copies go by this."""
        return self.status is Status.FAILED or self.reason in ("budget", "deadline", "not_installed")

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "name": self.name,
            "status": self.status.value,
            "reason": self.reason,
            "seconds": round(self.seconds, 3),
        }

    @staticmethod
    def from_part(row: Part) -> DetectorOutcome:
        """The outcome that `to_dict` wrote. Raises UsageError for anything else."""
        return DetectorOutcome(
            row.text("name"), row.made("status", Status), row.text_or_none("reason"), row.number("seconds", 0)
        )


@dataclass(frozen=True, slots=True)
class PhotoInfo:
    """What is known of the photo itself; all but `path` may be unknown, and None then.

    `sha256`: of the file, in hex. `bytes`: how many the file has. `format`: its name, such as 'jpeg'. `width` and
    `height`: pixels of the upright photo.
    """

    path: str
    sha256: str | None = None
    bytes: int | None = None
    format: str | None = None
    width: int | None = None
    height: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "path": self.path,
            "sha256": self.sha256,
            "bytes": self.bytes,
            "format": self.format,
            "width": self.width,
            "height": self.height,
        }

    @staticmethod
    def from_part(row: Part) -> PhotoInfo:
        """What `to_dict` wrote. Raises UsageError for anything else."""
        return PhotoInfo(
            row.text("path"),
            row.text_or_none("sha256"),
            row.whole_or_none("bytes", 0),
            row.text_or_none("format"),
            row.whole_or_none("width", 1),
            row.whole_or_none("height", 1),
        )


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A linkage rule that fired: its id, the ids of the findings that fired it, and why that matters.

    `language` is that of the scan.
    """

    id: str
    findings: tuple[str, ...]
    says: Phrase
    language: str = "en"

    @property
    def explanation(self) -> str:
        """Why it matters, in the language of the scan."""
        return self.explained()

    def explained(self, language: str | None = None) -> str:
        """Why it matters, in `language`, or in the scan's. Raises nothing of its own."""
        return self.says.text(language or self.language)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"id": self.id, "findings": list(self.findings), "explanation": self.explanation}


@dataclass(frozen=True, slots=True)
class Risk:
    """The judgement of everything together.

    `score`: 0..100. `level`: 'none', 'low', 'medium', 'high' or 'critical'. `rules`: the linkage rules that fired.
    `laws`: ids of the laws that may apply.
    """

    score: int
    level: str
    rules: tuple[FiredRule, ...] = ()
    laws: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "score": self.score,
            "level": self.level,
            "rules": [rule.to_dict() for rule in self.rules],
            "laws": list(self.laws),
        }

    @staticmethod
    def from_part(row: Part) -> Risk:
        """The judgement that `to_dict` wrote. Raises UsageError for anything else."""
        rules = (
            FiredRule(r.text("id"), r.texts("findings"), Phrase(r.text("explanation"))) for r in row.tables("rules")
        )
        return Risk(row.whole("score", 0, 100), row.one_of("level", LEVELS), tuple(rules), row.texts("laws"))


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model that the scan used: its name and the sha256 of the file that ran."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ReportError:
    """Why a photo could not be opened: the error's code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one scan says.

    `findings` in the order of the detectors, `detectors`: what became of each, `models`: those that ran. `error`: why
    the photo could not be opened or decoded, else None. `policy`: name and version. `risk`: the judgement, `decision`:
    what it comes to.
    """

    photo: PhotoInfo
    tool_version: str
    findings: tuple[Finding, ...] = ()
    detectors: tuple[DetectorOutcome, ...] = ()
    models: tuple[ModelInfo, ...] = ()
    error: ReportError | None = None
    policy: Mapping[str, str] = field(default_factory=lambda: {"name": "", "version": ""})
    risk: Risk = field(default_factory=lambda: Risk(0, "none"))
    decision: Decision = field(default_factory=Decision)

    @property
    def verdict(self) -> Verdict:
        """What the policy makes of it: one line of the decision."""
        return self.decision.verdict

    def to_dict(self, show_values: bool = False) -> dict[str, Any]:
        """The report as schema version 1.0; values in clear only with `show_values`. Raises nothing of its own."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": {
                "name": "photoscan",
                "version": self.tool_version,
                "models": [{"name": m.name, "sha256": m.sha256} for m in self.models],
            },
            "policy": dict(self.policy),
            "error": {"code": self.error.code, "message": self.error.message} if self.error else None,
            "photo": self.photo.to_dict(),
            "findings": [f.to_dict(show_values) for f in self.findings],
            "detectors": [d.to_dict() for d in self.detectors],
            "risk": self.risk.to_dict(),
            "verdict": self.verdict,
            "coverage": self.decision.coverage,
            "headline": self.decision.to_dict(),
            "notices": [notice.to_dict(self.decision.language) for notice in self.decision.notices],
        }

    @staticmethod
    def from_dict(document: Mapping[str, Any]) -> Report:
        """The report that `to_dict` wrote, as JSON gives it back: `to_dict` of it is the same again.

        Values that it was not to show stay unknown: findings have only what may be seen of them. Members that this
        version does not know are left out. Raises UsageError for another schema, and for what is no report, with the
        place of what is wrong.
        """
        whole = Part.of(document)
        if whole.rows.get("schema_version") != SCHEMA_VERSION:
            raise UsageError("problem.report.schema", known=SCHEMA_VERSION)
        whole.table("tool").one_of("name", ("photoscan",))
        tool, policy, risk = whole.table("tool"), whole.table("policy"), Risk.from_part(whole.table("risk"))
        error = None if whole.rows.get("error", "") is None else whole.table("error")
        findings = tuple(Finding.from_part(row) for row in whole.tables("findings"))
        return Report(
            photo=PhotoInfo.from_part(whole.table("photo")),
            tool_version=tool.text("version"),
            findings=findings,
            detectors=tuple(DetectorOutcome.from_part(row) for row in whole.tables("detectors")),
            models=tuple(ModelInfo(row.text("name"), row.text("sha256")) for row in tool.tables("models")),
            error=None if error is None else ReportError(error.text("code"), error.text("message")),
            policy={name: policy.text(name) for name in ("name", "version")},
            risk=risk,
            decision=Decision.from_report(whole, risk.level, len(findings)),
        )
