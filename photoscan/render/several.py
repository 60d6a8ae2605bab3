"""What several photos come to: which is told first, and what links them, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from photoscan.decision import LEVELS
from photoscan.escapes import on_one_line, visible
from photoscan.render.base import Words
from photoscan.report import Report
from photoscan.risk import joined, repeats


def rank(report: Report) -> tuple[float, int]:
    """Where a photo stands among many, the worst first: by level and score; what nobody wholly saw is worse than what
    was seen to do little harm.
    """
    level: float = LEVELS.index(report.decision.level)
    if not report.decision.complete:
        level = max(level, LEVELS.index("low") + 0.5)
    return -level, -report.risk.score


def gaps(words: Words, reports: Iterable[Report], most: int) -> list[str]:
    """What was not inspected of these photos: each reason once, with the first names of those that it is true of."""
    of: dict[tuple[str, str], list[str]] = {}
    for report in reports:
        for problem in words.problems(report) if not report.decision.complete else ():
            of.setdefault(problem, []).append(on_one_line(report.photo.path))
    told = []
    for (names, why), paths in of.items():
        path = ", ".join(paths[:most]) + (f" (+{len(paths) - most})" if len(paths) > most else "")
        told.append(words.text("cli.problem", path=path, names=names, reason=why) if names else f"{path}: {why}")
    return told


def repeated(words: Words, repeat: repeats.Repeat) -> str:
    """What is in several photos, in one sentence."""
    told = (("child", repeat.routine), ("home", repeat.home), ("stay", repeat.stay))
    key = next((f"report.repeats.{name}" for name, is_so in told if is_so), "report.repeats")
    days = len(repeat.mornings if repeat.routine else repeat.nights)
    title, value = words.title(repeat.finding), words.value(repeat.finding)
    return words.text(key, title=title, value=value, count=len(repeat.paths), days=days)


def joined_up(words: Words, joint: joined.Joined) -> str:
    """Photos whose place another one tells, in one sentence."""
    beside, value = PurePath(joint.beside).name, words.value(joint.place)
    return words.text(
        "report.joined", count=len(joint.paths), minutes=joint.minutes, photo=visible(beside), value=value
    )
