"""Sessions: models opened for running. The one place that chooses an execution provider."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from photoscan.models.store import path

if TYPE_CHECKING:
    import onnxruntime

_sessions: dict[tuple[Path, int], onnxruntime.InferenceSession] = {}
_lock = Lock()


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


def _open(file: Path, threads: int) -> onnxruntime.InferenceSession:
    # onnxruntime's Linux wheels carry a telemetry client that opens sockets: off, before it is imported.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # It would plan and keep memory for every shape of input, and photos come in all shapes: half as much again, and no
    # faster.
    options.enable_mem_pattern = False
    # "All" was measured 1.1 to 2.3 times as fast as "extended". Spinning would burn other processes' time.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
