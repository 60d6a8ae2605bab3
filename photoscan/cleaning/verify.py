"""Proof: the output is looked at as if somebody else had made it. Any doubt is a RefusedError."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from photoscan import metadata
from photoscan.brushes import FILL, Brush
from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.cleaning import drawing, groups_gone, kept_map, picture, search
from photoscan.cleaning.plan import KEPT, CleanPlan
from photoscan.cleaning.retold import Source
from photoscan.errors import Phrase, Phrases
from photoscan.figures import has_face
from photoscan.finding import Field, Finding, Region
from photoscan.formats import Format
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.metadata import Entry, Metadata, Role
from photoscan.metadata.entry import NEEDLE, SHORTEST_NEEDLE
from photoscan.metadata.naming import named
from photoscan.photo import Photo
from photoscan.redaction import Method, Patch, boxes_on
from photoscan.report import SAMPLED, Report
from photoscan.stripping import Keep

RIMS: dict[Method, int] = {"lossless": 0, "blocks": 4, "recoded": 8}
"""Pixels at a patch's edge into which coding may blur what is beside it: decoders smooth a JPEG's colours over two, and
lossy coding works in blocks."""


def metadata_gone(
    output: bytes,
    format_: Format,
    before: Metadata,
    keep: Keep,
    kept: Sequence[Phrase] = (),
    sources: frozenset[Source] = frozenset(),
) -> tuple[Phrase, ...]:
    """Prove that an independent reader finds nothing in the output but what was kept on purpose, and no other value of
    the input is found in it: neither as it stands, nor in another coding, nor compressed.

    `kept`: the names of what stays, for the proof's words. `sources`: the entries of the input that say what stays.
    """
    if left := left_in(output, format_, keep):
        raise RefusedError("metadata_left", names=", ".join(left[:3]))
    if value_left(output, format_, before, keep, sources):
        raise RefusedError("value_left")
    stated = clean_phrase("proof.no_other_value" if groups_gone.states(keep) else "proof.no_value")
    if format_ is Format.SVG and drawing.may_hide_words(output):
        return clean_phrase("proof.no_metadata_but_words"), stated
    if not kept:
        return clean_phrase("proof.no_metadata"), stated
    needed = all(row.key in _NEEDED for row in kept)
    return clean_phrase("proof.only_needed" if needed else "proof.nothing_but", what=Phrases(tuple(kept), ", ")), stated


_NEEDED = tuple(f"clean.keeps.{part}" for part in KEPT)
"""Names of what stays because the picture would look different without it."""
_TURNS = tuple("12345678")


def same_way_up(source: Photo, copy: Photo) -> None:
    """Prove that a copy is turned as its source is; decoders that turn by themselves prove it with the pixels."""
    if not source.format.row.turns and source.orientation != copy.orientation:
        raise RefusedError("changed")


def value_left(
    output: bytes, format_: Format, before: Metadata, keep: Keep, sources: frozenset[Source] = frozenset()
) -> bool:
    """Whether a value of the input stands in the output beside what is kept on purpose."""
    gone = replace(
        before,
        entries=tuple(
            e for e in before.entries
            if not _stays(e, keep) and (e.container, e.field, e.offset) not in sources
        ),
    )  # fmt: skip
    searched = picture.around(output, format_)
    # Its own words are taken out of the copy, not out of what is searched for: they may hold a value that is to go.
    parts = [_without(searched, keep), *search.inflated(picture.around(output, format_, rows=False))]
    return search.found(search.disguised((*gone.needles(), *_texts(gone))), b"\0".join(parts))


def _texts(said: Metadata) -> Iterator[bytes]:
    """What entries say as text, which need not be as it stands in the file: framed, escaped or in another coding."""
    for entry in said.entries:
        if entry.role is Role.TAG and isinstance(entry.value, (str, bytes)):
            text = entry.text.encode()[:NEEDLE]
            if len(text) >= SHORTEST_NEEDLE and len(set(text)) > 3:
                yield text


def _without(data: bytes, keep: Keep) -> bytes:
    """The data with the values that are kept on purpose blanked."""
    for packet in (keep.xmp, keep.iptc, *(text.encode() for _, text in keep.texts)):
        if len(packet) >= search.ANCHOR:
            data = data.replace(packet, bytes(len(packet)))
    values = {value.strip(b"\0 ") for e in groups_gone.said(keep) for value in (e.text.encode(), e.raw)}
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= search.ANCHOR:
            data = data.replace(value, bytes(len(value)))
    return data


def left_in(data: bytes, format_: Format, keep: Keep) -> list[str]:
    """Names of what a file holds beside its picture and what is kept on purpose; never the values."""
    after = metadata.read(data, format_, "output")
    return sorted({" ".join(named(e)) for e in _unexpected(after, keep)} | set(after.warnings))


def _unexpected(after: Metadata, keep: Keep) -> Iterator[Entry]:
    allowed = groups_gone.allowed(keep)
    one = kept_map.alone(after.entries)
    for entry in after.entries:
        if not (_stays(entry, keep) and one) and (entry.field, entry.text) not in allowed:
            yield entry


def _stays(entry: Entry, keep: Keep) -> bool:
    """Whether this is part of a drawing, a page, part of a gain map, or which way is up, that was to be kept."""
    if entry.role is Role.DRAWN:
        return True
    page = keep.pages and entry.role is Role.IMAGE and entry.field == "further page"
    turn = keep.orientation and entry.field == "tiff:Orientation" and entry.text in _TURNS
    return page or turn or (keep.gain_map and kept_map.belongs(entry))


def painted_over(
    output: Photo, patches: Sequence[Patch], method: Method = "lossless", brush: Brush = FILL
) -> tuple[Phrase, ...]:
    """Prove that every patch shows the brush's paint alone in the output, but for the rim that lossy coding blurs.

    Nothing for a brush whose paint proves nothing.
    """
    if not patches or brush.proof is None:
        return ()
    for page in range(output.frames):
        boxes = boxes_on(patches, page)
        if not boxes:
            continue
        pixels = output.pixels(page)
        for region in boxes:
            box = region.clipped(output.width, output.height)
            rim = min(RIMS[method], box.w // 4, box.h // 4)
            patch = pixels[box.y + rim : box.y2 - rim, box.x + rim : box.x2 - rim]
            # Of a patch that is not in the picture nothing is proved.
            if not patch.size or not brush.covers(patch):
                raise RefusedError("shows")
    if rim := RIMS[method]:
        return (clean_phrase(f"proof.{brush.proof}_inside", count=len(patches), pixels=rim),)
    return (clean_phrase(f"proof.{brush.proof}", count=len(patches)),)


def wholly_inspected(report: Report, pages: bool) -> None:
    """Raise RefusedError when a detector did not finish, is not installed, or saw some of the pages only.

    `pages`: whether the copy has them all.
    """
    if report.error is not None:
        raise RefusedError("not_inspected", reason=report.error.message)
    for outcome in report.detectors:
        if outcome.name == "pages" and outcome.reason in ("budget", SAMPLED):
            if pages:
                raise RefusedError("pages")
        elif outcome.unseen:
            raise RefusedError("not_wholly", names=outcome.name)


@dataclass(frozen=True, slots=True)
class Left:
    """What a second scan still finds of what was to be hidden. `sure`: what of it forbids the copy."""

    findings: tuple[Finding, ...]
    sure: tuple[Finding, ...]


def left_over(report: Report, plan: CleanPlan, patches: Sequence[Patch], opaque: bool) -> Left:
    """What a scan of the output finds and the plan hides, outside of opaque patches.

    Of faces that were only pixelated or blurred any trace counts (`Family.any_trace`): what a detector hardly knows for
    a face, a person does.
    What is only possible and left by the plan counts where it is at the edge of a patch: there it is a rest.
    Raises RefusedError when the output says something about itself that was not kept on purpose.
    """
    for finding in report.findings:
        if isinstance(finding.location, Field) and not _on_purpose(finding, plan):
            raise RefusedError("metadata_left", names=f"{finding.location.container} {finding.location.field}")
    any_trace = plan.with_traces
    left = tuple(
        f for f in report.findings
        if any_trace.hides(f) and (plan.hides(f) or _touches(f, patches)) and not (opaque and _covered(f, patches))
    )  # fmt: skip
    return Left(left, tuple(f for f in left if f.confidence >= plan.sure or (not opaque and _softened(f, patches))))


def outside(report: Report, patches: Sequence[Patch]) -> Report:
    """The report without what a detector sees in opaque patches."""
    return replace(report, findings=tuple(f for f in report.findings if f.box is None or not _covered(f, patches)))


def without_bodies(report: Report, hidden: Sequence[Finding]) -> Report:
    """The report of a copy without figures whose faces were hidden: they were seen with these before."""
    faces = [f.location for f in hidden if f.kind.within("face") and isinstance(f.location, Region)]

    def is_body(finding: Finding) -> bool:
        if finding.kind is not Kind.PERSON or not isinstance(finding.location, Region):
            return False
        page = finding.location.page or 0
        return has_face(finding.location.box, [face.box for face in faces if (face.page or 0) == page])

    return replace(report, findings=tuple(f for f in report.findings if not is_body(f)))


def _on_purpose(finding: Finding, plan: CleanPlan) -> bool:
    """Whether a finding in the output's own words was let through by the plan; `metadata_gone` compares the values."""
    return finding.kind is Kind.METADATA_FILENAME or plan.keeps(finding.kind)


def _softened(finding: Finding, patches: Sequence[Patch]) -> bool:
    return finding.kind.family.any_trace and _touches(finding, patches)


def _touches(finding: Finding, patches: Sequence[Patch]) -> bool:
    return any(_box(finding).intersection(box) for box in _boxes(finding, patches))


def _covered(finding: Finding, patches: Sequence[Patch]) -> bool:
    """Whether a finding lies in paint: what a detector sees in an opaque patch is the patch."""
    return any(_box(finding).coverage_by(box) > 0.8 for box in _boxes(finding, patches))


def _box(finding: Finding) -> Box:
    assert isinstance(finding.location, Region)
    return finding.location.box


def _boxes(finding: Finding, patches: Sequence[Patch]) -> tuple[Box, ...]:
    assert isinstance(finding.location, Region)
    return boxes_on(patches, finding.location.page or 0)
