"""What the OpenAPI document says beside what FastAPI knows by itself: bodies, answers and their examples."""

from __future__ import annotations

import json
from typing import Any

from photoscan import shipped
from photoscan.formats import Format
from photoscan.service import album_documents
from photoscan.service.problem import STATUS, TYPES
from photoscan.web import PROBLEM

DESCRIPTION = """\
Says what a photo gives away before it is shared, and makes copies that are safe to share.

Values that were read in a photo are masked in every answer. Nothing of a photo is kept. Every error is a problem
(RFC 9457); its `code` is stable, its `title` is in the language that was asked for.
"""
PHOTO_TYPES = ("application/octet-stream", *(format_.row.media for format_ in Format if format_.decodable))
"""Media types of raw bodies that are named; the body's first bytes count, not what it is called."""

_BINARY = {"schema": {"type": "string", "format": "binary"}}
PHOTO_BODY: dict[str, Any] = {
    "required": True,
    "description": "The photo's bytes, or a form with the photo and what will be shared with it.",
    "content": {
        **dict.fromkeys(PHOTO_TYPES, _BINARY),
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["photo"],
                "additionalProperties": False,
                "properties": {
                    "photo": {"type": "string", "format": "binary", "description": "The file; its name counts too."},
                    "caption": {"type": "string", "maxLength": 16000, "description": "It is searched as well."},
                },
            }
        },
    },
}
TEXT_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "text/plain": {"schema": {"type": "string", "maxLength": 16000}, "example": "Wi-Fi password: mango#Kite47"},
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["text"],
                "additionalProperties": False,
                "properties": {"text": {"type": "string", "maxLength": 16000}},
            },
            "example": {"text": "Wi-Fi password: mango#Kite47"},
        },
    },
}
_REPORT = {"$ref": "#/components/schemas/Report"}
_REASON = {
    "type": "object",
    "required": ["code", "decision", "about", "findings", "message"],
    "properties": {
        "code": {"enum": ["kind", "level", "unreadable", "not_inspected"]},
        "decision": {"enum": ["block", "incomplete", "review"]},
        "about": {"type": "string", "description": "The kind, level, error or detector."},
        "findings": {"type": "array", "items": {"type": "string"}, "description": "Their ids in the report."},
        "message": {"type": "string"},
    },
}
_NOTICE = {
    "type": "object",
    "required": ["code", "findings", "message"],
    "properties": {
        "code": {
            "type": "string",
            "description": "'consent': people can be recognised; 'minor': one may be under age; 'exposed_minor': one "
            "who may be is perhaps seen undressed; 'film': the film of a Live Photo lies beside it.",
        },
        "findings": {"type": "array", "items": {"type": "string"}, "description": "Their ids in the report."},
        "message": {"type": "string"},
    },
}
_MORE_FINDINGS = {
    "type": "integer",
    "minimum": 0,
    "description": "How many findings the report does not tell: of too many, those that decide come first.",
}
_DECISION = {"enum": ["allow", "review", "block", "incomplete"]}
_OF_COPY = {
    "enum": [*_DECISION["enum"], None],
    "description": "Of the copy itself, by the same policy, which may ask to look at what it does not hide; null where "
    "nobody looked at its picture.",
}
_KINDS = {
    "type": "object",
    "description": "for each kind that was found its name, why it matters, and what to do.",
    "additionalProperties": {
        "type": "object",
        "required": ["title", "why", "do"],
        "properties": {name: {"type": "string"} for name in ("title", "why", "do")},
    },
}
SCHEMAS: dict[str, Any] = {
    "Check": {
        "type": "object",
        "required": ["decision", "reasons", "notices", "policy", "report", "more_findings"],
        "properties": {
            "decision": {**_DECISION, "description": "What the policy says; 'incomplete': not wholly inspected."},
            "reasons": {"type": "array", "items": _REASON, "description": "What decides, what outranks first."},
            "notices": {
                "type": "array",
                "items": _NOTICE,
                "description": "Questions to the owner; decide nothing.",
            },
            "policy": {
                "type": "object",
                "required": ["name", "version"],
                "properties": {"name": {"type": "string"}, "version": {"type": "string"}},
            },
            "report": _REPORT,
            "more_findings": _MORE_FINDINGS,
            "tier": {
                "enum": ["metadata", "fast", "balanced", "thorough"],
                "description": "How far a look in steps (`tiers`) went.",
            },
            "kinds": {**_KINDS, "description": f"With `copy`: {_KINDS['description']}"},
            "copy": {
                "description": "With `copy`: the safe copy; null where none is needed, or none can be made.",
                "oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Copy"}],
            },
            "no_copy": {"type": "string", "description": "With `copy`: why there can be none."},
        },
    },
    "Receipt": {
        "type": "object",
        "required": [
            "tool",
            "source",
            "output",
            "removed",
            "hidden",
            "kept",
            "kept_parts",
            "notes",
            "proofs",
            "looked",
        ],
        "description": "What was removed, what was hidden, what was kept, and how that was proved; "
        "`more`: how many rows of which list are not told.",
    },
    "Cleaned": {
        "type": "object",
        "required": ["decision", "media_type", "photo", "receipt"],
        "properties": {
            "decision": _OF_COPY,
            "media_type": {"type": "string"},
            "photo": {"type": "string", "contentEncoding": "base64"},
            "receipt": {"$ref": "#/components/schemas/Receipt"},
        },
    },
    "Copy": {
        "type": "object",
        "required": ["decision", "media_type", "photo", "preview", "receipt"],
        "properties": {
            "decision": _OF_COPY,
            "media_type": {"type": "string"},
            "photo": {"type": "string", "contentEncoding": "base64"},
            "preview": {
                "type": ["string", "null"],
                "contentEncoding": "base64",
                "description": "The copy as a JPEG of at most 1024 pixels a side.",
            },
            "receipt": {"$ref": "#/components/schemas/Receipt"},
        },
    },
    **album_documents.schemas(_DECISION, _REASON, _NOTICE, _KINDS),
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"enum": sorted(STATUS)},
            "detail": {"type": "string"},
            "instance": {"type": "string", "description": "Names this request in the service's log."},
            "violated-policies": {
                "type": "array",
                "items": {"enum": ["minute", "at-once"]},
                "description": "Of 'quota': which one, as the field RateLimit-Policy names it.",
            },
            "decision": {**_DECISION, "description": "For a photo that could be inspected in part."},
            "reasons": {"type": "array", "items": _REASON},
            "notices": {"type": "array", "items": _NOTICE},
            "report": _REPORT,
            "more_findings": _MORE_FINDINGS,
        },
    },
}
_EXAMPLE_FINDING = {
    "id": "text.secret-1f0c2a9b",
    "kind": "text.secret",
    "severity": "critical",
    "confidence": 0.93,
    "value_masked": "••••••••",
    "location": {"type": "region", "box": [212, 418, 560, 64]},
    "detector": "secret",
    "reason": "a label for passwords, and a value after it",
    "explanation": "Whoever reads a password can use it.",
    "attributes": {},
}
EXAMPLE_CHECK: dict[str, Any] = {
    "decision": "block",
    "reasons": [
        {
            "code": "kind",
            "decision": "block",
            "about": "text.secret",
            "findings": ["text.secret-1f0c2a9b"],
            "message": "The policy does not allow this: Password or code.",
        }
    ],
    "notices": [],
    "policy": {"name": "platform", "version": "3"},
    "report": {
        "schema_version": "1.0",
        "tool": {"name": "photoscan", "version": "0.1.0", "models": []},
        "policy": {"name": "platform", "version": "3"},
        "error": None,
        "photo": {
            "path": "upload", "sha256": "9f" * 32, "bytes": 482113, "format": "jpeg", "width": 1600, "height": 1200,
        },
        "findings": [_EXAMPLE_FINDING],
        "detectors": [{"name": "secret", "status": "ok", "reason": None, "seconds": 0.002}],
        "risk": {"score": 78, "level": "critical", "rules": [], "laws": ["gdpr"]},
        "verdict": "block",
    },
    "more_findings": 0,
}  # fmt: skip
_TITLES = {
    400: "The request asks for something that does not exist, or its body can't be understood.",
    401: "No valid API key (where the service has keys).",
    403: "The key may not do this; or, where the service has no keys, asked by a page of another site.",
    404: "There is nothing at this address.",
    408: "The body came too slowly.",
    409: "A request with this Idempotency-Key is still being answered.",
    413: "More bytes, pixels or frames than the limit; told before anything is decoded.",
    415: "Not a photo in a format that can be inspected.",
    421: "The Host header names another service.",
    422: "The photo is broken, no clean copy could be made, or the Idempotency-Key belongs to another request.",
    429: "The key has used up its quota, or too many bodies of one client are coming: send it again later.",
    500: "Something went wrong in the service.",
    503: "No free slot, no models yet, stopping, or the process at this photo died: send it again.",
    504: "The photo takes too long: sending it again will not help.",
}
_EXAMPLES = {
    413: (
        "too_large",
        "this photo is larger than the limit",
        "20000 x 20000 pixels is more than the limit",
    ),
    503: ("full", "Too many photos at a time: try again later", None),
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """FastAPI's `responses` for these statuses, and for those that every request can have."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in sorted({*statuses, 400, 401, 403, 421, 429, 500}):
        content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
        if status in _EXAMPLES:
            code, title, detail = _EXAMPLES[status]
            content["example"] = {"type": TYPES + code, "title": title, "status": status, "code": code}
            if detail:
                content["example"]["detail"] = detail
        found[status] = {"description": _TITLES[status], "content": {PROBLEM: content}}
        if status in (429, 503):
            found[status]["headers"] = {
                "Retry-After": {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds."}
            }
    return found


CHECKED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The decision, why, and the report.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Check"}}},
    }
}
GATED: dict[int | str, dict[str, Any]] = {
    204: {"description": "The photo may pass."},
    406: {"description": "The policy forbids it.", "content": CHECKED[200]["content"]},
    409: {
        "description": "Somebody should look at it, or a part of it could not be looked at.",
        "content": CHECKED[200]["content"],
    },
}
CLEANED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The clean copy, proved by scanning it again; with its receipt where `Accept` says so.",
        "content": {
            "image/*": _BINARY,
            "application/json": {"schema": {"$ref": "#/components/schemas/Cleaned"}},
            "multipart/mixed": {"schema": {"type": "string", "description": "Two parts: the receipt, the photo."}},
        },
    }
}


def components() -> dict[str, Any]:
    """All schemas, that of the report and its parts included."""
    text = shipped.text("schema/report-v1.json")
    report = json.loads(text.replace('"#/$defs/', '"#/components/schemas/'))
    parts = report.pop("$defs", {})
    for name in ("$schema", "$id"):
        report.pop(name, None)
    return {**SCHEMAS, "Report": report, **parts}
