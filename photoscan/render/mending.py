"""The one line that says what to do: whether the picture or its file is the trouble, and the command that mends it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import PurePath

from photoscan.errors import Phrase, phrase
from photoscan.escapes import visible
from photoscan.finding import Field, Finding
from photoscan.formats import is_raw
from photoscan.kind import Kind, Severity
from photoscan.report import Report
from photoscan.risk import exempt
from photoscan.risk.folding import is_folded

_ASKS = frozenset({"review", "hide", "block"})
_MOST_NAMED = 3
"""Paths that a command names one by one; for more it names their folder."""
TARGET = "safe/"
"""Where the copies of the command go."""


def mending(reports: Sequence[Report], named: Sequence[str] = (), policy: str = "default") -> Phrase | None:
    """What to do about these photos, with a command to copy; None where nothing asks for it, or no command would do.

    `named`: the paths that the user gave; the photos' own where there are none.
    """
    # Of what can't be decoded as a whole there is no copy.
    asked = [report for report in reports if report.error is None and _ASKS & set(report.decision.advice)]
    paths = _paths([report.photo.path for report in reports], named)
    if not asked or not paths:
        return None
    only_file = all(_only_in_file(report) for report in asked)
    words = ["photoscan", "clean", *(["--metadata-only"] if only_file else []), *map(_safe, paths), "-o", TARGET]
    if all(is_raw(report.photo.format) for report in asked):
        words += ["--to", "jpeg"]
    if policy != "default" and not only_file:
        words += ["--policy", policy]
    command = " ".join(map(shlex.quote, words))
    if only_file and len(reports) == 1:
        gps = any(f.kind is Kind.METADATA_GPS for f in _serious(asked[0]))
        return phrase("report.mend.where" if gps else "report.mend.file", command=command)
    return phrase("report.mend.copy" if len(reports) == 1 else "report.mend.copies", command=command)


def _serious(report: Report) -> list[Finding]:
    """What a reader would want to be rid of."""
    counted = (f for f in report.findings if not exempt.is_exempt(f))
    return [f for f in counted if f.severity > Severity.LOW and not is_folded(f)]


def _only_in_file(report: Report) -> bool:
    """Whether the whole photo was looked at, and all that is serious is what a stripped file no longer says."""
    serious = _serious(report)
    stays = any(not isinstance(f.location, Field) or f.kind is Kind.METADATA_FILENAME for f in serious)
    stuck = any(f.attributes.get("stripping", "removed") != "removed" for f in serious)
    return bool(serious) and not stays and not stuck and report.decision.coverage == "whole"


def _paths(photos: Sequence[str], named: Sequence[str]) -> list[str]:
    """What a command has to name; empty where it can't be written down."""
    paths = list(named or photos)
    if len(paths) > _MOST_NAMED:
        folders = {str(PurePath(path).parent) for path in paths}
        paths = [f"{folders.pop()}/"] if len(folders) == 1 else []
    usable = all(visible(path) == path and path.isprintable() and path[:1] not in ("", "<") for path in paths)
    return paths if usable and "-" not in paths else []


def _safe(path: str) -> str:
    """A path that no option is mistaken for."""
    return f"./{path}" if path.startswith("-") else path
