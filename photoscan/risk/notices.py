"""What is asked beside the verdict: an allowed photo may still have something for its owner to think of."""

from __future__ import annotations

from collections.abc import Iterable

from photoscan.decision import EXPOSED_MINOR, Notice, Reason
from photoscan.errors import Phrase, Phrases
from photoscan.escapes import on_one_line
from photoscan.finding import SIDECAR, Finding
from photoscan.kind import Kind, Severity
from photoscan.report import Report
from photoscan.risk import alone, exempt

_SHOWN = 3
"""Files beside a photo that are named."""


def notices(report: Report, why: Iterable[Reason], allowed: Iterable[str]) -> tuple[Notice, ...]:
    """The questions that a photo asks its owner. `why`: the reasons of its verdict; `allowed`: ids of what the policy
    lets pass.

    First of all where nudity and somebody who may be a minor are seen, both of them perhaps: who helps.
    Of faces that are likely, count, and that no reason names by their kind: whether the people agree; and apart from
    that for those who may be minors. Of a Live Photo whose film lies beside it, that this is not part of the report.
    Last, what files beside the photo tell, if more than of what is of low severity.
    """
    spared = {name for reason in why if reason.code == "kind" for name in reason.findings}.union(allowed)
    faces = [
        f for f in report.findings
        if f.likely and alone.lessened(f) and f.id not in spared and not exempt.is_exempt(f)
    ]  # fmt: skip
    young = [f for f in faces if f.attributes.get(alone.AGE) == alone.MINOR]
    filmed = [f for f in report.findings if f.attributes.get("film_beside")]
    rows = (
        (EXPOSED_MINOR, _exposed(report)),
        ("consent", [f for f in faces if f not in young]),
        ("minor", young),
        ("film", filmed),
    )
    asked = [Notice.of(code, tuple(f.id for f in found)) for code, found in rows if found]
    return (*asked, *_sidecars(report))


def _sidecars(report: Report) -> Iterable[Notice]:
    """What is said in files beside the photo that does harm by itself, with the names of these files."""
    told = [
        f for f in report.findings
        if f.likely and f.severity > Severity.LOW and f.attributes.get(exempt.ATTRIBUTE) == exempt.BESIDE
    ]  # fmt: skip
    if not told:
        return
    files = list(dict.fromkeys(on_one_line(str(f.attributes.get(SIDECAR, ""))) for f in told))
    kinds = dict.fromkeys(f.kind for f in sorted(told, key=lambda f: -f.severity))
    what = Phrases(tuple(Phrase(f"kind.{kind.value}.title") for kind in kinds), ", ")
    more = f" (+{len(files) - _SHOWN})" if len(files) > _SHOWN else ""
    values = {"count": len(files), "what": what, "files": ", ".join(files[:_SHOWN]) + more}
    yield Notice("sidecar", tuple(f.id for f in told), Phrase("notice.sidecar", values))


def _exposed(report: Report) -> list[Finding]:
    """Nudity and the faces of those who may be minors, where a photo has both."""
    counted = [f for f in report.findings if not exempt.is_exempt(f)]
    nude = [f for f in counted if f.kind is Kind.NUDITY]
    young = [f for f in counted if f.kind is Kind.FACE_CHILD or f.attributes.get(alone.AGE) in (alone.MINOR, "child")]
    return nude + young if nude and young else []
