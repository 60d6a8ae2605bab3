"""Scanner: from a photo to its report. The only place where detectors are chosen, run and accounted for."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import photoscan
from photoscan import beneath, beside, engines, given, mirrored, people
from photoscan.budget import PAGE_PIXELS, Budget, Share
from photoscan.detectors import REGISTRY
from photoscan.detectors.base import Detector, TextDetector
from photoscan.errors import CorruptPhotoError, NotInstalledError, PhotoscanError, UnsupportedFormatError, UsageError
from photoscan.finding import Field, Finding, Region, Span, with_ids
from photoscan.kind import Kind, only_in_file
from photoscan.options import ScanOptions
from photoscan.outside.guard import Broken, OutsideError, guarded
from photoscan.outside.protocol import DetectorProtocol
from photoscan.photo import Photo
from photoscan.photo_source import PhotoSource, shown_name
from photoscan.readers import READERS
from photoscan.report import PREVIEW, SAMPLED, DetectorOutcome, ModelInfo, PhotoInfo, Report, ReportError, Status
from photoscan.risk import assess
from photoscan.risk.policy import Policy, taken
from photoscan.stage import Told, nobody
from photoscan.taught import check_languages
from photoscan.textline import TextLine, rows_of
from photoscan.used import watched
from photoscan.views import Views

if TYPE_CHECKING:
    from PIL.Image import Image

PAGES = {"fast": 1, "balanced": 8, "thorough": 64}
"""Pages or frames of one file that are looked at, by profile. A file with more is reported as incomplete; of an
animation they are taken from its whole length, and the policy says whether that suffices."""
LEAST_SAMPLE = 4
"""Frames from which on they are a sample of an animation."""

NUDITY_MODEL = "nudity-classifier"
"""The model that `ScanOptions.nudity` needs; nobody downloads it who does not ask for it."""

TEXT_NAME = "<text>"
"""Stands for the path in the report of a text by itself."""

Progress = Callable[[DetectorOutcome, tuple[Finding, ...]], None]


class Scanner:
    """Scans photos with one set of options and one policy. Safe to share between threads once made.

    `policy`: by itself, by its name or by its file; where it is left out, what the options name. `detectors`: from
    outside, asked after our own; one that crashes, or takes longer than 10 seconds for a page, fails by itself.

    Raises UsageError when the options, the policy or a detector make no sense, and NotInstalledError when an engine
    that was asked for is missing: at once, not in the middle of a folder.
    """

    def __init__(
        self,
        options: ScanOptions | None = None,
        policy: Policy | str | None = None,
        detectors: Sequence[DetectorProtocol] = (),
    ) -> None:
        self.options = ScanOptions() if options is None else given.a(ScanOptions, options, "options")
        _check_choices(self.options)
        self.policy = taken(self.options.policy if policy is None else policy)
        self.outside = _outside(detectors)
        check_policy(self.policy, self.detectors)

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """All that look, in their order: ours, then those from outside."""
        return (*(one for one in REGISTRY if _belongs(one, self.options)), *self.outside)

    def scan(
        self,
        source: PhotoSource | Image | Photo,
        name: str | None = None,
        progress: Progress | None = None,
        stage: Told = nobody,
    ) -> Report:
        """Look at one photo and judge it.

        A photo that can't be opened gives a report with `error`, not an exception; so does what can't be a photo, such
        as None. `name` is the path shown in the report where the source has none of its own; `progress` is called as
        each detector ends, `stage` with the name of each costly look as it begins (`photoscan.stage`).
        Raises nothing of its own: a detector that fails is named in the report's `detectors`.
        """
        try:
            looks = not only_in_file(self.options.only)
            photo = source if isinstance(source, Photo) else Photo.open(source, self.options.limits, name, looks)
            if looks:
                photo.check_pixels()
        except PhotoscanError as error:
            shown = shown_name(source, name)
            return self._judge(PhotoInfo(shown), error=ReportError(error.code, error.text(self.options.language)))
        with watched() as use:
            findings, outcomes, unseen = _Run(photo, self.options, self.detectors, stage).all(progress or _silent)
        return self._judge(photo.info(), findings, outcomes, unseen, use.models)

    def scan_text(self, text: str | Sequence[str]) -> Report:
        """Look at a text or its lines by themselves, as at a caption without its photo, and judge it.

        The report has no photo (its path is '<text>'); detectors that need one are skipped as not applicable.
        Raises UsageError for what is no text.
        """
        lines = [TextLine(row) for row in rows_of(text)]
        findings: list[Finding] = []
        outcomes: list[DetectorOutcome] = []
        for detector in self.detectors:
            if isinstance(detector, TextDetector):
                found, outcome = _accounted(detector, detector.find_in_lines(lines), self.options.language)
                findings += found
            else:
                outcome = DetectorOutcome(detector.name, Status.SKIPPED, "not_applicable", source=detector.source)
            outcomes.append(outcome)
        return self._judge(PhotoInfo(TEXT_NAME), findings, outcomes)

    def unseen(self, path: str, error: PhotoscanError) -> Report:
        """The report of a photo that could not be scanned at all, such as one that brought its process down.

        `path`: as the report shows it. `error`: why. Raises nothing of its own.
        """
        told = error.text(self.options.language)
        message = told if told.startswith(f"{path}: ") else f"{path}: {told}"
        return self._judge(PhotoInfo(path), error=ReportError(error.code, message))

    def _judge(
        self,
        info: PhotoInfo,
        findings: Iterable[Finding] = (),
        outcomes: Iterable[DetectorOutcome] = (),
        error: ReportError | None = None,
        used: tuple[ModelInfo, ...] = (),
    ) -> Report:
        report = Report(
            photo=info,
            tool_version=photoscan.__version__,
            findings=with_ids(findings),
            detectors=tuple(outcomes),
            models=used,
            error=error,
        )
        return assess(report, self.policy, self.options.language)


class _Run:
    """One photo on its way: which detectors apply, what each said, and what became of it."""

    def __init__(self, photo: Photo, options: ScanOptions, detectors: Sequence[Detector], stage: Told = nobody) -> None:
        self.photo = photo
        self.detectors = detectors
        self.options = options
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
        for detector in self.detectors:
            found, outcome = self._one(detector)
            findings += found
            outcomes.append(outcome)
            progress(outcome, tuple(found))
        seen = any(o.status is Status.OK and o.source != "metadata" for o in outcomes)
        if self.photo.frames > len(self.pages) and seen:
            outcomes.append(DetectorOutcome("pages", Status.SKIPPED, SAMPLED if self.sampled else "budget"))
        cut = frozenset[Share]().union(*(budget.left_out for budget in self.budgets.values()))
        outcomes += [DetectorOutcome(share.value, Status.SKIPPED, "budget") for share in Share if share in cut]
        if self.photo.format.row.raw and seen:
            outcomes.append(DetectorOutcome("raw", Status.SKIPPED, PREVIEW))
        if self.photo.preview_alone and seen:
            error = UnsupportedFormatError("problem.photo.raw")
            reason = f"{error.code}: {error.text(self.options.language)}"
            outcomes.append(DetectorOutcome("raw", Status.FAILED, reason))
        if not self.photo.whole and seen:
            # Decoders may show a frame that was cut as if it were whole.
            self.undecodable = self.undecodable or CorruptPhotoError(
                "problem.broken.cut", format=self.photo.format.value
            )
        broken = self.undecodable
        return findings, outcomes, ReportError(broken.code, broken.text(self.options.language)) if broken else None

    def _one(self, detector: Detector) -> tuple[list[Finding], DetectorOutcome]:
        if not self._wanted(detector):
            return [], DetectorOutcome(detector.name, Status.SKIPPED, "requested", source=detector.source)
        wanted = (self._with_outlook(f) for f in self._look(detector) if self._asked_for(f))
        found, outcome = _accounted(detector, wanted, self.options.language)
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
        self.sampled = self.photo.animated and self.photo.frames > count >= LEAST_SAMPLE
        if self.sampled:
            first = self.pages[0]
            others = [Views(self.photo, self.options, page, first.stage) for page in self.photo.sample(count)[1:]]
            self.pages = [first, *others]

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


def _belongs(detector: Detector, options: ScanOptions) -> bool:
    """Whether a detector is part of a scan: nobody misses one that looks only where an option asks for it."""
    return not all(kind.card.on_request for kind in detector.kinds) or any(map(options.wants, detector.kinds))


def _accounted(detector: Detector, look: Iterable[Finding], language: str) -> tuple[list[Finding], DetectorOutcome]:
    """What a detector finds, as far as it came, and what became of it."""
    started = perf_counter()
    status, reason = Status.OK, None
    found: list[Finding] = []
    try:
        found.extend(look)
    except NotInstalledError:
        status, reason = Status.SKIPPED, "not_installed"
    except OutsideError as error:
        status, reason = Status.SKIPPED if error.reason == "not_installed" else Status.FAILED, error.reason
    except PhotoscanError as error:
        status, reason = Status.FAILED, f"{error.code}: {error.text(language)}"
    except Exception as error:  # noqa: BLE001 - a crash of one detector must not hide what the others see
        # Only the type: the message of an unexpected error may quote what was read.
        status, reason = Status.FAILED, f"crash: {type(error).__name__}"
    return found, DetectorOutcome(detector.name, status, reason, perf_counter() - started, detector.source)


def _on_page(finding: Finding, page: int) -> Finding:
    """The finding with its page: detectors that see lines of text alone don't know it."""
    if not page or not isinstance(finding.location, Region) or finding.location.page is not None:
        return finding
    return replace(finding, location=replace(finding.location, page=page))


