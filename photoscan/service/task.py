"""What a worker does with one request: open, look, judge, and write the answer down as JSON, masked.

Runs in worker processes only, which load the models once. Photos come and answers go by pipe.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter
from typing import Any, Literal

from photoscan import deadline, models, repeated
from photoscan.cleaning import CleanPlan
from photoscan.deadline import OutOfTimeError
from photoscan.errors import CleaningError, PhotoscanError
from photoscan.formats import Format
from photoscan.options import ScanOptions
from photoscan.outside.chosen import NONE, Chosen
from photoscan.photo import Photo
from photoscan.report import Report
from photoscan.risk.policy import Policy
from photoscan.safe_copy import NotSeenError, make_safe_copy
from photoscan.scanner import TEXT_NAME, Scanner
from photoscan.service.bounded import bound_check, bound_receipt
from photoscan.service.copying import UPLOAD, beside
from photoscan.service.look import FILE, WHOLE, Look, is_final
from photoscan.service.together import together
from photoscan.service.written import read, written

Kind = Literal["check", "clean", "text", "album"]


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """What a caller asks for, without HTTP.

    `name` is the file's name where the caller gave it; `policy` one of those the worker was given; `look`: how a photo
    is checked; `copy`: whether a safe copy is wanted with its check; `keep`: whether its report shall go back for a
    clean that may follow, `known`: such a report. `caller`: the name of the key, by which photos take turns. `most`:
    findings that the answer may tell. `until`: when looking has to end (`monotonic`, which the processes of one
    computer share), so that the answer is in time.
    """

    kind: Kind
    data: bytes = field(repr=False)
    policy: str
    language: str = "en"
    name: str | None = field(default=None, repr=False)
    caption: str | None = field(default=None, repr=False)
    plan: CleanPlan | None = None
    look: Look = WHOLE
    copy: bool = False
    keep: bool = False
    known: bytes | None = field(default=None, repr=False)
    caller: str | None = None
    most: int = 500
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `body`: the JSON document; `photo`: a cleaned copy and its media type.

    `decision` (of the copy where there is one and somebody looked at it), `kinds` (counts of findings) and `cut`
    (how many of them are not told) are for the metrics, `seconds` is how long the worker was at it. `kept`: the
    report of a whole look, for workers alone.
    """

    body: bytes = field(repr=False)
    photo: bytes | None = field(default=None, repr=False)
    media_type: str | None = None
    decision: str | None = None
    kinds: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    kept: bytes | None = field(default=None, repr=False)
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A photo that can't be answered for: the error, and what a check says of it as far as it came."""

    code: str
    status: int
    detail: str
    document: Mapping[str, Any] | None = field(default=None, repr=False)
    seconds: float = 0.0


Result = Answer | Failure
Task = Callable[[ServiceRequest], Result]


def set_up(outside: Chosen, policies: Mapping[str, Policy], usual: ScanOptions) -> Task:
    """Load every model and give the task: called once in each worker.

    Raises ModelError when one is missing or damaged.
    """
    for model in models.in_use():
        models.Runtime(engine=usual.engine).network(model.name)
    task = partial(answer, policies, usual, outside=outside)
    # What is only loaded at the first photo shall not slow down the first request.
    task(ServiceRequest("check", _blank_photo(), next(iter(policies)), caption="-"))
    return task


def set_up_light(outside: Chosen, policies: Mapping[str, Policy], usual: ScanOptions) -> Task:
    """The task for what needs no look at a picture, without any model: called once in each worker of the light lane."""
    task = partial(answer, policies, usual, outside=outside)
    policy = next(iter(policies))
    # What names, numbers and places load at their first text shall not slow down the first request.
    task(ServiceRequest("text", b"Siti, 12 Jalan Contoh, 50450 Kuala Lumpur, 012-345 6789, a@example.com", policy))
    task(ServiceRequest("check", _blank_photo(), policy, look=Look(only=FILE)))
    return task


def answer(policies: Mapping[str, Policy], usual: ScanOptions, asked: ServiceRequest, outside: Chosen = NONE) -> Result:
    """Do what is asked; errors that a caller can understand are returned as a Failure, not raised.

    `usual`: how the service scans where the request says nothing else.
    """
    started = perf_counter()
    try:
        with deadline.within(deadline.left(asked.until)), repeated.shared(asked.look.tiers or asked.copy):
            result = _done(outside, policies, usual, asked)
    except OutOfTimeError:
        result = Failure(deadline.REASON, 503, "")
    return replace(result, seconds=perf_counter() - started)


