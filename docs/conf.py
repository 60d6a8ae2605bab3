"""How Sphinx makes the documentation site: `make site` renders every page below to `build/site`, without a network."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import photoscan  # noqa: E402 - found by the line above

project = "photoscan"
author = "the photoscan authors"
version = release = photoscan.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "docs/index"
# The sources are the repository itself, so that links between pages hold here and there.
include_patterns = [
    "docs/**",
    "*.md",
    "benchmarks/results/*.md",
    "models/*/README.md",
    "photoscan/rules/plates/README.md",
    "fixtures/known_misses/README.md",
    "clients/js/README.md",
]
exclude_patterns = ["docs/examples/**"]

myst_heading_anchors = 3
default_role = "code"
autoclass_content = "class"
autodoc_default_options = {"members": True, "undoc-members": False}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = f"photoscan {version}"
html_copy_source = False
html_extra_path = ["site"]


def _as_written(app: Any, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Docstrings are plain text with code in backticks: elsewhere no underscore or star of theirs is markup."""
    for number, line in enumerate(lines):
        parts = re.split(r"(`[^`]*`)", line)
        lines[number] = "".join(p if p.startswith("`") else re.sub(r"(?<=\w)_(?!\w)|\*", r"\\\g<0>", p) for p in parts)


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", _as_written)
