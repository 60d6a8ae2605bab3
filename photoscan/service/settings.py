"""Settings: everything that can be chosen about the service, spelled once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from photoscan.engines import AUTO
from photoscan.errors import UsageError
from photoscan.options import Limits, Profile, ScanOptions
from photoscan.outside.chosen import Chosen
from photoscan.risk.policy import SHIPPED, Policy
from photoscan.service.bounded import FEWEST
from photoscan.web.forwarded import Network

MEBIBYTE = 1024 * 1024
DEFAULT_POLICY = "platform"
TEXT_BYTES = 64 * 1024
"""The longest text or caption."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service runs. Seconds, bytes and pixels; UsageError for what makes no sense.

    `queue`: how many photos may wait beside those that workers are at. `timeout`: for one photo in a worker.
    `deadline`: for waiting and looking together, None for no bound.
    `uploads`: bodies of one client that may be coming at a time. `proxies`: addresses that are believed when they say
    whose request they hand on.
    `findings`: of one photo that an answer tells, at most; how many more there are it tells, too.
    `remember`: how long a check's report is kept in memory for a clean of the same photo, 0 for not at all.
    `upload_timeout`: until a request's body has come; twice that is the longest that a connection may stand still.
    `drain`: how long the service is asked to stop before it stops to listen; `grace`: until requests in flight are
    given up after that.
    `policies` by name, the first one is the default. `hosts`: names by which the service may be called, beside its own
    address. `recycle`: after so many photos a worker is replaced in peace, None for never.
    `outside`: the detectors from outside that are asked as well. `engine`: what runs the models. `profile`: how
    thoroughly photos are looked at. `tiers`: whether checks go in steps, where a request does not say it.
    `key_metrics`: whether requests are counted by the key's name. `otel`: whether spans are made for OpenTelemetry.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    queue: int = 8
    timeout: float = 60.0
    deadline: float | None = None
    remember: float = 300.0
    upload_timeout: float = 60.0
    uploads: int = 64
    findings: int = 500
    proxies: tuple[Network, ...] = ()
    drain: float = 0.0
    grace: float = 60.0
    max_bytes: int = 32 * MEBIBYTE
    max_pixels: int = 64_000_000
    policies: Mapping[str, Policy] = field(default_factory=lambda: load_policies((DEFAULT_POLICY,)))
    hosts: tuple[str, ...] = ()
    recycle: int | None = None
    outside: Chosen = field(default_factory=Chosen)
    engine: str = AUTO
    profile: Profile = "balanced"
    tiers: bool = False
    key_metrics: bool = True
    otel: bool = False

    def __post_init__(self) -> None:
        if self.workers < 1 or self.queue < 0 or min(self.timeout, self.upload_timeout, self.max_bytes) <= 0:
            raise UsageError("problem.serve.positive")
        if (
            self.findings < FEWEST
            or self.uploads < 1
            or min(self.remember, self.drain) < 0
            or (self.deadline is not None and self.deadline <= 0)
        ):
            raise UsageError("problem.serve.positive")

    @property
    def slots(self) -> int:
        """How many photos the service may have at a time, waiting ones included."""
        return self.workers + self.queue

    @property
    def limits(self) -> Limits:
        """What one photo may cost."""
        return Limits(max_bytes=self.max_bytes, max_pixels=self.max_pixels)

    @property
    def usual(self) -> ScanOptions:
        """How photos are looked at where a request says nothing else."""
        return ScanOptions(limits=self.limits, engine=self.engine, profile=self.profile)

    @property
    def default_policy(self) -> str:
        """The policy of requests that name none."""
        return next(iter(self.policies))

    @property
    def loopback(self) -> bool:
        """Whether only this computer can reach the service."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether an address or name means this computer itself."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def load_policies(chosen: tuple[str, ...]) -> dict[str, Policy]:
    """The policies that requests may name: those chosen (names or files), then all that are shipped.

    A file's policy goes by the name that stands in it. UsageError when one can't be loaded, or two share a name.
    """
    policies: dict[str, Policy] = {}
    for name in chosen:
        policy = Policy.load(name)
        if policy.name in policies:
            raise UsageError("problem.serve.two_policies", name=policy.name)
        policies[policy.name] = policy
    for name in SHIPPED:
        if name not in policies:
            policies[name] = Policy.load(name)
    return policies


def load_proxies(names: tuple[str, ...]) -> tuple[Network, ...]:
    """Addresses, or many of them as 10.0.0.0/8. UsageError for anything else."""
    found = []
    for name in names:
        try:
            found.append(ip_network(name.strip("[]")))
        except ValueError:
            raise UsageError("problem.serve.proxy", name=name) from None
    return tuple(found)
