"""One photo on its way through the detectors: which apply, what each said, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from time import perf_counter

from photoscan import beneath, beside, deadline, mirrored
from photoscan.budget import PAGE_PIXELS, Budget, Share
from photoscan.deadline import Clock, OutOfTimeError
from photoscan.detectors.base import Detector, TextDetector
from photoscan.errors import CorruptPhotoError, NotInstalledError, PhotoscanError, UnsupportedFormatError
from photoscan.finding import Field, Finding, Region, Span
from photoscan.kind import Kind
from photoscan.options import ScanOptions
from photoscan.outside.guard import Foreign, OutsideError
from photoscan.photo import Photo
from photoscan.report import PREVIEW, SAMPLED, DetectorOutcome, Report, ReportError, Status
from photoscan.stage import Told, nobody
from photoscan.textline import TextLine
from photoscan.views import Views

PAGES = {"fast": 1, "balanced": 8, "thorough": 64}
"""Pages or frames of one file that are looked at, by profile. A file with more is reported as incomplete; of an
animation they are taken from its whole length, and the policy says whether that suffices."""
LEAST_SAMPLE = 4
"""Frames from which on they are a sample of an animation."""

Progress = Callable[[DetectorOutcome, tuple[Finding, ...]], None]


LOOKS: Mapping[str, Callable[[Detector], bool]] = {
    "codes": lambda detector: detector.source == "text" or detector.name in ("code", "plate"),
    "lines": lambda detector: detector.reads,
    "beneath": lambda detector: detector.source != "metadata",
    "uncovered": lambda detector: detector.source == "text",
    "faces": lambda detector: detector.name in ("face", "figure"),
    "plates": lambda detector: detector.name == "plate",
}
"""Views of a page in the order in which they are taken where time is short, and who asks for them. Codes take a tenth
of a second, what is forbidden is mostly read, and plates need both and take longest beside them."""


class Inspection:
    """One photo on its way: which detectors apply, what each said, and what became of it."""

    def __init__(
        self,
        photo: Photo,
        options: ScanOptions,
        detectors: Sequence[Detector],
        stage: Told = nobody,
        seen: Report | None = None,
    ) -> None:
        """`seen`: the report of a whole look in this very way at another file that shows the same picture: what hangs
        on the picture alone is taken from there."""
        self.photo = photo
        self.detectors = detectors
        self.options = options
        self.seen = seen
        self.hurried = False
        pages = range(min(photo.frames, PAGES[options.profile]))
        self.pages = [Views(photo, options, page, stage) for page in pages]
        self.undecodable: PhotoscanError | None = None
        self.blind = False
        self.sampled: bool | None = None
        self.budgets: dict[int, Budget] = {}
        self.pixels = PAGE_PIXELS[options.profile]

    def all(self, progress: Progress) -> tuple[list[Finding], list[DetectorOutcome], ReportError | None]:
        """Findings, outcomes, and the error that kept the pixels from being seen, if any."""
        findings: list[Finding] = []
        outcomes: list[DetectorOutcome] = []
        with deadline.within(self.options.seconds) as clock:
            for detector in self.detectors:
                found, outcome = self._one(detector)
                findings += found
                outcomes.append(outcome)
                progress(outcome, tuple(found))
        if self.seen is not None:
            names = {detector.name for detector in self.detectors}
            return findings, [*outcomes, *(o for o in self.seen.detectors if o.name not in names)], None
        return findings, [*outcomes, *self._beside_detectors(outcomes, clock)], self._broken(outcomes)

    def _beside_detectors(self, outcomes: Sequence[DetectorOutcome], clock: Clock) -> Iterable[DetectorOutcome]:
        """What else was not looked at: frames, what the budget did not bear, and what there was no time for."""
        seen = _looked(outcomes)
        if self.photo.frames > len(self.pages) and seen:
            yield DetectorOutcome("pages", Status.SKIPPED, SAMPLED if self.sampled else "budget")
        cut = frozenset[Share]().union(*(budget.left_out for budget in self.budgets.values()))
        for share in Share:
            if share in cut | clock.left_out:
                yield DetectorOutcome(share.value, Status.SKIPPED, "budget" if share in cut else deadline.REASON)
        if self.photo.format.row.raw and seen:
            yield DetectorOutcome("raw", Status.SKIPPED, PREVIEW)
        if self.photo.preview_alone and seen:
            error = UnsupportedFormatError("problem.photo.raw")
            yield DetectorOutcome("raw", Status.FAILED, f"{error.code}: {error.text(self.options.language)}")

    def _broken(self, outcomes: Sequence[DetectorOutcome]) -> ReportError | None:
        """The error that kept pixels from being seen, if any."""
        broken = self.undecodable
        if not self.photo.whole and _looked(outcomes):
            # Decoders may show a frame that was cut as if it were whole.
            broken = broken or CorruptPhotoError("problem.broken.cut", format=self.photo.format.value)
        return ReportError(broken.code, broken.text(self.options.language)) if broken else None

    def _one(self, detector: Detector) -> tuple[list[Finding], DetectorOutcome]:
        if not self._wanted(detector):
            return [], DetectorOutcome(detector.name, Status.SKIPPED, "requested", source=detector.source)
        if self.seen is not None and detector.source != "metadata" and not isinstance(detector, Foreign):
            return _told_before(detector, self.seen)
        wanted = (self._with_outlook(f) for f in self._look(detector) if self._asked_for(f))
        found, outcome = accounted(detector, wanted, self.options.language)
        return found, replace(outcome, partly=not all(self.options.wants(kind.value) for kind in detector.kinds))

    def _with_outlook(self, finding: Finding) -> Finding:
        """What `clean` will make of something that the file says: attribute `stripping`."""
        if not isinstance(finding.location, Field):
            return finding
        outlook = "removed" if self.photo.strippable else "this format can't be stripped"
        if finding.beside:
            outlook = "in another file, of which no copy is made"
        if finding.kind is Kind.METADATA_FILENAME:
            outlook = "kept, unless the copy is renamed"
        elif finding.kind.in_picture:
            outlook = "kept, as part of the drawing"
        return replace(finding, attributes={**finding.attributes, "stripping": outlook})

    def _look(self, detector: Detector) -> Iterable[Finding]:
        if detector.source == "metadata":
            yield from detector.find(self.pages[0])
            yield from beside.found(detector, self.pages[0])
            return
        if isinstance(detector, TextDetector) and not self.photo.format.decodable:
            yield from self._in_drawn_words(detector)
        self._choose_frames()
        self._hurry()
        for views in self.pages:
            if not self._decode(views) or not self._afforded(views):
                break
            shown = []
            for finding in mirrored.found(detector, views):
                shown.append(_on_page(finding, views.page))
                yield shown[-1]
            yield from (_on_page(finding, views.page) for finding in beneath.found(detector, views, shown))
        if isinstance(detector, TextDetector) and self.options.caption:
            yield from detector.find_in_lines([TextLine(row) for row in self.options.caption.splitlines()])

    def _in_drawn_words(self, detector: TextDetector) -> Iterable[Finding]:
        """What the words of a drawing tell, each told by its place in the file: there are no pixels to look at."""
        drawn = self.pages[0].drawn
        for finding in detector.find_in_lines([TextLine(entry.words) for entry in drawn]):
            if isinstance(finding.location, Span) and finding.location.lines:
                entry = drawn[finding.location.lines[0]]
                yield replace(finding, location=Field(entry.container, entry.field, entry.offset, entry.length))

    def _choose_frames(self) -> None:
        """Of an animation that is too long to be looked at whole, take frames from its whole length. Only once, and
        only where somebody looks at pixels."""
        count = PAGES[self.options.profile]
        if self.sampled is not None:
            return
        sampled = self.photo.animated and self.photo.frames > count >= LEAST_SAMPLE
        if sampled:
            first = self.pages[0]
            others = [Views(self.photo, self.options, page, first.stage) for page in self.photo.sample(count)[1:]]
            self.pages = [first, *others]
        self.sampled = sampled

    def _hurry(self) -> None:
        """Where there is a deadline, take the looks page by page, and of each page those first that tell most for their
        time: detectors find them there. Only once; what goes wrong is met again, and told, by the detectors."""
        if self.hurried or not deadline.is_set():
            return
        self.hurried = True
        asking = [detector for detector in self.detectors if self._wanted(detector)]
        looks = [look for look, asked in LOOKS.items() if any(map(asked, asking))]
        with suppress(Exception):
            for views in self.pages:
                if not self._decode(views) or not self._afforded(views):
                    return
                for look in looks:
                    getattr(views, look)

    def _keep_before(self, views: Views) -> None:
        """Leave out a page and all behind it: what is left is no sample of the whole."""
        self.pages = [other for other in self.pages if other.page < views.page]
        self.sampled = False

    def _decode(self, views: Views) -> bool:
        """Whether a page can be looked at, if only in part. Done before the first look, so that a broken picture is
        told as such and only once; raises the error where nothing at all can be seen."""
        if self.blind and self.undecodable is not None:
            raise self.undecodable
        try:
            _ = views.pyramid
        except PhotoscanError as error:
            self.undecodable = error
            if views.page:
                # What came before is there, and nothing behind it is.
                self._keep_before(views)
                return False
            if not (isinstance(error, CorruptPhotoError) and self._in_part(views)):
                self.blind = True
                raise
        return True

    def _in_part(self, views: Views) -> bool:
        """Have the first page show as much as can be decoded of it; whether there is anything."""
        part = self.photo.part()
        if part is None:
            return False
        pixels, there = part
        views.show_part(pixels)
        self.pages, self.sampled = self.pages[:1], False
        key = "coarse" if there is None else "part"
        percent = 0 if there is None else int(100 * there)
        self.undecodable = CorruptPhotoError(f"problem.broken.{key}", format=self.photo.format.value, percent=percent)
        return True

    def _afforded(self, views: Views) -> bool:
        """Whether a page's pixels are within what one file may cost; the first page is in any case."""
        if views.page not in self.budgets:
            self.pixels -= views.pyramid.width * views.pyramid.height
            if self.pixels < 0 and views.page:
                self._keep_before(views)
                return False
            self.budgets[views.page] = views.budget
        return True

    def _wanted(self, detector: Detector) -> bool:
        return any(self.options.wants(kind.value) for kind in detector.kinds)

    def _asked_for(self, finding: Finding) -> bool:
        return self.options.wants(finding.kind.value)


