"""What is passed over in folders: patterns as in a .gitignore, each list of them with the folder that it speaks of.

From git's documentation (gitignore, "Pattern format"): comments, `!`, `/` at the beginning, in the middle and at the
end, `*`, `?`, `[a-z]`, `**`, and a backslash before what is meant as it stands. Upper and lower case differ.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from photoscan.errors import UsageError
from photoscan.patterns import pattern as late


@dataclass(frozen=True, slots=True)
class _Rule:
    expression: re.Pattern[str]
    wanted: bool
    only_folders: bool


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of one list, of which the last that fits decides. Empty lines and comments are none."""

    rules: tuple[_Rule, ...] = ()

    @classmethod
    def of(cls, lines: Iterable[str]) -> Patterns:
        """From lines as they are written; UsageError for one that can't be read."""
        return cls(tuple(rule for line in lines if (rule := _rule(line)) is not None))

    def fit(self, path: str, is_folder: bool) -> bool:
        """Whether a path, with slashes and below the folder that the list speaks of, is passed over."""
        for rule in reversed(self.rules):
            if (is_folder or not rule.only_folders) and rule.expression.fullmatch(path):
                return not rule.wanted
        return False


@dataclass(frozen=True, slots=True)
class Ignored:
    """`below`: patterns for whatever folder is searched. `placed`: folders, and the patterns for what lies below them.

    What was named itself, and not found in a folder, is never passed over: nobody asks this about it.
    """

    below: Patterns = Patterns()
    placed: tuple[tuple[Path, Patterns], ...] = ()

    def passes_over(self, searched: Path, path: Path, is_folder: bool) -> bool:
        """Whether what was found at `path` while `searched` was gone through is passed over."""
        if self.below.rules and self.below.fit(path.relative_to(searched).as_posix(), is_folder):
            return True
        if not self.placed:
            return False
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - a link counts where it lies, not where it leads
        return any(
            whole.is_relative_to(root) and patterns.fit(whole.relative_to(root).as_posix(), is_folder)
            for root, patterns in self.placed
        )


NOTHING = Ignored()


def _rule(line: str) -> _Rule | None:
    pattern = line.rstrip("\r\n")
    if not pattern.endswith("\\ "):
        pattern = pattern.rstrip(" ")
    if not pattern or pattern.startswith("#"):
        return None
    wanted = pattern.startswith("!")
    pattern = pattern[wanted:]
    only_folders = pattern.endswith("/")
    pattern = pattern.rstrip("/")
    anywhere = "/" not in pattern
    try:
        expression = re.compile(("(?:.*/)?" if anywhere else "") + _expression(pattern.lstrip("/")), re.DOTALL)
    except re.error:
        raise UsageError("problem.exclude", word=line.strip()) from None
    return _Rule(expression, wanted, only_folders)


_TOKEN = late(r"(?:^|(?<=/))\*\*/|/\*\*$|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|.", re.DOTALL)
"""The parts of a pattern: folders at any depth, all below, any letters, one letter, a choice, an escape, a letter."""


def _expression(pattern: str) -> str:
    return "".join(map(_translated, _TOKEN.findall(pattern)))


def _translated(token: str) -> str:
    if token == "**/":
        return "(?:.*/)?"
    if token == "/**":
        return "/.+"
    if token.startswith("*"):
        return "[^/]*"
    if token == "?":
        return "[^/]"
    if len(token) > 1 and token.startswith("["):
        inner = token[1:-1]
        other = inner.startswith(("!", "^"))
        letters = re.sub(r"([\\\[\]^&|~])", r"\\\1", inner[other:])
        return f"(?!/)[{'^' if other else ''}{letters}]"
    return re.escape(token[-1] if len(token) == 2 else token)
