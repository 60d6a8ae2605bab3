"""The one way to a copy that is safe to share, for every shell: plan, look, strip and hide, look again.

A shell gives a photo, a scanner, and what its user chose; everything else is the same for all shells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from photoscan import cleaning
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import CleanPlan, CleanResult, Foresight, Looked
from photoscan.errors import PhotoscanError, UnsupportedFormatError, UsageError
from photoscan.finding import Field, Finding, Region
from photoscan.kind import ALL, Kind
from photoscan.looking import PAGES
from photoscan.photo import Photo
from photoscan.report import Report, Status
from photoscan.risk import assess, exempt
from photoscan.stage import Told, nobody

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from photoscan.looking import Progress
    from photoscan.scanner import Scanner

__all__ = ["NotSeenError", "foresee_safe_copy", "make_safe_copy"]

SAME = 0.5
"""Share of the smaller of two boxes that both have in common, from which they show the same thing."""
_CHOSEN = "chosen"
"""Why findings that nobody chose to hide do not count."""


class NotSeenError(RefusedError):
    """The photo can't be inspected, so there is no copy. `report`: what is known of it nevertheless."""

    def __init__(self, report: Report) -> None:
        super().__init__("not_inspected", reason=report.error.message if report.error else "")
        self.report = report

    def __reduce__(self) -> tuple[type[NotSeenError], tuple[Report]]:
        """As it travels to other processes."""
        return type(self), (self.report,)


def make_safe_copy(
    photo: Photo,
    scanner: Scanner | None,
    plan: CleanPlan | None = None,
    report: Report | None = None,
    *,
    chosen: Sequence[str] | None = None,
    same_scanner: bool = False,
    progress: Progress | None = None,
    stage: Told = nobody,
) -> CleanResult:
    """A proven copy of a photo, its receipt, and the report of a look at it.

    `scanner` may be None where the plan leaves the picture as it is. `plan`: by default what the scanner's policy says.
    `report`: of an earlier scan of this very photo by the same policy, to save another. `chosen`: ids of its findings;
    these are hidden and no others, whatever plan and policy say; of an empty choice the picture stays as it is, yet the
    copy is looked at. `same_scanner`: the report is what this very scanner said of this very object just now, so that
    it may stand for a look at pixels that the copy shares. `progress` is called as each detector of each scan ends; an
    error that it raises ends the work.
    `stage` is called as each costly part begins (`photoscan.stage`).

    The result's report is of the copy without what detectors see in opaque patches; None where nobody looked. Raises
    NotSeenError for a photo that can't be looked at, other CleaningErrors where a copy can't be proved, UsageError for
    what does not go together. The photo itself is never changed.
    """
    photo = _developed(photo, plan)
    ours = report is None or same_scanner
    plan, report, choice = _begun(photo, scanner, plan, report, chosen, progress, stage)
    stage("hide")
    if scanner is None:
        return cleaning.clean(photo, report, None, plan)

    def again(data: bytes) -> Report:
        stage("again")
        # The copy goes by the photo's name: a policy may ignore a region in photos of certain names.
        seen = _seen_again(photo, report if ours and choice is None else None, data, scanner, progress)
        return seen if choice is None else _marked(seen, choice.shows)

    result = cleaning.clean(photo, report, again, plan)
    if plan.metadata_only and choice is not None:
        result = replace(result, report=again(result.data))
    return result if result.report is None else _told(result, result.report, scanner, plan)


