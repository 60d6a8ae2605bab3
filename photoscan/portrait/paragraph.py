"""The paragraph as data: phrases, each with the findings that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a phrase. `finding`: the id of the finding that it was read from; None for our own words."""

    text: str
    finding: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A clause or sentence. `findings`: ids of what it rests on, none for what frames the others.

    `before`: what stands between it and the phrase before it, such as ' ' or ', and '. `likely`: whether all of it is.
    """

    parts: tuple[Part, ...]
    findings: tuple[str, ...] = ()
    before: str = ""
    likely: bool = True

    @property
    def text(self) -> str:
        """Its words, without what stands before them."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Two to six sentences. `clear`: whether values are shown as they are, else as the report masks them."""

    phrases: tuple[Phrase, ...]
    clear: bool

    @property
    def text(self) -> str:
        """The whole paragraph."""
        return "".join(phrase.before + phrase.text for phrase in self.phrases)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "clear": self.clear,
            "phrases": [
                {
                    "before": phrase.before,
                    "parts": [{"text": p.text} | ({"finding": p.finding} if p.finding else {}) for p in phrase.parts],
                    "findings": list(phrase.findings),
                    "likely": phrase.likely,
                }
                for phrase in self.phrases
            ],
        }