def accounted(detector: Detector, look: Iterable[Finding], language: str) -> tuple[list[Finding], DetectorOutcome]:
    """What a detector finds, as far as it came, and what became of it."""
    started = perf_counter()
    status, reason = Status.OK, None
    found: list[Finding] = []
    try:
        found.extend(look)
    except NotInstalledError:
        status, reason = Status.SKIPPED, "not_installed"
    except OutOfTimeError:
        status, reason = Status.SKIPPED, deadline.REASON
    except OutsideError as error:
        nobody_looked = error.reason in ("not_installed", deadline.REASON)
        status, reason = Status.SKIPPED if nobody_looked else Status.FAILED, error.reason
    except PhotoscanError as error:
        status, reason = Status.FAILED, f"{error.code}: {error.text(language)}"
    except Exception as error:  # noqa: BLE001 - a crash of one detector must not hide what the others see
        # Only the type: the message of an unexpected error may quote what was read.
        status, reason = Status.FAILED, f"crash: {type(error).__name__}"
    return found, DetectorOutcome(detector.name, status, reason, perf_counter() - started, detector.source)


def _looked(outcomes: Iterable[DetectorOutcome]) -> bool:
    """Whether the picture was looked at."""
    return any(o.status is Status.OK and o.source != "metadata" for o in outcomes)


def _told_before(detector: Detector, seen: Report) -> tuple[list[Finding], DetectorOutcome]:
    """What a detector found and what became of it, as a report tells; failed where that does not tell of it."""
    found = [f for f in seen.findings if f.detector == detector.name]
    said = next((o for o in seen.detectors if o.name == detector.name), None)
    return found, said or DetectorOutcome(detector.name, Status.FAILED, "crash: unknown", source=detector.source)


def _on_page(finding: Finding, page: int) -> Finding:
    """The finding with its page: detectors that see lines of text alone don't know it."""
    if not page or not isinstance(finding.location, Region) or finding.location.page is not None:
        return finding
    return replace(finding, location=replace(finding.location, page=page))
