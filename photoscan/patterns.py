"""Regular expressions that are compiled when they are first used.

Compiling takes longer than most of what is done with a pattern: a look at one photo's metadata uses few of those that
its modules have, and all would take a third of its time.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def pattern(written: AnyStr, flags: int | re.RegexFlag = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, made when somebody uses it; re.error for what is no pattern comes then."""
    return cast("re.Pattern[AnyStr]", _Late(written, flags))


class _Late:
    """Stands for a pattern: each of its methods is looked up once, then kept here."""

    def __init__(self, written: str | bytes, flags: int | re.RegexFlag) -> None:
        self._written, self._flags = written, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(self._written, self._flags), name)
        setattr(self, name, found)
        return found
