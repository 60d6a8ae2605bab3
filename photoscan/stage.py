"""What a scan or a cleaning is at: names of stages, for whoever waits and wants to see that something happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Stage = Literal["file", "picture", "faces", "objects", "text", "plates", "codes", "hide", "again"]
"""The file's own words; the pixels; each costly look at them; the copy, and the look at the copy.

Each has its words in the catalogues, `stage.<name>`.
"""
Told = Callable[[Stage], None]
"""Called when a stage begins."""


def nobody(stage: Stage) -> None:
    """Nobody watches."""
