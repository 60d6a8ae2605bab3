"""Traces: which spans there are, whose trace they belong to, and that they hold nothing of what was sent."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from photoscan.service import traces
from photoscan.service.app import create_app
from photoscan.service.settings import Settings
from tests.service.stub import CANARY, Pool, photo
from tests.service.test_app import FORM, App, form, problem

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Traced(App):
    """An application whose spans are kept in memory."""

    def __init__(self, **settings: Any) -> None:
        self.memory = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self.memory))
        self.pool = Pool()
        tracing = traces.OpenTelemetry(provider.get_tracer("test"))
        self.app, self.service = create_app(Settings(**settings), self.pool, traces=tracing)

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self.memory.get_finished_spans())


def by_name(app: Traced) -> dict[str, ReadableSpan]:
    return {span.name: span for span in app.spans}


def test_a_check_is_a_request_a_wait_and_a_look() -> None:
    app = Traced()
    answer = app.check()
    found = by_name(app)
    assert set(found) == {"POST /v1/check", "wait", "look"}
    request, wait, look = found["POST /v1/check"], found["wait"], found["look"]
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/v1/check",
        "http.response.status_code": 200,
        "photoscan.request_id": answer.headers["x-request-id"],
    }
    assert dict(look.attributes or {}) == {"photoscan.kind": "check", "photoscan.lane": "photos"}
    for part in (wait, look):
        assert part.parent is not None
        assert part.parent.span_id == request.context.span_id
        assert (part.start_time or 0) <= (part.end_time or 0)
    assert wait.end_time == look.start_time
    assert request.parent is None


def test_the_callers_trace_goes_on() -> None:
    app = Traced()
    head = {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": f"vendor={CANARY}"}
    app.check(headers=head)
    assert {f"{span.context.trace_id:032x}" for span in app.spans} == {TRACE}
    parent = by_name(app)["POST /v1/check"].parent
    assert parent is not None
    assert f"{parent.span_id:016x}" == PARENT
    assert CANARY not in "".join(span.to_json() for span in app.spans)


@pytest.mark.parametrize(
    "wrong", ["", "x", f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE}-{PARENT}", f"ff-{TRACE}-{PARENT}-01"]
)
def test_a_trace_that_is_none_begins_a_new_one(wrong: str) -> None:
    app = Traced()
    assert app.check(headers={"traceparent": wrong}).status_code == 200
    assert TRACE not in {f"{span.context.trace_id:032x}" for span in app.spans}


def test_an_album_has_a_look_for_each_photo() -> None:
    app = Traced()
    parts = [('name="photo"; filename="a.jpg"', photo())] * 3
    app.check(form(*parts), "/v1/album", headers={"content-type": FORM})
    names = [span.name for span in app.spans]
    # The stub has no reports to put together, so that the album itself may fail.
    assert names.count("look") >= 3
    assert names[-1] == "POST /v1/album"


def test_spans_name_nobody() -> None:
    app = Traced()
    app.check(files={"photo": (f"{CANARY}.jpg", photo(CANARY))}, data={"caption": CANARY}, headers={"x-own": CANARY})
    app.check(path=f"/v1/check?policy={CANARY}", headers={"user-agent": CANARY, "cookie": CANARY})
    app.ask(CANARY, f"/{CANARY}?{CANARY}")
    problem(app.check(photo("crash")), "internal")
    app.check(headers={"host": CANARY})
    said = "".join(span.to_json() for span in app.spans)
    assert CANARY not in said
    assert "Traceback" not in said
    assert "ValueError" not in said
    assert len([span for span in app.spans if span.parent is None]) == 5
    assert {span.name for span in app.spans if span.parent is None} == {"POST /v1/check", "other other"}


def test_a_problem_is_told_by_its_code() -> None:
    app = Traced(deadline=0.05)
    app.pool.held = []
    problem(app.check(), "deadline")
    request = by_name(app)["POST /v1/check"]
    assert (request.attributes or {})["error.type"] == "deadline"
    assert not request.status.is_ok
    assert "look" not in by_name(app)
    assert "wait" in by_name(app)


def test_probes_and_counts_leave_no_spans() -> None:
    app = Traced()
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json"):
        app.ask("GET", path)
    assert app.spans == []


def run(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": "", "PYTHONPATH": ":".join(filter(None, sys.path)), **environ}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)


def test_nothing_is_loaded_unless_traces_are_asked_for() -> None:
    code = (
        "import sys\nfrom photoscan.service.settings import Settings\nimport photoscan.service.server\n"
        "print(Settings().otel, 'photoscan.service.traces' in sys.modules, 'opentelemetry.sdk' in sys.modules)"
    )
    assert run(code).stdout.split() == ["False", "False", "False"]


SPAN = (
    "from photoscan.service import traces\n"
    "found = traces.set_up()\n"
    "with found.request({}, 'POST', '/v1/check') as span:\n    found.answered(span, 200, None, 'x')\n"
    "from opentelemetry import trace\ntrace.get_tracer_provider().shutdown()\n"
)


def test_spans_go_where_the_environment_says_and_by_themselves_nowhere() -> None:
    nowhere = run(SPAN)
    assert (nowhere.returncode, nowhere.stdout) == (0, ""), nowhere.stderr
    told = run(SPAN, OTEL_TRACES_EXPORTER="console")
    row = json.loads(told.stdout)
    assert (row["name"], row["resource"]["attributes"]["service.name"]) == ("POST /v1/check", "photoscan")
    assert run(SPAN, OTEL_TRACES_EXPORTER="none").stdout == ""
    missing = run(SPAN, OTEL_TRACES_EXPORTER="nothing_that_is_installed")
    assert "UsageError" in missing.stderr


def test_frameworks_make_no_spans_of_their_own() -> None:
    """FastAPI has spans with the address that was asked for, wherever a provider is set up."""
    code = (
        "import asyncio, httpx\nfrom opentelemetry import trace\nfrom opentelemetry.sdk.trace import TracerProvider\n"
        "from opentelemetry.sdk.trace.export import SimpleSpanProcessor\n"
        "from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter\n"
        "memory = InMemorySpanExporter()\nprovider = TracerProvider()\n"
        "provider.add_span_processor(SimpleSpanProcessor(memory))\ntrace.set_tracer_provider(provider)\n"
        "from tests.service.test_app import App\nfrom tests.service.stub import CANARY\n"
        "print(App().ask('GET', '/' + CANARY).status_code, [s.name for s in memory.get_finished_spans()])"
    )
    assert run(code).stdout.strip() == "404 []"


def test_concurrent_requests_do_not_mix_their_spans() -> None:
    app = Traced(workers=4, queue=8)

    async def crowd() -> None:
        await asyncio.gather(*(app.send("POST", "/v1/check", content=photo()) for _ in range(8)))

    asyncio.run(crowd())
    requests = {span.context.span_id: span.context.trace_id for span in app.spans if span.parent is None}
    looks = [span for span in app.spans if span.name == "look"]
    assert (len(requests), len(looks)) == (8, 8)
    assert {span.parent.span_id: span.context.trace_id for span in looks if span.parent} == requests
