"""From a graph model of TensorFlow.js (its JSON and its weights) to ONNX: the operators that plain networks use.

TensorFlow.js keeps pictures as number, height, width, channels; ONNX's convolutions want the channels second. Each such
node stands between two transpositions, which onnxruntime cancels when it opens the model.
Formats: https://github.com/tensorflow/tfjs (tfjs-converter) and https://onnx.ai/onnx/operators.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from photoscan.errors import ModelError

if TYPE_CHECKING:
    import onnx
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Node = Mapping[str, Any]

OPSET, IR = 17, 9
CHANNELS_SECOND, CHANNELS_LAST = (0, 3, 1, 2), (0, 2, 3, 1)
DTYPES: Mapping[str, type[np.generic]] = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}


def to_onnx(graph: bytes, weights: bytes) -> onnx.ModelProto:
    """The network of a `model.json` and its weight file, its inputs and outputs named as there (without ':0').

    ModelError when the graph makes no sense, has an operator that is not known here, or weights of another length.
    """
    from onnx import checker

    try:
        description = json.loads(graph)
        model = _Converter(_tensors(description["weightsManifest"], weights)).convert(description)
        checker.check_model(model, full_check=True)
    except (ValueError, LookupError, TypeError, AttributeError, checker.ValidationError) as error:
        raise ModelError("problem.model.graph", why=type(error).__name__) from None
    return model


def _tensors(groups: Sequence[Mapping[str, Any]], weights: bytes) -> dict[str, Array]:
    """Every weight by name, as float32, int32 or bool; such as are kept in half precision are widened."""
    tensors: dict[str, Array] = {}
    at = 0
    for row in (row for group in groups for row in group["weights"]):
        half = row.get("quantization", {}).get("dtype") == "float16"
        if row.get("quantization") and not half:
            raise ValueError("weights quantised otherwise than to half precision")
        kind = np.dtype(np.float16 if half else DTYPES[row["dtype"]])
        count = int(np.prod(row["shape"], dtype=np.int64))
        values = np.frombuffer(weights, kind.newbyteorder("<"), count, at).reshape(row["shape"])
        tensors[row["name"]] = values.astype(np.float32 if half else kind)
        at += count * kind.itemsize
    if at != len(weights):
        raise ValueError("the weights are longer than the graph says")
    return tensors


class _Converter:
    """One conversion: constants by name (folded where a node has only such inputs), and the nodes so far."""

    def __init__(self, tensors: Mapping[str, Array]) -> None:
        self.tensors = tensors
        self.constants: dict[str, Array] = {}
        self.nodes: list[onnx.NodeProto] = []
        self.initialisers: dict[str, Array] = {}

    def convert(self, description: Mapping[str, Any]) -> onnx.ModelProto:
        """The whole graph; nodes come in an order in which each follows its inputs."""
        from onnx import helper, numpy_helper

        for node in description["modelTopology"]["node"]:
            OPERATORS[node["op"]](self, node, [_name(i) for i in node.get("input", []) if not i.startswith("^")])
        signature = description["signature"]
        graph = helper.make_graph(
            self.nodes,
            "tfjs",
            [_declared(name, value) for name, value in signature["inputs"].items()],
            [_declared(name, value) for name, value in signature["outputs"].items()],
            [numpy_helper.from_array(values, name) for name, values in self.initialisers.items()],
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)

    def add(self, kind: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any) -> None:
        """One node of ONNX; inputs that are constants of the graph become initialisers."""
        from onnx import helper

        self.initialisers |= {name: self.constants[name] for name in inputs if name in self.constants}
        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))

    def constant(self, name: str, values: Any, kind: type[np.generic] = np.int64) -> str:
        """A constant of our own beside a node's, by its new name."""
        self.constants[name] = np.ascontiguousarray(values, kind)
        return name

    def between(self, kind: str, inputs: Sequence[str], name: str, **attributes: Any) -> None:
        """A node that wants channels second; its first input and its output have them last."""
        self.add("Transpose", [inputs[0]], [f"{name}/in"], perm=CHANNELS_SECOND)
        self.add(kind, [f"{name}/in", *inputs[1:]], [f"{name}/out"], **attributes)
        self.add("Transpose", [f"{name}/out"], [name], perm=CHANNELS_LAST)


def _name(given: str) -> str:
    """A tensor by one name: the first output of a node is called like the node."""
    return given.removesuffix(":0")


def _declared(name: str, value: Mapping[str, Any]) -> onnx.ValueInfoProto:
    from onnx import TensorProto, helper

    sizes = [int(dim["size"]) for dim in value["tensorShape"]["dim"]]
    return helper.make_tensor_value_info(_name(name), TensorProto.FLOAT, sizes)


def _const(to: _Converter, node: Node, _: list[str]) -> None:
    to.constants[node["name"]] = to.tensors[node["name"]]


def _placeholder(to: _Converter, node: Node, inputs: list[str]) -> None:
    """Declared by the signature."""


def _sparse_to_dense(to: _Converter, node: Node, inputs: list[str]) -> None:
    """Only of constants: computed here."""
    where, shape, values, default = (to.constants[name] for name in inputs)
    dense = np.full(shape, default)
    dense[tuple(np.reshape(where, (-1, dense.ndim)).T)] = values
    to.constants[node["name"]] = dense


