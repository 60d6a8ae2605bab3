"""OpenVINO: an engine of its own for Intel's and AMD's processors, which computes in bfloat16 where they can.

Inputs keep the size that they have. Filling them up to a few sizes would spare OpenVINO some 30 ms of CPU for each new
one, but changes what the networks answer: the text detector and the recogniser take averages over the whole input, and
biases make a filled-up border speak to all that is near it. What is compiled for a size is kept for the process.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any

from photoscan.models import kept
from photoscan.models.choosing import Choice

if TYPE_CHECKING:
    from photoscan.models.network import Answers, Array

# Its converters, which nothing here uses, would load a telemetry client on import: told that there is none, they don't.
_TELEMETRY = "openvino_telemetry"
_absent = _TELEMETRY not in sys.modules
if _absent:
    sys.modules[_TELEMETRY] = None  # type: ignore[assignment]
import openvino  # noqa: E402

if _absent:
    del sys.modules[_TELEMETRY]

_PRECISION = {"fp32": "f32", "bf16": "bf16"}


def has_bf16() -> bool:
    """Whether this processor computes in bfloat16 under OpenVINO."""
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def open_network(file: Path, threads: int, choice: Choice) -> OpenVino:
    """A model by OpenVINO's plug-in for processors. What it is compiled to is kept, where that is possible."""
    core = openvino.Core()
    config = {
        "INFERENCE_PRECISION_HINT": _PRECISION[choice.precision],
        # Else it would compute in what the hint of performance says, or the model's own settings.
        "EXECUTION_MODE_HINT": "ACCURACY" if choice.precision == "fp32" else "PERFORMANCE",
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": "1",
    }
    model = core.read_model(str(file))
    place = kept.folder(f"openvino/{file.parent.name}")
    if place is not None:
        kept.sweep(place)
        try:
            # It names what it keeps by the model, the processor, its version and these settings.
            return OpenVino(core.compile_model(model, "CPU", {**config, "CACHE_DIR": str(place)}), model)
        except RuntimeError:  # what was kept is broken, or the disk is full
            pass
    return OpenVino(core.compile_model(model, "CPU", config), model)


class OpenVino:
    """A network of OpenVINO."""

    def __init__(self, compiled: Any, model: Any) -> None:
        self._compiled = compiled
        self.outputs = tuple(output.get_any_name() for output in compiled.outputs)
        self.metadata: Mapping[str, str] = _metadata(model)
        self._thread = local()

    def run(self, batch: Array) -> Answers:
        """The outputs for one batch, by name."""
        # A request holds what it computes: one for each thread.
        if not hasattr(self._thread, "request"):
            self._thread.request = self._compiled.create_infer_request()
        answers = self._thread.request.infer([batch], share_inputs=True, share_outputs=False)
        return {name: answers[i] for i, name in enumerate(self.outputs)}


def _metadata(model: Any) -> dict[str, str]:
    """What the ONNX file says beside its weights, as OpenVINO carries it along."""
    if not model.has_rt_info(["framework"]):
        return {}
    return {name: str(value.astype(str)) for name, value in model.get_rt_info(["framework"]).astype(dict).items()}
