"""The decision: what one scan comes to. Made once (`risk.deciding`), told by every shell and format, derived by none.

Plain data: keys of the catalogues where there is something to say, so that it can be said in any language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from photoscan.catalog import LANGUAGES, has
from photoscan.errors import Phrase, Phrases
from photoscan.parts import Part

Verdict = Literal["allow", "review", "block", "incomplete"]
Coverage = Literal["whole", "file", "part", "cut"]
"""What was looked at: the whole photo; as asked only what its file says, or only another part of it; or less than was
asked for, because something failed, is missing, or was left out to save time."""
Code = Literal["kind", "level", "unreadable", "not_inspected"]
Tone = Literal["fine", "known", "part", "look", "unseen", "stop"]

LEVELS = ("none", "low", "medium", "high", "critical")
"""Levels of risk, rising."""
FAIL_ON = "high"
"""The level from which a scan fails where nobody names one."""

TONES: dict[str, Tone] = {
    "allow": "fine",
    "by_policy": "known",
    "known": "known",
    "file": "part",
    "part": "part",
    "review": "look",
    "incomplete": "unseen",
    "unseen": "unseen",
    "hide": "stop",
    "block": "stop",
}
"""Every piece of advice that a headline can give, by its code, and how it sounds."""
ALL_CLEAR = frozenset({"allow", "known"})
"""Pieces of advice that need the caveat: nobody is told to look."""
_GRAVER: tuple[Tone, ...] = ("fine", "known", "part", "look", "unseen", "stop")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that decides, and for what.

    `code`: 'kind' (the policy decides on this kind by itself), 'level' (the risk of all findings together),
    'unreadable' (the photo can't be opened or decoded) or 'not_inspected' (a detector that has to run did not).
    `about`: the kind, the level, the error's code or the detector's name. `findings`: ids of those that decide.
    `sentence`: this in words.
    """

    code: Code
    decision: Verdict
    about: str
    sentence: Phrase
    findings: tuple[str, ...] = ()

    def to_dict(self, language: str) -> dict[str, Any]:
        """The JSON form, with a sentence in a language."""
        return {
            "code": self.code,
            "decision": self.decision,
            "about": self.about,
            "findings": list(self.findings),
            "message": self.sentence.text(language),
        }


