"""A program that uses every public name as its type promises: checked by mypy and run by `test_public_names`.

Nothing heavy happens in it.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable, Sequence
from typing import Literal

from PIL import Image

import photoscan
from photoscan import (
    Box,
    Card,
    CardError,
    CleaningError,
    CleanPlan,
    CleanResult,
    CorruptPhotoError,
    Decision,
    DetectorOutcome,
    DetectorProtocol,
    Family,
    Field,
    Finding,
    FiredRule,
    IgnoredRegion,
    Kind,
    KindRule,
    KnownValue,
    Limits,
    ModelError,
    NotInstalledError,
    NotReadableError,
    NotSeenError,
    Photo,
    PhotoInfo,
    PhotoscanError,
    Policy,
    Receipt,
    Redaction,
    Region,
    Report,
    ReportError,
    Risk,
    Scanner,
    ScanOptions,
    Severity,
    Span,
    Status,
    TextDetector,
    TextLine,
    TextMatch,
    TooLargeError,
    UnsupportedFormatError,
    UsageError,
    Views,
    clean,
    clean_async,
    installed_detectors,
    register,
    scan,
    scan_async,
    scan_text,
)

FILE_ALONE = ScanOptions(profile="fast", only=("metadata",), language="ms", limits=Limits(max_pixels=1_000_000))
STRIP = CleanPlan(metadata_only=True, keep=("icc",))
POLICY = Policy(
    name="program",
    kinds={"text.secret": "block", "face": KindRule("review", 0.4)},
    allow=(KnownValue(Kind.PLATE, "0" * 64),),
    ignore=(IgnoredRegion((0.0, 0.0, 0.1, 0.1), ("face",)),),
    redaction=Redaction(kinds=("face",), style="fill"),
)


class Nothing:
    """Finds nothing."""

    name = "nothing"
    kinds: Sequence[Kind] = (Kind("plate"),)
    source: Literal["metadata"] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        """Nothing on any page."""
        return [] if views.page >= 0 else [Finding(Kind("plate"), 0.5, Region(Box(0, 0, 1, 1)), self.name, "")]


class Words(TextDetector):
    """Finds a word."""

    name = "words"
    kinds = (Kind("text.secret"),)

    def match(self, lines: Sequence[TextLine]) -> Iterable[TextMatch]:
        """Every line that holds it."""
        return [
            TextMatch(Kind("text.secret"), (i,), "xyzzy", 0.9, "") for i, x in enumerate(lines) if "xyzzy" in x.text
        ]


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


def told(report: Report) -> list[str]:
    """What a report says, part by part."""
    info: PhotoInfo = report.photo
    risk: Risk = report.risk
    decision: Decision = report.decision
    rules: tuple[FiredRule, ...] = risk.rules
    error: ReportError | None = report.error
    outcomes: tuple[DetectorOutcome, ...] = report.detectors
    places = [
        "picture" if isinstance(place, Region) else "file" if isinstance(place, Field) else "text"
        for place in (finding.location for finding in report.findings)
    ]
    skipped = [outcome.name for outcome in outcomes if outcome.status is Status.SKIPPED]
    high = [finding.id for finding in report.findings if finding.severity >= Severity.HIGH]
    message = "" if error is None else error.message
    return [info.path, risk.level, decision.headline("en"), message, *places, *skipped, *high, *(r.id for r in rules)]


def refused(photo: bytes) -> str:
    """What is told of a photo of which there is no copy."""
    try:
        clean(photo, plan=STRIP, options=FILE_ALONE)
    except (NotReadableError, UnsupportedFormatError, CorruptPhotoError, TooLargeError) as error:
        return f"no photo: {error.code}"
    except (ModelError, NotInstalledError) as error:
        return f"not set up: {error}"
    except NotSeenError as error:
        return f"not seen: {error.report.verdict}"
    except CleaningError as error:
        return f"no copy: {error.text('id')}"
    except UsageError:
        return "asked wrongly"
    except PhotoscanError as error:
        return error.code
    return "fine"


def card(family: Family) -> str:
    """What is wrong with a card."""
    try:
        register(Card("text.phone", Severity.LOW, "nothing", family))
    except CardError as error:
        return str(error)
    return ""


async def both(photo: bytes, scanner: Scanner) -> tuple[Report, CleanResult]:
    """Report and copy, while the event loop goes on."""
    return await scan_async(photo, scanner=scanner), await clean_async(photo, plan=STRIP)


def main() -> list[str]:
    """Use every name once."""
    outside: list[DetectorProtocol] = [Nothing(), Words(), *installed_detectors()]
    scanner = Scanner(FILE_ALONE, Policy(), detectors=outside)
    photo = Photo.open(picture(), FILE_ALONE.limits)
    report, result = asyncio.run(both(picture(), scanner))
    receipt: Receipt = result.receipt
    spans = [finding.location for finding in scan_text("call +60 12 555 0199")]
    again = Report.from_dict(scan(picture(), FILE_ALONE, "default").to_dict())
    return [
        *told(report),
        *told(again),
        refused(b"no photo"),
        card(Kind("face").family),
        f"{receipt.summary()} {len(result.data)} {photo.width} {POLICY.rule(Kind.FACE)} {photoscan.__version__}",
        *(str(span.lines) for span in spans if isinstance(span, Span)),
    ]


if __name__ == "__main__":
    main()
