"""Counts and times for Prometheus. Labels come from fixed lists: routes, statuses, decisions, policies, kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The service's own registry: nothing of other libraries gets in."""

    def __init__(self, gauges: Mapping[str, tuple[str, Callable[[], float]]]) -> None:
        """`gauges`: name to help text and the function that tells the value."""
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
        self.problems = Counter("photoscan_problems", "Problems answered, by code.", ("code",), registry=self.registry)
        for name, (help_, value) in gauges.items():
            Gauge(name, help_, registry=self.registry).set_function(value)

    def checked(self, policy: str, decision: str, kinds: Mapping[str, int]) -> None:
        """Count a check."""
        self.decisions.labels(policy, decision).inc()
        for kind, count in kinds.items():
            self.findings.labels(kind).inc(count)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self.requests.labels(route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All of it in Prometheus's text format."""
        return generate_latest(self.registry)
