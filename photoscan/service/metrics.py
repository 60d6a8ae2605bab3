"""Counts and times for Prometheus. Labels come from fixed lists: routes, statuses, decisions, policies, kinds, and the
names of keys, from their file alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from photoscan.service.traces import OpenTelemetry

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
Timed = Callable[[str, float, float | None], None]
"""Called with what was asked for, the seconds until a worker began with it, and those that it took, if it ended."""
Restarts = Callable[[], Mapping[str, int]]
_WAITS = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The service's own registry: nothing of other libraries gets in."""

    def __init__(
        self, gauges: Mapping[str, tuple[str, Callable[[], float]]], restarts: Restarts = dict, name_keys: bool = True
    ) -> None:
        """`gauges`: name to help text and the function that tells the value. `restarts`: of workers, by why.

        `name_keys`: whether requests are counted by key.
        """
        self.name_keys = name_keys
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter("photoscan_requests", "Requests answered.", ("route", "status"), registry=self.registry)
        self.seconds = Histogram(
            "photoscan_request_seconds", "From a request's head to the end of its answer.", ("route",),
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.decisions = Counter(
            "photoscan_decisions", "Photos and texts checked.", ("policy", "decision"), registry=self.registry
        )
        self.findings = Counter("photoscan_findings", "Findings in them.", ("kind",), registry=self.registry)
        self.cut = Counter("photoscan_findings_cut", "Findings that no answer told.", registry=self.registry)
        self.by_key = Counter(
            "photoscan_key_requests", "Requests answered, by key.", ("key", "status"), registry=self.registry
        )
        self.waits = Histogram(
            "photoscan_queue_wait_seconds", "From a photo's last byte until a worker begins with it.", ("lane",),
            buckets=_WAITS, registry=self.registry,
        )  # fmt: skip
        self.work = Histogram(
            "photoscan_worker_seconds", "That a worker was at it.", ("kind",), buckets=_SECONDS, registry=self.registry
        )
        self.registry.register(_Restarts(restarts))
        self.problems = Counter("photoscan_problems", "Problems answered, by code.", ("code",), registry=self.registry)
        for name, (help_, value) in gauges.items():
            Gauge(name, help_, registry=self.registry).set_function(value)

    def checked(self, policy: str, decision: str, kinds: Mapping[str, int], cut: int = 0) -> None:
        """Count a check; `cut`: the findings that its answer did not tell."""
        self.cut.inc(cut)
        self.decisions.labels(policy, decision).inc()
        for kind, count in kinds.items():
            self.findings.labels(kind).inc(count)

    def answered(self, route: str, status: int, seconds: float, key: str | None = None) -> None:
        """Count a request; `key`: the name of the one with which it came."""
        if key is not None and self.name_keys:
            self.by_key.labels(key, str(status)).inc()
        self.requests.labels(route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def timed(self, lane: str, traces: OpenTelemetry | None = None) -> Timed:
        """What a desk tells of each photo that it hands to a worker; `traces` are told, too."""

        def note(kind: str, waited: float, worked: float | None) -> None:
            self.waits.labels(lane).observe(waited)
            if worked is not None:
                self.work.labels(kind).observe(worked)
            if traces is not None:
                traces.looked(kind, lane, waited, worked)

        return note

    def text(self) -> bytes:
        """All of it in Prometheus's text format."""
        return generate_latest(self.registry)


class _Restarts(Collector):
    """Workers that were replaced; the pools count them, in threads of their own."""

    REASONS = ("dropped", "lost", "recycled", "start", "timeout")

    def __init__(self, restarts: Restarts) -> None:
        self._restarts = restarts

    def collect(self) -> Iterator[Metric]:
        """The counts as they are now; each reason is there from the start, so that its first one is seen as a rise."""
        family = CounterMetricFamily("photoscan_worker_restarts", "Workers replaced, by why.", labels=("reason",))
        counts = self._restarts()
        for reason in self.REASONS:
            family.add_metric((reason,), counts.get(reason, 0))
        yield family
