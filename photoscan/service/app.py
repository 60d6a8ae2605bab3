"""The application: routes, and what each does with a request. Everything heavy happens in the workers."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

import photoscan
from photoscan.brushes import Style
from photoscan.catalog import LANGUAGES
from photoscan.cleaning.plan import TARGETS
from photoscan.container import Coarseness
from photoscan.errors import PhotoscanError, UsageError, phrase
from photoscan.options import Profile
from photoscan.service import documents, metrics
from photoscan.service.album import add_album
from photoscan.service.body import receive_small
from photoscan.service.desk import Pool
from photoscan.service.guard import CLIENT_GONE, Guard, require
from photoscan.service.keys import Keys
from photoscan.service.language import known_language
from photoscan.service.mixed import mixed
from photoscan.service.plan import Target, plan
from photoscan.service.problem import ProblemError, retry_later
from photoscan.service.replays import LONGEST_KEY
from photoscan.service.settings import TEXT_BYTES, Settings
from photoscan.service.state import Review, Service
from photoscan.service.task import Answer, ServiceRequest
from photoscan.service.unknown import known_query, refuse_repeated, refuse_unknown

if TYPE_CHECKING:
    from photoscan.service.traces import OpenTelemetry

PolicyName = Annotated[str | None, Query(description="One of the policies that the service knows.", max_length=200)]
Language = Annotated[str | None, Query(description="Of explanations; wins over Accept-Language.", max_length=8)]
ProfileName = Annotated[Profile | None, Query(description="How thoroughly to look, instead of the service's own way.")]
Only = Annotated[
    str | None, Query(description="Look for these kinds only: metadata,face", max_length=1000, examples=["metadata"])
]
Tiers = Annotated[
    bool | None, Query(description="Look in steps, as far as the decision needs; the answer's `tier` says how far.")
]
Repeat = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=LONGEST_KEY,
        description="The same key and body within ten minutes get the same answer, without looking again.",
    ),
]


def create_app(
    settings: Settings,
    pool: Pool,
    keys: Keys | None = None,
    light: Pool | None = None,
    traces: OpenTelemetry | None = None,
) -> tuple[ASGIApp, Service]:
    """The application around a pool of workers whose task is `task.answer`, and its state.

    `light`: the pool for what needs no look at a picture, by default the same. `traces`: where spans go,
    None for nowhere.
    """
    service = Service(settings, pool, light, keys.shares if keys is not None else dict, traces)
    api = FastAPI(
        title="photoscan",
        version=photoscan.__version__,
        description=documents.DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Newer ones than the oldest that will do make spans and counts of their own, with the address that was asked
        # for, wherever somebody has set up OpenTelemetry.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        dependencies=[Depends(known_query)],
        exception_handlers={
            ProblemError: _problem,
            HTTPException: _problem,
            RequestValidationError: _problem,
            PhotoscanError: _problem,
            ClientDisconnect: _nobody,
            Exception: _problem,
        },
    )
    _add_checks(api, service)
    add_album(api, service)
    _add_gate(api, service)
    _add_clean(api, service)
    _add_watching(api, service)
    _add_description(api, settings, keys is not None)
    routes = frozenset(str(getattr(route, "path", "")) for route in api.routes)
    return Guard(api, settings, keys, service.metrics, routes, lambda: service.stopping, traces), service


def _add_checks(api: FastAPI, service: Service) -> None:
    common = documents.problems(408, 409, 413, 415, 422, 503, 504)

    @api.post(
        "/v1/check",
        summary="What does this photo give away, and what does the policy say?",
        responses={**documents.CHECKED, **common},
        openapi_extra={"requestBody": documents.PHOTO_BODY},
        response_class=Response,
    )
    async def check(
        request: Request,
        policy: PolicyName = None,
        lang: Language = None,
        profile: ProfileName = None,
        only: Only = None,
        tiers: Tiers = None,
        copy: Annotated[bool, Query(description="Bring a safe copy where the decision is not to allow.")] = False,
        key: Repeat = None,
    ) -> Response:
        known_language(lang)
        if copy:
            require(request.state.key, "clean")
        look = service.look(profile, only, tiers)
        return service.checked(*await service.photo(request, service.policy(policy), look=look, copy=copy))

    @api.post(
        "/v1/check/text",
        summary="What does this text give away?",
        responses={**documents.CHECKED, **common},
        openapi_extra={"requestBody": documents.TEXT_BODY},
        response_class=Response,
    )
    async def check_text(
        request: Request, policy: PolicyName = None, lang: Language = None, key: Repeat = None
    ) -> Response:
        known_language(lang)
        chosen = service.policy(policy)
        gate = service.lane("text").gate
        gate.check(request.state.caller)
        with gate.body() as account:
            body = await receive_small(request, account, TEXT_BYTES, service.settings.upload_timeout)
            text = _text(body, request.headers.get("content-type", ""))
            asked = ServiceRequest("text", text.encode(), chosen, service.language(request, chosen))
            return service.checked(asked, await service.once(request, asked))


def _add_gate(api: FastAPI, service: Service) -> None:
    @api.post(
        "/v1/gate",
        summary="May this photo pass? The status alone answers",
        responses={**documents.GATED, **documents.problems(408, 413, 415, 422, 503, 504)},
        openapi_extra={"requestBody": documents.PHOTO_BODY},
        status_code=204,
        response_class=Response,
    )
    async def gate(
        request: Request,
        policy: PolicyName = None,
        lang: Language = None,
        profile: ProfileName = None,
        only: Only = None,
        tiers: Tiers = None,
        review: Annotated[Review, Query(description="What becomes of a photo that somebody should look at.")] = "stop",
    ) -> Response:
        known_language(lang)
        look = service.look(profile, only, tiers)
        return service.gated(*await service.photo(request, service.policy(policy), look=look, again=False), review)


def _add_clean(api: FastAPI, service: Service) -> None:
    @api.post(
        "/v1/clean",
        summary="A copy that is safe to share, proved by scanning it again",
        responses={**documents.CLEANED, **documents.problems(408, 413, 415, 422, 503, 504)},
        openapi_extra={"requestBody": documents.PHOTO_BODY},
        response_class=Response,
    )
    async def clean(
        request: Request,
        policy: PolicyName = None,
        lang: Language = None,
        metadata_only: Annotated[bool, Query(description="Leave the picture as it is.")] = False,
        redact: Annotated[str | None, Query(description="Hide these kinds only: face,plate", max_length=1000)] = None,
        redact_possible: Annotated[bool, Query(description="Hide also what is only possible.")] = False,
        style: Annotated[Style | None, Query(description="How parts are hidden.")] = None,
        keep: Annotated[str | None, Query(description="Keep this as well: copyright,date", max_length=500)] = None,
        remove: Annotated[str | None, Query(description="Remove only these groups: gps,names", max_length=500)] = None,
        coarsen_gps: Annotated[Coarseness | None, Query(description="Keep a rounded position.")] = None,
        to: Annotated[Target | None, Query(description="The copy's format, instead of the photo's own.")] = None,
        box: Annotated[list[str] | None, Query(description="Hide this region too: x,y,w,h", max_length=100)] = None,
    ) -> Response:
        known_language(lang)
        chosen = service.policy(policy)
        wanted = plan(
            service.settings.policies[chosen],
            metadata_only=metadata_only,
            redact=redact,
            redact_possible=redact_possible,
            style=style,
            keep=keep,
            remove=remove,
            coarsen_gps=coarsen_gps,
            boxes=box or (),
            to=to,
        )
        asked, answer = await service.photo(request, chosen, wanted)
        return _copy(answer, request.headers.get("accept", ""), asked.language)


def _copy(answer: Answer, accept: str, language: str) -> Response:
    """The clean copy in the shape that was asked for: the photo alone unless JSON or both parts are named."""
    assert answer.photo is not None
    headers = {"content-language": language, "vary": "Accept"}
    if answer.decision is not None:
        headers["photoscan-decision"] = answer.decision
    named = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    if "application/json" in named:
        row = {"decision": answer.decision, "media_type": answer.media_type, "photo": b64encode(answer.photo).decode()}
        return JSONResponse({**row, "receipt": json.loads(answer.body)}, 200, headers)
    if "multipart/mixed" in named:
        body, media_type = mixed(answer)
        return Response(body, 200, headers, media_type)
    return Response(answer.photo, 200, headers, answer.media_type)


def _add_watching(api: FastAPI, service: Service) -> None:
    def sound() -> bool:
        """Whether all workers are ready; the problem of a pool that is broken for good."""
        try:
            ready = [pool.wait_ready(0) for pool in (service.pool, service.light.pool)]
        except PhotoscanError as error:
            raise ProblemError("model" if error.code == "model" else "worker_lost") from None
        return all(ready)

    @api.head("/healthz", include_in_schema=False)
    @api.get("/healthz", summary="Does it live?", responses=documents.problems(503))
    async def healthz() -> dict[str, str]:
        sound()
        return {"status": "ok"}

    @api.head("/readyz", include_in_schema=False)
    @api.get("/readyz", summary="Can it look at photos now?", responses=documents.problems(503))
    async def readyz() -> dict[str, Any]:
        if service.stopping:
            raise retry_later("stopping", 5)
        if not sound() and not service.pool.ready:
            raise retry_later("not_ready", 1)
        return {"status": "ok", "workers_ready": service.pool.ready, "workers_failing": service.failing}

    @api.get("/metrics", summary="For Prometheus", responses=documents.problems(), response_class=Response)
    async def metrics_() -> Response:
        return Response(service.metrics.text(), media_type=metrics.CONTENT_TYPE)


def _add_description(api: FastAPI, settings: Settings, keys: bool) -> None:
    """The route that tells all others: names of policies only to whoever may use them."""
    whole = _described(api, keys, list(settings.policies))
    public = _described(api, keys) if keys else whole

    @api.get("/openapi.json", include_in_schema=False)
    async def description(request: Request) -> Response:
        return JSONResponse(public if request.state.key is None else whole)


def _described(api: FastAPI, keys: bool, policies: Sequence[str] | None = None) -> dict[str, Any]:
    """The document that FastAPI makes, completed; with the names of policies where they are given."""
    document = get_openapi(
        title=api.title, version=api.version, description=api.description, routes=api.routes, openapi_version="3.1.0"
    )
    document.setdefault("components", {})["schemas"] = documents.components()
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "policy" and policies is not None:
                    parameter["schema"] = {"enum": list(policies)}
                elif parameter["name"] == "lang":
                    parameter["schema"] = {"enum": list(LANGUAGES)}
    for path in ("/v1/check", "/v1/check/text"):
        # FastAPI leaves out nulls, which the report's schema wants.
        content = document["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]
        content["example"] = documents.EXAMPLE_CHECK
    if keys:
        document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"key": []}]
    return document


def _text(body: bytes, media_type: str) -> str:
    """The text of a body: JSON with a member 'text', or the body itself as UTF-8."""
    try:
        text = body.decode("utf-8")
        if media_type.partition(";")[0].strip().lower() != "application/json":
            return text
        found = json.loads(text, object_pairs_hook=_members)["text"]
        # Lone surrogates can stand in JSON, but not in UTF-8.
        if isinstance(found, str) and found.encode():
            return found
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise ProblemError("bad_body", phrase("serve.detail.text"))


def _members(rows: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of a body: each known, and once, since a second text would hide the first."""
    refuse_unknown((name for name, _ in rows), ("text",))
    refuse_repeated(name for name, count in Counter(name for name, _ in rows).items() if count > 1)
    return dict(rows)


