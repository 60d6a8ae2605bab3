"""What a report format is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from photoscan.report import Report


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to show reports. `width` in columns; `colour` with ANSI codes.

    `only_metadata`: nothing else was asked for.
    """

    show_values: bool = False
    verbose: bool = False
    language: str = "en"
    width: int = 80
    colour: bool = False
    only_metadata: bool = False


class Renderer(ABC):
    """Turns reports into text, piece by piece, so that long work shows results early."""

    name: ClassVar[str]

    def __init__(self, options: RenderOptions) -> None:
        self.options = options

    @abstractmethod
    def render(self, reports: Iterable[Report]) -> Iterator[str]:
        """Pieces of text in the order of the reports; concatenated they are the whole output."""
