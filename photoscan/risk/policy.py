"""Policies: what a finding means for the one who asks. TOML files, the same for every shell."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from photoscan.errors import UsageError
from photoscan.kind import check_prefix

SHIPPED = ("default", "platform", "workshop", "strict")
LEVELS = ("none", "low", "medium", "high", "critical")
"""Levels of risk, rising."""

Decision = Literal["allow", "review", "block"]
_DECISIONS = ("allow", "review", "block")
_KEYS = {"name", "version", "minimum_confidence", "required", "review_from", "block_from", "kinds"}


@dataclass(frozen=True, slots=True)
class Policy:
    """How findings become a verdict.

    `required`: names of detectors that have to be ok. `review_from`, `block_from`: the level of risk from which the
    verdict
    is at least that, or 'never'. `kinds`: a decision of its own for a kind (dotted prefix), whatever the level.
    Findings
    below `minimum_confidence` are shown, but do not decide.
    """

    name: str
    version: str
    minimum_confidence: float = 0.5
    required: tuple[str, ...] = ()
    review_from: str = "medium"
    block_from: str = "critical"
    kinds: Mapping[str, Decision] = field(default_factory=dict)

    @staticmethod
    def load(name: str) -> Policy:
        """A shipped policy by name, or a file by its path; UsageError says what is wrong with it."""
        if name in SHIPPED:
            text = resources.files("photoscan").joinpath(f"policies/{name}.toml").read_text("utf-8")
        else:
            path = Path(name)
            if not path.is_file():
                raise UsageError(f"no policy {name!r}: use {', '.join(SHIPPED)} or the path of a .toml file")
            text = path.read_text("utf-8")
        try:
            return Policy.parse(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"policy {name}: not valid TOML: {error}") from None
        except UsageError as error:
            raise UsageError(f"policy {name}: {error}") from None

    @staticmethod
    def parse(rows: Mapping[str, Any]) -> Policy:
        """A policy from its rows; UsageError names the row that makes no sense."""
        if unknown := sorted(set(rows) - _KEYS):
            raise UsageError(f"unknown setting {unknown[0]!r}: use {', '.join(sorted(_KEYS))}")
        for key in ("name", "version"):
            if not isinstance(rows.get(key), str):
                raise UsageError(f"{key!r} is missing or no text")
        confidence = rows.get("minimum_confidence", 0.5)
        if not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
            raise UsageError("'minimum_confidence' has to be a number from 0 to 1")
        for key in ("review_from", "block_from"):
            if rows.get(key, "never") not in (*LEVELS[1:], "never"):
                raise UsageError(f"{key!r} has to be one of {', '.join(LEVELS[1:])}, never")
        kinds = rows.get("kinds", {})
        for prefix, decision in kinds.items():
            check_prefix(prefix)
            if decision not in _DECISIONS:
                raise UsageError(f"{prefix!r} has to be one of {', '.join(_DECISIONS)}")
        return Policy(
            rows["name"],
            rows["version"],
            float(confidence),
            tuple(rows.get("required", ())),
            rows.get("review_from", "medium"),
            rows.get("block_from", "critical"),
            kinds,
        )