def _add(to: _Converter, node: Node, inputs: list[str]) -> None:
    a, b = inputs
    if a in to.constants and b in to.constants:
        to.constants[node["name"]] = to.constants[a] + to.constants[b]
    else:
        to.add("Add", inputs, [node["name"]])


def _same(kind: str) -> Operator:
    """An operator that is the same in both."""
    return lambda to, node, inputs: to.add(kind, inputs[:1], [node["name"]])


def _leaky_relu(to: _Converter, node: Node, inputs: list[str]) -> None:
    to.add("LeakyRelu", inputs, [node["name"]], alpha=float(node["attr"]["alpha"]["f"]))


def _transpose(to: _Converter, node: Node, inputs: list[str]) -> None:
    to.add("Transpose", inputs[:1], [node["name"]], perm=to.constants[inputs[1]].tolist())


def _reshape(to: _Converter, node: Node, inputs: list[str]) -> None:
    shape = to.constant(f"{node['name']}/sizes", to.constants[inputs[1]])
    to.add("Reshape", [inputs[0], shape], [node["name"]])


def _concat(to: _Converter, node: Node, inputs: list[str]) -> None:
    to.add("Concat", inputs[:-1], [node["name"]], axis=int(to.constants[inputs[-1]]))


def _split(to: _Converter, node: Node, inputs: list[str]) -> None:
    sizes = to.constants[inputs[1]]
    outputs = [node["name"], *(f"{node['name']}:{i}" for i in range(1, len(sizes)))]
    lengths = to.constant(f"{node['name']}/sizes", sizes)
    to.add("Split", [inputs[0], lengths], outputs, axis=int(to.constants[inputs[2]]))


def _pad(to: _Converter, node: Node, inputs: list[str]) -> None:
    """Paddings come as rows of before and after; ONNX wants all before, then all after."""
    pads = to.constant(f"{node['name']}/pads", to.constants[inputs[1]].T.reshape(-1))
    filling = [to.constant(f"{node['name']}/filling", to.constants[i].reshape(()), np.float32) for i in inputs[2:]]
    to.add("Pad", [inputs[0], pads, *filling], [node["name"]])


def _convolution(to: _Converter, node: Node, inputs: list[str]) -> None:
    """Kernels come as height, width, channels in, channels out."""
    kernel = to.constants[inputs[1]]
    weights = to.constant(f"{node['name']}/kernel", kernel.transpose(3, 2, 0, 1), np.float32)
    shape = {"kernel_shape": kernel.shape[:2], "strides": _sides(node, "strides"), "auto_pad": _padding(node)}
    if "dilations" in node["attr"]:
        shape["dilations"] = _sides(node, "dilations")
    to.between("Conv", [inputs[0], weights], node["name"], **shape)


def _max_pool(to: _Converter, node: Node, inputs: list[str]) -> None:
    shape = {"kernel_shape": _sides(node, "ksize"), "strides": _sides(node, "strides"), "auto_pad": _padding(node)}
    to.between("MaxPool", inputs, node["name"], **shape)


def _resize(to: _Converter, node: Node, inputs: list[str]) -> None:
    """To a fixed height and width; number and channels as they come."""
    name, attributes = node["name"], node["attr"]
    half = attributes.get("half_pixel_centers", {}).get("b", False)
    corners = attributes.get("align_corners", {}).get("b", False)
    mode = "align_corners" if corners else "half_pixel" if half else "asymmetric"
    ends = [to.constant(f"{name}/{place}", [place]) for place in (0, 1, 3, 4)]
    to.add("Shape", [inputs[0]], [f"{name}/shape"])
    to.add("Slice", [f"{name}/shape", ends[0], ends[1]], [f"{name}/number"])
    to.add("Slice", [f"{name}/shape", ends[2], ends[3]], [f"{name}/channels"])
    sides = to.constant(f"{name}/sides", to.constants[inputs[1]])
    to.add("Concat", [f"{name}/number", f"{name}/channels", sides], [f"{name}/sizes"], axis=0)
    step = {"mode": "linear", "coordinate_transformation_mode": mode}
    to.between("Resize", [inputs[0], "", "", f"{name}/sizes"], name, **step)


def _sides(node: Node, attribute: str) -> list[int]:
    """Height and width of an attribute that has number and channels as well."""
    return [int(value) for value in node["attr"][attribute]["list"]["i"]][1:3]


def _padding(node: Node) -> str:
    return {"SAME": "SAME_UPPER", "VALID": "VALID"}[base64.b64decode(node["attr"]["padding"]["s"]).decode()]


Operator = Callable[["_Converter", "Node", list[str]], None]
OPERATORS: Mapping[str, Operator] = {
    "Const": _const,
    "Placeholder": _placeholder,
    "SparseToDense": _sparse_to_dense,
    "Add": _add,
    "AddV2": _add,
    "Sigmoid": _same("Sigmoid"),
    "Identity": _same("Identity"),
    "LeakyRelu": _leaky_relu,
    "Transpose": _transpose,
    "Reshape": _reshape,
    "ConcatV2": _concat,
    "SplitV": _split,
    "Pad": _pad,
    "PadV2": _pad,
    "Conv2D": _convolution,
    "MaxPool": _max_pool,
    "ResizeBilinear": _resize,
}
