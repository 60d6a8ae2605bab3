"""A sink for `photoscan batch`: one row for each photo in a table of PostgreSQL, whatever is killed on the way."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pg8000.dbapi

from photoscan.batch import Part

TABLE = """
CREATE TABLE IF NOT EXISTS photoscan_reports (
    path text PRIMARY KEY, part text NOT NULL, verdict text NOT NULL, level text NOT NULL, score integer NOT NULL,
    kinds text[] NOT NULL, error text, report jsonb NOT NULL)
"""
INDEX = "CREATE INDEX IF NOT EXISTS photoscan_reports_part ON photoscan_reports (part)"
PUT = """
INSERT INTO photoscan_reports VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)
ON CONFLICT (path) DO UPDATE SET part = excluded.part, verdict = excluded.verdict, level = excluded.level,
    score = excluded.score, kinds = excluded.kinds, error = excluded.error, report = excluded.report
"""


class PostgresSink:
    """`address`: `//user@host:5432/database`, with `?sslmode=require` for TLS, or `?socket=/run/postgresql` (a folder)
    instead of a host. The password comes from PGPASSWORD: an address shows in lists of processes.
    """

    def __init__(self, address: str) -> None:
        self.base = pg8000.dbapi.connect(**connection(address))
        cursor = self.base.cursor()
        # Shards start at the same time, and only one of them may make the table.
        cursor.execute("SELECT pg_advisory_xact_lock(7405168)")
        cursor.execute(TABLE)
        cursor.execute(INDEX)
        self.base.commit()

    def write(self, part: Part, reports: Sequence[dict[str, Any]]) -> None:
        """One transaction: what the part held before and holds no more goes, and each of its rows is put in place."""
        rows = [row(part.name, report) for report in reports]
        cursor = self.base.cursor()
        try:
            held = [path for path, *_ in rows]
            cursor.execute("DELETE FROM photoscan_reports WHERE part = %s AND path <> ALL(%s)", (part.name, held))
            for values in rows:
                cursor.execute(PUT, values)
            self.base.commit()
        except BaseException:
            self.base.rollback()
            raise

    def close(self) -> None:
        """End the connection."""
        self.base.close()


def connection(address: str) -> dict[str, Any]:
    """What pg8000 is told, from an address."""
    parts = urlsplit(address if "//" in address else f"//{address}")
    asked = parse_qs(parts.query)
    told: dict[str, Any] = {
        "user": unquote(parts.username or os.environ.get("PGUSER", "postgres")),
        "database": unquote(parts.path.lstrip("/")) or None,
        "password": os.environ.get("PGPASSWORD"),
    }
    if "socket" in asked:
        return told | {"unix_sock": f"{asked['socket'][0]}/.s.PGSQL.{parts.port or 5432}"}
    tls = ssl.create_default_context() if asked.get("sslmode", [""])[0] in ("require", "verify-full") else None
    return told | {"host": parts.hostname or "localhost", "port": parts.port or 5432, "ssl_context": tls}


def row(part: str, report: dict[str, Any]) -> tuple[Any, ...]:
    """The values of a report's row."""
    report = plain(report)
    error = report["error"]["code"] if report["error"] else None
    kinds = [finding["kind"] for finding in report["findings"]]
    risk = report["risk"]
    return (
        report["photo"]["path"], part, report["verdict"], risk["level"], risk["score"], kinds, error, json.dumps(report)
    )  # fmt: skip


def plain(value: Any) -> Any:
    """Texts as PostgreSQL takes them: bytes of a file's name that are no text, and NUL, become escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    if isinstance(value, dict):
        return {plain(name): plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value
