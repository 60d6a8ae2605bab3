"""The parts of a document that was read from JSON, each checked as it is taken out.

Raises UsageError with the place of the part that is missing or something else ('findings[2].confidence'), never with
what stands there: a report can hold values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, TypeVar

from photoscan.errors import UsageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """One object of the document, and its place in it."""

    rows: Mapping[str, Any] = field(repr=False)
    place: str = ""

    @staticmethod
    def of(value: object, place: str = "") -> Part:
        """A part that is an object."""
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            raise UsageError("problem.report.part", part=place or "{}")
        return Part(value, place)

    def text(self, name: str) -> str:
        """A text."""
        return self._found(name, lambda value: isinstance(value, str))  # type: ignore[no-any-return]

    def text_or_none(self, name: str) -> str | None:
        """A text or null."""
        return self._found(name, lambda value: value is None or isinstance(value, str))  # type: ignore[no-any-return]

    def one_of(self, name: str, known: tuple[str, ...]) -> Any:
        """One of several words."""
        return self._found(name, lambda value: isinstance(value, str) and value in known)

    def whole(self, name: str, least: int, most: int | None = None) -> int:
        """A whole number within bounds."""
        return self._found(name, lambda v: _is_whole(v, least, most))  # type: ignore[no-any-return]

    def whole_or_none(self, name: str, least: int) -> int | None:
        """A whole number within bounds, or null."""
        return self._found(name, lambda v: v is None or _is_whole(v, least))  # type: ignore[no-any-return]

    def number(self, name: str, least: float, most: float | None = None) -> float:
        """A number within bounds."""
        return self._found(name, lambda v: _is_number(v) and least <= v and (most is None or v <= most))  # type: ignore[no-any-return]

    def table(self, name: str) -> Part:
        """An object within this one."""
        return Part.of(self.rows.get(name), self._at(name))

    def tables(self, name: str) -> Iterator[Part]:
        """A list of objects."""
        for i, row in enumerate(self._list(name)):
            yield Part.of(row, f"{self._at(name)}[{i}]")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        rows = self._list(name)
        return rows if all(isinstance(row, str) for row in rows) else self.broken(name)

    def wholes(self, name: str, count: int | None = None) -> tuple[int, ...]:
        """A list of whole numbers, so many of them."""
        rows = self._list(name)
        sound = all(_is_whole(row) for row in rows) and count in (None, len(rows))
        return rows if sound else self.broken(name)

    def points(self, name: str) -> tuple[tuple[float, float], ...]:
        """A list of pairs of numbers, three at least."""
        rows = self._list(name)
        sound = all(isinstance(row, (list, tuple)) and len(row) == 2 and all(map(_is_number, row)) for row in rows)
        return tuple((x, y) for x, y in rows) if sound and len(rows) >= 3 else self.broken(name)

    def made(self, name: str, make: Callable[[str], T]) -> T:
        """What `make` makes of a text; where that raises, the part is broken."""
        try:
            return make(self.text(name))
        except (ValueError, UsageError):
            raise UsageError("problem.report.part", part=self._at(name)) from None

    def broken(self, name: str) -> Any:
        """Raise UsageError for a part."""
        raise UsageError("problem.report.part", part=self._at(name))

    def _found(self, name: str, sound: Callable[[Any], bool]) -> Any:
        if name not in self.rows or not sound(self.rows[name]):
            self.broken(name)
        return self.rows[name]

    def _list(self, name: str) -> tuple[Any, ...]:
        found = self.rows.get(name)
        return tuple(found) if isinstance(found, (list, tuple)) else self.broken(name)

    def _at(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name


def _is_whole(value: object, least: int | None = None, most: int | None = None) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and (least is None or value >= least) and (most is None or value <= most)  # type: ignore[operator]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
