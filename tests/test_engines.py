"""Engines: which one is taken and why, what is said where one isn't here, and that everything else sees one door."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from photoscan import models
from photoscan.engines import AUTO, CHOICES, ENGINES, VARIABLE
from photoscan.errors import NotInstalledError, UsageError
from photoscan.fingerprint import fingerprint
from photoscan.models import by_onnxruntime, choosing, manifest, places, processor, sessions
from photoscan.models.choosing import Found, choose
from photoscan.options import ScanOptions
from photoscan.risk.policy import Policy
from tests import fake_carrier

CPU, CUDA, DML, ML = (
    "CPUExecutionProvider",
    "CUDAExecutionProvider",
    "DmlExecutionProvider",
    "CoreMLExecutionProvider",
)

# The choice


@pytest.mark.parametrize(
    ("asked", "openvino", "providers", "bf16", "expected"),
    [
        ("auto", False, (CPU,), False, "onnxruntime/fp32"),
        ("auto", False, (CPU,), True, "onnxruntime/fp32"),
        ("auto", True, (CPU,), False, "onnxruntime/fp32"),
        ("auto", True, (CPU,), True, "openvino/bf16"),
        # A GPU is never taken by itself.
        ("auto", False, (CUDA, CPU), True, "onnxruntime/fp32"),
        ("auto", True, (CUDA, CPU), True, "openvino/bf16"),
        ("onnxruntime", True, (CUDA, CPU), True, "onnxruntime/fp32"),
        ("openvino", True, (CPU,), False, "openvino/fp32"),
        ("openvino", True, (CPU,), True, "openvino/bf16"),
        ("openvino", False, (CPU,), True, "pip install openvino"),
        ("cuda", True, (CUDA, CPU), True, "cuda/fp32"),
        ("cuda", True, (CPU,), True, "pip install onnxruntime-gpu"),
        ("directml", False, (DML, CPU), False, "directml/fp32"),
        ("directml", False, (CUDA, CPU), False, "pip install onnxruntime-directml"),
        ("coreml", False, (ML, CPU), False, "coreml/fp32"),
        ("coreml", False, (CPU,), False, "on a Mac alone"),
        ("tpu", True, (CPU,), True, "use one of auto, onnxruntime, openvino, cuda, directml, coreml"),
    ],
)
def test_the_choice(asked: str, openvino: bool, providers: tuple[str, ...], bf16: bool, expected: str) -> None:
    found = Found(openvino, providers, bf16)
    if "/" in expected:
        assert str(choose(asked, found)) == expected
        return
    with pytest.raises(UsageError if asked == "tpu" else NotInstalledError, match=expected) as error:
        choose(asked, found)
    assert error.value.exit_code == 2


@pytest.fixture
def fresh() -> Iterator[None]:
    choosing._chosen.cache_clear()
    yield
    choosing._chosen.cache_clear()


def test_the_environment_says_what_auto_means(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    monkeypatch.setenv(VARIABLE, "tpu")
    with pytest.raises(UsageError, match="unknown engine 'tpu'"):
        models.check_engine(AUTO)
    assert str(models.chosen("onnxruntime")) == "onnxruntime/fp32"
    monkeypatch.setenv(VARIABLE, "onnxruntime")
    assert str(models.chosen(AUTO)) == "onnxruntime/fp32"


@pytest.mark.parametrize("choice", CHOICES)
def test_options_take_every_engine_and_no_other(choice: str) -> None:
    assert ScanOptions(engine=choice).engine == choice
    assert models.Runtime.of(ScanOptions(engine=choice, threads=2)) == models.Runtime(2, choice)
    with pytest.raises(UsageError, match="unknown engine"):
        ScanOptions(engine=choice + "x")


def test_the_engine_that_runs_belongs_to_the_fingerprint(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    policy = Policy.load("default")
    usual = fingerprint(ScanOptions(engine="onnxruntime"), policy)
    monkeypatch.setattr(choosing, "_found", lambda wanted: Found(False, (CPU,), False))
    assert fingerprint(ScanOptions(), policy) == usual
    choosing._chosen.cache_clear()
    monkeypatch.setattr(choosing, "_found", lambda wanted: Found(True, (CPU,), True))
    assert fingerprint(ScanOptions(), policy) != usual


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16\n\nprocessor: 1\nflags : fpu\n", True),
        ("flags : fpu amx_bf16 amx_tile\n", True),
        ("flags : fpu avx2 avx512f\nbugs : avx512_bf16\n", False),
        ("Features : fp asimd bf16\n", False),
        ("", False),
        (None, None),
    ],
)
def test_what_the_processor_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str | None, expected: bool | None
) -> None:
    if told is not None:
        (tmp_path / "cpuinfo").write_text(told)
    monkeypatch.setattr(processor, "CPUINFO", tmp_path / "cpuinfo")
    processor.flags.cache_clear()
    try:
        assert processor.bf16() is expected
        assert len(processor.key()) == 16
    finally:
        processor.flags.cache_clear()


# The door


class Stub:
    """An engine's network that gives what it got."""

    outputs = ("fetch_name_0",)

    def __init__(self) -> None:
        self.seen: list[tuple[int, ...]] = []
        self.metadata: dict[str, str] = {}

    def run(self, batch: Any) -> dict[str, Any]:
        self.seen.append(batch.shape)
        return {"fetch_name_0": (batch[:, :1] + 1) / 2}


