"""What the page is told: findings and judgement as plain data, with the texts that depend on values in every language.

Texts that need no values are named by their keys; the page has the catalogues. Values are masked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from photoscan import groups
from photoscan.catalog import LANGUAGES
from photoscan.clean_phrases import named, part_of
from photoscan.cleaning import CleanPlan, Receipt
from photoscan.cleaning.outlook import counted
from photoscan.decision import Decision
from photoscan.finding import Field, Finding, Region
from photoscan.formats import Format
from photoscan.kind import Kind
from photoscan.photo import Photo
from photoscan.portrait import write
from photoscan.render.base import RenderOptions, Words
from photoscan.report import PhotoInfo, Report
from photoscan.risk import exempt, laws, linkage
from photoscan.risk.explain import explained, why
from photoscan.risk.folding import is_folded
from photoscan.risk.score import WEIGHTS, level
from photoscan.workshop import surroundings
from photoscan.workshop.covers import POSSIBLE_FROM, covers
from photoscan.workshop.desk import Copy, Item
from photoscan.workshop.plain import sentences

WORDS = {language: Words(RenderOptions(language=language)) for language in LANGUAGES}


def photo(opened: Photo) -> dict[str, Any]:
    """The photo itself: its name, format and size."""
    info = opened.info()
    return {"name": info.path, "format": info.format, "bytes": info.bytes, "width": info.width, "height": info.height}


def finding(found: Finding, info: PhotoInfo) -> dict[str, Any]:
    """One finding, masked."""
    place = found.location
    row: dict[str, Any] = {
        "id": found.id,
        "kind": found.kind.value,
        "family": found.kind.family.name,
        "severity": found.severity.label,
        "rank": int(found.severity),
        "harm": round(WEIGHTS[found.severity] * found.confidence, 3),
        "confidence": round(found.confidence, 3),
        "likely": found.likely,
        "folded": is_folded(found),
        "value": _line(found.value_masked),
        "hide": CleanPlan(possible_from=POSSIBLE_FROM).hides(found),
        "said": {language: _said(found, info, words) for language, words in WORDS.items()},
    }
    if isinstance(place, Region) and found.kind.in_picture:  # what the file says goes whole: nothing to paint
        # What is on a later page can be covered only where the copy has that page; the page shows the first alone.
        row["cover"] = not place.page or (info.format is not None and CleanPlan().keeps_pages(Format(info.format)))
        if not place.page:
            row["box"] = place.box.as_list()
            (cover,) = covers([found])
            row["patch"] = cover.box.clipped(info.width or cover.box.x2, info.height or cover.box.y2).as_list()
    if isinstance(place, Field):
        row["field"] = {"name": f"{place.container} {place.field}", "copies": place.copies}
    if found.kind is Kind.METADATA_FILENAME:
        row["outside"] = True  # the photo's name is no part of the file: a copy gets another one from its user
    if found.kind is Kind.METADATA_GPS:
        away = found.attributes.get("distance_km")
        row["near"] = {
            "town": found.attributes.get("town"),
            "km": away,
            "within": max(1, ceil(away or 0)),
            "places": surroundings.around(_line(found.value_masked)),
        }
    return row


def judgement(report: Report) -> dict[str, Any]:
    """What all of it means together, and what was looked at."""
    known = {rule.id: rule for rule in linkage.rules()}
    return {
        **_risk(report),
        "error": report.error.code if report.error else None,
        "policy": dict(report.policy),
        # Who looked at all of it may know better what to do than whoever told of it first.
        "said": {f.id: {w.language: _said(f, report.photo, w) for w in WORDS.values()} for f in report.findings},
        "exempt": [f.id for f in report.findings if exempt.is_exempt(f)],
        "rules": [
            {
                "id": fired.id,
                "findings": list(fired.findings),
                "severity": known[fired.id].severity.label if fired.id in known else "medium",
                "linddun": known[fired.id].linddun if fired.id in known else None,
            }
            for fired in report.risk.rules
        ],
        "laws": [
            {"id": law.id, "name": law.name, "country": law.country, "since": f"{law.since}", "source": law.source}
            for law in laws.known()
            if law.id in report.risk.laws
        ],
        "detectors": _looked(report),
        "portrait": portrait(report),
    }


def portrait(report: Report, clear: bool = False) -> dict[str, Any]:
    """What a stranger would write, by language; with values in clear only if `clear`."""
    return {language: write(report, language, clear).to_dict() for language in LANGUAGES}


def told(item: Item) -> dict[str, Any]:
    """All that the events of a look told and what became of its copy, for a page that was loaded anew."""
    assert item.report is not None
    info = item.report.photo
    return {
        "photo": photo(item.photo),
        "shown": item.picture is not None,
        "findings": [finding(found, info) for found in item.known],
        "report": judgement(item.report),
        "copy": None if item.copy is None else copied(item.copy, item.report),
    }


def values(findings: Sequence[Finding]) -> dict[str, str]:
    """Values in clear by id: only told when somebody asks for them."""
    return {f.id: _line(f.value) for f in findings if f.value}


def copied(copy: Copy, before: Report) -> dict[str, Any]:
    """A safe copy: what was taken out, hidden and kept, and the risk before and after."""
    receipt = copy.result.receipt
    return {
        "bytes": len(copy.result.data),
        "sha256": receipt.output_sha256,
        "removed": len(receipt.removed),
        "hidden": _counted(f.kind.value for f in receipt.hidden),
        "told": {language: _told(receipt, language) for language in LANGUAGES},
        "before": _risk(before),
        "after": _risk(copy.report),
        "detectors": _looked(copy.report),
        "left": [finding(f, before.photo) | {"new": f.id in copy.new} for f in copy.left],
    }


def _told(receipt: Receipt, language: str) -> dict[str, Any]:
    """The receipt's sentences in a language."""
    return {
        "removed": counted(receipt.removed, language),
        "kept": sentences(receipt.kept, language),
        "groups": [named(row).text(language) for row in receipt.kept if part_of(row) in groups.topics()],
        "notes": sentences(receipt.notes, language),
        "proofs": sentences(receipt.proofs, language),
    }


