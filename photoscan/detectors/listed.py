"""A detector as the table lists it: what it is called and finds is known at once, its code loads when it looks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib import import_module

from photoscan.detectors.base import Detector, Input, TextDetector, TextMatch
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.textline import TextLine
from photoscan.views import Views


class Listed(Detector):
    """One that looks at the file or the picture. `home` is 'module:class', the module below photoscan.detectors."""

    name: str  # type: ignore[misc]
    kinds: tuple[Kind, ...]  # type: ignore[misc]
    reads: bool  # type: ignore[misc]
    source: Input  # type: ignore[misc]

    def __init__(self, home: str, name: str, source: Input, *kinds: Kind, reads: bool = False) -> None:
        self.home, self.name, self.source, self.kinds, self.reads = home, name, source, kinds, reads

    @cached_property
    def loaded(self) -> Detector:
        """The detector itself."""
        module, _, made = self.home.partition(":")
        detector: Detector = getattr(import_module(f"photoscan.detectors.{module}"), made)()
        return detector

    def find(self, views: Views) -> Iterable[Finding]:
        """What it finds on the page. Raises what it raises."""
        return self.loaded.find(views)


class ListedText(Listed, TextDetector):
    """One that needs only lines of text."""

    loaded: cached_property[TextDetector]

    def __init__(self, home: str, name: str, *kinds: Kind) -> None:
        super().__init__(home, name, "text", *kinds, reads=True)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Its matches. Raises what it raises."""
        return self.loaded.match(lines)

    def find_in_lines(self, lines: Sequence[TextLine]) -> Iterable[Finding]:
        """Its matches as findings. Raises what it raises."""
        return self.loaded.find_in_lines(lines)
