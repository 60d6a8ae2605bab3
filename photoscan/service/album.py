"""Several photos in one request: each is looked at by itself, then what they say together."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from starlette.responses import Response

from photoscan.catalog import text
from photoscan.errors import phrase
from photoscan.risk.verdict import RANK
from photoscan.service import album_documents, documents
from photoscan.service.body import FILE, Upload, receive_album
from photoscan.service.language import known_language
from photoscan.service.problem import ProblemError
from photoscan.service.remembered import LARGEST
from photoscan.service.state import Service
from photoscan.service.task import Answer, ServiceRequest
from photoscan.service.together import MOST, packed

PHOTOS = 16
"""In one album; fewer where the service has fewer slots."""
SIZES = 4
"""All photos of an album together may have so many times the bytes that one may have."""
WHOLE = frozenset({"full", "stopping", "not_ready", "model"})
"""Problems of the service, not of a photo: the album is to be sent again."""


def add_album(api: FastAPI, service: Service) -> None:
    """The route."""

    @api.post(
        "/v1/album",
        summary="What do these photos give away, each and together?",
        responses={**album_documents.ALBUM, **documents.problems(408, 413, 503)},
        openapi_extra={"requestBody": album_documents.ALBUM_BODY},
        response_class=Response,
    )
    async def album(
        request: Request,
        policy: Annotated[str | None, Query(description="One that the service knows.", max_length=200)] = None,
        lang: Annotated[str | None, Query(description="Of explanations.", max_length=8)] = None,
    ) -> Response:
        known_language(lang)
        return await answered(request, service, service.policy(policy))


async def answered(request: Request, service: Service, policy: str) -> Response:
    """The answer to an album. What nobody could look at, be it no photo or for another reason, is told in its row, and
    makes the whole incomplete."""
    settings, gate = service.settings, service.gate
    gate.check(request.state.caller)
    most = min(PHOTOS, gate.shares.most)
    with gate.body() as account:
        whole = SIZES * settings.max_bytes
        uploads = await receive_album(request, account, settings.max_bytes, whole, settings.upload_timeout, most)
        if not uploads:
            raise ProblemError("bad_body", phrase("serve.detail.album", most=most, field=FILE))
        if request.state.use is not None:
            # The request itself counts as one.
            request.state.use.charge(len(uploads) - 1)
        gate.check(request.state.caller, sum(upload.refused is None for upload in uploads))
        language = service.language(request, policy)
        found = await _all(request, service, uploads, policy, language)
    rows = [_row(number, one, language) for number, one in enumerate(found, 1)]
    for one in found:
        if isinstance(one, Answer) and one.decision is not None:
            service.metrics.checked(policy, one.decision, one.kinds, one.cut)
    kept = {n: one.kept for n, one in enumerate(found, 1) if isinstance(one, Answer) and one.kept is not None}
    kept = {number: report for number, report in kept.items() if len(report) <= LARGEST}
    asked = ServiceRequest("album", packed(kept), policy, language)
    whole_row = json.loads((await service.worked(request, asked)).body)
    whole_row["left_out"] = [row["photo"] for row in rows if row["photo"] not in kept]
    decisions = [row["decision"] for row in rows] + [whole_row["decision"]]
    decisions += ["incomplete"] if whole_row["left_out"] else []
    chosen = settings.policies[policy]
    document = {
        "decision": min(decisions, key=RANK.index),
        "policy": {"name": chosen.name, "version": chosen.version},
        "photos": rows,
        "together": whole_row,
    }
    headers = {"content-language": language, "vary": "Accept-Language"}
    return Response(json.dumps(document, ensure_ascii=False).encode(), 200, headers, "application/json")


async def _all(
    request: Request, service: Service, uploads: Sequence[Upload], policy: str, language: str
) -> list[Answer | ProblemError]:
    """What became of each photo, in their order; what goes wrong for all is raised, and ends the work on the others."""

    async def one(upload: Upload) -> Answer | ProblemError:
        if upload.refused is not None:
            return upload.refused
        asked = ServiceRequest("check", upload.data, policy, language, upload.name, upload.caption, keep=True)
        try:
            return await service.worked(request, asked)
        except ProblemError as problem:
            if problem.code in WHOLE:
                raise
            return problem

    tasks = [asyncio.ensure_future(one(upload)) for upload in uploads]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _row(number: int, found: Answer | ProblemError, language: str) -> dict[str, Any]:
    """One photo of the answer. Bounded: so many findings, those that decide first, and without the rest of a report."""
    if isinstance(found, Answer):
        document, problem = json.loads(found.body), None
    else:
        document, problem = found.extra, found.to_dict(language)
    decision = "incomplete" if problem and document.get("decision") != "block" else document["decision"]
    reasons = [{**row, "findings": row["findings"][:MOST]} for row in document.get("reasons", ())]
    notices = [{**row, "findings": row["findings"][:MOST]} for row in document.get("notices", ())]
    deciding = {name for row in reasons for name in row["findings"]}
    findings = document.get("report", {}).get("findings", [])
    told = sorted(findings, key=lambda row: row["id"] not in deciding)[:MOST]
    kinds = dict.fromkeys(row["kind"] for row in told)
    return {
        "photo": number,
        "decision": decision,
        "problem": problem,
        "reasons": reasons[:MOST],
        "notices": notices,
        "kinds": {kind: {part: text(f"kind.{kind}.{part}", language) for part in _PARTS} for kind in kinds},
        "findings": told,
        "more_findings": len(findings) - len(told) + document.get("more_findings", 0),
    }


_PARTS = ("title", "why", "do")