def test_an_adapter_runs_on_whatever_engine_is_chosen(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    from photoscan.vision.text_detector import TextDetector

    stub, asked = Stub(), []

    def opened(file: Path, threads: int, choice: models.Choice) -> Stub:
        asked.append((file.parent.name, threads, str(choice)))
        return stub

    monkeypatch.setattr(choosing, "_found", lambda wanted: Found(True, (CPU,), True))
    monkeypatch.setattr(sessions, "_networks", {})
    monkeypatch.setattr(sessions, "_open", opened)
    picture = np.zeros((50, 70, 3), np.uint8)
    picture[20:30, 10:60] = 255
    detector = TextDetector(models.Runtime(3, "openvino"))
    for _ in range(2):
        (polygon,) = detector.outlines(picture)
    assert asked == [("text-detector", 3, "openvino/bf16")]
    assert stub.seen == [(1, 3, 64, 96)] * 2
    assert min(y for _, y in polygon) < 20 < 30 < max(y for _, y in polygon)


class Session:
    """onnxruntime's session as far as it is needed: it has the providers that its computer can give."""

    def __init__(self, real: list[str]) -> None:
        self.real = real

    def get_providers(self) -> list[str]:
        return self.real

    def get_inputs(self) -> list[Any]:
        return [SimpleNamespace(name="image")]

    def get_outputs(self) -> list[Any]:
        return [SimpleNamespace(name="score")]

    def run(self, names: None, feed: dict[str, Any]) -> list[Any]:
        return [feed["image"] * 2]


@pytest.mark.parametrize("name", ["cuda", "directml", "coreml"])
def test_a_gpu_is_asked_for_with_the_processor_behind_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def session(file: str, options: object, providers: list[str]) -> Session:
        asked.append(providers)
        return Session(providers)

    monkeypatch.setattr(by_onnxruntime.onnxruntime, "InferenceSession", session)
    choice = models.Choice(ENGINES[name], "fp32", choosing.phrase("engine.why.asked"))
    network = by_onnxruntime.open_network(Path("any.onnx"), 1, choice)
    assert asked == [[ENGINES[name].provider, CPU]]
    assert network.run(np.ones((1, 1), np.float32)) == {"score": 2}


def test_a_gpu_that_is_not_there_is_said_and_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_onnxruntime.onnxruntime, "InferenceSession", lambda *_: Session([CPU]))
    choice = models.Choice(ENGINES["cuda"], "fp32", choosing.phrase("engine.why.asked"))
    with pytest.raises(NotInstalledError, match="--engine cuda: its device or driver was not found"):
        by_onnxruntime.open_network(Path("any.onnx"), 1, choice)


