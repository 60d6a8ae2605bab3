"""What was read, as it stands in a sentence: masked as the report masks it, or in clear; a time in words."""

from __future__ import annotations

from datetime import datetime

from photoscan.catalog import text
from photoscan.escapes import visible
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.masking import HIDDEN
from photoscan.patterns import pattern

HIDES = HIDDEN * 3
"""Stands for a value of which nothing may be seen: how long it is would only disturb a sentence."""
LONGEST = 80
"""Characters of a value in a sentence."""
_MONTH = pattern(r"((?:19|20)\d{2})-(0[1-9]|1[0-2])")
_MOMENT = pattern(r"((?:19|20)\d{2})[:\-/.](\d{2})[:\-/.](\d{2})(?:[T ]+(\d{2}):(\d{2}))?.*")
_LENGTH = pattern(r"\(\d+\)")


def said(finding: Finding, language: str, clear: bool) -> str:
    """The value in a sentence."""
    masked = finding.value_masked or ""
    value = (finding.value or masked) if clear else masked
    if finding.kind is Kind.METADATA_DATETIME and (words := _when(value, language)):
        return words
    return _short(value) if clear or is_legible(finding) else HIDES


def is_legible(finding: Finding) -> bool:
    """Whether its masked value shows more than marks."""
    masked = finding.value_masked or ""
    if finding.kind is Kind.METADATA_DATETIME:
        return bool(_MONTH.fullmatch(masked))
    return any(map(str.isalnum, _LENGTH.sub("", masked)))


def _short(value: str) -> str:
    """On one line, without what would act on a page or terminal, and no longer than a sentence bears."""
    line = visible(" ".join(value.split())) or HIDES
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def _when(value: str, language: str) -> str:
    """'in July 2026' of a masked time, 'on Friday, 17 July 2026, at 07:10' of a whole one; empty for neither."""
    if month := _MONTH.fullmatch(value):
        return text("portrait.when.month", language, month=_month(int(month[2]), language), year=month[1])
    if not (found := _MOMENT.fullmatch(value)):
        return ""
    try:
        day = datetime(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return ""
    key, time = ("time", f"{found[4]}:{found[5]}") if found[4] else ("day", "")
    weekday = text(f"portrait.day.{day.isoweekday()}", language)
    month_ = _month(day.month, language)
    return text(f"portrait.when.{key}", language, weekday=weekday, day=day.day, month=month_, year=day.year, time=time)


def _month(number: int, language: str) -> str:
    return text(f"portrait.month.{number}", language)
