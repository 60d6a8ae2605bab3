"""Files that come with the package: rules, texts, policies, pages."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent
"""Where they lie. `importlib.resources` would ask for it in a roundabout way, which takes as long as reading a photo's
metadata."""


def text(name: str) -> str:
    """What a file of UTF-8 text says. `name`: its path in the package. FileNotFoundError where there is none."""
    return HOME.joinpath(name).read_text("utf-8")


def rules(name: str) -> dict[str, Any]:
    """What a TOML file says. `name`: its path in the package. FileNotFoundError where there is none, and
    tomllib.TOMLDecodeError for what is no TOML.

    Parsing takes longer than reading a photo's metadata, so what was parsed is kept in `__pycache__` as Python keeps
    compiled modules: for a source of the same size and time, and not where Python may not write.
    """
    source = HOME.joinpath(name)
    stamp = source.stat()
    seal = [stamp.st_size, stamp.st_mtime_ns]
    kept = source.parent / "__pycache__" / f"{source.name}.json"
    with suppress(OSError, ValueError, TypeError, RecursionError):
        was, document = json.loads(kept.read_bytes())
        if was == seal and isinstance(document, dict):
            return document
    import tomllib  # most starts find what was kept

    document = tomllib.loads(source.read_text("utf-8"))
    if not sys.dont_write_bytecode:
        with suppress(OSError, TypeError):
            _keep(kept, json.dumps([seal, document]).encode())
    return document


def _keep(file: Path, data: bytes) -> None:
    """Put a file in place at once: another process may be reading it."""
    file.parent.mkdir(exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
