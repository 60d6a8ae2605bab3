"""Writes the types of the JavaScript client from the service's description: `python scripts/client_types.py`.

A test compares the two, so that a document of the service never has another shape than its types say.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from photoscan.service import documents

FILE = Path(__file__).parents[1] / "clients" / "js" / "src" / "openapi.d.ts"
HEAD = "// Made by scripts/client_types.py from the service's OpenAPI description.\n"
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_REFERENCE = "#/components/schemas/"


def declarations() -> str:
    """The whole file: a type for each schema."""
    rows = documents.components()
    return HEAD + "".join(f"\nexport type {_name(name)} = {_type(row, 0)};\n" for name, row in rows.items())


def _name(name: str) -> str:
    return name[0].upper() + name[1:]


def _type(row: Mapping[str, Any], depth: int) -> str:
    """A JSON schema as a type of TypeScript; what it can't say is 'unknown'."""
    if "$ref" in row:
        return _name(str(row["$ref"]).removeprefix(_REFERENCE))
    if "const" in row:
        return json.dumps(row["const"])
    if "enum" in row:
        return " | ".join(json.dumps(value) for value in row["enum"])
    for way in ("oneOf", "anyOf"):
        if way in row:
            return " | ".join(dict.fromkeys(_type(one, depth) for one in row[way]))
    kind = row.get("type")
    if isinstance(kind, list):
        return " | ".join(_type({**row, "type": one}, depth) for one in kind)
    if kind == "array":
        return f"({_type(row.get('items', {}), depth)})[]"
    if kind == "object" or "properties" in row:
        return _object(row, depth)
    return _PLAIN.get(str(kind), "unknown")


def _object(row: Mapping[str, Any], depth: int) -> str:
    if "properties" not in row:
        values = row.get("additionalProperties")
        return f"Record<string, {_type(values, depth) if isinstance(values, Mapping) else 'unknown'}>"
    required, indent = row.get("required", ()), "  " * (depth + 1)
    members = []
    for name, member in row["properties"].items():
        if told := member.get("description"):
            members.append(f"{indent}/** {told} */")
        members.append(f"{indent}{json.dumps(name)}{'' if name in required else '?'}: {_type(member, depth + 1)};")
    return "\n".join(["{", *members, "  " * depth + "}"])


if __name__ == "__main__":
    sys.exit(int(FILE.write_text(declarations(), "utf-8") == 0))