def test_providers_are_those_of_the_installed_build(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    monkeypatch.setattr(by_onnxruntime.onnxruntime, "get_available_providers", lambda: [CUDA, CPU])
    assert str(models.chosen("cuda")) == "cuda/fp32"
    with pytest.raises(NotInstalledError, match="onnxruntime-directml"):
        models.chosen("directml")


# What is kept of a session


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The weights of a small model; nothing is kept of it yet."""
    fake_carrier.make(tmp_path, monkeypatch)
    monkeypatch.setenv(places.CACHE, str(tmp_path / "cache"))
    models.install()
    yield models.path("tiny")
    manifest.known.cache_clear()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that onnxruntime opened since."""
    files: list[str] = []
    real = by_onnxruntime._opened

    def counting(file: Path, options: Any) -> Any:
        files.append(file.name)
        return real(file, options)

    monkeypatch.setattr(by_onnxruntime, "_opened", counting)
    return files


def answer(file: Path) -> Any:
    image = np.random.default_rng(1).normal(size=(1, 3, 32, 32)).astype(np.float32)
    network = by_onnxruntime.open_network(file, 1, choose("onnxruntime", Found(False, (CPU,), False)))
    return network.run(image)["score"]


def kept_files() -> list[Path]:
    return sorted((Path(os.environ[places.CACHE]) / "networks" / "tiny").iterdir())


def test_the_second_start_opens_what_was_kept_and_answers_alike(tiny: Path, opened: list[str]) -> None:
    first = answer(tiny)
    model, seal = kept_files()
    assert seal.name == f"{model.name}.seal"
    assert by_onnxruntime.onnxruntime.__version__ in model.name
    assert np.array_equal(answer(tiny), first)
    assert opened == [tiny.name, model.name]


@pytest.mark.parametrize("how", ["truncated", "same size", "empty", "no seal", "another seal", "open to all"])
def test_what_is_not_as_it_was_kept_is_made_anew(tiny: Path, opened: list[str], how: str) -> None:
    first = answer(tiny)
    model, seal = kept_files()
    content = model.read_bytes()
    if how == "truncated":
        model.write_bytes(content[:-100])
    elif how == "same size":
        model.write_bytes(bytes(len(content)))
        os.utime(model, (1, 1))
    elif how == "empty":
        model.write_bytes(b"")
    elif how == "no seal":
        seal.unlink()
    elif how == "another seal":
        seal.write_text("1 2")
    elif hasattr(os, "geteuid"):
        model.chmod(0o666)
    else:
        pytest.skip("no modes here")
    assert np.array_equal(answer(tiny), first)
    assert opened == [tiny.name, tiny.name]
    answer(tiny)
    assert opened[2:] == [model.name]


def test_a_model_that_lies_in_wait_under_the_name_is_not_opened(tiny: Path, opened: list[str]) -> None:
    """With a seal that fits, in a folder that others can write."""
    first = answer(tiny)
    model, seal = kept_files()
    if not hasattr(os, "geteuid"):
        pytest.skip("no modes here")
    (model.parent).chmod(0o777)
    model.write_bytes(b"not ours")
    found = model.stat()
    seal.write_text(f"{found.st_size} {found.st_mtime_ns}")
    assert np.array_equal(answer(tiny), first)
    assert opened == [tiny.name, tiny.name]


def test_a_broken_model_with_a_seal_that_fits_is_made_anew(tiny: Path, opened: list[str]) -> None:
    first = answer(tiny)
    model, seal = kept_files()
    model.write_bytes(b"broken")
    found = model.stat()
    seal.write_text(f"{found.st_size} {found.st_mtime_ns}")
    assert np.array_equal(answer(tiny), first)
    assert opened == [tiny.name, model.name, tiny.name]


@pytest.mark.parametrize("where", ["", "/dev/null/no", "{weights}"])
def test_where_nothing_can_be_kept_it_works_all_the_same(
    tiny: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setenv(places.CACHE, where.format(weights=tiny))
    answer(tiny)
    answer(tiny)
    assert opened == [tiny.name, tiny.name]


def test_another_version_or_processor_opens_nothing_of_the_first(
    tiny: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(tiny)
    monkeypatch.setattr(processor, "key", lambda: "another")
    answer(tiny)
    monkeypatch.setattr(by_onnxruntime.onnxruntime, "__version__", "0")
    answer(tiny)
    assert opened == [tiny.name] * 3
    assert len(kept_files()) == 6


def test_what_is_long_unused_goes(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(tiny)
    killed = kept_files()[0].parent / "tmp0"
    killed.mkdir()
    (killed / "optimised.onnx").write_bytes(b"half")
    old = kept_files()
    for file in old:
        os.utime(file, (1, 1))
    monkeypatch.setattr(processor, "key", lambda: "another")
    answer(tiny)
    assert len(kept_files()) == 2
    assert not set(old) & set(kept_files())


def test_threads_that_start_together_keep_one_whole_model(tiny: Path) -> None:
    got: list[Any] = []
    threads = [threading.Thread(target=lambda: got.append(answer(tiny))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    assert all(np.array_equal(got[0], one) for one in got)
    assert len(kept_files()) == 2


def test_nothing_heavy_is_loaded_to_choose() -> None:
    script = (
        "import sys\nfrom photoscan import models\nmodels.chosen()\nprint(*{'numpy', 'onnxruntime'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_models_list_says_beside_its_table_which_engine_runs_and_why(
    monkeypatch: pytest.MonkeyPatch, fresh: None, capsys: pytest.CaptureFixture[str]
) -> None:
    from photoscan.cli.models import list_

    monkeypatch.setattr(choosing, "_found", lambda wanted: Found(False, (CPU,), True))
    list_.main([], standalone_mode=False)
    said = capsys.readouterr()
    assert "engine" not in said.out.lower()
    assert "onnxruntime, fp32" in said.err
    assert "pip install openvino" in said.err
