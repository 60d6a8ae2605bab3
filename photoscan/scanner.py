"""Scanner: from a photo to its report. The only place where detectors are chosen, run and accounted for."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import photoscan
from photoscan import engines, given, people
from photoscan.detectors import REGISTRY
from photoscan.detectors.base import Detector, TextDetector
from photoscan.errors import NotInstalledError, PhotoscanError, UsageError
from photoscan.finding import Finding, with_ids
from photoscan.kind import only_in_file
from photoscan.looking import Inspection, Progress, accounted
from photoscan.options import ScanOptions
from photoscan.outside.guard import Broken, guarded
from photoscan.outside.protocol import DetectorProtocol
from photoscan.photo import Photo
from photoscan.photo_source import PhotoSource, shown_name
from photoscan.readers import READERS
from photoscan.report import DetectorOutcome, ModelInfo, PhotoInfo, Report, ReportError, Status
from photoscan.risk import assess, exempt
from photoscan.risk.policy import Policy, taken
from photoscan.stage import Told, nobody
from photoscan.taught import check_languages
from photoscan.textline import TextLine, rows_of
from photoscan.used import watched

if TYPE_CHECKING:
    from PIL.Image import Image

NUDITY_MODEL = "nudity-classifier"
"""The model that `ScanOptions.nudity` needs; nobody downloads it who does not ask for it."""

TEXT_NAME = "<text>"
"""Stands for the path in the report of a text by itself."""


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
        """Inspection at one photo and judge it.

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
        return self._looked(photo, Inspection(photo, self.options, self.detectors, stage), progress)

    def scan_again(self, photo: Photo, seen: Report, progress: Progress | None = None) -> Report:
        """The report of a photo that shows pixel for pixel what another one shows, without a look at the picture.

        `seen`: what this very scanner said of that other one, whose look was whole; it is not checked. What the file
        says is looked at anew, and detectors from outside look at all. Raises nothing of its own.
        """
        seen = replace(seen, findings=tuple(exempt.unmarked(f, "known", "ignored") for f in seen.findings))
        return self._looked(photo, Inspection(photo, self.options, self.detectors, seen=seen), progress)

    def _looked(self, photo: Photo, look: Inspection, progress: Progress | None) -> Report:
        with watched() as use:
            findings, outcomes, unseen = look.all(progress or _silent)
        used = {*use.models, *(look.seen.models if look.seen else ())}
        models = tuple(sorted(used, key=lambda info: info.name))
        return self._judge(photo.info(), findings, outcomes, unseen, models)

    def scan_text(self, text: str | Sequence[str]) -> Report:
        """Inspection at a text or its lines by themselves, as at a caption without its photo, and judge it.

        The report has no photo (its path is '<text>'); detectors that need one are skipped as not applicable.
        Raises UsageError for what is no text.
        """
        lines = [TextLine(row) for row in rows_of(text)]
        findings: list[Finding] = []
        outcomes: list[DetectorOutcome] = []
        for detector in self.detectors:
            if isinstance(detector, TextDetector):
                found, outcome = accounted(detector, detector.find_in_lines(lines), self.options.language)
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


def _belongs(detector: Detector, options: ScanOptions) -> bool:
    """Whether a detector is part of a scan: nobody misses one that looks only where an option asks for it."""
    return not all(kind.card.on_request for kind in detector.kinds) or any(map(options.wants, detector.kinds))


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
