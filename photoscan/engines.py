"""The engines that run networks: one row each. Options, help, checks and fingerprints follow from it.

A new engine is one module with a function `open_network` that gives a `photoscan.models.network.Network`, and one row.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

AUTO = "auto"
"""The choice of the fastest one whose answers were compared: OpenVINO where the processor computes in bfloat16."""
VARIABLE = "PHOTOSCAN_ENGINE"
"""The environment variable that says what `auto` means."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine: `opens` is the module with its `open_network`, `package` what pip installs for it.

    `provider`: the execution provider of onnxruntime that it is, if it is one.
    """

    name: str
    opens: str
    package: str
    provider: str | None = None


_ONNXRUNTIME = "photoscan.models.by_onnxruntime"
_TABLE = {
    row.name: row
    for row in (
        Engine("onnxruntime", _ONNXRUNTIME, "onnxruntime", "CPUExecutionProvider"),
        Engine("openvino", "photoscan.models.by_openvino", "openvino"),
        Engine("cuda", _ONNXRUNTIME, "onnxruntime-gpu", "CUDAExecutionProvider"),
        Engine("directml", _ONNXRUNTIME, "onnxruntime-directml", "DmlExecutionProvider"),
        Engine("coreml", _ONNXRUNTIME, "onnxruntime", "CoreMLExecutionProvider"),
    )
}
ENGINES: Mapping[str, Engine] = MappingProxyType(_TABLE)
"""By the name that a caller chooses them by."""
CHOICES = (AUTO, *ENGINES)
"""What a caller may choose."""


def is_named(asked: str) -> bool:
    """Whether somebody says which engine it is to be, by an option or the environment."""
    return asked != AUTO or bool(os.environ.get(VARIABLE))