EXPOSED_MINOR = "exposed_minor"
"""The code of the notice that names who helps."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A question to the photo's owner that decides nothing.

    `code`: 'consent' (people can be recognised), 'minor' (one of them may be under age), 'exposed_minor' (one who may
    be is perhaps seen undressed), 'sidecar' (files beside the photo tell more), 'film' (a Live Photo's film lies beside
    it). `findings`: ids of those that it is about. `sentence`: this in words.
    """

    code: str
    findings: tuple[str, ...]
    sentence: Phrase

    @staticmethod
    def of(code: str, findings: tuple[str, ...]) -> Notice:
        """The notice of a code about these findings, in our words."""
        values: dict[str, object] = {"count": len(findings)}
        if code == EXPOSED_MINOR:
            values["help"] = Phrase("help.minors")
        return Notice(code, findings, Phrase(f"notice.{code}", values))

    def to_dict(self, language: str) -> dict[str, Any]:
        """The JSON form, with a sentence in a language."""
        return {"code": self.code, "findings": list(self.findings), "message": self.sentence.text(language)}

    @staticmethod
    def from_part(row: Part) -> Notice:
        """The notice that `to_dict` wrote, in our words where they are the same; UsageError for anything else."""
        code, findings, message = row.text("code"), row.texts("findings"), row.text("message")
        if code == "sidecar":  # its sentence names files
            return Notice(code, findings, Phrase(message))
        ours = Notice.of(code, findings)
        known = has(ours.sentence.key) and any(ours.sentence.text(language) == message for language in LANGUAGES)
        return ours if known else replace(ours, sentence=Phrase(message))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a photo's findings, and what was looked at, amount to under a policy.

    `notices`: what is asked beside all that, and decides nothing.
    `level` is how far what is likely reaches, `perhaps` how far all would, were it true. `risk` names the level, or
    what stands in its place; `advice` holds codes of TONES, the most important first. `nothing`: that nothing gives
    anybody away, where the whole photo was looked at; `caveat`: what belongs to every all-clear. `language` is that of
    the scan. `line`: the headline as it was told, where that was by the words of another version.
    """

    verdict: Verdict = "incomplete"
    level: str = "none"
    perhaps: str = "none"
    coverage: Coverage = "cut"
    reasons: tuple[Reason, ...] = ()
    risk: Phrase = field(default_factory=lambda: Phrase("headline.uninspected"))
    advice: tuple[str, ...] = ("unseen",)
    nothing: Phrase | None = None
    caveat: Phrase | None = None
    language: str = "en"
    line: str | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all that was asked for was looked at."""
        return self.coverage != "cut"

    @property
    def scored(self) -> bool:
        """Whether the score says something: a zero for what nobody saw would look like an all-clear."""
        return self.complete or self.level != "none"

    @property
    def tone(self) -> Tone:
        """How the gravest piece of the advice sounds."""
        return max((TONES[code] for code in self.advice), key=_GRAVER.index)

    def advised(self, language: str | None = None) -> str:
        """What to do, in `language`, or in the scan's. Raises nothing of its own."""
        return advised(self.advice, language or self.language)

    def headline(self, language: str | None = None) -> str:
        """Level and advice in one line, in `language`, or in the scan's. Raises nothing of its own."""
        if self.line is not None and language in (None, self.language):
            return self.line
        return f"{self.risk.text(language or self.language)}, {self.advised(language)}"

    def to_dict(self) -> dict[str, Any]:
        """The headline's JSON form: the codes of its advice, the line, and the caveat of an all-clear."""
        return {
            "codes": list(self.advice),
            "text": self.headline(),
            "caveat": None if self.caveat is None else self.caveat.text(self.language),
        }

    def exit_status(self, fail_on: str | None = None) -> int:
        """The exit status of a scan of this photo, 0, 1 or 2: 2 if it was not fully inspected, 1 if it fails, else 0.

        It fails from the level `fail_on`, whatever the policy decides. Where that is None, it fails from FAIL_ON, and
        where the policy blocks it. Raises ValueError for a level that does not exist.
        """
        if not self.complete:
            return 2
        blocked = fail_on is None and self.verdict == "block"
        return int(blocked or at_least(self.level, fail_on or FAIL_ON))

    @staticmethod
    def from_report(report: Part, level: str, found: int) -> Decision:
        """The decision in a report as JSON, but for the reasons: a report doesn't tell them.

        `level`: of its risk; `found`: how many findings it holds. Raises UsageError for a broken one.
        """
        coverage: Coverage = report.one_of("coverage", get_args(Coverage)) if "coverage" in report.rows else "cut"
        verdict: Verdict = report.one_of("verdict", get_args(Verdict))
        nothing = Phrase("report.nothing") if coverage == "whole" and not found else None
        asked = tuple(Notice.from_part(row) for row in report.tables("notices")) if "notices" in report.rows else ()
        plain = Decision(verdict, level, level, coverage, risk=Phrase(f"level.{level}"), nothing=nothing, notices=asked)
        if "headline" not in report.rows:
            return plain
        told = report.table("headline")
        codes = tuple(code if code in TONES else told.broken("codes") for code in told.texts("codes"))
        line, caveat = told.text("text"), told.text_or_none("caveat")
        said = replace(plain, advice=codes or told.broken("codes"), caveat=None if caveat is None else Phrase(caveat))
        known = next((way for way in _ways(said, level) if way.headline() == line), replace(said, line=line))
        ours = Phrase("headline.caveat")
        return replace(known, caveat=ours) if caveat == ours.text(known.language) else known


def _ways(decision: Decision, level: str) -> Iterable[Decision]:
    """The decision in all languages, with all that its level can be called."""
    keys = ("headline.uninspected", "level.nothing_new", "level.none", "level.none_seen")
    names = [(level, Phrase(key)) for key in keys]
    names += [(possible, leveled(level, possible)) for possible in LEVELS[LEVELS.index(level) :] if level != "none"]
    for language in LANGUAGES:
        for possible, risk in names:
            yield replace(decision, language=language, risk=risk, perhaps=possible)


def leveled(claimed: str, possible: str) -> Phrase:
    """A level in words, and what it may be."""
    said = Phrase(f"level.{claimed}")
    return said if possible == claimed else Phrase(f"level.perhaps.{possible}", {"level": said})


def advised(codes: Iterable[str], language: str, between: str = "; ") -> str:
    """Pieces of advice in words."""
    return Phrases(tuple(Phrase(key(code)) for code in codes), between).text(language)


def key(code: str) -> str:
    """Where the catalogues have a piece of advice: verdicts are some of them."""
    return f"{'verdict' if code in get_args(Verdict) else 'headline'}.{code}"


def at_least(level: str, least: str) -> bool:
    """Whether a level reaches another; none reaches 'never'."""
    return least != "never" and LEVELS.index(level) >= LEVELS.index(least)
