"""The report of one photo: what was found, what was looked at and what was not, and the verdict.

`Report` is plain data. `to_dict` and `from_dict` speak schema version 1.0 (`schema/report-v1.json`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from photoscan.decision import Decision, Verdict
from photoscan.finding import Finding

SCHEMA_VERSION = "1.0"


class Status(StrEnum):
    """What became of a detector."""

    OK = "ok"
    SKIPPED = "skipped"
    FAILED = "failed"


SkipReason = Literal["requested", "not_applicable", "not_installed", "budget"]


@dataclass(frozen=True, slots=True)
class DetectorOutcome:
    """What one detector did. `reason` is a SkipReason, or the failure's code; `seconds` is wall time.

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
        return self.status is Status.FAILED or self.reason in ("budget", "not_installed")

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "name": self.name,
            "status": self.status.value,
            "reason": self.reason,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class PhotoInfo:
    """What is known of the photo itself. Width and height are upright; all but `path` may be unknown."""

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


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A linkage rule that fired: its id, the ids of the findings that fired it, and why that matters."""

    id: str
    findings: tuple[str, ...]
    explanation: str

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"id": self.id, "findings": list(self.findings), "explanation": self.explanation}


@dataclass(frozen=True, slots=True)
class Risk:
    """The judgement: score 0..100, its level ('none', 'low', 'medium', 'high', 'critical'), and what drove it."""

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
    """Everything that one scan says. `risk` and `decision` come from `risk.assess`."""

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
        """The report as schema version 1.0; values in clear only on request."""
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
        }
