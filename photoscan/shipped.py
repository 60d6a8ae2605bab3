"""Files that come with the package: rules, texts, policies, pages."""

from __future__ import annotations

from pathlib import Path

HOME = Path(__file__).parent
"""Where they lie. `importlib.resources` would ask for it in a roundabout way, which takes as long as reading a photo's
metadata."""


def text(name: str) -> str:
    """What a file of UTF-8 text says. `name`: its path in the package. FileNotFoundError where there is none."""
    return HOME.joinpath(name).read_text("utf-8")
