"""What the OpenAPI document says of albums: their body, their answer and its schemas."""

from __future__ import annotations

from typing import Any

ALBUM_BODY: dict[str, Any] = {
    "required": True,
    "description": "A form with the photos, in order, and what will be shared with them.",
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["photo"],
                "additionalProperties": False,
                "properties": {
                    "photo": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 16,
                        "items": {"type": "string", "format": "binary"},
                    },
                    "caption": {"type": "string", "maxLength": 16000, "description": "Searched with the first photo."},
                },
            }
        }
    },
}
ALBUM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The decisions: for each photo, and for all together.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Album"}}},
    }
}
_NUMBERS = {"type": "array", "items": {"type": "integer", "minimum": 1}}
_TOGETHER: dict[str, Any] = {
    "type": "object",
    "required": ["decision", "combinations", "repeats", "joined", "left_out"],
    "properties": {
        "decision": {"enum": ["allow", "review"]},
        "combinations": {
            "type": "array",
            "description": "What no photo says alone.",
            "items": {
                "type": "object",
                "required": ["id", "message", "photos", "findings"],
                "properties": {
                    "id": {"type": "string"},
                    "message": {"type": "string"},
                    "photos": _NUMBERS,
                    "findings": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["photo", "id"],
                            "properties": {"photo": {"type": "integer"}, "id": {"type": "string"}},
                        },
                    },
                },
            },
        },
        "repeats": {
            "type": "array",
            "description": "What is in several photos.",
            "items": {
                "type": "object",
                "required": ["kind", "message", "photos"],
                "properties": {"kind": {"type": "string"}, "message": {"type": "string"}, "photos": _NUMBERS},
            },
        },
        "joined": {
            "type": "array",
            "description": "Photos of people whose place another photo tells.",
            "items": {
                "type": "object",
                "required": ["beside", "message", "photos"],
                "properties": {"beside": {"type": "integer"}, "message": {"type": "string"}, "photos": _NUMBERS},
            },
        },
        "left_out": {**_NUMBERS, "description": "Photos that nothing is told of here."},
    },
}


def schemas(
    decision: dict[str, Any], reason: dict[str, Any], notice: dict[str, Any], kinds: dict[str, Any]
) -> dict[str, Any]:
    """The schemas by name, made of those that a check has as well."""
    return {
        "Album": {
            "type": "object",
            "required": ["decision", "policy", "photos", "together"],
            "properties": {
                "decision": {
                    **decision,
                    "description": "Of all: the gravest of those of the photos and of all together.",
                },
                "policy": {
                    "type": "object",
                    "required": ["name", "version"],
                    "properties": {"name": {"type": "string"}, "version": {"type": "string"}},
                },
                "photos": {"type": "array", "items": {"$ref": "#/components/schemas/AlbumPhoto"}},
                "together": {"$ref": "#/components/schemas/Together"},
            },
        },
        "AlbumPhoto": {
            "type": "object",
            "required": ["photo", "decision", "problem", "reasons", "notices", "kinds", "findings", "more_findings"],
            "properties": {
                "photo": {"type": "integer", "minimum": 1, "description": "Its place in the form."},
                "decision": decision,
                "problem": {
                    "description": "Why it could not be looked at.",
                    "oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Problem"}],
                },
                "reasons": {"type": "array", "items": reason},
                "notices": {"type": "array", "items": notice},
                "kinds": kinds,
                "findings": {
                    "type": "array",
                    "maxItems": 50,
                    "items": {"type": "object"},
                    "description": "As in a report, those that decide first.",
                },
                "more_findings": {"type": "integer", "minimum": 0, "description": "How many more there are."},
            },
        },
        "Together": _TOGETHER,
    }
