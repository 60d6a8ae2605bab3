"""onnxruntime: the engine of every installation, on the processor or, where its build can, on a GPU.

Opening a model means optimising it for this processor, which takes longer than a small photo's look. So the optimised
one is kept (`kept`), by the model's hash, onnxruntime's version and the processor: it is opened in a third of the time.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photoscan.errors import NotInstalledError
from photoscan.models import kept, processor
from photoscan.models.choosing import Choice
from photoscan.models.store import Seal, digest_of

# onnxruntime's Linux wheels carry a telemetry client that opens sockets: off, before it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

if TYPE_CHECKING:
    from photoscan.models.network import Answers, Array

onnxruntime.disable_telemetry_events()
SAME_AS_REQUESTED = 1
"""How onnxruntime's arena grows: by what is asked for, not to the next power of two."""


def _share_one_arena() -> None:
    """Have all networks of the process take their memory from one arena.

    Otherwise each has its own, which keeps the most that it ever needed: on a photo of 12 MP 827 MB at the peak of a
    scan instead of 618, and no faster.
    """
    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    growth = {"max_mem": 0, "arena_extend_strategy": SAME_AS_REQUESTED}
    default = {"initial_chunk_size_bytes": -1, "max_dead_bytes_per_chunk": -1}
    onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg(growth | default))


_share_one_arena()


def providers() -> tuple[str, ...]:
    """The execution providers of the installed build, whether or not their device is here."""
    return tuple(onnxruntime.get_available_providers())


def open_network(file: Path, threads: int, choice: Choice) -> OnnxRuntime:
    """A model by onnxruntime. NotInstalledError where a GPU was asked for and its device or driver isn't here."""
    provider = choice.engine.provider
    if provider == "CPUExecutionProvider":
        return OnnxRuntime(_on_processor(file, threads))
    session = onnxruntime.InferenceSession(str(file), _options(threads), [provider, "CPUExecutionProvider"])
    # Without a device it would go on, on the processor, and say so in a warning alone.
    if session.get_providers()[0] != provider:
        raise NotInstalledError("problem.engine.device", name=choice.engine.name)
    return OnnxRuntime(session)


class OnnxRuntime:
    """A network of onnxruntime."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self.session = session
        self._input = session.get_inputs()[0].name
        self.outputs = tuple(output.name for output in session.get_outputs())

    @cached_property
    def metadata(self) -> Mapping[str, str]:
        """What the model's file says beside its weights."""
        rows: dict[str, str] = self.session.get_modelmeta().custom_metadata_map
        return rows

    def run(self, batch: Array) -> Answers:
        """The outputs for one batch, by name."""
        return dict(zip(self.outputs, self.session.run(None, {self._input: batch}), strict=True))


def _options(threads: int) -> Any:
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
    options.add_session_config_entry("session.use_env_allocators", "1")
    return options


def _on_processor(file: Path, threads: int) -> onnxruntime.InferenceSession:
    """The kept session, else a new one, which is kept."""
    digest = digest_of(file)
    if digest is None:
        return _opened(file, _options(threads))
    # In a folder of the model's own, which says what it is to people.
    name = f"networks/{file.parent.name}/{digest[:16]}-{onnxruntime.__version__}-{processor.key()}.onnx"
    return _from_cache(name, threads) or _kept(file, name, threads)


def _from_cache(name: str, threads: int) -> onnxruntime.InferenceSession | None:
    """The session that was kept under that name; None where there is none, or it isn't what was written."""
    optimised, seal = kept.trusted(name), kept.trusted(f"{name}.seal")
    if optimised is None or seal is None:
        return None
    options = _options(threads)
    # It is optimised already, and for this processor.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        if seal.read_text("ascii") != str(Seal.of(optimised)):
            raise ValueError("not as it was written")
        return _opened(optimised, options)
    except Exception:  # noqa: BLE001 - onnxruntime has an exception for each way in which a file can be broken
        kept.drop(f"{name}.seal")
        kept.drop(name)
        return None


def _kept(file: Path, name: str, threads: int) -> onnxruntime.InferenceSession:
    """A new session; what it was optimised to is kept, where that is possible."""
    place = kept.folder(name.rpartition("/")[0])
    if place is None:
        return _opened(file, _options(threads))
    kept.sweep(place)
    try:
        with tempfile.TemporaryDirectory(dir=place) as work:
            options, optimised = _options(threads), Path(work) / "optimised.onnx"
            options.optimized_model_filepath = str(optimised)
            session = _opened(file, options)
            optimised.chmod(0o600)
            told = str(Seal.of(optimised))
            optimised.replace(place / name.rpartition("/")[2])
            # The seal comes last: without it nothing is believed.
            kept.write(f"{name}.seal", told.encode())
            return session
    except Exception:  # noqa: BLE001 - a full disk is no reason not to look at a photo
        return _opened(file, _options(threads))


def _opened(file: Path, options: Any) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
