"""Sessions: models opened for running. The one place that chooses an execution provider."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING

from photoscan.models.store import path

if TYPE_CHECKING:
    import onnxruntime

_sessions: dict[tuple[Path, int], onnxruntime.InferenceSession] = {}
_lock = Lock()
SAME_AS_REQUESTED = 1
"""How onnxruntime's arena grows: by what is asked for, not to the next power of two."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """How networks are run: `threads` is the number of threads inside one run.

    Several photos at once are faster as processes of one thread each.
    """

    threads: int = 1

    def session(self, name: str) -> onnxruntime.InferenceSession:
        """A session of onnxruntime on the CPU, made once per process and shared: its run() is thread-safe.

        Asked for with each picture: a report names the models that ran for it. Raises ModelError as `path` does.
        """
        with _lock:
            key = (path(name), self.threads)
            if key not in _sessions:
                _sessions[key] = _open(*key)
            return _sessions[key]


@cache
def _engine() -> ModuleType:
    """onnxruntime, quiet and with one arena for all networks of the process.

    Otherwise each network has its own, which keeps the most that it ever needed: on a photo of 12 MP 827 MB at the peak
    of a scan instead of 618, and no faster.
    """
    # onnxruntime's Linux wheels carry a telemetry client that opens sockets: off, before it is imported.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    growth = {"max_mem": 0, "arena_extend_strategy": SAME_AS_REQUESTED}
    default = {"initial_chunk_size_bytes": -1, "max_dead_bytes_per_chunk": -1}
    onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg(growth | default))
    engine: ModuleType = onnxruntime
    return engine


def _open(file: Path, threads: int) -> onnxruntime.InferenceSession:
    engine = _engine()
    options = engine.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # It would plan and keep memory for every shape of input, and photos come in all shapes: half as much again, and no
    # faster.
    options.enable_mem_pattern = False
    # "All" was measured 1.1 to 2.3 times as fast as "extended". Spinning would burn other processes' time.
    options.graph_optimization_level = engine.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.use_env_allocators", "1")
    session: onnxruntime.InferenceSession = engine.InferenceSession(
        str(file), options, providers=["CPUExecutionProvider"]
    )
    return session