def _done(outside: Chosen, policies: Mapping[str, Policy], usual: ScanOptions, asked: ServiceRequest) -> Result:
    options = replace(usual, language=asked.language, caption=asked.caption)

    def scanner_of(how: ScanOptions) -> Scanner:
        return Scanner(how, policies[asked.policy], outside.detectors())

    scanner = scanner_of(options)
    try:
        if asked.kind == "album":
            found = together(asked.data, policies[asked.policy], asked.language)
            return Answer(json.dumps(found, ensure_ascii=False).encode())
        if asked.kind == "text":
            return _checked(scanner.scan_text(asked.data.decode("utf-8")), scanner, asked)
        decodes = asked.kind == "clean" or asked.copy or not asked.look.of_file
        photo = Photo.open(asked.data, options.limits, asked.name or UPLOAD, decodes)
        if asked.kind == "clean":
            return _cleaned(photo, scanner, asked)
        return _looked(photo, asked, options, scanner_of)
    except PhotoscanError as error:
        if asked.kind == "clean" and error.code == CleaningError.code:
            # What could not be looked at whole for lack of time is no fault of the photo's.
            deadline.check()
        return Failure(error.code, error.http_status, _without_name(error.text(asked.language), asked))


def _looked(
    photo: Photo, asked: ServiceRequest, usual: ScanOptions, scanner_of: Callable[[ScanOptions], Scanner]
) -> Result:
    """The check of a photo, which goes no further than its decision needs or its time allows, and its safe copy where
    that is wanted."""
    for step, options in asked.look.steps(usual):
        scanner = scanner_of(options)
        report = scanner.scan(photo)
        late = any(outcome.reason == deadline.REASON for outcome in report.detectors)
        if late or is_final(step, report.verdict):
            break
    more: dict[str, Any] = {"tier": step} if asked.look.tiers else {}
    # A copy is proved by a whole look, whatever the check was content with.
    whole = options.profile == usual.profile and not options.only
    if asked.copy:
        more |= beside(photo, scanner if whole else scanner_of(usual), report, whole, asked.most)
    result = _checked(report, scanner, asked, more)
    if asked.keep and whole and not late and isinstance(result, Answer):
        return replace(result, kept=written(report))
    return result


def _checked(report: Report, scanner: Scanner, asked: ServiceRequest, more: Mapping[str, Any] | None = None) -> Result:
    """The answer that says what a report does; `more`: further members of the document."""
    shown = _shown(report)
    document = {
        "decision": report.verdict,
        "reasons": [reason.to_dict(scanner.options.language) for reason in report.decision.reasons],
        "notices": shown["notices"],
        "policy": dict(report.policy),
        "report": shown,
        **(more or {}),
    }
    cut = bound_check(document, asked.most)
    if report.error is not None:
        detail = shown["error"]["message"]
        return Failure(report.error.code, _status(report.error.code), detail, document)
    kinds = Counter(finding.kind.value for finding in report.findings)
    body = json.dumps(document, ensure_ascii=False).encode()
    return Answer(body, decision=report.verdict, kinds=dict(kinds), cut=cut)


def _shown(report: Report) -> dict[str, Any]:
    """The report without the file's name, and without this computer's folders."""
    name = report.photo.path
    shown = report.to_dict()
    if name != TEXT_NAME:
        shown["photo"]["path"] = UPLOAD
    if report.error is not None:
        shown["error"]["message"] = report.error.message.removeprefix(f"{name}: ")
    for row in shown["detectors"]:
        if (row["reason"] or "").startswith("model:"):
            row["reason"] = "model"
    return shown


def _status(code: str) -> int:
    return next((e.http_status for e in PhotoscanError.__subclasses__() if e.code == code), 500)


def _cleaned(photo: Photo, scanner: Scanner, asked: ServiceRequest) -> Result:
    try:
        plan = asked.plan or CleanPlan.by_policy(scanner.policy, rename=True)
        result = make_safe_copy(photo, scanner, plan, None if asked.known is None else read(asked.known))
    except NotSeenError as error:
        return _checked(error.report, scanner, asked)
    receipt = replace(result.receipt, source=UPLOAD)
    kinds = Counter(finding.kind.value for finding in receipt.hidden)
    told = receipt.to_dict(asked.language)
    cut = bound_receipt(told, asked.most)
    body = json.dumps(told, ensure_ascii=False).encode()
    decision = None if result.report is None else result.report.verdict
    return Answer(body, result.data, Format(receipt.format).row.media, decision, dict(kinds), cut=cut)


def _without_name(message: str, asked: ServiceRequest) -> str:
    """The message without the file's name at its head."""
    return message.removeprefix(f"{asked.name or UPLOAD}: ")


def _blank_photo() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(buffer, "PNG")
    return buffer.getvalue()