def _outside(detectors: Sequence[DetectorProtocol]) -> tuple[Detector, ...]:
    """Detectors from outside within their guards; UsageError for what is none, or has the name of another."""
    if isinstance(detectors, str) or not isinstance(detectors, Iterable):
        raise UsageError("problem.given.sort", name="detectors", wanted="tuple", sort=type(detectors).__name__)
    made: list[Detector] = []
    for one in detectors:
        detector = one if isinstance(one, Broken) else guarded(one)
        if detector.name in [other.name for other in (*REGISTRY, *made)]:
            raise UsageError("problem.detector.twice", name=detector.name)
        made.append(detector)
    return tuple(made)


def check_policy(policy: Policy, detectors: Sequence[Detector] = REGISTRY) -> None:
    """Raise UsageError for a policy that could never be met: a detector that isn't there, hashes without their key."""
    names = [detector.name for detector in detectors]
    for name in (*policy.required, *(policy.required_of_file or ())):
        if name not in names:
            raise UsageError("problem.policy.detector", word=name, known=", ".join(names))
    policy.check_key()


def _check_models(options: ScanOptions) -> None:
    """The same for engines and models that were asked for."""
    from photoscan import models

    models.check_engine(options.engine)
    if options.nudity and not models.has(NUDITY_MODEL):
        raise NotInstalledError("problem.needs.nudity", command=models.find(NUDITY_MODEL).command)


def _check_choices(options: ScanOptions) -> None:
    """Raise NotInstalledError for the engines that are not here."""
    READERS[options.ocr].check()
    check_languages(options.ocr_languages)
    if engines.is_named(options.engine) or options.nudity:
        _check_models(options)
    if options.people is not None:
        if importlib.util.find_spec("dlib") is None:
            raise NotInstalledError("problem.needs.people")
        people.read(options.people)
    if options.face_backend == "face-recognition" and importlib.util.find_spec("face_recognition") is None:
        raise NotInstalledError("problem.needs.face_recognition")


def _silent(outcome: DetectorOutcome, findings: tuple[Finding, ...]) -> None:
    pass
