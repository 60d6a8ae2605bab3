"""Which engine runs the networks, and why."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Literal

from photoscan.engines import AUTO, CHOICES, ENGINES, VARIABLE, Engine, is_named
from photoscan.errors import NotInstalledError, Phrase, UsageError, phrase
from photoscan.models import processor

Precision = Literal["fp32", "bf16"]


@dataclass(frozen=True, slots=True)
class Found:
    """What is here: whether OpenVINO is installed, the providers of the installed onnxruntime, whether the processor
    computes in bfloat16.
    """

    openvino: bool
    providers: tuple[str, ...]
    bf16: bool

    def has(self, engine: Engine) -> bool:
        """Whether an engine is installed."""
        return self.openvino if engine.provider is None else engine.provider in self.providers


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine that runs the networks, how exactly it computes, and why it was chosen."""

    engine: Engine
    precision: Precision
    why: Phrase

    def __str__(self) -> str:
        return f"{self.engine.name}/{self.precision}"


def choose(asked: str, found: Found) -> Choice:
    """The engine for a choice of `CHOICES`.

    By itself a GPU is never taken: its answers weren't compared on real devices. UsageError for an unknown name,
    NotInstalledError, with what to install, for an engine that isn't here.
    """
    if asked not in CHOICES:
        raise UsageError("problem.option.engine", word=asked, known=", ".join(CHOICES))
    vino = ENGINES["openvino"]
    if asked == AUTO:
        if found.openvino and found.bf16:
            return Choice(vino, "bf16", phrase("engine.why.bf16"))
        why = "engine.why.no_bf16" if found.openvino else "engine.why.no_openvino" if found.bf16 else "engine.why.usual"
        return Choice(ENGINES["onnxruntime"], "fp32", phrase(why))
    engine = ENGINES[asked]
    if not found.has(engine):
        raise NotInstalledError(f"problem.engine.{_lacking(engine)}", name=engine.name, package=engine.package)
    return Choice(engine, "bf16" if engine is vino and found.bf16 else "fp32", phrase("engine.why.asked"))


def _lacking(engine: Engine) -> str:
    return "openvino" if engine.provider is None else "coreml" if engine.name == "coreml" else "provider"


def chosen(asked: str = AUTO) -> Choice:
    """The engine for a choice on this computer; `auto` is what the environment says, if it says anything.

    Raises as `choose`.
    """
    return _chosen(asked if asked != AUTO else os.environ.get(VARIABLE) or AUTO)


def check_engine(asked: str) -> None:
    """Raise as `choose` for what was asked for. What chooses itself is there, and nothing is loaded to learn which."""
    if is_named(asked):
        chosen(asked)


@cache
def _chosen(wanted: str) -> Choice:
    return choose(wanted, _found(wanted))


def _found(wanted: str) -> Found:
    """What is here, as far as the choice depends on it: nothing heavy is loaded to learn what nobody asks."""
    vino = importlib.util.find_spec("openvino") is not None
    bf16 = processor.bf16()
    if wanted in (AUTO, "openvino") and vino and bf16 is not False:
        bf16 = import_module(ENGINES["openvino"].opens).has_bf16()
    engine = ENGINES.get(wanted)
    if engine is None or engine.provider in (None, ENGINES["onnxruntime"].provider):
        return Found(vino, ("CPUExecutionProvider",), bool(bf16))
    return Found(vino, import_module(engine.opens).providers(), bool(bf16))
