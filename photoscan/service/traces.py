"""Traces for OpenTelemetry: a request, its wait and the look at it, and nothing of what was sent.

Loaded only where traces are asked for. What becomes of them is the user's: a provider that was set up before, or the
exporter that OTEL_TRACES_EXPORTER names; without either nothing leaves the process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import entry_points
from time import time_ns
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

import photoscan
from photoscan.errors import NotInstalledError, UsageError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

EXPORTERS = "opentelemetry_traces_exporter"
"""The group of entry points by which packages offer exporters."""
_NAME = "photoscan.service"
_NANO = 1_000_000_000


class OpenTelemetry:
    """Spans of one service. `tracer`: whose they are."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer = tracer
        self._parents = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, headers: Mapping[str, str], method: str, route: str) -> Iterator[Span]:
        """The span of one request; part of the caller's trace where `traceparent` names one (W3C Trace Context)."""
        # Not 'tracestate': it is free text, and would go to wherever spans go.
        known = {"traceparent": headers["traceparent"]} if "traceparent" in headers else {}
        span = self.tracer.start_span(
            f"{method} {route}",
            self._parents.extract(known),
            SpanKind.SERVER,
            {"http.request.method": method, "http.route": route},
        )
        # What goes wrong is told as a problem's code: an exception's text may quote the request.
        with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            yield span

    def answered(self, span: Span, status: int, problem: str | None, request: str) -> None:
        """How a request ended. `request`: its number in the log."""
        span.set_attributes({"http.response.status_code": status, "photoscan.request_id": request})
        if problem is not None:
            span.set_attribute("error.type", problem)
        if status >= 500:
            span.set_status(Status(StatusCode.ERROR))

    def looked(self, kind: str, lane: str, waited: float, worked: float | None) -> None:
        """A photo's wait and the look at it, in seconds, the last of which is now; in the span of its request."""
        now = time_ns()
        begun = now - round((worked or 0.0) * _NANO)
        attributes = {"photoscan.lane": lane} | ({"photoscan.kind": kind} if kind else {})
        rows = [("wait", begun - round(waited * _NANO), begun)]
        rows += [] if worked is None else [("look", begun, now)]
        for name, start, end in rows:
            self.tracer.start_span(name, attributes=attributes, start_time=start).end(end)


def set_up() -> OpenTelemetry:
    """Traces by the provider that the program has, else by one with the exporter that the environment names.

    UsageError for an exporter that is not installed, NotInstalledError without OpenTelemetry's SDK.
    """
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        trace.set_tracer_provider(_provider())
    return OpenTelemetry(trace.get_tracer(_NAME, photoscan.__version__))


def _provider() -> TracerProvider:
    try:
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as error:
        raise NotInstalledError("problem.serve.otel", package=error.name) from None
    if "service.name" not in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", ""):
        os.environ.setdefault("OTEL_SERVICE_NAME", "photoscan")
    provider = TracerProvider()
    for name in os.environ.get("OTEL_TRACES_EXPORTER", "").split(","):
        if name.strip() in ("", "none"):
            continue
        found = [*entry_points(group=EXPORTERS, name=name.strip())]
        if not found:
            raise UsageError("problem.serve.exporter", name=name.strip())
        provider.add_span_processor(BatchSpanProcessor(found[0].load()()))
    return provider