def _seen_again(
    photo: Photo, report: Report | None, data: bytes, scanner: Scanner, progress: Progress | None
) -> Report:
    """The report of a look at the copy. Where it shows what the photo shows, bit by bit, the first look stands for it.

    `report`: what this scanner said of the photo just now, None where that is not known. No proof is weaker for it:
    our detectors of pixels and text are functions of options and caption, which are the scanner's, and of each page's
    decoded pixels and layers (`Views`), which are compared here as the detectors are given them, by decoding both files
    anew. Nothing is taken from what strippers or other proofs say. Equal input gives equal findings, of which the plan
    hides none, or the copy would have been painted. What the copy's file says is read and looked at anew, and so is
    all by detectors from outside, which may ask for anything.
    """
    copy = Photo.open(data, scanner.options.limits, photo.name)
    if report is None or not _shows_the_same(photo, copy, scanner):
        return scanner.scan(copy, progress=progress)
    return scanner.scan_again(copy, report, progress)


def _shows_the_same(photo: Photo, copy: Photo, scanner: Scanner) -> bool:
    """Whether detectors are given the same pixels of both. Of what takes more than pages to compare nobody asks."""
    if not photo.format.decodable or photo.format is not copy.format or photo.frames != copy.frames:
        return False
    if photo.frames > PAGES[scanner.options.profile] or not (photo.whole and copy.whole) or photo.format.row.raw:
        return False
    try:
        return all(_same_page(photo, copy, page) for page in range(photo.frames))
    except PhotoscanError:
        return False


def _same_page(photo: Photo, copy: Photo, page: int) -> bool:
    if not _equal(photo.pixels(page), copy.pixels(page)):
        return False
    before, after = photo.layers(page), copy.layers(page)
    if before is None or after is None:
        return before is after
    alike = before.exact == after.exact and _equal(before.alpha, after.alpha)
    return alike and _equal(before.colours, after.colours)


def _equal(before: NDArray[Any], after: NDArray[Any]) -> bool:
    return before.shape == after.shape and bool((before == after).all())


def foresee_safe_copy(
    photo: Photo, scanner: Scanner | None, plan: CleanPlan | None = None, report: Report | None = None
) -> Foresight:
    """What `make_safe_copy` would do; nothing is written. Raises what it would raise before it begins."""
    photo = _developed(photo, plan)
    plan, report, _ = _begun(photo, scanner, plan, report, None, None)
    return cleaning.foresee(photo, report, plan)


def _developed(photo: Photo, plan: CleanPlan | None) -> Photo:
    """What a copy is made of: of a camera's RAW file, where it shall become another format, the JPEG in it."""
    if not photo.format.row.raw:
        return photo
    if plan is None or plan.target is None:
        raise UnsupportedFormatError("problem.clean.raw_way", format=photo.format.row.title)
    return photo.developed()


class _Choice:
    """The findings that somebody chose to hide, by id in the photo's report and by place in its copy."""

    def __init__(self, report: Report, ids: Sequence[str]) -> None:
        self.ids = frozenset(ids)
        if unknown := self.ids - {finding.id for finding in report.findings}:
            raise UsageError("problem.clean.no_finding", word=min(unknown))
        self.places = [f.location for f in report.findings if f.id in self.ids and isinstance(f.location, Region)]

    def names(self, finding: Finding) -> bool:
        """Whether this finding of the photo was chosen."""
        return finding.id in self.ids

    def shows(self, finding: Finding) -> bool:
        """Whether this finding of the copy is another look at a chosen one."""
        if not isinstance(finding.location, Region):
            return False
        box, page = finding.location.box, finding.location.page or 0
        there = [place.box for place in self.places if (place.page or 0) == page]
        return any(box.intersection(b) >= SAME * min(box.area, b.area) > 0 for b in there)


