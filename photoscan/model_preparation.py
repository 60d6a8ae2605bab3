"""Preparing models with the `onnx` package: the same function, faster or more flexible."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import onnx
from onnx import numpy_helper

DENORMAL = 1e-20
"""Weights nearer to zero than this are set to zero: they change no output (measured difference 0.0), but arithmetic with
numbers this small made the text detector 3.1 times as slow."""


def prepare(weights: bytes, steps: Iterable[str]) -> bytes:
    """Apply the named steps ('zero_denormals', 'dynamic_dims') to a serialised ONNX model."""
    model = onnx.load_from_string(weights)
    for step in steps:
        _STEPS[step](model)
    return bytes(model.SerializeToString())


def _zero_denormals(model: onnx.ModelProto) -> None:
    constants = (a.t for n in model.graph.node if n.op_type == "Constant" for a in n.attribute if a.name == "value")
    for tensor in (*model.graph.initializer, *constants):
        if tensor.data_type != onnx.TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        tiny = (values != 0) & (np.abs(values) < DENORMAL)
        if tiny.any():
            tensor.CopyFrom(numpy_helper.from_array(np.where(tiny, np.float32(0), values), tensor.name))


def _dynamic_dims(model: onnx.ModelProto) -> None:
    """Declare height and width of inputs and outputs (NCHW) as free, and forget what was inferred from them."""
    for value in (*model.graph.input, *model.graph.output):
        dims = value.type.tensor_type.shape.dim
        for index, name in ((0, "N"), (2, "H"), (3, "W")):
            if index < len(dims):
                dims[index].dim_param = f"{value.name}_{name}"
    del model.graph.value_info[:]


_STEPS = {"zero_denormals": _zero_denormals, "dynamic_dims": _dynamic_dims}
