"""All ways by which findings leave the program, as text."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest import mock

import httpx

from photoscan.batch import Parts, PartsLedger, Shard, sink
from photoscan.batch.local_ledger import LocalLedger
from photoscan.clean_phrases import RefusedError, clean_phrase
from photoscan.cleaning import CleanPlan, CleanResult, Foresight, Receipt
from photoscan.cleaning.outlook import rows
from photoscan.cleaning.statements import Statements
from photoscan.finding import Field, Finding
from photoscan.options import ScanOptions
from photoscan.render import REGISTRY, RenderOptions, renderer
from photoscan.report import Report
from photoscan.risk import assess
from photoscan.risk.baseline import Baseline
from photoscan.risk.policy import Policy
from photoscan.scanner import Scanner
from photoscan.service import task
from photoscan.service.app import create_app
from photoscan.service.settings import Settings
from photoscan.workshop import view
from photoscan.workshop.desk import Copy
from tests.batch.model import ModelOutput
from tests.service.stub import Pool, photo

POLICIES = {name: Policy.load(name) for name in ("default", "platform", "strict", "workshop")}


def leaving(report: Report, language: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Name and text of everything that says something of a report."""
    judged = assess(report, POLICIES["default"], language)
    yield "report", json.dumps(judged.to_dict(), ensure_ascii=False)
    yield "rules", " ".join(rule.explanation for rule in judged.risk.rules)
    yield "repr", f"{judged!r} {judged.findings!r} {judged}"
    for name in REGISTRY:
        options = RenderOptions(language=language, verbose=True)
        yield name, _without_style("".join(renderer(name)(options).render([judged])))
    short = RenderOptions(language=language, only_metadata=True)
    yield "text", "".join(renderer("text")(short).render([judged, judged]))
    yield from _cleaning(judged, language)
    yield from _batch(judged, folder)
    yield "baseline", repr(Baseline().with_reports([judged]))
    yield from _service(judged, language)
    yield from _workshop(judged, language)


def _without_style(page: str) -> str:
    """A page without style sheets and drawings, whose numbers may be anything."""
    return re.sub(r"(?s)<style.*?</style>|<svg.*?</svg>", "", page)


def receipt(report: Report) -> Receipt:
    """A receipt of a copy in which all was done that can be done."""
    plan = CleanPlan()
    told = rows(report.findings, plan, Statements(), lambda finding: finding.kind.value == "text.url")
    kept = (clean_phrase("why.kept"),)
    return Receipt(report.photo.path, "s", "o", "jpeg", told, (), report.findings, 1, kept, (), kept, None, "0")


def _cleaning(report: Report, language: str) -> Iterator[tuple[str, str]]:
    made = receipt(report)
    yield "receipt", json.dumps(made.to_dict(language), ensure_ascii=False)
    yield "receipt for people", made.text(language)
    yield "summary", made.summary(language)
    plan = Foresight(report.photo.path, "s", made.found, ((1, 2, 3, 4),), (), (), ())
    yield "dry run", plan.text(language)
    yield "dry run as JSON", json.dumps(plan.to_dict(language), ensure_ascii=False)
    yield "proof", repr(made)
    for finding in report.findings:
        place = finding.location
        if isinstance(place, Field):
            refused = RefusedError("metadata_left", names=f"{place.container} {place.field}")
            yield "refusal", f"{refused} {refused!r} {refused.text(language)}"


def _batch(report: Report, folder: Path) -> Iterator[tuple[str, str]]:
    file = folder / "ledger.sqlite"
    with LocalLedger(file, "engine") as ledger:
        ledger.place("photo.jpg", "stamp", "key", 0)
        ledger.answer("key", json.dumps(report.to_dict()))
        sink.write_jsonl(folder / "reports.jsonl", (row for _, row, _ in ledger.reports()))
    yield "batch: reports.jsonl", (folder / "reports.jsonl").read_text("utf-8")
    with closing(sqlite3.connect(file)) as base:  # in the file's bytes an id is cut in two where a page ends
        yield "batch: ledger", "\n".join(base.iterdump())
    output, waiting = ModelOutput(), folder / "pending.sqlite"
    with PartsLedger(Parts(output, Shard(), "engine", {}, alone=True), file=waiting) as parts:
        parts.place("photo.jpg", "stamp", "key", 0)
        parts.answer("key", json.dumps(report.to_dict()))
        yield "batch: what waits for its part", "\n".join(parts._base.iterdump())
        parts.flush()
    yield "batch: parts", "\n".join(data.decode() for name, data in output.held.items() if "index" not in name)
    index = json.loads(output.held["index/1-of-1/part-1-of-1-000001.json"])
    yield "batch: index of a part", json.dumps(index["summary"])
    for path in folder.iterdir():
        path.unlink()


def _service(report: Report, language: str) -> Iterator[tuple[str, str]]:
    log: list[str] = []
    handler = logging.Handler(0)
    handler.emit = lambda record: log.append(f"{record.getMessage()} {record.args}")  # type: ignore[method-assign]

    def do(job: task.ServiceRequest) -> task.Result:
        return task.answer(POLICIES, ScanOptions(), replace(job, data=b"text", kind="text"))

    logger = logging.getLogger()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(0)
    try:
        with mock.patch.object(Scanner, "scan_text", return_value=report):
            app, _ = create_app(Settings(), Pool(do), None)
            answer = asyncio.run(_asked(app, f"/v1/check?lang={language}"))
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["report"]["findings"]) == len(report.findings)
        yield "service", answer.text
        yield "service's headers", _without_ids(repr(answer.headers))
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
    assert any("event=request" in line for line in log)
    yield "service's log", _without_ids("\n".join(log))


def _without_ids(text: str) -> str:
    """Without the names that requests are given by chance, and the sizes of answers."""
    return re.sub(
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b(?:in|out|ms)=\d+|(?<=content-length)\W+\d+", "", text
    )


async def _asked(app: Any, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        return await client.post(path, content=photo())


def _workshop(report: Report, language: str) -> Iterator[tuple[str, str]]:
    told = [view.finding(found, report.photo) for found in report.findings]
    yield "workshop: findings", json.dumps(told, ensure_ascii=False)
    yield "workshop: judgement", json.dumps(view.judgement(report), ensure_ascii=False)
    copy = Copy(CleanResult(b"", receipt(report)), report)
    yield "workshop: copy", json.dumps(view.copied(copy, report), ensure_ascii=False)


def blank(report: Report) -> Report:
    """The same report without any value or name of a field: what stands in it, stands there anyway."""
    return replace(report, findings=tuple(_blank(finding) for finding in report.findings))


def _blank(finding: Finding) -> Finding:
    kept = {k: v for k, v in finding.attributes.items() if k in ("payload", "symbology", "tells", "cues", "document")}
    place = Field("jpeg", "Artist", 1, 8) if isinstance(finding.location, Field) else finding.location
    return replace(finding, value=None, attributes=MappingProxyType(kept), location=place, reason="")