async def _problem(request: Request, error: Exception) -> Response:
    """Every error as a problem; nothing of what an unexpected one says."""
    return _as_problem(error).response(request.scope)


async def _nobody(request: Request, error: Exception) -> Response:
    """The caller has left: for the log alone."""
    return Response(status_code=CLIENT_GONE)


def _named(row: Mapping[str, Any]) -> str:
    """The name of a parameter that is wrong and, where they can be counted, what it may be."""
    name, about = str(row["loc"][1]), row.get("ctx", {})
    if row["type"] == "literal_error":
        return f"{name} ({about['expected'].replace(' or ', ', ')})".replace("'", "")
    if row["type"] == "bool_parsing":
        return f"{name} (true, false)"
    if row["type"] == "string_too_long":
        return f"{name} (<= {about['max_length']})"
    return f"{name} ({', '.join(TARGETS)})" if row["type"] == "value_error" else name


def _as_problem(error: Exception) -> ProblemError:
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, RequestValidationError):
        # The names of parameters and what they may be, not what was sent in them.
        names = sorted({_named(row) for row in error.errors() if len(row["loc"]) > 1})
        return ProblemError("usage", phrase("serve.detail.parameters", names=", ".join(names)))
    if isinstance(error, UsageError):
        return ProblemError("usage", error.phrase)
    if isinstance(error, HTTPException):
        codes = {404: "not_found", 405: "method_not_allowed"}
        return ProblemError(codes.get(error.status_code, "usage"), headers=error.headers)
    if isinstance(error, PhotoscanError):
        return ProblemError(error.code)
    return ProblemError("internal")
