"""Ray itself: found where it runs, or started on this computer for one batch."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from photoscan.batch.executor import Job
from photoscan.batch.ray.actor import Actor, Reply, Seen, Start
from photoscan.errors import NotInstalledError, PhotoscanError, TaskFailedError, UsageError, WorkerLostError, reason

_STORE = 100 * 2**20
"""Bytes that a local Ray keeps for what actors send: only reports, most of which are too small to go there."""
_LONGEST = 20
"""Characters of a folder for temporary files: with Ray's own below it, a socket's address may have about a hundred."""
_WAIT = 10.0
"""Seconds for a cluster to be reached."""
_SILENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS_SKIP_REGEX": "."}
"""Nothing is told to Ray's makers; and what Ray would print of each lost worker, in many lines, is counted by us."""
_ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}
"""Of a Ray of our own: it listens on this computer alone, on every system, and does what it is told by who knows the
token. Whoever may speak to Ray may run any program."""


@cache
def _token() -> dict[str, str]:
    """Ray reads it once in the life of a process."""
    return {"RAY_AUTH_TOKEN": secrets.token_hex(32)}


def _variables(address: str | None) -> dict[str, str]:
    """What Ray is to find in its environment. It reads some of it once, as it is imported: where somebody else has done
    that, a Ray of our own is as their environment says."""
    if address or ("ray" in sys.modules and not _token.cache_info().currsize):
        return _SILENT
    return _SILENT | _ALONE | _token()


def check_ray() -> None:
    """NotInstalledError where Ray is missing."""
    if importlib.util.find_spec("ray") is None:
        raise NotInstalledError("problem.needs.ray")


@contextmanager
def connected(address: str | None = None, processors: int | None = None) -> Iterator[RayCluster]:
    """The Ray at an address (`auto`, `host:port`, `ray://host:port`), or else one of our own, which ends with this.

    `processors`: how many photos the latter looks at at a time. Where Ray is connected already, that one is used and
    left as it is.

    Raises NotInstalledError without Ray, UsageError where it can't be had at that address.
    """
    check_ray()
    _reach(address)
    with _environment(_variables(address)), _private(not address) as folder:
        import ray

        if ray.is_initialized():
            yield RayCluster()
            return
        quiet: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False}
        own = {
            "include_dashboard": False,
            "num_cpus": processors,
            "object_store_memory": _STORE,
            "_node_ip_address": "127.0.0.1",
            "_temp_dir": folder,
            # Not in shared memory, of which a container may have little.
            "_plasma_directory": folder,
        }
        with _handlers_kept(), _no_dashboard(address):
            try:
                ray.init(address or "local", **quiet, **({} if address else own))
            except Exception as error:  # noqa: BLE001 - of many types, by what kept it
                raise UsageError("problem.ray.address", address=address or "local", why=type(error).__name__) from None
        try:
            yield RayCluster()
        finally:
            ray.shutdown()


def _reach(address: str | None) -> None:
    """UsageError where nobody listens at an address with a port: Ray itself would try for minutes."""
    host, _, port = (address or "").removeprefix("ray://").rpartition(":")
    if not (host and port.isdecimal()):
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _WAIT).close()
    except (OSError, OverflowError) as error:
        raise UsageError("problem.ray.address", address=address, why=reason(error)) from None


class RayCluster:
    """The Ray that is connected, as `Cluster` of the executor."""

    def __init__(self) -> None:
        import ray

        self._ray = ray
        # Ray would start it anew by itself, and its photo as well: both are the executor's to do.
        self._actor = ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(Actor)

    def start(self, start: Start) -> RayWorker:
        """As `Cluster.start`."""
        return RayWorker(self._ray, self._actor.remote(start))

    def room(self) -> int:
        """As `Cluster.room`: one for each processor that Ray may give away, used or not."""
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def lost(self, error: BaseException) -> bool:
        """As `Cluster.lost`. One that can't be reached is lost as well: it is ended, and its photo given to another."""
        gone = self._ray.exceptions
        losses = (gone.RayActorError, gone.WorkerCrashedError, gone.NodeDiedError, gone.ObjectLostError)
        failed = isinstance(error, gone.RayActorError) and error.actor_init_failed
        return isinstance(error, (*losses, gone.OutOfMemoryError)) and not failed

    def told(self, error: BaseException) -> PhotoscanError:
        """As `Cluster.told`: by the kind of the error alone, since its text may quote anything."""
        if isinstance(error, self._ray.exceptions.RayActorError):
            return WorkerLostError("problem.ray.unstartable")
        return TaskFailedError("problem.worker.crash", what=type(error).__name__)


class RayWorker:
    """An actor of Ray, as `Worker` of the executor."""

    def __init__(self, ray: Any, handle: Any) -> None:
        self._ray = ray
        self._handle = handle

    def meet(self) -> Future[Reply]:
        """As `Worker.meet`."""
        return self._future(self._handle.meet.remote())

    def look(self, job: Job, there: Seen | None) -> Future[Reply]:
        """As `Worker.look`."""
        return self._future(self._handle.look.remote(job, there))

    def end(self) -> None:
        """As `Worker.end`."""
        # It may be gone by now, and so may Ray.
        with suppress(Exception):
            self._ray.kill(self._handle)

    def _future(self, reference: Any) -> Future[Reply]:
        future: Future[Reply] = reference.future()
        return future


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Variables for the time of a block."""
    old = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in old.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _private(wanted: bool) -> Iterator[str]:
    """A folder for Ray's files that nobody else can look into, and that is gone afterwards; '' where none is wanted."""
    if not wanted:
        yield ""
        return
    base = tempfile.gettempdir()
    outer = Path(
        tempfile.mkdtemp(prefix="photoscan-", dir="/tmp" if len(base) > _LONGEST and os.name == "posix" else base)
    )
    # Ray opens the rights of its own folder to everybody.
    inner = outer / "ray"
    inner.mkdir()
    try:
        yield str(inner)
    finally:
        shutil.rmtree(outer, ignore_errors=True)


@contextmanager
def _no_dashboard(address: str | None) -> Iterator[None]:
    """Of a Ray of our own: not even the process that would serve one.

    Told to serve none, it still looks after usage statistics, and asks the servers of three clouds where it is before
    it learns that these are switched off. There is no option for it.
    """
    from ray._private.node import Node

    if address or not hasattr(Node, "start_api_server"):
        yield
        return
    start = Node.start_api_server
    Node.start_api_server = _nothing
    try:
        yield
    finally:
        Node.start_api_server = start


def _nothing(*_: object, **__: object) -> None:
    pass


@contextmanager
def _handlers_kept() -> Iterator[None]:
    """Ray puts handlers of its own for signals in the place of ours."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    old = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
