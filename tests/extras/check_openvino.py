"""The extra `openvino`: run by `make test-extras` only, which installs it (large)."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photoscan import models
from photoscan.models import choosing, places
from photoscan.models.choosing import Found, choose

SHAPES = {
    "text-detector": (1, 3, 96, 160),
    "text-recogniser": (2, 3, 48, 333),
    "face-detector": (1, 3, 96, 160),
    "plate-detector": (1, 3, 97, 161),
    "age": (9, 3, 64, 64),
}


def answers(name: str, engine: str) -> Any:
    """Of a network to the same noise, in the range that its adapter gives it."""
    scale = 255 if name in ("face-detector", "plate-detector") else 1
    noise = np.random.default_rng(1).random(SHAPES[name], dtype=np.float32) * scale
    return models.Runtime(engine=engine).network(name).run(noise)


@pytest.mark.parametrize("name", SHAPES)
def test_openvino_answers_as_onnxruntime_does(name: str) -> None:
    if str(models.chosen("openvino")) != "openvino/fp32":
        pytest.skip("this processor computes in bfloat16: answers differ by its precision")
    expected, got = answers(name, "onnxruntime"), answers(name, "openvino")
    assert list(got) == list(expected)
    for output, values in expected.items():
        assert got[output].shape == values.shape
        assert np.abs(got[output] - values).max() < 1e-3 * max(1, np.abs(values).max())


def test_the_recogniser_has_its_dictionary() -> None:
    runtime = models.Runtime(engine="openvino")
    dictionary = models.Runtime(engine="onnxruntime").network("text-recogniser").metadata["character"]
    assert runtime.network("text-recogniser").metadata["character"] == dictionary


def test_threads_share_a_network() -> None:
    expected = answers("age", "openvino")
    got: list[Any] = []
    threads = [threading.Thread(target=lambda: got.append(answers("age", "openvino"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    assert all(np.allclose(one[name], expected[name], atol=1e-5) for one in got for name in expected)


@pytest.mark.parametrize("how", ["whole", "truncated", "empty"])
def test_what_is_kept_is_opened_again_or_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    from photoscan.models import by_openvino

    monkeypatch.setenv(places.CACHE, str(tmp_path / "cache"))
    choice = choose("openvino", Found(True, (), by_openvino.has_bf16()))
    file = models.path("age")
    chips = np.random.default_rng(1).random(SHAPES["age"], dtype=np.float32)
    (expected,) = by_openvino.open_network(file, 1, choice).run(chips).values()
    (blob,) = (tmp_path / "cache" / "openvino" / "age").glob("*.blob")
    if how != "whole":
        blob.chmod(0o600)
        blob.write_bytes(blob.read_bytes()[: 1000 if how == "truncated" else 0])
    (again,) = by_openvino.open_network(file, 1, choice).run(chips).values()
    assert np.allclose(again, expected, atol=1e-5)


def test_it_is_chosen_by_itself_where_the_processor_computes_in_bfloat16() -> None:
    from photoscan.models import by_openvino

    choosing._chosen.cache_clear()
    assert str(models.chosen()) == ("openvino/bf16" if by_openvino.has_bf16() else "onnxruntime/fp32")


def test_its_telemetry_is_not_even_loaded() -> None:
    script = "import sys; from photoscan import models; models.Runtime(engine='openvino').network('age')\n"
    script += "print([name for name in sys.modules if name.startswith('openvino_telemetry')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
