"""A tiny network of our own in the format of TensorFlow.js: its description, its weights and what it computes."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

KERNEL = np.arange(2 * 2 * 3 * 4, dtype=np.float16).reshape(2, 2, 3, 4) / 32
"""Height, width, channels in, channels out."""
CONSTANTS: dict[str, np.ndarray] = {
    "second": np.array([0, 2, 3, 1], np.int32),
    "pads": np.array([[0, 0], [1, 0], [0, 1], [0, 0]], np.int32),
    "filling": np.array(-1.0, np.float32),
    "kernel": KERNEL,
    "bias": np.array([0.5, -9, 0, 1], np.float32),
    "where": np.array([[1], [2]], np.int32),
    "count": np.array([3], np.int32),
    "values": np.array([2, 1], np.int32),
    "zero": np.array(0, np.int32),
    "more": np.array([1, 6, 5], np.int32),
    "sides": np.array([3, 4], np.int32),
    "parts": np.array([1, 3], np.int32),
    "last": np.array(3, np.int32),
}


def string(text: str) -> dict[str, str]:
    return {"s": base64.b64encode(text.encode()).decode()}


def numbers(*values: int) -> dict[str, Any]:
    return {"list": {"i": [str(value) for value in values]}}


NODES: list[dict[str, Any]] = [
    {"name": "x", "op": "Placeholder", "attr": {}},
    *({"name": name, "op": "Const", "attr": {}} for name in CONSTANTS),
    {"name": "seen", "op": "Transpose", "input": ["x", "second"], "attr": {}},
    {"name": "padded", "op": "PadV2", "input": ["seen", "pads", "filling"], "attr": {}},
    {
        "name": "conv",
        "op": "Conv2D",
        "input": ["padded", "kernel"],
        "attr": {"strides": numbers(1, 2, 2, 1), "padding": string("VALID"), "dilations": numbers(1, 1, 1, 1)},
    },
    {"name": "biased", "op": "AddV2", "input": ["conv:0", "bias"], "attr": {}},
    {"name": "bent", "op": "LeakyRelu", "input": ["biased"], "attr": {"alpha": {"f": 0.25}}},
    {"name": "wide", "op": "ResizeBilinear", "input": ["bent", "sides"], "attr": {"half_pixel_centers": {"b": True}}},
    {
        "name": "peaks",
        "op": "MaxPool",
        "input": ["wide"],
        "attr": {"ksize": numbers(1, 2, 2, 1), "strides": numbers(1, 1, 1, 1), "padding": string("SAME")},
    },
    {"name": "split", "op": "SplitV", "input": ["peaks", "parts", "last"], "attr": {}},
    {"name": "share", "op": "Sigmoid", "input": ["split"], "attr": {}},
    {"name": "both", "op": "ConcatV2", "input": ["split:1", "share", "last"], "attr": {}},
    {"name": "dense", "op": "SparseToDense", "input": ["where", "count", "values", "zero"], "attr": {}},
    {"name": "shape", "op": "Add", "input": ["dense", "more"], "attr": {}},
    {"name": "flat", "op": "Reshape", "input": ["both", "shape", "^bent"], "attr": {}},
    {"name": "out", "op": "Identity", "input": ["flat"], "attr": {}},
]
"""The shape at the end is [0, 2, 1] + [1, 6, 5]: 3 x 4 x 4 values as 1 x 8 x 6."""


def declared(name: str, *sizes: int) -> dict[str, Any]:
    return {name: {"name": name, "dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": str(s)} for s in sizes]}}}


def description() -> dict[str, Any]:
    rows = []
    for name, values in CONSTANTS.items():
        row: dict[str, Any] = {"name": name, "shape": list(values.shape), "dtype": values.dtype.name}
        if values.dtype == np.float16:
            row |= {"dtype": "float32", "quantization": {"dtype": "float16", "original_dtype": "float32"}}
        rows.append(row)
    return {
        "format": "graph-model",
        "signature": {"inputs": declared("x:0", 1, 3, 4, 6), "outputs": declared("out:0", 1, 8, 6)},
        "modelTopology": {"node": NODES},
        "weightsManifest": [{"paths": ["tiny.bin"], "weights": rows}],
    }


def graph() -> bytes:
    return json.dumps(description()).encode()


def weights() -> bytes:
    return b"".join(values.tobytes() for values in CONSTANTS.values())


def computed(x: np.ndarray) -> np.ndarray:
    """What the network gives for 1 x 3 x 4 x 6, computed by hand with plain arrays."""
    seen = np.pad(x[0].transpose(1, 2, 0), ((1, 0), (0, 1), (0, 0)), constant_values=-1)
    conv = np.zeros((2, 3, 4), np.float32)
    for row in range(2):
        for column in range(3):
            patch = seen[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
            conv[row, column] = np.tensordot(patch, KERNEL.astype(np.float32), 3)
    biased = conv + CONSTANTS["bias"]
    bent = np.where(biased < 0, biased / 4, biased)
    wide = _stretched(_stretched(bent, 3).transpose(1, 0, 2), 4).transpose(1, 0, 2)
    edge = np.pad(wide, ((0, 1), (0, 1), (0, 0)), constant_values=-np.inf)
    peaks = np.max([edge[a : a + 3, b : b + 4] for a in (0, 1) for b in (0, 1)], axis=0)
    share = 1 / (1 + np.exp(-peaks[..., :1]))
    return np.concatenate([peaks[..., 1:], share], axis=-1).reshape(1, 8, 6)


def _stretched(rows: np.ndarray, count: int) -> np.ndarray:
    """Rows interpolated to another number of rows, by the middles of their pixels."""
    places = np.clip((np.arange(count) + 0.5) * len(rows) / count - 0.5, 0, len(rows) - 1)
    low = np.floor(places).astype(int)
    high = np.minimum(low + 1, len(rows) - 1)
    part = (places - low)[:, None, None]
    return rows[low] * (1 - part) + rows[high] * part