def _begun(
    photo: Photo,
    scanner: Scanner | None,
    plan: CleanPlan | None,
    report: Report | None,
    chosen: Sequence[str] | None,
    progress: Progress | None,
    stage: Told = nobody,
) -> tuple[CleanPlan, Report | None, _Choice | None]:
    """The plan, the photo's report where one is needed, and the choice; checked to belong together."""
    if report is not None:
        report = _own(_checked(report, photo, scanner))
    if scanner is None:
        if plan is None or not plan.metadata_only or chosen is not None:
            raise RefusedError("no_scan")
        return plan, report, None
    plan = plan or CleanPlan.by_policy(scanner.policy, rename=True if chosen is not None else None)
    if plan.metadata_only and chosen is None:
        return plan, report, None
    report = report or _own(scanner.scan(photo, progress=progress, stage=stage))
    choice = None
    if chosen is not None:
        choice = _Choice(report, chosen)
        report = _marked(report, choice.names)
        plan = replace(
            plan, metadata_only=not choice.places, redact=(ALL,) if choice.places else None, possible_from=0.0
        )
    if not plan.metadata_only:
        if report.error is not None:
            raise NotSeenError(report)
        _demand_eyes(plan, scanner)
    return plan, report, choice


def _own(report: Report) -> Report:
    """The report without what files beside the photo say, which no copy of the photo holds."""
    return replace(report, findings=tuple(finding for finding in report.findings if not finding.beside))


def _checked(report: Report, photo: Photo, scanner: Scanner | None) -> Report:
    """A report that was given, judged by the photo's name; it has to be of this photo, and by the scanner's policy."""
    if report.photo.sha256 != photo.sha256:
        raise RefusedError("other_photo")
    if scanner is None:
        return report
    policy = scanner.policy
    before, now = f"{report.policy['name']} {report.policy['version']}", f"{policy.name} {policy.version}"
    if before != now:
        raise UsageError("problem.clean.other_policy", report=before, policy=now)
    # Which regions are ignored can depend on the name, and a report of bytes has none.
    findings = tuple(exempt.unmarked(finding, "known", "ignored") for finding in report.findings)
    return assess(replace(report, photo=photo.info(), findings=findings), scanner.policy, scanner.options.language)


def _demand_eyes(plan: CleanPlan, scanner: Scanner) -> None:
    """UsageError when the scanner leaves out kinds that the plan hides: it could not prove that they are gone."""
    hidden = (kind for kind in Kind if kind.in_picture and not kind.card.on_request and plan.may_hide(kind))
    unseen = [kind.value for kind in hidden if not scanner.options.wants(kind.value)]
    if unseen:
        raise UsageError("problem.clean.unseen", kinds=", ".join(unseen[:4]))


def _marked(report: Report, chosen: Callable[[Finding], bool]) -> Report:
    """The report in which what was chosen counts, whatever the policy says, and nothing else in the picture does."""

    def mark(finding: Finding) -> Finding:
        if finding.box is None:
            return finding
        return exempt.unmarked(finding) if chosen(finding) else exempt.marked(finding, _CHOSEN)

    return replace(report, findings=tuple(mark(finding) for finding in report.findings))


def _meant(finding: Finding, plan: CleanPlan) -> bool:
    """Whether a finding in the copy's own words is of a group that was kept."""
    return isinstance(finding.location, Field) and finding.kind.value in plan.topics and not exempt.is_exempt(finding)


def _told(result: CleanResult, seen: Report, scanner: Scanner, plan: CleanPlan) -> CleanResult:
    """The result with how its copy was looked at, and the copy's report as the policy judges it.

    What was left by choice counts in that report again; a name that the copy loses does not, nor do groups of the
    file's words that were kept: the proof has compared them.
    """
    findings: Iterable[Finding] = (exempt.unmarked(finding, _CHOSEN) for finding in seen.findings)
    if plan.topics:
        findings = (exempt.marked(f, "kept") if _meant(f, plan) else f for f in findings)
    there = tuple(f for f in findings if not (plan.rename and f.kind is Kind.METADATA_FILENAME))
    report = assess(replace(seen, findings=there), scanner.policy, scanner.options.language)
    ran = tuple(outcome.name for outcome in seen.detectors if outcome.status is Status.OK)
    looked = Looked(scanner.policy.name, scanner.policy.version, scanner.options.profile, ran)
    return replace(result, receipt=replace(result.receipt, looked=looked), report=report)
