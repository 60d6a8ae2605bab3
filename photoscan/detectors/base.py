"""What a detector is: a name, the kinds it can find, and one method that looks at Views."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from photoscan.finding import LIKELY, Finding, Region, Span
from photoscan.geometry import Box
from photoscan.kind import Kind, Severity
from photoscan.textline import TextLine
from photoscan.views import Views

if TYPE_CHECKING:
    from photoscan.textual.payloads import Payload
    from photoscan.vision.codes import Code

Input = Literal["metadata", "pixels", "text"]


class Detector(ABC):
    """Looks at one page of a photo and yields findings. Holds no state; loads heavy libraries only inside `find`.

    `source` says which part of a photo is looked at: 'metadata' runs once per file, 'pixels' and 'text' once per page.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[Kind, ...]]
    source: ClassVar[Input]
    reads: ClassVar[bool] = False
    """Whether what it finds hangs on lettering, so that it looks at what is mirrored as well."""

    @abstractmethod
    def find(self, views: Views) -> Iterable[Finding]:
        """Every finding on this page, also what is unsure, with a confidence below .5.

        Raises PhotoscanError where it can't look; the scan turns it into an outcome.
        """


@dataclass(frozen=True, slots=True)
class TextMatch:
    """Something found in lines of text, before it is given a place.

    `lines` are the indices of all the lines that hold it, from 0; `value` is what was read, normalised. `confidence`:
    0 to 1, calibrated. `reason` says why, without the value. `severity`: None for the kind's own.
    """

    kind: Kind
    lines: tuple[int, ...]
    value: str = field(repr=False)
    confidence: float
    reason: str
    attributes: Mapping[str, Any] = field(default_factory=dict, repr=False)
    severity: Severity | None = None


class TextDetector(Detector):
    """A detector that needs only lines of text, so that it reads captions as well as photos."""

    source: ClassVar[Input] = "text"
    reads: ClassVar[bool] = True
    reads_codes: ClassVar[bool] = False
    """Whether payloads of codes that are written out are shown to it; labels and names are no use in them."""

    @abstractmethod
    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Every match in `lines`, which are in reading order.

        An error that it raises makes the detector's outcome a failure.
        """

    def find(self, views: Views) -> Iterable[Finding]:
        """The matches in the text of the photo, each with the region of its lines, and in what its codes say.

        Raises ModelError and NotInstalledError where the text can't be read, and what `match` raises.
        """
        yield from self.find_in_lines(views.lines)
        for code in views.codes:
            yield from self._find_in_code(code, views)

    def match_in_code(self, said: Payload, text: str) -> Iterable[TextMatch]:
        """The matches in what a code says; `text`: as it is encoded. Raises what `match` raises."""
        return self.match([TextLine(row) for row in said.rows]) if said.rows else ()

    def _find_in_code(self, code: Code, views: Views) -> Iterator[Finding]:
        """The matches as findings, in the place of the code; what is only possible in a row of bars is no finding."""
        for match in self.match_in_code(code.said, code.text):
            if match.kind is Kind.TEXT_URL or (code.linear and match.confidence < LIKELY):
                continue
            place = code.covering(views.pyramid.width, views.pyramid.height)
            yield Finding(
                kind=match.kind,
                confidence=match.confidence,
                location=Region(Box.around(place), place, views.page or None),
                detector=self.name,
                reason=f"in a code: {match.reason}",
                value=match.value,
                attributes={**match.attributes, "in_code": code.symbology},
                severity_override=match.severity,
            )

    def find_in_lines(self, lines: Sequence[TextLine]) -> Iterable[Finding]:
        """The matches as findings: with a region where lines have a place, else with the lines' indices.

        Raises what `match` raises.
        """
        shown = lines if self.reads_codes else _without_codes(lines)
        for match in self.match(shown):
            yield Finding(
                kind=match.kind,
                confidence=match.confidence,
                location=_place([lines[i] for i in match.lines], match.lines),
                detector=self.name,
                reason=match.reason,
                value=match.value,
                attributes=match.attributes,
                severity_override=match.severity,
            )


def _without_codes(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    """The lines with payloads of codes emptied."""
    from photoscan.textual import written_codes

    coded = {i for code in written_codes.find([line.text for line in lines]) for i in code.lines}
    return [replace(line, text="") if i in coded else line for i, line in enumerate(lines)] if coded else lines


def _place(lines: Sequence[TextLine], indices: tuple[int, ...]) -> Region | Span:
    boxes = [line.box for line in lines if line.box is not None]
    if len(boxes) != len(lines):
        return Span(indices)
    return Region(Box.union(boxes), lines[0].polygon if len(lines) == 1 else None)
