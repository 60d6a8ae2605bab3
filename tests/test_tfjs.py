"""Turning networks of TensorFlow.js into ONNX: the same numbers come out, and nonsense is refused in one sentence."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.errors import ModelError
from photoscan.models.preparation import prepare
from photoscan.models.tfjs import OPERATORS, to_onnx
from tests import tiny_tfjs


def test_the_tiny_network_has_every_operator() -> None:
    assert {node["op"] for node in tiny_tfjs.NODES} | {"Pad"} == set(OPERATORS)


def test_the_same_numbers_come_out() -> None:
    session = onnxruntime.InferenceSession(prepare(tiny_tfjs.graph(), ["from_tfjs"], tiny_tfjs.weights()))
    x = np.random.default_rng(3).normal(size=(1, 3, 4, 6)).astype(np.float32)
    (out,) = session.run(["out"], {"x": x})
    np.testing.assert_allclose(out, tiny_tfjs.computed(x), atol=1e-5)


def test_what_was_kept_in_half_precision_is_widened_and_steps_follow() -> None:
    model = to_onnx(tiny_tfjs.graph(), tiny_tfjs.weights())
    assert {tensor.data_type for tensor in model.graph.initializer} <= {1, 7}
    assert prepare(tiny_tfjs.graph(), ["from_tfjs", "zero_denormals"], tiny_tfjs.weights())


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda d: d.pop(key)


NONSENSE: list[Callable[[dict[str, Any]], object]] = [
    _without("weightsManifest"),
    _without("modelTopology"),
    _without("signature"),
    lambda d: d["modelTopology"]["node"].append({"name": "y", "op": "Unknown", "input": ["out"]}),
    lambda d: d["modelTopology"]["node"].pop(),
    lambda d: d["weightsManifest"][0]["weights"].pop(),
    lambda d: d["weightsManifest"][0]["weights"][0].update(shape=[400]),
    lambda d: d["weightsManifest"][0]["weights"][0].update(shape=[-4]),
    lambda d: d["weightsManifest"][0]["weights"][0].update(dtype="string"),
    lambda d: d["weightsManifest"][0]["weights"][0].update(quantization={"dtype": "uint8", "scale": 2, "min": 0}),
    lambda d: d["signature"]["outputs"]["out:0"]["tensorShape"].update(dim=[{"size": "many"}]),
]


@pytest.mark.parametrize("spoil", NONSENSE)
def test_nonsense_is_refused(spoil: Callable[[dict[str, Any]], object]) -> None:
    description = copy.deepcopy(tiny_tfjs.description())
    spoil(description)
    with pytest.raises(ModelError, match="can't be used"):
        to_onnx(json.dumps(description).encode(), tiny_tfjs.weights())


@pytest.mark.parametrize("graph", [b"", b"[]", b"{", b"null", b"\xff", b'{"weightsManifest": 3}'])
def test_what_is_no_description_is_refused(graph: bytes) -> None:
    with pytest.raises(ModelError, match="can't be used"):
        to_onnx(graph, tiny_tfjs.weights())


@given(st.binary(max_size=60))
def test_weights_of_another_length_are_refused(weights: bytes) -> None:
    with pytest.raises(ModelError, match="can't be used"):
        to_onnx(tiny_tfjs.graph(), weights)
