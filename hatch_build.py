"""Build hook: a wheel carries the manifest, the cards, and whichever models of the default group are prepared here."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ModelsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Maps `models/` of the checkout to `photoscan/_models/` of the wheel; `make wheel` prepares the models first."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to the wheel. Editable installs read the checkout itself."""
        if version == "editable":
            return
        source = Path(self.root) / "models"
        for file in packaged(source):
            build_data["force_include"][str(file)] = f"photoscan/_models/{file.relative_to(source).as_posix()}"


def packaged(source: Path) -> Iterator[Path]:
    """The files under `models/` that a wheel carries; RuntimeError names a damaged model."""
    manifest = source / "manifest.toml"
    yield manifest
    for name, row in tomllib.loads(manifest.read_text("utf-8"))["models"].items():
        folder = source / name
        yield folder / "README.md"
        record = folder / "prepared.json"
        if row["group"] == "default" and record.exists():
            weights = folder / row.get("file", row["member"].rpartition("/")[2])
            if hashlib.sha256(weights.read_bytes()).hexdigest() != json.loads(record.read_text())["prepared"]:
                raise RuntimeError(f"the model {name} is damaged: run 'photoscan models install' before building")
            yield from (weights, record, *sorted(folder.glob("LICENSE*")))