def _looked(report: Report) -> list[dict[str, Any]]:
    return [{"name": d.name, "status": d.status.value, "reason": d.reason} for d in report.detectors]


def _decided(decision: Decision, language: str) -> dict[str, Any]:
    """What the decision says: level and advice are the headline, the caveat belongs to it."""
    caveat, nothing = decision.caveat, decision.nothing
    return {
        "level": decision.risk.text(language),
        "advice": decision.advised(language),
        "nothing": None if nothing is None else nothing.text(language),
        "caveat": None if caveat is None else caveat.text(language),
        "notices": [notice.sentence.text(language) for notice in decision.notices],
    }


def _risk(report: Report) -> dict[str, Any]:
    decision = report.decision
    return {
        "score": report.risk.score,
        "level": report.risk.level,
        "perhaps": level(report.risk.score),
        "verdict": report.verdict,
        "coverage": decision.coverage,
        "unseen": decision.coverage == "cut",
        "tone": decision.tone,
        "decision": {language: _decided(decision, language) for language in LANGUAGES},
    }


def _said(found: Finding, info: PhotoInfo, words: Words) -> dict[str, str]:
    """Where it is, and what is known of this one beyond what holds for its kind."""
    beyond = [part for part in explained(found).rows if part != why(found)]
    note = " ".join(part.text(words.language) for part in beyond)
    return {"where": words.where(found, info), "note": note, "do": words.advice(found)}


def _counted(names: Iterable[str]) -> list[dict[str, Any]]:
    return [{"name": name, "count": count} for name, count in Counter(names).most_common()]


def _line(value: str | None) -> str:
    return " ".join((value or "").split())
