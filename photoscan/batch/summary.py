"""What a batch came to: counts that add up, of a run, of one part, or of all shards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from photoscan.batch.task import inspected
from photoscan.finding import SIDECAR
from photoscan.passed import MAX_LISTED, Passed

State = Literal["whole", "partial", "set_aside"]
"""Of an answer: all that was asked for was inspected, or not all, or the photo was given up."""
LISTED = 1000
"""Photos that were set aside and are named; beyond that they are only counted."""
_COUNTS = {
    "verdicts": "verdicts", "levels": "levels", "photos_by_kind": "kinds", "photos_by_kind_beside": "beside_kinds",
    "errors": "errors",
}  # fmt: skip
"""Counters by their names in the JSON form."""


@dataclass(slots=True)
class Summary:
    """What a batch came to. `incomplete`: how many were not wholly inspected. `set_aside`: path and error code of those
    that were given up, the first ones; `given_up` is how many. `headlines`: how many photos by the codes of their
    advice. `beside`: photos of which files beside them tell more, `beside_kinds` of what kinds. `passed`: what is no
    photo."""

    photos: int = 0
    answered: int = 0
    seconds: float = 0.0
    finished: bool = True
    verdicts: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    headlines: Counter[tuple[str, ...]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    incomplete: int = 0
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    given_up: int = 0
    beside: int = 0
    beside_kinds: Counter[str] = field(default_factory=Counter)
    passed: Passed = field(default_factory=Passed)

    def add(self, path: str, report: dict[str, Any], state: State) -> None:
        """Count a report."""
        self.photos += 1
        self.verdicts[report["verdict"]] += 1
        self.levels[report["risk"]["level"]] += 1
        self.headlines[tuple(report["headline"]["codes"])] += 1
        # In how many photos, not how often: a crowd is one photo with faces.
        own = [finding for finding in report["findings"] if SIDECAR not in finding["attributes"]]
        self.kinds.update({finding["kind"] for finding in own})
        told = {name for notice in report["notices"] if notice["code"] == SIDECAR for name in notice["findings"]}
        self.beside += bool(told)
        self.beside_kinds.update({finding["kind"] for finding in report["findings"] if finding["id"] in told})
        self.incomplete += not inspected(report)
        if report["error"] is not None:
            self.errors[report["error"]["code"]] += 1
            if state == "set_aside":
                self.given_up += 1
                self.set_aside = [*self.set_aside, (path, report["error"]["code"])][:LISTED]

    def include(self, other: Summary) -> None:
        """Add what another one counts, of other photos."""
        self.photos += other.photos
        self.answered += other.answered
        self.seconds += other.seconds
        self.finished &= other.finished
        for name in (*_COUNTS.values(), "headlines"):
            getattr(self, name).update(getattr(other, name))
        self.incomplete += other.incomplete
        self.given_up += other.given_up
        self.set_aside = [*self.set_aside, *other.set_aside][:LISTED]
        self.beside += other.beside
        self.passed.counts.update(other.passed.counts)
        self.passed.files = [*self.passed.files, *other.passed.files][:MAX_LISTED]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        counters = {name: dict(getattr(self, own).most_common()) for name, own in _COUNTS.items()}
        return {
            "finished": self.finished,
            "photos": self.photos,
            "inspected_in_this_run": self.answered,
            "seconds": round(self.seconds, 1),
            "verdicts": counters["verdicts"],
            "levels": counters["levels"],
            "headlines": {"+".join(codes): count for codes, count in self.headlines.most_common()},
            "photos_by_kind": counters["photos_by_kind"],
            "photos_by_kind_beside": counters["photos_by_kind_beside"],
            "photos_with_more_beside": self.beside,
            "errors": counters["errors"],
            "not_wholly_inspected": self.incomplete,
            "set_aside_count": self.given_up,
            "set_aside": [{"path": path, "code": code} for path, code in self.set_aside],
        } | ({"passed_over": self.passed.to_dict()} if self.passed else {})

    @classmethod
    def from_dict(cls, rows: Mapping[str, Any]) -> Summary:
        """From the JSON form; KeyError, TypeError or ValueError where it is none."""
        passed = rows.get("passed_over", {"kinds": {}, "files": []})
        return cls(
            photos=int(rows["photos"]),
            answered=int(rows["inspected_in_this_run"]),
            seconds=float(rows["seconds"]),
            finished=bool(rows["finished"]),
            headlines=Counter({tuple(filter(None, name.split("+"))): n for name, n in rows["headlines"].items()}),
            incomplete=int(rows["not_wholly_inspected"]),
            set_aside=[(row["path"], row["code"]) for row in rows["set_aside"]],
            given_up=int(rows["set_aside_count"]),
            beside=int(rows["photos_with_more_beside"]),
            passed=Passed(
                files=[(row["path"], row["kind"]) for row in passed["files"]], counts=Counter(passed["kinds"])
            ),
            **{own: Counter(rows[name]) for name, own in _COUNTS.items()},
        )
