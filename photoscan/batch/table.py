"""A report as a row of a table: what one filters by as columns, and the report itself as JSON."""

from __future__ import annotations

import json
from typing import Any


def schema() -> Any:
    """The columns and their types, for pyarrow."""
    import pyarrow

    text, number, words = pyarrow.string(), pyarrow.int64(), pyarrow.list_(pyarrow.string())
    types = {"path": text, "sha256": text, "bytes": number, "format": text, "width": number, "height": number}
    types |= {"verdict": text, "level": text, "score": number, "kinds": words, "rules": words, "error": text}
    return pyarrow.schema((types | {"report": text}).items())


def row(report: dict[str, Any]) -> dict[str, Any]:
    """The values of these columns."""
    photo = report["photo"]
    return {
        **photo,
        "path": shown(photo["path"]),
        "verdict": report["verdict"],
        "level": report["risk"]["level"],
        "score": report["risk"]["score"],
        "kinds": [finding["kind"] for finding in report["findings"]],
        "rules": [rule["id"] for rule in report["risk"]["rules"]],
        "error": report["error"]["code"] if report["error"] else None,
        "report": json.dumps(report),
    }


def shown(path: str) -> str:
    """A path as valid text: bytes of a name that are none are escaped."""
    return path.encode("utf-8", "backslashreplace").decode()
